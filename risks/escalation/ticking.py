"""The daily round of the clocks: obstacles go up when their time ran out, and people are reminded before it does.

The state of each obstacle says what is due, so the round may run late, twice or in two processes at once: what one
did the other finds done. After days of standstill every step is dated with the day on which it fell due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.notices import notify
from core.db import retrying
from core.history import own_context
from programme.models import Programme
from risks.escalation import notices, rules
from risks.escalation.clocks import climbs, due_day, remind_from
from risks.escalation.levels import Ladder, ladder_of, make_levels
from risks.escalation.services import (
    WAITING,
    Kind,
    asked_key,
    forget_asking,
    keep_step,
    locked,
    page_of,
    place,
    tell_concerned,
    tell_deciders,
)
from risks.models import Obstacle

REASON = "the clock of the level ran out"


@dataclass(frozen=True)
class Round:
    """What a round did: steps up, and people reminded."""

    went_up: int = 0
    reminded: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.went_up + other.went_up, self.reminded + other.reminded)


def tick(*, today: date | None = None) -> Round:
    """The round in every programme; a programme whose figures stand still has its clocks stand still too."""
    done = Round()
    for programme in Programme.objects.order_by("pk"):
        make_levels(programme)
        done += tick_programme(programme, today=today or programme.today())
    return done


def tick_programme(programme: Programme, *, today: date) -> Round:
    """One programme's round: first those whose time ran out, then the reminders."""
    ladder = ladder_of(programme)
    deciders = rules.Deciders(programme, ladder)
    used = [row.level for row in ladder.used]
    late = Q(due_on__lt=today) | Q(due_on=None) | ~Q(level__in=used)
    waiting = Obstacle.objects.filter(programme=programme, state__in=WAITING)
    ids = list(waiting.filter(late).order_by("pk").values_list("pk", flat=True))
    went_up = sum(climb(pk, ladder, deciders, today) for pk in ids)
    return Round(went_up, _remind(programme, ladder, deciders, today))


@retrying
def climb(pk: int, ladder: Ladder, deciders: rules.Deciders, today: date) -> int:
    """Takes one obstacle as far up as its clock says; how many levels. The row is read anew under its lock."""
    with transaction.atomic(), own_context(reason=REASON):
        row = locked(pk)
        if row.state not in WAITING:
            return 0
        if row.due_on is None:
            return _start(row, ladder, today)
        asked = asked_key(row)
        count = _leave_unused(row, ladder, today)
        assert row.due_on is not None
        for step in climbs(ladder.rungs(), row.level, row.due_on, today):
            was = row.level
            place(row, ladder[step.to_level], ladder, step.on)
            keep_step(row, Kind.WENT_UP, on=step.on, from_level=was, by_clock=True)
            count += 1
        if count:
            row.stamp(None).save()
            forget_asking(asked)
            tell_deciders(row, ladder, notices.CLOCK, deciders=deciders)
            tell_concerned(row, notices.MOVED, f"{row.level_since}-{row.level}")
        return count


def _start(row: Obstacle, ladder: Ladder, today: date) -> int:
    """Starts the clock of an obstacle from before there were clocks: its level has its whole time from today."""
    level = ladder.settled(row.level)
    row.level, row.level_since = level.level, row.level_since or row.raised_on
    row.due_on = due_day(today, level.working_days)
    row.save()
    return 0


def _leave_unused(row: Obstacle, ladder: Ladder, today: date) -> int:
    """A level that was turned off answers nothing: its obstacles move on at once, with a whole clock."""
    level = ladder.settled(row.level)
    if level.level == row.level:
        return 0
    was = row.level
    place(row, level, ladder, max(today, row.level_since or today))
    keep_step(row, Kind.WENT_UP, on=row.level_since or today, from_level=was, by_clock=True)
    return 1


def _remind(programme: Programme, ladder: Ladder, deciders: rules.Deciders, today: date) -> int:
    """Reminds those who answer, once for each time an obstacle comes to a level; how many were told."""
    waiting = Obstacle.objects.filter(programme=programme, state__in=WAITING, due_on__gte=today)
    told = 0
    rows: Any = waiting.select_related("programme", "measure__goal", "project").order_by("pk")
    for row in rows:
        level = ladder.settled(row.level)
        if (
            row.due_on is None
            or row.level_since == today
            or today < remind_from(row.due_on, level.remind_before)
        ):
            continue
        told += notify(
            deciders.of(row), notices.REMINDER, params=notices.params_of(row), url=page_of(row),
            dedupe_key=f"{asked_key(row)}-reminder", programme=programme,
        )  # fmt: skip
    return told
