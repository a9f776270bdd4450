"""The figures as they are handed on: plain data, EUR cents, None for what is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

#: Levels in the order in which pages print them.
LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")

LASTING, ONE_OFF, SEASONAL = "lasting", "one_off", "seasonal"
#: A one-off line that outside money pays: gross in costs, taken off in the result effect (R15).
FUNDED = "funded"
CASH = "cash"
#: Books of lines that count 0 towards the cost target: avoided cost (R14), quality, income types (R21).
AVOIDED, QUALITY, INCOME = "avoided", "quality", "income"


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

    def __reduce__(self) -> tuple[type[Levels], tuple[int | None, ...]]:
        """By hand: a figure has hundreds of these, and what dataclasses do on their own takes three times as long."""
        return Levels, (
            self.plan, self.plan_approved, self.forecast, self.claimed, self.confirmed, self.undecided, self.refused,
        )  # fmt: skip


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
    """One year: `lasting` is its level change, `one_off` what does not repeat, `effect` both (EUR cents).

    `funded` is the part of the one-offs that outside money pays; `result` is the effect without it (R15).
    """

    lasting: Levels = Levels()
    one_off: Levels = Levels()
    effect: Levels = Levels()
    funded: Levels = Levels()

    @property
    def result(self) -> Levels:
        """The result effect: what the year's own money feels."""
        return less_levels(self.effect, self.funded)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one slice (programme, theme, goal, sector, cost type, stage, measure, line).

    All but `in_base` and `in_base_years` are of new lines that count as cash (R2, R14):
    `level_change` lasting effects of the final year; `cumulative` all months up to that of the status date;
    `period` all months of the programme; `run_rate` 12 x the month in `run_rate_months` (R8);
    `carry_over` 12 x December less the level change of the status year (plan, plan_approved, forecast).
    `in_base`, `avoided` and `income`: plan, plan_approved and forecast as level of the final year, claims and
    what became of them to date; each stands beside and is part of nothing else (R2, R14, R21).
    `funded`: one-off costs to date that outside money pays (R15).
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
    avoided: Levels = Levels()
    income: Levels = Levels()
    funded: Levels = Levels()

    @property
    def cumulative_net(self) -> Levels:
        """All months so far without the one-off costs that outside money pays (R15)."""
        return less_levels(self.cumulative, self.funded)

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
    beside: Mapping[str, Figures]  # by book: avoided cost, quality and income count 0 towards the target
    ladder: Ladder
    target: TargetFigures
    months: Mapping[str, list[MonthPoint]]
    stages: Mapping[str, StageFigures]
    stage_counts_by_theme: Mapping[int, Mapping[str, int]]
    measures: int
    illustrative: int
    #: Income types, kept apart from the cost target: `by_cost_type` and the total know nothing of them (R21).
    by_income_type: Mapping[int, Figures] = field(default_factory=dict)


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


def add_known(parts: Iterable[int | None]) -> int | None:
    """Sum of the known parts; None when nothing is known."""
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def add_levels(parts: Iterable[Levels]) -> Levels:
    """Level by level sum of what is known."""
    rows = list(parts)
    return Levels(**{f.name: add_known(getattr(row, f.name) for row in rows) for f in fields(Levels)})


def less_levels(first: Levels, second: Levels) -> Levels:
    """First minus second, level by level; what the second does not know takes nothing off."""
    return Levels(
        **{
            f.name: None
            if getattr(first, f.name) is None
            else getattr(first, f.name) - (getattr(second, f.name) or 0)
            for f in fields(Levels)
        }
    )


def less(first: int | None, second: int | None) -> int | None:
    """First minus second; None when either is unknown."""
    return None if first is None or second is None else first - second
