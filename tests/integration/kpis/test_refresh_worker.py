"""A refresh in the hands of a real worker that is killed, and two who ask or read at once."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from core.jobs import sweep_jobs
from core.models import Job
from kpis.models import IndicatorSummary, LinkState, Observation, RefreshRun
from kpis.refreshing.runs import ask
from programme.models import Programme
from tests.factories.accounts import make_programme
from tests.factories.kpis import make_indicator, make_source_link
from tests.sotkanet import Server, sotkanet_server

SOON = 60  # s
KYMENLAAKSO, FINLAND = 967, 658
#: The lock belongs to a connection to this database; other runs use the same server.
HERE = """EXISTS (SELECT FROM pg_locks m JOIN pg_database d ON d.oid = m.database
                 WHERE m.pid = l.pid AND d.datname = current_database())"""


@pytest.fixture
def server() -> Iterator[Server]:
    with sotkanet_server() as running:
        for number in (801, 802, 803):
            rows = [
                (region, year, "total", 10) for region in (KYMENLAAKSO, FINLAND) for year in range(2015, 2025)
            ]
            running.data.add(number, f"Sarja {number}", rows)
        yield running


@pytest.fixture
def child_env(database_url: str, server: Server) -> dict[str, str]:
    """The worker speaks to the loopback service."""
    return os.environ | {
        "DATABASE_URL": database_url,
        "MIGRATE_DATABASE_URL": database_url,
        "SOTKANET_BASE_URL": server.url,
    }


def build() -> Programme:
    programme = make_programme("kymenlaakso")
    programme.organisation.name_fi = "Kymenlaakson hyvinvointialue"
    programme.organisation.save()
    for number in (801, 802, 803):
        link = make_source_link(make_indicator(programme, key=f"i{number}"), sotkanet_id=number)
        LinkState.objects.create(link=link)
    return programme


def wait_for(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {SOON} s: {list(Job.objects.values())}")


def somebody_waits() -> bool:
    """Whether a transaction of this database waits for another one's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM pg_locks l WHERE NOT granted AND locktype = 'transactionid' AND {HERE}"
        )
        return bool(cursor.fetchone()[0])


def is_read() -> bool:
    """Whether some connection still has its hand on a series."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM pg_locks l WHERE locktype = 'advisory' AND objsubid = 1 AND {HERE}"
        )
        return bool(cursor.fetchone()[0])


def counts(number: int) -> list[int]:
    """Vintages of the source's values."""
    return list(Observation.objects.filter(source_link__sotkanet_id=number).values_list("vintage", flat=True))


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_stores_leaves_no_half_series(worker: Any, server: Server) -> None:
    programme = build()
    with transaction.atomic():
        # The second series is inserted but not committed when the worker comes to this row.
        LinkState.objects.select_for_update().get(link__sotkanet_id=802)
        with_lock = threading.Thread(target=lambda: (ask(programme=programme), connection.close()))
        with_lock.start()
        with_lock.join()
        wait_for(somebody_waits)
        worker.kill()
    # The database notices that nobody is there any more when it has the row, and takes everything back.
    wait_for(lambda: not somebody_waits() and not is_read())
    assert [len(counts(number)) for number in (801, 802, 803)] == [20, 0, 0]
    worker.start()
    run = RefreshRun.objects.get()
    wait_for(lambda: sweep_jobs() is not None and RefreshRun.objects.get().ended_at)

    assert [counts(number) for number in (801, 802, 803)] == [[1] * 20] * 3
    assert sorted(run.items.values_list("sotkanet_id", "state", "new")) == [
        (number, "stored", 20) for number in (801, 802, 803)
    ]
    assert list(IndicatorSummary.objects.values_list("own", flat=True)) == [10] * 3, "whoever stored them"
    assert [request.query["indicator"] for request in server.requests if request.path == "/json"].count(
        ["801"]
    ) == 1
    assert Job.objects.get().attempt == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_one_run() -> None:
    programme = build()
    barrier, found = threading.Barrier(2), []

    def work() -> None:
        try:
            barrier.wait(10)
            found.append(ask(programme=programme).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 2 and len(set(found)) == 1
    assert (RefreshRun.objects.count(), Job.objects.count()) == (1, 1)
