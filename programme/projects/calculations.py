"""Where a milestone stands and what a plan lacks: dates and names in, an answer out. No clock, no database."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

#: States in which a project is over.
ENDED = frozenset({"done", "stopped"})


class Course(Enum):
    """Where a milestone stands."""

    DONE = "done"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    LATE = "late"
    MOVED = "moved"
    ON_TIME = "on_time"


@dataclass(frozen=True)
class Standing:
    """Where a milestone stands; `days` is how many days late or moved, 0 otherwise."""

    course: Course
    days: int = 0


def standing(
    *, baseline: dt.date | None, forecast: dt.date | None, actual: dt.date | None, today: dt.date
) -> Standing:
    """Done (in time or late against the first plan), late against today, moved against the first plan, on time.

    What is expected is the forecast, or the first plan where there is none. A day is not late while it lasts.
    """
    if actual is not None:
        if baseline is None:
            return Standing(Course.DONE)
        late = (actual - baseline).days
        return Standing(Course.DONE_LATE, late) if late > 0 else Standing(Course.DONE_ON_TIME)
    expected = forecast or baseline
    if expected is None:
        return Standing(Course.ON_TIME)
    if expected < today:
        return Standing(Course.LATE, (today - expected).days)
    if baseline is not None and expected > baseline:
        return Standing(Course.MOVED, (expected - baseline).days)
    return Standing(Course.ON_TIME)


#: Words that stand in an address where a project's short name would stand.
RESERVED = frozenset({"add", "edit", "import", "export", "new", "plan", "roadmap"})
SHORT_NAME_LENGTH = 60  # characters; leaves room for the number that tells two of a name apart


def short_name(name: str, taken: Collection[str] = ()) -> str:
    """A short name for addresses out of a name: small letters, digits and hyphens; never taken or reserved.

    "Etäpalvelut & ajanvaraus" -> "etapalvelut-ajanvaraus", and with a number at the end when there is one already.
    """
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > SHORT_NAME_LENGTH:
        words = words[: SHORT_NAME_LENGTH + 1].rpartition("-")[0] or words[:SHORT_NAME_LENGTH]
    stem = words or "project"
    candidate, number = stem, 2
    while candidate in taken or candidate in RESERVED:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate
