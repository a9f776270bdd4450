"""What is done to obstacles: raised in one line, taken up, sent back, answered with a decision, closed, opened again.

Every act keeps a step of the way. An obstacle is locked while it moves, so of two acts at once the later one sees
what the earlier did.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.notices import forget_asked, notify
from core.db import retrying
from core.editing.pages import CHANGED
from core.history import own_context
from core.talk.services import followers
from core.text import LANGUAGES
from measures.models import Measure
from programme.decisions import make_decision
from programme.models import Body, Decision, DecisionLink, Programme, Project
from risks.escalation import notices, rules
from risks.escalation.clocks import due_day
from risks.escalation.levels import Ladder, ladder_of
from risks.models import EscalationLevel, Obstacle, ObstacleStep, Risk

State, Kind = Obstacle.State, ObstacleStep.Kind
#: States in which an obstacle waits for somebody.
WAITING = (State.RAISED, State.ESCALATED)
#: Steps that bring an obstacle to a level.
ARRIVALS = (Kind.RAISED, Kind.WENT_UP, Kind.SENT_BACK, Kind.REOPENED)
#: A name's length; what is longer goes on in the description.
NAME_LENGTH = 200
SUBJECT_LENGTH = 300

NOT_OPEN = _("The obstacle is answered or closed already.")


# --- raising ----------------------------------------------------------------------------------------------------


@retrying
def raise_obstacle(
    *,
    name: str,
    by: Any,
    on: date | None = None,
    programme: Programme | None = None,
    measure: Measure | None = None,
    project: Project | None = None,
    risk: Risk | None = None,
    owner: Any = None,
    language: str | None = None,
    is_illustrative: bool = False,
) -> Obstacle:
    """A new obstacle at the first level, in the words of whoever met it, written in their language; its clock starts.

    A long text goes on in the description. What it stops says the programme. Raises ValidationError for an empty
    text.
    """
    words = " ".join(name.split())
    if not words:
        raise ValidationError(_("Say what stops you."), code="empty")
    about = next(row for row in (programme, measure, project, risk) if row is not None)
    of: Programme = about if isinstance(about, Programme) else about.programme
    code = (language or get_language() or "fi")[:2]
    code = code if code in LANGUAGES else "fi"
    day = on or of.today()
    row = Obstacle(
        programme=of, measure=measure, project=project, risk=risk, raised_on=day, raised_by=by, owner=owner,
        is_illustrative=is_illustrative,
    )  # fmt: skip
    setattr(row, f"name_{code}", words if len(words) <= NAME_LENGTH else f"{words[: NAME_LENGTH - 1]}…")
    if len(words) > NAME_LENGTH:
        setattr(row, f"description_{code}", name.strip())
    ladder = ladder_of(of)
    place(row, ladder.first(has_theme=has_theme(row)), ladder, day)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row.stamp(by).full_clean(exclude=["programme"])
        row.save()
        keep_step(row, Kind.RAISED, on=day, by=by)
        tell_deciders(row, ladder, notices.ASKED, by=by)
    return row


def has_theme(obstacle: Obstacle) -> bool:
    """Whether it lies under a theme, so that there is a theme owner to answer."""
    return bool(obstacle.scope_ids("theme") - {None})


def place(obstacle: Obstacle, level: EscalationLevel, ladder: Ladder, day: date) -> None:
    """Puts the obstacle on a level from a day on: its clock there starts."""
    obstacle.level, obstacle.level_since = level.level, day
    obstacle.due_on = due_day(day, level.working_days)
    first = ladder.first(has_theme=has_theme(obstacle))
    obstacle.state = State.RAISED if level.level == first.level else State.ESCALATED


def keep_step(
    obstacle: Obstacle, kind: str, *, on: date, by: Any = None, from_level: str = "", note: str = "",
    by_clock: bool = False,
) -> ObstacleStep:  # fmt: skip
    """Writes down a step of the way as the obstacle stands after it."""
    row = ObstacleStep(
        programme_id=obstacle.programme_id, obstacle=obstacle, kind=kind, from_level=from_level,
        to_level=obstacle.level, happened_on=on, by=by, is_by_clock=by_clock, due_on=obstacle.due_on, note=note,
    ).stamp(by)  # fmt: skip
    row.save()
    return row


# --- moving -----------------------------------------------------------------------------------------------------


@retrying
def take_up(*, obstacle: Obstacle, by: Any, on: date | None = None, note: str = "") -> Obstacle:
    """Takes the obstacle to the next level in use. Raises ValidationError at the top, PermissionDenied."""
    with _moving(obstacle, by, note) as (row, ladder):
        _require(rules.may_look_after(by, row, ladder))
        _require_open(row)
        above = ladder.above(row.level)
        if above is None:
            raise ValidationError(_("There is no level above this one."), code="top")
        day = _day_of(row, on)
        _move(row, ladder, above, Kind.WENT_UP, notices.ASKED, day, by, note)
        return row


@retrying
def send_back(*, obstacle: Obstacle, by: Any, note: str, on: date | None = None) -> Obstacle:
    """Sends the obstacle to the level below with the reason. Raises ValidationError, PermissionDenied."""
    with _moving(obstacle, by, note) as (row, ladder):
        _require(rules.may_send_back(by, row, ladder))
        _require_open(row)
        if not note.strip():
            raise ValidationError({"note": _("Say why it goes back and what is expected.")}, code="empty")
        below = ladder.below(row.level, has_theme=has_theme(row))
        if below is None:
            raise ValidationError(_("There is no level below this one."), code="bottom")
        _move(row, ladder, below, Kind.SENT_BACK, notices.BACK, _day_of(row, on), by, note)
        return row


def _move(
    row: Obstacle, ladder: Ladder, to: EscalationLevel, kind: str, code: str, day: date, by: Any, note: str
) -> None:
    was = row.level
    forget_asking(asked_key(row))
    place(row, to, ladder, day)
    row.stamp(by).save()
    keep_step(row, kind, on=day, by=by, from_level=was, note=note.strip())
    tell_deciders(row, ladder, code, by=by, text=note.strip())
    tell_concerned(row, notices.MOVED, f"{day.isoformat()}-{row.level}", by=by)


# --- settling ---------------------------------------------------------------------------------------------------


@retrying
def decide(
    *, obstacle: Obstacle, body: Body | None, answer: str, by: Any, on: date | None = None, section: str = "",
    case_number: str = "",
) -> Decision:  # fmt: skip
    """The answer, kept as a decision that is joined to the obstacle and to what it stops; those who asked are told.

    Raises ValidationError for an empty answer or a day before the obstacle was raised, PermissionDenied for who
    does not answer on its level.
    """
    with _moving(obstacle, by, answer) as (row, ladder):
        if not rules.may_decide(by, row, ladder):
            raise PermissionDenied(_not_yours(row, ladder))
        _require_open(row)
        if not answer.strip():
            raise ValidationError({"answer": _("Write the answer.")}, code="empty")
        day = on or row.programme.today()
        if day > max(row.programme.today(), timezone.localdate()):
            raise ValidationError({"decided_on": _("The day is yet to come.")}, code="future")
        if day < row.raised_on:
            raise ValidationError(
                {"decided_on": _("An obstacle is not decided or closed before it is raised.")}, code="before"
            )
        decision = _decision(row, body, answer.strip(), day, by, section, case_number)
        row.decision, row.decision_text, row.decided_on = decision, answer.strip(), day
        row.state = State.DECIDED
        row.stamp(by).save()
        keep_step(row, Kind.DECIDED, on=day, by=by, from_level=row.level, note=answer.strip())
        forget_asking(asked_key(row))
        tell_concerned(row, notices.DECIDED, f"{day.isoformat()}-{decision.pk}", by=by, text=answer.strip())
        return decision


def _decision(
    row: Obstacle, body: Body | None, answer: str, day: date, by: Any, section: str, case_number: str
) -> Decision:
    whole = len(answer) <= SUBJECT_LENGTH
    decision = make_decision(
        programme=row.programme,
        values={"body": body, "decided_on": day, "section": section, "case_number": case_number},
        subject=answer if whole else f"{answer[: SUBJECT_LENGTH - 1]}…",
        reason="" if whole else answer,
        by=by,
    )
    assert decision is not None  # a day is given
    if row.is_illustrative:
        decision.is_illustrative = True
        decision.save(update_fields=["is_illustrative"])
    for about in (row, row.measure, row.project):
        if about is not None:
            DecisionLink.objects.create(
                programme=row.programme, decision=decision, object_id=about.pk,
                content_type=ContentType.objects.get_for_model(about), created_by=by, updated_by=by,
            )  # fmt: skip
    return decision


@retrying
def close(*, obstacle: Obstacle, by: Any, note: str = "", on: date | None = None) -> Obstacle:
    """Closes an obstacle: what was decided is done, or it went away by itself, and then `note` says how."""
    with _moving(obstacle, by, note) as (row, ladder):
        _require(rules.may_look_after(by, row, ladder))
        if row.state == State.CLOSED:
            raise ValidationError(NOT_OPEN, code=CHANGED)
        if row.state != State.DECIDED and not note.strip():
            raise ValidationError({"note": _("Say how the obstacle went away.")}, code="empty")
        day = _day_of(row, on)
        row.closed_on, row.state = day, State.CLOSED
        row.stamp(by).save()
        keep_step(row, Kind.CLOSED, on=day, by=by, from_level=row.level, note=note.strip())
        forget_asking(asked_key(row))
        tell_concerned(row, notices.CLOSED, f"{day.isoformat()}-closed", by=by, text=note.strip())
        return row


@retrying
def reopen(*, obstacle: Obstacle, by: Any, note: str, on: date | None = None) -> Obstacle:
    """Opens a decided or closed obstacle again, on the level it was on, with a new clock; the decision stays kept."""
    with _moving(obstacle, by, note) as (row, ladder):
        _require(rules.may_look_after(by, row, ladder))
        if row.state in WAITING:
            raise ValidationError(_("The obstacle is open."), code="open")
        if not note.strip():
            raise ValidationError({"note": _("Say why it stands in the way again.")}, code="empty")
        day = _day_of(row, on)
        row.decided_on, row.closed_on, row.decision, row.decision_text = None, None, None, ""
        was = row.level
        place(row, ladder.settled(row.level), ladder, day)
        row.stamp(by).save()
        keep_step(row, Kind.REOPENED, on=day, by=by, from_level=was, note=note.strip())
        tell_deciders(row, ladder, notices.ASKED, by=by)
        tell_concerned(row, notices.MOVED, f"{day.isoformat()}-reopened", by=by)
        return row


# --- inside -----------------------------------------------------------------------------------------------------


@contextmanager
def _moving(obstacle: Obstacle, by: Any, reason: str) -> Iterator[tuple[Obstacle, Ladder]]:
    """The obstacle as it stands now, locked until the act is over, with its programme's levels."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason.strip()):
        row = locked(obstacle.pk)
        yield row, ladder_of(row.programme)


def locked(pk: int) -> Obstacle:
    """The obstacle of that id with all that its scope hangs on."""
    rows = Obstacle.objects.select_for_update(of=("self",))
    return rows.select_related("programme", "measure__goal", "project", "raised_by", "owner").get(pk=pk)


def _require(may: bool) -> None:
    if not may:
        raise PermissionDenied


def _require_open(row: Obstacle) -> None:
    if row.state not in WAITING:
        raise ValidationError(NOT_OPEN, code=CHANGED)


def _day_of(row: Obstacle, on: date | None) -> date:
    """The day of an act: never before the obstacle came to its level."""
    return max(on or row.programme.today(), row.level_since or row.raised_on)


def _not_yours(row: Obstacle, ladder: Ladder) -> str:
    return str(_("On this level the answer is given by: %(who)s.")) % {"who": ladder.settled(row.level).name}


# --- telling ----------------------------------------------------------------------------------------------------


def page_of(obstacle: Obstacle) -> str:
    return reverse("risks:obstacle_detail", args=[obstacle.programme.slug, obstacle.pk])


def asked_key(obstacle: Obstacle) -> str:
    """Names the present asking by the step that brought it: its notice counts as read when the obstacle moves on."""
    step = obstacle.steps.filter(kind__in=ARRIVALS).order_by("-id").values_list("pk", flat=True).first()
    return f"obstacle-{obstacle.pk}-step-{step or 0}"


def forget_asking(key: str) -> None:
    """Nobody needs to answer on the level of that asking any more."""
    forget_asked(key)
    forget_asked(f"{key}-reminder")


def tell_deciders(
    obstacle: Obstacle, ladder: Ladder, code: str, *, by: Any = None, deciders: rules.Deciders | None = None,
    text: str = "",
) -> int:  # fmt: skip
    """Tells those who answer on its level, once for each time it comes there."""
    found = (deciders or rules.Deciders(obstacle.programme, ladder)).of(obstacle)
    return notify(
        rules.without(found, by), code, params=notices.params_of(obstacle, text=text), url=page_of(obstacle),
        dedupe_key=asked_key(obstacle), programme=obstacle.programme,
    )  # fmt: skip


def tell_concerned(obstacle: Obstacle, code: str, key: str, *, by: Any = None, text: str = "") -> int:
    """Tells who raised it, works on it, owns what it stops, and follows it; not those who muted it."""
    people = rules.without([*rules.concerned(obstacle), *followers(obstacle)], by)
    return notify(
        people, code, params=notices.params_of(obstacle, text=text),
        url=page_of(obstacle), dedupe_key=f"obstacle-{obstacle.pk}-{key}", programme=obstacle.programme,
        about=obstacle,
    )  # fmt: skip
