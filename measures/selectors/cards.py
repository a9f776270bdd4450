"""The card of one measure: its figures, its lines and every month of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.periods import months
from core.statements import Statement
from measures.calculations import CASH, LEVELS, Cell, Clock, Figures, Levels, SavingsFigures
from measures.models import Measure, SavingsLine
from measures.selectors.attributes import attributes_of
from measures.selectors.by_measure import figures_by
from measures.selectors.clock import clock_within
from measures.selectors.figures import savings_figures
from measures.selectors.overlaps import SeriesOfLines, correction_cells, corrections_and_series
from measures.selectors.withdrawal import phased

_LINES = Statement(
    lambda measure: SavingsLine.objects.filter(measure=measure).select_related(
        "sector", "cost_type", "goal", "goal__theme", "paid_from"
    )
)


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of a line in cents, None where nothing is entered, as booked (before overlaps).

    `overlap` is what a declared overlap gives back in plan and forecast, None without one.
    """

    month: date
    levels: Levels
    overlap: int | None
    is_closed: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class LineMonths:
    """One savings line with its months, as the card's grid shows them, and its figures."""

    line: SavingsLine
    months: list[MonthCell]
    figures: Figures


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """What the card of one measure shows, beside the figures of its programme."""

    whole: SavingsFigures
    figures: Figures
    lines: list[LineMonths]


def measure_card(measure: Measure, *, on: date | None = None) -> MeasureCard:
    """One measure's figures, its lines' own (whatever their class, R14) and its months, read in few queries."""
    programme = measure.programme
    whole = savings_figures(programme, on=on)
    clock = clock_within(whole)
    lines = _LINES.all(measure=measure.pk)
    for one in lines:
        one.measure = measure
    ids = [line.pk for line in lines]
    found, series = corrections_and_series(programme, [measure.pk], ids)
    cells = _own_cells(lines, series, measure.withdrawn_from)
    given: dict[int, dict[tuple[str, int], Sequence[int]]] = defaultdict(dict)
    for correction, line in found:
        cells.extend(correction_cells(line["line_id"], correction, line))
        row = given[line["line_id"]].get((correction.series, correction.year), (0,) * 12)
        given[line["line_id"]][correction.series, correction.year] = [
            a + b for a, b in zip(row, correction.months, strict=True)
        ]
    by_line = figures_by(ids, [cell._replace(line_class=CASH) for cell in cells], whole)
    together = [cell._replace(slice=measure.pk) for cell in cells]
    years = {year for line in ids for _, year in series.get(line, ())}
    first, last = min(years | {clock.start_year}), max(years | {clock.final_year})
    span = list(months(date(first, 1, 1), date(last + 1, 1, 1)))
    return MeasureCard(
        whole,
        figures_by([measure.pk], together, whole)[measure.pk],
        [
            LineMonths(
                line,
                [
                    _month_cell(month, series.get(line.pk, {}), given.get(line.pk, {}), clock, measure)
                    for month in span
                ],
                by_line[line.pk],
            )
            for line in lines
        ],
    )


def _own_cells(
    lines: Iterable[SavingsLine], series: SeriesOfLines, withdrawn_from: date | None
) -> list[Cell]:
    """The totals of a measure's lines as cells by line; what is refused follows from the rest."""
    return [
        cell
        for line in lines
        for (name, year), (known, amounts) in series.get(line.pk, {}).items()
        if name != "refused"
        for cell in phased(
            line.pk,
            attributes_of(line),
            name,
            year,
            known,
            amounts,
            withdrawn_from,
        )
    ]


def _month_cell(
    month: date,
    series: Mapping[tuple[str, int], tuple[int, Sequence[int]]],
    given: Mapping[tuple[str, int], Sequence[int]],
    clock: Clock,
    measure: Measure,
) -> MonthCell:
    at = month.month - 1

    def amount(name: str) -> int | None:
        known, amounts = series.get((name, month.year), (0, (0,) * 12))
        return amounts[at] if known >> at & 1 else None

    corrected = [
        given[name, month.year][at] for name in ("plan", "forecast", "claimed") if (name, month.year) in given
    ]
    closed = clock.closed_through is not None and month <= clock.closed_through
    return MonthCell(
        month, Levels(**{level: amount(level) for level in LEVELS}),
        next((cents for cents in corrected if cents), None), closed,
        measure.withdrawn_from is not None and month >= measure.withdrawn_from,
    )  # fmt: skip
