"""The deficit path on its page: opposite signs, what counts the programme already, edits by those who may."""

import re
from datetime import date

import pytest
from django.test import Client

from programme.models import DeficitPath, YearResult
from tests.factories.counties import County, person
from tests.golden import Golden

PAGE = "/en/p/esimerkki/savings/deficit/"


@pytest.fixture
def county(golden: Golden) -> County:
    return County(golden.programme, None, None, golden.sector, None)  # type: ignore[arg-type]


@pytest.fixture
def client(county: County) -> Client:
    found = Client()
    found.force_login(person(county, "controller"))
    return found


def state(golden: Golden, year: int, euros: int, **fields) -> YearResult:
    return YearResult.objects.create(
        programme=golden.programme, year=year, result_eur_cents=100 * euros,
        **{"kind": "forecast", "stated_on": date(2024, 8, 1)} | fields,
    )  # fmt: skip


def cells(page: str, year: int) -> list[str]:
    row = re.search(rf'<tr data-year="{year}"[^>]*>(.*?)</tr>', page, re.DOTALL)
    assert row, year
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip()
        for cell in re.findall(r"<td.*?</td>", row[1], re.DOTALL)
    ]


def test_empty_page_leads_to_giving_the_deficit(client: Client):
    page = client.get(PAGE).content.decode()
    assert f'href="{PAGE}edit/"' in page


def test_savings_improve_results_and_cover_the_deficit(golden: Golden, client: Client):
    """300 000 left; 2024: -100 000 + 219 000 -> 181 000; 2025: -50 000 + 288 000 = 238 000 -> covered."""
    DeficitPath.objects.create(
        programme=golden.programme, opening_year=2023, opening_deficit_eur_cents=30_000_000, cover_year_by_law=2026,
        own_target_year=2025,
    )  # fmt: skip
    state(golden, 2024, -100_000)
    state(golden, 2025, -50_000)
    state(golden, 2026, 10_000)
    page = client.get(PAGE, {"unit": "keur"}).content.decode()
    assert "data-signs" in page
    first, second, third = (cells(page, year) for year in (2024, 2025, 2026))
    assert (first[1].split()[0], first[3].split()[0], first[4].split()[0]) == ("+219", "+119", "181")
    assert (second[1].split()[0], second[3].split()[0], second[4].split()[0]) == ("+288", "+238", "0")
    assert third[1].split()[0] == "+288"  # after the programme its last month goes on: 12 x 24 000
    assert re.search(r'data-outcome="forecast" data-year="2025"', page)


def test_a_result_that_counts_on_the_programme_gets_nothing_more(golden: Golden, client: Client):
    DeficitPath.objects.create(
        programme=golden.programme,
        opening_year=2023,
        opening_deficit_eur_cents=30_000_000,
        cover_year_by_law=2025,
    )
    state(golden, 2024, 100_000, includes_programme=True)
    page = client.get(PAGE, {"unit": "keur"}).content.decode()
    row = cells(page, 2024)
    assert "in the result already" in row[1] and row[4].split()[0] == "200"
    assert re.search(r'data-outcome="forecast" data-year=""', page)


def test_path_and_results_are_edited_with_their_rules(golden: Golden, client: Client):
    page = client.get(f"{PAGE}edit/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    given = {
        "opening_year": "2023", "opening_deficit_eur_cents": "50 M€", "cover_year_by_law": "2020",
        "own_target_year": "", "source_note": "", "token": token[1],
    }  # fmt: skip
    assert client.post(f"{PAGE}edit/", given).status_code == 422
    assert client.post(f"{PAGE}edit/", given | {"cover_year_by_law": "2026"}).status_code == 302
    assert DeficitPath.objects.get().opening_deficit_eur_cents == 5_000_000_000
    row = state(golden, 2024, -1)
    assert client.get(f"{PAGE}results/{row.pk}/").status_code == 200
    assert client.post(f"{PAGE}results/{row.pk}/remove/").status_code == 302
    assert not YearResult.objects.exists()
