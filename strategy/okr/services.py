"""Writes of seasons, objectives, key results and check-ins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from programme.models import Programme
from strategy.models import CheckIn, KeyResult, Objective, PlanItem, Season, SeasonCycle, Unit
from strategy.okr.calculations import season_days

DEFAULT_MONTHS, DEFAULT_SEASONS = 4, 3
#: What a carried-over key result keeps of the one before.
_KEPT_OF_RESULT = (
    "name_fi", "name_sv", "name_en", "position", "kind", "unit", "target_value", "indicator_id", "owner_id",
)  # fmt: skip
_KEPT_OF_OBJECTIVE = (
    "name_fi", "name_sv", "name_en", "why", "unit_id", "annual_objective_id", "spearhead_id", "main_line_id",
    "owner_id", "is_illustrative",
)  # fmt: skip
_LINKS = ("annual_objective_id", "spearhead_id", "main_line_id")
#: How many levels of objectives above each other are followed upwards.
DEEPEST = 10


def refuse(code: str, words: str) -> None:
    raise ValidationError(words, code=code)


def _who(by: Any) -> Any:
    return getattr(by, "pk", None)


# --- seasons -------------------------------------------------------------------------------------


@retrying
def make_seasons(*, programme: Programme, year: int, by: Any) -> list[Season]:
    """The seasons of a year by the programme's cycle; those that are there stay. Returns the new ones."""
    cycle = SeasonCycle.objects.filter(programme=programme).first()
    months = cycle.length_months if cycle else DEFAULT_MONTHS
    many = cycle.seasons_per_year if cycle else DEFAULT_SEASONS
    with transaction.atomic(), own_context(user=_who(by)):
        there = set(Season.objects.filter(programme=programme, year=year).values_list("number", flat=True))
        made = []
        for number in range(1, many + 1):
            if number not in there:
                starts_on, ends_on = season_days(year, number, months)
                season = Season(
                    programme=programme, year=year, number=number, starts_on=starts_on, ends_on=ends_on
                ).stamp(by)
                season.full_clean()
                season.save()
                made.append(season)
        return made


@retrying
def open_season(*, season: Season, by: Any) -> Season:
    """Opens a planned season. Only one runs at a time."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = _locked(season)
        if row.state != Season.State.PLANNED:
            refuse("not_planned", _("Only a planned season can be opened."))
        if Season.objects.filter(programme=row.programme, state=Season.State.OPEN).exists():
            refuse("one_open", _("Another season is open. Close it first."))
        row.state = Season.State.OPEN
        row.stamp(by).save()
        return row


def unfinished(season: Season) -> list[KeyResult]:
    """Key results of started objectives that lack a final value or comment: they keep the season open."""
    rows = (
        KeyResult.objects.filter(objective__season=season, objective__state=Objective.State.STARTED)
        .select_related("objective__unit")
        .order_by("objective__unit__position", "objective__position", "position")
    )
    return [row for row in rows if not _is_final(row)]


def _is_final(row: KeyResult) -> bool:
    return row.score is not None and row.final_value is not None and bool(row.final_comment.strip())


@retrying
def close_season(*, season: Season, lessons: str, on: date, by: Any) -> Season:
    """Closes an open season with its lessons. Refused while a key result lacks its final value or comment.

    A started objective closes with it and gets the mean score of its key results; a draft is dropped.
    """
    with transaction.atomic(), own_context(user=_who(by), reason=lessons):
        row = _locked(season)
        if row.state != Season.State.OPEN:
            refuse("not_open", _("Only an open season can be closed."))
        objectives = list(row.objectives.select_for_update(of=("self",)).prefetch_related("key_results"))
        if missing := unfinished(row):
            names = "; ".join(one.name for one in missing)
            refuse("unfinished", _("These key results lack their final value, score or comment: %s.") % names)
        for objective in objectives:
            _end(objective, by)
        row.state, row.lessons, row.closed_on = Season.State.CLOSED, lessons.strip(), on
        row.stamp(by).full_clean()
        row.save()
        return row


def _end(objective: Objective, by: Any) -> None:
    if objective.state == Objective.State.STARTED:
        scores = [one.score for one in objective.key_results.all() if one.score is not None]
        objective.score = (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01"))
        objective.state = Objective.State.CLOSED
    elif objective.state == Objective.State.DRAFT:
        objective.state = Objective.State.DROPPED
    else:
        return
    objective.stamp(by).save()


@retrying
def archive_season(*, season: Season, by: Any) -> Season:
    """Puts a closed season away; it stays readable."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = _locked(season)
        if row.state != Season.State.CLOSED:
            refuse("not_closed", _("Only a closed season can be archived."))
        row.state = Season.State.ARCHIVED
        row.stamp(by).save()
        return row


def _locked(season: Season) -> Season:
    return Season.objects.select_for_update(of=("self",)).select_related("programme").get(pk=season.pk)


# --- objectives ----------------------------------------------------------------------------------


@retrying
def start_objective(*, objective: Objective, by: Any) -> Objective:
    """Starts a draft. It needs a key result, and its season must be open."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = Objective.objects.select_for_update(of=("self",)).select_related("season").get(pk=objective.pk)
        if row.state != Objective.State.DRAFT:
            refuse("not_draft", _("Only a draft can be started."))
        if row.season.state != Season.State.OPEN:
            refuse("season", _("The season is not open."))
        if not row.key_results.exists():
            refuse(
                "key_results", _("Add a key result first: without one nobody sees whether it was reached.")
            )
        row.state = Objective.State.STARTED
        row.stamp(by).save()
        return row


@retrying
def drop_objective(*, objective: Objective, reason: str, by: Any) -> Objective:
    """Gives an objective up in the middle of a season, with the reason."""
    with transaction.atomic(), own_context(user=_who(by), reason=reason):
        row = Objective.objects.select_for_update(of=("self",)).get(pk=objective.pk)
        if row.state not in (Objective.State.DRAFT, Objective.State.STARTED):
            refuse("ended", _("The objective has ended already."))
        if not reason.strip():
            refuse("reason", _("Write why the objective is dropped."))
        row.state, row.comment = Objective.State.DROPPED, reason.strip()
        row.stamp(by).save()
        return row


def next_position(season: Season, unit: Unit) -> int:
    """Place after the unit's last objective of the season."""
    last = Objective.objects.filter(season=season, unit=unit).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def can_be_carried(objective: Objective) -> bool:
    """Whether a closed objective was not fully reached and has not been carried over yet."""
    return (
        objective.state == Objective.State.CLOSED
        and (objective.score is None or objective.score < 1)
        and not objective.carried_to.exists()
    )


@retrying
def carry_over(*, objective: Objective, to: Season, by: Any) -> Objective:
    """The objective as a draft of a later season, its key results starting from where they ended. Once."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = Objective.objects.select_for_update(of=("self",)).select_related("season").get(pk=objective.pk)
        if to.programme_id != row.programme_id or to.starts_on <= row.season.starts_on:
            refuse("season", _("Carry an objective over to a later season."))
        if to.state not in (Season.State.PLANNED, Season.State.OPEN):
            refuse("season", _("The season has ended."))
        if row.carried_to.exists():
            refuse("carried", _("The objective has been carried over already."))
        if not can_be_carried(row):
            refuse("not_closed", _("Only an objective that closed unfinished can be carried over."))
        copy = Objective(
            programme=row.programme, season=to, carried_from=row, position=next_position(to, row.unit),
            **({name: getattr(row, name) for name in _KEPT_OF_OBJECTIVE} | _strategy_of(row, to)),
        ).stamp(by)  # fmt: skip
        copy.full_clean()
        copy.save()
        # What was reached need not be reached again.
        for one in row.key_results.all():
            if one.score is None or one.score < 1:
                _carried(one, copy, by).save()
        return copy


def _strategy_of(row: Objective, to: Season) -> dict[str, Any]:
    """What a carried-over objective serves besides its own links: its parent as carried over, else what that served."""
    if row.parent_id is None:
        return {}
    parent = Objective.objects.filter(carried_from=row.parent_id, season=to).first()
    if parent is not None:
        return {"parent": parent}
    above: Objective | None = row
    for _level in range(DEEPEST):
        if above is None:
            break
        found = {name: getattr(above, name) for name in _LINKS if getattr(above, name) is not None}
        if found:
            return found
        above = above.parent
    return {}


def _carried(one: KeyResult, objective: Objective, by: Any) -> KeyResult:
    kept = {name: getattr(one, name) for name in _KEPT_OF_RESULT}
    moves = one.kind == KeyResult.Kind.NUMBER and one.final_value not in (None, one.target_value)
    start = one.final_value if moves else one.start_value
    return KeyResult(
        programme=objective.programme, objective=objective, carried_from=one, start_value=start, **kept
    ).stamp(by)


# --- check-ins -----------------------------------------------------------------------------------


@retrying
def check_in(
    *, key_result: KeyResult, on: date, confidence: str, by: Any, value: Decimal | None = None,
    is_done: bool | None = None, comment: str = "",
) -> CheckIn:  # fmt: skip
    """Says where a key result stands. Only while its objective is started."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = KeyResult.objects.select_related("programme").get(pk=key_result.pk)
        # Held, so that no check-in slips in while its season closes.
        row.objective = Objective.objects.select_for_update(of=("self",), no_key=True).get(
            pk=row.objective_id
        )
        if row.objective.state != Objective.State.STARTED:
            refuse("not_started", _("The objective is not under way."))
        if row.kind == KeyResult.Kind.YES_NO and is_done is None:
            raise ValidationError({"is_done": _("Say whether it is done.")})
        if row.kind == KeyResult.Kind.NUMBER and value is None:
            raise ValidationError({"value": _("Give the value of today.")})
        made = CheckIn(
            programme=row.programme, key_result=row, checked_on=on, confidence=confidence, comment=comment.strip(),
            value=value if row.kind == KeyResult.Kind.NUMBER else None,
            is_done=is_done if row.kind == KeyResult.Kind.YES_NO else None,
        ).stamp(by)  # fmt: skip
        made.full_clean(exclude=["is_done"])
        made.save()
        return made


# --- action plan ---------------------------------------------------------------------------------


@retrying
def turn_into_objective(
    *, item: PlanItem, season: Season, unit: Unit, links: dict[str, Any], by: Any
) -> Objective:
    """Makes a draft objective of a line of the action plan; `links` say what in the strategy it serves."""
    with transaction.atomic(), own_context(user=_who(by)):
        row = PlanItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
        if row.state == PlanItem.State.TURNED:
            refuse("turned", _("The line has been turned into an objective already."))
        objective = Objective(
            programme=row.programme, season=season, unit=unit, owner=row.owner, why=row.note,
            position=next_position(season, unit), is_illustrative=row.is_illustrative,
            name_fi=row.name_fi, name_sv=row.name_sv, name_en=row.name_en, **links,
        ).stamp(by)  # fmt: skip
        objective.full_clean()
        objective.save()
        row.state, row.objective = PlanItem.State.TURNED, objective
        row.stamp(by).save()
        return objective
