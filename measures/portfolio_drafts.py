"""Illustrative measures as they are invented: lines and months in plain numbers, before anything is written.

The programme files say how many measures there are but not which. What is drafted here is our own
invention. Only whole numbers are used, so that every machine makes the same.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.money import spread
from measures import portfolio_words as words
from measures.models import LineClass, Permanence, Series, Stage
from programme.models import CostType, Goal, Programme, Sector, Theme

#: Measures in each stage out of 118, as the programme's first big room found them.
STAGES = {
    Stage.IDENTIFIED: 14, Stage.PLANNED: 41, Stage.DECIDED: 22, Stage.IN_DELIVERY: 27, Stage.CLOSED: 9,
    Stage.ON_HOLD: 4, Stage.WITHDRAWN: 1,
}  # fmt: skip
#: Weight of a sector when measures are dealt out, and of its amounts.
SECTORS = {"tespa": (45, 40), "sospa": (30, 26), "pela": (8, 3), "": (17, 12)}
#: So many measures the amounts are made for; with more, each is smaller.
TYPICAL = 118
WITHDRAWN_CODE_NUMBER = 41
#: Run rate of the claims of the latest closed month, and of what is confirmed of the month before, in per
#: mille of the planned level: 9.9 and 3.6 of 56.3 M€.
CLAIMED_OF_PLAN, CONFIRMED_OF_PLAN = 176, 64
#: What is confirmed of a line's claims, in per mille, before it is settled.
CONFIRMED_SHARES = (1000, 1000, 1000, 900, 800, 700, 500, 0)
#: Months of a seasonal saving: summer closing.
SUMMER = {6, 7, 8}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The programme's months; `closed` is the number of closed ones, `today` the status date."""

    months: list[date]
    closed: int
    today: date

    @property
    def final(self) -> range:
        """Positions of the final year."""
        return range(len(self.months) - 12, len(self.months))


@dataclass
class Line:
    """One savings line to be written; month series in cents by position, None where nothing is known."""

    sector: Sector
    cost_type: CostType
    permanence: str
    line_class: str
    weight: int
    start: int
    ramp: int
    plan: list[int | None] = field(default_factory=list)
    plan_approved: list[int | None] = field(default_factory=list)
    forecast: list[int | None] = field(default_factory=list)
    claimed: list[int | None] = field(default_factory=list)
    confirmed_share: int = 1000
    id: int = 0

    def series(self) -> Iterator[tuple[str, list[int | None]]]:
        yield Series.PLAN, self.plan
        yield Series.PLAN_APPROVED, self.plan_approved
        yield Series.FORECAST, self.forecast
        yield Series.CLAIMED, self.claimed

    def shape(self, calendar: Calendar, *, later: int = 0) -> list[int]:
        """Per mille of the full effect in each month, `later` months after what was planned."""
        start = self.start + later
        rows = [min(1000, 1000 * max(0, at - start + 1) // self.ramp) for at in range(len(calendar.months))]
        if self.permanence == Permanence.SEASONAL:
            return [
                part if month.month in SUMMER else 0
                for part, month in zip(rows, calendar.months, strict=True)
            ]
        return rows


@dataclass
class Draft:
    """One measure to be written."""

    number: int
    theme: Theme
    goal: Goal
    stage: str
    lines: list[Line] = field(default_factory=list)
    names: words.Words = ("", "", "")
    delay: int = 0
    quality: int = 1000
    id: int = 0

    @property
    def main(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Structure:
    """What the programme offers: themes with their lowest goals, sectors, cost types, the target."""

    programme: Programme
    goals: dict[Theme, list[Goal]]
    sectors: list[Sector]
    cost_types: list[CostType]
    levels: dict[tuple[int, int], tuple[int, int]]  # (theme, cost type) -> plan, forecast in cents
    shares: dict[Theme, int]


def draft_measures(
    structure: Structure, calendar: Calendar, *, count: int, seed: int, dense: bool = False
) -> list[Draft]:
    """The measures with their lines and months. The same arguments give the same drafts."""
    rng = random.Random(seed)
    drafts = _deal(structure, count, rng)
    for draft in drafts:
        _invent(draft, structure, calendar, rng, dense=dense)
    _name(drafts)
    _plan(drafts, structure, calendar)
    for draft in drafts:
        _follow(draft, calendar, rng)
    _settle(drafts, structure, calendar)
    _forecast(drafts, structure, calendar)
    if dense:
        _fill(drafts, calendar)
    return drafts


def _deal(structure: Structure, count: int, rng: random.Random) -> list[Draft]:
    """Themes, goals and stages by their shares; the rest of a division goes to the larger ones."""
    themes = list(structure.goals)
    sizes = spread(count, [structure.shares[theme] for theme in themes])
    seats = [theme for theme, size in zip(themes, sizes, strict=True) for _ in range(size)]
    stages = [
        stage for stage, size in zip(STAGES, spread(count, list(STAGES.values())), strict=True)
        for _ in range(size)
    ]  # fmt: skip
    rng.shuffle(seats)
    rng.shuffle(stages)
    if Stage.WITHDRAWN in stages and count >= WITHDRAWN_CODE_NUMBER:
        at = stages.index(Stage.WITHDRAWN)
        stages[at], stages[WITHDRAWN_CODE_NUMBER - 1] = stages[WITHDRAWN_CODE_NUMBER - 1], stages[at]
    turn: dict[Theme, int] = defaultdict(int)
    drafts = []
    for number, (theme, stage) in enumerate(zip(seats, stages, strict=True), 1):
        goals = structure.goals[theme]
        drafts.append(Draft(number, theme, goals[turn[theme] % len(goals)], stage))
        turn[theme] += 1
    return drafts


def _invent(
    draft: Draft, structure: Structure, calendar: Calendar, rng: random.Random, *, dense: bool
) -> None:
    """Lines, start, ramp and how well the delivery goes."""
    sector, size = _sector(structure.sectors, rng)
    start, ramp = _start(draft.stage, calendar, rng)
    cost_type = _cost_type(draft, structure, rng)
    weight = rng.randint(4, 30) ** 2 * size
    kind, line_class = Permanence.LASTING, LineClass.CASH
    if not dense and draft.number % 53 == 7:
        kind = Permanence.SEASONAL
    elif not dense and draft.number % 53 == 29:
        line_class = LineClass.AVOIDED
    draft.lines.append(Line(sector, cost_type, kind, line_class, weight, start, ramp))
    draft.delay = rng.choice((0, 0, 0, 1, 1, 2, 4))
    draft.quality = rng.choice((1050, 1000, 1000, 950, 900, 750, 600))
    draft.main.confirmed_share = rng.choice(CONFIRMED_SHARES)
    if not dense and rng.randint(1, 100) <= 18:
        one_off = Line(
            sector, cost_type, Permanence.ONE_OFF, LineClass.CASH, rng.randint(4, 30), max(0, start - 1), 1
        )
        draft.lines.append(one_off)


def _sector(sectors: Sequence[Sector], rng: random.Random) -> tuple[Sector, int]:
    weights = [next(w for part, w in SECTORS.items() if part in row.key) for row in sectors]
    sector = rng.choices(range(len(sectors)), [weight for weight, _ in weights])[0]
    return sectors[sector], weights[sector][1]


def _start(stage: str, calendar: Calendar, rng: random.Random) -> tuple[int, int]:
    """First month and months until the full effect, counted from the last closed month."""
    span = {
        Stage.CLOSED: (-9, -5), Stage.IN_DELIVERY: (-5, 0), Stage.DECIDED: (2, 7), Stage.WITHDRAWN: (3, 5),
        Stage.ON_HOLD: (4, 8), Stage.PLANNED: (3, 12), Stage.IDENTIFIED: (9, 16),
    }[Stage(stage)]  # fmt: skip
    at = calendar.closed - 1 + rng.randint(*span)
    if stage == Stage.IN_DELIVERY and rng.randint(1, 100) <= 40:
        at = calendar.closed - 1
    return min(max(0, at), len(calendar.months) - 1), rng.choice((1, 3, 4, 6))


def _cost_type(draft: Draft, structure: Structure, rng: random.Random) -> CostType:
    """By the size of the theme's levels, each cost type at least once before any comes again."""
    rows = [row for row in structure.cost_types if (draft.theme.pk, row.pk) in structure.levels]
    if not rows:
        return structure.cost_types[0]
    weights = [abs(structure.levels[draft.theme.pk, row.pk][0]) // 10_000 + 1 for row in rows]
    most = max(weights)
    return rng.choices(rows, [max(weight, most // 6) for weight in weights])[0]


def _name(drafts: list[Draft]) -> None:
    """An act of the theme and a service of the sector; a part number when both have been used."""
    used: dict[words.Words, int] = defaultdict(int)
    for draft in drafts:
        acts = words.words_for(words.ACTS, draft.theme.key)
        services = words.words_for(words.SERVICES, draft.main.sector.key)
        pair = draft.number * 7 + draft.goal.pk
        act, service = acts[draft.number % len(acts)], services[pair // len(acts) % len(services)]
        names = tuple(f"{done}: {where}" for done, where in zip(act, service, strict=True))
        used[names] += 1  # type: ignore[index]
        if used[names] > 1:  # type: ignore[index]
            part = used[names]  # type: ignore[index]
            names = tuple(f"{name}, {word} {part}" for name, word in zip(names, words.PHASE, strict=True))
        draft.names = names  # type: ignore[assignment]


Group = tuple[int, int]


def _group(draft: Draft, line: Line) -> Group:
    return draft.theme.pk, line.cost_type.pk


def makes_up_level(draft: Draft, line: Line) -> bool:
    """Whether the line makes up the level that the theme and cost type are to reach."""
    return (
        line.permanence != Permanence.ONE_OFF
        and line.line_class == LineClass.CASH
        and draft.stage != Stage.WITHDRAWN
    )


def _scaled(weight: int, shape: Iterable[int], wanted: int, whole: int) -> list[int]:
    """Months of one line in whole euros, so that lines with `whole` weight in all reach `wanted` cents."""
    sign = -1 if wanted < 0 else 1
    return [sign * (weight * part * abs(wanted) // whole // 100 * 100) for part in shape]


def _plan(drafts: list[Draft], structure: Structure, calendar: Calendar) -> None:
    """Plans that sum up to the level of each theme and cost type in the final year; approved ones beside."""
    whole: dict[Group, int] = defaultdict(int)
    for draft in drafts:
        for line in draft.lines:
            if makes_up_level(draft, line):
                shape = line.shape(calendar)
                whole[_group(draft, line)] += line.weight * sum(shape[at] for at in calendar.final)
    for draft in drafts:
        for line in draft.lines:
            group = _group(draft, line)
            if line.permanence == Permanence.ONE_OFF:
                amounts = _one_off(line, calendar, len(drafts))
            else:
                level = structure.levels.get(group, (0, 0))[0]
                amounts = _scaled(
                    line.weight, line.shape(calendar), level, whole.get(group) or 12_000 * line.weight
                )
            summer = line.permanence == Permanence.SEASONAL
            line.plan = [
                cents if at >= line.start and (cents or not summer) else None
                for at, cents in enumerate(amounts)
            ]


def _one_off(line: Line, calendar: Calendar, count: int) -> list[int]:
    """A cost of 20 000 to 150 000 EUR in one month; less each when there are many measures."""
    cents = line.weight * 500_000 * TYPICAL // max(TYPICAL, count) // 100 * 100
    return [cents if at == line.start else 0 for at in range(len(calendar.months))]


def _follow(draft: Draft, calendar: Calendar, rng: random.Random) -> None:
    """The approved plan of what is decided, and the claims of what is being delivered."""
    decided = draft.stage in (Stage.DECIDED, Stage.IN_DELIVERY, Stage.CLOSED, Stage.WITHDRAWN) or (
        draft.stage == Stage.ON_HOLD and draft.number % 2 == 0
    )
    delivered = draft.stage in (Stage.IN_DELIVERY, Stage.CLOSED)
    grown = rng.choice((100, 100, 100, 104, 108))
    kept = rng.randint(780, 960)
    for line in draft.lines:
        if line.permanence == Permanence.ONE_OFF:
            line.plan = [cents or None for cents in line.plan]
        if decided:
            line.plan_approved = [
                None if cents is None else cents * grown // 100 // 100 * 100 for cents in line.plan
            ]
        if delivered:
            line.claimed = [
                None if cents is None or at >= calendar.closed else kept_share(cents, kept)
                for at, cents in enumerate(line.plan)
            ]


def kept_share(cents: int, per_mille: int) -> int:
    """A share of an amount in whole hundreds of euros."""
    sign = -1 if cents < 0 else 1
    return sign * (abs(cents) * per_mille // 1000 // 10_000 * 10_000)


def _settle(drafts: list[Draft], structure: Structure, calendar: Calendar) -> None:
    """Brings claims and confirmations to the run rates that suit the planned level."""
    lines = [
        line
        for draft in drafts
        for line in draft.lines
        if line.claimed and line.permanence == Permanence.LASTING and line.line_class == LineClass.CASH
    ]
    level = sum(plan for plan, _ in structure.levels.values())
    last, before = calendar.closed - 1, calendar.closed - 2
    claimed = 12 * sum(line.claimed[last] or 0 for line in lines)
    if level >= 0 or claimed >= 0 or before < 0:
        return
    factor = min(1500, max(300, level * CLAIMED_OF_PLAN // claimed))
    for line in lines:
        line.claimed = [None if cents is None else kept_share(cents, factor) for cents in line.claimed]

    def confirmed(line: Line) -> int:
        return kept_share(line.claimed[before] or 0, line.confirmed_share)

    gap = level * CONFIRMED_OF_PLAN // 1000 // 12 - sum(confirmed(line) for line in lines)
    for line in lines:
        was, claim = confirmed(line), line.claimed[before] or 0
        if claim >= 0 or not gap:
            continue
        wanted = min(0, max(claim, was + gap))
        line.confirmed_share = -(-1000 * wanted // claim)
        gap -= confirmed(line) - was


def _forecast(drafts: list[Draft], structure: Structure, calendar: Calendar) -> None:
    """Forecasts of the open months: late and smaller than planned, to the level of the theme and cost type."""
    shapes: dict[int, list[int]] = {}
    whole: dict[Group, int] = defaultdict(int)
    for draft in drafts:
        if draft.stage == Stage.IDENTIFIED and draft.number % 5 < 2:
            continue  # Nobody has forecast it yet: unknown is not zero.
        shape = [part * draft.quality // 1000 for part in draft.main.shape(calendar, later=draft.delay)]
        shapes[draft.number] = shape
        if makes_up_level(draft, draft.main):
            whole[_group(draft, draft.main)] += draft.main.weight * sum(shape[at] for at in calendar.final)
    for draft in drafts:
        for line in draft.lines:
            line.forecast = _line_forecast(draft, line, structure, calendar, shapes, whole)


def _line_forecast(
    draft: Draft, line: Line, structure: Structure, calendar: Calendar, shapes: dict[int, list[int]],
    whole: dict[Group, int],
) -> list[int | None]:  # fmt: skip
    if draft.number not in shapes:
        return []
    if line.permanence == Permanence.ONE_OFF:
        return [cents if at >= calendar.closed else None for at, cents in enumerate(line.plan)]
    group = _group(draft, line)
    level = structure.levels.get(group, (0, 0))[1]
    amounts = _scaled(line.weight, shapes[draft.number], level, whole.get(group) or 12_000 * line.weight)
    return [cents if at >= max(calendar.closed, line.start) else None for at, cents in enumerate(amounts)]


def _fill(drafts: list[Draft], calendar: Calendar) -> None:
    """Plan, forecast and claim in every month: as many rows as there can be, for measuring speed."""
    for draft in drafts:
        line = draft.main
        line.plan_approved = []
        line.plan = [cents or 0 for cents in line.plan]
        forecast = line.forecast or line.plan
        line.forecast = [cents or 0 for cents in forecast]
        line.claimed = [kept_share(cents or 0, 900) for cents in line.plan]
