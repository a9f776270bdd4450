"""No acknowledged edit is lost when twenty people edit thirty rows at once, and the proof can fail."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bench.server import Server
from measures.models import Measure, SavingsEntry
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure
from tests.integration.editing import checker
from tests.integration.editing.checker import Event
from tests.integration.editing.editors import (
    Browser,
    CellWork,
    Crowd,
    FormWork,
    Log,
    Sent,
    Work,
    wait_for_saves,
)

pytestmark = pytest.mark.timeout(600)

EDITORS, ROWS, CELL_ROWS = 20, 30, 5
FIELDS = ("name_sv", "name_en", "description_fi", "description_sv", "municipality", "service_point")
MONTHS = [f"2024-{month:02d}" for month in range(1, 13)]
#: Seconds in which the same checker must find the version condition taken out, from the first saves on.
FOUND_WITHIN = 10
#: Seconds of the run in every gate.
TOGETHER = 6
WITHOUT_VERSIONS = "tests.integration.editing.without_versions:application"


@dataclass
class Scene:
    """What is edited, by whom, and the history that tells of it."""

    work: Work
    people: list[Any]
    history: Callable[[], list[Event]]


def measures_scene(ground: Ground) -> Scene:
    """Thirty measures and the six text fields of their form."""
    rows = [make_measure(ground, f"T-{number:02d}") for number in range(1, ROWS + 1)]
    names = {row.pk: row.code for row in rows}
    events = Measure.events.rel.related_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]

    def history() -> list[Event]:
        told = events.values("pgh_obj_id", "version", *FIELDS)
        return [
            (names[one["pgh_obj_id"]], one["version"], {name: one[name] for name in FIELDS}) for one in told
        ]

    work = FormWork([(row.code, f"/p/koe/measures/{row.code}/edit/") for row in rows], FIELDS)
    return Scene(work, [make_member(ground.programme) for _one in range(EDITORS)], history)


def cells_scene(ground: Ground) -> Scene:
    """Sixty months of five savings lines, each with an amount."""
    rows, names = [], {}
    for number in range(1, CELL_ROWS + 1):
        measure = make_measure(ground, f"K-{number}")
        line = make_line(measure, ground)
        rows.append((f"{line.pk}.plan", f"/p/koe/measures/{measure.code}/months/?year=2024"))
        for month in range(1, 13):
            entry = make_entry(line, date(2024, month, 1), -month)
            names[entry.pk] = f"{line.pk}.plan.2024-{month:02d}"
    events = SavingsEntry.events.rel.related_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]

    def history() -> list[Event]:
        told = events.values_list("pgh_obj_id", "version", "amount_eur_cents")
        return [(names[key], version, {"amount": str(cents)}) for key, version, cents in told]

    work = CellWork(rows, MONTHS, "/p/koe/months/save/")
    return Scene(work, [make_member(ground.programme) for _one in range(EDITORS)], history)


SCENES = {"measures": measures_scene, "cells": cells_scene}


@contextmanager
def editing(scene: Scene, environment: dict[str, str], log: Path, application: str) -> Iterator[Crowd]:
    """The editors at work against a server of their own, with several processes and threads."""
    told = environment | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "HOST": "127.0.0.1"}
    with Server(told, str(log), application) as server:
        crowd = Crowd()
        for number, person in enumerate(scene.people):
            client = Client()
            client.force_login(person)
            browser = Browser(server.port, client.cookies["sessionid"].value)
            crowd.add(browser, scene.work, seed=number)
        crowd.start()
        try:
            yield crowd
        finally:
            crowd.finish()


def told_of(kind: str, seconds: float, log: Log) -> str:
    done = len(log.acknowledged())
    return (
        f"{kind}: {EDITORS} editors, {seconds:.0f} s: {done} saves acknowledged, {log.conflicts()} conflicts resolved, "
        f"0 lost, p95 save {log.p95_seconds() * 1000:.0f} ms"
    )


def run(kind: str, seconds: float, environment: dict[str, str], folder: Path) -> Log:
    """Edits for so long, then judges; the log for further questions."""
    scene = SCENES[kind](make_ground(status_date=date(2024, 3, 31)))
    with editing(scene, environment, folder / "web.log", "config.wsgi:application") as crowd:
        wait_for_saves(crowd.log)
        time.sleep(seconds)
    assert crowd.log.troubles == []
    assert checker.faults(crowd.log.saves, scene.history()) == []
    print(told_of(kind, seconds, crowd.log))
    return crowd.log


# --- the proof ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SCENES)
def test_twenty_editors_lose_nothing(
    kind: str, transactional_db: None, child_env: dict[str, str], tmp_path: Path
) -> None:
    """The short run of every gate; `make nightly` has the long one."""
    log = run(kind, TOGETHER, child_env, tmp_path)

    assert log.acknowledged()


@pytest.mark.nightly
@pytest.mark.parametrize("kind", SCENES)
def test_twenty_editors_lose_nothing_in_a_minute(
    kind: str, transactional_db: None, child_env: dict[str, str], tmp_path: Path, capsys: Any
) -> None:
    with capsys.disabled():
        log = run(kind, float(os.environ.get("EDITORS_SECONDS", "60")), child_env, tmp_path)

    assert len(log.acknowledged()) >= 10 * EDITORS
    assert log.conflicts() > 0


@pytest.mark.parametrize("kind", SCENES)
def test_the_version_condition_taken_out_is_found(
    kind: str, transactional_db: None, child_env: dict[str, str], tmp_path: Path
) -> None:
    """The test of the test: the same editors and the same checker, the one condition missing.

    They crowd on few fields, so that two meet within seconds on a slow machine too.
    """
    scene = SCENES[kind](make_ground(status_date=date(2024, 3, 31)))
    scene.work = scene.work.crowded()
    found: list[str] = []
    with editing(
        scene, child_env, tmp_path / "web.log", "tests.integration.editing.without_versions:application"
    ) as crowd:
        wait_for_saves(crowd.log)
        begin = time.monotonic()
        while not found and time.monotonic() - begin < FOUND_WITHIN:
            time.sleep(0.2)
            events = scene.history()  # first the history: a save may be stored before its answer is logged
            found = [fault for fault in checker.faults(crowd.log.saves, events) if "had not seen it" in fault]
        seconds = time.monotonic() - begin

    assert found, f"not found in {seconds:.1f} s, {len(crowd.log.acknowledged())} saves"
    # Once everybody has finished, the judgement is the same.
    assert any("had not seen it" in fault for fault in checker.faults(crowd.log.saves, scene.history()))
    print(f"{kind}: found after {seconds:.1f} s: {found[0]}")


# --- the checker -------------------------------------------------------------------------------------------------


def sent(seen: str, wrote: str, status: int = 302) -> Sent:
    return Sent("T-1", "name", seen, wrote, status, 0.01, 0.0)


def events(*values: str) -> list[Event]:
    return [("T-1", version, {"name": value}) for version, value in enumerate(values, 1)]


def test_a_chain_in_which_everybody_saw_the_value_before_is_right() -> None:
    saves = [sent("", "a"), sent("", "b", 409), sent("a", "b"), sent("a", "c", 409)]

    assert checker.faults(saves, events("", "a", "a", "b")) == []


@pytest.mark.parametrize(
    ("saves", "history", "words"),
    [
        ([sent("", "a"), sent("", "b")], events("", "a", "b"), "had not seen it"),
        ([sent("", "a"), sent("", "b")], events("", "b"), "is not in the history"),
        ([sent("", "a"), sent("a", "b")], events("", "a", "b", "a"), "had not seen it"),
        ([sent("", "a", 409)], events("", "a"), "had not seen it"),
        (
            [sent("", "a")],
            [("T-1", 1, {"name": ""}), ("T-1", 3, {"name": "a"})],
            "version 1 is followed by 3",
        ),
    ],
)
def test_each_kind_of_loss_is_found(saves: list[Sent], history: list[Event], words: str) -> None:
    (fault,) = checker.faults(saves, history)

    assert words in fault


def test_a_save_whose_answer_was_cut_off_may_have_been_stored() -> None:
    assert checker.faults([sent("", "a", 0)], events("", "a")) == []
