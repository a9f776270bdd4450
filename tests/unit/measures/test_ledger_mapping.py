"""Columns of foreign files: guessed from their headings, found again by them."""

from datetime import date

from core.tables import Sheet
from measures.ledger.mapping import FileMapping, guess
from measures.ledger.rows import Names, Reader

NAMES = Names({"tespa": 1, "sospa": 2}, {"ostot": 5, "4300": 6})


def test_headings_are_found_below_a_title_and_guessed() -> None:
    sheet = Sheet(
        "Taul1", [["Raportti 2024"], [], ["Toimiala", "Kustannuslaji", "Kk", "Kustannuspaikka", "Toteuma €"]]
    )
    found = guess([Sheet("Kansi", [["Hei"]]), sheet])
    assert (found.sheet, found.header_row) == ("Taul1", 2)
    assert found.roles == {0: "sector", 1: "cost_type", 2: "month", 3: "cost_centre", 4: "amount"}
    assert found.fits([sheet]) is sheet and found.lacks == []
    assert FileMapping.of_json(found.as_json()) == found


def test_a_column_for_each_month_wins_over_the_column_of_sums() -> None:
    heads = ["Vastuualue", "Tili", *["tammi", "helmi", "maalis", "huhti", "touko", "kesä"], "Summa"]
    found = guess([Sheet("a", [heads])])
    assert found.month_columns == [(at, at - 1) for at in range(2, 8)] and found.column("amount") is None
    dated = guess([Sheet("a", [["Sector", "Account", *[date(2024, month, 1) for month in range(1, 13)]]])])
    assert [month for _column, month in dated.month_columns] == list(range(1, 13))


def test_rows_are_added_left_out_and_flagged() -> None:
    mapping = FileMapping(
        sheet="a", header_row=0, roles={0: "sector", 1: "account", 2: "month", 3: "amount"}, is_flipped=True,
        internal_accounts=["43"], sectors={"vanhukset": "sospa", "muualla": ""},
    )  # fmt: skip
    rows = [
        ["Toimiala", "Tili", "Kk", "Summa"],
        ["tespa", 4300, "tammikuu", "-1 000,25 €"], ["TESPA", "4300", 1, -0.75],
        ["Vanhukset", "Ostot", "3.2024", "(5)"],
        ["Yhteensä tespa", None, None, -1001], ["Muualla", "ostot", 1, -3], [], ["tespa", "ostot", 2, None],
    ]  # fmt: skip
    read = Reader(Sheet("a", rows), mapping, NAMES, 2024).read()
    assert read.problems == []
    assert [tuple(key) for key in read.amounts] == [
        (date(2024, 1, 1), 1, 6, "4300", "", True), (date(2024, 3, 1), 2, 5, "Ostot", "", False),
    ]  # fmt: skip
    assert list(read.amounts.values()) == [100_100, 500]
    assert (read.rows, read.left_out, read.left_out_eur_cents) == (3, 2, 300)
