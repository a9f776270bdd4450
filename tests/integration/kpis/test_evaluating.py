"""Answers kept beside the figures: the programme's own indicators checked by hand, vintages, versions, the night."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.evaluating import evaluate, evaluate_due, evaluate_programme, evaluations_on
from kpis.models import Evaluation, GoalIndicator, Indicator, IndicatorSummary, Judgement, Observation
from kpis.rules.services import NewRule, begin_rule, end_rule, set_rule, take_up
from kpis.sentences import sentence
from programme.models import Programme
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_observation, make_rule, make_source_link
from tests.factories.loaded import ETELA_KARJALA, KYMENLAAKSO, load
from tests.factories.programme import make_goal, make_theme

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
NO_VALUES = "not_published"  # 2026: no value is due before 2029, two years after its year

#: Every indicator of etela-karjala.yaml on the baseline values of its file, worked out by hand: the year of the
#: baseline and its answer, the answer that a wall shows, and why.
CHECKED = [
    # key, baseline year, of the baseline, shown, why
    (
        "nuoret-syrjaytymisriski",
        2021,
        "starting_level",
        "starting_level",
        "16.8 vs 15.4 in 2021, before 2023",
    ),
    (
        "nuoret-tyokyvyttomyyselake",
        2022,
        "starting_level",
        "starting_level",
        "1.0 in 2022: not judged against 0.9",
    ),
    ("sairauspoissaolot-tyokyvyttomyys", None, None, NO_VALUES, "two ids, no values in the file"),
    ("tyottomat", None, None, NO_VALUES, "an id, no values in the file"),
    ("pitkaaikaistyottomat", None, None, NO_VALUES, "an id, no values in the file"),
    (
        "ylipaino",
        None,
        None,
        NO_VALUES,
        "surveys, no values; its fall is from a level nobody says must be found",
    ),
    ("lonkkamurtumat", None, None, NO_VALUES, "an id, no values in the file"),
    ("elamanlaatu", 2022, "starting_level", "starting_level", "48.3 vs 51.0 in 2022, before 2023"),
    ("elamanlaatu-75", 2022, "starting_level", "starting_level", "40.8 vs 44.8 in 2022, before 2023"),
    ("yksinaisyys-75", 2022, "starting_level", "starting_level", "12.5 vs 12.0 in 2022, before 2023"),
    ("osallisuus-aikuiset", None, None, NO_VALUES, "an id, no values in the file"),
    ("osallisuus-lapset-nuoret", None, None, NO_VALUES, "three ids, no values in the file"),
    ("enimmaismaaraajat", None, None, NO_VALUES, "own figures, none entered"),
    ("palvelujen-riittavyys-nps", None, None, NO_VALUES, "a person judges results, and there are none"),
    ("tarpeenmukainen-palvelu", None, None, NO_VALUES, "the suggested 50 % is not the rule"),
    ("laaja-paivystys", None, None, "to_be_judged", "yes or no, not answered: needs no figure"),
    ("henkilostokokemus-pulssi", None, None, "baseline_missing", "the source: a baseline first"),
    ("henkilosto-nps", None, None, "baseline_missing", "the source: a baseline first"),
    ("henkiloston-poistuma", None, None, "baseline_missing", "the source: a baseline first"),
    ("hakijamaarat", None, None, "baseline_missing", "the source: a baseline first"),
]


def test_every_indicator_of_the_programme_on_its_baseline_values() -> None:
    programme = load(ETELA_KARJALA)
    evaluate_programme(programme, today=TODAY)
    said = {
        (row.indicator.key, row.year): row
        for row in Evaluation.objects.filter(superseded_at=None).select_related("indicator")
        if row.indicator
    }
    shown = {row.indicator.key: row for row in IndicatorSummary.objects.select_related("indicator")}
    assert [row[0] for row in CHECKED] == list(Indicator.objects.values_list("key", flat=True))
    for key, year, of_baseline, of_wall, why in CHECKED:
        if year is not None:
            assert said[key, year].outcome == of_baseline, why
        assert shown[key].outcome == of_wall, (key, why)
    assert not [row for row in said.values() if row.outcome == "not_met"]  # nothing that lags is red
    youth = shown["nuoret-syrjaytymisriski"]
    assert (youth.latest_year, youth.own, youth.national) == (2021, Decimal("16.8"), Decimal("15.4"))
    assert youth.target == Decimal("15.4")  # the whole country's


#: The same indicators once a year of the programme is known: figures of 2023, answer, why.
NEXT_YEAR = [
    ("nuoret-syrjaytymisriski", "15.9", "15.4", "partly", "fell from 16.8, still above 15.4"),
    ("nuoret-tyokyvyttomyyselake", "0.9", "1.1", "not_met", "0.9 is not below 0.9, whatever the country has"),
    ("tyottomat", "9.1", "9.2", "met", "below the country"),
    ("elamanlaatu", "52.0", "51.0", "cannot_judge", "the ages are not known, and each must meet it"),
    ("elamanlaatu-75", "44.8", "44.8", "not_met", "the same is not above"),
    ("yksinaisyys-75", "11.0", "11.5", "met", "fell from 12.5 and below the country"),
    ("enimmaismaaraajat", "99.9", None, "not_met", "100 % is 100 %"),
    ("palvelujen-riittavyys-nps", "31", None, "to_be_judged", "no threshold in the source"),
    ("tarpeenmukainen-palvelu", "71", None, "to_be_judged", "“mostly” has no figure"),
    ("hakijamaarat", "900", None, "baseline_missing", "the level of the start is not known"),
]


def test_the_same_indicators_when_a_year_is_known() -> None:
    programme = load(ETELA_KARJALA)
    by_key = {row.key: row for row in Indicator.objects.filter(programme=programme)}
    for key, own, national, _outcome, _why in NEXT_YEAR:
        make_observation(by_key[key], year=2023, value=Decimal(own))
        if national is not None:
            make_observation(by_key[key], year=2023, value=Decimal(national), region_role="national")
    evaluate_programme(programme, today=TODAY)
    current = Evaluation.objects.filter(superseded_at=None, year=2023).select_related("indicator")
    said = {row.indicator.key: row.outcome for row in current if row.indicator}
    for key, _own, _national, outcome, why in NEXT_YEAR:
        assert said[key] == outcome, (key, why)


# ---------------------------------------------------------------------------- what is written
@pytest.fixture
def indicator() -> Indicator:
    """An indicator of Sotkanet with figures of 2022 to 2024, to be above the whole country."""
    row = make_indicator(make_programme("oma", start_year=2023, end_year=2025), unit="%", better="up")
    link = make_source_link(row, sotkanet_id=4280)
    for year, own, national in ((2022, "48.3", "51.0"), (2023, "50.0", "50.5"), (2024, "52.0", "51.5")):
        fetched: dict[str, Any] = {"source_link": link, "fetched_at": timezone.now(), "year": year}
        make_observation(row, value=Decimal(own), **fetched)
        make_observation(row, value=Decimal(national), region_role="national", **fetched)
    make_rule(row, kind="compare", compare="above", reference="national_average")
    evaluate([row], today=TODAY)
    return row


def current_of(row: Indicator) -> dict[int, Evaluation]:
    return {one.year: one for one in Evaluation.objects.filter(indicator=row, superseded_at=None)}


def revise(row: Indicator, year: int, value: str, role: str = "own") -> None:
    last = Observation.objects.filter(indicator=row, year=year, region_role=role).latest("vintage")
    make_observation(
        row,
        year=year,
        value=Decimal(value),
        region_role=role,
        vintage=last.vintage + 1,
        source_link=last.source_link,
        fetched_at=timezone.now(),
    )
    evaluate([row], today=TODAY)


def test_a_revised_value_never_changes_an_earlier_evaluation(indicator: Indicator) -> None:
    columns = ("pk", "outcome", "code", "params", "sha256", "evaluated_at")
    before = list(Evaluation.objects.order_by("pk").values(*columns))
    assert current_of(indicator)[2024].outcome == "met"
    revise(indicator, 2024, "51.0")
    assert current_of(indicator)[2024].outcome == "not_met"
    assert current_of(indicator)[2024].params["sources"] == [
        {"id": 4280, "fetched": timezone.localdate().isoformat(), "vintage": 2}
    ]
    kept = list(
        Evaluation.objects.filter(pk__in=[row["pk"] for row in before]).order_by("pk").values(*columns)
    )
    assert kept == before
    assert (
        Evaluation.objects.filter(indicator=indicator, year=2023).count() == 1
    )  # other years are left alone
    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        Evaluation.objects.filter(pk=before[0]["pk"]).update(outcome="met")


def test_a_new_figure_of_the_country_judges_anew(indicator: Indicator) -> None:
    revise(indicator, 2023, "49.5", role="national")
    assert current_of(indicator)[2023].outcome == "met"


def test_nothing_is_written_where_nothing_changed(indicator: Indicator) -> None:
    made = Evaluation.objects.count()
    version = IndicatorSummary.objects.get().version
    evaluate([indicator], today=TODAY)
    assert (Evaluation.objects.count(), IndicatorSummary.objects.get().version) == (made, version)


def test_the_summary_holds_what_a_wall_shows(indicator: Indicator) -> None:
    row = IndicatorSummary.objects.get(indicator=indicator)
    assert (row.outcome, row.latest_year, row.own, row.before) == ("met", 2024, Decimal("52"), Decimal("50"))
    assert (row.national, row.national_year, row.target) == (Decimal("51.5"), 2024, Decimal("51.5"))
    assert row.series[0] == [2022, "48.3", "51"]
    assert row.evaluation == current_of(indicator)[2024]


def test_places_are_counted_among_the_ranked_counties(indicator: Indicator) -> None:
    link = indicator.source_links.get()
    for region, value in (("HYVINVOINTIALUE:01", 60), ("HYVINVOINTIALUE:02", 40), ("HYVINVOINTIALUE:90", 70)):
        make_observation(
            indicator, year=2024, value=value, region_role="peer", region=region, source_link=link
        )
    evaluate([indicator], today=TODAY)
    row = IndicatorSummary.objects.get(indicator=indicator)
    assert (row.rank, row.rank_of) == (2, 3)  # Helsinki (90) is ahead too, but has no place


def test_a_yearly_value_stands_before_its_parts_and_a_source_before_the_file() -> None:
    row = make_indicator(make_programme("oma", start_year=2023, end_year=2025))
    link = make_source_link(row)
    make_observation(row, year=2023, value=1)
    make_observation(row, year=2023, value=2, source_link=link)
    make_observation(row, year=2024, month=3, value=3, source_link=link)
    make_observation(row, year=2024, month=11, value=4, source_link=link)
    make_rule(row, kind="compare", compare="below", value=5)
    evaluate([row], today=TODAY)
    said = current_of(row)
    assert said[2023].params["own"] == ["2", "2023"]
    assert said[2024].params["own"] == ["4", "2024-11"]
    assert IndicatorSummary.objects.get().latest_period == "2024-11"


def test_two_answers_of_one_year_cannot_both_be_current(indicator: Indicator) -> None:
    row = current_of(indicator)[2024]
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError, match="kpis_evaluation_one_current"), transaction.atomic():
        row.save()


def test_the_number_of_statements_does_not_grow() -> None:
    programme = make_programme("oma", start_year=2023, end_year=2025)
    rows = []
    for number in range(12):
        row = make_indicator(programme, key=f"i{number}", position=number)
        make_rule(row, key=f"r{number}", kind="compare", compare="below", value=number)
        make_observation(row, year=2024, value=5)
        rows.append(row)
    counts = []
    for some in (rows[:2], rows[2:]):
        with CaptureQueriesContext(connection) as captured:
            evaluate(some, today=TODAY)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 25


# ---------------------------------------------------------------------------- versions of rules
def above(value: int) -> dict[str, Any]:
    return {"kind": "compare", "compare": "above", "value": Decimal(value)}


def test_a_new_version_keeps_the_old_one_and_what_it_said(indicator: Indicator) -> None:
    rule = indicator.rules.get()
    made = set_rule(rule, NewRule(above(60), dt.date(2026, 1, 1), "Valtuusto nosti tavoitetta"), by=None)
    rule.refresh_from_db()
    assert (rule.valid_to, made.valid_from, made.key) == (dt.date(2026, 1, 1), dt.date(2026, 1, 1), rule.key)
    assert current_of(indicator)[2024].outcome == "not_met"  # 52 is not above 60
    old = Evaluation.objects.get(rule=rule, year=2024)
    assert (old.outcome, old.superseded_at is not None) == ("met", True)


def test_a_report_of_an_earlier_day_keeps_its_rule_and_figures(indicator: Indicator) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    with pgtrigger.ignore("kpis.Evaluation:once_said"):  # the past cannot be made otherwise
        Evaluation.objects.update(evaluated_at=timezone.now() - dt.timedelta(days=3))
    set_rule(indicator.rules.get(), NewRule(above(60), dt.date(2026, 1, 1), "Tavoite nousi"), by=None)
    programme = indicator.programme
    then = evaluations_on(programme, yesterday).get(year=2024)
    now = evaluations_on(programme, timezone.localdate()).get(year=2024)
    assert (then.outcome, now.outcome) == ("met", "not_met")
    assert not evaluations_on(programme, yesterday - dt.timedelta(days=5)).exists()


def test_a_version_that_is_to_come_does_not_judge_yet(indicator: Indicator) -> None:
    set_rule(indicator.rules.get(), NewRule(above(60), dt.date(2099, 1, 1), "Myöhemmin"), by=None)
    assert current_of(indicator)[2024].outcome == "met"


def test_a_rule_that_ended_gives_no_light(indicator: Indicator) -> None:
    end_rule(indicator.rules.get(), on=dt.date(2026, 1, 1), reason="Mittarista luovuttiin", by=None)
    assert current_of(indicator) == {}
    assert IndicatorSummary.objects.get(indicator=indicator).outcome == ""


def test_a_suggestion_is_taken_up_with_a_reason(indicator: Indicator) -> None:
    other = make_indicator(indicator.programme, key="i2")
    rule = make_rule(other, key="r2", kind="qualitative", word_in_source="valtaosin")
    suggestion = make_rule(
        other,
        key="r2/s",
        indicator=None,
        parent=rule,
        is_suggestion=True,
        kind="compare",
        compare="above",
        value=50,
    )
    make_observation(other, year=2024, value=71)
    evaluate([other], today=TODAY)
    assert current_of(other)[2024].outcome == "to_be_judged"
    made = take_up(
        suggestion, valid_from=dt.date(2026, 1, 1), reason="Johtoryhmä hyväksyi ehdotuksen", by=None
    )
    assert (made.kind, made.value, made.is_suggestion) == ("compare", 50, False)
    assert current_of(other)[2024].outcome == "met"


def test_a_combined_rule_is_made_with_its_parts(indicator: Indicator) -> None:
    parts = [{"kind": "direction", "direction": "up", "magnitude": "any"}, above(60)]
    new = NewRule({"kind": "all_of"}, dt.date(2025, 1, 1), "Molempien pitää toteutua", parts=parts)
    made = begin_rule(indicator, new, by=None)
    assert [part.kind for part in made.parts.all()] == ["direction", "compare"]
    said = Evaluation.objects.get(rule=made, year=2024, superseded_at=None)
    assert said.outcome == "partly"  # risen from 48.3, not above 60
    assert IndicatorSummary.objects.get(indicator=indicator).outcome == "partly"  # the worse of two rules


def test_a_goal_is_judged_on_the_indicator_it_moves(indicator: Indicator) -> None:
    goal = make_goal(make_theme(indicator.programme))
    GoalIndicator.objects.create(programme=indicator.programme, goal=goal, indicator=indicator)
    made = begin_rule(goal, NewRule(above(40), dt.date(2023, 1, 1), "Tavoite alatavoitteelle"), by=None)
    said = Evaluation.objects.get(rule=made, year=2024)
    assert (said.indicator, said.outcome) == (indicator, "met")


# ---------------------------------------------------------------------------- persons, the night, the file
def test_a_judgement_answers_its_year() -> None:
    programme = load(ETELA_KARJALA)
    row = Indicator.objects.get(programme=programme, key="laaja-paivystys")
    Judgement.objects.create(
        programme=programme, indicator=row, year=2024, answer="yes", reason="Osaajat ja resurssit turvattu.",
        judged_on=dt.date(2025, 1, 15),
    )  # fmt: skip
    evaluate([row], today=TODAY)
    assert current_of(row)[2024].outcome == "met"
    assert "Osaajat ja resurssit turvattu" in sentence(current_of(row)[2024])
    assert IndicatorSummary.objects.get(indicator=row).outcome == "met"


def test_the_night_judges_what_the_day_has_made_late(indicator: Indicator) -> None:
    assert current_of(indicator)[2025].outcome == "not_published"
    assert evaluate_due(today=dt.date(2028, 1, 2)) >= 1
    assert current_of(indicator)[2025].outcome == "cannot_judge"


def test_loading_a_file_judges_its_indicators_and_loading_again_writes_nothing() -> None:
    programme: Programme = load(KYMENLAAKSO)
    shown = dict(IndicatorSummary.objects.values_list("indicator__key", "outcome"))
    assert shown == {
        "deficit-covered": "not_published", "services-digitalised": "not_published",
        "digital-rank": "not_published", "esh-costs": "baseline_missing", "esh-use": "not_published",
        "heavy-housing-pressure": "to_be_specified", "purchases-reduced": "baseline_missing",
        "enps": "starting_level", "sick-leave": "baseline_missing",
    }  # fmt: skip
    made = Evaluation.objects.filter(programme=programme).count()
    load(KYMENLAAKSO)
    assert Evaluation.objects.filter(programme=programme).count() == made


# ---------------------------------------------------------------------------- which values make a series
@pytest.fixture
def falling() -> Indicator:
    """To fall from its baseline of 2021, which only the programme file knows so far."""
    row = make_indicator(make_programme("oma", start_year=2023, end_year=2025, horizon_year=2030), unit="%")
    make_rule(row, kind="direction", direction="down", magnitude="any")
    make_observation(row, year=2021, value=12, is_baseline=True)
    return row


def test_a_fetched_value_keeps_the_mark_of_the_baseline(falling: Indicator) -> None:
    link = make_source_link(falling, sotkanet_id=305)
    for year, value in ((2021, 12), (2022, 10), (2024, 11)):
        make_observation(falling, year=year, value=value, source_link=link)
    evaluate([falling], today=TODAY)
    assert current_of(falling)[2024].outcome == "met"  # from 12 of 2021, not from 10 of 2022
    assert current_of(falling)[2024].params["start"] == ["12", "2021"]


def test_a_value_entered_by_hand_fills_a_gap_and_is_no_further_series(falling: Indicator) -> None:
    link = make_source_link(falling, sotkanet_id=305)
    by_hand = make_source_link(falling, key="manual", kind="manual", sotkanet_id=None, position=2)
    for year in (2023, 2024):
        make_observation(falling, year=year, value=11, source_link=link)
    make_observation(falling, year=2022, value=13, source_link=by_hand, is_baseline=True)
    make_observation(falling, year=2024, value=99, source_link=by_hand)  # the source knows better
    make_observation(falling, year=2025, value=14, source_link=by_hand)
    evaluate([falling], today=TODAY)
    said = current_of(falling)
    assert [said[year].outcome for year in (2023, 2024, 2025)] == ["met", "met", "not_met"]
    assert said[2024].params["start"] == ["13", "2022"]


def test_an_id_that_has_given_nothing_yet_is_waited_for(falling: Indicator) -> None:
    link = make_source_link(falling, sotkanet_id=305)
    make_observation(falling, year=2024, value=11, source_link=link)
    silent = make_source_link(falling, key="s2", sotkanet_id=306, position=2)
    evaluate([falling], today=TODAY)
    assert current_of(falling)[2024].outcome == "not_published"
    silent.is_ended = True
    silent.save()
    evaluate([falling], today=TODAY)
    assert current_of(falling)[2024].outcome == "met"


def test_a_target_of_the_vision_is_due_at_its_horizon() -> None:
    programme = make_programme("oma", start_year=2023, end_year=2025, horizon_year=2030)
    said = {}
    for scope in ("vision", "monitoring"):
        row = make_indicator(programme, key=scope, unit="%", scope=scope)
        make_rule(row, key=scope, kind="level", compare="at_least", value=20)
        for year, value in ((2022, 10), (2025, 12)):
            make_observation(row, year=year, value=value)
        evaluate([row], today=TODAY)
        said[scope] = current_of(row)[2025]
    assert (said["vision"].outcome, said["monitoring"].outcome) == ("on_the_way", "not_met")
    assert said["vision"].params["target_year"] == 2030
