"""Measures as a workbook and back: what was edited arrives, nothing else moves, and every problem names its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from openpyxl import load_workbook

from accounts.models import User
from measures.models import ImportRun, Measure, SavingsEntry
from measures.totals import differing
from measures.workbooks.applying import apply_run
from measures.workbooks.export import write_workbook
from measures.workbooks.running import read_run, take_in_path
from tests.factories.measures import (
    Ground,
    make_entry,
    make_ground,
    make_line,
    make_measure,
)

pytestmark = pytest.mark.django_db

JANUARY = date(2024, 1, 1)


@pytest.fixture
def ground() -> Ground:
    return make_ground()


@pytest.fixture
def pmo() -> User:
    return User.objects.create_user("pmo")


def exported(ground: Ground, tmp_path: Path, language: str = "fi") -> Path:
    path = tmp_path / f"toimenpiteet-{language}.xlsx"
    write_workbook(path, ground.programme, Measure.objects.all(), language=language)
    return path


class Book:
    """A workbook as a person has it open: cells by their key and row."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, load_workbook(path)
        names = [name for name in self.book.sheetnames if name != "_portal"]
        self.measures, self.months = self.book[names[1]], self.book[names[2]]

    def column(self, sheet: Any, key: str) -> int:
        keys = [cell.value for cell in sheet[1]]
        return keys.index(key) + 1

    def put(self, sheet: Any, row: int, key: str, value: Any) -> None:
        cell = sheet.cell(row=row, column=self.column(sheet, key))
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # as a person's text, not as openpyxl's formula

    def get(self, sheet: Any, row: int, key: str) -> Any:
        return sheet.cell(row=row, column=self.column(sheet, key)).value

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def read(ground: Ground, path: Path, by: Any = None) -> ImportRun:
    run = take_in_path(programme=ground.programme, path=path, by=by)
    return read_run(run, by=by)


def test_workbook_that_was_not_edited_changes_nothing(ground: Ground, tmp_path: Path) -> None:
    line = make_line(make_measure(ground, description_fi="Rivi\nja toinen"), ground)
    make_entry(line, JANUARY, -123_456)

    run = read(ground, exported(ground, tmp_path))

    assert run.state == ImportRun.State.READ
    assert run.counts["measures"] | {"accepted": 0} == run.counts["measures"]
    assert run.counts["measures"]["same"] == 1
    assert run.counts["months"]["same"] == 3
    assert run.counts["cells"] == 0


def test_what_was_edited_arrives_and_totals_follow(ground: Ground, tmp_path: Path, pmo: User) -> None:
    line = make_line(make_measure(ground), ground)
    make_entry(line, JANUARY, -100_000)
    make_entry(line, date(2024, 2, 1), -100_000)
    book = Book(exported(ground, tmp_path))
    book.put(book.measures, 3, "measure.name_fi", "=cmd|' /C calc'!A0")
    book.put(book.months, 3, "2024-01", -1500.5)
    book.put(book.months, 3, "2024-02", None)
    book.put(book.months, 4, "2025-12", "−2\u202f000,25 €")

    run = read(ground, book.save(), pmo)
    applied = apply_run(run=run, by=pmo, reason="vuosikello")

    assert applied is not None
    assert (applied.cells_new, applied.cells_changed, applied.cells_gone) == (1, 1, 1)
    assert Measure.objects.get().name_fi == "=cmd|' /C calc'!A0"
    found = {(one.series, one.month): one.amount_eur_cents for one in SavingsEntry.objects.all()}
    assert found == {("plan", JANUARY): -150_050, ("forecast", date(2025, 12, 1)): -200_025}
    assert not differing()
    assert apply_run(run=run, by=pmo, reason="") is None
    event = Measure.events.rel.related_model.objects.order_by("-pgh_id").first()
    assert event.pgh_context.metadata["sha256"] == run.sha256


@pytest.mark.django_db(transaction=True)
def test_taking_over_leaves_the_programme_to_others(ground: Ground, tmp_path: Path, pmo: User) -> None:
    """Whoever adds a row to the programme meanwhile would wait at the commit, in a ring with the lock on the books."""
    make_measure(ground)
    book = Book(exported(ground, tmp_path))
    book.put(book.measures, 3, "measure.name_fi", "Uusi nimi")
    free: list[bool] = []

    def look() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM programme_programme WHERE id = %s FOR KEY SHARE SKIP LOCKED",
                [ground.programme.pk],
            )
            free.append(cursor.fetchone() is not None)
        connection.close()

    def tell(_step: str, _done: int = 0, _total: int = 0) -> None:
        other = Thread(target=look)
        other.start()
        other.join()

    apply_run(run=read(ground, book.save()), by=pmo, reason="vuosikello", tell=tell)

    assert free and all(free)


def test_a_row_with_a_personal_identity_code_is_kept_out(ground: Ground, tmp_path: Path) -> None:
    make_measure(ground)
    book = Book(exported(ground, tmp_path))
    book.put(book.measures, 3, "measure.name_fi", "Asiakas 131052-308T")

    run = read(ground, book.save())

    (row,) = run.staged_measures.all()
    assert row.state == "refused"
    assert [problem["code"] for problem in row.problems] == ["identity_code"]


def test_a_new_line_of_a_locked_plan_is_told_in_the_preview(ground: Ground, tmp_path: Path) -> None:
    line = make_line(make_measure(ground, stage="decided"), ground)
    make_entry(line, JANUARY, -100, "plan_approved")
    book = Book(exported(ground, tmp_path))
    for at in range(1, book.months.max_column + 1):
        book.months.cell(row=6, column=at).value = book.months.cell(row=3, column=at).value
    book.put(book.months, 6, "line.id", None)
    book.put(book.months, 6, "line.print", None)
    book.put(book.months, 6, "line.cost_type", ground.cost_types[0].name_fi)
    book.put(book.months, 6, "2024-01", -500)

    run = read(ground, book.save())

    row = run.staged_months.get(row=6)
    assert (row.state, [problem["code"] for problem in row.problems]) == ("refused", ["plan_locked"])
