"""A furnished county: on each page something of one's own, something of somebody else's, and every role.

`furnish` builds it. `THINGS` says how one thing of each noun is made; it is called twice for each county:
once for the side that the narrow roles reach (their theme, sector, segment, project and own measure) and once
for the side they do not reach.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from core.jobs import run_job
from core.models import Comment, Setting
from core.permissions import ROLES
from kpis.models import (
    GoalIndicator,
    Indicator,
    IndicatorGroup,
    Judgement,
    ManualValue,
    MeasureIndicator,
    RefreshRun,
    SourceLink,
    TargetRule,
)
from measures.models import (
    BaseTransfer,
    BooksClosed,
    BudgetShare,
    BulkChange,
    CostDriver,
    ImportRun,
    Measure,
    MeasureSegment,
    MeasureTarget,
    Overlap,
    PlanChange,
    Proposal,
    SavingsEntry,
    SavingsLine,
    Service,
    ServiceYear,
    Spending,
    YearLocked,
)
from measures.services import delete_draft
from measures.services.attachments import attach
from measures.workbooks.running import read_run, take_in
from programme.models import (
    Allocation,
    BaselineFact,
    Body,
    ChangeElement,
    ChangeRequest,
    CommunicationItem,
    CostType,
    Dependency,
    Deviation,
    FundingSource,
    Goal,
    LessonLearned,
    LinkedInitiative,
    Milestone,
    OrganisationUnit,
    Perspective,
    PhaseQuestion,
    PlanPart,
    Programme,
    Project,
    ProjectFinance,
    ProjectPerson,
    ProjectPhase,
    ReportingDuty,
    ReportQuestion,
    RoleGrant,
    Sector,
    Segment,
    StaffEffect,
    Stakeholder,
    Statement,
    StrategyDocument,
    Target,
    Theme,
    YearResult,
)
from risks.escalation.services import raise_obstacle
from risks.models import Mitigation, Obstacle, Promise, PromiseCheck, Risk, RiskAssessment, WeeklyList
from strategy.models import (
    AnnualObjective,
    BalancingPrinciple,
    BalancingProgramme,
    KeyResult,
    MainLine,
    MetricYear,
    Objective,
    ObjectiveMetric,
    PlanItem,
    ReportingPoint,
    Season,
    Unit,
    UnitMember,
    VisionTheme,
)
from tests.factories.accounts import make_person
from tests.factories.core import make_job
from tests.factories.counties import County, make_county
from tests.factories.governance import GOVERNANCE
from tests.factories.impact import IMPACT
from tests.factories.risks import empty_list

MONTH = "2024-03"


@dataclass
class Side:
    """Half a county: what the narrow roles reach (`own`), or what they do not."""

    county: County
    name: str  # "own" or "other"; in another county's keys, so that both counties have equal ones
    owner: User | None
    theme: Theme
    goal: Goal
    sector: Sector
    segment: Segment
    project: Project
    measure: Measure
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def programme(self) -> Programme:
        return self.county.programme


#: How one thing of each noun is made for a side; the answer's fields fill the address.
THINGS: dict[str, Callable[[Side], Any]] = {
    "theme": lambda side: side.theme,
    "goal": lambda side: side.goal,
    "sector": lambda side: side.sector,
    "segment": lambda side: side.segment,
    "project": lambda side: side.project,
    "measure": lambda side: side.measure,
    "line": lambda side: side.measure.lines.get(),
    "measure_target": lambda side: MeasureTarget.objects.create(
        programme=side.programme, measure=side.measure, value_eur_cents=-1, valid_from="2030-01-01"
    ),
    "budget_share": lambda side: BudgetShare.objects.create(
        programme=side.programme,
        measure=side.measure,
        line=side.measure.lines.get(),
        year=2024,
        amount_eur_cents=-1,
    ),  # fmt: skip
    "bulk_change": lambda side: BulkChange.objects.create(
        programme=side.programme,
        context_id=uuid.uuid4(),
        count=1,
        fields={"values": {}, "add": [], "remove": [], "rows": [side.measure.pk]},
    ),  # fmt: skip
    "deleted_measure": lambda side: _deleted_measure(side),
    "person": lambda side: make_bystander(side),
    "grant": lambda side: RoleGrant.objects.get(
        programme=side.programme, user__username=f"{side.programme.slug}-{side.name}-bystander"
    ),
    "cost_type": lambda side: CostType.objects.create(
        programme=side.programme, key=f"kulut-{side.name}", name_fi="Kulut"
    ),
    "unit": lambda side: OrganisationUnit.objects.create(
        programme=side.programme, key=f"yksikko-{side.name}", name_fi="Yksikkö"
    ),
    "source": lambda side: _with_allocation(side).source,
    "allocation": lambda side: Allocation.objects.get(programme=side.programme, key=f"osuus-{side.name}"),
    "reserved": lambda side: _reserved(side),
    "locked_year": lambda side: YearLocked.objects.create(
        programme=side.programme, year=2010 + len(side.name), locked_on="2019-03-20"
    ),
    "workbook": lambda side: _workbook(side),
    "ledger_file": lambda side: _ledger_file(side),
    "cost_driver": lambda side: CostDriver.objects.create(
        programme=side.programme,
        kind="wages",
        sector=side.sector,
        first_month="2030-01-01",
        cost_type=_any_cost_type(side),
        monthly_eur_cents=1,
        source="Sopimus",
    ),
    "base_transfer": lambda side: BaseTransfer.objects.create(
        programme=side.programme, name="Siirto", from_month="2030-01-01"
    ),
    "spending": lambda side: Spending.objects.create(
        programme=side.programme,
        source=_reserved(side).source,
        measure=side.measure,
        month="2024-01-01",
        amount_eur_cents=100,
        booked_on="2024-02-01",
    ),
    "service": lambda side: _service(side),
    "service_year": lambda side: ServiceYear.objects.create(
        programme=side.programme, year=2024, service=_service(side)
    ),
    "body": lambda side: Body.objects.create(
        programme=side.programme, key=f"toimielin-{side.name}", name_fi="Toimielin"
    ),
    "duty": lambda side: ReportingDuty.objects.create(
        programme=side.programme, key=f"raportti-{side.name}", what_fi="Raportti"
    ),
    "perspective": lambda side: Perspective.objects.create(
        programme=side.programme, key=f"puoli-{side.name}", name_fi="Puoli"
    ),
    **GOVERNANCE,
    **IMPACT,
    "document": lambda side: StrategyDocument.objects.create(
        programme=side.programme, key=f"asiakirja-{side.name}", name_fi="Asiakirja"
    ),
    "statement": lambda side: Statement.objects.create(
        programme=side.programme, kind="principle", key=f"linja-{side.name}", name_fi="Linja"
    ),
    "fact": lambda side: BaselineFact.objects.create(
        programme=side.programme, group="county", key=f"luku-{side.name}", name_fi="Luku"
    ),
    "target": lambda side: Target.objects.create(
        programme=side.programme,
        kind="composition",
        key=side.name,
        value_eur_cents=-1,
        valid_from="2023-01-01",
    ),
    "coming_target": lambda side: Target.objects.create(
        programme=side.programme,
        kind="composition",
        key=f"{side.name}-coming",
        value_eur_cents=-1,
        valid_from="2030-01-01",
    ),
    "refresh_run": lambda side: RefreshRun.objects.create(programme=side.programme),
    "setting": lambda side: Setting.objects.create(
        scope=side.programme.slug,
        key="meetings.big_room_day",
        value=12,
        valid_from="2030-01-01" if side.name == "own" else "2031-01-01",
    ),
    "indicator": lambda side: Indicator.objects.create(
        programme=side.programme, key=f"i-{side.name}", name_fi="Mittari", owner=side.owner
    ),
    "measure_link": lambda side: MeasureIndicator.objects.create(
        programme=side.programme, measure=side.measure, indicator=side.things["indicator"]
    ),
    "goal_link": lambda side: GoalIndicator.objects.create(
        programme=side.programme, goal=side.goal, indicator=side.things["indicator"]
    ),
    "indicator_group": lambda side: IndicatorGroup.objects.create(
        programme=side.programme, indicator=side.things["indicator"], key="nuoret", name_fi="Nuoret"
    ),
    "manual_value": lambda side: ManualValue.objects.create(
        programme=side.programme, indicator=side.things["indicator"], year=2023, value=5
    ),
    "own_source": lambda side: SourceLink.objects.create(
        programme=side.programme, indicator=side.things["indicator"], key="survey-1", kind="survey"
    ),
    "judgement": lambda side: Judgement.objects.create(
        programme=side.programme,
        indicator=side.things["indicator"],
        year=2023,
        answer="met",
        reason="Tulos",
        judged_on=date(2024, 3, 1),
    ),
    "judgement_file": lambda side: attach(
        about=side.things["judgement"], upload=SimpleUploadedFile("tulos.txt", b"Tulos 1"), by=None
    ),
    "value_file": lambda side: ImportRun.objects.create(
        programme=side.programme,
        kind="values",
        file_name="arvot.csv",
        sha256="0" * 64,
        options={"link": None, "sheets": [{"name": "arvot.csv", "rows": [["mittari", "arvo"]], "count": 1}]},
    ),
    "target_rule": lambda side: TargetRule.objects.create(
        programme=side.programme,
        indicator=side.things["indicator"],
        key=f"sääntö-{side.name}",
        kind="qualitative",
        valid_from="2023-01-01",
    ),
    "suggested_rule": lambda side: TargetRule.objects.create(
        programme=side.programme,
        parent=side.things["target_rule"],
        key=f"ehdotus-{side.name}",
        kind="compare",
        compare="above",
        value=50,
        is_suggestion=True,
        valid_from="2023-01-01",
    ),
    "source_link": lambda side: SourceLink.objects.create(
        programme=side.programme,
        indicator=side.things["indicator"],
        key="sotkanet-181",
        kind="sotkanet",
        sotkanet_id=181,
    ),
    "risk": lambda side: Risk.objects.create(
        programme=side.programme, key=f"r-{side.name}", number=len(side.name), name_fi="Riski"
    ),
    "obstacle": lambda side: raise_obstacle(
        measure=side.measure, name=f"Este {side.name}", by=None, language="fi"
    ),
    "weekly_list": lambda side: WeeklyList.objects.get_or_create(
        programme=side.programme,
        monday=date(2024, 3, 18 + 7 * (side.name == "own")),
        defaults=empty_list(side.programme),
    )[0],
    "project_risk": lambda side: Risk.objects.create(
        programme=side.programme,
        key=f"hr-{side.name}",
        number=10 + len(side.name),
        name_fi="Hankkeen riski",
        project=side.project,
        owner=side.owner,
    ),
    "mitigation": lambda side: Mitigation.objects.create(
        programme=side.programme,
        risk=side.things["project_risk"],
        key=f"hr-{side.name}/1",
        name_fi="Varautuminen",
    ),
    "risk_assessment": lambda side: RiskAssessment.objects.create(
        programme=side.programme,
        risk=side.things["project_risk"],
        assessed_on="2024-01-31",
        likelihood_now=3,
        impact_now=4,
    ),
    "plan_part": lambda side: PlanPart.objects.create(
        programme=side.programme, key=f"osa-{side.name}", position=len(side.name), name_fi="Suunnitelman osa"
    ),
    "milestone": lambda side: Milestone.objects.create(
        programme=side.programme, project=side.project, key="m", name_fi="Etappi", baseline_on="2024-03-01"
    ),
    "project_link": lambda side: Dependency.objects.create(
        programme=side.programme,
        project=side.project,
        milestone=side.things["milestone"],
        on_project=Project.objects.create(
            programme=side.programme, slug=f"muu-{side.name}", name_fi="Toinen hanke", theme=side.theme
        ),
    ),
    "phase": lambda side: ProjectPhase.objects.create(
        programme=side.programme, number=40 + len(side.name), name_fi="Vaihe"
    ),
    "phase_question": lambda side: PhaseQuestion.objects.create(
        programme=side.programme,
        key=f"kysymys-{side.name}",
        name_fi="Mitä tavoitellaan?",
        phase=side.things["phase"],
    ),
    "change_element": lambda side: ChangeElement.objects.create(
        programme=side.programme, key=f"tekija-{side.name}", name_fi="Tekijä"
    ),
    "change_request": lambda side: ChangeRequest.objects.create(
        programme=side.programme,
        project=side.project,
        number=1,
        changes_scope=True,
        subject="Rajaus",
        reason="Laajuus pienenee",
    ),
    "project_person": lambda side: ProjectPerson.objects.create(
        programme=side.programme, project=side.project, name="Tekijä", task="Työ", share="0.5"
    ),
    "project_finance": lambda side: ProjectFinance.objects.create(
        programme=side.programme, project=side.project, year=2024, budget_eur_cents=100_000
    ),
    "staff_effect": lambda side: StaffEffect.objects.create(
        programme=side.programme,
        project=side.project,
        seen_on="2024-03-01",
        group="Hoitajat",
        direction="same",
        text="Työ siirtyy",
    ),
    "lesson": lambda side: LessonLearned.objects.create(
        programme=side.programme,
        project=side.project,
        noted_on="2024-03-01",
        kind="worked",
        subject="Opittua",
    ),
    "stakeholder": lambda side: Stakeholder.objects.create(
        programme=side.programme, project=side.project, name_fi="Kunta"
    ),
    "communication": lambda side: CommunicationItem.objects.create(
        programme=side.programme,
        project=side.project,
        stakeholder=side.things["stakeholder"],
        subject="Kirje",
        planned_on="2024-03-01",
        owner=side.owner,
    ),
    "initiative": lambda side: LinkedInitiative.objects.create(
        programme=side.programme, key=f"ict-{side.name}", name_fi="ICT-hanke"
    ),
    "year_result": lambda side: YearResult.objects.create(
        programme=side.programme,
        year=2024 if side.name == "own" else 2025,
        kind="forecast",
        result_eur_cents=-100,
        stated_on=date(2024, 3, 1),
    ),
    "claim": lambda side: SavingsEntry.objects.create(
        programme=side.programme,
        line=side.measure.lines.get(),
        month="2024-03-01",
        series="claimed",
        amount_eur_cents=-1,
    ),
    "finding": lambda side: Deviation.objects.create(
        programme=side.programme,
        kind="reconciliation",
        cause_key=f"tespa.kulut-{side.name}.2024-01.2024-03",
        found_on="2024-04-01",
        amount_eur_cents=1,
        params={"sector": 0, "cost_type": 0, "first": "2024-01", "last": "2024-03"},
    ),
    "deviation": lambda side: Deviation.objects.create(
        programme=side.programme,
        kind="light_turned",
        cause_key=f"light.{side.name}",
        found_on="2024-03-01",
        owner=side.owner,
        params={"of": {"fi": "Projekti"}, "dimension": "schedule", "light": "red", "before": None},
    ),
    "report_question": lambda side: ReportQuestion.objects.create(
        programme=side.programme, key=f"kysymys-{side.name}", name_fi="Kysymys"
    ),
    "overlap": lambda side: _overlap(side),
    "judged_overlap": lambda side: Deviation.objects.create(
        programme=side.programme,
        kind="overlap",
        cause_key=f"overlap.1.{len(side.name)}",
        found_on="2024-04-01",
        closed_on="2024-04-01",
        state="closed",
        explanation="Eri sopimukset",
    ),
    "attachment": lambda side: attach(
        about=side.measure, upload=SimpleUploadedFile("sopimus.txt", b"Sopimus 1"), by=None
    ),
    "comment": lambda side: Comment.objects.create(
        programme=side.programme,
        content_type=ContentType.objects.get_for_model(Measure),
        object_id=side.measure.pk,
        text="Miten käy?",
    ),
    "proposal": lambda side: Proposal.objects.create(
        programme=side.programme,
        subject="Ehdotus",
        goal=side.goal,
        sector=side.sector,
        proposed_on="2024-03-01",
    ),
    "talk_obstacle": lambda side: Obstacle.objects.create(
        programme=side.programme, measure=side.measure, name_fi="Puheena", raised_on="2024-03-01"
    ),
    "plan_change": lambda side: PlanChange.objects.create(
        programme=side.programme, measure=side.measure, reason="Viivästys"
    ),
    "promise_check": lambda side: PromiseCheck.objects.create(
        programme=side.programme,
        measure=side.measure,
        answer="negative",
        promise=Promise.objects.create(
            programme=side.programme, key=f"lupaus-{side.name}", audience="clients", name_fi="Emme sulje"
        ),
    ),
    "vision_theme": lambda side: VisionTheme.objects.create(
        programme=side.programme, key=f"v-{side.name}", name_fi="Teema"
    ),
    "main_line": lambda side: MainLine.objects.create(
        programme=side.programme, number=len(side.name), name_fi="Linjaus"
    ),
    "balancing": lambda side: _principle(side).balancing,
    "principle": lambda side: _principle(side),
    "reporting_point": lambda side: ReportingPoint.objects.create(
        programme=side.programme, kind="accounts", year=2024, name_fi="Tilinpäätös"
    ),
    "annual_objective": lambda side: _metric(side).objective,
    "metric": lambda side: _metric(side),
    "metric_year": lambda side: _answer(side),
    "answer_file": lambda side: attach(
        about=_answer(side), upload=SimpleUploadedFile("perustelu.txt", b"Perustelu"), by=None
    ),
    "okr_unit": lambda side: _okr_unit(side),
    "unit_member": lambda side: (
        _okr_unit(side).members.first()
        or UnitMember.objects.create(
            programme=side.programme, unit=_okr_unit(side), user=side.things["person"]
        )
    ),
    "season": lambda side: _season(side),
    "season_objective": lambda side: _key_result(side).objective,
    "key_result": lambda side: _key_result(side),
    "plan_item": lambda side: PlanItem.objects.create(programme=side.programme, name_fi="Linjaus"),
    "job": lambda side: make_job(programme=side.programme, key=side.name),
}


def _okr_unit(side: Side) -> Unit:
    """A team of which the side's owner is a member."""
    unit, _made = Unit.objects.get_or_create(
        programme=side.programme,
        key=f"tiimi-{side.name}",
        level="team",
        name_fi="Tiimi",
        uses_okr_from="2023-01-01",
    )
    if side.owner is not None:
        UnitMember.objects.get_or_create(programme=side.programme, unit=unit, user=side.owner)
    return unit


def _season(side: Side) -> Season:
    """An open season of the side; each side has its own year."""
    year = 2030 + len(side.name)
    return Season.objects.get_or_create(
        programme=side.programme, year=year, number=1, starts_on=date(year, 1, 1), ends_on=date(year, 4, 30),
        state="open",
    )[0]  # fmt: skip


def _key_result(side: Side) -> KeyResult:
    """A key result of a started objective of the side's team."""
    objective, is_new = Objective.objects.get_or_create(
        programme=side.programme, season=_season(side), unit=_okr_unit(side), name_fi="Kauden tavoite",
        spearhead=side.theme,
    )  # fmt: skip
    if is_new:
        KeyResult.objects.create(
            programme=side.programme,
            objective=objective,
            name_fi="Avaintulos",
            start_value=0,
            target_value=10,
        )
        Objective.objects.filter(pk=objective.pk).update(state="started")
        objective.refresh_from_db()
    return objective.key_results.get()


def _principle(side: Side) -> BalancingPrinciple:
    """The first principle of a balancing programme of the side."""
    balancing, _made = BalancingProgramme.objects.get_or_create(
        programme=side.programme, key=f"b-{side.name}", name_fi="Tasapainotus", start_year=2024, end_year=2026
    )
    return BalancingPrinciple.objects.get_or_create(
        programme=side.programme, balancing=balancing, number=1, name_fi="Periaate"
    )[0]


def _metric(side: Side) -> ObjectiveMetric:
    """A metric of an annual objective that the side's owner answers for."""
    objective, _made = AnnualObjective.objects.get_or_create(
        programme=side.programme,
        key=f"o-{side.name}",
        number=len(side.name),
        name_fi="Tavoite",
        owner=side.owner,
    )
    return ObjectiveMetric.objects.get_or_create(
        programme=side.programme, objective=objective, key=f"o-{side.name}-a", name_fi="Onko tehty"
    )[0]


def _answer(side: Side) -> MetricYear:
    """The answer of the side's metric for 2024."""
    return MetricYear.objects.get_or_create(programme=side.programme, metric=_metric(side), year=2024)[0]


def _deleted_measure(side: Side) -> Any:
    """A draft like the side's measure that was deleted; `pk` is what it had."""
    measure = side.county.measure(
        code=f"D-{side.name.upper()}", project=side.project, owner=side.owner, stage="identified"
    )
    Measure.objects.filter(pk=measure.pk).update(goal=side.goal)
    SavingsLine.objects.filter(measure=measure).update(sector=side.sector)
    MeasureSegment.objects.create(programme=side.programme, measure=measure, segment=side.segment)
    gone = SimpleNamespace(pk=measure.pk)
    measure.refresh_from_db()
    delete_draft(measure=measure, by=None, reason="test")
    return gone


def _service(side: Side) -> Service:
    """A service of the side whose way of production is followed."""
    return Service.objects.get_or_create(
        programme=side.programme, sector=side.sector, name_fi=f"Palvelu {side.name}"
    )[0]


def _reserved(side: Side) -> Allocation:
    """A reserved part of a funding source of the side."""
    source, _made = FundingSource.objects.get_or_create(
        programme=side.programme, key=f"varaus-{side.name}", name_fi="Raha", total_eur_cents=100
    )
    return Allocation.objects.get_or_create(
        programme=side.programme, source=source, key=f"varattu-{side.name}", name_fi="Varattu",
        state=Allocation.State.RESERVED,
    )[0]  # fmt: skip


def _any_cost_type(side: Side) -> CostType:
    return CostType.objects.get_or_create(programme=side.programme, key="muut", defaults={"name_fi": "Muut"})[
        0
    ]


def _workbook(side: Side) -> ImportRun:
    """A county's own list of measures that waits for its mapping."""
    file = SimpleUploadedFile("lista.csv", b"Toimenpide;Tavoite\nTilat pois;-1 000\n")
    run = take_in(programme=side.programme, file=file, name="lista.csv", by=None)
    return read_run(run)


def _ledger_file(side: Side) -> ImportRun:
    """A file of the books whose columns nobody has chosen; its county's first month is closed."""
    BooksClosed.objects.get_or_create(
        programme=side.programme, month="2019-01-01", defaults={"closed_on": "2019-02-20"}
    )
    return ImportRun.objects.create(
        programme=side.programme, kind="ledger", file_name="toteuma.csv", sha256="0" * 64,
        options={
            "kind": "actual", "year": 2024,
            "sheets": [{"name": "toteuma.csv", "rows": [["toimiala", "summa"], ["Muut", "1"]], "count": 2}],
        },
    )  # fmt: skip


def _overlap(side: Side) -> Overlap:
    """The side's measure yields to a line of another measure of its goal."""
    line = side.measure.lines.get()
    other = Measure.objects.create(
        programme=side.programme,
        code=f"O-{side.name.upper()}",
        name_fi="Toinen",
        goal=side.goal,
        stage="planned",
    )
    kept = SavingsLine.objects.create(
        programme=side.programme, measure=other, sector=line.sector, cost_type=line.cost_type, goal=side.goal
    )
    return Overlap.objects.create(
        programme=side.programme,
        yielding_line=line,
        other_line=kept,
        amount_eur_cents=-1,
        first_month="2024-03-01",
    )


def _with_allocation(side: Side) -> Allocation:
    """A funding source of the side with one allocation."""
    source = FundingSource.objects.create(
        programme=side.programme, key=f"raha-{side.name}", name_fi="Raha", total_eur_cents=100
    )
    return Allocation.objects.create(
        programme=side.programme, source=source, key=f"osuus-{side.name}", name_fi="Osuus"
    )


def make_bystander(side: Side) -> User:
    """Somebody of the staff of this county only."""
    person = make_person(
        f"{side.programme.slug}-{side.name}-bystander", first_name="Sivu", last_name="Henkilö"
    )
    RoleGrant.objects.create(programme=side.programme, user=person, role="staff")
    return person


@dataclass
class Place:
    """One county with its two sides and one person of each role."""

    county: County
    own: Side
    other: Side
    people: dict[str, User]

    @property
    def programme(self) -> Programme:
        return self.county.programme


def furnish(slug: str) -> Place:
    """The county of that slug with something on each of its pages, and a status view of March 2024."""
    county = make_county(slug)
    people = {role: make_person(f"{slug}-{role}") for role in ROLES}
    own = _side(county, "own", people["measure"], county.theme, county.goal, county.sector)
    other = _other_side(county)
    scopes = {kind: {kind: getattr(own, kind)} for kind in ("theme", "sector", "segment", "project")}
    for role, person in people.items():
        RoleGrant.objects.create(programme=county.programme, user=person, role=role, **scopes.get(role, {}))
    for side in (own, other):
        for noun, make in THINGS.items():
            side.things[noun] = make(side)
    job = make_job(kind="status_view", key=MONTH, params={"month": MONTH}, programme=county.programme)
    assert run_job(job.pk) == "done"
    return Place(county, own, other, people)


def _other_side(county: County) -> Side:
    programme = county.programme
    theme = Theme.objects.create(programme=programme, key="muu", number=2, name_fi="Muu teema")
    goal = Goal.objects.create(programme=programme, theme=theme, key="g2", number=2, name_fi="Muu tavoite")
    sector = Sector.objects.create(programme=programme, key="muut", name_fi="Muut")
    return _side(county, "other", None, theme, goal, sector)


def _side(county: County, name: str, owner: User | None, theme: Theme, goal: Goal, sector: Sector) -> Side:
    programme = county.programme
    segment = Segment.objects.create(programme=programme, key=f"lapset-{name}", name_fi="Lapset")
    project = Project.objects.create(
        programme=programme, slug=f"hanke-{name}", name_fi="Hanke", theme=theme,
        manager=owner,
    )  # fmt: skip
    measure = Measure.objects.create(
        programme=programme, code=f"T-{name.upper()}", name_fi="Toimenpide", goal=goal, project=project,
        owner=owner, stage="planned",
    )  # fmt: skip
    county.line(measure, sector=sector, goal=goal)
    MeasureSegment.objects.create(programme=programme, measure=measure, segment=segment)
    return Side(county, name, owner, theme, goal, sector, segment, project, measure)
