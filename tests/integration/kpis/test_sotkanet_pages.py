"""No page waits for Sotkanet: it is spoken to by workers only."""

import os
import signal
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import env
from kpis.demo.nearby import write_nearby
from kpis.models import Indicator
from kpis.sotkanet.bundled import load_bundled
from programme.models import Programme
from tests.factories.loaded import KYMENLAAKSO, address_of, client_of, load
from tests.sotkanet import FAULTS, Server, sotkanet_server


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    with sotkanet_server(FAULTS["read_hang"]) as running:
        settings.SOTKANET_BASE_URL = running.url
        yield running


def ready() -> tuple[Any, list[str]]:
    """A signed-in browser, and the pages about indicators."""
    programme: Programme = load(KYMENLAAKSO)
    write_nearby(programme)
    load_bundled(programme)
    indicator = Indicator.objects.get(programme=programme, key="lisa-3563")
    slug = programme.slug
    pages = [
        address_of("kpis:indicator_list", slug), address_of("kpis:indicator_detail", slug, indicator.pk),
        address_of("kpis:refresh_list", slug), address_of("kpis:sotkanet_list", slug),
        address_of("kpis:sotkanet_detail", slug, 186), address_of("kpis:source_list", slug, indicator.pk),
        address_of("kpis:quarantine_list", slug),
    ]  # fmt: skip
    return client_of(programme, "pmo"), pages


def statements(browser: Any, pages: list[str]) -> dict[str, int]:
    """Statements of each page."""
    counted = {}
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(page).status_code == 200, page
        counted[page] = len(queries)
    return counted


@pytest.mark.django_db
def test_pages_ask_the_database_alone_while_the_source_hangs(server: Server) -> None:
    browser, pages = ready()
    server.fault = None
    statements(browser, pages)  # fills what is kept between requests
    before = statements(browser, pages)
    server.fault = FAULTS["read_hang"]
    hanging = statements(browser, pages)
    assert all(hanging[page] <= before[page] for page in pages), (hanging, before)
    assert server.requests == [], "no page speaks to Sotkanet"


#: A worker that asks again and again and never gets an answer.
WORKER = """
    import django
    django.setup()
    from kpis.sotkanet.client import Sotkanet
    from kpis.sotkanet.failures import Failure
    print("asking", flush=True)
    while True:
        with Sotkanet(pause=0) as client:
            try:
                client.indicator(186)
            except Failure:
                pass
"""


#: Times that the pages are read in each state.
TURNS = 30


@pytest.mark.nightly
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_pages_are_as_quick_while_a_worker_hangs(server: Server, child_env: dict[str, str]) -> None:
    """Seconds over all pages, in turns with the hanging worker stopped and going: the medians differ by a tenth.

    The turns follow each other at once, so that whatever else the machine does meets both alike.
    """
    browser, pages = ready()
    command = [sys.executable, "-c", textwrap.dedent(WORKER)]
    environment = os.environ | child_env | {"SOTKANET_BASE_URL": server.url, "PORTAL_TIME_SCALE": "1"}
    statements(browser, pages)

    def took() -> float:
        started = time.perf_counter()
        for page in pages:
            browser.get(page)
        return time.perf_counter() - started

    child = subprocess.Popen(command, cwd=env.BASE_DIR, env=environment, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None and child.stdout.readline() == b"asking\n"
        took()
        alone, beside = [], []
        for _turn in range(TURNS):
            child.send_signal(signal.SIGSTOP)
            alone.append(took())
            child.send_signal(signal.SIGCONT)
            beside.append(took())
    finally:
        child.kill()
        child.wait()
    assert server.requests, "the worker did ask"
    assert statistics.median(beside) <= 1.10 * statistics.median(alone), (beside, alone)
