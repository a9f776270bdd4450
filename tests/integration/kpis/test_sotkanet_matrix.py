"""The fault matrix: every fault of the loopback service, on the first load and with older values present.

Each cell refreshes one indicator and looks at all that could have gone wrong: what the run says, what was stored, the
values and ages that were there before, their answers, and a status view that was frozen.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from config import env, limits
from core.jobs import run_job
from kpis.catalogue.flags import flags
from kpis.models import (
    CatalogueIndicator,
    CatalogueRegion,
    Evaluation,
    LinkState,
    Observation,
    QuarantinedValue,
    RefreshItem,
    SourceLink,
)
from kpis.refreshing.runs import ask
from kpis.sotkanet.words import WORDS, advice, told
from programme.models import Programme
from reporting.models import StatusView
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_rule, make_source_link
from tests.sotkanet import FAULTS, MATRIX, Fault, Server, sotkanet_server

NUMBER, OWN, PEER, COUNTRY = 801, 967, 957, 658
YEARS = range(2020, 2025)
EMPTY, FILLED = "first load", "old values"

#: Fault: the state and code its item ends with. Those that are not here bring values: see `BRINGS`.
FAILS: dict[str, tuple[str, str]] = {
    "no_address": ("retry", "no_address"), "refused": ("retry", "no_connection"),
    "connect_hang": ("retry", "connect_timeout"), "tls_expired": ("retry", "tls"), "tls_wrong-host": ("retry", "tls"),
    "tls_self-signed": ("retry", "tls"), "read_hang": ("retry", "read_timeout"), "drip": ("retry", "total_timeout"),
    "cut_half": ("retry", "connection_cut"), "cut_between": ("retry", "connection_cut"),
    "400": ("failed", "bad_request"), "403": ("failed", "blocked"), "404": ("failed", "not_found"),
    "410": ("failed", "gone"), "429_number": ("retry", "too_many_requests"), "429_date": ("retry", "too_many_requests"),
    "429_none": ("retry", "too_many_requests"), "429_huge": ("retry", "too_many_requests"),
    "429_nonsense": ("retry", "too_many_requests"), "500": ("retry", "server_error"), "502": ("retry", "server_error"),
    "503": ("retry", "server_error"), "504": ("retry", "server_error"),
    "html": ("failed", "wrong_content_type"), "html_as_json": ("failed", "broken_json"),
    "empty": ("failed", "empty_answer"), "truncated": ("failed", "broken_json"), "null": ("failed", "wrong_shape"),
    "object": ("failed", "wrong_shape"), "latin1": ("failed", "wrong_encoding"),
    "charset": ("failed", "wrong_encoding"),
    "bom": ("failed", "wrong_encoding"), "no_value": ("failed", "missing_key"), "text_value": ("failed", "wrong_type"),
    "nan": ("failed", "not_a_number"), "nan_text": ("failed", "wrong_type"), "infinity": ("failed", "not_a_number"),
    "1e308": ("failed", "out_of_range"), "duplicate": ("failed", "duplicate_row"),
    "year_20244": ("failed", "impossible_year"), "unknown_sex": ("failed", "unknown_gender"),
    "500_megabytes": ("failed", "too_big"), "gzip_bomb": ("failed", "too_big"), "million_rows": ("failed", "too_big"),
    "million_objects": ("failed", "too_many_rows"), "deep": ("failed", "too_deep"),
    "redirect_loopback": ("failed", "redirected_away"), "redirect_metadata": ("failed", "redirected_away"),
    "redirect_other": ("failed", "redirected_away"), "redirect_loop": ("failed", "redirect_loop"),
    "retired": ("failed", "not_found"), "huge_headers": ("retry", "bad_http"),
    "header_drip": ("retry", "total_timeout"), "http_1_0": ("failed", "old_protocol"),
    "chunk_extensions": ("failed", "too_big"),
}  # fmt: skip
#: Faults of the world or of single rows, which the rules decide on; each has a test of its own below.
BRINGS = {"negative", "unknown_region", "old_year_changed", "renamed", "region_merged"}
#: Where the size ends it and not the time, time is plenty; where the time does, it is short.
BY_SIZE, WAITS = {33, 34, 35, 45, 48}, {3, 5, 6, 46}


def test_the_matrix_has_48_faults_and_an_end_for_each() -> None:
    assert sorted(MATRIX) == list(range(1, 49))
    assert set(FAULTS) == set(FAILS) | BRINGS


# ---------------------------------------------------------------------------- the ground
@dataclass
class Ground:
    """One indicator of Kymenlaakso with its source, on a base without or with values."""

    programme: Programme
    link: SourceLink
    server: Server

    def refresh(self) -> RefreshItem:
        run = ask(programme=self.programme)
        assert run.job_id is not None
        assert run_job(run.job_id) == "done"
        return run.items.get()

    def stored(self) -> list[tuple[Any, ...]]:
        """Every value with its id, vintage and age."""
        rows = Observation.objects.filter(indicator=self.link.indicator).order_by("pk")
        return list(rows.values_list("pk", "year", "region", "vintage", "value", "fetched_at", "sha256"))

    def kept(self) -> list[Any]:
        """What nothing but a good answer may change."""
        state = LinkState.objects.filter(link=self.link, fetched_at__isnull=False)
        read = list(state.values_list("fetched_at", "data_updated", "sha256"))
        said = list(Evaluation.objects.order_by("pk").values_list("pk", "outcome", "params", "superseded_at"))
        frozen = list(StatusView.objects.values_list("pk", "document", "sha256", "updated_at"))
        return [self.stored(), read, said, frozen, QuarantinedValue.objects.count()]

    def says(self, values: dict[int, Any], updated: str) -> None:
        rows = [
            (place, year, "total", value + extra) for year, value in values.items() for place, extra in PLACES
        ]
        self.server.data.add(NUMBER, "Oma sarja", rows, updated=updated)


PLACES = ((OWN, 0), (PEER, 1), (COUNTRY, 2), (152, 3))
FIRST = {year: 20.5 + year - 2020 for year in YEARS}
#: What the service says when it fails: every value is another one, so that storing any of them would be seen.
NEWER = {year: value + 1 for year, value in FIRST.items()}


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with sotkanet_server() as server:
        yield server


@pytest.fixture(scope="module", params=[EMPTY, FILLED])
def ground(request: Any, running: Server, django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """Built once for all faults; each test's changes are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        programme = make_programme("kymenlaakso")
        programme.organisation.name_fi = "Kymenlaakson hyvinvointialue"
        programme.organisation.save()
        for number, category, code in (
            (OWN, "HYVINVOINTIALUE", "10"),
            (PEER, "HYVINVOINTIALUE", "11"),
            (COUNTRY, "MAA", ""),
        ):
            CatalogueRegion.objects.create(
                id=number, category=category, code=code, name_fi=f"Alue {number}", listed_at=timezone.now()
            )
        indicator = make_indicator(programme, key="oma", name_fi="Oma sarja", unit="%", better="down")
        make_rule(indicator, kind="compare", compare="below", value=23)
        link = make_source_link(
            indicator, sotkanet_id=NUMBER, confirmed_on=dt.date(2026, 1, 1), confirmed_title="Oma sarja",
            confirmed_unit="PROS",
        )  # fmt: skip
        made = Ground(programme, link, running)
        view = StatusView.objects.create(
            programme=programme, month=dt.date(2026, 9, 1), schema="status-view/0", document='{"oma":"24.5"}',
            sha256="0" * 64, as_of=dt.date(2026, 9, 30),
        )  # fmt: skip
        StatusView.objects.filter(pk=view.pk).update(state="frozen", frozen_at=timezone.now())
        if request.param == FILLED:
            patch = pytest.MonkeyPatch()
            patch.setattr("django.conf.settings.SOTKANET_BASE_URL", running.url)
            patch.setattr(limits, "SOTKANET_PAUSE", 0)
            running.fault, running.times, running.only, running.data = None, None, "", type(running.data)()
            made.says(FIRST, "2026-09-01")
            assert made.refresh().state == "stored"
            assert Evaluation.objects.exists()
            patch.undo()
            link.refresh_from_db()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def cell(ground: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch, db: None) -> Ground:
    """The ground with a service that has news and no fault yet."""
    server = ground.server
    server.data = type(server.data)()
    server.fault, server.times, server.only = None, None, ""
    server.requests.clear()
    ground.says(NEWER, "2026-10-01")
    monkeypatch.setattr(limits, "SOTKANET_PAUSE", 0)
    monkeypatch.setattr(limits, "SOTKANET_BACKOFF", 0)
    settings.SOTKANET_BASE_URL = server.url
    return ground


def has_old(ground: Ground) -> bool:
    return bool(ground.stored())


def break_with(fault: Fault, cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service has the fault: in its figures where it can, so that all before them went well."""
    cell.server.fault = fault
    settings.SOTKANET_BASE_URL = cell.server.url
    if fault.number in WAITS:
        monkeypatch.setattr(limits, "SOTKANET_CONNECT", 0.05)
        monkeypatch.setattr(limits, "SOTKANET_READ", 0.1 if fault.number == 5 else 10)
        monkeypatch.setattr(limits, "SOTKANET_TOTAL", 10 if fault.number in {3, 5} else 0.15)
    else:
        for name in ("CONNECT", "READ", "TOTAL"):
            monkeypatch.setattr(limits, f"SOTKANET_{name}", 20)
        if fault.place is None and fault.number < 41:
            cell.server.only = "/json"


# ---------------------------------------------------------------------------- faults that bring nothing
@pytest.mark.parametrize("name", FAILS)
def test_a_fault_stores_nothing_and_leaves_what_was_there(
    name: str, cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cell.kept()
    break_with(FAULTS[name], cell, settings, monkeypatch)

    item = cell.refresh()

    assert (item.state, item.code) == FAILS[name], item.params
    assert cell.kept()[:4] == before[:4], "nothing false was stored, nothing old was touched"
    assert not QuarantinedValue.objects.exists()
    assert item.new == item.revised == 0
    state = LinkState.objects.get(link=cell.link)
    assert (state.failure_code, state.failures) == (item.code, 1)
    assert item.next_try_at is not None and item.next_try_at > timezone.now() - dt.timedelta(minutes=1)
    assert item.code in WORDS and "%(" not in told(item.code, item.params) + advice(item.code)
    if FAULTS[name].number == 37:
        assert cell.server.other("neighbour", lambda: None).requests == [], "nobody went where it was sent"
    if name in {"403", "404", "410", "400"}:
        assert sum(request.path == "/json" for request in cell.server.requests) == 1, (
            "not asked again at once"
        )


@pytest.mark.parametrize("status", ["500", "502", "503", "504"])
def test_success_on_the_third_try_is_stored_once(status: str, cell: Ground) -> None:
    """500 is not one of the answers after which the same run asks again: there the third run succeeds."""
    cell.server.fault, cell.server.times, cell.server.only = FAULTS[status], 2, "/json"
    fresh = not has_old(cell)
    before = len(cell.stored())
    items = [cell.refresh() for _unused in range(3 if status == "500" else 1)]
    assert [item.state for item in items] == ["retry"] * (len(items) - 1) + ["stored"]
    assert (items[-1].new, items[-1].revised) == ((15, 0) if fresh else (0, 15))
    assert len(cell.stored()) == before + 15
    newest = [row for row in cell.stored() if row[2] == "HYVINVOINTIALUE:10"][-5:]
    assert [float(row[4]) for row in newest] == list(NEWER.values())


# ---------------------------------------------------------------------------- faults that the rules decide on
def test_negative_shares_wait_for_a_person(
    cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cell.kept()
    break_with(FAULTS["negative"], cell, settings, monkeypatch)
    item = cell.refresh()
    assert (item.state, item.quarantined) == ("stored", 15)
    assert cell.stored() == before[0] and cell.kept()[2:4] == before[2:4]
    assert QuarantinedValue.objects.filter(state="waiting", value__lt=0).count() == 15


def test_an_unknown_region_is_left_out(cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    break_with(FAULTS["unknown_region"], cell, settings, monkeypatch)
    before = cell.stored()
    item = cell.refresh()
    assert (item.state, item.new + item.revised) == ("stored", 15)
    assert cell.stored()[: len(before)] == before
    assert {row[2] for row in cell.stored()} == {"HYVINVOINTIALUE:10", "HYVINVOINTIALUE:11", "MAA"}


def test_an_old_year_that_changed_is_a_new_vintage(
    cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, fresh = cell.kept(), not has_old(cell)
    cell.says(FIRST, "2026-10-01")
    break_with(FAULTS["old_year_changed"], cell, settings, monkeypatch)
    item = cell.refresh()
    assert (item.new, item.revised) == ((15, 0) if fresh else (0, 3))
    assert cell.stored()[: len(old[0])] == old[0], "the first vintage and its age stay"
    own = Observation.objects.filter(indicator=cell.link.indicator, region_role="own", year=2020)
    assert own.latest("vintage").value == Decimal("22.6") and own.count() == (1 if fresh else 2)
    assert cell.kept()[3] == old[3], "the frozen view says what it said"
    current = Evaluation.objects.filter(year=2021, superseded_at=None).values_list("pk", flat=True)
    assert fresh or set(current) <= {row[0] for row in old[2]}, "other years are not judged again"


def test_a_retired_indicator_is_flagged(cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    break_with(FAULTS["retired"], cell, settings, monkeypatch)
    cell.refresh()
    assert CatalogueIndicator.objects.filter(pk=NUMBER, retired_at__isnull=False).exists()
    assert "retired" in {flag.code for flag in flags(cell.link)}


def test_another_title_and_unit_are_flagged(
    cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cell.kept()
    break_with(FAULTS["renamed"], cell, settings, monkeypatch)
    assert cell.refresh().state == "stored"
    assert {"title_changed", "unit_changed"} <= {flag.code for flag in flags(cell.link)}
    assert cell.stored()[: len(before[0])] == before[0] and cell.kept()[3] == before[3]


def test_a_region_that_was_merged_away_is_flagged(
    cell: Ground, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cell.kept()
    break_with(FAULTS["region_merged"], cell, settings, monkeypatch)
    item = cell.refresh()
    assert item.code == "no_own_rows"
    own = Observation.objects.filter(indicator=cell.link.indicator, region_role__in=["own", "peer"])
    assert list(own.order_by("pk").values_list("pk", flat=True)) == [
        row[0] for row in before[0] if row[2] != "MAA"
    ]
    assert "region_missing" in {flag.code for flag in flags(cell.link)}
    assert cell.kept()[3] == before[3]


# ---------------------------------------------------------------------------- memory
CHILD = """
    import json, pathlib, sys
    import django
    django.setup()
    from config import celery  # what a worker holds besides
    from config import limits
    from kpis.refreshing import jobs
    from kpis.sotkanet.failures import Failure
    from kpis.sotkanet.rows import Wanted, rows_of_json
    from kpis.sotkanet.wire import Wire
    wanted = Wanted(1080, frozenset(range(2015, 2026)), frozenset({"total"}))
    told = {}
    for line in sys.stdin:
        name, address = line.split()
        wire = Wire()
        try:
            rows_of_json(wire.get(address, {"User-Agent": "test", "Accept-Encoding": "gzip"}).body, wanted)
        except Failure as failure:
            told[name] = failure.code
        wire.close()
        status = pathlib.Path("/proc/self/status").read_text()
        peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
        print(json.dumps([name, told.get(name, ""), peak]), flush=True)
"""


def test_no_answer_makes_a_worker_large(running: Server) -> None:
    """Peak memory (MB) of a process like a worker's that meets every answer that is too much, one after another."""
    names = [fault.name for number in (33, 34, 35, 36, 45, 48) for fault in MATRIX[number]]
    command = [sys.executable, "-c", textwrap.dedent(CHILD)]
    environment = os.environ | {"PORTAL_TIME_SCALE": "1"}
    running.only, running.times, running.data = "", None, type(running.data)()
    query = "/json?indicator=1080&genders=total&" + "&".join(f"years={year}" for year in range(2015, 2026))
    with subprocess.Popen(
        command, cwd=env.BASE_DIR, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None and child.stdout is not None
        seen = []
        for name in names:
            running.fault = FAULTS[name]
            child.stdin.write(f"{name} {running.url}{query}\n")
            child.stdin.flush()
            seen.append(child.stdout.readline().strip())
        child.stdin.close()
    told_codes = [tuple(json.loads(line)) for line in seen]
    assert [(name, code) for name, code, _peak in told_codes] == [(name, FAILS[name][1]) for name in names]
    assert max(peak for *_rest, peak in told_codes) < 300, told_codes
