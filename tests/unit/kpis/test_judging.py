"""What each kind of rule says: the verify lines of demands 30 to 45, 50 and 108, with the figures they name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from kpis.calculations import Judged, judge, judge_numbers, years_to_judge
from kpis.calculations.outcomes import Said, worst
from kpis.models import Outcome
from kpis.sentences import sentence_of
from tests.factories.figures import answer, figures, frame, groups, line, point, rule

BELOW_COUNTRY = rule("compare", compare="below", reference="national_average")
ABOVE_COUNTRY = rule("compare", compare="above", reference="national_average")
FALLS_BELOW = rule(
    "all_of",
    parts=(
        rule("direction", direction="down", magnitude="any", versus_year=2021, versus_value="16.8"),
        BELOW_COUNTRY,
    ),
)


def test_the_words_are_those_of_the_table() -> None:
    assert [said.value for said in Said] == Outcome.values


# ---------------------------------------------------------------------------- 30, 41, 108: shares
def test_a_share_is_reached_in_its_year() -> None:
    digital = rule("share", compare="at_least", value=30, year=2025)
    assert answer(digital, line({2025: 26}), 2025).outcome == Said.NOT_MET
    assert answer(digital, line({2025: 30}), 2025).outcome == Said.MET
    early = answer(digital, line({2024: 26}), 2024)
    assert (early.outcome, early.code) == (Said.ON_THE_WAY, "limit_later")
    assert judge(digital, figures(line({2026: 31})), 2026, frame()) is None  # the rule is about 2025 only


@pytest.mark.parametrize(
    ("share", "outcome"), [("99.9", Said.NOT_MET), ("99.9999", Said.NOT_MET), ("100", Said.MET)]
)
def test_all_of_it_is_all_of_it(share: str, outcome: Said) -> None:
    full = rule("compare", compare="at_least", value=100)
    found = answer(full, line({2024: share}), 2024)
    assert found.outcome == outcome
    assert found.params["own"] == [share, "2024"]


def test_coverage_of_360_measurements_by_year() -> None:
    quarter = rule("share", compare="at_least", value=25, year=2024)
    everybody = rule("share", compare="at_least", value=100, year=2025, and_onwards=True, is_recurring=True)
    covered = line({2024: Decimal(75) / 300 * 100, 2025: Decimal(299) / 300 * 100, 2026: 100})
    assert answer(quarter, covered, 2024).outcome == Said.MET  # 75 of 300 supervisors
    assert answer(everybody, covered, 2024).outcome == Said.ON_THE_WAY
    assert answer(everybody, covered, 2025).outcome == Said.NOT_MET  # 299 of 300 is not all
    assert answer(everybody, covered, 2026).outcome == Said.MET  # and it goes on


# ---------------------------------------------------------------------------- 31: rank
def test_a_rank_entered_by_hand() -> None:
    three_best = rule("rank", compare="at_most", value=3, unit="rank")
    assert answer(three_best, line({2024: 4}), 2024, unit="rank").outcome == Said.NOT_MET
    assert answer(three_best, line({2024: 3}), 2024, unit="rank").outcome == Said.MET


def test_a_rank_counts_those_ahead_and_equals_share_a_place() -> None:
    three_best = rule("rank", compare="at_most", value=3)
    others = {str(number): Decimal(number) for number in range(1, 21)}  # the other 20 counties have 1 to 20
    found = answer(three_best, line({2024: 3}, peers={2024: others}), 2024, better="down")
    assert (found.outcome, found.params["rank"]) == (Said.MET, "3")
    found = answer(three_best, line({2024: "3.5"}, peers={2024: others}), 2024, better="down")
    assert (found.outcome, found.params["rank"]) == (Said.NOT_MET, "4")
    found = answer(three_best, line({2024: 18}, peers={2024: others}), 2024, better="up")
    assert (found.outcome, found.params["rank"]) == (Said.MET, "3")


def test_counties_without_a_figure_may_still_come_before() -> None:
    three_best = rule("rank", compare="at_most", value=3)
    some = {str(number): Decimal(number) for number in range(2, 12)}  # 10 of 20 others known, none ahead of 1
    found = answer(three_best, line({2024: 1}, peers={2024: some}), 2024, better="down")
    assert (found.outcome, found.code) == (Said.CANNOT_JUDGE, "rank_incomplete")
    assert (
        answer(three_best, line({2024: 9}, peers={2024: some}), 2024, better="down").outcome == Said.NOT_MET
    )
    assert answer(three_best, line({2024: 1}), 2024, better="down").code == "rank_unknown"


def test_without_a_better_direction_nobody_is_ranked() -> None:
    ranked = line({2024: 1}, peers={2024: {"2": Decimal(2)}})
    found = answer(rule("rank", compare="at_most", value=3), ranked, 2024)
    assert (found.outcome, found.code) == (Said.CANNOT_JUDGE, "rank_no_direction")
    with translation.override("en"):
        assert "nobody is ranked" in sentence_of(found.outcome, found.code, found.params)


# ---------------------------------------------------------------------------- 32, 33, 34, 36: from a baseline
def test_a_change_in_euros_needs_its_base() -> None:
    care = rule("absolute_change", direction="down", value=20, is_approximate=True)
    assert answer(care, line({2024: 230}), 2024).outcome == Said.BASELINE_MISSING
    found = answer(care, line({2022: 248, 2024: 230}), 2024)
    assert (found.outcome, found.progress) == (Said.ON_THE_WAY, Decimal("0.9"))  # 18 of about 20 M€
    assert found.params["approximate"] is True
    assert answer(care, line({2022: 248, 2025: 230}), 2025).outcome == Said.NOT_MET
    assert answer(care, line({2022: 248, 2025: 228}), 2025).outcome == Said.MET
    assert answer(care, line({2022: 248, 2024: 250}), 2024).outcome == Said.NOT_MET  # it rose


def test_a_level_from_a_negative_baseline() -> None:
    enps = rule("level", compare="at_least", value=20)
    found = answer(enps, line({2022: -9, 2024: "5.5"}, baseline=2022), 2024)
    assert (found.outcome, found.progress) == (Said.ON_THE_WAY, Decimal("0.5"))  # (5.5 + 9) / 29
    assert answer(enps, line({2022: -9, 2024: -10}), 2024).outcome == Said.NOT_MET
    assert answer(enps, line({2022: -9, 2024: 20}), 2024).outcome == Said.MET
    assert answer(enps, line({2022: -9, 2025: 19}), 2025).outcome == Said.NOT_MET


def test_halving_needs_the_baseline_of_its_date() -> None:
    halved = rule("ratio_to_baseline", compare="at_most", value="0.5", baseline_date="2023-01")
    assert answer(halved, line({2022: 7, 2024: 4}), 2024).outcome == Said.BASELINE_MISSING
    with_start = line({2024: 4, 2025: 3})
    with_start.periods["2023-01"] = point(2023, 6, period="2023-01", is_baseline=True)
    found = answer(halved, with_start, 2024)
    assert (found.outcome, found.params["target"]) == (Said.ON_THE_WAY, "3")
    assert found.progress == Decimal("0.6666")
    assert answer(halved, with_start, 2025).outcome == Said.MET


@pytest.mark.parametrize(
    ("own", "outcome", "beyond"),
    [
        (124, Said.NOT_MET, False),
        (125, Said.MET, False),
        (127, Said.MET, False),
        (130, Said.MET, False),
        (131, Said.MET, True),
    ],
)
def test_a_range_is_reached_at_its_lower_end_and_beyond(own: int, outcome: Said, beyond: bool) -> None:
    remote = rule("relative_change_range", direction="up", low=25, high=30)
    found = answer(remote, line({2022: 100, 2025: own}), 2025)
    assert (found.outcome, found.params["beyond"]) == (outcome, beyond)


def test_a_range_downwards() -> None:
    points = rule("relative_change_range", direction="down", low=25, high=30)
    assert answer(points, line({2022: 40, 2025: 30}), 2025).outcome == Said.MET  # exactly 25 % fewer
    assert answer(points, line({2022: 40, 2025: 31}), 2025).outcome == Said.NOT_MET
    assert answer(points, line({2022: 0, 2025: 31}), 2025).code == "start_is_zero"


# ---------------------------------------------------------------------------- 37, 38, 39: comparing
def test_above_the_country_of_the_same_year() -> None:
    found = answer(ABOVE_COUNTRY, line({2024: "48.3"}, {2024: "51.0"}), 2024)
    assert (found.outcome, found.code) == (Said.NOT_MET, "country")
    assert answer(ABOVE_COUNTRY, line({2024: "48.3"}, {2024: "48.2"}), 2024).outcome == Said.MET
    assert answer(ABOVE_COUNTRY, line({2024: "48.3"}, {2024: "48.3"}), 2024).outcome == Said.NOT_MET


@pytest.mark.parametrize("other", [2023, 2025])
def test_different_years_are_not_compared(other: int) -> None:
    found = answer(ABOVE_COUNTRY, line({2024: 60}, {other: 51}), 2024)
    assert (found.outcome, found.code) == (Said.CANNOT_JUDGE, "country_other_year")
    assert (found.params["own"][1], found.params["country"][1]) == ("2024", str(other))


def test_a_month_is_compared_with_the_same_month_of_the_country_only() -> None:
    march = point(2024, 12, period="2024-03")
    own = line({2023: 120}, {2024: 130})
    own.own[2024] = march
    found = answer(ABOVE_COUNTRY, own, 2024)
    assert (found.outcome, found.code) == (Said.CANNOT_JUDGE, "country_other_period")
    with translation.override("en"):
        told = sentence_of(found.outcome, found.code, found.params)
    assert "3/2024" in told and "different periods" in told
    own.national_periods["2024-03"] = point(2024, 11, period="2024-03")
    assert answer(ABOVE_COUNTRY, own, 2024).outcome == Said.MET
    months = line({2024: 12})
    months.national[2024] = march
    assert answer(ABOVE_COUNTRY, months, 2024).code == "country_other_period"
    months.national = {2023: march}
    assert answer(ABOVE_COUNTRY, months, 2024).code == "country_other_year"


def test_exactly_the_limit_is_not_below_it() -> None:
    strict = rule("compare", compare="below", value="0.9")
    assert answer(strict, line({2024: "0.9"}), 2024).outcome == Said.NOT_MET
    assert answer(strict, line({2024: "0.8"}), 2024).outcome == Said.MET
    assert (
        answer(rule("compare", compare="at_most", value="0.9"), line({2024: "0.9"}), 2024).outcome == Said.MET
    )


def test_a_combined_rule_is_partly_met() -> None:
    found = answer(FALLS_BELOW, line({2021: "16.8", 2023: "15.9"}, {2023: "15.4"}), 2023)
    assert found.outcome == Said.PARTLY
    assert [part["outcome"] for part in found.params["parts"]] == ["met", "not_met"]
    assert answer(FALLS_BELOW, line({2023: "15.3"}, {2023: "15.4"}), 2023).outcome == Said.MET
    assert answer(FALLS_BELOW, line({2023: "17.0"}, {2023: "15.4"}), 2023).outcome == Said.NOT_MET


def test_one_unknown_part_leaves_the_whole_unknown() -> None:
    assert answer(FALLS_BELOW, line({2023: "15.3"}), 2023).outcome == Said.CANNOT_JUDGE
    assert answer(FALLS_BELOW, line({2023: "17.0"}), 2023).outcome == Said.NOT_MET
    assert worst([Said.MET, Said.BASELINE_MISSING, Said.CANNOT_JUDGE]) == Said.BASELINE_MISSING


# ---------------------------------------------------------------------------- 40, 48: groups and sources
AGES = {"20-64": {"fi": "20–64-vuotiaat"}, "65-74": {"fi": "65–74-vuotiaat"}}


def test_every_age_group_must_meet_the_rule_and_the_failing_one_is_named() -> None:
    ages = groups(**{"20-64": line({2024: 52}, {2024: 50}), "65-74": line({2024: 48}, {2024: 50})})
    found = answer(ABOVE_COUNTRY, ages, 2024, every_group=True, groups=AGES)
    assert found.outcome == Said.NOT_MET
    failing = [row["group"]["fi"] for row in found.params["lines"] if row["outcome"] != "met"]
    assert failing == ["65–74-vuotiaat"]


def test_groups_that_are_not_known_cannot_meet_it() -> None:
    together = line({2024: 52}, {2024: 50})
    found = answer(ABOVE_COUNTRY, together, 2024, every_group=True)
    assert (found.outcome, found.code) == (Said.CANNOT_JUDGE, "groups_unknown")
    low = line({2024: 48}, {2024: 50})
    assert answer(ABOVE_COUNTRY, low, 2024, every_group=True).outcome == Said.NOT_MET
    one = groups(**{"20-64": together, "65-74": line({2023: 52}, {2023: 50})})
    found = answer(ABOVE_COUNTRY, one, 2024, every_group=True, groups=AGES)
    assert found.outcome == Said.NOT_PUBLISHED  # the other group's figure is still to come


def test_each_source_is_judged_by_itself() -> None:
    both = figures(line({2024: 48}, {2024: 50}), line({2024: 52}, {2024: 50}))
    found = answer(BELOW_COUNTRY, both, 2024)
    assert found.outcome == Said.PARTLY
    assert [(row["source"], row["outcome"]) for row in found.params["lines"]] == [
        ("Sotkanet 1", "met"),
        ("Sotkanet 2", "not_met"),
    ]
    ended = figures(line({2022: 48}, {2022: 50}), line({2024: 49}, {2024: 50}))
    ended.streams[0].is_ended = True
    assert answer(BELOW_COUNTRY, ended, 2024).outcome == Said.MET  # nobody waits for a series that has ended


# ---------------------------------------------------------------------------- 42, 43: persons
def test_yes_no_and_not_yet() -> None:
    question = rule("yes_no")
    assert answer(question, line({}), 2024).outcome == Said.TO_BE_JUDGED
    said = {2024: Judged("yes", "Osaajat turvattu"), 2025: Judged("no", "Rahoitus puuttuu")}
    assert answer(question, line({}), 2024, judgements=said).outcome == Said.MET
    assert answer(question, line({}), 2025, judgements=said).outcome == Said.NOT_MET


def test_no_threshold_is_invented_for_a_word() -> None:
    applicants = rule("direction", direction="up", magnitude="significant", versus="start_of_term")
    found = answer(applicants, line({2022: 10, 2024: 30}), 2024)
    assert (found.outcome, found.code) == (Said.TO_BE_JUDGED, "direction_open")
    assert (
        answer(applicants, line({2022: 10, 2024: 10}), 2024).outcome == Said.NOT_MET
    )  # it has not risen at all
    judged = {2024: Judged("met", "Hakijoita on kolminkertaisesti")}
    assert answer(applicants, line({2022: 10, 2024: 30}), 2024, judgements=judged).outcome == Said.MET
    bare = rule("direction", direction="down")
    assert answer(bare, line({2022: 10, 2024: 9}), 2024).outcome == Said.TO_BE_JUDGED


def test_a_judgement_does_not_answer_what_figures_answer() -> None:
    said = {2024: Judged("met", "Hyvältä näyttää")}
    found = answer(ABOVE_COUNTRY, line({2024: 48}, {2024: 50}), 2024, judgements=said)
    assert found.outcome == Said.NOT_MET


def test_a_qualitative_target_shows_its_trend() -> None:
    mostly = rule("qualitative", word_in_source="valtaosin")
    found = answer(mostly, line({2023: 61, 2024: 64}), 2024)
    assert (found.outcome, found.params["before"]) == (Said.TO_BE_JUDGED, ["61", "2023"])


# ---------------------------------------------------------------------------- 35, 44, 45, 50
def test_what_is_still_open_is_said_to_be() -> None:
    assert answer(rule("to_be_specified"), line({2024: 1}), 2024).outcome == Said.TO_BE_SPECIFIED
    pressure = rule("direction", direction="down")
    assert answer(pressure, line({2024: 1}), 2024, is_open=True).outcome == Said.TO_BE_SPECIFIED


def test_a_baseline_that_must_be_found_first() -> None:
    wanted = rule("direction", direction="up", magnitude="essential", versus="start_of_term")
    assert answer(wanted, line({}), 2024, needs_baseline=True).outcome == Said.BASELINE_MISSING
    assert answer(wanted, line({2024: 7}), 2024).outcome == Said.BASELINE_MISSING


def test_a_growing_series() -> None:
    growing = rule("series_increase")
    sent = line({2022: 90, 2023: 100, 2024: 120, 2025: 110})
    assert [answer(growing, sent, year).outcome for year in (2023, 2024, 2025)] == [
        Said.MET,
        Said.MET,
        Said.NOT_MET,
    ]
    without = line({2023: 100, 2024: 120})
    found = answer(growing, without, 2023)
    assert (found.outcome, found.params["before_year"]) == (Said.CANNOT_JUDGE, 2022)
    dip = line({2022: 90, 2023: 80, 2024: 85})  # above the year before, not above all earlier ones
    assert answer(growing, dip, 2024).outcome == Said.NOT_MET


def test_years_before_the_programme_are_its_starting_level() -> None:
    found = answer(FALLS_BELOW, line({2021: "16.8"}, {2021: "15.4"}), 2021)
    assert (found.outcome, found.code) == (Said.STARTING_LEVEL, "starting_level")


@pytest.mark.parametrize(
    ("lag", "cycle", "outcome", "code"),
    [
        (24, None, Said.NOT_PUBLISHED, "not_published"),  # 2024 is late from 1.1.2027
        (23, None, Said.NOT_PUBLISHED, "not_published"),  # from 1.12.2026
        (22, None, Said.CANNOT_JUDGE, "no_value"),  # from 1.11.2026
        (0, 24, Said.NOT_PUBLISHED, "between_rounds"),  # made in 2023 and 2025
    ],
)
def test_a_missing_year_is_never_a_failure(lag: int, cycle: int | None, outcome: Said, code: str) -> None:
    found = answer(ABOVE_COUNTRY, line({2023: 48}, {2023: 51}), 2024, lag_months=lag, cycle_months=cycle)
    assert (found.outcome, found.code) == (outcome, code)


def test_the_years_that_are_judged() -> None:
    known = figures(line({2021: 1, 2024: 2}))
    assert years_to_judge(known, frame()) == [2021, 2023, 2024, 2025, 2026]
    asked = frame(today=dt.date(2024, 3, 31), judgements={2022: Judged("yes")})
    assert years_to_judge(known, asked) == [2021, 2022, 2023, 2024]


def test_plain_numbers_can_be_judged() -> None:
    found = judge_numbers(
        rule("compare", compare="below", value="5.5"), {2024: Decimal("5.4")}, 2024, frame()
    )
    assert found is not None and found.outcome == Said.MET


# ---------------------------------------------------------------------------- what is silent, and parts of years
def test_a_group_without_figures_does_not_meet_the_rule_by_its_silence() -> None:
    ages = {"a": {"fi": "20–54"}, "b": {"fi": "55–74"}, "c": {"fi": "75–"}}
    above = rule("compare", compare="above", value=50)
    some = groups(a=line({2024: 60}), b=line({2024: 60}))
    found = answer(above, some, 2024, every_group=True, groups=ages, today=dt.date(2028, 1, 1))
    assert found.outcome == Said.CANNOT_JUDGE
    assert [row["outcome"] for row in found.params["lines"]] == ["met", "met", "cannot_judge"]
    one_fails = groups(a=line({2024: 60}), b=line({2024: 40}))
    assert answer(above, one_fails, 2024, every_group=True, groups=ages).outcome == Said.NOT_MET


def test_a_month_is_compared_with_the_same_month_and_never_with_a_year() -> None:
    grows, years = rule("series_increase"), line({2022: 100, 2023: 120})
    march = point(2024, 12, period="2024-03")
    years.own[2024] = years.periods["2024-03"] = march
    gap = answer(grows, years, 2024)
    assert (gap.outcome, gap.params["before_year"]) == (Said.CANNOT_JUDGE, "2023-03")
    years.periods["2023-03"] = point(2023, 11, period="2023-03")
    assert answer(grows, years, 2024).outcome == Said.MET
    ranked = line({2023: 3}, peers={2024: {"1": Decimal(30)}})
    ranked.own[2024] = march
    assert answer(rule("rank", value=3), ranked, 2024, better="up").code == "rank_unknown"


def test_nothing_is_rounded_up_to_its_target() -> None:
    falls = rule("relative_change", direction="down", value=20, versus_year=2022)
    found = answer(falls, line({2022: 10**9, 2025: Decimal("800000000.0001")}), 2025)
    assert (found.outcome, found.params["moved"], found.progress) == (
        Said.NOT_MET, "19.999999", Decimal("0.9999"),
    )  # fmt: skip
