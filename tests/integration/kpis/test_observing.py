"""Storing values: vintages, values that are put aside, and two who store at once."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpis import observing
from kpis.models import Indicator, Observation, QuarantinedValue, SourceLink
from kpis.observing import BadReading, Reading, store
from tests.factories.kpis import make_indicator, make_source_link

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2026, 11, 3, 4, 20, tzinfo=dt.UTC)
OWN, NATIONAL = "HYVINVOINTIALUE:10", "MAA"


def series(**values: str) -> list[Reading]:
    """Own values by year: series(y2023="11.6")."""
    return [Reading(int(year[1:]), Decimal(value), region=OWN) for year, value in values.items()]


def kept(link: SourceLink) -> list[tuple[int, int, Decimal]]:
    rows = Observation.objects.filter(source_link=link).order_by("year", "vintage")
    return [(row.year, row.vintage, row.value) for row in rows]


@pytest.fixture
def link() -> SourceLink:
    return make_source_link(make_indicator(unit="%"))


def put(link: SourceLink, readings: list[Reading], *, hours: int = 0, **more: Any) -> observing.Stored:
    at = NIGHT + dt.timedelta(hours=hours)
    return store(
        indicator=link.indicator, link=link, readings=readings, source="Sotkanet 181", fetched_at=at, sha256="a",
        **more,
    )  # fmt: skip


def test_a_revised_value_is_a_new_vintage_and_an_equal_one_is_nothing(link: SourceLink) -> None:
    first = put(link, series(y2022="10.5", y2023="11.6"))
    assert (first.new, first.revised, first.unchanged) == (2, 0, 0)
    assert [row.year for row in first.observations] == [2022, 2023]

    again = put(link, series(y2022="10.50", y2023="11.9"), hours=24)
    assert (again.new, again.revised, again.unchanged) == (0, 1, 1)
    assert kept(link) == [(2022, 1, Decimal("10.5")), (2023, 1, Decimal("11.6")), (2023, 2, Decimal("11.9"))]
    old = Observation.objects.get(source_link=link, year=2023, vintage=1)
    assert (old.fetched_at, old.source) == (NIGHT, "Sotkanet 181")
    assert [(row.old, row.new) for row in again.revisions] == [(Decimal("11.6"), Decimal("11.9"))]


def test_an_answer_that_comes_late_does_not_turn_back_a_newer_one(link: SourceLink) -> None:
    put(link, series(y2023="11.9"), hours=1)
    late = put(link, series(y2023="11.6"))
    assert (late.revised, late.unchanged) == (0, 1)
    assert kept(link) == [(2023, 1, Decimal("11.9"))]


def test_places_are_told_apart(link: SourceLink) -> None:
    one = Reading(2023, Decimal(10), region=OWN)
    others = [
        Reading(2023, Decimal(11), "national", NATIONAL),
        Reading(2023, Decimal(12), region=OWN, breakdown="male"),
        Reading(2023, Decimal(13), region=OWN, term=1),
        Reading(2023, Decimal(14), region=OWN, month=1),
    ]
    assert put(link, [one, *others]).new == 5
    assert put(link, [one, *others]).unchanged == 5


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e308"])
def test_what_is_no_number_stores_nothing(link: SourceLink, value: str) -> None:
    with pytest.raises(BadReading):
        put(link, [*series(y2022="10"), Reading(2023, Decimal(value), region=OWN)])
    assert kept(link) == []


def test_two_values_for_one_place_store_nothing(link: SourceLink) -> None:
    with pytest.raises(BadReading):
        put(link, [*series(y2023="10"), *series(y2023="11")])
    assert kept(link) == []


def test_a_jump_and_a_negative_share_wait_for_somebody(link: SourceLink) -> None:
    put(link, series(y2022="10", y2023="10"), check_plausible=True)
    stored = put(link, series(y2023="16", y2024="15", y2025="-1"), hours=1, check_plausible=True)
    # 15 is not more than half away from 10, 16 is, and a share is never negative
    assert (stored.new, stored.revised, stored.quarantined) == (1, 0, 2)
    waiting = QuarantinedValue.objects.filter(source_link=link).order_by("year")
    told = [(row.year, row.code, row.value, row.before) for row in waiting]
    assert told == [(2023, "jump", Decimal(16), Decimal(10)), (2025, "range", Decimal(-1), Decimal(10))]
    assert waiting[0].params == {"before_year": 2023}
    assert waiting[1].params == {"before_year": 2023, "low": "0", "high": "100"}
    assert kept(link)[-1] == (2024, 1, Decimal(15))


def test_a_waiting_value_is_asked_about_once_and_not_at_all_when_the_source_takes_it_back(
    link: SourceLink,
) -> None:
    put(link, series(y2022="10"), check_plausible=True)
    assert put(link, series(y2023="99"), hours=1, check_plausible=True).quarantined == 1
    assert put(link, series(y2023="99"), hours=2, check_plausible=True).quarantined == 0
    assert QuarantinedValue.objects.filter(source_link=link).count() == 1

    assert put(link, series(y2023="11"), hours=3, check_plausible=True).new == 1
    assert not QuarantinedValue.objects.filter(source_link=link).exists()


def test_the_ends_of_an_indicator_go_before_those_of_a_share() -> None:
    change = make_indicator(unit="%", low=Decimal(-50), high=Decimal(50))
    link = make_source_link(change)
    stored = put(link, series(y2022="-9", y2023="51"), check_plausible=True)
    assert (stored.new, stored.quarantined) == (1, 1)


def test_a_series_seen_for_the_first_time_is_held_against_its_range_only(link: SourceLink) -> None:
    stored = put(link, series(y2021="10", y2022="30", y2023="101"), check_plausible=True)
    assert (stored.new, stored.quarantined) == (2, 1)


def test_statements_do_not_grow_with_the_readings(link: SourceLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observing, "_judge", lambda indicator: None)

    def statements(years: range, hours: int) -> int:
        readings = [
            Reading(year, Decimal(10 + hours), role, region, breakdown)
            for year in years
            for role, region in (("own", OWN), ("national", NATIONAL), ("peer", "HYVINVOINTIALUE:11"))
            for breakdown in ("", "male", "female")
        ]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            put(link, readings, hours=hours, check_plausible=True)
        return len(seen)

    statements(range(2020, 2021), 0)
    assert statements(range(2020, 2022), 1) == statements(range(2005, 2026), 2)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_vintage() -> None:
    link = make_source_link(make_indicator())
    put(link, series(y2023="10"))
    barrier, results = threading.Barrier(2), []

    def work() -> None:
        try:
            barrier.wait(10)
            results.append(put(SourceLink.objects.get(pk=link.pk), series(y2023="11", y2024="12"), hours=1))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted((one.new, one.revised, one.unchanged) for one in results) == [(0, 0, 2), (1, 1, 0)]
    assert kept(link) == [(2023, 1, Decimal(10)), (2023, 2, Decimal(11)), (2024, 1, Decimal(12))]


def test_others_hear_of_what_was_stored(link: SourceLink, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[Indicator, list[int]]] = []
    monkeypatch.setattr(
        observing,
        "after_store",
        [lambda indicator, rows: heard.append((indicator, [row.pk for row in rows]))],
    )
    stored = put(link, series(y2023="10"))
    put(link, series(y2023="10"))
    assert heard == [(link.indicator, [row.pk for row in stored.observations])]
