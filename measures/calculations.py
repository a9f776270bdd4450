"""The savings rules of money.md as plain arithmetic (R1 to R12, R14, R16): no Django, no clock, no database.

Amounts are signed EUR cents: minus is less cost, plus is more cost. `None` is unknown, never zero.
A month is the `date` of its first day. *New lines* are the lines that are not inside the comparison base.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import NamedTuple

#: Levels in the order in which pages print them.
LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")

LASTING, ONE_OFF, SEASONAL = "lasting", "one_off", "seasonal"
CASH = "cash"


@dataclass(frozen=True, slots=True)
class Levels:
    """One amount for each level, EUR cents.

    claimed = confirmed + undecided + refused, and all four are known or none of them is (R7).
    """

    plan: int | None = None
    plan_approved: int | None = None
    forecast: int | None = None
    claimed: int | None = None
    confirmed: int | None = None
    undecided: int | None = None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class LevelMonths:
    """The month whose lasting effect the run rate of a level rests on (R8); None when there is none."""

    plan: date | None = None
    plan_approved: date | None = None
    forecast: date | None = None
    claimed: date | None = None
    confirmed: date | None = None


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year: `lasting` is its level change, `one_off` what does not repeat, `effect` both (EUR cents)."""

    lasting: Levels = Levels()
    one_off: Levels = Levels()
    effect: Levels = Levels()


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one slice (programme, theme, goal, sector, cost type, stage, measure, line).

    All but `in_base` and `in_base_years` are of new lines that count as cash (R2, R14):
    `level_change` lasting effects of the final year; `cumulative` all months up to that of the status date;
    `period` all months of the programme; `run_rate` 12 x the month in `run_rate_months` (R8);
    `carry_over` 12 x December less the level change of the status year (plan, plan_approved, forecast).
    `in_base`: plan, plan_approved and forecast as level of the final year, claims and what became of
    them to date.
    """

    level_change: Levels = Levels()
    cumulative: Levels = Levels()
    period: Levels = Levels()
    run_rate: Levels = Levels()
    in_base: Levels = Levels()
    years: Mapping[int, YearFigures] = field(default_factory=dict)
    in_base_years: Mapping[int, YearFigures] = field(default_factory=dict)
    run_rate_months: LevelMonths = LevelMonths()
    carry_over: Levels = Levels()

    @property
    def with_base(self) -> Levels:
        """Level change with the in-base part: what stands against the stated target."""
        return add_levels([self.level_change, self.in_base])


@dataclass(frozen=True, slots=True)
class Ladder:
    """stated = in base + active + released + never allocated (R9), EUR cents."""

    stated: int | None = None
    in_base: int | None = None
    active: int | None = None
    released: int | None = None
    never_allocated: int | None = None

    @property
    def unallocated(self) -> int | None:
        """Target that no active measure carries: released and never allocated."""
        return add_known([self.released, self.never_allocated])


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """The programme's target: as stated, the scenario ends of the target table, the part inside the base."""

    stated: int | None = None
    cautious: int | None = None
    full: int | None = None
    in_base: int | None = None


@dataclass(frozen=True, slots=True)
class StageFigures:
    """Measures in one stage and their level change of the final year (new lines)."""

    count: int
    plan: int | None
    forecast: int | None


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a level: lasting and one-off effect of new lines, None where nothing is known."""

    month: date
    lasting: int | None
    one_off: int | None


@dataclass(frozen=True, slots=True)
class SavingsFigures:
    """All figures of a programme on one day. Slices are keyed by id, stages by their code."""

    as_of: date
    closed_through: date | None
    start_year: int
    final_year: int
    total: Figures
    by_theme: Mapping[int, Figures]
    by_goal: Mapping[int, Figures]
    by_sector: Mapping[int, Figures]
    by_cost_type: Mapping[int, Figures]
    beside: Mapping[str, Figures]  # by line class: avoided cost and quality count 0 towards the target (R14)
    ladder: Ladder
    target: TargetFigures
    months: Mapping[str, list[MonthPoint]]
    stages: Mapping[str, StageFigures]
    stage_counts_by_theme: Mapping[int, Mapping[str, int]]
    measures: int
    illustrative: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures of the source that do not agree: first minus second, end by end.

    Single values stand at `full`. `code` is by_cost_type_by_sector, composition, annual or
    allocation_shares; the last is in hundredths of a per cent, all others in cents.
    """

    code: str
    first: tuple[int | None, int | None]
    second: tuple[int | None, int | None]
    cautious: int | None
    full: int | None
    params: Mapping[str, object] = field(default_factory=dict)


# --- adding ------------------------------------------------------------------------------------------------


def add_known(parts: Iterable[int | None]) -> int | None:
    """Sum of the known parts; None when nothing is known."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def add_levels(parts: Iterable[Levels]) -> Levels:
    """Level by level sum of what is known."""
    rows = list(parts)
    return Levels(**{f.name: add_known(getattr(row, f.name) for row in rows) for f in fields(Levels)})


# --- months as bits ----------------------------------------------------------------------------------------

#: All twelve months; bit 0 is January.
WHOLE_YEAR = 0b1111_1111_1111
DECEMBER = 11


def months_before(year: int, month: date | None) -> int:
    """Bits of the months of `year` that lie before `month`; none when it is None."""
    if month is None or year > month.year:
        return 0
    return WHOLE_YEAR if year < month.year else (1 << (month.month - 1)) - 1


def months_through(year: int, month: date | None) -> int:
    """Bits of the months of `year` up to and including `month`; none when it is None."""
    if month is None or year > month.year:
        return 0
    return WHOLE_YEAR if year < month.year else (1 << month.month) - 1


@dataclass(frozen=True, slots=True)
class Clock:
    """What the figures are figured for: the status date, the closed months and the programme's years."""

    as_of: date
    closed_through: date | None
    start_year: int
    final_year: int

    def closed(self, year: int) -> int:
        """Bits of the closed months of the year (R3)."""
        return months_through(year, self.closed_through)

    def to_date(self, year: int) -> int:
        """Bits of the months of the year up to and including that of the status date."""
        return months_through(year, self.as_of)

    @property
    def status_year(self) -> int:
        """Year of the status date, held inside the programme's years."""
        return min(max(self.as_of.year, self.start_year), self.final_year)


def closed_through(closed: Iterable[date], reopened: Iterable[date]) -> date | None:
    """Last closed month that has no reopened month at or before it; None when there is none (R3).

    Closing a month closes what lies before it; reopening a month opens what lies after it.
    """
    closed = set(closed)
    opened = min((month for month in reopened if month not in closed), default=None)
    return max((month for month in closed if opened is None or month < opened), default=None)


# --- the cube ----------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """Twelve months of one series, summed over lines that the rules treat alike, for one slice.

    `phase` is `standing`, or `before` / `after` the withdrawal of their measure (R6): a row of a
    withdrawn measure comes in two parts, except for its approved plan. `known` has a bit for each month in
    which at least one line has a value; `months` are zero elsewhere. Corrections know nothing: known = 0.
    """

    slice: Hashable
    permanence: str
    line_class: str
    in_base: bool
    phase: str
    series: str
    year: int
    known: int
    months: Sequence[int]


class Track:
    """Monthly amounts of one slice by level, permanence and year, and which of the months are known."""

    __slots__ = ("amounts", "known")

    def __init__(self) -> None:
        self.amounts: dict[tuple[str, str, int], list[int]] = {}
        self.known: dict[tuple[str, str, int], int] = {}

    def add(self, level: str, permanence: str, cell: Cell, mask: int = WHOLE_YEAR) -> None:
        """Adds the months of the cell that the mask lets through."""
        if not mask:
            return
        key = (level, permanence, cell.year)
        row = self.amounts.get(key)
        if mask == WHOLE_YEAR:
            self.amounts[key] = (
                list(cell.months) if row is None else [a + b for a, b in zip(row, cell.months, strict=True)]
            )
        else:
            if row is None:
                row = self.amounts[key] = [0] * 12
            for month, cents in enumerate(cell.months):
                if cents and mask >> month & 1:
                    row[month] += cents
        self.known[key] = self.known.get(key, 0) | (cell.known & mask)

    def years(self) -> list[int]:
        return sorted({year for _, _, year in self.amounts})

    def is_known(self, level: str, kinds: Sequence[str], year: int, mask: int) -> bool:
        return any(self.known.get((level, kind, year), 0) & mask for kind in kinds)

    def sum(self, level: str, kinds: Sequence[str], year: int, mask: int = WHOLE_YEAR) -> int:
        total = 0
        for kind in kinds:
            row = self.amounts.get((level, kind, year))
            if row is not None:
                if mask == WHOLE_YEAR:
                    total += sum(row)
                else:
                    total += sum(cents for month, cents in enumerate(row) if mask >> month & 1)
        return total


#: Permanences that make up the level change, and all of them.
LEVEL_KINDS = (LASTING, SEASONAL)
ALL_KINDS = (LASTING, SEASONAL, ONE_OFF)
NEW, IN_BASE = "new", "in_base"
Book = tuple[Hashable, str]


def fold(cells: Iterable[Cell], clock: Clock) -> dict[Book, Track]:
    """Applies R4 and R6 to the cells: one track for each slice and book.

    The book is `new` or `in_base` for lines that count as cash, else the line class (R2, R14).
    """
    tracks: dict[Book, Track] = defaultdict(Track)
    for cell in cells:
        book = cell.line_class if cell.line_class != CASH else IN_BASE if cell.in_base else NEW
        _enter(tracks[cell.slice, book], cell, clock)
    return tracks


def _enter(track: Track, cell: Cell, clock: Clock) -> None:
    """One cell into its track.

    What a withdrawn measure did before it was withdrawn counts as one-off; what lies after leaves plan
    and forecast. In closed months the forecast is what was claimed and not refused; the owner's own
    forecast counts in open months only.
    """
    series, withdrawn = cell.series, cell.phase != "standing"
    permanence = ONE_OFF if withdrawn else cell.permanence
    gone = cell.phase == "after"
    if series in ("plan", "forecast") and gone:
        return
    if series == "forecast":
        track.add("forecast", permanence, cell, WHOLE_YEAR & ~clock.closed(cell.year))
        return
    track.add(series, permanence, cell)
    if series in ("confirmed", "undecided") and not gone:
        track.add("forecast", permanence, cell, clock.closed(cell.year))


# --- figures -----------------------------------------------------------------------------------------------


def levels_of(track: Track, kinds: Sequence[str], masks: Mapping[int, int]) -> Levels:
    """Sums of the months in `masks` (year: bits). Refused is what is left of the claims (R7)."""

    def known(level: str) -> bool:
        return any(track.is_known(level, kinds, year, mask) for year, mask in masks.items())

    def total(level: str) -> int:
        return sum(track.sum(level, kinds, year, mask) for year, mask in masks.items())

    return _levels(known, total)


def _levels(known: Callable[[str], bool], total: Callable[[str], int]) -> Levels:
    plans = {level: total(level) if known(level) else None for level in ("plan", "plan_approved", "forecast")}
    if not known("claimed"):
        return Levels(**plans)
    claimed, confirmed, undecided = total("claimed"), total("confirmed"), total("undecided")
    return Levels(
        **plans, claimed=claimed, confirmed=confirmed, undecided=undecided,
        refused=claimed - confirmed - undecided,
    )  # fmt: skip


def year_figures(track: Track, year: int) -> YearFigures:
    """Lasting, one-off and both together for one year."""
    masks = {year: WHOLE_YEAR}
    lasting, one_off = levels_of(track, LEVEL_KINDS, masks), levels_of(track, (ONE_OFF,), masks)
    return YearFigures(lasting, one_off, add_levels([lasting, one_off]))


def run_rate(track: Track, level: str, month: date | None) -> int | None:
    """12 x the lasting effect of the month, and the last twelve months of seasonal lines (R1, R8)."""
    if month is None:
        return None
    masks = {
        month.year: months_through(month.year, month),
        month.year - 1: WHOLE_YEAR & ~months_through(month.year, month),
    }
    bit = 1 << (month.month - 1)
    # A decided month of a slice without a confirmation is a confirmed nought: the claim is what is known.
    witness = "claimed" if level in ("confirmed", "undecided") else level
    known = track.is_known(witness, (LASTING,), month.year, bit) or any(
        track.is_known(witness, (SEASONAL,), year, mask) for year, mask in masks.items()
    )
    if not known:
        return None
    seasonal = sum(track.sum(level, (SEASONAL,), year, mask) for year, mask in masks.items())
    return 12 * track.sum(level, (LASTING,), month.year, bit) + seasonal


def run_rate_months(track: Track, clock: Clock) -> LevelMonths:
    """Plans and forecast: December of the status year. Claims: the latest closed month.

    Confirmed: the latest closed month that has claims and none of them undecided. The months are found
    for all new lines of the programme at once, so that every breakdown of a run rate foots.
    """
    december = date(clock.status_year, 12, 1)
    return LevelMonths(december, december, december, clock.closed_through, _decided_month(track, clock))


def _decided_month(track: Track, clock: Clock) -> date | None:
    for year in reversed(track.years()):
        claimed, undecided = (
            _bits(track, level, year) & clock.closed(year) for level in ("claimed", "undecided")
        )
        if decided := claimed & ~undecided:
            return date(year, decided.bit_length(), 1)
    return None


def _bits(track: Track, level: str, year: int) -> int:
    bits = 0
    for kind in ALL_KINDS:
        bits |= track.known.get((level, kind, year), 0)
    return bits


_NOTHING = Track()


def figures(new: Track | None, base: Track | None, clock: Clock, months: LevelMonths) -> Figures:
    """The figures of one slice from its new lines and its lines inside the base."""
    new, base = new or _NOTHING, base or _NOTHING
    if new is _NOTHING and base is _NOTHING:
        return Figures(run_rate_months=months)
    years = {year: year_figures(new, year) for year in new.years()}
    base_years = {year: year_figures(base, year) for year in base.years()}
    to_date = levels_of(base, ALL_KINDS, {year: clock.to_date(year) for year in base_years})
    level = base_years[clock.final_year].lasting if clock.final_year in base_years else Levels()
    status_year = years[clock.status_year].lasting if clock.status_year in years else Levels()
    december = date(clock.status_year, 12, 1)
    return Figures(
        level_change=years[clock.final_year].lasting if clock.final_year in years else Levels(),
        cumulative=levels_of(new, ALL_KINDS, {year: clock.to_date(year) for year in years}),
        period=add_levels(
            figure.effect for year, figure in years.items() if clock.start_year <= year <= clock.final_year
        ),
        run_rate=Levels(**{f.name: run_rate(new, f.name, getattr(months, f.name)) for f in fields(months)}),
        in_base=Levels(
            level.plan, level.plan_approved, level.forecast,
            to_date.claimed, to_date.confirmed, to_date.undecided, to_date.refused,
        ),
        years=years,
        in_base_years=base_years,
        run_rate_months=months,
        carry_over=Levels(
            **{
                name: _less(run_rate(new, name, december), getattr(status_year, name))
                for name in ("plan", "plan_approved", "forecast")
            }
        ),
    )  # fmt: skip


def _less(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first - second


def month_points(track: Track, level: str, clock: Clock) -> list[MonthPoint]:
    """Every month of the programme's years; None where nothing is known."""
    witness = "claimed" if level in ("confirmed", "undecided", "refused") else level
    points = []
    for year in range(clock.start_year, clock.final_year + 1):
        for month in range(12):
            bit = 1 << month
            lasting, one_off = (
                _level_month(track, level, kinds, year, bit)
                if track.is_known(witness, kinds, year, bit)
                else None
                for kinds in (LEVEL_KINDS, (ONE_OFF,))
            )
            points.append(MonthPoint(date(year, month + 1, 1), lasting, one_off))
    return points


def _level_month(track: Track, level: str, kinds: Sequence[str], year: int, bit: int) -> int:
    if level != "refused":
        return track.sum(level, kinds, year, bit)
    claimed, confirmed, undecided = (
        track.sum(name, kinds, year, bit) for name in ("claimed", "confirmed", "undecided")
    )
    return claimed - confirmed - undecided


# --- overlaps (R5) -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OverlapRow:
    """A declared overlap. `amount` a month has the sign of the effect that is counted twice.

    `other_withdrawn_from`: the first month in which the line that keeps the effect has left (R6).
    """

    yielding: Hashable
    other: Hashable
    amount: int
    first: date
    last: date | None = None
    other_withdrawn_from: date | None = None


class Correction(NamedTuple):
    """Twelve months that overlaps give back on the yielding line, in one series and year."""

    line: Hashable
    series: str
    year: int
    months: tuple[int, ...]


#: Known months and amounts of a line: (series, year) -> (known bits, twelve amounts).
LineSeries = Mapping[tuple[str, int], tuple[int, Sequence[int]]]


def overlap_corrections(
    overlaps: Iterable[OverlapRow], lines: Mapping[Hashable, LineSeries]
) -> Iterator[Correction]:
    """The corrections of all overlaps: at most the smaller of the two effects, in each series and month.

    Taken from plan, approved plan, forecast and claims, never from what is confirmed; a correction of
    an undecided claim corrects `undecided` too. It ends when the measure that keeps the effect is
    withdrawn, but for the approved plan, which knows no withdrawal.
    """
    left = {
        line: {key: list(months) for key, (_, months) in series.items()} for line, series in lines.items()
    }
    for overlap in overlaps:
        theirs = lines.get(overlap.other, {})
        for (series, year), (known, _) in lines.get(overlap.yielding, {}).items():
            if series in ("confirmed", "undecided", "refused") or (series, year) not in theirs:
                continue
            mine = left[overlap.yielding][series, year]
            mask = _overlap_months(overlap, series, year) & known & theirs[series, year][0]
            given = tuple(
                _given(overlap.amount, mine[month], theirs[series, year][1][month])
                if mask >> month & 1
                else 0
                for month in range(12)
            )
            if not any(given):
                continue
            left[overlap.yielding][series, year] = [a + b for a, b in zip(mine, given, strict=True)]
            yield Correction(overlap.yielding, series, year, given)
            open_claims = lines[overlap.yielding].get(("undecided", year), (0, ()))[0]
            if series == "claimed" and open_claims:
                undecided = tuple(
                    cents if open_claims >> month & 1 else 0 for month, cents in enumerate(given)
                )
                yield Correction(overlap.yielding, "undecided", year, undecided)


def _overlap_months(overlap: OverlapRow, series: str, year: int) -> int:
    mask = WHOLE_YEAR & ~months_before(year, overlap.first)
    if overlap.last is not None:
        mask &= months_through(year, overlap.last)
    if overlap.other_withdrawn_from is not None and series != "plan_approved":
        mask &= months_before(year, overlap.other_withdrawn_from)
    return mask


def _given(amount: int, mine: int, theirs: int) -> int:
    """What the yielding line gives back: the opposite of the smallest effect of the same sign, else 0."""
    if amount < 0 and mine < 0 and theirs < 0:
        return -max(amount, mine, theirs)
    if amount > 0 and mine > 0 and theirs > 0:
        return -min(amount, mine, theirs)
    return 0


# --- ladder, shares, reconciliation, differences -----------------------------------------------------------


def ladder(*, stated: int | None, in_base: int | None, active: int, released: int) -> Ladder:
    """The rungs of the stated target; what no rung carries was never allocated (R9)."""
    never = None if stated is None else stated - (in_base or 0) - active - released
    return Ladder(stated, in_base, active, released, never)


def share_of_target(value: int | None, target: int | None) -> Decimal | None:
    """Share of a saving target (0..1 and beyond). None for plus and zero targets: euros and a dash (R16)."""
    if value is None or target is None or target >= 0:
        return None
    return Decimal(value) / Decimal(target)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Ledger of a sector and cost type against what the measures explain (R10), EUR cents.

    `ledger` and `unexplained` are None while the books are awaited.
    """

    base: int
    drivers: int
    in_base_shortfall: int
    confirmed_new: int
    expected: int
    ledger: int | None
    unexplained: int | None


def reconcile(
    *, base: int, drivers: int, confirmed_in_base: int, planned_in_base: int, confirmed_new: int,
    ledger: int | None,
) -> Reconciliation:  # fmt: skip
    """Expected = base + drivers + (confirmed in base - planned in base) + confirmed new, one-offs included."""
    shortfall = confirmed_in_base - planned_in_base
    expected = base + drivers + shortfall + confirmed_new
    return Reconciliation(
        base,
        drivers,
        shortfall,
        confirmed_new,
        expected,
        ledger,
        None if ledger is None else ledger - expected,
    )


def difference(
    code: str,
    first: tuple[int | None, int | None],
    second: tuple[int | None, int | None],
    **params: object,
) -> Difference | None:
    """First minus second, end by end; None when they agree or nothing can be compared."""
    cautious, full = _less(first[0], second[0]), _less(first[1], second[1])
    if not cautious and not full:
        return None
    return Difference(code, first, second, cautious, full, params)
