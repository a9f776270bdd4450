"""For each rule of the database a row that passes and one that is refused, with the words people read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation

from programme.models import (
    Allocation,
    AllocationGoal,
    BaselineFact,
    Body,
    ChangeElement,
    CostType,
    DutyRecipient,
    FundingSource,
    Goal,
    LinkedInitiative,
    LoadedRow,
    Milestone,
    OrganisationUnit,
    PeerComparison,
    Perspective,
    PerspectiveTask,
    PhaseQuestion,
    PlanPart,
    PreparationWorkshop,
    Programme,
    Project,
    ProjectPhase,
    ReportingDuty,
    RoadmapActivity,
    RoadmapPart,
    Sector,
    Segment,
    Statement,
    StatementGoal,
    StrategyDocument,
    Target,
    Theme,
)
from tests.factories.accounts import make_programme
from tests.factories.programme import make_goal, make_statement, make_theme

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 1, 1)
NAME = {"name_fi": "Nimi"}


def refused(make: Callable[[], Any], constraint: str) -> None:
    """The database says no, naming the constraint."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def owners(programme: Programme) -> dict[str, models.Model]:
    """Rows that others hang under."""
    theme = make_theme(programme, key="juuri", number=9)
    return {
        "theme": theme,
        "goal": make_goal(theme, key="juuri"),
        "source": FundingSource.objects.create(programme=programme, key="juuri", **NAME),
        "perspective": Perspective.objects.create(programme=programme, key="juuri", **NAME),
        "activity": RoadmapActivity.objects.create(
            programme=programme,
            key="juuri",
            from_text="2024",
            to_text="2024",
            starts_on=DAY,
            ends_on=DAY,
            **NAME,
        ),
        "phase": ProjectPhase.objects.create(programme=programme, number=9, **NAME),
        "project": Project.objects.create(programme=programme, slug="juuri", **NAME),
        "statement": make_statement(programme, key="juuri"),
        "duty": ReportingDuty.objects.create(programme=programme, key="juuri", what_fi="Raportti"),
        "body": Body.objects.create(programme=programme, key="juuri", **NAME),
    }


#: model: (fields, owners it needs, constraint that keeps it unique)
UNIQUE: list[tuple[type[models.Model], dict[str, Any], tuple[str, ...], str]] = [
    (Theme, {"key": "a", "number": 1, **NAME}, (), "programme_theme_key"),
    (Goal, {"key": "a", "number": 1, **NAME}, ("theme",), "programme_goal_key"),
    (Sector, {"key": "a", **NAME}, (), "programme_sector_key"),
    (Segment, {"key": "a", **NAME}, (), "programme_segment_key"),
    (CostType, {"key": "a", **NAME}, (), "programme_costtype_key"),
    (OrganisationUnit, {"key": "a", **NAME}, (), "programme_unit_key"),
    (FundingSource, {"key": "a", **NAME}, (), "programme_fundingsource_key"),
    (Allocation, {"key": "a", **NAME}, ("source",), "programme_allocation_key"),
    (Body, {"key": "a", **NAME}, (), "programme_body_key"),
    (ReportingDuty, {"key": "a", "what_fi": "Raportti"}, (), "programme_reportingduty_key"),
    (DutyRecipient, {}, ("duty", "body"), "programme_dutyrecipient_once"),
    (Perspective, {"key": "a", **NAME}, (), "programme_perspective_key"),
    (PerspectiveTask, {"key": "a", **NAME}, ("perspective",), "programme_perspectivetask_key"),
    (StrategyDocument, {"key": "a", **NAME}, (), "programme_strategydocument_key"),
    (
        RoadmapActivity,
        {"key": "a", "from_text": "2024", "to_text": "2024", "starts_on": DAY, "ends_on": DAY, **NAME},
        (),
        "programme_roadmapactivity_key",
    ),
    (RoadmapPart, {"key": "a", **NAME}, ("activity",), "programme_roadmappart_key"),
    (PreparationWorkshop, {"number": 1, **NAME}, (), "programme_preparationworkshop_number"),
    (LinkedInitiative, {"key": "a", **NAME}, (), "programme_linkedinitiative_key"),
    (Project, {"slug": "a", **NAME}, (), "programme_project_slug"),
    (Milestone, {"key": "a", "baseline_on": DAY, **NAME}, ("project",), "programme_milestone_key"),
    (ProjectPhase, {"number": 1, **NAME}, (), "programme_projectphase_number"),
    (PhaseQuestion, {"key": "a", **NAME}, ("phase",), "programme_phasequestion_key"),
    (PlanPart, {"key": "a", **NAME}, (), "programme_planpart_key"),
    (ChangeElement, {"key": "a", **NAME}, (), "programme_changeelement_key"),
    (BaselineFact, {"group": "staff", "key": "a", **NAME}, (), "programme_baselinefact_key"),
    (PeerComparison, {"key": "a", **NAME}, (), "programme_peercomparison_key"),
    (Statement, {"kind": "pillar", "key": "a", **NAME}, (), "programme_statement_key"),
    (StatementGoal, {}, ("statement", "goal"), "programme_statementgoal_once"),
    (LoadedRow, {"model": "programme.Theme", "key": "a", "object_id": 1}, (), "programme_loadedrow_once"),
]


@pytest.mark.parametrize(
    ("model", "fields", "needs", "constraint"), UNIQUE, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_key_is_unique_in_its_programme_and_free_in_another(model, fields, needs, constraint):
    first, second = make_programme("yksi"), make_programme("kaksi")
    under = owners(first)

    model.objects.create(programme=first, **fields, **{name: under[name] for name in needs})
    other = owners(second)
    model.objects.create(programme=second, **fields, **{name: other[name] for name in needs})

    refused(
        lambda: model.objects.create(programme=first, **fields, **{n: under[n] for n in needs}), constraint
    )


@pytest.mark.parametrize(
    "model", [row[0] for row in UNIQUE if "name_fi" in row[1]], ids=lambda model: model.__name__
)
def test_a_row_needs_a_name_in_one_language(model):
    fields, needs = next((f, n) for m, f, n, _ in UNIQUE if m is model)
    programme = make_programme("yksi")
    under = {name: row for name, row in owners(programme).items() if name in needs}

    model.objects.create(programme=programme, **fields | {"name_fi": "", "name_en": "Name"}, **under)
    refused(
        lambda: model.objects.create(programme=programme, **fields | {"name_fi": ""}, **under),
        f"{model._meta.label_lower.replace('.', '_')}_named",
    )


def make_allocation(programme: Programme, **fields: Any) -> Allocation:
    source = FundingSource.objects.create(
        programme=programme, key=f"s{FundingSource.objects.count()}", **NAME
    )
    return Allocation.objects.create(programme=programme, source=source, key="a", **NAME, **fields)


def make_target(programme: Programme, **fields: Any) -> Target:
    return Target.objects.create(programme=programme, **({"kind": "stated", "valid_from": DAY} | fields))


#: constraint: (row that passes, row that is refused)
RULES: dict[str, tuple[Callable[[Programme], Any], Callable[[Programme], Any]]] = {
    "programme_fundingsource_positive": (
        lambda p: FundingSource.objects.create(programme=p, key="a", total_eur_cents=0, **NAME),
        lambda p: FundingSource.objects.create(programme=p, key="b", total_eur_cents=-1, **NAME),
    ),
    "programme_allocation_range": (
        lambda p: make_allocation(p, share_low=10, share_high=10),
        lambda p: make_allocation(p, share_low=20, share_high=10),
    ),
    "programme_allocation_percent": (
        lambda p: make_allocation(p, share_low=0, share_high=100, final_share=50),
        lambda p: make_allocation(p, final_share=101),
    ),
    "programme_reportingduty_what": (
        lambda p: ReportingDuty.objects.create(programme=p, key="a", what_en="report"),
        lambda p: ReportingDuty.objects.create(programme=p, key="b"),
    ),
    "programme_roadmapactivity_dates": (
        lambda p: RoadmapActivity.objects.create(programme=p, key="a", starts_on=DAY, ends_on=DAY, **NAME),
        lambda p: RoadmapActivity.objects.create(
            programme=p, key="b", starts_on=DAY, ends_on=DAY - dt.timedelta(days=1), **NAME
        ),
    ),
    "programme_milestone_dated": (
        lambda p: Milestone.objects.create(
            programme=p,
            key="a",
            forecast_on=DAY,
            project=Project.objects.create(programme=p, slug="a", **NAME),
            **NAME,
        ),
        lambda p: Milestone.objects.create(
            programme=p, key="b", project=Project.objects.get(slug="a"), **NAME
        ),
    ),
    "programme_project_dates": (
        lambda p: Project.objects.create(programme=p, slug="a", starts_on=DAY, ends_on=DAY, **NAME),
        lambda p: Project.objects.create(
            programme=p, slug="b", starts_on=DAY, ends_on=DAY - dt.timedelta(days=1), **NAME
        ),
    ),
    "programme_baselinefact_change": (
        lambda p: BaselineFact.objects.create(
            programme=p, group="g", key="a", change_percent=1, change_from_year=2021, **NAME
        ),
        lambda p: BaselineFact.objects.create(programme=p, group="g", key="b", change_percent=1, **NAME),
    ),
    "programme_target_value_or_pair": (
        lambda p: make_target(p, cautious_eur_cents=-1, full_eur_cents=-9),
        lambda p: make_target(p, kind="total", value_eur_cents=-5, full_eur_cents=-9),
    ),
    "programme_target_dates": (
        lambda p: make_target(p, valid_to=DAY + dt.timedelta(days=1)),
        lambda p: make_target(p, kind="total", valid_to=DAY),
    ),
    "programme_target_one_version_a_day": (
        lambda p: make_target(p, valid_to=dt.date(2025, 1, 1)),
        lambda p: make_target(p, valid_from=dt.date(2024, 12, 31)),
    ),
    "programme_programme_period": (
        lambda p: make_programme("a", start_year=2024, end_year=2024),
        lambda p: make_programme("b", start_year=2025, end_year=2024),
    ),
    "programme_programme_horizon": (
        lambda p: make_programme("a", horizon_year=2030),
        lambda p: make_programme("b", horizon_year=2024),
    ),
    "programme_programme_view_day": (
        lambda p: make_programme("a", status_view_day=28),
        lambda p: make_programme("b", status_view_day=29),
    ),
    "programme_allocationgoal_once": (
        lambda p: AllocationGoal.objects.create(
            programme=p, allocation=make_allocation(p), goal=make_goal(make_theme(p))
        ),
        lambda p: AllocationGoal.objects.create(
            programme=p, allocation=Allocation.objects.get(), goal=Goal.objects.get()
        ),
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_the_database_keeps_the_rule(name):
    programme = make_programme("ohjelma")
    passes, fails = RULES[name]

    passes(programme)
    refused(lambda: fails(programme), name)


def test_a_target_may_follow_on_the_day_the_other_ends():
    programme = make_programme("ohjelma")

    make_target(programme, valid_to=dt.date(2025, 1, 1))
    make_target(programme, valid_from=dt.date(2025, 1, 1))

    assert Target.objects.count() == 2


def test_a_refusal_is_told_in_words():
    programme = make_programme("ohjelma")
    allocation = Allocation(
        programme=programme, key="a", share_low=20, share_high=10, name_fi="Nimi",
        source=FundingSource.objects.create(programme=programme, key="s", **NAME),
    )  # fmt: skip

    with translation.override("en"), pytest.raises(ValidationError) as error:
        allocation.validate_constraints()

    assert error.value.messages == ["The lowest share must not exceed the highest."]


def test_every_key_of_a_row_begins_with_its_programme():
    from django.apps import apps

    from core.models import Row

    wrong = [
        constraint.name
        for model in apps.get_models()
        if issubclass(model, Row)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] != ("programme",)
    ]

    assert wrong == []
