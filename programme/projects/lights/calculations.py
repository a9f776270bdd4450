"""What each light of a project is, by stated thresholds: figures in, a light and what its words are made of out.

No Django, no clock, no database. "No data" is a light of its own, never green. Every threshold is the first value
that is no longer the better light: 15 days late is yellow where yellow begins at 15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

GREEN, YELLOW, RED, NO_DATA = "green", "yellow", "red", "no_data"
#: From the best to the worst; what has no data is in no order with them.
ORDER = {GREEN: 0, YELLOW: 1, RED: 2}

Names = Mapping[str, str]


@dataclass(frozen=True)
class Computed:
    """A light as computed: the code of its sentence and what the sentence is made of (plain JSON values)."""

    light: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def is_worse(light: str, than: str | None) -> bool:
    """Whether the light is worse than the other; lights without data are neither better nor worse."""
    return light in ORDER and than in ORDER and ORDER[light] > ORDER[than]


def worse_of(first: str, second: str | None) -> str:
    """The worse of two lights; one that is known goes before one without data."""
    known = [one for one in (first, second) if one in ORDER]
    return max(known, key=lambda one: ORDER[one], default=NO_DATA)


def _light(value: Any, yellow: Any, red: Any) -> str:
    """Red from `red` on, yellow from `yellow` on, else green."""
    return RED if value >= red else YELLOW if value >= yellow else GREEN


# --- schedule ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """Something with a day: as first planned, as now expected, as it came; `names` by language."""

    names: Names
    baseline: dt.date | None
    forecast: dt.date | None
    actual: dt.date | None = None

    @property
    def expected(self) -> dt.date | None:
        return self.forecast or self.baseline

    @property
    def slip(self) -> int:
        """Days that the expected day lies after the one first planned; below zero when it comes earlier."""
        if self.baseline is None or self.expected is None:
            return 0
        return (self.expected - self.baseline).days

    def overdue(self, today: dt.date) -> int:
        """Days that have gone by since the expected day; 0 while it lasts."""
        return 0 if self.expected is None else max(0, (today - self.expected).days)


@dataclass(frozen=True)
class ScheduleLimits:
    """Days."""

    slip_yellow: int
    slip_red: int
    overdue_yellow: int
    overdue_red: int


@dataclass(frozen=True)
class Pushed:
    """What a link pushes: something of the project comes `days` later than planned because of what it waits for."""

    days: int
    names: Names


def schedule_light(
    rows: Sequence[Planned], today: dt.date, limits: ScheduleLimits, pushed: Pushed | None = None
) -> Computed:
    """By the worst open milestone: days past its expected day, then days moved from the first plan.

    A delay that only comes through a link warns: it is yellow at most.
    """
    if not rows:
        return Computed(NO_DATA, "schedule_none")
    standing = [row for row in rows if row.actual is None]
    if not standing:
        return Computed(GREEN, "schedule_done", {"count": len(rows)})
    late = max(standing, key=lambda row: row.overdue(today))
    moved = max(standing, key=lambda row: row.slip)
    by_late = _light(late.overdue(today), limits.overdue_yellow, limits.overdue_red)
    by_moved = _light(moved.slip, limits.slip_yellow, limits.slip_red)
    if by_late != GREEN and ORDER[by_late] >= ORDER[by_moved]:
        return Computed(
            by_late,
            "schedule_late",
            {"days": late.overdue(today), "names": dict(late.names), "on": _text(late)},
        )
    if by_moved != GREEN:
        return Computed(
            by_moved, "schedule_moved", {"days": moved.slip, "names": dict(moved.names), "on": _text(moved)}
        )
    if pushed is not None and pushed.days >= limits.slip_yellow:
        return Computed(YELLOW, "schedule_pushed", {"days": pushed.days, "names": dict(pushed.names)})
    return Computed(GREEN, "schedule_green", {"count": len(standing)})


def _text(row: Planned) -> str:
    return row.expected.isoformat() if row.expected else ""


# --- money -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearMoney:
    """A source's year, EUR cents, costs positive."""

    budget: int
    forecast: int | None
    actual: int | None = None

    @property
    def expected(self) -> int | None:
        """The forecast; where nobody gave one, what is spent already when that is beyond the budget."""
        if self.forecast is not None:
            return self.forecast
        return self.actual if self.actual is not None and self.actual > self.budget else None


def money_light(rows: Sequence[YearMoney], *, yellow_percent: Decimal, red_percent: Decimal) -> Computed:
    """By how many per cent the expected cost is above the budget, over the rows of which something is expected."""
    if not rows:
        return Computed(NO_DATA, "money_none")
    known = [row for row in rows if row.expected is not None]
    if not known:
        return Computed(NO_DATA, "money_unforecast")
    budget = sum(row.budget for row in known)
    expected = sum(row.expected or 0 for row in known)
    params = {"budget": budget, "expected": expected}
    if budget <= 0:
        return Computed(
            RED if expected > 0 else GREEN, "money_unbudgeted" if expected > 0 else "money_within", params
        )
    over = Decimal(expected - budget) * 100 / budget
    light = _light(over, yellow_percent, red_percent)
    return Computed(light, "money_within" if light == GREEN else "money_over", params)


# --- people ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonNow:
    """Somebody who works in the project now: whether a substitute is missing, and the share over all projects."""

    name: str
    lacks_substitute: bool
    load: Decimal


@dataclass(frozen=True)
class PeopleLimits:
    """Counts, and shares of working time (1 is full time). `nobody` is the light of a project without people."""

    lacking_yellow: int
    lacking_red: int
    load_yellow: Decimal
    load_red: Decimal
    nobody: str


def people_light(people: Sequence[PersonNow], limits: PeopleLimits) -> Computed:
    """By how many lack a substitute and by the heaviest load; a load counts when it is above its threshold."""
    if not people:
        return Computed(limits.nobody, "resources_none")
    lacking = sum(person.lacks_substitute for person in people)
    heaviest = max(people, key=lambda person: person.load)
    by_lacking = _light(lacking, limits.lacking_yellow, limits.lacking_red)
    by_load = (
        RED if heaviest.load > limits.load_red else YELLOW if heaviest.load > limits.load_yellow else GREEN
    )
    params = {
        "count": len(people), "lacking": lacking, "name": heaviest.name,
        "percent": int((heaviest.load * 100).to_integral_value()),
    }  # fmt: skip
    if by_load != GREEN and ORDER[by_load] >= ORDER[by_lacking]:
        return Computed(by_load, "resources_load", params)
    if by_lacking != GREEN:
        return Computed(by_lacking, "resources_substitutes", params)
    return Computed(GREEN, "resources_green", params)


# --- savings, indicators and risks: called by the apps that hold them ------------------------------------------------


Saving = tuple[int | None, int | None]


def savings_light(rows: Sequence[Saving], *, yellow_below: Decimal, red_below: Decimal) -> Computed:
    """By the share of the planned saving that the forecast reaches; (plan, forecast) of each measure in cents.

    Savings are negative. Measures without a forecast are left out of both sums and counted; a project whose
    measures plan no saving, or of which no forecast is known, has no data.
    """
    planned = [row for row in rows if row[0] is not None]
    if sum(plan or 0 for plan, _forecast in planned) >= 0:
        return Computed(NO_DATA, "savings_none")
    known = [row for row in planned if row[1] is not None]
    plan, forecast = sum(row[0] or 0 for row in known), sum(row[1] or 0 for row in known)
    params = {"plan": plan, "forecast": forecast, "unknown": len(planned) - len(known)}
    if plan >= 0:
        return Computed(NO_DATA, "savings_unforecast", params)
    share = Decimal(forecast) / Decimal(plan)
    light = RED if share < red_below else YELLOW if share < yellow_below else GREEN
    return Computed(light, "savings_reached" if light == GREEN else "savings_short", params)


@dataclass(frozen=True)
class Followed:
    """Indicators that a project's measures are followed by, counted by how they stand.

    `waiting` are those whose effect cannot show yet or whose newest figure is late: a lagging one is not red.
    """

    reached: int = 0
    partly: int = 0
    missed: int = 0
    waiting: int = 0
    unjudged: int = 0
    worst: Names = field(default_factory=dict)

    @property
    def judged(self) -> int:
        return self.reached + self.partly + self.missed


def kpis_light(found: Followed, *, red_share: Decimal) -> Computed:
    """Red when at least `red_share` of the judged indicators miss their target, yellow when any does or is partly."""
    params = {
        "judged": found.judged, "missed": found.missed, "partly": found.partly, "waiting": found.waiting,
        "names": dict(found.worst),
    }  # fmt: skip
    if not found.judged:
        return Computed(NO_DATA, "kpis_waiting" if found.waiting else "kpis_none", params)
    if found.missed and Decimal(found.missed) / found.judged >= red_share:
        return Computed(RED, "kpis_missed", params)
    if found.missed:
        return Computed(YELLOW, "kpis_missed", params)
    return (
        Computed(YELLOW, "kpis_partly", params) if found.partly else Computed(GREEN, "kpis_reached", params)
    )


@dataclass(frozen=True)
class OpenRisk:
    """An open risk: likelihood x impact now (1 to 25), None while nobody has assessed it."""

    level: int | None
    names: Names


def risks_light(rows: Sequence[OpenRisk], *, appetite: int, red_from: int) -> Computed:
    """By the worst open risk: yellow above what is accepted, red from `red_from`."""
    known = [row for row in rows if row.level is not None]
    if not known:
        return Computed(NO_DATA, "risks_unassessed" if rows else "risks_none", {"count": len(rows)})
    worst = max(known, key=lambda row: row.level or 0)
    level = worst.level or 0
    light = RED if level >= red_from else YELLOW if level > appetite else GREEN
    params = {"level": level, "appetite": appetite, "names": dict(worst.names)}
    return Computed(light, "risks_within" if light == GREEN else "risks_above", params)
