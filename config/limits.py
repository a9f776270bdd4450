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

# Redis and the broker (seconds)
REDIS_TIMEOUT = 0.5  # connecting and reading; pages work without Redis, so they do not wait for it

# Outgoing HTTP to Sotkanet (seconds unless said)
SOTKANET_CONNECT = scaled(5)
SOTKANET_READ = scaled(20)
SOTKANET_TOTAL = scaled(30)
SOTKANET_MAX_BYTES = 20 * 1024 * 1024

# Outgoing mail (seconds)
EMAIL_TIMEOUT = scaled(10)

# Sessions (seconds)
SESSION_AGE = 8 * 3600  # absolute life of a sign-in

# Uploads (bytes, rows, columns)
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_ROWS = 50_000
UPLOAD_MAX_COLUMNS = 200

# Lists and the API (rows)
PAGE_ROWS = 50
API_PAGE_ROWS = 50
API_PAGE_ROWS_MAX = 1000

# Supervisor (seconds unless said)
CHILD_RESTARTS = 5  # count within CHILD_RESTART_WINDOW, then the whole portal stops with a sentence
CHILD_RESTART_WINDOW = 60
CHILD_STOP = 20  # given to a child to end by itself before it is killed
WEB_WORKERS = 2  # processes
WEB_THREADS = 4  # blocking threads for each process
JOB_PROCESSES = 2  # processes of the job worker
