"""Reading tables: what a cell means, and which file is refused why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from core.tables import Fault, Refused, column_name, place, read_tables
from core.tables.cells import CellError, cents_of, day_of, month_of_cell, text_of
from core.tables.csv_files import read_csv
from core.tables.sheets import column_index


@pytest.mark.parametrize(
    ("value", "unit", "cents"),
    [
        (None, "eur", None), ("  ", "eur", None), (0.0, "eur", 0), (1.005, "eur", 101), (-2.5, "meur", -250_000_000),
        ("−1\u202f234,50 €", "eur", -123_450), ("(250)", "keur", -25_000_000), ("1,234.50", "eur", 123_450),
        ("-0,4", "meur", -40_000_000), ("1,2 M€", "eur", 120_000_000), (100000 / 12, "eur", 833_333),
    ],
)  # fmt: skip
def test_amount_of_a_cell(value: Any, unit: Any, cents: int | None) -> None:
    assert cents_of(value, unit=unit) == cents


@pytest.mark.parametrize(
    "value", ["abc", True, date(2024, 1, 1), float("nan"), Fault("#REF!"), Fault("="), 1e30]
)
def test_what_is_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(CellError):
        cents_of(value)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1.4.2025", date(2025, 4, 1)), ("01.04.25", date(2025, 4, 1)), ("2025-04-01T00:00", date(2025, 4, 1)),
        (date(2025, 4, 1), date(2025, 4, 1)), (None, None),
    ],
)  # fmt: skip
def test_day_of_a_cell(value: Any, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize(
    "value",
    ["3/2024", "2024-03", "03.2024", "maaliskuu 2024", "mars 2024", "202403", 202403.0, date(2024, 3, 31)],
)
def test_month_of_a_cell(value: Any) -> None:
    assert month_of_cell(value) == date(2024, 3, 1)


def test_days_and_months_that_are_none_are_refused() -> None:
    for reader, value in (
        (day_of, "31.2.2024"),
        (day_of, 45_000.0),
        (month_of_cell, "yhteensä"),
        (month_of_cell, 7.0),
    ):
        with pytest.raises(CellError):
            reader(value)


def test_text_of_a_cell_shows_whole_numbers_without_a_point() -> None:
    assert [text_of(value) for value in (12.0, 12.5, " a ", None, True)] == ["12", "12.5", "a", "", "1"]


def test_columns_have_letters_both_ways() -> None:
    assert [column_name(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_name(at)) == at for at in range(1_000))
    assert "H" in place("Kuukaudet", 12, 7) and "12" in place("Kuukaudet", 12, 7)


@pytest.mark.parametrize(
    ("text", "encoding", "rows"),
    [
        ("a;b\r\n1,5;ä\r\n", "utf-8-sig", [["a", "b"], ["1,5", "ä"]]),
        ("a;b\n1,5;ä\n", "cp1252", [["a", "b"], ["1,5", "ä"]]),
        ("a,b\n1.5,x\n", "utf-8", [["a", "b"], ["1.5", "x"]]),
        ("a\tb\n1,5\t \n", "utf-8", [["a", "b"], ["1,5", None]]),
        ('a;b\n"yksi;kaksi\nkolme";2\n', "utf-8", [["a", "b"], ["yksi;kaksi\nkolme", "2"]]),
        ("sep=,\na,b\n", "utf-8", [["a", "b"]]),
    ],
)  # fmt: skip
def test_csv_as_people_write_it(text: str, encoding: str, rows: list[list[Any]]) -> None:
    assert read_csv(text.encode(encoding), "x.csv").rows == rows


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("a;b\n".encode("utf-16"), "is_utf16"), (b'a;b\n"1;2\n', "open_quote"), (b"a;\x00b\n", "nul"),
        (b"\x81\x8d;\xe4\n", "unreadable_text"), (b";" * 300, "too_many_columns"),
        (b"a;" + b"x" * 40_000 + b"\n", "cell_too_long"),
    ],
)  # fmt: skip
def test_csv_that_is_refused_says_why(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_csv(data, "x.csv")

    assert refused.value.code == code
    assert "%(" not in refused.value.message


def test_workbook_is_read_from_its_first_cell_wherever_its_values_begin(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Yksi")
    sheet.merge_range(4, 2, 4, 3, "Säästö")
    sheet.write(6, 2, -12.5)
    sheet.write_formula(6, 3, "=1/0", None, "#DIV/0!")
    book.close()

    (read,) = read_tables(path, "x.xlsx")

    assert read.rows[4] == [None, None, "Säästö"]
    assert read.rows[6] == [None, None, -12.5, "#DIV/0!"]
    assert isinstance(read.rows[6][3], Fault)
    assert read.merged == [(4, 2, 4, 3)]
