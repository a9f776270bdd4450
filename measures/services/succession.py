"""A measure that goes on as another one, or as several: merging and splitting (money.md R6, R9, R11).

The later months of plan and forecast move, line by line and month by month, without a cent lost; what was
before stays with the old measure, which is withdrawn from that month on. Its target is released and stays in the
ladder until a decision moves it. Nothing is done when a total of any year would change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.money import format_eur, spread
from core.periods import format_month
from core.permissions import can
from measures.calculations import Ladder, SavingsFigures, add_known
from measures.models import (
    GateDecision,
    Measure,
    MeasureGoal,
    MeasureSegment,
    Overlap,
    PlanChange,
    PlanChangeCell,
    SavingsEntry,
    SavingsLine,
    Series,
    Stage,
    Succession,
)
from measures.selectors import books_closed_through, corrections, fresh_figures, measure_targets
from measures.selectors.gates import may_decide, plan_gate
from measures.services.common import CHANGED, lock_lines, refuse
from measures.services.stages import locked_measures
from measures.services.targets import Move, move_target
from programme.models import Decision, Programme

#: What moves. The approved plan stays with the measure that a decision approved.
MOVING = (Series.PLAN, Series.FORECAST)
COMPARED = ("plan", "plan_approved", "forecast")
#: What makes a line of another measure the same line (R1); its goal is its own (R11).
SAME_LINE = ("sector_id", "cost_type_id", "permanence", "line_class", "in_base")

Cells = dict[tuple[int, str, date], int]


@dataclass(frozen=True)
class NewPart:
    """A measure that a split makes."""

    code: str
    name_fi: str


@dataclass(frozen=True)
class Destination:
    """Where the later months go: a measure, and the weight with which it takes each line of the old one.

    Weights are whole numbers; those of a line over all destinations are what it is divided by. `target_weight`
    is its weight when a decision moves the target.
    """

    measure: Measure
    weights: Mapping[int, int]
    target_weight: int = 1
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class YearTotals:
    """The effect of one year (lasting and one-off, all lines) before and after, by level, EUR cents."""

    year: int
    before: Mapping[str, int | None]
    after: Mapping[str, int | None]


@dataclass(frozen=True)
class MovedLine:
    """What one line gives to one destination, and whether it lands under another goal."""

    line: SavingsLine
    to_line: SavingsLine
    is_new: bool
    plan_eur_cents: int
    forecast_eur_cents: int

    @property
    def changes_goal(self) -> bool:
        return self.line.goal_id != self.to_line.goal_id


@dataclass(frozen=True)
class Outcome:
    """What a merge or split did, or would do: totals by year, the ladder, the lines, target that moved."""

    measures: list[Measure]
    years: list[YearTotals]
    ladder_before: Ladder
    ladder_after: Ladder
    lines: list[MovedLine]
    target_moved: int


@dataclass(frozen=True)
class Act:
    """Everything that the person has said of a merge or split."""

    measure: Measure
    from_month: date
    on: date
    reason: str
    #: Versions of the measures as they were shown, by id.
    versions: Mapping[int, int]
    #: What a body decided of it, when it did: it may move the target too, and open a locked plan.
    decision: Decision | None = None
    moves_target: bool = False


class _Rehearsed(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


# --- the two acts ------------------------------------------------------------------------------------------


@retrying
def merge_measure(act: Act, *, into: Measure, by: Any) -> Outcome:
    """The measure goes on as `into` from the month on. One transaction; refused as a whole or done as a whole."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=act.reason):
        row, other = _locked(act, into)
        if other is None or other.stage == Stage.WITHDRAWN:
            refuse("withdrawn", _("The measure that takes over is withdrawn itself."))
        weights = dict.fromkeys(row.lines.values_list("pk", flat=True), 1)
        return _go_on(act, row, Succession.Kind.MERGED, [Destination(other, weights)], by)


@retrying
def split_measure(
    act: Act, *, parts: Sequence[NewPart], weights: Mapping[int, Sequence[int]], shares: Sequence[int] = (), by: Any,
) -> Outcome:  # fmt: skip
    """The measure goes on as new ones: each line by the weights of the parts (a line that goes whole to one of
    them weighs 1 there and 0 elsewhere). The parts begin at the stage it is at, and a locked plan stays locked in them.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=act.reason):
        row, _other = _locked(act, None)
        if len(parts) < 2:
            refuse("one_part", _("A split makes at least two measures."))
        made = [_new_measure(row, part, act.from_month, by) for part in parts]
        places = [
            Destination(
                measure, {pk: found[at] for pk, found in weights.items() if found[at]},
                shares[at] if shares else 0, _share(shares, at),
            )
            for at, measure in enumerate(made)
        ]  # fmt: skip
        return _go_on(act, row, Succession.Kind.SPLIT, places, by)


def _share(shares: Sequence[int], at: int) -> Decimal:
    """The part's share of the whole, 0..1 with six decimals; 1 where whole lines went to it."""
    if not shares:
        return Decimal(1)
    return (Decimal(shares[at]) / sum(shares)).quantize(Decimal("0.000001"))


def rehearse(work: Any) -> Outcome:
    """What the work (a call of one of the acts) would do; everything is taken back."""
    try:
        with transaction.atomic():
            raise _Rehearsed(work())
    except _Rehearsed as done:
        return done.outcome


# --- parts of an act ---------------------------------------------------------------------------------------


def _locked(act: Act, other: Measure | None) -> tuple[Measure, Measure | None]:
    """The measures as they stand, locked by id, still the versions that were shown; and what forbids the act."""
    if not act.reason.strip():
        refuse("no_reason", _("Give the reason."))
    ids = [act.measure.pk, *([other.pk] if other else [])]
    rows = {row.pk: row for row in Measure.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    row = rows[act.measure.pk]
    if row.stage == Stage.WITHDRAWN:
        refuse("withdrawn", _("This measure is withdrawn already."))
    for found in rows.values():
        if found.version != act.versions.get(found.pk, found.version):
            refuse(
                CHANGED,
                _("%(code)s was changed after you opened the page. Look at it again.") % {"code": found.code},
            )
    programme = row.programme
    lock_lines(programme.pk, SavingsLine.objects.filter(measure__in=ids).values_list("pk", flat=True))
    closed = books_closed_through(programme)
    if closed is not None and act.from_month <= closed:
        refuse(
            "closed_month",
            _("The books of %(month)s are closed. Choose a later month.") % {"month": format_month(closed)},
        )
    last = (
        _entries(row)
        .filter(series=Series.CLAIMED, month__gte=act.from_month)
        .aggregate(last=Max("month"))["last"]
    )
    if last is not None:
        refuse(
            "claimed",
            _("There are claims up to %(month)s. Choose a later month.") % {"month": format_month(last)},
        )
    return row, rows.get(other.pk) if other else None


def _entries(measure: Measure) -> Any:
    return SavingsEntry.objects.filter(programme_id=measure.programme_id, line__measure=measure)


def _go_on(act: Act, row: Measure, kind: str, places: Sequence[Destination], by: Any) -> Outcome:
    programme: Programme = row.programme
    _check_lock(row, places, by)
    stays_locked = kind == Succession.Kind.SPLIT and row.pk in locked_measures([row.pk])
    before = fresh_figures(programme, act.on)
    cells = _moving(row, act.from_month)
    given = _overlaps_by_month(programme)
    row.stage, row.withdrawn_on, row.withdrawn_from = Stage.WITHDRAWN, act.on, act.from_month
    row.stamp(by).full_clean()
    row.save()
    _take_back_questions(row, by)
    _settle_overlaps(programme, row, cells, given, _overlaps_by_month(programme), act.from_month)
    moved = _move(act, row, cells, places, by, stays_locked=stays_locked)
    for place in places:
        Succession(
            programme=programme, kind=kind, from_measure=row, to_measure=place.measure, from_month=act.from_month,
            share=place.share, reason=act.reason,
        ).stamp(by).save()  # fmt: skip
    target = _move_target(act, row, places, by)
    after = fresh_figures(programme, act.on)
    outcome = Outcome(
        [place.measure for place in places], _years(before, after), before.ladder, after.ladder, moved, target
    )
    _must_agree(outcome)
    return outcome


def _check_lock(row: Measure, places: Sequence[Destination], by: Any) -> None:
    """A locked plan neither goes on elsewhere nor takes over by its owner's word alone.

    The programme office does it, or who decides on changes of the plan and does not own the measure: else merging
    and splitting would be ways around a change request.
    """
    measures = {one.pk: one for one in (row, *(place.measure for place in places))}
    if by is None or can(by, "target.move", row.programme):
        return
    gate = plan_gate(row.programme)
    for pk in sorted(locked_measures(measures)):
        measure = measures[pk]
        if gate is None or measure.owner_id == by.pk or not may_decide(by, gate, measure):
            told = _(
                "A decision has locked the plan of %(code)s: the programme office or who decides on it does this."
            )
            refuse("other_role", told % {"code": measure.code})


def _moving(row: Measure, month: date) -> Cells:
    """The later months of plan and forecast, as entered."""
    entries = _entries(row).filter(series__in=MOVING, month__gte=month)
    found = entries.values_list("line_id", "series", "month", "amount_eur_cents")
    return {(line, series, day): cents for line, series, day, cents in found}


def _overlaps_by_month(programme: Programme) -> Cells:
    """What all declared overlaps give back in plan and forecast: (line, series, month) -> cents."""
    found: Cells = defaultdict(int)
    for correction, _line in corrections(programme):
        if correction.series in MOVING:
            for at, cents in enumerate(correction.months, 1):
                if cents:
                    found[int(str(correction.line)), correction.series, date(correction.year, at, 1)] += cents
    return found


def _settle_overlaps(
    programme: Programme, row: Measure, cells: Cells, before: Cells, after: Cells, month: date
) -> None:
    """Overlaps end with the measure (R5), so what they took off goes with its months: they move net.

    Where the measure yielded, its own months are smaller by it; where others yielded to it, they count in
    full from now on and its months give that up.
    """
    own = set(row.lines.values_list("pk", flat=True))
    yielding = Overlap.objects.filter(programme=programme, other_line__in=own).order_by("pk")
    keeps: dict[int, int] = {}
    for line, kept in yielding.values_list("yielding_line_id", "other_line_id"):
        keeps.setdefault(line, kept)
    for (line, series, day), cents in before.items():
        if day < month:
            continue
        if line in own:
            cells[line, series, day] = cells.get((line, series, day), 0) + cents
        elif line in keeps:
            freed = cents - after.get((line, series, day), 0)
            if freed:
                key = (keeps[line], series, day)
                cells[key] = cells.get(key, 0) + freed


def _move(
    act: Act, row: Measure, cells: Cells, places: Sequence[Destination], by: Any, *, stays_locked: bool
) -> list[MovedLine]:  # fmt: skip
    """Takes the months from the old lines and adds them to those of the destinations."""
    lines = {line.pk: line for line in row.lines.select_related("sector", "cost_type", "goal").order_by("pk")}
    _entries(row).filter(series__in=MOVING, month__gte=act.from_month).delete()
    moved = []
    to_add: Cells = defaultdict(int)
    for pk, line in lines.items():
        takers = [place for place in places if place.weights.get(pk)]
        if not takers:
            refuse("nowhere", _("Every line must go somewhere."))
        landings = [_line_like(line, place.measure, by) for place in takers]
        sums = [dict.fromkeys(MOVING, 0) for _place in takers]
        for (owner, series, day), cents in cells.items():
            if owner != pk:
                continue
            for at, part in enumerate(spread(cents, [place.weights[pk] for place in takers])):
                to_add[landings[at][0].pk, series, day] += part
                sums[at][Series(series)] += part
        moved += [
            MovedLine(line, landing, is_new, sums[at][Series.PLAN], sums[at][Series.FORECAST])
            for at, (landing, is_new) in enumerate(landings)
        ]
    for place in places:
        _note_locked_plan(act, place.measure, to_add, by, is_part=stays_locked)
    _add(row.programme_id, to_add)
    return moved


def _take_back_questions(row: Measure, by: Any) -> None:
    """Nobody decides any more on gates or plan changes of a measure that goes on elsewhere."""
    GateDecision.objects.filter(measure=row, state=GateDecision.State.ASKED).update(
        state=GateDecision.State.TAKEN_BACK, updated_by=by
    )
    PlanChange.objects.filter(measure=row, state=PlanChange.State.ASKED).update(
        state=PlanChange.State.TAKEN_BACK, updated_by=by
    )


def _note_locked_plan(act: Act, measure: Measure, to_add: Cells, by: Any, *, is_part: bool) -> None:
    """A locked plan takes months over by a decision only, and keeps old and new beside each other like any change.

    Its approved plan stays as it was decided: the months that come over have theirs with the old measure.
    A part of a locked measure gets its first months in the same way, with or without a decision of its own, and is
    locked by that.
    """
    if not is_part and measure.pk not in locked_measures([measure.pk]):
        return
    if act.decision is None and not is_part:
        refuse(
            "plan_locked",
            _("The plan of %(code)s is locked: give the decision that lets it take over.")
            % {"code": measure.code},
        )
    lines = set(measure.lines.values_list("pk", flat=True))
    added = {
        (line, day): cents
        for (line, series, day), cents in to_add.items()
        if line in lines and series == Series.PLAN
    }
    rows = SavingsEntry.objects.filter(programme_id=measure.programme_id, line__in=lines, series=Series.PLAN)
    held = {
        (line, day): cents for line, day, cents in rows.values_list("line_id", "month", "amount_eur_cents")
    }
    change = PlanChange(
        programme_id=measure.programme_id, measure=measure, state=PlanChange.State.APPROVED, reason=act.reason,
        asked_by=by, decided_by=by, decision=act.decision,
        decided_on=act.decision.decided_on if act.decision else act.on,
    ).stamp(by)  # fmt: skip
    change.save()
    PlanChangeCell.objects.bulk_create(
        PlanChangeCell(
            programme_id=measure.programme_id, change=change, line_id=line, month=day,
            old_eur_cents=held.get((line, day)), new_eur_cents=held.get((line, day), 0) + cents,
            created_by=by, updated_by=by,
        )
        for (line, day), cents in sorted(added.items())
    )  # fmt: skip


def _line_like(line: SavingsLine, measure: Measure, by: Any) -> tuple[SavingsLine, bool]:
    """The matching line of the measure, made with the old line's goal when it is missing; whether it is new."""
    same = {name: getattr(line, name) for name in SAME_LINE}
    found = SavingsLine.objects.filter(measure=measure, **same).select_related("goal").first()
    if found is not None and found.paid_from_id != line.paid_from_id:
        refuse(
            "paid_from",
            _("One of the lines is paid from other money than its match: the result effect would change."),
        )
    if found is not None:
        return found, False
    made = SavingsLine(
        programme_id=line.programme_id, measure=measure, goal=line.goal, paid_from_id=line.paid_from_id,
        basis_note=line.basis_note, basis_quantity=line.basis_quantity, basis_unit=line.basis_unit,
        basis_unit_price_eur_cents=line.basis_unit_price_eur_cents, basis_months=line.basis_months,
        basis_source=line.basis_source, **same,
    ).stamp(by)  # fmt: skip
    made.full_clean()
    made.save()
    return made, True


def _add(programme_id: int, cells: Cells) -> None:
    """Adds the amounts to the months that are there and makes the others."""
    ids = {line for line, _series, _day in cells}
    lock_lines(programme_id, ids)
    rows = SavingsEntry.objects.filter(programme_id=programme_id, line__in=ids, series__in=MOVING)
    there = {(entry.line_id, entry.series, entry.month): entry for entry in rows}
    changed, made = [], []
    for (line, series, day), cents in sorted(cells.items()):
        entry = there.get((line, series, day))
        if entry is None:
            made.append(
                SavingsEntry(
                    programme_id=programme_id, line_id=line, series=series, month=day, amount_eur_cents=cents
                )
            )
        elif cents:
            entry.amount_eur_cents += cents
            changed.append(entry)
    SavingsEntry.objects.bulk_update(changed, ["amount_eur_cents"], batch_size=500)
    SavingsEntry.objects.bulk_create(made)


def _new_measure(row: Measure, part: NewPart, month: date, by: Any) -> Measure:
    """A part of the split: everything of the old measure but its code, name, months and money."""
    kept = (
        "goal_id", "project_id", "linked_initiative_id", "owner_id", "stage", "ends_on", "confidence_of_owner",
        "confidence_of_pmo", "municipality", "service_point", "description_fi", "description_sv", "description_en",
        "is_illustrative",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(row, name) for name in kept}
    starts = max(month, row.starts_on) if row.starts_on else month
    if row.ends_on and row.ends_on < starts:
        values["ends_on"] = None
    made = Measure(
        programme=row.programme, code=part.code, name_fi=part.name_fi, starts_on=starts, **values
    ).stamp(by)
    made.full_clean()
    made.save()
    links: tuple[tuple[Any, str], ...] = ((MeasureGoal, "goal_id"), (MeasureSegment, "segment_id"))
    for model, column in links:
        for linked in model.objects.filter(measure=row).order_by("pk").values_list(column, flat=True):
            model(programme=row.programme, measure=made, **{column: linked}).stamp(by).save()
    return made


def _move_target(act: Act, row: Measure, places: Sequence[Destination], by: Any) -> int:
    """Moves the released target when a decision was given for it; how much moved."""
    held = measure_targets([row.pk], row.programme, on=act.on).get(row.pk)
    if act.decision is None or not act.moves_target or not held:
        return 0
    takers = [place for place in places if place.target_weight]
    amounts = spread(held, [place.target_weight for place in takers])
    moves = [Move(row, place.measure, cents) for place, cents in zip(takers, amounts, strict=True) if cents]
    move_target(
        programme=row.programme,
        moves=moves,
        valid_from=act.on,
        decision=act.decision,
        by=by,
        reason=act.reason,
    )
    return held


# --- what must not change ----------------------------------------------------------------------------------


def _years(before: SavingsFigures, after: SavingsFigures) -> list[YearTotals]:
    years = sorted(_effects(before).keys() | _effects(after).keys())
    empty: dict[str, int | None] = dict.fromkeys(COMPARED)
    return [
        YearTotals(year, _effects(before).get(year, empty), _effects(after).get(year, empty))
        for year in years
    ]


def _effects(figures: SavingsFigures) -> dict[int, dict[str, int | None]]:
    """Effect of each year, lasting and one-off, of every line: new ones, those in the base and those beside."""
    found: dict[int, dict[str, int | None]] = {}
    books = [
        figures.total.years,
        figures.total.in_base_years,
        *(one.years for one in figures.beside.values()),
    ]
    for book in books:
        for year, year_figures in book.items():
            row = found.setdefault(year, dict.fromkeys(COMPARED))
            for level in COMPARED:
                row[level] = add_known([row[level], getattr(year_figures.effect, level)])
    return found


def _must_agree(outcome: Outcome) -> None:
    """Refuses what would change a total: the months of one measure are the months of its successors."""
    for year in outcome.years:
        for level in COMPARED:
            gap = (year.after[level] or 0) - (year.before[level] or 0)
            if gap:
                told = _(
                    "The total of %(year)s would change by %(gap)s. Mend the overlaps of these measures first."
                )
                refuse(
                    "totals", told % {"year": year.year, "gap": format_eur(gap, unit="eur", with_unit=True)}
                )
    if _top(outcome.ladder_before) != _top(outcome.ladder_after):
        refuse("ladder", _("The stated target would move. Nothing was done."))


def _top(ladder: Ladder) -> Iterable[int | None]:
    rungs = add_known([ladder.in_base, ladder.active, ladder.released, ladder.never_allocated])
    return (ladder.stated, rungs if ladder.stated is not None else None)
