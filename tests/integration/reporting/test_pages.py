"""Every page of the golden example: it answers, shows the figures to the cent, and asks the database little."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from measures.models import Measure, MeasureTarget, SavingsEntry, SavingsLine
from tests.golden import Golden
from tests.integration.reporting.conftest import sign_in

NBSP = "\u00a0"


def text_of(html: bytes) -> str:
    """The page's text with plain spaces, tags taken away."""
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare).replace(NBSP, " "))


def figure_of(html: bytes, ref: str) -> str:
    """What stands in the page under a figure reference: the number and its word."""
    found = re.search(rf'data-ref="{re.escape(ref)}">(.*?)</(?:td|p)>', html.decode(), flags=re.DOTALL)
    assert found, ref
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1]).replace(NBSP, " ")).strip()


PANELS = ["curve", "bridge", "stages", "indicators", "risks", "obstacles", "milestones"]
PAGES = [
    "", *(f"panels/{name}/" for name in PANELS), "themes/x/", "sectors/n/", "goals/g1/figures/", "coverage/",
    "bigroom/", "savings/", "measures/", "measures/E1/", "measures/E4/",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_every_page_answers_without_inline_styles(
    golden: Golden, pmo: Client, path: str, prefix: str
) -> None:
    answer = pmo.get(f"{prefix}/p/esimerkki/{path}")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<h1") == 1


DASHBOARD = {
    "forecast-with-base.programme.2025": "−396,000.00",
    "plan.programme.2025": "−252,000.00",
    "plan_approved.programme.2025": "−348,000.00",
    "forecast.programme.2025": "−288,000.00",
    "run-rate-plan.programme.2024-06": "−252,000.00",
    "run-rate-forecast.programme.2024-06": "−228,000.00",
    "run-rate-claimed.programme.2024-06": "−252,000.00",
    "run-rate-confirmed.programme.2024-06": "−228,000.00",
    "year-to-date-claimed.programme.2024-07": "−147,000.00",
    "year-to-date-confirmed.programme.2024-07": "−103,000.00",
    "cumulative-claimed.programme.2024-08": "−147,000.00",
    "cumulative-confirmed.programme.2024-08": "−103,000.00",
    "cumulative-undecided.programme.2024-08": "−21,000.00",
    "cumulative-refused.programme.2024-08": "−23,000.00",
    "in-base-plan.programme.2025": "−120,000.00",
    "in-base-forecast.programme.2025": "−108,000.00",
    "in-base-claimed.programme.2025": "−63,000.00",
    "in-base-confirmed.programme.2025": "−48,000.00",
    "in-base-undecided.programme.2025": "−9,000.00",
    "in-base-refused.programme.2025": "−6,000.00",
    "ladder-in-base.programme.2025": "−120,000",
    "ladder-active.programme.2025": "−252,000",
    "ladder-released.programme.2025": "−96,000",
    "ladder-never-allocated.programme.2025": "−32,000",
    "stated.target.2025": "−500,000",
    "unallocated.programme.2025": "−128,000",
    "forecast.theme-x.2025": "−288,000.00",
    "run-rate-confirmed.theme-x.2024-06": "−228,000.00",
}


def test_dashboard_shows_the_golden_example_to_the_cent(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/en/p/esimerkki/?unit=eur").content

    shown = {ref: figure_of(page, ref).split(" ")[0] for ref in DASHBOARD}

    assert shown == DASHBOARD


def test_a_word_stands_beside_every_sign(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/en/p/esimerkki/?unit=eur").content.decode()

    cells = re.findall(r'<td class="num"[^>]*data-ref="[^"]*">(.*?)</td>', page, flags=re.DOTALL)
    signed = [cell for cell in cells if "\u2212" in cell or ">+" in cell]

    assert len(signed) > 25
    assert all("saving" in cell or "investment" in cell for cell in signed)


def test_unknown_is_a_dash_with_a_word_never_zero(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/en/p/esimerkki/?unit=eur").content

    assert figure_of(page, "confirmed.programme.2025") == "– waiting for the books"
    assert figure_of(page, "forecast.theme-y.2025") == "– no entries"
    assert "0.00" not in re.findall(r">([−+]?0\.00)<", page.decode())


def test_share_and_distance_of_the_stated_target(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/p/esimerkki/?unit=eur").content)

    assert "79.2 %" in text
    assert "104,000.00 € short of the target" in text
    assert "No, by the forecast the target is not reached." in text


def test_status_line_names_both_dates_and_the_comparison_base(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/p/esimerkki/").content)

    assert "31.8.2024" in text
    assert "7/2024" in text
    assert "vuoden 2024 alkuperäinen talousarvio" in text


def test_units_can_be_switched(golden: Golden, pmo: Client) -> None:
    assert figure_of(pmo.get("/p/esimerkki/?unit=keur").content, "plan.programme.2025").startswith("−252 ")
    assert figure_of(pmo.get("/p/esimerkki/").content, "plan.programme.2025").startswith("−0,25 ")
    assert pmo.get("/p/esimerkki/?unit=dollar").status_code == 200


def test_illustrative_measures_are_marked_on_every_page_with_money(golden: Golden, pmo: Client) -> None:
    Measure.objects.filter(programme=golden.programme).update(is_illustrative=True)

    for path in ("", "savings/", "measures/", "measures/E1/"):
        assert "illustrative example" in text_of(pmo.get(f"/en/p/esimerkki/{path}").content), path


def test_every_figure_leads_to_the_rows_behind_it(golden: Golden, pmo: Client) -> None:
    page = pmo.get("/p/esimerkki/").content.decode()

    links = set(re.findall(r'<td class="num"[^>]*>\s*<span class="amount[^"]*"><a href="([^"]+)"', page))

    assert len(links) > 8
    for link in links:
        assert pmo.get(link.replace("&amp;", "&")).status_code == 200, link


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_is_a_part_for_htmx_and_a_page_for_a_link(golden: Golden, pmo: Client, name: str) -> None:
    page = pmo.get(f"/p/esimerkki/panels/{name}/").content
    part = pmo.get(f"/p/esimerkki/panels/{name}/", headers={"HX-Request": "true"}).content

    assert b"<html" in page
    assert b"<html" not in part
    assert b"<section" in part


def test_an_unknown_panel_is_not_found(golden: Golden, pmo: Client) -> None:
    assert pmo.get("/p/esimerkki/panels/nothing/").status_code == 404


# --- what a page asks the database ---------------------------------------------------------------------

BUDGETS = {
    "": 15, "savings/": 15, "measures/": 10, "measures/?theme=x&q=Toimenpide&stage=in_delivery": 10,
    "measures/E1/": 14, "themes/x/": 15, "sectors/n/": 15, "coverage/": 15, "bigroom/": 15,
}  # fmt: skip


def _queries(client: Client, path: str, **headers: str) -> int:
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, headers=headers).status_code == 200
    return len(asked)


@pytest.mark.parametrize("path", BUDGETS)
def test_a_page_asks_no_more_than_its_budget(golden: Golden, pmo: Client, path: str) -> None:
    assert _queries(pmo, f"/p/esimerkki/{path}") <= BUDGETS[path]


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_asks_at_most_five_times(golden: Golden, pmo: Client, name: str) -> None:
    assert _queries(pmo, f"/p/esimerkki/panels/{name}/", **{"HX-Request": "true"}) <= 5


def double_measures(golden: Golden) -> None:
    """Every measure a second time, with its lines, months and target."""
    for measure in list(Measure.objects.filter(programme=golden.programme)):
        lines = list(measure.lines.all())
        entries = {line.pk: list(line.entries.all()) for line in lines}
        measure.pk, measure._state.adding, measure.code = None, True, f"{measure.code}-2"
        measure.save()
        MeasureTarget.objects.create(
            programme=golden.programme, measure=measure, value_eur_cents=-100, valid_from=date(2024, 1, 1)
        )
        for line in lines:
            old = line.pk
            copy = SavingsLine.objects.get(pk=old)
            copy.pk, copy._state.adding, copy.measure = None, True, measure
            copy.save()
            SavingsEntry.objects.bulk_create(
                SavingsEntry(
                    programme=golden.programme, line=copy, month=entry.month, series=entry.series,
                    amount_eur_cents=entry.amount_eur_cents,
                )
                for entry in entries[old]
            )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["", "savings/", "measures/", "themes/x/", "sectors/n/", "coverage/", "bigroom/"]
)
def test_queries_stay_put_when_the_rows_double(golden: Golden, pmo: Client, path: str) -> None:
    before = _queries(pmo, f"/p/esimerkki/{path}")
    double_measures(golden)

    assert _queries(pmo, f"/p/esimerkki/{path}") == before


# --- who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["pmo", "controller", "theme", "measure", "board", "auditor"])
def test_insiders_and_the_board_see_the_dashboard(golden: Golden, role: str) -> None:
    assert sign_in(golden.programme, role).get("/p/esimerkki/").status_code == 200


@pytest.mark.parametrize("path", ["", "savings/", "measures/", "bigroom/", "themes/x/", "panels/risks/"])
@pytest.mark.parametrize("role", ["council", "staff"])
def test_council_and_staff_do_not(golden: Golden, role: str, path: str) -> None:
    assert sign_in(golden.programme, role).get(f"/p/esimerkki/{path}").status_code == 403


def test_a_foreign_programme_is_not_found(golden: Golden, pmo: Client) -> None:
    from tests.golden import build_golden

    build_golden("naapuri")
    for path in ("", "savings/", "measures/", "measures/E1/", "bigroom/"):
        assert pmo.get(f"/p/naapuri/{path}").status_code == 404, path


def test_anonymous_people_are_asked_to_sign_in_and_come_back(golden: Golden) -> None:
    answer = Client().get("/p/esimerkki/savings/")

    assert answer.status_code == 302
    assert "next=/p/esimerkki/savings/" in answer["Location"]
    assert Client().get("/").status_code == 302
