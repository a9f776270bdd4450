"""What beat rings for, in Finnish local time.

Daily work is due between 04:15 and 06:00: 03:00-04:00 does not exist on the last Sunday of March and comes twice on
the last Sunday of October. The work itself makes sure that a due date is handled once, however often it is rung for.
"""

from typing import Any

from celery.schedules import crontab

from config import limits

SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep jobs": {"task": "core.tasks.sweep_jobs", "schedule": limits.SWEEP},
    "send outbox": {"task": "core.tasks.send_outbox", "schedule": limits.SWEEP},
    "verify totals": {"task": "measures.tasks.verify_totals", "schedule": crontab(hour=4, minute=20)},
    "figure probabilities": {
        "task": "measures.tasks.figure_probabilities",
        "schedule": crontab(hour=4, minute=40),
    },
    # The first round reads what changed, the others what failed before and is due (kpis/refreshing/pauses.py).
    "refresh indicators": {"task": "kpis.tasks.refresh_indicators", "schedule": crontab(hour=4, minute=15)},
    "refresh what failed": {
        "task": "kpis.tasks.refresh_what_failed",
        "schedule": crontab(hour="4,5", minute="15,45"),
    },
    # A run that was killed for good has nobody to ask the rules of what it stored.
    "judge what was stored": {"task": "kpis.tasks.judge_what_was_stored", "schedule": crontab(minute="*/10")},
    # Between two rounds of the refresh, which talks to the same service.
    "read the Sotkanet catalogue": {
        "task": "kpis.catalogue.read_night",
        "schedule": crontab(hour=5, minute=25),
    },
    "judge what the day changed": {
        "task": "kpis.tasks.judge_what_the_day_changed",
        "schedule": crontab(hour=5, minute=5),
    },
    # After the figures of the night, before the day's mail.
    "look for deviations": {
        "task": "programme.tasks.look_for_deviations",
        "schedule": crontab(hour=5, minute=15),
    },
    "remind of late values": {
        "task": "kpis.tasks.remind_of_late_values",
        "schedule": crontab(hour=5, minute=30),
    },
    "remind of check-ins": {
        "task": "strategy.tasks.remind_of_stale_results",
        "schedule": crontab(hour=5, minute=35),
    },
    "remind of risks": {"task": "risks.tasks.remind_of_risks", "schedule": crontab(hour=5, minute=40)},
    "keep duties": {"task": "programme.tasks.keep_duties", "schedule": crontab(hour=4, minute=50)},
    # Each person's mail waits for the end of their own quiet hours; the mail's id holds the person and the day.
    "mail notices": {"task": "accounts.tasks.mail_notices", "schedule": crontab(minute=5)},
    "run the clocks of obstacles": {
        "task": "risks.tasks.run_obstacle_clocks",
        "schedule": crontab(hour=4, minute=45),
    },
    # Rung every day: a Monday without the portal gets its list when it is back. Its mail waits for the morning.
    "make weekly lists": {"task": "risks.tasks.make_weekly_lists", "schedule": crontab(hour=4, minute=55)},
    "build due status views": {
        "task": "reporting.tasks.build_due_status_views",
        "schedule": crontab(hour=5, minute=10),
    },
}
