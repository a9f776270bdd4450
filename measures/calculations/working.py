"""The figures of a slice worked out from its tracks (R1, R2, R7, R8, R14, R15, R21)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date

from measures.calculations.cells import (
    ALL_KINDS,
    LEVEL_KINDS,
    ONCE_KINDS,
    WHOLE_YEAR,
    Clock,
    Track,
    months_through,
)
from measures.calculations.shapes import (
    FUNDED,
    LASTING,
    SEASONAL,
    Figures,
    LevelMonths,
    Levels,
    MonthPoint,
    YearFigures,
    add_levels,
    less,
)


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
    """Lasting, one-off and both together for one year, and what of it outside money pays."""
    masks = {year: WHOLE_YEAR}
    lasting, one_off = levels_of(track, LEVEL_KINDS, masks), levels_of(track, ONCE_KINDS, masks)
    return YearFigures(lasting, one_off, add_levels([lasting, one_off]), levels_of(track, (FUNDED,), masks))


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


def figures(
    new: Track | None,
    base: Track | None,
    clock: Clock,
    months: LevelMonths,
    *,
    avoided: Track | None = None,
    income: Track | None = None,
) -> Figures:
    """The figures of one slice from its new lines, its lines inside the base and those that stand beside."""
    beside = beside_levels(avoided, clock), beside_levels(income, clock)
    new, base = new or _NOTHING, base or _NOTHING
    if new is _NOTHING and base is _NOTHING:
        return Figures(run_rate_months=months, avoided=beside[0], income=beside[1])
    years = {year: year_figures(new, year) for year in new.years()}
    to_date = {year: clock.to_date(year) for year in years}
    status_year = years[clock.status_year].lasting if clock.status_year in years else Levels()
    december = date(clock.status_year, 12, 1)
    return Figures(
        level_change=years[clock.final_year].lasting if clock.final_year in years else Levels(),
        cumulative=levels_of(new, ALL_KINDS, to_date),
        period=add_levels(
            figure.effect for year, figure in years.items() if clock.start_year <= year <= clock.final_year
        ),
        run_rate=Levels(**{f.name: run_rate(new, f.name, getattr(months, f.name)) for f in fields(months)}),
        in_base=beside_levels(base, clock),
        years=years,
        in_base_years={year: year_figures(base, year) for year in base.years()},
        run_rate_months=months,
        carry_over=Levels(
            **{
                name: less(run_rate(new, name, december), getattr(status_year, name))
                for name in ("plan", "plan_approved", "forecast")
            }
        ),
        funded=levels_of(new, (FUNDED,), to_date),
        avoided=beside[0],
        income=beside[1],
    )


def beside_levels(track: Track | None, clock: Clock) -> Levels:
    """What stands beside the new lines: plans as level of the final year, claims and what became of them to date."""
    if track is None:
        return Levels()
    level = levels_of(track, LEVEL_KINDS, {clock.final_year: WHOLE_YEAR})
    to_date = levels_of(track, ALL_KINDS, {year: clock.to_date(year) for year in track.years()})
    return Levels(
        level.plan, level.plan_approved, level.forecast,
        to_date.claimed, to_date.confirmed, to_date.undecided, to_date.refused,
    )  # fmt: skip


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
                for kinds in (LEVEL_KINDS, ONCE_KINDS)
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
