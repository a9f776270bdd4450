"""Illustrative measures: as many as asked for, the same for the same seed, inside the programme's target band.

The programme files say how many measures there are but not which. What is written here is our own
invention, marked `is_illustrative` in every row that has the mark, and goes away with
`remove_measures`. Only whole numbers are used, so that every machine makes the same rows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, models

from core.bulk import BulkWriter
from core.money import spread
from core.periods import month_end, months, months_between, next_month
from measures import portfolio_words as words
from measures.models import (
    BooksClosed,
    Confirmation,
    LedgerEntry,
    LineClass,
    Measure,
    MeasureTarget,
    MeasureTotal,
    Overlap,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Series,
    Stage,
)
from measures.selectors import target_figures
from programme.models import CostType, Goal, Milestone, Programme, Project, Sector, Segment, Target, Theme

MEUR = 100_000_000
#: Measures in each stage out of 118, as the programme's first big room found them.
STAGES = {
    Stage.IDENTIFIED: 14, Stage.PLANNED: 41, Stage.DECIDED: 22, Stage.IN_DELIVERY: 27, Stage.CLOSED: 9,
    Stage.ON_HOLD: 4, Stage.WITHDRAWN: 1,
}  # fmt: skip
#: Theme by a part of its key: share of the measures, plan and forecast level by cost type in 10 000 EUR.
THEMES: dict[str, tuple[int, dict[str, tuple[int, int]]]] = {
    "digi": (42, {"henkilosto": (100, 80), "ostot": (-1550, -1000), "vuokrat": (-30, -20)}),
    "palveluverkko": (23, {"ostot": (-810, -570), "vuokrat": (-400, -300)}),
    "ostopalvelut": (31, {"ostot": (-4250, -3200), "henkilosto": (60, 40)}),
    "henkilosto": (22, {"henkilosto": (1400, 1180), "ostot": (-150, -130)}),
}
#: Weight of a sector when measures are dealt out, and of its amounts.
SECTORS = {"tespa": (45, 40), "sospa": (30, 26), "pela": (8, 3), "": (17, 12)}
#: So many measures the amounts are made for; with more, each is smaller.
TYPICAL = 118
WITHDRAWN_CODE_NUMBER = 41
WITHDRAWN_TARGET = -128_000_000
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


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written."""

    measures: int
    lines: int
    entries: int
    confirmations: int


class NoStructure(ValueError):
    """The programme has no goals, sectors or cost types for measures to stand on."""


# --- what the programme offers -----------------------------------------------------------------------------


def calendar_of(programme: Programme) -> Calendar:
    """Months of the programme; the books are closed through February of its second year, today is 31 March."""
    year = min(programme.start_year + 1, programme.end_year)
    all_months = list(months(date(programme.start_year, 1, 1), date(programme.end_year + 1, 1, 1)))
    return Calendar(all_months, months_between(all_months[0], date(year, 3, 1)), date(year, 3, 31))


def structure_of(programme: Programme) -> Structure:
    """Reads the programme's goals, sectors, cost types and targets; raises NoStructure."""
    goals = list(Goal.objects.filter(programme=programme).select_related("theme").order_by("number", "pk"))
    parents = {goal.parent_id for goal in goals}
    by_theme: dict[Theme, list[Goal]] = defaultdict(list)
    for goal in goals:
        if goal.pk not in parents:
            by_theme[goal.theme].append(goal)
    sectors = list(Sector.objects.filter(programme=programme))
    cost_types = _cost_types(programme)
    if not by_theme or not sectors or not cost_types:
        raise NoStructure
    themes = sorted(by_theme, key=lambda theme: theme.number)
    levels = _levels(programme, themes, cost_types)
    shares = {theme: profile[0] if (profile := _profile(theme)) else 30 for theme in themes}
    return Structure(
        programme, {theme: by_theme[theme] for theme in themes}, sectors, cost_types, levels, shares
    )


def _cost_types(programme: Programme) -> list[CostType]:
    """Cost types that have a target; without any, all cost types without parts."""
    rows = list(CostType.objects.filter(programme=programme, kind=CostType.Kind.COST))
    targeted = set(
        Target.objects.filter(programme=programme, kind=Target.Kind.COST_TYPE).values_list(
            "cost_type", flat=True
        )
    )
    parents = {row.parent_id for row in rows}
    return [row for row in rows if row.pk in targeted] or [row for row in rows if row.pk not in parents]


def _profile(theme: Theme) -> tuple[int, dict[str, tuple[int, int]]] | None:
    return next((profile for part, profile in THEMES.items() if part in theme.key), None)


def _levels(
    programme: Programme, themes: list[Theme], cost_types: list[CostType]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Plan and forecast level of new lines by theme and cost type.

    By the profiles when every theme has one, else the target beyond the base dealt out equally:
    nine tenths of it planned, seven tenths forecast.
    """
    levels = {}
    if all(_profile(theme) for theme in themes):
        for theme in themes:
            for part, (plan, forecast) in _profile(theme)[1].items():  # type: ignore[index]
                for row in cost_types:
                    if part in row.key:
                        levels[theme.pk, row.pk] = (plan * MEUR // 100, forecast * MEUR // 100)
        return levels
    target = target_figures(programme)
    wanted = (target.full if target.full is not None else -10 * MEUR) - (target.in_base or 0)
    parts = spread(wanted, len(themes) * len(cost_types))
    for at, theme in enumerate(themes):
        for index, row in enumerate(cost_types):
            part = parts[at * len(cost_types) + index]
            levels[theme.pk, row.pk] = (part * 9 // 10, part * 7 // 10)
    return levels


# --- inventing ---------------------------------------------------------------------------------------------


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


def _counts(draft: Draft, line: Line) -> bool:
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
            if _counts(draft, line):
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
                None if cents is None or at >= calendar.closed else _kept(cents, kept)
                for at, cents in enumerate(line.plan)
            ]


def _kept(cents: int, per_mille: int) -> int:
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
        line.claimed = [None if cents is None else _kept(cents, factor) for cents in line.claimed]

    def confirmed(line: Line) -> int:
        return _kept(line.claimed[before] or 0, line.confirmed_share)

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
        if _counts(draft, draft.main):
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
        line.claimed = [_kept(cents or 0, 900) for cents in line.plan]


# --- writing -----------------------------------------------------------------------------------------------


def write_measures(
    writer: BulkWriter,
    structure: Structure,
    calendar: Calendar,
    drafts: list[Draft],
    *,
    controller: Any = None,
) -> Written:
    """Writes projects, segments, measures, lines, months, confirmations, overlaps, ledger and closed books."""
    programme = structure.programme
    projects = _write_projects(writer, structure, calendar)
    segments = _write_segments(writer, programme)
    _write_drafts(writer, structure, calendar, drafts, projects, segments)
    lines = [line for draft in drafts for line in draft.lines]
    entries = writer.copy_rows(
        SavingsEntry, ("programme", "line", "month", "series", "amount_eur_cents", "version"),
        (
            (programme.pk, line.id, calendar.months[at], str(series), cents, 1)
            for line in lines
            for series, amounts in line.series()
            for at, cents in enumerate(amounts)
            if cents is not None
        ),
    )  # fmt: skip
    confirmations = _write_confirmations(writer, programme, calendar, lines, controller)
    _write_overlaps(writer, programme, drafts, calendar)
    _write_books(writer, structure, calendar, lines, controller)
    # Without fresh statistics the first reads would be planned for the tables as they were before.
    for model in (Measure, SavingsLine, SavingsEntry, Confirmation, MeasureTotal):
        writer.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
    return Written(len(drafts), len(lines), entries, confirmations)


def insert(writer: BulkWriter, model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """COPY of rows given by field name; what a row leaves out gets the model's default."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if (field.name in rows[0] if rows else False)
        or (not field.primary_key and not field.has_db_default())
    ]
    names = [field.name for field in fields]
    copied = (
        [row[f.name] if f.name in row else f.get_db_prep_save(f.get_default(), connection) for f in fields]
        for row in rows
    )
    writer.copy_rows(model, names, copied)


def take_ids(writer: BulkWriter, model: type[models.Model], count: int) -> list[int]:
    """New ids from the model's sequence."""
    writer.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [model._meta.db_table, count],
    )
    return [row[0] for row in writer.cursor.fetchall()]


def _named(names: words.Words) -> dict[str, str]:
    return {"name_fi": names[0], "name_sv": names[1], "name_en": names[2]}


def _write_projects(writer: BulkWriter, structure: Structure, calendar: Calendar) -> dict[int, list[int]]:
    """Three projects for each theme with four milestones each; ids by theme."""
    programme, by_theme = structure.programme, {}
    projects, milestones = [], []
    for order, theme in enumerate(structure.goals):
        names = words.words_for(words.PROJECTS, theme.key)
        by_theme[theme.pk] = take_ids(writer, Project, len(names))
        for at, (key, name) in enumerate(zip(by_theme[theme.pk], names, strict=True)):
            starts = calendar.months[min(len(calendar.months) - 1, max(0, calendar.closed - 6 + 2 * at))]
            projects.append({
                "id": key, "programme": programme.pk, "slug": f"esimerkki-{theme.key}-{at + 1}"[:80],
                "theme": theme.pk, "state": "running" if at < 2 else "planned", "starts_on": starts,
                "ends_on": max(month_end(starts), month_end(calendar.months[-1 - 3 * at])), "is_illustrative": True,
                "phase_number": 3 - at if at < 2 else 1, **_named(name),
            })  # fmt: skip
            for step, milestone in enumerate(words.MILESTONES):
                planned = starts + timedelta(days=75 + 130 * step + 9 * order)
                late = (0, 0, 14, 30)[(order + at + step) % 4]
                expected = planned + timedelta(days=late)
                done = expected <= calendar.today
                milestones.append({
                    "programme": programme.pk, "project": key, "key": f"vaihe-{step + 1}",
                    "baseline_on": planned, "forecast_on": expected, "actual_on": expected if done else None,
                    "is_illustrative": True, **_named(milestone),
                })  # fmt: skip
    insert(writer, Project, projects)
    insert(writer, Milestone, milestones)
    return by_theme


def _write_segments(writer: BulkWriter, programme: Programme) -> list[int]:
    """Three client segments, unless the programme names its own; their ids."""
    own = list(Segment.objects.filter(programme=programme).values_list("pk", flat=True))
    if own:
        return own
    ids = take_ids(writer, Segment, len(words.SEGMENTS))
    insert(writer, Segment, [
        {"id": key, "programme": programme.pk, "key": slug, "position": at, "is_illustrative": True, **_named(name)}
        for at, (key, (slug, name)) in enumerate(zip(ids, words.SEGMENTS, strict=True))
    ])  # fmt: skip
    return ids


def _write_drafts(
    writer: BulkWriter, structure: Structure, calendar: Calendar, drafts: list[Draft],
    projects: dict[int, list[int]], segments: list[int],
) -> None:  # fmt: skip
    programme = structure.programme
    for draft, key in zip(drafts, take_ids(writer, Measure, len(drafts)), strict=True):
        draft.id = key
    lines = [line for draft in drafts for line in draft.lines]
    for line, key in zip(lines, take_ids(writer, SavingsLine, len(lines)), strict=True):
        line.id = key
    width = max(3, len(str(len(drafts))))
    insert(writer, Measure, [_measure_row(draft, programme, calendar, projects, width) for draft in drafts])
    insert(writer, SavingsLine, [
        {
            "id": line.id, "programme": programme.pk, "measure": draft.id, "sector": line.sector.pk,
            "cost_type": line.cost_type.pk, "goal": draft.goal.pk, "permanence": str(line.permanence),
            "line_class": str(line.line_class), "in_base": False,
            "basis_note": words.ONE_OFF_BASIS if line.permanence == Permanence.ONE_OFF else words.LASTING_BASIS,
        }
        for draft in drafts
        for line in draft.lines
    ])  # fmt: skip
    insert(writer, MeasureTarget, [
        {
            "programme": programme.pk, "measure": draft.id, "value_eur_cents": target,
            "valid_from": calendar.months[0], "reason": "Havainnollistava tavoite",
        }
        for draft in drafts
        if (target := _target(draft, calendar))
    ])  # fmt: skip
    writer.copy(
        "COPY measures_measure_segments (measure_id, segment_id) FROM STDIN",
        (
            (draft.id, segments[draft.number % len(segments)])
            for draft in drafts
            if segments and draft.number % 5 < 3
        ),
    )


def _measure_row(
    draft: Draft, programme: Programme, calendar: Calendar, projects: dict[int, list[int]], width: int
) -> dict[str, Any]:
    of_theme = projects[draft.theme.pk]
    withdrawn = draft.stage == Stage.WITHDRAWN
    starts = calendar.months[draft.main.start]
    full = calendar.months[min(len(calendar.months) - 1, draft.main.start + draft.main.ramp)]
    return {
        "id": draft.id, "programme": programme.pk, "code": f"T-{draft.number:0{width}d}", "goal": draft.goal.pk,
        "stage": str(draft.stage), "starts_on": starts,
        "ends_on": month_end(full),
        "withdrawn_on": calendar.today - timedelta(days=19) if withdrawn else None,
        "withdrawn_from": next_month(calendar.months[calendar.closed]) if withdrawn else None,
        "project": of_theme[draft.number % len(of_theme)] if of_theme and draft.number % 10 < 7 else None,
        "confidence_of_owner": ("high", "medium", "medium", "low")[draft.number % 4],
        "confidence_of_pmo": "low" if draft.quality < 700 else "",
        "description_fi": words.ILLUSTRATIVE[0], "description_sv": words.ILLUSTRATIVE[1],
        "description_en": words.ILLUSTRATIVE[2], "is_illustrative": True, **_named(draft.names),
    }  # fmt: skip


def _target(draft: Draft, calendar: Calendar) -> int:
    """What the measure is to reach in the final year, in whole 10 000 EUR; 0 for what is only identified."""
    if draft.stage == Stage.WITHDRAWN:
        return WITHDRAWN_TARGET if draft.number == WITHDRAWN_CODE_NUMBER else 0
    if draft.stage == Stage.IDENTIFIED or draft.main.line_class != LineClass.CASH:
        return 0
    level = sum(draft.main.plan[at] or 0 for at in calendar.final)
    sign = -1 if level < 0 else 1
    return sign * ((abs(level) + 500_000) // 1_000_000 * 1_000_000)


def _write_confirmations(
    writer: BulkWriter, programme: Programme, calendar: Calendar, lines: list[Line], controller: Any
) -> int:
    """All claims but those of the latest closed month are decided; a part of them is refused."""
    shares = {line.id: line.confirmed_share for line in lines if line.claimed}
    decided_before = calendar.months[calendar.closed - 1]
    writer.execute(
        "SELECT entry.id, entry.line_id, entry.month, entry.amount_eur_cents FROM measures_savingsentry entry"
        " WHERE entry.programme_id = %s AND entry.series = 'claimed' AND entry.month < %s"
        " AND entry.line_id = ANY(%s) ORDER BY entry.id",
        [programme.pk, decided_before, list(shares)],
    )
    rows = [
        {
            "programme": programme.pk, "entry": entry, "part_eur_cents": _kept(cents, shares[line]),
            "decided_on": _closing_day(month), "decided_by": getattr(controller, "pk", None),
            "reason": "" if shares[line] == 1000 else "Kirjanpito ei näytä koko säästöä.",
        }
        for entry, line, month, cents in writer.cursor.fetchall()
    ]  # fmt: skip
    if rows:
        insert(writer, Confirmation, rows)
    return len(rows)


def _closing_day(month: date) -> date:
    return next_month(month).replace(day=20)


def _write_overlaps(
    writer: BulkWriter, programme: Programme, drafts: list[Draft], calendar: Calendar
) -> None:
    """One measure in forty, at most forty in all, yields a tenth of its effect to a neighbour of its kind."""
    standing: dict[tuple[int, int, int], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if _counts(draft, draft.main) and draft.main.permanence == Permanence.LASTING:
            standing[draft.theme.pk, draft.main.sector.pk, draft.main.cost_type.pk].append(draft)
    rows = []
    for group in standing.values():
        for first, second in zip(group[::40], group[1::40], strict=False):
            effects = [
                sum(draft.main.plan[at] or 0 for at in calendar.final) // 12 for draft in (first, second)
            ]
            if max(effects) >= 0:
                continue
            start = max(first.main.start, second.main.start)
            rows.append({
                "programme": programme.pk, "yielding_line": second.main.id, "other_line": first.main.id,
                "amount_eur_cents": -(abs(max(effects)) // 10 // 10_000 * 10_000) or -10_000,
                "first_month": calendar.months[start], "reason": "Sama ostosopimus, havainnollistava",
            })  # fmt: skip
    if rows:
        insert(writer, Overlap, rows[: min(40, max(2, len(drafts) // 40))])


def _write_books(
    writer: BulkWriter, structure: Structure, calendar: Calendar, lines: list[Line], controller: Any
) -> None:
    """Original budget of every year, actuals of closed months that show what is confirmed, closed months."""
    programme = structure.programme
    effect: dict[tuple[int, int, int], int] = defaultdict(int)
    for line in lines:
        if line.line_class == LineClass.CASH:
            for at, cents in enumerate(line.claimed[: calendar.closed]):
                effect[line.sector.pk, line.cost_type.pk, at] += (cents or 0) * line.confirmed_share // 1000
    budgets = _budgets(structure)
    base_year = programme.base_year or programme.start_year
    rows = []
    for (sector, cost_type), yearly in budgets.items():
        monthly = spread(yearly // 100, 12)
        for at, month in enumerate(calendar.months):
            grown = 1000 + 15 * (month.year - base_year)
            common = {
                "programme": programme.pk, "month": month, "sector": sector, "cost_type": cost_type,
                "is_illustrative": True,
            }  # fmt: skip
            budget = monthly[month.month - 1] * 100
            if month <= calendar.today:
                rows.append(common | {
                    "kind": "original_budget", "amount_eur_cents": budget * grown // 1000,
                    "booked_on": date(month.year, 1, 1),
                })  # fmt: skip
            if at < calendar.closed:
                noise = budget * ((at * 7 + sector * 3 + cost_type) % 9 - 4) // 4000
                rows.append(common | {
                    "kind": "actual", "booked_on": _closing_day(month),
                    "amount_eur_cents": budget + noise + effect[sector, cost_type, at],
                })  # fmt: skip
    if rows:
        insert(writer, LedgerEntry, rows)
    closed = [
        month for month in calendar.months[: calendar.closed] if month not in _closed_already(programme)
    ]
    if closed:
        insert(writer, BooksClosed, [
            {
                "programme": programme.pk, "month": month, "closed_on": _closing_day(month),
                "closed_by": getattr(controller, "pk", None), "is_illustrative": True,
            }
            for month in closed
        ])  # fmt: skip


def _closed_already(programme: Programme) -> set[date]:
    rows = BooksClosed.objects.filter(programme=programme, reopened_on=None)
    return set(rows.values_list("month", flat=True))


def _budgets(structure: Structure) -> dict[tuple[int, int], int]:
    """A year's budget in cents by sector and cost type: 24 M€ of rents, 390 M€ of purchases, 410 M€ of staff."""
    sizes = {"vuokrat": 24, "ostot": 390, "henkilosto": 410}
    budgets = {}
    weights = [next(w for part, w in SECTORS.items() if part in row.key)[1] for row in structure.sectors]
    for row in structure.cost_types:
        yearly = next((size for part, size in sizes.items() if part in row.key), 100) * MEUR
        for sector, part in zip(structure.sectors, spread(yearly, weights), strict=True):
            budgets[sector.pk, row.pk] = part
    return budgets


# --- removing ----------------------------------------------------------------------------------------------

_OWN = "SELECT id FROM measures_measure WHERE programme_id = %(programme)s AND is_illustrative"
_OWN_LINES = (
    f"SELECT id FROM measures_savingsline WHERE programme_id = %(programme)s AND measure_id IN ({_OWN})"
)
_REMOVE = (
    "DELETE FROM measures_overlap WHERE programme_id = %(programme)s"
    f" AND (yielding_line_id IN ({_OWN_LINES}) OR other_line_id IN ({_OWN_LINES}))",
    "DELETE FROM measures_confirmation WHERE programme_id = %(programme)s AND entry_id IN"
    f" (SELECT id FROM measures_savingsentry WHERE programme_id = %(programme)s AND line_id IN ({_OWN_LINES}))",
    f"DELETE FROM measures_savingsentry WHERE programme_id = %(programme)s AND line_id IN ({_OWN_LINES})",
    f"DELETE FROM measures_savingsline WHERE programme_id = %(programme)s AND measure_id IN ({_OWN})",
)
_REMOVE_BOOKS = (LedgerEntry, BooksClosed, Milestone, Project, Segment)


def remove_measures(writer: BulkWriter, programme: Programme) -> int:
    """Takes away every illustrative row of this module's tables; the number of measures that went."""
    for statement in _REMOVE:
        writer.cursor.execute(statement, {"programme": programme.pk})
    measures = Measure.objects.filter(programme=programme, is_illustrative=True)
    count = measures.count()
    measures.delete()
    for model in _REMOVE_BOOKS:
        model._default_manager.filter(programme=programme, is_illustrative=True).delete()
    return count
