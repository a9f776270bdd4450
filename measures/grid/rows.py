"""What the grid shows: measures, their lines, a row for each series, twelve cells and the year's sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from core.money import MoneyError, Unit, sum_known
from core.periods import months_of_year, previous_month
from core.permissions import ACTIONS, PROGRAMME, can, grants_of
from core.text import translated
from measures.grid.texts import cell_key, cell_text, read_cell, row_key, sum_text
from measures.models import Measure, MeasureTotal, SavingsEntry, SavingsLine, Series, Stage
from measures.selectors.stages import locked_measures
from measures.wording import LEVEL_WORDS
from programme.models import Programme

EDIT = "savings.edit"
#: Rows of a line in the order in which they are shown, and those that people write themselves.
SHOWN = (Series.PLAN, Series.PLAN_APPROVED, Series.FORECAST, Series.CLAIMED)
WRITTEN = (Series.PLAN, Series.FORECAST, Series.CLAIMED)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a cell and what is not saved: the text as it stands in the page's unit.

    `version` and `cents` say how the cell was when it was typed. `message` is why it was refused. A cell
    that somebody else changed meanwhile has `theirs`: their amount, version, name and time in words; then
    `version` and `cents` are theirs too, and `original` is what both began with.
    """

    text: str
    version: int = 0
    cents: int | None = None
    message: str = ""
    theirs: Theirs | None = None
    original: int | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A cell as somebody else left it."""

    cents: int | None
    version: int
    by: str = ""
    at: str = ""


@dataclass(slots=True)
class GridCell:
    """One month. `lock` says why it cannot be written: view, locked, plan_locked, decided; empty when it can."""

    key: str
    month: date
    cents: int | None
    version: int
    text: str
    lock: str
    is_closed: bool
    is_withdrawn: bool
    typed: Typed | None = None


@dataclass(slots=True)
class GridRow:
    """One series of a line in one year. `before` is December of the year before, for carrying it on."""

    key: str
    line: int
    series: str
    name: str
    cells: list[GridCell]
    sum_text: str
    before: str = ""

    @property
    def is_written(self) -> bool:
        return any(not cell.lock for cell in self.cells)

    @property
    def known(self) -> str:
        """ "version:cents" of each month, as the page first showed them."""
        return " ".join(
            f"{cell.typed.version}:{_or_blank(cell.typed.cents)}"
            if cell.typed
            else f"{cell.version}:{_or_blank(cell.cents)}"
            for cell in self.cells
        )

    @property
    def troubles(self) -> list[GridCell]:
        """Cells that were refused, or changed by somebody else."""
        return [cell for cell in self.cells if cell.typed and (cell.typed.message or cell.typed.theirs)]


@dataclass(slots=True)
class GridLine:
    """One savings line with its rows and its name in words."""

    line: SavingsLine
    name: str
    rows: list[GridRow]


@dataclass(slots=True)
class GridMeasure:
    """One measure's table."""

    measure: Measure
    may_edit: bool
    is_plan_locked: bool = False
    lines: list[GridLine] = field(default_factory=list)
    unsaved: int = 0

    @property
    def rows(self) -> list[tuple[GridLine, GridRow]]:
        """Rows that can be written, with their lines: what the tools offer."""
        return [(line, row) for line in self.lines for row in line.rows if row.is_written]

    @property
    def troubles(self) -> list[tuple[GridLine, GridRow, GridCell]]:
        return [(line, row, cell) for line in self.lines for row in line.rows for cell in row.troubles]

    @property
    def conflicts(self) -> int:
        return sum(1 for *_rest, cell in self.troubles if cell.typed and cell.typed.theirs)

    @property
    def wants_reason(self) -> bool:
        """Whether a claim of a closed month can be written here."""
        return any(
            cell.is_closed and not cell.lock and row.series == Series.CLAIMED
            for line in self.lines
            for row in line.rows
            for cell in row.cells
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of the grid."""

    year: int
    years: list[int]
    months: list[date]
    series: str
    unit: Unit
    closed_through: date | None
    measures: list[GridMeasure]


def _or_blank(cents: int | None) -> str:
    return "" if cents is None else str(cents)


def read_grid(
    programme: Programme,
    measures: Sequence[Measure],
    user: Any,
    *,
    year: int,
    series: str,
    unit: Unit,
    closed_through: date | None,
    typed: Mapping[str, Typed] | None = None,
) -> Grid:
    """The grid of some measures for one year: at most five statements, whatever their number.

    `series` narrows the rows to one series, "" shows all. `typed` are the unsaved cells by their keys.
    """
    rows = SavingsLine.objects.filter(programme=programme, measure__in=[one.pk for one in measures])
    lines = list(rows.select_related("sector", "cost_type").order_by("measure", "pk"))
    entries = _entries(programme, [line.pk for line in lines], year)
    editable = editable_ids(user, measures)
    locked = _plan_locked(measures)
    found = {one.pk: GridMeasure(one, one.pk in editable, one.pk in locked) for one in measures}
    for line in lines:
        place = found[line.measure_id]
        line.measure = place.measure
        own = entries.get(line.pk, {})
        place.lines.append(
            GridLine(
                line,
                line_name(line),
                [
                    _row(line, name, own, year, unit, closed_through, place, typed or {})
                    for name in SHOWN
                    if _is_shown(name, series, own, year)
                ],
            )
        )
    for place in found.values():
        place.unsaved = sum(
            1 for line in place.lines for row in line.rows for cell in row.cells if cell.typed
        )
    return Grid(
        year, _years(programme, lines, year), months_of_year(year), series, unit, closed_through,
        list(found.values()),
    )  # fmt: skip


def line_name(line: SavingsLine) -> str:
    """Cost type and sector of a line, as every page names it."""
    return f"{translated(line.cost_type, 'name').text}, {translated(line.sector, 'name').text}"


Entries = dict[int, dict[tuple[str, date], SavingsEntry]]


def _entries(programme: Programme, lines: Collection[int], year: int) -> Entries:
    """Cells of the year, and December before it, by line."""
    months = months_of_year(year)
    found: Entries = defaultdict(dict)
    rows = SavingsEntry.objects.filter(
        programme=programme, line__in=lines, month__gte=previous_month(months[0]), month__lte=months[-1]
    )
    for entry in rows:
        found[entry.line_id][entry.series, entry.month] = entry
    return found


def _is_shown(name: str, series: str, own: Iterable[tuple[str, date]], year: int) -> bool:
    """The approved plan is a row only where there is one."""
    if series:
        return name == series
    return name != Series.PLAN_APPROVED or any(key == name and month.year == year for key, month in own)


def _row(
    line: SavingsLine,
    series: str,
    own: Mapping[tuple[str, date], SavingsEntry],
    year: int,
    unit: Unit,
    closed_through: date | None,
    place: GridMeasure,
    typed: Mapping[str, Typed],
) -> GridRow:
    months = months_of_year(year)
    withdrawn = line.measure.withdrawn_from
    cells = []
    for month in months:
        entry = own.get((series, month))
        key = cell_key(line.pk, series, month)
        cells.append(
            GridCell(
                key, month,
                None if entry is None else entry.amount_eur_cents,
                0 if entry is None else entry.version,
                cell_text(None if entry is None else entry.amount_eur_cents, unit),
                _lock(series, entry, place),
                closed_through is not None and month <= closed_through,
                withdrawn is not None and month >= withdrawn and series != Series.PLAN_APPROVED,
                _unsaved(typed.get(key), entry, unit),
            )
        )  # fmt: skip
    before = own.get((series, previous_month(months[0])))
    return GridRow(
        row_key(line.pk, series), line.pk, series, str(LEVEL_WORDS[series]), cells,
        sum_text(sum_known(cell.cents for cell in cells).cents, unit),
        "" if before is None else cell_text(before.amount_eur_cents, unit),
    )  # fmt: skip


def _unsaved(typed: Typed | None, entry: SavingsEntry | None, unit: Unit) -> Typed | None:
    """What was typed, unless just that is saved: a draft may come in after the saving that it was kept for."""
    if typed is None or typed.message or typed.theirs:
        return typed
    try:
        cents = read_cell(typed.text, unit)
    except MoneyError:
        return typed
    return None if cents == (None if entry is None else entry.amount_eur_cents) else typed


def _plan_locked(measures: Sequence[Measure]) -> set[int]:
    """Measures whose plan a decision has locked; nothing is asked when none is so far."""
    further = [one.pk for one in measures if one.stage not in (Stage.IDENTIFIED, Stage.PLANNED)]
    return locked_measures(further) if further else set()


def _lock(series: str, entry: SavingsEntry | None, place: GridMeasure) -> str:
    if series == Series.PLAN_APPROVED:
        return "locked"
    if series == Series.PLAN and place.is_plan_locked:
        return "plan_locked"
    if entry is not None and entry.decided_eur_cents is not None:
        return "decided"
    return "" if place.may_edit else "view"


def _years(programme: Programme, lines: Sequence[SavingsLine], year: int) -> list[int]:
    """The programme's years and any other in which these lines have figures."""
    totals = MeasureTotal.objects.filter(programme_id=programme.pk, line_id__in=[line.pk for line in lines])
    filled = set(totals.filter(n__gt=0).values_list("year", flat=True).distinct())
    return sorted({*range(programme.start_year, programme.final_year + 1), *filled, year})


def editable_ids(user: Any, measures: Sequence[Measure]) -> set[int]:
    """Which of the measures the person may write months of; constant in SQL."""
    if not measures:
        return set()
    roles = ACTIONS[EDIT]
    held = [
        grant for grant in grants_of(user)
        if grant.programme_id == measures[0].programme_id and grant.role in roles
    ]  # fmt: skip
    if not held:
        return set()
    if not any(roles[grant.role] == PROGRAMME for grant in held):
        prefetch_related_objects(list(measures), "goal", "lines", "segment_links")
    return {measure.pk for measure in measures if can(user, EDIT, measure)}
