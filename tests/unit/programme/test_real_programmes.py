"""The two real programmes: control totals, figures to the cent, and loading twice."""

import datetime as dt
from decimal import Decimal

import pghistory.models
import pytest
from django.apps import apps
from django.db import connection

from core.models import Row
from kpis.models import Indicator, Observation, SourceLink, TargetRule
from programme.models import (
    Allocation,
    BaselineFact,
    Body,
    ChangeElement,
    CostType,
    Goal,
    LinkedInitiative,
    OrganisationUnit,
    PlanPart,
    Programme,
    ProjectPhase,
    ReportingDuty,
    RoadmapActivity,
    Sector,
    Statement,
    StrategyDocument,
    Target,
    Theme,
)
from programme.words import stages, word
from risks.models import ImpactArea, Mitigation, Promise, Risk
from strategy.models import (
    AnnualObjective,
    BalancingPrinciple,
    BalancingProgramme,
    MetricYear,
    ObjectiveMetric,
    SeasonCycle,
    VisionTheme,
)
from tests.factories.programme import BOTH, load

MEUR = 100_000_000


def test_control_totals_of_kymenlaakso_hold_in_the_database(both):
    own = {"programme": both["kymenlaakso"]}

    assert {
        "themes": Theme.objects.filter(**own).count(),
        "goals": Goal.objects.filter(parent=None, **own).count(),
        "sub_goals": Goal.objects.exclude(parent=None).filter(**own).count(),
        "sub_goals_with_numeric_target": TargetRule.objects.exclude(goal=None).filter(**own).count(),
        "funding_allocations": Allocation.objects.filter(**own).count(),
        "savings_cost_types": CostType.objects.filter(parent=None, **own).count(),
        "savings_sectors": Sector.objects.filter(**own).count(),
        "metrics": Indicator.objects.filter(**own).count(),
        "risks": Risk.objects.filter(**own).count(),
        "impact_areas": ImpactArea.objects.filter(**own).count(),
        "promises": Promise.objects.filter(**own).count(),
        "change_elements": ChangeElement.objects.filter(**own).count(),
        "project_plan_parts": PlanPart.objects.filter(**own).count(),
        "project_phases": ProjectPhase.objects.filter(**own).count(),
        "linked_projects": LinkedInitiative.objects.filter(**own).count(),
    } == {
        "themes": 4, "goals": 6, "sub_goals": 19, "sub_goals_with_numeric_target": 4, "funding_allocations": 6,
        "savings_cost_types": 3, "savings_sectors": 4, "metrics": 9, "risks": 6, "impact_areas": 7, "promises": 6,
        "change_elements": 7, "project_plan_parts": 6, "project_phases": 4, "linked_projects": 3,
    }  # fmt: skip


def test_control_totals_of_etela_karjala_hold_in_the_database(both):
    own = {"programme": both["etela-karjala"]}
    cells = MetricYear.objects.filter(**own)

    assert {
        "vision_themes": VisionTheme.objects.filter(parent=None, **own).count(),
        "sub_themes": VisionTheme.objects.exclude(parent=None).filter(**own).count(),
        "indicators": Indicator.objects.filter(**own).count(),
        "sotkanet_ids": SourceLink.objects.filter(kind="sotkanet", **own).values("sotkanet_id").distinct().count(),
        "hyte_coefficient_indicators": Indicator.objects.filter(is_hyte=True, **own).count(),
        "spearheads": Theme.objects.filter(**own).count(),
        "annual_objectives": AnnualObjective.objects.filter(**own).count(),
        "annual_metrics": ObjectiveMetric.objects.filter(**own).count(),
        "annual_metric_year_cells": cells.count(),
        "annual_metric_year_cells_with_stated_years": cells.filter(year_stated=True).count(),
        "annual_yes_no_cells": cells.filter(metric__rule__kind="yes_no").count(),
        "balancing_principles": BalancingPrinciple.objects.filter(**own).count(),
    } == {
        "vision_themes": 3, "sub_themes": 5, "indicators": 20, "sotkanet_ids": 14, "hyte_coefficient_indicators": 3,
        "spearheads": 3, "annual_objectives": 11, "annual_metrics": 29, "annual_metric_year_cells": 51,
        "annual_metric_year_cells_with_stated_years": 36, "annual_yes_no_cells": 42, "balancing_principles": 6,
    }  # fmt: skip


def figures(programme, kind, column="total"):
    """(value, cautious, full) of each target of a kind, in M€ times a hundred million."""
    rows = Target.objects.filter(programme=programme, kind=kind, column=column).select_related(
        "cost_type", "sector"
    )
    return {
        (row.cost_type and row.cost_type.key) or (row.sector and row.sector.key) or row.key: (
            row.value_eur_cents, row.cautious_eur_cents, row.full_eur_cents,
        )
        for row in rows
    }  # fmt: skip


def test_the_stated_target_is_a_saving_with_its_parts(both):
    programme = both["kymenlaakso"]
    stated = Target.objects.get(programme=programme, kind="stated", column="total")

    assert stated.value_eur_cents == -78 * MEUR
    assert (stated.stated_low_eur_cents, stated.stated_high_eur_cents) == (-77 * MEUR, -78 * MEUR)
    assert "77-78" in stated.source_note and stated.source_page == "7"
    assert figures(programme, "composition") == {
        "original-budget-deficit": (-50 * MEUR, None, None),
        "productivity-2023": (-15 * MEUR, None, None),
        "other-savings-2023": (-12 * MEUR, None, None),
    }
    assert figures(programme, "stated", "base") == {"": (-15 * MEUR, None, None)}
    assert Target.objects.get(programme=programme, kind="stated", column="later").is_approximate


def test_a_year_without_a_target_is_unknown_and_not_zero(both):
    rows = Target.objects.filter(programme=both["kymenlaakso"], kind="annual").order_by("key")

    assert [(row.key, row.year, row.value_eur_cents) for row in rows] == [
        ("2023", 2023, -27 * MEUR),
        ("2024-2025", None, None),
    ]


def test_the_target_table_is_stored_to_the_cent(both):
    programme = both["kymenlaakso"]

    assert figures(programme, "cost_type", "base") == {
        "henkilostokulut": (-2 * MEUR, None, None),
        "palvelujen-ostot": (-13 * MEUR, None, None),  # rents: an empty cell has no row
    }
    assert figures(programme, "cost_type", "later") == {
        "henkilostokulut": (None, 14 * MEUR, 18 * MEUR),
        "palvelujen-ostot": (None, -15 * MEUR, -76 * MEUR),
        "tilavuokrat": (None, -1 * MEUR, -5 * MEUR),
    }
    assert figures(programme, "cost_type") == {
        "henkilostokulut": (None, 12 * MEUR, 16 * MEUR),
        "palvelujen-ostot": (None, -28 * MEUR, -89 * MEUR),
        "tilavuokrat": (None, -1 * MEUR, -5 * MEUR),
    }
    assert figures(programme, "total") == {"": (None, -17 * MEUR, -78 * MEUR)}
    assert figures(programme, "total", "later") == {"": (None, -2 * MEUR, -63 * MEUR)}
    assert figures(programme, "total", "base") == {"": (-15 * MEUR, None, None)}
    assert figures(programme, "sector") == {
        "tespa": (None, -27 * MEUR, -52 * MEUR),
        "sospa": (None, 0, -21 * MEUR),
        "pela": (None, -20_000_000, -40_000_000),
        "muut": (None, -2 * MEUR, -5 * MEUR),
    }


def test_the_inputs_of_the_differences_are_there(both):
    programme = both["kymenlaakso"]
    sectors = figures(programme, "sector").values()
    (_, cautious, full), *_ = figures(programme, "total").values()

    assert cautious - sum(row[1] for row in sectors) == 1_220_000_000
    assert full - sum(row[2] for row in sectors) == 40_000_000


def test_confidence_stays_on_the_figure_it_belongs_to(both):
    programme = both["kymenlaakso"]

    other = Target.objects.get(programme=programme, kind="sector", sector__key="muut")
    annual = Target.objects.get(programme=programme, kind="annual", year=2023)
    rank = Goal.objects.get(programme=programme, key="g1-4")
    activity = RoadmapActivity.objects.get(programme=programme, key="m7")
    share = BaselineFact.objects.filter(programme=programme, group="staff_structure").first()
    assert other.confidence == "medium-high"
    assert annual.confidence == "high for 27; medium for the hint" and "15 + 12" in annual.source_note
    assert rank.confidence.startswith("low")
    assert activity.confidence == "low"
    assert share.confidence.startswith("medium - labels and shares") and share.unit == "%"


def test_targets_are_valid_from_the_start_of_the_programme(both):
    rows = Target.objects.filter(programme=both["kymenlaakso"])

    assert set(rows.values_list("valid_from", "valid_to", "reason")) == {
        (dt.date(2023, 1, 1), None, "programme file")
    }


def test_allocations_are_shares_of_the_funding(both):
    rows = Allocation.objects.filter(programme=both["kymenlaakso"]).select_related("source")
    digi = next(row for row in rows if row.key == "digi")

    assert sum(row.share_low for row in rows) == 90
    assert sum(row.share_high for row in rows) == 110
    assert (digi.low_eur_cents, digi.high_eur_cents) == (327_000_000, 436_000_000)
    assert [goal.key for goal in digi.goals.order_by("number")] == ["g1", "g2", "g3"]
    assert [row.state for row in rows if row.state != "planned"] == ["reserved"]
    assert digi.source.total_eur_cents == 1_090_000_000 and "110 %" in digi.source.source_note


def test_target_rules_of_sub_goals_and_indicators_keep_their_structure(both):
    programme, other = both["kymenlaakso"], both["etela-karjala"]
    rules = {
        rule.goal.key: rule for rule in TargetRule.objects.exclude(goal=None).filter(programme=programme)
    }
    enps = TargetRule.objects.get(programme=programme, indicator__key="enps")
    youth = TargetRule.objects.get(programme=other, indicator__key="nuoret-syrjaytymisriski")
    parts = list(youth.parts.order_by("position"))
    mostly = TargetRule.objects.get(programme=other, indicator__key="tarpeenmukainen-palvelu")
    years = TargetRule.objects.filter(programme=other, statement__kind="measurement_360").order_by("year")

    assert set(rules) == {"g1-2", "g1-4", "g4-1", "g4-2"}
    assert (rules["g4-2"].direction, rules["g4-2"].low, rules["g4-2"].high) == ("down", 25, 30)
    assert rules["g4-2"].is_approximate and rules["g4-2"].baseline_text.startswith("current number")
    assert (enps.value, enps.scale_low, enps.scale_high) == (20, -100, 100)
    assert (youth.kind, [part.kind for part in parts]) == ("all_of", ["direction", "compare"])
    assert (parts[0].versus_year, parts[0].versus_value) == (2021, Decimal("16.8"))
    assert (parts[1].reference, parts[1].reference_at) == ("national_average", "same_year")
    assert mostly.word_in_source == "valtaosin" and mostly.parts.get().is_suggestion
    assert [(rule.year, rule.value, rule.and_onwards, rule.is_recurring) for rule in years] == [
        (2024, 25, False, False), (2025, 100, True, True),
    ]  # fmt: skip


def test_known_values_become_observations_and_unknown_ones_have_no_row(both):
    enps = Observation.objects.get(programme=both["kymenlaakso"])
    youth = Observation.objects.filter(indicator__key="nuoret-syrjaytymisriski")

    assert (enps.year, enps.month, enps.value, enps.region_role, enps.is_baseline) == (
        2022,
        12,
        -9,
        "own",
        True,
    )
    assert {row.region_role: row.value for row in youth} == {
        "own": Decimal("16.8"),
        "national": Decimal("15.4"),
    }
    assert not Observation.objects.filter(indicator__key="sick-leave").exists()


def test_mitigations_of_other_risks_serve_this_one(both):
    risk = Risk.objects.get(programme=both["kymenlaakso"], key="r6")

    serving = Mitigation.objects.serving(risk)

    assert {row.risk.key for row in serving} == {"r2", "r3", "r5", "r6"}
    assert risk.assessment is None
    assert risk.level_factors.count() == 1


def test_impact_is_unknown_until_somebody_answers(both):
    areas = ImpactArea.objects.filter(programme=both["kymenlaakso"])

    assert {area.advances for area in areas} == {None}
    assert sum(area.may_be_split for area in areas) == 1


def test_bodies_duties_and_documents_are_linked(both):
    programme, other = both["kymenlaakso"], both["etela-karjala"]
    duty = ReportingDuty.objects.get(programme=programme, key="rep5")
    strategy = StrategyDocument.objects.get(programme=other, key="strategia")
    steering = Body.objects.get(programme=programme, is_steering_group=True)

    assert {body.key for body in duty.to_bodies.all()} == {"johtoryhma", "aluevaltuusto", "aluehallitus"}
    assert steering.key == "johtoryhma" and steering.acts_as == "tuottavuusohjelman johtoryhmä"
    assert ReportingDuty.objects.get(programme=programme, key="rep2").frequency == "weekly"
    assert (strategy.approved_by.kind, strategy.approved_on, strategy.paragraph) == (
        "county_council", dt.date(2022, 12, 14), 92,
    )  # fmt: skip
    assert ReportingDuty.objects.get(programme=other, key="c1").from_body.key == "aluevaltuusto"


def test_units_point_to_their_savings_sector(both):
    units = OrganisationUnit.objects.filter(programme=both["kymenlaakso"]).select_related("sector")

    assert {unit.key: unit.sector and unit.sector.key for unit in units} == {
        "tespa": "tespa", "sospa": "sospa", "pela": "pela", "strategia-innovaatio": "muut",
        "konsernipalvelut": "muut", "konserniyhtiot": "muut", "hoitotyo": None,
    }  # fmt: skip


def test_the_roadmap_speaks_of_months_and_knows_their_days(both):
    launch = RoadmapActivity.objects.get(programme=both["kymenlaakso"], key="m5")
    deepening = RoadmapActivity.objects.get(programme=both["kymenlaakso"], key="m6")
    approval = RoadmapActivity.objects.get(programme=both["kymenlaakso"], key="m3")

    assert (launch.starts_on, launch.ends_on) == (dt.date(2023, 8, 1), dt.date(2023, 9, 30))
    assert (deepening.to_text, deepening.ends_on) == ("2024", dt.date(2024, 12, 31))
    assert approval.on_date == dt.date(2023, 6, 20)


def test_objectives_have_a_question_for_each_year_they_concern(both):
    programme = both["etela-karjala"]
    people = AnnualObjective.objects.get(programme=programme, key="o5")
    hospital = AnnualObjective.objects.get(programme=programme, key="o3")
    cells = MetricYear.objects.filter(programme=programme)

    assert not cells.filter(metric__objective=people, year=2023).exists()
    assert set(cells.values_list("answer", flat=True)) == {"open"}
    assert hospital.same_as_indicator.key == "laaja-paivystys"
    assert hospital.text == "" and hospital.aim.startswith("laajan päivystyksen")


def test_balancing_and_seasons_of_etela_karjala(both):
    programme = both["etela-karjala"]
    balancing = BalancingProgramme.objects.get(programme=programme)
    season = SeasonCycle.objects.get(programme=programme)
    last = balancing.principles.get(number=6)

    assert (balancing.start_year, balancing.end_year, balancing.target_eur_cents) == (2024, 2026, None)
    assert last.condition == "only if the former five do not suffice"
    assert (season.length_months, season.seasons_per_year, season.boundaries) == (
        4,
        3,
        ["01-04", "05-08", "09-12"],
    )


def test_programmes_know_their_period_kind_and_words(both):
    programme, other = both["kymenlaakso"], both["etela-karjala"]

    assert (programme.slug, programme.kind, programme.base_year) == ("kymenlaakso", "productivity", 2023)
    assert programme.measures_identified_at_least == 110
    assert (other.slug, other.kind, other.horizon_year, other.base_year) == (
        "etela-karjala", "strategy_implementation", 2030, None,
    )  # fmt: skip
    assert word(other, "theme", language="fi") == "strategiakärki"
    assert word(other, "themes", language="sv") == "strategiska spetsområden"
    assert word(programme, "theme", language="en") == "theme"
    assert word(programme, "column.base", language="fi") == "2023TA sisältämä säästö"
    assert word(programme, "stage.decided", language="en") == "decided" and stages(programme) == []


def test_statements_keep_kind_group_and_sector(both):
    own = {"programme": both["kymenlaakso"]}

    assert Statement.objects.filter(kind="principle", **own).count() == 5
    assert Statement.objects.filter(kind="citizen_change", **own).count() == 8
    assert Statement.objects.filter(kind="expected_effect", group="staff", **own).count() == 6
    assert Statement.objects.filter(kind="sector_challenge", sector__key="pela", **own).count() == 4
    assert (
        Statement.objects.get(
            kind="savings_note", group="by_sector", key__endswith="how", **own
        ).parts.count()
        == 4
    )
    umbrella = Statement.objects.get(kind="umbrella_goal", **own)
    assert {goal.key for goal in umbrella.goals.all()} == {"g1", "g2", "g3"}


def row_counts():
    """Rows of every table of the portal, events and data version included."""
    counts = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in {
            "core",
            "programme",
            "measures",
            "kpis",
            "risks",
            "strategy",
            "pghistory",
        }:
            if model._meta.proxy or not model._meta.managed:
                continue
            counts[model._meta.db_table] = model._base_manager.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(counter), 0) FROM core_changeslot")
        counts["changes"] = cursor.fetchone()[0]
    return counts


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    for name in BOTH:
        load(name)
    before = row_counts()

    results = [load(name) for name in BOTH]

    assert [result.nothing_happened for result in results] == [True, True]
    assert row_counts() == before
    assert before["programme_themeevent"] == 7


def test_history_says_which_file_it_was_and_why(both):
    event = apps.get_model("programme", "ThemeEvent").objects.filter(programme=both["kymenlaakso"]).first()

    assert isinstance(event, pghistory.models.Event)
    said = event.pgh_context.metadata
    assert said["reason"] == "programme file" and said["file"] == "kymenlaakso.yaml"
    assert len(said["sha256"]) == 64


def test_every_row_belongs_to_one_of_the_two_programmes(both):
    mixed = []
    for model in apps.get_models():
        if not issubclass(model, Row):
            continue
        for field in model._meta.concrete_fields:
            other = field.related_model
            if field.is_relation and isinstance(other, type) and issubclass(other, Row):
                rows = model._base_manager.exclude(**{field.name: None})
                if rows.exclude(**{f"{field.name}__programme": models_f("programme")}).exists():
                    mixed.append((model.__name__, field.name))

    assert mixed == []
    assert {programme.pk for programme in both.values()} == set(
        Programme.objects.values_list("pk", flat=True)
    )


def models_f(name):
    from django.db.models import F

    return F(name)
