"""The savings rules of money.md as plain arithmetic (R1 to R12, R14, R16): no Django, no clock, no database.

Amounts are signed EUR cents: minus is less cost, plus is more cost. `None` is unknown, never zero.
A month is the `date` of its first day. *New lines* are the lines that are not inside the comparison base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

#: Levels in the order in which pages print them.
LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")


@dataclass(frozen=True, slots=True)
class Levels:
    """One amount for each level, EUR cents. claimed = confirmed + undecided + refused: all four known or none (R7)."""

    plan: int | None = None
    plan_approved: int | None = None
    forecast: int | None = None
    claimed: int | None = None
    confirmed: int | None = None
    undecided: int | None = None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class LevelMonths:
    """The month whose lasting effect the run rate of a level rests on (R8); None when there is no such month."""

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
    `in_base`: plan, plan_approved and forecast as level of the final year, claims and what became of them to date.
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
    """Two figures of the source that do not agree: first minus second, end by end (single values: `full` only).

    `code`: by_cost_type_by_sector, composition, year_2023, allocation_shares (per cent x 100, not cents).
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
