"""The golden programme: 32 measures worked out by hand in tests/data/golden-programme.xlsx.

`read_sheet()` reads the workbook, `build_golden_programme()` writes what was typed in it to the database.
Tests of pages, the API, Excel and frozen documents compare with its worked-out sheets to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from measures.models import (
    BaseTransfer,
    BaseTransferRow,
    BooksClosed,
    Confirmation,
    Correction,
    CostDriver,
    LedgerEntry,
    Measure,
    MeasureTarget,
    Overlap,
    SavingsEntry,
    SavingsLine,
    YearLocked,
)
from programme.models import CostType, FundingSource, Goal, Organisation, Programme, Sector, Target, Theme

SHEET = Path(__file__).parent / "data" / "golden-programme.xlsx"
SLUG = "kultainen"
STATUS_DATE, CLOSED_THROUGH = date(2025, 8, 31), date(2025, 7, 1)
DECIDED_ON = date(2025, 8, 20)

Row = dict[str, Any]


@cache
def read_sheet() -> dict[str, list[Row]]:
    """The sheets of the workbook that have a heading row: one dictionary for each row below it."""
    book = CalamineWorkbook.from_path(str(SHEET))
    sheets = {}
    for name in ("Structure", "Measures", "Lines", "Overlaps", "Rows", "Totals", "Ledger"):
        head, *rows = book.get_sheet_by_name(name).to_python()
        sheets[name] = [dict(zip(head, row, strict=False)) for row in rows]
    for name in ("Settings", "Ladder"):
        rows = book.get_sheet_by_name(name).to_python()
        sheets[name] = [{"name": row[0], "value": row[1]} for row in rows]
    return sheets


def cents(euros: Any) -> int | None:
    """Whole cents of an amount of the sheet; None for an empty cell."""
    return None if euros == "" else int((Decimal(str(euros)) * 100).quantize(Decimal(1)))


def month(number: Any) -> date | None:
    """202403 as the first day of the month; None for an empty cell."""
    return None if number == "" else date(int(number) // 100, int(number) % 100, 1)


def worked_out(kind: str, key: str = "") -> dict[str, int]:
    """Figures of one slice as the sheet works them out, cents by `<figure>.<level>`."""
    row = next(row for row in read_sheet()["Totals"] if (row["kind"], row["key"]) == (kind, key))
    return {name: cents(value) or 0 for name, value in row.items() if name not in ("kind", "key")}


@dataclass
class GoldenProgramme:
    """The programme and its rows by the keys of the sheet."""

    programme: Programme
    themes: dict[str, Theme] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    sectors: dict[str, Sector] = field(default_factory=dict)
    cost_types: dict[str, CostType] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    lines: dict[str, SavingsLine] = field(default_factory=dict)


def build_golden_programme() -> GoldenProgramme:
    """Writes what was typed in the sheet and hands back its rows."""
    settings = {row["name"]: row["value"] for row in read_sheet()["Settings"]}
    organisation = Organisation.objects.create(key=SLUG, name_fi="Kultainen hyvinvointialue")
    golden = GoldenProgramme(
        Programme.objects.create(
            slug=SLUG, file_key=SLUG, organisation=organisation, kind=Programme.Kind.PRODUCTIVITY,
            name_fi="Kultainen ohjelma", start_year=int(settings["first_year"]), end_year=int(settings["final_year"]),
            base_year=2024, comparison_base_fi="vuoden 2024 alkuperäinen talousarvio", status_date=STATUS_DATE,
        )
    )  # fmt: skip
    _structure(golden)
    _targets(golden, cents(settings["stated_target"]), cents(settings["in_base_target"]))
    _measures(golden)
    _lines(golden)
    _months(golden)
    _books(golden)
    return golden


def _structure(golden: GoldenProgramme) -> None:
    common = {"programme": golden.programme}
    for position, row in enumerate(read_sheet()["Structure"], 1):
        kind, key, named = row["kind"], row["key"], {"key": row["key"], "name_fi": row["name"]}
        if kind == "theme":
            golden.themes[key] = Theme.objects.create(**common, **named, number=position)
        elif kind == "goal":
            golden.goals[key] = Goal.objects.create(
                **common, **named, number=position, theme=golden.themes[row["theme"]],
                parent=golden.goals.get(row["above"]),
            )  # fmt: skip
        elif kind == "sector":
            golden.sectors[key] = Sector.objects.create(**common, **named, position=position)
        else:
            golden.cost_types[key] = CostType.objects.create(
                **common, **named, position=position, kind=row["above"]
            )


def _targets(golden: GoldenProgramme, stated: int | None, in_base: int | None) -> None:
    common = {"programme": golden.programme, "valid_from": date(2024, 1, 1)}
    Target.objects.create(kind="stated", column="total", value_eur_cents=stated, **common)
    Target.objects.create(kind="total", column="base", value_eur_cents=in_base, **common)


def _measures(golden: GoldenProgramme) -> None:
    for row in read_sheet()["Measures"]:
        withdrawn = month(row["withdrawn"])
        measure = golden.measures[row["code"]] = Measure.objects.create(
            programme=golden.programme, code=row["code"], name_fi=f"Toimenpide {row['code']}", stage=row["stage"],
            goal=golden.goals[row["goal"]], withdrawn_from=withdrawn, withdrawn_on=withdrawn,
        )  # fmt: skip
        if row["target"] != "":
            MeasureTarget.objects.create(
                programme=golden.programme, measure=measure, value_eur_cents=cents(row["target"]),
                valid_from=date(2024, 1, 1), reason="Ohjelman hyväksyminen",
            )  # fmt: skip


def _lines(golden: GoldenProgramme) -> None:
    sources = {
        kind: FundingSource.objects.create(
            programme=golden.programme, key=kind.replace("_", "-"), name_fi=kind, kind=kind
        )
        for kind in ("stabilisation", "project_grant", "own")
    }
    for row in read_sheet()["Lines"]:
        golden.lines[row["line"]] = SavingsLine.objects.create(
            programme=golden.programme, measure=golden.measures[row["measure"]], goal=golden.goals[row["goal"]],
            sector=golden.sectors[row["sector"]], cost_type=golden.cost_types[row["cost_type"]],
            permanence=row["permanence"], line_class=row["class"], in_base=row["in_base"] == "yes",
            paid_from=sources.get(row["paid_from"]),
        )  # fmt: skip
    for row in read_sheet()["Overlaps"]:
        Overlap.objects.create(
            programme=golden.programme, yielding_line=golden.lines[row["yielding"]],
            other_line=golden.lines[row["other"]], amount_eur_cents=cents(row["amount"]),
            first_month=month(row["first"]), last_month=month(row["last"]), reason="Samat eurot",
        )  # fmt: skip


def _months(golden: GoldenProgramme) -> None:
    """Every typed month but those that overlaps give back: the portal works these out itself."""
    typed = [row for row in read_sheet()["Rows"] if row["what"] == ""]
    entries = SavingsEntry.objects.bulk_create(
        SavingsEntry(
            programme=golden.programme, line=golden.lines[row["line"]], series=row["series"],
            month=month(row["month"]), amount_eur_cents=cents(row["amount"]),
        )
        for row in typed
    )  # fmt: skip
    Confirmation.objects.bulk_create(
        Confirmation(
            programme=golden.programme, entry=entry, part_eur_cents=cents(row["confirmed"]),
            decided_on=DECIDED_ON,
        )
        for row, entry in zip(typed, entries, strict=True)
        if row["confirmed"] != ""
    )  # fmt: skip
    Correction.objects.create(
        programme=golden.programme, measure=golden.measures["G18"], line=golden.lines["L23"],
        booked_line=golden.lines["L24"], effect_month=date(2024, 10, 1), booked_month=date(2025, 7, 1),
        recorded_on=date(2025, 8, 5), amount_eur_cents=150_000, reason="Lasku väärälle kuukaudelle",
    )  # fmt: skip


def _books(golden: GoldenProgramme) -> None:
    common = {"programme": golden.programme}
    closed = list(_each(date(2024, 1, 1), CLOSED_THROUGH))
    BooksClosed.objects.bulk_create(
        BooksClosed(**common, month=day, closed_on=date(2025, 8, 15)) for day in closed
    )
    YearLocked.objects.create(**common, year=2024, locked_on=date(2025, 5, 20))
    transfer = BaseTransfer.objects.create(**common, name="Yksikkö siirtyi", from_month=date(2025, 1, 1))
    transfers, entries = [], []
    for row in read_sheet()["Ledger"]:
        cell = {
            **common, "sector": golden.sectors[row["sector"]], "cost_type": golden.cost_types[row["cost_type"]],
        }  # fmt: skip
        transfers.append(
            BaseTransferRow(transfer=transfer, monthly_eur_cents=cents(row["transfer_a_month"]), **cell)
        )
        if row["drivers_a_month"]:
            CostDriver.objects.create(
                **cell, kind="avoided", first_month=date(2025, 1, 1), source="indeksi",
                monthly_eur_cents=cents(row["drivers_a_month"]),
            )  # fmt: skip
        for day in _each(date(2024, 1, 1), date(2024, 12, 1)):
            entries.append(_ledger(cell, "original_budget", day, cents(row["budget_a_month"])))
        actual = cents(row["ledger"]) or 0
        for day in _each(date(2025, 1, 1), CLOSED_THROUGH):
            part = actual // 7 if day < CLOSED_THROUGH else actual - 6 * (actual // 7)
            entries.append(_ledger(cell, "actual", day, part))
            entries.append(_ledger(cell, "actual", day, 999_900, is_internal=True))
    BaseTransferRow.objects.bulk_create(transfers)
    LedgerEntry.objects.bulk_create(entries)


def _ledger(cell: Row, kind: str, day: date, amount: int | None, **fields: Any) -> LedgerEntry:
    return LedgerEntry(**cell, kind=kind, month=day, amount_eur_cents=amount, booked_on=DECIDED_ON, **fields)


def _each(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)
