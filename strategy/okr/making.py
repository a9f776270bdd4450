"""Writes of objectives with their key results: made together, put in order, taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import RowForm, save_new
from core.history import own_context
from core.text import LANGUAGES
from strategy.models import CheckIn, KeyResult, Objective, Season, Unit
from strategy.okr.services import next_position, refuse, start_objective


@dataclass(frozen=True)
class NewResult:
    """A key result as typed: its name in the active language, and from where to where it moves."""

    name: str
    kind: str
    start: Decimal | None = None
    target: Decimal | None = None
    unit: str = ""


def uses_okr(unit: Unit, season: Season) -> bool:
    """Whether the unit works with objectives and key results in the season."""
    return not unit.is_closed and unit.uses_okr_from is not None and unit.uses_okr_from <= season.ends_on


def refuse_unit(unit: Unit, season: Season) -> None:
    """Raises ValidationError where the unit or the season takes no new objectives."""
    if not uses_okr(unit, season):
        refuse("not_on", _("The unit does not use OKR yet: it is turned on among the unit's details."))
    if season.state not in (Season.State.PLANNED, Season.State.OPEN):
        refuse("season", _("The season has ended."))


@retrying
def make_objective(form: RowForm, by: Any, *, results: Iterable[NewResult], starts: bool) -> Objective:
    """Stores a new objective with its key results in one go; started at once when asked."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        draft: Objective = form.instance
        refuse_unit(draft.unit, draft.season)
        draft.position = next_position(draft.season, draft.unit)
        row: Objective = save_new(form, by)
        for place, one in enumerate(results, start=1):
            add_result(row, one, position=place, by=by)
        return start_objective(objective=row, by=by) if starts else row


def add_result(objective: Objective, one: NewResult, *, position: int, by: Any) -> KeyResult:
    """Stores one key result; the caller holds the transaction."""
    language = (get_language() or "fi")[:2]
    number = one.kind == KeyResult.Kind.NUMBER
    row = KeyResult(
        programme=objective.programme, objective=objective, position=position, kind=one.kind, unit=one.unit,
        owner=objective.owner, start_value=one.start if number else None,
        target_value=one.target if number else None,
        **{f"name_{language if language in LANGUAGES else 'fi'}": one.name},
    ).stamp(by)  # fmt: skip
    row.full_clean()
    row.save()
    return row


def place_of_next(objective: Objective) -> int:
    """Place after the objective's last key result."""
    last = objective.key_results.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


@retrying
def move_objective(*, objective: Objective, up: bool, by: Any) -> None:
    """Changes places with the objective before or after it in its unit and season."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        rows = list(
            Objective.objects.select_for_update(of=("self",))
            .filter(season=objective.season_id, unit=objective.unit_id)
            .order_by("position", "id")
        )
        at = next(place for place, row in enumerate(rows) if row.pk == objective.pk)
        to = at - 1 if up else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
        for place, row in enumerate(rows, start=1):
            if row.position != place:
                row.position = place
                row.stamp(by).save()


@retrying
def remove_result(*, key_result: KeyResult, by: Any) -> None:
    """Takes away a key result that nobody has checked in on, and that is not the last of a started objective."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        objective = Objective.objects.select_for_update(of=("self",)).get(pk=key_result.objective_id)
        if objective.state in (Objective.State.CLOSED, Objective.State.DROPPED):
            refuse("ended", _("The objective has ended already."))
        if CheckIn.objects.filter(key_result=key_result).exists() or key_result.carried_to.exists():
            refuse("followed", _("The key result has check-ins: it stays, so that they stay readable."))
        if objective.state == Objective.State.STARTED and objective.key_results.count() < 2:
            refuse("last", _("A started objective keeps at least one key result."))
        key_result.delete()
