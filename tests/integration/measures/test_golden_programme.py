"""The golden programme to the cent: figures, pages, API, CSV, workbook and frozen document say what the sheet says."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from core.money import eur_string, format_eur
from measures import selectors
from measures.calculations import LEVELS, Figures, Levels
from measures.models import Measure, SavingsEntry, SavingsLine
from measures.totals import differing
from measures.workbooks.export import write_workbook
from programme.models import FundingSource, Target
from tests.factories.counties import Api, County, person
from tests.golden_programme import (
    CLOSED_THROUGH,
    GoldenProgramme,
    build_golden_programme,
    cents,
    read_sheet,
    worked_out,
)
from tests.integration.reporting.conftest import sign_in
from tests.integration.reporting.test_pages import text_of

SLICES = ("theme", "goal", "sector", "cost_type")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[GoldenProgramme]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_golden_programme()
        transaction.set_rollback(True)


@pytest.fixture
def golden(built: GoldenProgramme, db: None) -> GoldenProgramme:
    """Inside one transaction for all tests, what one of them changes and takes back has a name of its own no more."""
    cache.clear()
    selectors.forget_recent()
    return built


@pytest.fixture
def pmo(golden: GoldenProgramme) -> Client:
    return sign_in(golden.programme)


def said(figures: Figures) -> dict[str, int]:
    """Figures by the names of the sheet; unknown is the sheet's zero."""
    found: dict[str, Levels] = {
        "level_change": figures.level_change, "cumulative": figures.cumulative, "run_rate": figures.run_rate,
        "in_base": figures.in_base, "avoided": figures.avoided, "income": figures.income, "funded": figures.funded,
        "carry_over": figures.carry_over,
    }  # fmt: skip
    for year, of_year in figures.years.items():
        found |= {
            f"lasting-{year}": of_year.lasting,
            f"effect-{year}": of_year.effect,
            f"after-{year}": of_year.lasting,
        }
    return {
        f"{name}.{level}": getattr(levels, level) or 0 for name, levels in found.items() for level in LEVELS
    }


def check(kind: str, key: str, figures: Figures, only: tuple[str, ...] = ()) -> None:
    worked, known = worked_out(kind, key), said(figures)
    asked = {name: value for name, value in worked.items() if not only or name.split(".")[0] in only}
    assert {name: known.get(name, 0) for name in asked} == asked, (kind, key)


# --- the sheet itself ---------------------------------------------------------------------------


def test_the_sheet_adds_up_a_third_time() -> None:
    """Its worked-out programme row, summed here over the typed rows alone, without a single formula."""
    total: dict[str, int] = defaultdict(int)
    for row in read_sheet()["Rows"]:
        if row["class"] != "cash" or row["in_base"] or row["cost_type"] == "mak":
            continue
        amount, year = cents(row["amount"]) or 0, int(row["month"]) // 100
        once = row["permanence"] == "one_off"
        gone = row["withdrawn"] != "" and row["month"] >= row["withdrawn"]
        if row["series"] == "plan_approved" and year == 2026 and not once:
            total["level_change.plan_approved"] += amount
        if row["series"] in ("plan", "forecast") and year == 2026 and not once and row["withdrawn"] == "":
            total[f"level_change.{row['series']}"] += amount
        if row["series"] == "claimed" and row["month"] <= 202508:
            total["cumulative.claimed"] += amount
            if row["confirmed"] == "":
                total["cumulative.undecided"] += amount
            else:
                total["cumulative.confirmed"] += cents(row["confirmed"]) or 0
                total["cumulative.refused"] += amount - (cents(row["confirmed"]) or 0)
        if row["series"] == "plan" and row["month"] <= 202508 and not gone:
            total["cumulative.plan"] += amount

    worked = worked_out("programme")

    assert len(total) == 8
    assert {name: worked[name] for name in total} == total
    for kind in SLICES:
        rows = [
            row for row in read_sheet()["Totals"] if row["kind"] == kind and row["key"] not in ("c2", "mak")
        ]
        for name in total:
            assert sum(cents(row[name]) or 0 for row in rows) == total[name], (kind, name)


# --- figures ------------------------------------------------------------------------------------


def test_figures_of_the_programme(golden: GoldenProgramme) -> None:
    figures = selectors.savings_figures(golden.programme)

    assert not differing()
    assert (figures.as_of, figures.closed_through) == (date(2025, 8, 31), CLOSED_THROUGH)
    assert figures.total.run_rate_months.confirmed == date(2025, 6, 1)
    check("programme", "", figures.total)


def test_figures_of_every_slice(golden: GoldenProgramme) -> None:
    figures = selectors.savings_figures(golden.programme)
    by_kind = {
        "theme": (golden.themes, figures.by_theme), "goal": (golden.goals, figures.by_goal),
        "sector": (golden.sectors, figures.by_sector), "cost_type": (golden.cost_types, figures.by_cost_type),
    }  # fmt: skip

    for kind, (rows, found) in by_kind.items():
        for key, row in rows.items():
            if key != "mak":
                check(kind, key, found[row.pk])
    fees = figures.by_income_type[golden.cost_types["mak"].pk]
    assert fees.level_change.plan == worked_out("cost_type", "mak")["income.plan"]
    assert fees.cumulative.confirmed == worked_out("cost_type", "mak")["income.confirmed"]


def test_figures_of_every_measure(golden: GoldenProgramme) -> None:
    ids = {code: measure.pk for code, measure in golden.measures.items()}

    figures = selectors.measure_figures(list(ids.values()), golden.programme)

    only = ("level_change", "cumulative", "run_rate", "in_base", "avoided", "income", "effect-2025")
    for code, key in ids.items():
        check("measure", code, figures[key], only)


def test_money_from_outside_is_taken_off_the_result_only(golden: GoldenProgramme) -> None:
    total = selectors.savings_figures(golden.programme).total

    assert total.years[2024].effect.confirmed - total.years[2024].result.confirmed == 9_000_000  # type: ignore[operator]
    assert total.cumulative.confirmed - total.cumulative_net.confirmed == 9_000_000  # type: ignore[operator]
    assert total.years[2024].lasting.confirmed == worked_out("programme")["lasting-2024.confirmed"]


def test_ladder(golden: GoldenProgramme) -> None:
    ladder = selectors.savings_figures(golden.programme).ladder

    for row in read_sheet()["Ladder"]:
        assert getattr(ladder, row["name"]) == cents(row["value"]), row["name"]


def test_reconciliation(golden: GoldenProgramme) -> None:
    for row in read_sheet()["Ledger"]:
        found = selectors.reconciliation(
            golden.programme, golden.sectors[row["sector"]], golden.cost_types[row["cost_type"]],
            first=date(2025, 1, 1), last=CLOSED_THROUGH,
        )  # fmt: skip
        assert (found.ledger, found.unexplained) == (cents(row["ledger"]), cents(row["unexplained"]))


# --- where people read them ---------------------------------------------------------------------


def euros(amount: int) -> str:
    return format_eur(amount, language="en")


def cells_of(html: str, row: str) -> list[str]:
    """Amounts of the table row whose heading says `row`."""
    html = re.sub(r'<span class="term__text".*?</span>', "", html, flags=re.DOTALL)
    found = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*?{row}.*?</tr>", html, flags=re.DOTALL)
    assert found, row
    bare = re.sub(r'<span class="sub">.*?</span>', "", found[0], flags=re.DOTALL)
    return [
        re.sub(r"<[^>]+>", "", cell).strip()
        for cell in re.findall(r"<td class=\"num\".*?</td>", bare, re.DOTALL)
    ]


def test_the_savings_page(golden: GoldenProgramme, pmo: Client) -> None:
    html = pmo.get("/en/p/kultainen/savings/?unit=eur").content.decode()

    for kind, key, row in golden_rows(golden):
        worked = worked_out(kind, key)
        amounts = [
            worked[f"{name}"]
            for name in (
                "level_change.plan",
                "level_change.forecast",
                "run_rate.claimed",
                "run_rate.confirmed",
            )
        ]
        shown = cells_of(html, row.name_fi)[-4:]
        assert [text for text in shown if text != "–"] == [
            euros(cents_) for cents_, text in zip(amounts, shown, strict=True) if text != "–"
        ], key
        assert all(not cents_ for cents_, text in zip(amounts, shown, strict=True) if text == "–"), key


def golden_rows(golden: GoldenProgramme) -> list[tuple[str, str, Any]]:
    """Cost types and sectors of the savings page."""
    return [
        *(("cost_type", key, row) for key, row in golden.cost_types.items() if key != "mak"),
        *(("sector", key, row) for key, row in golden.sectors.items()),
    ]


def test_the_list_and_its_csv(golden: GoldenProgramme, pmo: Client) -> None:
    answer = pmo.get("/en/p/kultainen/measures/?format=csv")
    head, *rows = csv.reader(
        io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"
    )  # type: ignore[attr-defined]

    assert len(rows) == len(golden.measures) == 32
    for row in rows:
        worked = worked_out("measure", row[0])
        expected = [worked[f"level_change.{level}"] for level in LEVELS[:3]]
        expected += [worked[f"cumulative.{level}"] for level in LEVELS[3:]]
        assert [int(text.replace(",", "")) if text else 0 for text in row[9:16]] == expected, row[0]
    assert len(head) >= 16


def test_the_card_of_a_measure(golden: GoldenProgramme, pmo: Client) -> None:
    for code in ("G01", "G07", "G27"):
        html = pmo.get(f"/en/p/kultainen/measures/{code}/?unit=eur").content.decode()
        worked = worked_out("measure", code)
        assert cells_of(html, "Change in cost level 2026")[:3] == [
            euros(worked[f"level_change.{level}"]) for level in LEVELS[:3]
        ]
        assert cells_of(html, "Cumulative") == [euros(worked[f"cumulative.{level}"]) for level in LEVELS]


def test_the_api(golden: GoldenProgramme) -> None:
    county = County(golden.programme, None, None, golden.sectors["t"], None)  # type: ignore[arg-type]
    api, worked = Api(person(county, "controller")), worked_out("programme")

    summary = api.get("programmes/kultainen/summary/").json()

    for name in ("plan", "plan_approved", "forecast"):
        assert summary["level_change"][f"{name}_eur"] == eur_string(worked[f"level_change.{name}"])
    for name in ("plan", "forecast", "claimed", "confirmed"):
        assert summary["cumulative"][f"{name}_eur"] == eur_string(worked[f"cumulative.{name}"])
        assert summary["run_rate"][f"{name}_eur"] == eur_string(worked[f"run_rate.{name}"])
    assert summary["in_base"]["confirmed_eur"] == eur_string(worked["in_base.confirmed"])
    one = api.get(f"measures/{golden.measures['G07'].pk}/").json()["figures"]
    assert one["level_change"]["forecast_eur"] == eur_string(
        worked_out("measure", "G07")["level_change.forecast"]
    )


def test_the_workbook(golden: GoldenProgramme, tmp_path: Path) -> None:
    """Every typed month stands in the sheet of months, and the sums of the sheet are those of the typed rows."""
    path = tmp_path / "measures.xlsx"
    write_workbook(path, golden.programme, Measure.objects.all(), language="fi")
    sheets = CalamineWorkbook.from_path(str(path))
    names = [name for name in sheets.sheet_names if name != "_portal"]
    keys, _people, *rows = sheets.get_sheet_by_name(names[2]).to_python()
    shown = {
        row["line.id"]: {} for row in (dict(zip(keys, row, strict=True)) for row in rows) if row["line.id"]
    }  # type: ignore[var-annotated]
    for at, row in enumerate(rows):
        line = row[keys.index("line.id")]
        if line:
            shown[line][("plan", "forecast", "claimed")[at % 3]] = {
                key.replace("-", ""): cents(value)
                for key, value in zip(keys, row, strict=True)
                if key[:2] == "20" and value != ""
            }

    typed: dict[float, dict[str, dict[str, int | None]]] = defaultdict(
        lambda: {"plan": {}, "forecast": {}, "claimed": {}}
    )
    for row in read_sheet()["Rows"]:
        if row["what"] == "" and row["series"] != "plan_approved":
            typed[float(golden.lines[row["line"]].pk)][row["series"]][str(int(row["month"]))] = cents(
                row["amount"]
            )
    assert shown == typed
    keys, _people, *rows = sheets.get_sheet_by_name(names[1]).to_python()
    targets = [dict(zip(keys, row, strict=True)).get("measure.target") for row in rows]
    assert sum(cents(target) or 0 for target in targets) == sum(
        cents(row["value"]) or 0 for row in read_sheet()["Ladder"][2:4]
    )


# --- what stands beside, and what is never a share ------------------------------------------------


def test_quantities_beside_the_main_ones_are_named_and_explained(
    golden: GoldenProgramme, pmo: Client
) -> None:
    html = pmo.get("/en/p/kultainen/measures/G11/?unit=eur").content.decode()
    assert cells_of(html, "Result effect 2024")[4] == "0.00"
    assert cells_of(html, "Paid by outside money")[4] == "+90,000.00"
    assert cells_of(html, "Cumulative net")[4] == euros(
        worked_out("measure", "G11")["cumulative.confirmed"] - 9_000_000
    )
    assert 'id="term-result_effect-' in html and 'id="term-cumulative_net-' in html

    later = pmo.get("/en/p/kultainen/measures/G26/?unit=eur").content.decode()
    assert cells_of(later, "After the period: 2027")[:3] == ["−24,000.00", "−24,000.00", "−22,800.00"]
    avoided = pmo.get("/en/p/kultainen/measures/G09/?unit=eur").content.decode()
    assert cells_of(avoided, "Avoided cost")[3:5] == ["−84,000.00", "−60,000.00"]
    assert cells_of(avoided, "Change in cost level 2026")[0] == "–"


def test_income_types_stand_apart_on_the_savings_page(golden: GoldenProgramme, pmo: Client) -> None:
    html = pmo.get("/en/p/kultainen/savings/?unit=eur").content.decode()
    apart = html.partition('id="income-types"')[2].partition("</section>")[0]

    assert cells_of(apart, "Asiakasmaksut")[1:3] == ["−36,000.00", "−36,000.00"]
    assert cells_of(html, "Avoided cost")[-2:] == ["−84,000.00", "−60,000.00"]


def test_an_investment_below_plan_is_said_and_is_no_success(golden: GoldenProgramme, pmo: Client) -> None:
    dear = SavingsEntry.objects.filter(line=golden.lines["L16"], series="plan", month=date(2026, 1, 1))
    dear.update(amount_eur_cents=10**9)

    text = text_of(pmo.get("/en/p/kultainen/").content)

    assert "no data investment below plan" in text


def test_the_card_of_an_investment_says_how_it_stands_to_its_plan(
    golden: GoldenProgramme, pmo: Client
) -> None:
    dear = text_of(pmo.get("/en/p/kultainen/measures/G14/?unit=eur").content)
    saving = text_of(pmo.get("/en/p/kultainen/measures/G01/?unit=eur").content)

    assert "lasting effects of the final year · investment below plan" in dear
    assert "investment below plan" not in saving


def test_a_target_that_is_no_saving_has_euros_and_a_dash(golden: GoldenProgramme, pmo: Client) -> None:
    Target.objects.filter(programme=golden.programme, kind="stated").update(value_eur_cents=0)
    Target.objects.filter(programme=golden.programme, kind="total").delete()

    text = text_of(pmo.get("/en/p/kultainen/").content)

    assert "without a percentage" in text
    assert "no percentage" in text


def test_a_programme_without_lines_in_the_base_says_not_assessed(
    golden: GoldenProgramme, pmo: Client
) -> None:
    SavingsLine.objects.filter(programme=golden.programme, in_base=True).update(line_class="quality")

    html = pmo.get("/en/p/kultainen/savings/?unit=eur").content.decode()

    row = re.search(
        r"<tr class=\"is-apart\">(?:(?!</tr>).)*Already in the comparison base.*?</tr>", html, re.DOTALL
    )
    assert row and text_of(row[0].encode()).count("not assessed") == 4
    assert "−200,000 saving" in text_of(row[0].encode())


def test_status_date_and_closed_books_stand_beside_each_other(golden: GoldenProgramme, pmo: Client) -> None:
    for path in ("", "savings/", "measures/", "measures/G01/", "themes/a/", "sectors/t/"):
        text = text_of(pmo.get(f"/en/p/kultainen/{path}").content)
        assert re.search(r"status [0-9./ A-Za-z]+ books closed through 7/2025", text, re.IGNORECASE), path


def test_only_a_one_off_line_is_paid_from_a_source(golden: GoldenProgramme, pmo: Client) -> None:
    line = golden.lines["L01"]
    page = pmo.get(f"/en/p/kultainen/measures/G01/lines/{line.pk}/").content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    source = FundingSource.objects.get(programme=golden.programme, kind="stabilisation")
    sent |= {
        "sector": line.sector_id, "cost_type": line.cost_type_id, "goal": line.goal_id, "permanence": "lasting",
        "line_class": "cash", "paid_from": source.pk, "reason": "koe",
    }  # fmt: skip

    answer = pmo.post(f"/en/p/kultainen/measures/G01/lines/{line.pk}/", sent)

    assert answer.status_code == 422
    assert "Only one-off costs are paid from a source" in answer.content.decode()
