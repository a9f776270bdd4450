"""Goals against sectors: where measures exist, what they bring, how they are; and where nothing exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, F

from core.money import format_eur
from core.parameters import parameters_of
from kpis.lights import followed
from kpis.models import MeasureIndicator
from measures.amounts import levels_by_place
from measures.models import Measure, SavingsLine, Stage
from measures.selectors import clock_of
from programme.models import Goal, Light, Programme, Sector, Segment
from programme.projects.lights.calculations import NO_DATA, kpis_light, savings_light, worse_of
from programme.projects.lights.thresholds import KPIS_RED, SAVINGS_RED, SAVINGS_YELLOW

#: Shape of each light (core.templatetags.ui.status).
SHAPES = {"green": "ok", "yellow": "warn", "red": "bad", "no_data": "none"}
Place = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """One goal in one sector: measures with a line there, their level change in cents, the worse of their lights.

    `plan` and `forecast` are None where nobody gave any; `light` is by forecast against plan and by indicators.
    """

    sector: Sector
    measures: int = 0
    plan: int | None = None
    forecast: int | None = None
    light: str = NO_DATA

    @property
    def shape(self) -> str:
        return SHAPES[self.light]

    @property
    def word(self) -> str:
        return str(Light(self.light).label)

    @property
    def plan_text(self) -> str:
        return _meur(self.plan)

    @property
    def forecast_text(self) -> str:
        return _meur(self.forecast)


def _meur(cents: int | None) -> str:
    return "–" if cents is None else format_eur(cents, unit="meur")


@dataclass(frozen=True)
class Row:
    """One goal with its cells in the order of the sectors."""

    goal: Goal
    cells: list[Cell]

    @property
    def is_empty(self) -> bool:
        return not any(cell.measures for cell in self.cells)


@dataclass(frozen=True)
class Coverage:
    """Sectors across, goals down. A measure counts once in each sector where it has a line."""

    sectors: list[Sector]
    rows: list[Row]
    year: int

    @property
    def empty(self) -> int:
        """Combinations in which nothing exists."""
        return sum(1 for row in self.rows for cell in row.cells if not cell.measures)

    @property
    def combinations(self) -> int:
        return len(self.rows) * len(self.sectors)

    @property
    def goals_without(self) -> list[Goal]:
        """Sub-goals, and goals that have none, without a single measure."""
        return [row.goal for row in self.rows if row.is_empty]


def coverage_of(programme: Programme) -> Coverage:
    """Measures that are not withdrawn, by the goal that carries their money and by sector. Six statements."""
    sectors = list(Sector.objects.filter(programme=programme).order_by("position"))
    goals = list(
        Goal.objects.filter(programme=programme)
        .select_related("theme", "parent")
        .order_by("theme__number", "parent__number", "number")
    )
    found = (
        SavingsLine.objects.filter(programme=programme)
        .exclude(measure__stage=Stage.WITHDRAWN)
        .values("goal_id", "sector_id")
        .annotate(measures=Count("measure_id", distinct=True))
        .order_by()
    )
    counts = {(row["goal_id"], row["sector_id"]): row["measures"] for row in found}
    amounts = levels_by_place(programme, clock_of(programme)) if counts else {}
    lights = _lights(programme, amounts) if counts else {}
    with_parts = {goal.parent_id for goal in goals if goal.parent_id}

    def cell(goal: Goal, sector: Sector) -> Cell:
        place = (goal.pk, sector.pk)
        if not counts.get(place):
            return Cell(sector)
        return Cell(sector, counts[place], *amounts.get(place, (None, None)), lights.get(place, NO_DATA))

    rows = [
        Row(goal, [cell(goal, sector) for sector in sectors])
        for goal in goals
        if goal.pk not in with_parts or any(counts.get((goal.pk, sector.pk)) for sector in sectors)
    ]
    return Coverage(sectors, rows, programme.final_year)


def _lights(programme: Programme, amounts: Mapping[Place, tuple[int | None, int | None]]) -> dict[Place, str]:
    """The worse of two lights in each place: forecast against plan, and indicators of the measures there."""
    held = parameters_of(programme)
    lights = {
        place: savings_light([pair], yellow_below=held[SAVINGS_YELLOW], red_below=held[SAVINGS_RED]).light
        for place, pair in amounts.items()
    }
    for place, links in _links(programme).items():
        found = kpis_light(followed(links.values(), programme.today()), red_share=held[KPIS_RED])
        lights[place] = worse_of(found.light, lights.get(place))
    return lights


def _links(programme: Programme) -> dict[Place, dict[int, list[MeasureIndicator]]]:
    """Indicators of the measures with a line in each place. Two statements."""
    links = list(
        MeasureIndicator.objects.filter(programme=programme)
        .exclude(measure__stage=Stage.WITHDRAWN)
        .select_related("measure", "indicator__summary")
        .order_by("pk")
    )
    lines = SavingsLine.objects.filter(programme=programme, measure__in={link.measure_id for link in links})
    places: dict[int, set[Place]] = defaultdict(set)
    for measure, goal, sector in lines.order_by().values_list("measure", "goal", "sector"):
        places[measure].add((goal, sector))
    found: dict[Place, dict[int, list[MeasureIndicator]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        for place in places[link.measure_id]:
            found[place][link.indicator_id].append(link)
    return found


# --- one client segment across sectors ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Across:
    """A sector with the measures of a client segment that have a line there."""

    sector: Sector
    measures: list[Measure]


def segment_across(segment: Segment) -> list[Across]:
    """The measures of the segment by sector; sectors without any are left out. Two statements."""
    sectors = list(Sector.objects.filter(programme=segment.programme_id).order_by("position"))
    rows = (
        Measure.objects.filter(programme=segment.programme_id, segments=segment, lines__isnull=False)
        .exclude(stage=Stage.WITHDRAWN)
        .annotate(at_sector=F("lines__sector"))
        .distinct()
    )
    found: dict[int, list[Measure]] = defaultdict(list)
    for row in rows.order_by("code"):
        found[row.at_sector].append(row)
    return [Across(sector, found[sector.pk]) for sector in sectors if found[sector.pk]]
