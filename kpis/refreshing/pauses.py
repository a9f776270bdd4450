"""When something is asked again: pauses that grow, and the rounds of the night that look for what is due."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

#: After the first failure in a row, the second and so on; the last holds for all that follow.
PAUSES = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=7),
)
#: What does not pass by itself is looked at once a week all the same: services come back.
HOPELESS = PAUSES[-1]
#: Local times of the night's rounds: the first reads everything, the others what failed and is due.
ROUNDS = (time(4, 15), time(4, 45), time(5, 15), time(5, 45))


def next_try(now: datetime, failures: int, *, is_passing: bool, wished: datetime | None = None) -> datetime:
    """When to ask again after so many failures in a row (1 is the first), not before the service wishes it."""
    pause = PAUSES[min(max(failures, 1), len(PAUSES)) - 1] if is_passing else HOPELESS
    own = now + pause
    return max(own, wished) if wished and failures > 1 else wished or own


def next_round(after: datetime) -> datetime:
    """The first round of a night at or after that moment: then it is really asked."""
    local = timezone.localtime(after)
    for days in (0, 1):
        for at in ROUNDS:
            day = local.date() + timedelta(days=days)
            begins = timezone.make_aware(datetime.combine(day, at))
            if begins >= after:
                return begins
    raise AssertionError("a night has rounds")
