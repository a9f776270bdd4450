"""How much of a measure is taken into which year's budget (R18), beside its plan, and in total."""

import pytest
from openpyxl import load_workbook

from measures.models import BudgetShare, BudgetVersion, Measure
from measures.selectors.budget_shares import line_years, shares_by_place
from measures.workbooks.export import csv_rows, write_workbook
from measures.workbooks.running import read_run, take_in_path
from tests.factories.accounts import make_member
from tests.golden import build_golden


@pytest.fixture
def golden(db):
    found = build_golden()
    for name, year, euros in (
        ("E1/OST", 2024, -150_000),
        ("E3/OST", 2024, -70_000),
        ("E1/HEN", 2025, 60_000),
    ):
        BudgetShare.objects.create(
            programme=found.programme, measure=found.lines[name].measure, line=found.lines[name], year=year,
            amount_eur_cents=euros * 100,
        )  # fmt: skip
    return found


@pytest.fixture
def office(golden):
    return make_member(golden.programme, "pmo")


def test_each_line_and_year_stands_beside_its_plan(golden):
    found = {(one.line.cost_type.key, one.year): one for one in line_years(golden.measures["E1"])}
    first = found["ost", 2024]
    assert (first.plan_eur_cents, first.share.amount_eur_cents) == (-200_000_00, -150_000_00)
    assert first.difference == 50_000_00
    assert found["ost", 2025].share is None and found["ost", 2025].difference is None
    assert found["hen", 2025].difference == 0


def test_the_totals_are_those_of_the_programme(golden):
    places = {place.cost_type.key: place for place in shares_by_place(golden.programme)}
    year = places["ost"].years[2024]
    # E1 -200 000, E2 -60 000, E3 -70 000 less the overlap of 28 000; E5 is in the base and stands apart.
    assert (year.plan, year.taken) == (-302_000_00, -220_000_00)
    assert year.difference == 82_000_00
    plans = [place.years[2024].plan for place in places.values() if 2024 in place.years]
    forecasts = [place.years[2025].forecast for place in places.values() if 2025 in place.years]
    assert sum(filter(None, plans)) == -252_000_00
    assert sum(filter(None, forecasts)) == -288_000_00
    assert places["hen"].years[2024].taken is None


def test_an_amount_is_entered_once_for_a_line_and_year(golden, office, client):
    client.force_login(office)
    line = golden.lines["E1/OST"]
    budget = BudgetVersion.objects.create(programme=golden.programme, year=2024)
    page = f"/en/p/{golden.programme.slug}/measures/E1/budget/add/"
    form = client.get(f"{page}?line={line.pk}&year=2025").context["form"]
    assert form.initial["year"] == 2025
    sent = {
        "line": line.pk, "year": 2025, "amount_eur_cents": "-240 000", "note": "", "token": form.initial["token"],
        "was": form.initial["was"],
    }  # fmt: skip
    assert set(client.post(page, sent | {"budget": budget.pk}).context["form"].errors) == {"budget"}
    assert (
        client.post(page, sent | {"year": 2024, "budget": budget.pk}).status_code == 422
    )  # is there already
    assert client.post(page, sent).status_code == 302
    share = BudgetShare.objects.get(line=line, year=2025)
    assert share.amount_eur_cents == -240_000_00
    part = client.get(f"/en/p/{golden.programme.slug}/measures/E1/more/budget/").content.decode()
    assert f'data-budget="{line.pk}-2025"' in part
    remove = f"/en/p/{golden.programme.slug}/measures/E1/budget/{share.pk}/remove/"
    assert client.post(remove).status_code == 302
    assert not BudgetShare.objects.filter(pk=share.pk).exists()


def test_the_page_totals_each_year(golden, office, client):
    client.force_login(office)
    text = client.get(f"/en/p/{golden.programme.slug}/savings/budgets/?unit=eur").content.decode()
    assert 'data-place="n.ost"' in text and "−220,000" in text.replace("\u202f", ",").replace("\u00a0", ",")


def test_the_workbook_shows_them_in_locked_columns_that_nothing_reads_back(golden, tmp_path):
    path = tmp_path / "toimenpiteet.xlsx"
    write_workbook(path, golden.programme, Measure.objects.all(), language="en")
    sheet = load_workbook(path)["Measures"]
    keys = [cell.value for cell in sheet[1]]
    at = keys.index("measure.budget_2024")
    column = {row[2].value: row[at] for row in sheet.iter_rows(min_row=3)}

    assert keys[-2:] == ["measure.budget_2024", "measure.budget_2025"]
    assert sheet[2][at].value == "taken into the budget 2024, €"
    assert (column["E1"].value, column["E2"].value) == (-150_000, None)
    assert column["E1"].protection.locked

    BudgetShare.objects.update(amount_eur_cents=-1)  # changed here after the workbook went out
    run = read_run(take_in_path(programme=golden.programme, path=path, by=None), by=None)
    assert (run.counts["measures"]["same"], run.counts["cells"]) == (5, 0)


def test_the_csv_of_measures_comes_back_with_them(golden, tmp_path):
    path = tmp_path / "toimenpiteet.csv"
    lines = csv_rows(golden.programme, Measure.objects.all(), "measures", language="en")
    path.write_text("".join(lines), encoding="utf-8", newline="")
    assert "taken into the budget 2024, €;taken into the budget 2025, €" in path.read_text(encoding="utf-8")

    run = read_run(take_in_path(programme=golden.programme, path=path, by=None), by=None)
    assert run.counts["measures"]["same"] == 5
