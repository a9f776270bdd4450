"""What is still missing in a programme, for the programme office: the checks and what they found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core.models import Setting
from core.setup_list import Check, Missing, add, all_checks
from kpis.models import Indicator, Observation
from measures.models import BooksClosed, LedgerEntry, Measure, SavingsLine, Stage
from measures.models.savings import MeasureTotal
from programme.models import (
    PlanPart,
    Programme,
    Project,
    ProjectPlanPart,
    RoleGrant,
    Sector,
    Segment,
    Target,
    Theme,
)
from programme.parameters import MEETING_DAYS
from reporting import texts

#: Stages in which a measure need not be complete any more.
OVER = (Stage.WITHDRAWN, Stage.CLOSED)


@dataclass(frozen=True)
class Found:
    """One check with what it found in a programme."""

    check: Check
    missing: Missing
    url: str

    @property
    def is_done(self) -> bool:
        return self.missing.count == 0


def found_in(programme: Programme) -> list[Found]:
    """Every check with its count. One query for each check."""
    return [Found(check, check.find(programme), check.url(programme)) for check in all_checks()]


def open_counts(programme: Programme) -> tuple[int, int]:
    """How many matters wait, and how many of them make figures wrong."""
    missing = [found for found in found_in(programme) if not found.is_done]
    return len(missing), sum(found.check.blocks for found in missing)


def by_section_of(rows: list[Found]) -> list[tuple[str, list[Found]]]:
    """What is missing by section, that which makes figures wrong first; what is done stays out."""
    sections: dict[str, list[Found]] = {}
    for found in rows:
        if not found.is_done:
            sections.setdefault(str(found.check.of), []).append(found)
    return [(name, sorted(part, key=lambda one: not one.check.blocks)) for name, part in sections.items()]


# ---------------------------------------------------------------------------- how checks count
def page(name: str, query: str = "", *args: Any) -> Callable[[Programme], str]:
    """The address of a programme's page; "" while the page does not exist."""

    def url(programme: Programme) -> str:
        try:
            return reverse(name, args=[programme.slug, *args]) + query
        except NoReverseMatch:
            return ""

    return url


def lacking(rows: Callable[[Programme], QuerySet], lack: Q) -> Callable[[Programme], Missing]:
    """How many of the rows lack something, of how many."""

    def find(programme: Programme) -> Missing:
        counted = rows(programme).aggregate(total=Count("pk"), missing=Count("pk", filter=lack))
        return Missing(counted["missing"], counted["total"])

    return find


def none_of(rows: Callable[[Programme], QuerySet]) -> Callable[[Programme], Missing]:
    """One is missing while there are no rows at all."""
    return lambda programme: Missing(0 if rows(programme).exists() else 1)


def _of(model: type[Any], **only: Any) -> Callable[[Programme], QuerySet]:
    return lambda programme: model._base_manager.filter(programme=programme, **only)


def _open_measures(programme: Programme) -> QuerySet:
    return Measure.objects.filter(programme=programme).exclude(stage__in=OVER).order_by()


def _with_lines(programme: Programme) -> QuerySet:
    lines = SavingsLine.objects.filter(measure=OuterRef("pk"))
    planned = MeasureTotal.objects.filter(programme_id=programme.pk, series="plan").values("line_id")
    return _open_measures(programme).annotate(
        has_line=Exists(lines), has_plan=Exists(lines.filter(pk__in=planned))
    )


def _led(model: type[Any], field: str) -> Callable[[Programme], QuerySet]:
    """Rows with whether somebody's role is narrowed to them."""

    def rows(programme: Programme) -> QuerySet:
        grants = RoleGrant.objects.filter(programme=programme, role=field, **{field: OuterRef("pk")})
        return model.objects.filter(programme=programme).annotate(is_led=Exists(grants)).order_by()

    return rows


def _valid_targets(programme: Programme) -> QuerySet:
    day = programme.today()
    return (
        Target.objects.filter(programme=programme, valid_from__lte=day).exclude(valid_to__lte=day).order_by()
    )


def _indicators(programme: Programme) -> QuerySet:
    baselines = Observation.objects.filter(indicator=OuterRef("pk"), is_baseline=True)
    return Indicator.objects.filter(programme=programme).annotate(has_baseline=Exists(baselines)).order_by()


def _projects(programme: Programme) -> QuerySet:
    """Projects under way or to come, with how many parts of their plan are written and how many there are."""
    written = ProjectPlanPart.objects.filter(project=OuterRef("pk")).exclude(
        text_fi="", text_sv="", text_en=""
    )
    parts = PlanPart.objects.filter(programme=programme)
    missing_part = parts.exclude(pk__in=written.values("part"))
    return Project.objects.filter(programme=programme).annotate(lacks_part=Exists(missing_part)).order_by()


def _roles(*roles: str) -> Callable[[Programme], Missing]:
    """How many of these roles nobody holds."""

    def find(programme: Programme) -> Missing:
        grants = RoleGrant.objects.filter(programme=programme, role__in=roles, user__is_active=True)
        return Missing(len(roles) - grants.values("role").distinct().count(), len(roles))

    return find


def _meeting_days(programme: Programme) -> Missing:
    keys = [parameter.key for parameter in MEETING_DAYS]
    rows = Setting.objects.filter(scope__in=["", programme.slug], key__in=keys)
    return Missing(len(keys) - rows.values("key").distinct().count(), len(keys))


def _untranslated(language: str) -> Callable[[Programme], Missing]:
    def find(programme: Programme) -> Missing:
        kinds = texts.counts(programme)
        total = sum(kind.total for kind in kinds)
        return Missing(total - sum(kind.written[language] for kind in kinds), total)

    return find


PEOPLE, STRUCTURE = _("Who answers"), _("Targets and structure")
BOOKS, WORK = _("Base and books"), _("Measures and projects")
READINESS = _("Readiness")


def register() -> None:
    """The checks of the apps that `reporting` knows; others add theirs by core.setup_list.add."""
    add(
        Check(
            "controller", PEOPLE, _("Nobody is the controller, the director or the owner of the programme"),
            _("Claims are confirmed, obstacles answered and reports approved by them; without them nothing moves on."),
            _roles("controller", "director", "owner"), page("programme:person_list"), blocks=True,
        ),
        Check(
            "theme_owner", PEOPLE, _("Themes without an owner"),
            _("Deviations and obstacles of a theme go to its owner first."),
            lacking(_of(Theme), Q(owner=None)), page("programme:theme_rows"),
        ),
        Check(
            "sector_lead", PEOPLE, _("Sectors without a lead"),
            _("The lead signs the sector's part of the status view; its cost lines show whether a saving is real."),
            lacking(_led(Sector, "sector"), Q(is_led=False)), page("programme:person_list"),
        ),
        Check(
            "segment_manager", PEOPLE, _("Client segments without a manager"),
            _("The manager sees that measures of several sectors do not move costs between each other."),
            lacking(_led(Segment, "segment"), Q(is_led=False)), page("programme:person_list"),
        ),
        Check(
            "measure_owner", PEOPLE, _("Measures without an owner"),
            _("Nobody is asked for the monthly update of a measure without an owner."),
            lacking(_open_measures, Q(owner=None)), page("measures:measure_list", "?owner=none"),
        ),
        Check(
            "project_manager", PEOPLE, _("Projects without a manager"),
            _("The manager writes the plan and keeps the milestones."),
            lacking(_of(Project), Q(manager=None)), page("programme:project_list"),
        ),
        Check(
            "stated_target", STRUCTURE, _("The stated target is missing"),
            _("Without it the dashboard cannot say whether the target is reached."),
            none_of(lambda programme: _valid_targets(programme).filter(kind=Target.Kind.STATED)),
            page("programme:target_list"), blocks=True,
        ),
        Check(
            "target_decision", STRUCTURE, _("Targets without a decision"),
            _("A target binds when it is known who decided it, when and in which section."),
            lacking(_valid_targets, Q(decision_reference="")), page("programme:target_list"),
        ),
        Check(
            "comparison_base", STRUCTURE, _("The comparison base is not said"),
            _("Savings are differences: without the base year nobody knows from what."),
            lambda programme: Missing(int(not programme.base_year or not programme.comparison_base)),
            page("programme:settings_basis"), blocks=True,
        ),
        Check(
            "measure_line", WORK, _("Measures without a savings line"),
            _("Money stands on lines by sector and cost type. A measure without one adds nothing to the sums."),
            lacking(_with_lines, Q(has_line=False)), page("measures:measure_list"), blocks=True,
        ),
        Check(
            "measure_plan", WORK, _("Measures with lines but without a plan"),
            _("The plan says in which months the effect is expected. Forecast and claims are judged against it."),
            lacking(_with_lines, Q(has_line=True, has_plan=False)), page("measures:measure_list"),
        ),
        Check(
            "project_plan", WORK, _("Projects whose plan lacks a part"),
            _("A project starts when the parts of its plan are written."),
            lacking(_projects, Q(lacks_part=True)), page("programme:project_list"),
        ),
        Check(
            "ledger", BOOKS, _("No ledger has been brought in"),
            _("A claimed saving is confirmed against the sector's cost lines."),
            none_of(_of(LedgerEntry)), page("measures:savings_matrix"), blocks=True,
        ),
        Check(
            "closed_books", BOOKS, _("No month's books are closed"),
            _("Confirmed savings are counted up to the last closed month."),
            none_of(_of(BooksClosed, reopened_on=None)), page("measures:savings_matrix"), blocks=True,
        ),
        Check(
            "baseline", BOOKS, _("Indicators whose baseline must be found"),
            _("A numeric target can be judged only from a starting level."),
            lacking(_indicators, Q(needs_baseline=True, has_baseline=False)), page("kpis:indicator_gaps", "#baseline"),
        ),
        Check(
            "meeting_days", READINESS, _("Meeting days are not set"),
            _("Owners are told when updates close and the big room meets. Until set, the portal's own days hold."),
            _meeting_days, page("programme:parameter_list"),
        ),
        Check(
            "status_date", READINESS, _("Figures are shown for a fixed day"),
            _("The status date belongs to illustrative data. Emptied, figures are shown for today."),
            lambda programme: Missing(int(programme.status_date is not None)), page("programme:settings_period"),
        ),
        Check(
            "illustrative", READINESS, _("Illustrative measures are still among the figures"),
            _("They were made to show what the portal does. Remove them before the first real status view."),
            lacking(_of(Measure), Q(is_illustrative=True)), page("measures:measure_list", "?illustrative=1"),
        ),
        Check(
            "swedish", READINESS, _("Texts without Swedish"),
            _("Those who read in Swedish see them in Finnish, with a mark."),
            _untranslated("sv"), page("reporting:text_list", "?language=sv"),
        ),
    )  # fmt: skip
