"""Reading figures from a loopback Sotkanet: first load, revisions, what is unchanged, failures, kills."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.models import Notification
from accounts.notices import latest
from core.jobs import cancel, claim, run_job, sweep_jobs
from core.models import Job
from kpis import observing
from kpis.models import (
    CatalogueIndicator,
    Indicator,
    IndicatorSummary,
    LinkState,
    Observation,
    QuarantinedValue,
    RefreshItem,
    RefreshRun,
    SourceLink,
)
from kpis.refreshing import pauses
from kpis.refreshing.reading import Reader
from kpis.refreshing.runs import ask, ask_by_night, lay_out, links_of
from kpis.sotkanet.client import Sotkanet
from kpis.tasks import judge_what_was_stored
from programme.models import Programme
from tests.factories.accounts import make_person, make_programme
from tests.factories.kpis import make_indicator, make_rule, make_source_link
from tests.sotkanet import FAULTS, Server, sotkanet_server

pytestmark = pytest.mark.django_db

KYMENLAAKSO, SOUTH_KARELIA, FINLAND = 967, 957, 658


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with sotkanet_server() as server:
        yield server


@pytest.fixture
def server(running: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The loopback service with its recorded answers, asked without pauses."""
    running.data, running.fault, running.times = type(running.data)(), None, None
    running.requests.clear()
    settings.SOTKANET_BASE_URL = running.url
    monkeypatch.setattr("config.limits.SOTKANET_PAUSE", 0)
    monkeypatch.setattr("config.limits.SOTKANET_BACKOFF", 0)
    return running


@pytest.fixture
def programme(db: None) -> Programme:
    row = make_programme("kymenlaakso")
    row.organisation.name_fi = "Kymenlaakson hyvinvointialue"
    row.organisation.save()
    return row


def series(server: Server, number: int, values: dict[int, Any], updated: str = "2026-09-01") -> None:
    """An indicator with own and national values by year."""
    rows = [(KYMENLAAKSO, year, "total", value) for year, value in values.items()]
    rows += [(FINLAND, year, "total", 20) for year in values]
    server.data.add(number, "Oma sarja", rows, updated=updated)


def link_to(programme: Programme, number: int, **fields: Any) -> SourceLink:
    owner = fields.pop("owner", None)
    indicator = make_indicator(
        programme, key=f"i{number}", name_fi=f"Mittari {number}", unit="%", owner=owner, position=number
    )
    return make_source_link(indicator, key=f"sotkanet-{number}", sotkanet_id=number, **fields)


def refresh(programme: Programme, indicator: Indicator | None = None) -> RefreshRun:
    """A run from being asked for to its end."""
    run = ask(programme=programme, indicator=indicator)
    assert run.job_id is not None
    state = run_job(run.job_id)
    assert state == "done", Job.objects.values().get(pk=run.job_id)
    run.refresh_from_db()
    return run


def only_item(run: RefreshRun) -> RefreshItem:
    return run.items.get()


def own_values(link: SourceLink) -> list[tuple[int, int, Decimal]]:
    rows = Observation.objects.filter(source_link=link, region_role="own").order_by("year", "vintage")
    return [(row.year, row.vintage, row.value.normalize()) for row in rows]


def test_first_load_then_a_revised_value_then_nothing_new(server: Server, programme: Programme) -> None:
    owner = make_person("omistaja")
    link = link_to(programme, 801, owner=owner)
    series(server, 801, {2022: 10, 2023: 11.6})

    item = only_item(refresh(programme))
    assert (item.state, item.new, item.revised) == ("stored", 4, 0)
    assert own_values(link) == [(2022, 1, Decimal(10)), (2023, 1, Decimal("11.6"))]
    first = Observation.objects.get(source_link=link, region_role="own", year=2023)
    assert (first.region, first.source, first.sha256) == ("HYVINVOINTIALUE:10", "Sotkanet 801", item.sha256)
    state = LinkState.objects.get(link=link)
    assert (state.data_updated, state.has_own_region, state.failures) == (dt.date(2026, 9, 1), True, 0)

    asked = len(server.requests)
    again = only_item(refresh(programme))
    assert (again.state, again.unchanged) == ("unchanged", 4)
    assert [request.path for request in server.requests[asked:]] == ["/indicators/801"]

    series(server, 801, {2022: 10, 2023: 11.9, 2024: 12}, updated="2026-10-01")
    revised = refresh(programme)
    item = only_item(revised)
    assert (item.state, item.new, item.revised, item.unchanged) == ("stored", 2, 1, 3)
    assert own_values(link)[1:] == [
        (2023, 1, Decimal("11.6")),
        (2023, 2, Decimal("11.9")),
        (2024, 1, Decimal(12)),
    ]
    first.refresh_from_db()
    assert first.fetched_at is not None and first.value == Decimal("11.6"), "the old value keeps when it came"

    told = [one.text for one in latest(owner)]
    assert len(told) == 2, "one notice for each run that brought something"
    assert "Mittari 801" in told[0]
    row = Notification.objects.filter(user=owner).order_by("-id")[0]
    assert row.params["latest"] == [2024, "12.0000"]
    assert row.params["revisions"] == [["own", 2023, "11.6000", "11.9000"]]


def test_missing_rows_are_no_values_and_other_regions_are_left_out(
    server: Server, programme: Programme
) -> None:
    link = link_to(programme, 802)
    municipality, count = 152, 7
    server.data.add(
        802, "Aukkoja",
        [(KYMENLAAKSO, 2020, "total", 5), (KYMENLAAKSO, 2024, "total", 6), (SOUTH_KARELIA, 2022, "total", 7),
         (municipality, 2022, "total", 8), (KYMENLAAKSO, 2022, "male", 9), (FINLAND, 2022, "total", 0)],
    )  # fmt: skip
    refresh(programme)
    rows = Observation.objects.filter(source_link=link).order_by("year", "region_role")
    found = [(row.year, row.region_role, row.region, row.value.normalize()) for row in rows]
    assert found == [
        (2020, "own", "HYVINVOINTIALUE:10", Decimal(5)),
        (2022, "national", "MAA", Decimal(0)),
        (2022, "peer", "HYVINVOINTIALUE:11", Decimal(count)),
        (2024, "own", "HYVINVOINTIALUE:10", Decimal(6)),
    ]


def test_recorded_answers_give_the_right_rows_of_both_counties_and_the_country(
    server: Server, programme: Programme
) -> None:
    numbers = sorted(server.data.rows)
    for number in numbers:
        link_to(programme, number, gender="each")
    run = refresh(programme)
    assert run.items.count() == len(numbers)
    keys = {KYMENLAAKSO: "HYVINVOINTIALUE:10", SOUTH_KARELIA: "HYVINVOINTIALUE:11", FINLAND: "MAA"}
    wanted = {
        (number, keys[row["region"]], row["year"], "" if row["gender"] == "total" else row["gender"]): row[
            "value"
        ]
        for number in numbers
        for row in server.data.rows[number]
        if row["region"] in keys and row["value"] is not None and row["year"] > 2005
    }
    rows = Observation.objects.filter(region__in=keys.values()).select_related("source_link")
    found = {(row.source_link.sotkanet_id, row.region, row.year, row.breakdown): row.value for row in rows}
    waiting = {
        (row.source_link.sotkanet_id, row.region, row.year, row.breakdown): row.value
        for row in QuarantinedValue.objects.filter(region__in=keys.values()).select_related("source_link")
    }
    assert {key: Decimal(str(value)) for key, value in wanted.items()} == found | waiting
    assert set(keys.values()) == {key for _, key, _, _ in found}


def test_two_starts_are_one_run(server: Server, programme: Programme) -> None:
    link_to(programme, 801)
    series(server, 801, {2023: 11})
    first, second = ask(programme=programme), ask(programme=programme)
    assert first == second
    assert Job.objects.count() == 1


def test_a_failing_indicator_does_not_stop_the_others(server: Server, programme: Programme) -> None:
    gone, good = link_to(programme, 700), link_to(programme, 801)
    series(server, 801, {2023: 11})
    run = refresh(programme)
    items = {item.sotkanet_id: item for item in run.items.all()}
    assert (items[700].state, items[700].code) == ("failed", "not_found")
    assert items[801].state == "stored"
    state = LinkState.objects.get(link=gone)
    assert (state.failures, state.failure_code) == (1, "not_found")
    assert state.next_try_at is not None and state.next_try_at > run.started_at + dt.timedelta(days=6)
    assert CatalogueIndicator.objects.get(pk=700).retired_at is not None, "flagged, and its source stays"
    assert own_values(good) == [(2023, 1, Decimal(11))]


def test_a_service_in_trouble_ends_the_run_soon_and_is_tried_again_later(
    server: Server, programme: Programme
) -> None:
    for number in range(801, 809):
        link_to(programme, number)
        series(server, number, {2023: 11})
    server.fault = FAULTS["503"]
    run = refresh(programme)
    assert set(run.items.values_list("state", flat=True)) == {"retry"}
    assert run.items.filter(code="circuit_open").exists()
    assert len(server.requests) <= 6, "left alone after five failures"
    assert Observation.objects.count() == 0
    assert run.ended_at is not None
    again = ask_by_night()
    assert again == [], "the night waits until they are due"


def test_implausible_values_wait_and_the_office_is_told(server: Server, programme: Programme) -> None:
    link = link_to(programme, 801)
    series(server, 801, {2022: 10, 2023: 11})
    refresh(programme)
    series(server, 801, {2022: 10, 2023: 11, 2024: 99}, updated="2026-10-01")
    item = only_item(refresh(programme))
    assert (item.new, item.quarantined) == (1, 1), "the national value of 2024 is new"
    waiting = QuarantinedValue.objects.get(source_link=link)
    assert (waiting.year, waiting.value, waiting.before, waiting.code) == (
        2024,
        Decimal(99),
        Decimal(11),
        "jump",
    )


def test_a_region_that_vanished_is_flagged_and_its_values_stay(server: Server, programme: Programme) -> None:
    link = link_to(programme, 801)
    series(server, 801, {2022: 10})
    refresh(programme)
    server.data.add(801, "Oma sarja", [(FINLAND, 2022, "total", 20)], updated="2026-10-01")
    item = only_item(refresh(programme))
    assert item.code == "no_own_rows"
    assert LinkState.objects.get(link=link).has_own_region is False
    assert own_values(link) == [(2022, 1, Decimal(10))]


def test_others_are_told_once_of_new_statistics(
    server: Server, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    link_to(programme, 801)
    series(server, 801, {2022: 10})
    heard: list[tuple[int, int]] = []

    def broken(run: RefreshRun, rows: Any) -> None:
        raise ValueError("another app's own affair")

    monkeypatch.setattr(
        observing, "on_new_statistics", [broken, lambda run, rows: heard.append((run.pk, rows.count()))]
    )
    run = refresh(programme)
    refresh(programme)
    assert heard == [(run.pk, 2)]


def test_the_command_prints_what_came(server: Server, programme: Programme, capsys: Any) -> None:
    link_to(programme, 801)
    series(server, 801, {2022: 10})
    call_command("refresh_indicators", "--programme", programme.slug)
    assert "       801  new figures                 2        0          0      0" in capsys.readouterr().out
    link_to(programme, 700)
    with pytest.raises(SystemExit):
        call_command("refresh_indicators", "--programme", programme.slug)
    assert "404" in capsys.readouterr().out


def with_rule(link: SourceLink) -> SourceLink:
    make_rule(link.indicator, key=link.key, kind="compare", compare="below", reference="national_average",
              reference_at="same_year", valid_from=dt.date(2020, 1, 1))  # fmt: skip
    return link


def judged(link: SourceLink) -> Decimal | None:
    """The own value that the rules were asked about; None while nobody asked them."""
    rows = IndicatorSummary.objects.filter(indicator=link.indicator, evaluation__isnull=False)
    return rows.values_list("own", flat=True).first()


def killed_after(programme: Programme, number: int) -> RefreshRun:
    """A run whose worker was killed when it had stored one series."""
    run = ask(programme=programme)
    assert run.job_id is not None and claim(run.job_id) is not None
    lay_out(run, links_of(programme))
    with Sotkanet() as client:
        Reader(run, client, lambda: None).read(run.items.get(sotkanet_id=number))
    Job.objects.filter(pk=run.job_id).update(lease_until=run.started_at)
    return run


def test_the_next_attempt_judges_what_a_killed_one_stored(server: Server, programme: Programme) -> None:
    links = [with_rule(link_to(programme, number)) for number in (801, 802)]
    for number in (801, 802):
        series(server, number, {2023: 11})
    run = killed_after(programme, 801)
    assert sorted(run.items.values_list("state", flat=True)) == ["unjudged", "waiting"]
    assert own_values(links[0]) and judged(links[0]) is None

    sweep_jobs()
    assert run.job_id is not None and run_job(run.job_id) == "done"
    assert set(run.items.values_list("state", flat=True)) == {"stored"}
    assert [judged(link) for link in links] == [11, 11]
    asked = [request.query.get("indicator") for request in server.requests if request.path == "/json"]
    assert asked == [["801"], ["802"]], "what was stored is judged, not read again"


def test_what_a_run_stored_that_nobody_goes_on_with_is_judged_by_the_clock(
    server: Server, programme: Programme
) -> None:
    link = with_rule(link_to(programme, 801))
    series(server, 801, {2023: 11})
    run = killed_after(programme, 801)
    Job.objects.filter(pk=run.job_id).update(state="failed")
    assert (judge_what_was_stored(), judge_what_was_stored()) == (1, 0)
    assert (only_item(run).state, judged(link)) == ("stored", 11)


def test_a_cancelled_run_judges_what_it_stored(
    server: Server, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = [with_rule(link_to(programme, number)) for number in (801, 802)]
    for number in (801, 802):
        series(server, number, {2023: 11})
    run = ask(programme=programme)
    assert run.job_id is not None
    job = Job.objects.get(pk=run.job_id)
    monkeypatch.setattr(
        observing, "after_store", [*observing.after_store, lambda indicator, rows: cancel(job)]
    )
    assert run_job(job.pk) == "cancelled"
    assert list(run.items.order_by("sotkanet_id").values_list("state", flat=True)) == ["stored", "waiting"]
    assert [judged(link) for link in links] == [11, None]


def test_one_that_cannot_be_judged_keeps_its_mark_and_no_other_waits_for_it(
    server: Server, programme: Programme
) -> None:
    links = [with_rule(link_to(programme, number)) for number in (801, 802)]
    for number in (801, 802):
        series(server, number, {2023: 11})
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE kpis_indicatorsummary ADD CONSTRAINT no_summary"
            f" CHECK (indicator_id <> {links[0].indicator_id})"
        )
        run = refresh(programme)
        assert dict(run.items.values_list("sotkanet_id", "state")) == {801: "unjudged", 802: "stored"}
        assert [judged(link) for link in links] == [None, 11]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE kpis_indicatorsummary DROP CONSTRAINT no_summary")
    refresh(programme)
    assert [judged(link) for link in links] == [11, 11]


def test_pauses_grow_and_end_in_a_round_of_a_night() -> None:
    now = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
    tries = [pauses.next_try(now, failures, is_passing=True) - now for failures in range(1, 9)]
    assert (
        tries == sorted(tries) and tries[0] == dt.timedelta(minutes=15) and tries[-1] == dt.timedelta(days=7)
    )
    assert pauses.next_try(now, 1, is_passing=False) == now + dt.timedelta(days=7)
    # 04:15 in Finland is 02:15 UTC in winter
    assert pauses.next_round(now) == dt.datetime(2026, 11, 4, 2, 15, tzinfo=dt.UTC)
    assert pauses.next_round(dt.datetime(2026, 11, 4, 2, 20, tzinfo=dt.UTC)).minute == 45
