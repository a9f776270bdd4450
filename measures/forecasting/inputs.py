"""The savings lines of a programme as the forecasts need them, read from the totals in three queries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from core import asof
from core.periods import add_months
from measures import calculations
from measures.calculations import CASH, FUNDED, ONE_OFF, Clock, OverlapRow
from measures.forecasting.effects import KINDS, Lines
from measures.models import Stage
from measures.selectors.attributes import IS_INCOME, PERMANENCE
from measures.selectors.clock import clock_of
from measures.triggers import MONTH_COLUMNS
from programme.models import Programme

_LINES = f"""
    SELECT line.id, measure.id, measure.code, goal.theme_id, {PERMANENCE}, measure.stage, measure.withdrawn_from,
        coalesce(nullif(measure.confidence_of_pmo, ''), measure.confidence_of_owner)
    FROM measures_savingsline line
    JOIN measures_measure measure ON measure.id = line.measure_id
    JOIN programme_goal goal ON goal.id = measure.goal_id
    WHERE line.programme_id = %(programme)s AND NOT line.in_base AND line.line_class = %(cash)s AND NOT {IS_INCOME}
    ORDER BY measure.id, line.id
"""
_MONTHS = f"""
    SELECT total.line_id, total.series, total.year, total.known::int, {", ".join(f"total.{c}" for c in MONTH_COLUMNS)}
    FROM measures_measuretotal total
    JOIN measures_savingsline line ON line.id = total.line_id
    WHERE total.programme_id = %(programme)s AND total.n > 0 AND total.year BETWEEN %(first)s AND %(last)s
        AND (total.series IN ('forecast', 'confirmed', 'undecided')
            OR total.series = 'claimed' AND total.line_id = ANY(%(overlapping)s))
        AND NOT line.in_base AND line.line_class = %(cash)s AND NOT {IS_INCOME}
"""
_OVERLAPS = """
    SELECT overlap.yielding_line_id, overlap.other_line_id, overlap.amount_eur_cents, overlap.first_month,
        overlap.last_month, kept.withdrawn_from, other.measure_id
    FROM measures_overlap overlap
    JOIN measures_savingsline other ON other.id = overlap.other_line_id
    JOIN measures_measure kept ON kept.id = other.measure_id
    WHERE overlap.programme_id = %(programme)s
    ORDER BY overlap.id
"""


@dataclass(frozen=True, slots=True)
class MeasureRisk:
    """What of a measure decides how sure its forecast is; `confidence` is "" when nobody has said."""

    pk: int
    code: str
    stage: str
    confidence: str
    theme: int
    has_forecast: bool = True
    withdrawn_from: date | None = None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """New cash lines of a programme on a day (R2, R14, R21), overlaps taken off (R5), withdrawals applied (R6).

    `gross` are the lines before overlaps; `overlaps` with the measure that keeps the effect, and `series` of the
    lines they speak of, let a what-if end an overlap with its measure.
    """

    clock: Clock
    basis: str
    measures: tuple[MeasureRisk, ...]
    lines: Lines
    gross: Lines
    line_ids: tuple[int, ...]
    overlaps: tuple[tuple[OverlapRow, int], ...] = ()
    series: Any = None

    @property
    def months(self) -> list[date]:
        return [add_months(date(self.clock.start_year, 1, 1), at) for at in range(self.lines.months.shape[1])]

    @property
    def unforecast(self) -> int:
        """Measures still to be delivered without any forecast in an open month: unknown, not zero."""
        done = (Stage.CLOSED, Stage.WITHDRAWN)
        return sum(not one.has_forecast for one in self.measures if one.stage not in done)


def read_portfolio(programme: Programme, *, on: date | None = None) -> Portfolio | None:
    """The programme's lines on a day; None when no line has a forecast or a claim."""
    clock = clock_of(programme, on)
    asof.prepare()
    params: dict[str, Any] = {
        "programme": programme.pk, "cash": CASH, "first": clock.start_year, "last": clock.final_year,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LINES, params)
        lines = cursor.fetchall()
        cursor.execute(_OVERLAPS, params)
        overlaps = tuple((OverlapRow(*row[:6]), row[6]) for row in cursor.fetchall())
        overlapping: set[Any] = {line for row, _ in overlaps for line in (row.yielding, row.other)}
        cursor.execute(_MONTHS, params | {"overlapping": list(overlapping)})
        months = cursor.fetchall()
    if not months or not lines:
        return None
    places = {row[0]: at for at, row in enumerate(lines)}
    amounts, forecast = _amounts(months, places, clock)
    measures, of_line = _measures(lines, forecast)
    permanences = [ONE_OFF if row[6] or row[4] == FUNDED else row[4] for row in lines]
    gross = Lines(
        amounts,
        of_line,
        np.array([KINDS.index(one) for one in permanences], np.intp),
        len(measures),
        _closed(clock),
    )
    series = _series(months, overlapping)
    found = Portfolio(
        clock, str(programme.basis), measures, gross, gross, tuple(places), overlaps, series,
    )  # fmt: skip
    return without_overlaps(found)


def without_overlaps(found: Portfolio, ended: dict[int, date] | None = None) -> Portfolio:
    """The lines less what overlaps give back; `ended`: measures that leave from a month on, as tried out."""
    rows = [
        replace(row, other_withdrawn_from=_earlier(row.other_withdrawn_from, (ended or {}).get(measure)))
        for row, measure in found.overlaps
    ]
    months = found.gross.months.copy()
    places = {line: at for at, line in enumerate(found.line_ids)}
    clock = found.clock
    for correction in calculations.overlap_corrections(rows, found.series or {}):
        at = places.get(int(str(correction.line)))
        if at is None or correction.series not in ("forecast", "undecided"):
            continue
        given = np.array(correction.months) * _mask(correction.series, correction.year, clock)
        begin = (correction.year - clock.start_year) * 12
        months[at, begin : begin + 12] += given
    _cut(months, found, ended or {})
    return replace(found, lines=found.gross.with_months(months))


def _cut(months: NDArray[np.int64], found: Portfolio, ended: dict[int, date]) -> None:
    """Months from the withdrawal of a measure on leave the forecast (R6); one that is tried out leaves facts alone."""
    if not ended and not any(one.withdrawn_from for one in found.measures):
        return
    for at, place in enumerate(found.gross.measure):
        measure = found.measures[place]
        if measure.withdrawn_from is not None:
            months[at, _place(measure.withdrawn_from, found.clock) :] = 0
        if measure.pk in ended:
            months[at, max(found.gross.closed, _place(ended[measure.pk], found.clock)) :] = 0


def _earlier(first: date | None, second: date | None) -> date | None:
    return min((day for day in (first, second) if day), default=None)


def _closed(clock: Clock) -> int:
    """Number of closed months of the programme's years."""
    return sum(clock.closed(year).bit_count() for year in range(clock.start_year, clock.final_year + 1))


def _place(month: date, clock: Clock) -> int:
    """The month's place in the programme's years, kept inside them."""
    at = (month.year - clock.start_year) * 12 + month.month - 1
    return min(max(at, 0), (clock.final_year - clock.start_year + 1) * 12)


def _mask(series: str, year: int, clock: Clock) -> NDArray[np.int64]:
    """R4: closed months count what was claimed and not refused, open months the owner's forecast."""
    closed = clock.closed(year)
    bits = ~closed if series == "forecast" else closed
    return np.array([bits >> month & 1 for month in range(12)], np.int64)


def _amounts(
    rows: list[tuple[Any, ...]], places: dict[int, int], clock: Clock
) -> tuple[NDArray[np.int64], set[int]]:
    """[line, month] cents by R4, and the places of lines with a forecast in an open month."""
    found = np.zeros((len(places), (clock.final_year - clock.start_year + 1) * 12), np.int64)
    groups: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault((row[1], row[2]), []).append(row)
    forecast = set()
    for (series, year), group in groups.items():
        if series == "claimed":
            continue  # read for the overlaps only
        at = np.fromiter((places[row[0]] for row in group), np.intp, len(group))
        begin = (year - clock.start_year) * 12
        values = np.array([row[4:] for row in group], np.int64) * _mask(series, year, clock)
        found[at, begin : begin + 12] += values
        if series == "forecast":
            open_bits = ~clock.closed(year) & calculations.WHOLE_YEAR
            forecast |= {places[row[0]] for row in group if row[3] & open_bits}
    return found, forecast


def _measures(
    lines: list[tuple[Any, ...]], forecast: set[int]
) -> tuple[tuple[MeasureRisk, ...], NDArray[np.intp]]:
    """The measures of the lines in order, and the place of each line's measure."""
    found: dict[int, MeasureRisk] = {}
    of_line = np.empty(len(lines), np.intp)
    for at, (_line, pk, code, theme, _permanence, stage, gone, confidence) in enumerate(lines):
        known = found.get(pk)
        has_forecast = at in forecast or (known is not None and known.has_forecast)
        found[pk] = MeasureRisk(pk, code, stage, confidence, theme, has_forecast, gone)
        of_line[at] = len(found) - 1
    return tuple(found.values()), of_line


def _series(rows: list[tuple[Any, ...]], lines: set[Any]) -> dict[Any, dict[tuple[str, int], Any]]:
    """Known months and amounts of the lines that overlaps speak of, as the overlap rule wants them."""
    found: dict[Any, dict[tuple[str, int], Any]] = {}
    for line, series, year, known, *months in rows:
        if line in lines:
            found.setdefault(line, {})[series, year] = (known, tuple(months))
    return found
