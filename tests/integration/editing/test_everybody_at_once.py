"""Editors, the month grid, bulk edit, API, Excel import and a controller at once: nothing acknowledged is lost.

Eight clients on the same rows through HTTP, the checker reading only their log and the history. Afterwards no
answer was a server error and every breakdown adds up to the raw months.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Sum
from django.test import Client
from django.utils import translation

from accounts.authentication import digest
from accounts.models import ApiToken
from bench.server import Server
from config.limits import JOB_ATTEMPTS
from core.jobs import run_job
from core.models import Job
from measures.models import Confirmation, ImportRun, Measure, SavingsEntry, Series
from measures.selectors.kept_cube import DIMENSIONS, kept_cells
from measures.services import close_month
from measures.totals import differing
from measures.workbooks.export import write_workbook
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure
from tests.integration.editing import checker
from tests.integration.editing.checker import Event
from tests.integration.editing.editors import (
    PATIENCE,
    Browser,
    CellWork,
    Crowd,
    FormWork,
    Log,
    Work,
    wait_for_saves,
)
from tests.integration.editing.others import ApiWork, BulkWork, ConfirmWork, ImportWork
from tests.integration.editing.with_files import kept_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

TEXTS = ("name_sv", "name_en", "description_fi", "municipality")
CHECKED = (*TEXTS, "starts_on")
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
MEASURES, WITH_MONEY = 12, 3
#: Seconds in which the checker must find the version condition taken out, from the first saves on.
FOUND_WITHIN = 10
#: Seconds in which eight clients work side by side in every gate.
TOGETHER = 6


#: Whether somebody has had what they came for.
CameFor = Callable[[Log], bool]


def saved(*kinds: str) -> CameFor:
    return lambda log: {*kinds} <= kinds_acknowledged(log)


@dataclass
class Scene:
    """Who works on what and what for, and the history that tells of it."""

    ground: Ground
    works: list[tuple[Work, str, CameFor]]  # with the role of its person
    controller: ConfirmWork
    history: Callable[[], list[Event]]


@pytest.fixture
def scene(tmp_path: Path, settings: Any) -> Scene:
    settings.STORAGES = kept_in(str(tmp_path / "files"))
    ground = make_ground(status_date=date(2025, 2, 28))
    measures = [make_measure(ground, f"T-{number:02d}") for number in range(1, MEASURES + 1)]
    rows = [(measure.code, measure.pk) for measure in measures]
    cells: dict[int, str] = {}
    lines = [make_line(measure, ground) for measure in measures[:WITH_MONEY]]
    for line in lines:
        for month in range(1, 13):
            for series in ("plan", "forecast"):
                entry = make_entry(line, date(2024, month, 1), -month, series)
                cells[entry.pk] = f"{line.pk}.{series}.2024-{month:02d}"
            make_entry(line, date(2024, month, 1), -1000 - month, "claimed")
    for month in range(1, 13):
        close_month(programme=ground.programme, month=date(2024, month, 1), by=None, on=date(2025, 1, 20))
    token = "token-of-a-program"
    ApiToken.objects.create(user=make_member(ground.programme, "pmo"), digest=digest(token))

    def grid(series: str) -> CellWork:
        pages = [
            (f"{line.pk}.{series}", f"/p/koe/measures/{line.measure.code}/months/?year=2024")
            for line in lines
        ]
        return CellWork(pages, MONTHS, "/p/koe/months/save/")

    forms = FormWork([(code, f"/p/koe/measures/{code}/edit/") for code, _pk in rows], TEXTS)
    controller = ConfirmWork("/p/koe/savings/confirmation/")
    books = workbooks(ground, tmp_path)
    works: list[tuple[Work, str, CameFor]] = [
        (forms, "pmo", saved(*TEXTS)), (forms, "pmo", saved(*TEXTS)), (grid("plan"), "pmo", saved("plan")),
        (grid("forecast"), "pmo", saved("forecast")), (ApiWork(rows, CHECKED, token), "pmo", saved(*CHECKED)),
        (BulkWork(rows, "/p/koe/measures/bulk/"), "pmo", saved("starts_on")),
        (books, "pmo", lambda _log: books.taken_over > 0),
        (controller, "controller", lambda _log: bool(controller.decided)),
    ]  # fmt: skip
    return Scene(
        ground, works, controller, lambda: told_by_history(dict((pk, code) for code, pk in rows), cells)
    )


def workbooks(ground: Ground, folder: Path) -> ImportWork:
    """Workbooks are written and read in this process, as a worker would; the pages belong to the server."""

    with translation.override("fi"):
        shown = str(Series.FORECAST.label)

    def write(path: Path) -> None:
        with closing_connections():
            write_workbook(path, ground.programme, Measure.objects.all(), language="fi")

    def work_off() -> None:
        with closing_connections():
            for _attempt in range(JOB_ATTEMPTS):  # a job given back is done now: no result comes unheard
                for job in Job.objects.filter(state__in=Job.ACTIVE).order_by("pk"):
                    run_job(job.pk)

    def outcome() -> int:
        with closing_connections():
            return int(ImportRun.objects.latest("pk").counts.get("applied", {}).get("cells_changed", 0))

    return ImportWork("/p/koe/measures/import/", "forecast", shown, MONTHS, write, work_off, outcome, folder)


@contextmanager
def closing_connections() -> Iterator[None]:
    try:
        yield
    finally:
        connections.close_all()


def told_by_history(measures: dict[int, str], cells: dict[int, str]) -> list[Event]:
    rows = Measure.events.rel.related_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    events = [
        (measures[one["pgh_obj_id"]], one["version"], {name: str(one[name] or "") for name in CHECKED})
        for one in rows.values("pgh_obj_id", "version", *CHECKED)
    ]
    months = SavingsEntry.events.rel.related_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    told = months.filter(pgh_obj_id__in=cells).values_list("pgh_obj_id", "version", "amount_eur_cents")
    return events + [(cells[key], version, {"amount": str(cents)}) for key, version, cents in told]


@contextmanager
def everybody(
    scene: Scene, environment: dict[str, str], log: Path, application: str = "config.wsgi:application"
) -> Iterator[Crowd]:
    """The eight at work against a server of their own, with several processes and threads."""
    told = environment | {
        "DJANGO_SETTINGS_MODULE": "tests.integration.editing.with_files", "HOST": "127.0.0.1",
        "EDITING_FILES": str(log.parent / "files"),
    }  # fmt: skip
    with Server(told, str(log), application) as server:
        crowd = Crowd()
        for number, (work, role, came_for) in enumerate(scene.works):
            client = Client()
            client.force_login(make_member(scene.ground.programme, role))
            crowd.add(Browser(server.port, client.cookies["sessionid"].value), work, number, came_for)
        crowd.start()
        try:
            yield crowd
        finally:
            crowd.finish()


def run(scene: Scene, environment: dict[str, str], folder: Path, seconds: float) -> Crowd:
    """All together for so long, then each until they have had what they came for; nothing of it was lost."""
    with everybody(scene, environment, folder / "web.log") as crowd:
        wait_for_saves(crowd.log, 3)
        time.sleep(seconds)
        crowd.finish(PATIENCE)
    assert crowd.log.troubles == []
    assert checker.faults(crowd.log.saves, scene.history()) == []
    assert_decided(scene)
    assert_breakdowns_foot(scene.ground)
    return crowd


def assert_decided(scene: Scene) -> None:
    """What the controller was told is decided has one valid decision each."""
    decided = Confirmation.objects.filter(withdrawn_on=None).values_list("entry_id", flat=True)
    assert len(decided) == len(set(decided))
    assert scene.controller.decided <= set(decided)


def assert_breakdowns_foot(ground: Ground) -> None:
    """Totals equal the raw months, by every dimension and series, and every dimension sums to the same."""
    assert not differing()
    found: dict[tuple[str, Any, str], int] = defaultdict(int)
    for cell in kept_cells(ground.programme.pk):
        found[*cell.slice, cell.series] += sum(cell.months)
    raw: dict[tuple[str, Any, str], int] = {}
    for name, column in DIMENSIONS.items():
        path = "line__measure__stage" if name == "stage" else f"line__{column}"
        sums = SavingsEntry.objects.values_list(path, "series").annotate(Sum("amount_eur_cents"))
        raw |= {(name, key, series): cents for key, series, cents in sums}
    assert {key: cents for key, cents in found.items() if key[2] in ("plan", "forecast", "claimed")} == raw


def kinds_acknowledged(log: Log) -> set[str]:
    """What was saved: text fields, days, months of each series."""
    return {sent.row.split(".")[1] if sent.field == "amount" else sent.field for sent in log.acknowledged()}


def test_eight_clients_at_once_lose_nothing(scene: Scene, child_env: dict[str, str], tmp_path: Path) -> None:
    """The short run of every gate; `make nightly` has the long one."""
    crowd = run(scene, child_env, tmp_path, TOGETHER)

    assert kinds_acknowledged(crowd.log) == {*CHECKED, "plan", "forecast"}
    assert scene.controller.decided
    assert ImportRun.objects.filter(state=ImportRun.State.APPLIED).exists()


@pytest.mark.nightly
def test_eight_clients_at_once_lose_nothing_in_a_minute(
    scene: Scene, child_env: dict[str, str], tmp_path: Path, capsys: Any
) -> None:
    seconds = float(os.environ.get("EVERYBODY_SECONDS", "60"))
    with capsys.disabled():
        crowd = run(scene, child_env, tmp_path, seconds)
        done, met = len(crowd.log.acknowledged()), crowd.log.conflicts()
        print(
            f"8 clients, {seconds:.0f} s: {done} saves, {met} conflicts, {len(scene.controller.decided)} claims"
        )

    assert done >= 80
    assert met > 0


def test_the_version_condition_taken_out_is_found_here_too(
    scene: Scene, child_env: dict[str, str], tmp_path: Path
) -> None:
    """The test of the test: the same eight and the same checker, on few rows, the one condition missing."""
    scene.works = [(work.crowded(), role, came_for) for work, role, came_for in scene.works]
    found: list[str] = []
    application = "tests.integration.editing.without_versions:application"
    with everybody(scene, child_env, tmp_path / "web.log", application) as crowd:
        wait_for_saves(crowd.log, 3)
        begin = time.monotonic()
        while not found and time.monotonic() - begin < FOUND_WITHIN:
            time.sleep(0.2)
            events = scene.history()  # first the history: a save may be stored before its answer is logged
            found = [fault for fault in checker.faults(crowd.log.saves, events) if "had not seen it" in fault]
    connection.close()

    assert found, f"not found, {len(crowd.log.acknowledged())} saves"
