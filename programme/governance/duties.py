"""Reporting duties in time: their due times are opened, kept or missed, and who has to know is told once.

The row of an occurrence is the truth: a time is opened once (unique by `period_key`), however often the nightly
job rings, and a duty that is kept after its day is told apart from one kept in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notices import forget_asked, notify
from core.db import retrying
from core.history import own_context
from core.workdays import next_workday
from programme.governance.cadence import Cadence, DueTime, due_times, has_calendar, time_of
from programme.governance.notices import MISSED, texts_of
from programme.models import DutyOccurrence, Programme, ReportingDuty, RoleGrant

State = DutyOccurrence.State
#: How far ahead due times are opened as rows; later ones stand in the calendar as they are reckoned.
AHEAD = timedelta(weeks=6)
#: Who hears of a missed duty: the office and the steering group (demand 65).
TOLD_OF_MISSED = ("pmo", "steering")

#: Codes of those who make what keeps a duty (`ReportingDuty.kept_by_code`).
STATUS_VIEW, WEEKLY_LIST, BULLETIN, PROJECT_STATUS = (
    "status_view",
    "weekly_list",
    "bulletin",
    "project_status",
)
#: Key of the body that stands for the projects in a programme file.
PROJECTS = "projektit"
KEPT_BY = {
    STATUS_VIEW: _("the monthly status view"),
    WEEKLY_LIST: _("the weekly list of obstacles"),
    BULLETIN: _("the monthly message to staff"),
    PROJECT_STATUS: _("the status updates of all projects"),
}


def cadence_of(duty: ReportingDuty) -> Cadence:
    return Cadence(duty.frequency, duty.due_day, tuple(duty.due_months))


def followed(duties: Iterable[ReportingDuty]) -> list[ReportingDuty]:
    """Duties with a calendar that somebody has begun to follow."""
    return [duty for duty in duties if duty.followed_from is not None and has_calendar(cadence_of(duty))]


def times_of(duty: ReportingDuty, first: date, last: date) -> list[DueTime]:
    """The duty's due times between the days, within the days it is followed on."""
    if duty.followed_from is None:
        return []
    since = max(first, duty.followed_from)
    until = last if duty.followed_until is None else min(last, duty.followed_until)
    return due_times(cadence_of(duty), since, until, next_workday)


# --- opening and missing ------------------------------------------------------------------------------------------


def open_occurrences(programme: Programme, *, today: date) -> int:
    """Opens the due times from the day a duty is followed on to some weeks ahead; how many are new."""
    duties = followed(ReportingDuty.objects.filter(programme=programme))
    wanted = {
        (duty.pk, one.key): one
        for duty in duties
        for one in times_of(duty, duty.followed_from or today, today + AHEAD)
    }
    there = set(
        DutyOccurrence.objects.filter(programme=programme, duty__in=duties).values_list("duty", "period_key")
    )
    rows = [
        DutyOccurrence(programme=programme, duty_id=duty, period_key=key, due_on=one.due_on)
        for (duty, key), one in wanted.items()
        if (duty, key) not in there
    ]
    with own_context(user=None, reason="due times of the duties"):
        DutyOccurrence.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@retrying
def judge_missed(programme: Programme, *, today: date) -> int:
    """Marks as missed what was due before today and is not kept, and tells those who have to know once."""
    with transaction.atomic(), own_context(user=None, reason="the due day passed"):
        rows = list(
            DutyOccurrence.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(programme=programme, state=State.DUE, due_on__lt=today)
            .select_related("duty__owner")
        )
        DutyOccurrence.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.MISSED)
        people = _told_of_missed(programme) if rows else []
        for row in rows:
            told = people if row.duty.owner is None else [*people, row.duty.owner]
            notify(
                told, MISSED, params={"what": texts_of(row.duty, "what"), "day": row.due_on.isoformat()},
                url=reverse("programme:duty_list", args=[programme.slug]), dedupe_key=_told_key(row),
                programme=programme,
            )  # fmt: skip
        return len(rows)


def _told_key(row: DutyOccurrence) -> str:
    return f"duty-missed-{row.pk}"


def _told_of_missed(programme: Programme) -> list[Any]:
    grants = RoleGrant.objects.filter(programme=programme, role__in=TOLD_OF_MISSED)
    return list(get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True))


def keep_calendar(*, today: date | None = None) -> tuple[int, int]:
    """Nightly, over all programmes: how many due times were opened and how many were missed."""
    opened = missed = 0
    for programme in Programme.objects.all():
        day = today or programme.today()
        opened += open_occurrences(programme, today=day)
        missed += judge_missed(programme, today=day)
    return opened, missed


@retrying
def reopen(duty: ReportingDuty, *, today: date, by: Any = None) -> int:
    """After a change of the cadence: due times to come are made anew; what was kept or missed stays."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason="the cadence changed"):
        DutyOccurrence.objects.filter(duty=duty, state=State.DUE, due_on__gte=today).delete()
        return open_occurrences(duty.programme, today=today)


# --- keeping --------------------------------------------------------------------------------------------------------


def mark_kept(
    programme: Programme, code: str, day: date, *, of: date | None = None, evidence: Any = None, told: str = "",
    by: Any = None,
) -> list[DutyOccurrence]:  # fmt: skip
    """Whoever makes what a duty asks for says so: the due time that `day` is for is kept, late ones as late.

    `of` is another day to find the due time by, for what is made before its own month or week begins.
    `code` is one of those of `ReportingDuty.kept_by_code`. Said twice it changes nothing; a duty that nobody
    follows or a time outside its days is left alone.
    """
    kept: list[DutyOccurrence] = []
    if not code:  # duties that no code keeps wait for a person
        return kept
    for duty in followed(ReportingDuty.objects.filter(programme=programme, kept_by_code=code)):
        row = _occurrence_for(duty, of or day)
        if row is not None and row.state in (State.DUE, State.MISSED):
            keep(occurrence=row, on=day, told=told, evidence=evidence, by=by)
            kept.append(row)
    return kept


def _occurrence_for(duty: ReportingDuty, day: date) -> DutyOccurrence | None:
    """The row of the time that something made on the day is for; opened when the job has not come to it."""
    one = time_of(cadence_of(duty), day, next_workday)
    if one is None or not times_of(duty, one.due_on, one.due_on):
        return None
    row, _is_new = DutyOccurrence.objects.get_or_create(
        programme=duty.programme, duty=duty, period_key=one.key, defaults={"due_on": one.due_on}
    )
    return row


@retrying
def keep(
    *, occurrence: DutyOccurrence, on: date, told: str = "", note: str = "", evidence: Any = None, by: Any = None
) -> DutyOccurrence:  # fmt: skip
    """Marks a due time as kept on a day: late when the day is after the due one. Raises ValidationError."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = DutyOccurrence.objects.select_for_update(of=("self",)).get(pk=occurrence.pk)
        if row.state not in (State.DUE, State.MISSED):
            raise ValidationError(_("This duty is answered already."), code="answered")
        row.state = State.KEPT if on <= row.due_on else State.KEPT_LATE
        row.kept_on, row.kept_by, row.told, row.note = on, by, told, note
        if evidence is not None:
            row.content_type, row.object_id = ContentType.objects.get_for_model(evidence), evidence.pk
        row.stamp(by)
        row.full_clean()
        row.save()
        forget_asked(_told_key(row))
        return row


@retrying
def skip(*, occurrence: DutyOccurrence, note: str, by: Any) -> DutyOccurrence:
    """Says that the duty is not needed this time, and why (a summer without a meeting)."""
    if not note.strip():
        raise ValidationError({"note": _("Say why.")})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=note):
        row = DutyOccurrence.objects.select_for_update(of=("self",)).get(pk=occurrence.pk)
        if row.state not in (State.DUE, State.MISSED):
            raise ValidationError(_("This duty is answered already."), code="answered")
        row.state, row.note = State.NOT_NEEDED, note
        row.stamp(by)
        row.full_clean()
        row.save()
        forget_asked(_told_key(row))
        return row


@retrying
def undo(*, occurrence: DutyOccurrence, today: date, by: Any) -> DutyOccurrence:
    """Takes an answer back: the due time is due again, or missed when its day has passed."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = DutyOccurrence.objects.select_for_update(of=("self",)).get(pk=occurrence.pk)
        row.state = State.DUE if row.due_on >= today else State.MISSED
        row.kept_on = row.kept_by = row.content_type = row.object_id = None
        row.stamp(by)
        row.save()
        return row


# --- reading --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """A due time that no row stands for yet."""

    duty: ReportingDuty
    due_on: date
    period_key: str


def planned(programme: Programme, first: date, last: date) -> list[Planned]:
    """Due times between the days for which no row was opened yet. Two statements."""
    duties = followed(ReportingDuty.objects.filter(programme=programme))
    there = set(
        DutyOccurrence.objects.filter(programme=programme, duty__in=duties).values_list("duty", "period_key")
    )
    return [
        Planned(duty, one.due_on, one.key)
        for duty in duties
        for one in times_of(duty, first, last)
        if (duty.pk, one.key) not in there
    ]


def occurrences(programme: Programme) -> Any:
    """Every due time with its duty, the latest first."""
    return (
        DutyOccurrence.objects.filter(programme=programme)
        .select_related("duty__owner", "duty__from_body", "kept_by")
        .order_by("-due_on", "duty__position", "-id")
    )


def missed(programme: Programme) -> Any:
    """Missed due times that nobody has answered, the oldest first."""
    return (
        DutyOccurrence.objects.filter(programme=programme, state=State.MISSED)
        .select_related("duty__owner", "duty__from_body")
        .order_by("due_on", "id")
    )


# --- first setting up -----------------------------------------------------------------------------------------------


def set_up(programme: Programme) -> int:
    """Gives duties that nobody has touched the days their words suggest, followed from today; how many.

    What the programme file says how often stays as it is; the days are our suggestion and the office's to change.
    Safe to repeat: a duty that was set up once is left alone.
    """
    changed = []
    for duty in ReportingDuty.objects.filter(programme=programme, followed_from=None, due_day=None):
        suggested = _suggestion(programme, duty)
        if suggested is None:
            continue
        duty.due_day, duty.due_months, duty.kept_by_code = suggested
        duty.followed_from = programme.today()
        changed.append(duty)
    if changed:
        with own_context(user=None, reason="the portal's own days"):
            for duty in changed:
                duty.save(update_fields=["due_day", "due_months", "kept_by_code", "followed_from"])
    return len(changed)


Suggestion = tuple[int, list[int], str]


def _suggestion(programme: Programme, duty: ReportingDuty) -> Suggestion | None:
    """Day, months and what keeps it, by the kind of duty and how often it is; None where no day follows."""
    kind, often = duty.kind, duty.frequency
    Kind, Often = ReportingDuty.Kind, ReportingDuty.Frequency
    if often == Often.WEEKLY:
        return (1, [], WEEKLY_LIST if kind == Kind.ESCALATION else "")
    if often == Often.MONTHLY:
        if kind == Kind.COMMUNICATION:
            return (15, [], BULLETIN)
        return (programme.status_view_day, [], STATUS_VIEW if kind == Kind.REPORT else "")
    if often == Often.INTERIM:
        return (15, [2, 5, 9], "")
    if often == Often.FOUR_MONTHLY:
        return (15, [1, 5, 9], "")
    if kind == Kind.REVIEW:
        return (15, [10, 12], "")  # "twice": in the autumn, as the roadmap has it
    if kind == Kind.REPORT and duty.from_body_id and duty.from_body is not None:
        return (10, list(range(1, 13)), PROJECT_STATUS) if duty.from_body.key == PROJECTS else None
    return None


def two_cadences(duties: Sequence[ReportingDuty]) -> dict[str, list[ReportingDuty]]:
    """Duties with days by cadence: with interim reports or as rarely, and inside the programme (demand 68)."""
    days = [duty for duty in duties if has_calendar(cadence_of(duty))]
    inside = [duty for duty in days if _is_frequent(duty)]
    return {"interim": [duty for duty in days if duty not in inside], "inside": inside}


def _is_frequent(duty: ReportingDuty) -> bool:
    """Weekly, monthly, or in more months than an interim report comes out in."""
    Often = ReportingDuty.Frequency
    return duty.frequency in (Often.WEEKLY, Often.MONTHLY) or len(duty.due_months) > 4
