"""Reads for the readable pages of programme facts. Every function makes a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.periods import format_month
from programme.models import (
    Allocation,
    BaselineFact,
    Body,
    Goal,
    OrganisationUnit,
    Programme,
    Project,
    ReportingDuty,
    RoadmapActivity,
    Sector,
    Statement,
    Target,
    Theme,
)

# --- what the programme says in words --------------------------------------------------------------------


@dataclass
class StatementList:
    """Statements of one kind and group, top level only; their parts hang under them."""

    kind: str
    label: str
    group: str
    rows: list[Statement]

    @property
    def group_label(self) -> str:
        """The group in words: a sector's name, or the list of the source it comes from."""
        sector = self.rows[0].sector
        return sector.name if sector else str(GROUPS.get(self.group, ""))


#: Lists of the source that a kind is divided into; others need no heading of their own.
GROUPS: dict[str, str | Promise] = {
    "clients": _("For clients"),
    "staff": _("For staff"),
    "vision_slogan": _("slogan"),
    "by_sector": _("sector table"),
    "checks": _("checks of the sums"),
    "then": _("what followed"),
    "kept_by": _("kept by"),
    "followed_by": _("followed by"),
    "set_by": _("set by"),
    "fallback_before_rollout": _("until it is in use"),
    "followed_at": _("followed at"),
    "objective_source": _("where objectives come from"),
    "reported_to": _("reported to"),
    "visibility": _("visibility"),
}


#: Kinds whose groups hold one statement each: one list, each statement with its group's name before it.
TOGETHER = {Statement.Kind.OKR, Statement.Kind.OBJECTIVES_NOTE, Statement.Kind.STRATEGY_STATEMENT}


def statements_of(programme: Programme, *kinds: str) -> list[StatementList]:
    """Statements of these kinds by kind and group, in the order asked for. All kinds when none is named."""
    rows = Statement.objects.filter(programme=programme, parent__isnull=True).select_related(
        "sector", "theme"
    )
    rows = rows.prefetch_related(Prefetch("parts", queryset=Statement.objects.order_by("position")))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    lists: dict[tuple[str, str], StatementList] = {}
    for row in rows.order_by("kind", "sector__position", "group", "position"):
        together = row.kind in TOGETHER
        row.heading = str(GROUPS.get(row.group, "")) if together else ""  # type: ignore[attr-defined]
        group = "" if together else row.group
        empty = StatementList(row.kind, row.get_kind_display(), group, [])
        lists.setdefault((row.kind, group), empty).rows.append(row)
    order = list(kinds) or list(Statement.Kind.values)
    return sorted(lists.values(), key=lambda found: order.index(found.kind))


@dataclass
class Chapter:
    """One section of the page about the programme: its anchor, heading and statements."""

    anchor: str
    heading: str | Promise
    lists: list[StatementList] = field(default_factory=list)


#: Sections of the page about the programme, in order; a kind that none names comes last.
CHAPTERS: tuple[tuple[str, str | Promise, tuple[str, ...]], ...] = (
    (
        "principles",
        _("Lines and principles"),
        (
            "umbrella_goal",
            "strategy_statement",
            "principle",
            "boundary_condition",
            "commitment",
            "culture_focus",
        ),
    ),
    ("citizens", _("What changes for residents"), ("citizen_change",)),
    ("effects", _("Expected effects"), ("expected_effect",)),
    (
        "rules",
        _("How savings are counted"),
        (
            "productivity_definition",
            "target_setting",
            "realisation",
            "relative_target",
            "parallel_work",
            "savings_note",
            "funding_note",
        ),
    ),
    ("challenges", _("Challenges"), ("challenge", "sector_challenge")),
    ("done", _("Already done"), ("already_done",)),
    (
        "management",
        _("Management system"),
        ("management_part", "pillar", "okr", "okr_element", "okr_rollout", "action_plan", "measurement_360"),
    ),
    ("course", _("Course of the programme"), ("period", "full_launch", "living_document", "measures_note")),
    ("preparation", _("How the programme was prepared"), ("preparation", "participant")),
    (
        "notes",
        _("Notes on the source"),
        (
            "ambiguity",
            "monitoring_note",
            "indicator_note",
            "vision_note",
            "objectives_note",
            "risk_note",
            "impact_note",
            "change_note",
            "roadmap_note",
            "background_material",
        ),
    ),
)


def chapters(programme: Programme) -> list[Chapter]:
    """Everything the programme says in words, by section; empty sections are left out. Four queries."""
    by_kind: dict[str, list[StatementList]] = defaultdict(list)
    for found in statements_of(programme):
        by_kind[found.kind].append(found)
    result = []
    for anchor, heading, kinds in CHAPTERS:
        lists = [found for kind in kinds for found in by_kind.pop(kind, [])]
        if lists:
            result.append(Chapter(anchor, heading, lists))
    rest = [found for lists in by_kind.values() for found in lists]
    return [*result, Chapter("more", _("Other"), rest)] if rest else result


# --- figures of the starting point -----------------------------------------------------------------------

FACT_GROUPS: dict[str, str | Promise] = {
    "county": _("The county"),
    "operating-costs-2023": _("Operating costs 2023"),
    "purchased-services-by-sector": _("Purchased services by sector"),
    "net-costs-2020": _("Net costs 2020 by service"),
    "demography": pgettext_lazy("baseline facts", "Population"),
    "service-use": _("Use of services"),
    "staff": pgettext_lazy("baseline facts", "Staff"),
    "staff-structure": _("Structure of the staff"),
    "rescue": _("Rescue services"),
}
#: Groups whose figures are parts of one whole and are summed.
WHOLES = {"operating-costs-2023", "purchased-services-by-sector", "net-costs-2020", "staff-structure"}


@dataclass
class FactGroup:
    """Figures of one heading; a total and bar lengths when they are parts of one whole."""

    key: str
    rows: list[BaselineFact]

    @property
    def label(self) -> str:
        return str(FACT_GROUPS.get(self.key) or self.key.replace("-", " ").replace("_", " ").capitalize())

    @property
    def is_whole(self) -> bool:
        return self.key in WHOLES and all(row.value is not None for row in self.rows)

    @property
    def total(self) -> Decimal:
        return sum((row.value for row in self.rows if row.value is not None), Decimal(0))

    @property
    def unit(self) -> str:
        return self.rows[0].unit

    @property
    def has_national(self) -> bool:
        return any(row.national is not None for row in self.rows)

    @property
    def bars(self) -> list[tuple[BaselineFact, Decimal]]:
        """Each figure with its length in per cent of the largest."""
        largest = max((row.value or Decimal(0) for row in self.rows), default=Decimal(0)) or Decimal(1)
        return [(row, (row.value or Decimal(0)) / largest * 100) for row in self.rows]


def fact_groups(programme: Programme) -> list[FactGroup]:
    """Baseline figures by group, known groups in the order of the document. One query."""
    groups: dict[str, FactGroup] = {}
    for row in BaselineFact.objects.filter(programme=programme).select_related("sector"):
        key = row.group.replace("_", "-")
        groups.setdefault(key, FactGroup(key, [])).rows.append(row)
    order = list(FACT_GROUPS)
    return sorted(
        groups.values(), key=lambda group: order.index(group.key) if group.key in order else len(order)
    )


def total_targets(programme: Programme) -> list[Target]:
    """The bottom row of the target table: in the base, to come, together; with the key of the column's word."""
    order = [Target.Column.BASE, Target.Column.LATER, Target.Column.TOTAL]
    rows = money_targets(programme, Target.Kind.TOTAL)
    for row in rows:
        row.column_word = f"column.{row.column}"  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: order.index(Target.Column(row.column)))


def stated_targets(programme: Programme) -> list[Target]:
    """The stated target, then what of it the base holds and what is to come."""
    order = [Target.Column.TOTAL, Target.Column.BASE, Target.Column.LATER]
    return sorted(
        money_targets(programme, Target.Kind.STATED), key=lambda row: order.index(Target.Column(row.column))
    )


def money_targets(programme: Programme, *kinds: str) -> list[Target]:
    """Targets of these kinds as they hold on the programme's day."""
    day = programme.today()
    rows = Target.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), programme=programme, kind__in=kinds, valid_from__lte=day
    )
    return list(rows.select_related("sector", "cost_type"))


# --- themes, goals, sectors ------------------------------------------------------------------------------


def themes_with_goals(programme: Programme) -> QuerySet[Theme]:
    """Themes with goals, sub-goals and what the funding gives them."""
    sub_goals = Goal.objects.order_by("number")
    goals = Goal.objects.filter(parent__isnull=True).prefetch_related(
        Prefetch("sub_goals", queryset=sub_goals)
    )
    allocations = Allocation.objects.select_related("source")
    return (
        Theme.objects.filter(programme=programme)
        .select_related("owner")
        .prefetch_related(
            Prefetch("goals", queryset=goals.order_by("number")),
            Prefetch("allocations", queryset=allocations),
            Prefetch("projects", queryset=Project.objects.order_by("slug")),
        )
    )


@dataclass
class SectorView:
    """A sector with its units, its target and what the programme says of it."""

    sector: Sector
    target: Target | None
    statements: list[StatementList]
    facts: list[BaselineFact]


def sector_views(programme: Programme) -> list[SectorView]:
    """Sectors in their order with everything their page shows. Seven queries."""
    sectors = Sector.objects.filter(programme=programme).prefetch_related("units", "facts")
    targets = {
        row.sector_id: row for row in money_targets(programme, Target.Kind.SECTOR) if row.column == "total"
    }
    said: dict[int, list[StatementList]] = defaultdict(list)
    for found in statements_of(programme, "sector_challenge", "already_done"):
        if found.rows[0].sector_id is not None:
            said[found.rows[0].sector_id].append(found)
    return [
        SectorView(sector, targets.get(sector.pk), said[sector.pk], list(sector.facts.all()))
        for sector in sectors
    ]


def units_without_sector(programme: Programme) -> QuerySet[OrganisationUnit]:
    return OrganisationUnit.objects.filter(programme=programme, sector__isnull=True)


# --- roadmap -----------------------------------------------------------------------------------------------


@dataclass
class Slot:
    """One column of the roadmap: a month, or a year that the source does not divide."""

    label: str
    start: dt.date
    end: dt.date


@dataclass
class Bar:
    """One activity across the slots: which it covers, where it starts and ends."""

    activity: RoadmapActivity
    cells: list[str]


def roadmap(programme: Programme) -> tuple[list[Slot], list[Bar]]:
    """Columns and bars of the roadmap. Two queries."""
    activities = list(RoadmapActivity.objects.filter(programme=programme).prefetch_related("parts"))
    slots = _slots(activities)
    return slots, [Bar(row, _cells(row, slots)) for row in activities]


def _slots(activities: Sequence[RoadmapActivity]) -> list[Slot]:
    """Months from the first activity on; a year given only as a year is one column."""
    if not activities:
        return []
    whole_years = {int(row.to_text) for row in activities if row.to_text.isdigit() and len(row.to_text) == 4}
    day = min(row.starts_on for row in activities).replace(day=1)
    last = max(row.ends_on for row in activities)
    slots = []
    while day <= last:
        if day.year in whole_years and day.month == 1:
            slots.append(Slot(str(day.year), day, dt.date(day.year, 12, 31)))
            day = dt.date(day.year + 1, 1, 1)
            continue
        following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        slots.append(Slot(format_month(day), day, following - dt.timedelta(days=1)))
        day = following
    return slots


def _cells(row: RoadmapActivity, slots: Sequence[Slot]) -> list[str]:
    """For each slot "", "on", with "starts" and "ends" at the ends of the bar."""
    covered = [row.starts_on <= slot.end and row.ends_on >= slot.start for slot in slots]
    cells = []
    for i, is_on in enumerate(covered):
        words = ["on"] if is_on else []
        if is_on and not (i and covered[i - 1]):
            words.append("starts")
        if is_on and not (i + 1 < len(covered) and covered[i + 1]):
            words.append("ends")
        cells.append(" ".join(words))
    return cells


# --- governance --------------------------------------------------------------------------------------------


def bodies(programme: Programme) -> QuerySet[Body]:
    return Body.objects.filter(programme=programme)


def duties(programme: Programme) -> QuerySet[ReportingDuty]:
    return (
        ReportingDuty.objects.filter(programme=programme)
        .select_related("from_body")
        .prefetch_related("to_bodies")
    )


# --- projects ----------------------------------------------------------------------------------------------


def projects(programme: Programme) -> QuerySet[Project]:
    """Projects with their theme, manager and how many milestones they have."""
    return (
        Project.objects.filter(programme=programme)
        .select_related("theme", "manager")
        .annotate(milestone_count=Count("milestones"))
        .order_by("theme__number", "slug")
    )
