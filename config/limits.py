"""Every time-out, size and count the portal lives by, with its unit.

Tests divide the times by TIME_SCALE, so that a lease that takes a minute in life takes three seconds there.
"""

import os

#: Divider of every time below; 1 in life, 20 in tests.
TIME_SCALE: float = float(os.environ.get("PORTAL_TIME_SCALE", "1"))


def scaled(seconds: float) -> float:
    """Seconds as they count in this process: life's value divided by TIME_SCALE."""
    return seconds / TIME_SCALE


# Jobs (seconds unless said)
LEASE = scaled(60)  # a worker owns a claimed job this long without a heartbeat
HEARTBEAT = scaled(10)  # between two heartbeats of a running job
SWEEP = scaled(30)  # between two looks for expired leases and unsent mail
JOB_ATTEMPTS = 3  # count; after that the job is "failed" with a reason
JOB_HARD_LIMIT = scaled(600)  # a task is killed after this
JOB_SOFT_LIMIT = scaled(570)  # a task is told to end after this
VISIBILITY_TIMEOUT = 3600  # s, broker; never scaled: at least three times the longest task
JOBS_RUNNING_PER_USER = 2  # count
JOBS_QUEUED_PER_USER = 10  # count
JOB_RETRY = scaled(60)  # told to who has too many waiting: when to ask again

# Redis and the broker (seconds)
REDIS_TIMEOUT = 0.5  # connecting and reading; pages work without Redis, so they do not wait for it

# Outgoing HTTP to Sotkanet (seconds unless said)
SOTKANET_CONNECT = scaled(5)
SOTKANET_READ = scaled(20)
SOTKANET_TOTAL = scaled(30)
SOTKANET_MAX_BYTES = 20 * 1024 * 1024  # of an answer, as sent and as unpacked
SOTKANET_MAX_ROWS = 100_000  # rows or other objects of one answer; 33 years of everything are about 53 000
SOTKANET_TRIES = 3  # count; of one question, where asking again may help
SOTKANET_BACKOFF = scaled(2)  # before the second try, doubled before the third, half of it by chance
SOTKANET_RETRY_AFTER = 600  # s in the service's own words, never scaled; a longer Retry-After ends the work
SOTKANET_PATIENCE = scaled(30)  # the longest wait inside a job; one asked to wait longer is tried again later
SOTKANET_PAUSE = scaled(1)  # between the beginnings of two requests, of all processes together
SOTKANET_TURN = scaled(120)  # waited for other processes that speak to the service
SOTKANET_FAILURES = 5  # count in a row; then the service is left alone
SOTKANET_REST = scaled(15 * 60)  # for how long
SOTKANET_YEARS = 20  # count; the newest years of an indicator's range that are kept
REFRESH_PART = scaled(300)  # of a refresh in one job; what is left goes on in another

# Outgoing mail (seconds)
EMAIL_TIMEOUT = scaled(10)

# Sessions (seconds)
SESSION_AGE = int(scaled(8 * 3600))  # absolute life of a sign-in
SESSION_IDLE = scaled(3600)  # of roles that approve: without a request for so long they sign in again
SESSION_SEEN = 60  # between two notes of "was here"; never scaled: each is a write
KEPT_MAX_BYTES = 200 * 1024  # typed text kept over a sign-in

# Signing in (counts, seconds)
SIGN_IN_FAILURES = 5  # wrong passwords of one name from one address, then the door is shut
SIGN_IN_LOCK = scaled(15 * 60)  # how long it stays shut, and how long a wrong password counts
SIGN_IN_SPRAY = 100  # wrong passwords from one address, whatever the names
TOKEN_FAILURES = 30  # wrong API tokens from one address in SIGN_IN_LOCK

# How often one may ask (counts in seconds; seconds 0 lifts a limit)
EXPORTS = 1
EXPORT_SECONDS = scaled(10)  # one table or file of a list for each person
REFRESH_SECONDS = scaled(300)  # one reading of a programme's figures, and one of each indicator, on demand
FEEDBACK = 5
FEEDBACK_SECONDS = scaled(3600)  # from one address
CALENDAR_READS = 60  # of one person's calendar address in CALENDAR_SECONDS
CALENDAR_GUESSES = 30  # addresses of calendars that nobody has, from one address
CALENDAR_SECONDS = scaled(3600)
CSP_REPORTS = 30
CSP_REPORT_SECONDS = scaled(60)  # from one address
CSP_REPORT_MAX_BYTES = 16 * 1024

# Uploads (bytes, rows, columns)
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 10 * 1024 * 1024  # of one file kept beside a row
UPLOAD_MAX_ROWS = 50_000
UPLOAD_MAX_COLUMNS = 200

# Lists and the API (rows)
PAGE_ROWS = 50
BULK_ROWS = 1000  # changed at once in one transaction
PAGE_MEASURES_OF_MONTHS = 25  # measures on a page of the month grid, each with its lines and twelve months
API_PAGE_ROWS = 50
API_PAGE_ROWS_MAX = 1000

# Forms (characters, counts)
DRAFT_MAX_CHARACTERS = 200_000  # of one form that is kept while it is not saved
DRAFTS_A_PERSON = 100  # count; the oldest make room

# Supervisor (seconds unless said)
CHILD_RESTARTS = 5  # count within CHILD_RESTART_WINDOW, then the whole portal stops with a sentence
CHILD_RESTART_WINDOW = 60
CHILD_STOP = 20  # given to a child to end by itself before it is killed
WEB_WORKERS = 2  # processes
WEB_THREADS = 4  # blocking threads for each process
JOB_PROCESSES = 2  # processes of the job worker

# Invitations
INVITATION_LINES = 500  # count; of one pasted list
PASSWORD_LINK_AGE = 7 * 24 * 3600  # s; a link to set a password, never scaled
