"""Two people in the grid at once: of one cell the later is told, of different cells both are saved."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections

from measures.models import SavingsEntry
from measures.services import Cell, CellsRefused, months, record_entries
from measures.totals import differing
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db(transaction=True)
JAN = date(2024, 1, 1)


@pytest.fixture
def ground() -> Ground:
    return make_ground()


def together(*works: Any) -> list[Any]:
    """Runs the works at the same moment in threads of their own; what each answered, or its refusal."""
    gate = threading.Barrier(len(works))

    def run(work: Any) -> Any:
        try:
            gate.wait()
            return work()
        except CellsRefused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.mark.parametrize("is_new", [True, False])
def test_of_two_writers_of_one_cell_one_is_told(ground: Ground, is_new: bool) -> None:
    line = make_line(make_measure(ground), ground)
    if not is_new:
        make_entry(line, JAN, -5)
    version = 0 if is_new else 1

    def write(cents: int) -> Any:
        return lambda: record_entries(cells=[Cell(line, "plan", JAN, cents, version)], by=None)

    answers = together(write(-100), write(-200))
    refused = [one for one in answers if isinstance(one, CellsRefused)]
    assert len(refused) == 1
    (problem,) = refused[0].problems
    stored = SavingsEntry.objects.get()
    assert problem.code == "changed"
    assert problem.theirs is not None
    assert (problem.theirs.amount_eur_cents, problem.theirs.version) == (
        stored.amount_eur_cents,
        stored.version,
    )
    assert stored.version == version + 1


def test_writers_of_different_cells_of_one_line_are_both_saved(ground: Ground) -> None:
    line = make_line(make_measure(ground), ground)

    def write(month: int) -> Any:
        cells = [Cell(line, "plan", date(2024, month, 1), -month, 0)]
        return lambda: record_entries(cells=cells, by=None)

    answers = together(*(write(month) for month in range(1, 9)))
    assert not [one for one in answers if isinstance(one, CellsRefused)]
    assert SavingsEntry.objects.count() == 8
    assert not differing()


def _lost_edits(ground: Ground, writers: int = 6, edits: int = 12) -> int:
    """Acknowledged edits that another writer wrote over without having seen them: from the writers' logs alone."""
    line = make_line(make_measure(ground), ground)
    make_entry(line, JAN, 0)
    log: list[tuple[int, int]] = []  # version seen, version written

    def write(number: int) -> None:
        rng = random.Random(number)
        try:
            for _ in range(edits):
                seen = SavingsEntry.objects.get(line=line)
                try:
                    (entry,) = record_entries(
                        cells=[Cell(line, "plan", JAN, rng.randint(1, 10**9), seen.version)], by=None
                    )
                except CellsRefused:
                    continue
                assert entry is not None
                log.append((seen.version, entry.version))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    versions = sorted(written for _seen, written in log)
    assert versions == list(range(2, len(versions) + 2)), "versions have no gaps"
    return sum(1 for seen, written in log if written != seen + 1)


def test_no_acknowledged_edit_is_lost(ground: Ground) -> None:
    assert _lost_edits(ground) == 0


def test_without_the_condition_on_the_version_edits_are_lost(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check itself is tried: it finds the fault when the condition is taken out on purpose."""
    monkeypatch.setattr(months, "VERSION_HOLDS", "TRUE")

    assert _lost_edits(ground) > 0


def test_blocks_that_meet_crosswise_are_saved_one_after_the_other(ground: Ground) -> None:
    measure = make_measure(ground)
    lines = [make_line(measure, ground, cost_type=one) for one in ground.cost_types]

    def write(number: int, order: list[Any]) -> Any:
        cells = [
            Cell(line, series, date(2024, month, 1), -number)
            for line in order for series in ("plan", "forecast") for month in range(1, 13)
        ]  # fmt: skip
        return lambda: record_entries(cells=cells, by=None)

    answers = together(*(write(n, lines if n % 2 else lines[::-1]) for n in range(1, 7)))
    assert all(len(answer) == 72 for answer in answers)
    assert len(set(SavingsEntry.objects.values_list("amount_eur_cents", flat=True))) == 1
    assert not differing()
