"""T8: 150 files and 200 mutations. No crash, nothing stored by halves, each problem told with its place."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import translation

from core.tables import Refused, child
from core.tables.cells import MESSAGES
from core.tables.refusals import REASONS
from measures.models import BooksClosed, ImportRun, Measure, StagedState
from measures.totals import differing
from measures.workbooks import applying
from measures.workbooks.applying import apply_run, choose_all, discard_run
from measures.workbooks.choices import Lists
from measures.workbooks.export import measure_rows, month_rows
from measures.workbooks.problems import FILE, HARD, SOFT, where, words
from measures.workbooks.running import read_run, take_in
from measures.workbooks.showing import file_problems, rows_of
from programme.models import Programme
from tests.data.workbooks import ALL
from tests.data.workbooks.kitchen import ANY, READ, REFUSED, TOLD, Base, Recipe
from tests.factories.measures import make_confirmation, make_entry, make_ground, make_line, make_measure

YEARS = (2023, 2025)
MONTHS = [f"{year}-{month:02d}" for year in range(2023, 2026) for month in range(1, 13)]
#: What an import may touch: who finds them equal has found nothing stored.
KEPT = (
    "measures_measure", "measures_savingsline", "measures_savingsentry", "measures_measuretarget",
    "measures_measuretotal", "measures_confirmation",
)  # fmt: skip

MOST_KILOBYTES = 512 * 1024


def fill(programme: Programme, ground: Any) -> None:
    """Two measures with plans, one with a claim, one month closed and one claim decided."""
    for number, cost_type in enumerate(ground.cost_types[:2], start=1):
        measure = make_measure(
            ground, f"T-{number}", name_fi=f"Toimenpide {number}", starts_on=date(2023, 5, 1)
        )
        line = make_line(measure, ground, cost_type=cost_type)
        for month in range(1, 13):
            make_entry(line, date(2024, month, 1), -500_000 - month)
    entry = make_entry(measure.lines.get(), date(2024, 1, 1), -400_000, "claimed")
    first = Measure.objects.get(code="T-1").lines.get()
    make_confirmation(make_entry(first, date(2024, 1, 1), -300_000, "claimed"), -300_000)
    make_entry(first, date(2023, 1, 1), -100_000, "claimed")
    assert entry.pk
    BooksClosed.objects.create(programme=programme, month=date(2023, 1, 1), closed_on=date(2023, 2, 20))


def base_of(programme: Programme) -> Base:
    lists = Lists(programme, "fi")
    rows = Measure.objects.all()
    return Base(
        programme.slug, list(measure_rows(programme, rows, lists)),
        list(month_rows(programme, rows, lists, YEARS)), MONTHS,
    )  # fmt: skip


@pytest.fixture
def base(db: None) -> Base:
    ground = make_ground()
    fill(ground.programme, ground)
    return base_of(ground.programme)


def checksums() -> dict[str, Any]:
    """Rows and a sum over all their values, of every table that an import may write."""
    with connection.cursor() as cursor:
        found = {}
        for table in KEPT:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()
    return found


def brought(programme: Programme, data: bytes, name: str) -> ImportRun | Refused:
    try:
        run = take_in(programme=programme, file=ContentFile(data), name=name, by=None)
    except Refused as refused:
        return refused
    return read_run(run)


def told_of(run: ImportRun | Refused) -> list[tuple[dict[str, Any], str]]:
    """Every problem with its place, as a person reads them."""
    if isinstance(run, Refused):
        return [({"code": run.code}, run.message)]
    if run.state == ImportRun.State.REFUSED:
        return list(zip(run.problems, file_problems(run), strict=True))
    rows = [*run.staged_measures.all(), *run.staged_months.all()]
    return [(one, f"{where(one, row.sheet, row.row)}: {words(one)}") for row in rows for one in row.problems]


def faults_of(recipe: Recipe, run: ImportRun | Refused) -> str:
    """How the outcome differs from the recipe's; "" when it does not."""
    told = told_of(run)
    if any("%(" in text or not text.strip() for _one, text in told):
        return f"a problem without words: {told}"
    if recipe.expect == ANY:
        return ""
    outcome = (
        REFUSED
        if isinstance(run, Refused) or run.state == ImportRun.State.REFUSED
        else (TOLD if told else READ)
    )
    if outcome != recipe.expect:
        return f"{outcome} instead of {recipe.expect}: {told}"
    codes = [one["code"] for one, _text in told]
    if recipe.code and recipe.code not in codes:
        return f"{codes} without {recipe.code}"
    if recipe.place:
        row, letters = recipe.place
        text = next(text for one, text in told if one["code"] == recipe.code)
        if str(row) not in text or (letters and letters not in text):
            return f"{text} does not name {recipe.place}"
    return ""


#: Stands between this process and the reader, and notes how large the reader became. Measured from here, a process
#: counts the memory of the one that started it, and this one holds all that the tests have loaded.
METER = """
import os, sys
pid = os.fork()
if pid == 0:
    os.execv(sys.executable, [sys.executable, "-I", "-S", {reader!r}, *sys.argv[1:]])
_pid, status, usage = os.wait4(pid, 0)
with open({noted!r}, "a") as file:
    print(usage.ru_maxrss, file=file)
code = os.waitstatus_to_exitcode(status)
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@pytest.fixture
def kilobytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """The largest size of each reader so far, in kilobytes."""
    noted, meter = tmp_path / "kilobytes", tmp_path / "meter.py"
    meter.write_text(METER.format(reader=child.__file__, noted=str(noted)))
    monkeypatch.setattr(child, "__file__", str(meter))
    return lambda: [int(line) for line in noted.read_text().split()]


def test_every_file_of_the_corpus_is_read_or_told(base: Base, kilobytes: Callable[[], list[int]]) -> None:
    assert len(ALL) == 150 == len({recipe.name for recipe in ALL})
    programme = Programme.objects.get()
    before, wrong = checksums(), {}
    with translation.override("fi"):
        for recipe in ALL:
            run = brought(programme, recipe.make(base), recipe.file_name)
            fault = faults_of(recipe, run)
            if recipe.expect == TOLD and not fault:
                fault = _takes_nothing(run)
            elif isinstance(run, ImportRun):
                discard_run(run=run, by=None)
            if checksums() != before:
                fault = "something was stored"
            if fault:
                wrong[recipe.name] = fault
    assert wrong == {}
    sizes = kilobytes()
    assert len(sizes) > 50
    assert max(sizes) <= MOST_KILOBYTES


def _takes_nothing(run: Any) -> str:
    """The rows that cannot be taken over stay out even when everything is ticked; asked ones are not ticked."""
    if run.staged_months.filter(state=StagedState.ASKED).exists():
        if run.staged_months.filter(accepted=True, state=StagedState.ASKED).exists():
            return "a row to look at is ticked"
        discard_run(run=run, by=None)
        return ""
    choose_all(run=run, states=list(StagedState.values), by=None)
    applied = apply_run(run=run, by=None, reason="corpus")
    return (
        "" if applied is not None and not any(applied.as_counts().values()) else f"{applied} was taken over"
    )


def test_honest_files_come_in(base: Base) -> None:
    programme = Programme.objects.get()
    honest = ALL[-20:]
    came = {}
    for recipe in honest:
        with transaction.atomic():
            run = brought(programme, recipe.make(base), recipe.file_name)
            assert isinstance(run, ImportRun)
            applied = apply_run(run=run, by=None, reason="corpus")
            came[recipe.name] = applied is not None and sum(applied.as_counts().values())
            assert not differing(), recipe.name
            transaction.set_rollback(True)
    assert {name: count for name, count in came.items() if not count} == {}


def _mutations(base: Base, count: int, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    programme = Programme.objects.get()
    honest = [recipe.make(base) for recipe in ALL[-20:-5]]
    before, wrong = checksums(), {}
    for number in range(count):
        data = bytearray(chance.choice(honest))
        for _ in range(chance.choice((1, 1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        run = brought(programme, bytes(data), "tiedosto.xlsx")
        if any("%(" in text for _one, text in told_of(run)) or checksums() != before:
            wrong[f"{seed}/{number}"] = told_of(run)
        if isinstance(run, ImportRun):
            discard_run(run=run, by=None)
    return wrong


def test_mutated_files_are_read_or_told(base: Base) -> None:
    assert _mutations(base, 200, 1) == {}


@pytest.mark.nightly
def test_two_thousand_mutated_files_are_read_or_told(base: Base) -> None:
    assert _mutations(base, 2_000, 2) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commits", [False, True])
def test_checksums_find_an_import_that_commits_in_the_middle(
    commits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The corpus is worth something: it would see a half import."""
    ground = make_ground()
    fill(ground.programme, ground)
    own = base_of(ground.programme).measure(0, "measure.name_fi", "Uusi nimi").month(0, "2025-12", -1)
    run = brought(ground.programme, own.book(), "tiedosto.xlsx")
    assert isinstance(run, ImportRun)
    before = checksums()

    def fails_halfway(self: Any) -> Any:
        if commits:
            connection.connection.commit()
        raise RuntimeError("the power went")

    monkeypatch.setattr(applying._Applying, "_cells", fails_halfway)
    with pytest.raises(RuntimeError):
        apply_run(run=run, by=None, reason="corpus")

    assert (checksums() != before) is commits


def test_page_shows_cells_with_their_letters(base: Base) -> None:
    programme = Programme.objects.get()
    run = brought(programme, base.copy().month(0, "2025-12", -5).book(), "tiedosto.xlsx")
    assert isinstance(run, ImportRun)

    (row,) = rows_of(run, "months", list(run.staged_months.filter(state=StagedState.CHANGED)))

    assert (row.cells[0].address, row.cells[0].head, row.cells[0].old) == ("AT2", "12/2025", "")


def test_each_code_of_a_problem_means_one_thing() -> None:
    named = [*REASONS, *MESSAGES, *HARD, *SOFT, *FILE]

    assert len(named) == len(set(named))
