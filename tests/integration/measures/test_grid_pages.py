"""Pages of the month grid without scripts: what they show, what the plain form does, who may."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Draft
from measures.models import SavingsEntry, SavingsLine, Stage
from measures.services import close_month, record_entry
from tests.factories.accounts import make_member
from tests.factories.measures import (
    Ground,
    make_confirmation,
    make_entry,
    make_ground,
    make_line,
    make_measure,
)

pytestmark = pytest.mark.django_db
JAN, FEB = date(2024, 1, 1), date(2024, 2, 1)
PATH, SAVE = "/p/koe/measures/M-1/months/", "/p/koe/measures/M-1/months/save/"


@pytest.fixture
def ground() -> Ground:
    return make_ground(status_date=date(2024, 3, 31))


@pytest.fixture
def line(ground: Ground) -> SavingsLine:
    return make_line(make_measure(ground), ground)


@pytest.fixture
def client(ground: Ground) -> Client:
    return client_of(ground, "pmo")


def client_of(ground: Ground, role: str, **scope: Any) -> Client:
    browser = Client()
    browser.force_login(make_member(ground.programme, role, **scope))
    return browser


def fields(answer: Any) -> dict[str, str]:
    """What the page's first grid form would send, the buttons left out."""
    page = answer.content.decode()
    form = re.search(r'<form class="months-form".*?</form>', page, re.DOTALL)
    assert form is not None
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") != "radio" or " checked" in tag:
            sent[html.unescape(found["name"])] = html.unescape(found.get("value", ""))
    return sent


def stored(line: SavingsLine, series: str = "plan") -> dict[int, int]:
    rows = SavingsEntry.objects.filter(line=line, series=series).values_list("month", "amount_eur_cents")
    return {month.month: cents for month, cents in rows}


def name(line: SavingsLine, month: int, series: str = "plan") -> str:
    return f"{line.pk}.{series}.2024-{month:02d}"


# --- what is shown -------------------------------------------------------------------------------------------


def test_the_page_has_a_cell_for_each_month_and_the_years_sum(client: Client, line: SavingsLine) -> None:
    make_entry(line, JAN, -123_450)
    make_entry(line, FEB, -50)
    sent = fields(client.get(PATH))

    assert sent[name(line, 1)] == "−1\u00a0234,50"
    assert sent[name(line, 3)] == ""
    assert len([key for key in sent if re.fullmatch(r"\d+\.\w+\.2024-\d\d", key)]) == 36
    assert sent[f"known.{line.pk}.plan"].startswith("1:-123450 1:-50 0: ")
    assert "−1\u00a0235" in client.get(PATH).content.decode()


def test_year_series_and_unit_stand_in_the_address(client: Client, line: SavingsLine) -> None:
    make_entry(line, date(2025, 1, 1), -150_000)
    sent = fields(client.get(f"{PATH}?year=2025&series=plan&unit=keur"))

    assert sent[f"{line.pk}.plan.2025-01"] == "−1,5"
    assert not [key for key in sent if ".forecast." in key]


@pytest.mark.parametrize("query", ["?year=99999&unit=x&series=y", "?year=", "?series=plan_approved"])
def test_a_strange_address_shows_the_page(client: Client, line: SavingsLine, query: str) -> None:
    assert client.get(PATH + query).status_code == 200


def test_approved_plan_and_decided_claims_are_text_not_fields(client: Client, line: SavingsLine) -> None:
    make_entry(line, JAN, -700, "plan_approved")
    make_confirmation(make_entry(line, JAN, -500, "claimed"), -500)
    answer = client.get(PATH)
    sent = fields(answer)

    assert name(line, 1, "claimed") not in sent
    assert name(line, 2, "claimed") in sent
    page = answer.content.decode()
    assert 'data-fixed="locked"' in page
    assert 'data-fixed="decided"' in page


def test_closed_and_withdrawn_months_are_marked(ground: Ground, client: Client) -> None:
    measure = make_measure(ground, stage=Stage.WITHDRAWN, withdrawn_on=FEB, withdrawn_from=date(2024, 11, 1))
    make_line(measure, ground)
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    page = client.get(PATH).content.decode()

    assert page.count('class="num is-closed"') == 3
    assert page.count('class="num is-withdrawn"') == 6


def test_a_reader_sees_figures_and_no_fields(ground: Ground, line: SavingsLine) -> None:
    make_entry(line, JAN, -500)
    page = client_of(ground, "controller").get(PATH).content.decode()

    assert "−5" in page
    assert 'name="act"' not in page
    assert page.count('data-fixed="view"') == 36


def test_many_measures_follow_the_filters_of_the_list(
    ground: Ground, client: Client, line: SavingsLine
) -> None:
    make_line(make_measure(ground, "M-2", goal=ground.goals[1]), ground)
    whole = client.get("/p/koe/months/").content.decode()
    narrowed = client.get("/p/koe/months/?theme=digi&year=2024").content.decode()

    assert ("M-1" in whole, "M-2" in whole) == (True, True)
    assert ("M-1" in narrowed, ">M-2" in narrowed) == (True, False)


def test_a_lead_writes_in_their_own_theme_and_reads_the_rest(ground: Ground, line: SavingsLine) -> None:
    make_line(make_measure(ground, "M-2", goal=ground.goals[1]), ground)
    page = client_of(ground, "theme", theme=ground.goals[0].theme).get("/p/koe/months/").content.decode()

    assert page.count('name="act" value="save"') == 1
    assert page.count('data-fixed="view"') == 12


# --- saving --------------------------------------------------------------------------------------------------


def test_the_form_saves_what_was_changed_and_nothing_else(client: Client, line: SavingsLine) -> None:
    make_entry(line, JAN, -500)
    make_entry(line, FEB, -600)
    sent = fields(client.get(PATH)) | {name(line, 1): "−7", name(line, 2): "", name(line, 3): "1,5 t€"}
    record_entry(line=line, month=date(2024, 4, 1), series="plan", amount_eur_cents=-9, by=None)
    answer = client.post(SAVE, sent)

    assert answer.status_code == 302
    assert stored(line) == {1: -700, 3: 150_000, 4: -9}


def test_the_form_sent_twice_does_nothing_twice(client: Client, line: SavingsLine) -> None:
    sent = fields(client.get(PATH)) | {name(line, 1): "−7"}

    assert [client.post(SAVE, sent).status_code for _ in range(2)] == [302, 302]
    assert SavingsEntry.objects.get().version == 1


def test_refused_cells_are_named_and_nothing_is_stored(client: Client, line: SavingsLine) -> None:
    sent = fields(client.get(PATH)) | {name(line, 1): "−7", name(line, 2): "12e3"}
    answer = client.post(SAVE, sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert stored(line) == {}
    assert f'href="#c-{name(line, 2)}"' in page
    assert f'id="c-{name(line, 2)}"' in page
    assert "2/2024" in page
    again = fields(answer)
    assert (again[name(line, 1)], again[name(line, 2)]) == ("−7", "12e3")
    assert client.post(SAVE, again | {name(line, 2): "12"}).status_code == 302
    assert stored(line) == {1: -700, 2: 1200}


@pytest.mark.parametrize(("choice", "cents"), [("mine", -700), ("theirs", -600)])
def test_a_conflict_shows_mine_theirs_and_the_original(
    client: Client, line: SavingsLine, choice: str, cents: int
) -> None:
    make_entry(line, JAN, -500)
    sent = fields(client.get(PATH)) | {name(line, 1): "−7", name(line, 2): "−1"}
    record_entry(line=line, month=JAN, series="plan", amount_eur_cents=-600, by=None)
    answer = client.post(SAVE, sent)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert stored(line) == {1: -600}
    trouble = re.search(r'<tr class="months-trouble">.*?</tr>', page, re.DOTALL)
    assert trouble is not None
    assert re.findall(r"<strong>(.*?)</strong>", trouble[0])[1:] == ["−7", "−6", "−5"]
    again = fields(answer) | {f"take.{name(line, 1)}": choice}
    assert client.post(SAVE, again).status_code == 302
    assert stored(line) == {1: cents, 2: -100}


def test_a_closed_month_wants_its_reason(ground: Ground, client: Client, line: SavingsLine) -> None:
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    sent = fields(client.get(PATH)) | {name(line, 1, "claimed"): "−7"}

    assert client.post(SAVE, sent).status_code == 422
    assert client.post(SAVE, sent | {"reason": "Oikaisu"}).status_code == 302
    assert stored(line, "claimed") == {1: -700}


def test_a_years_sum_is_spread_over_open_months(ground: Ground, client: Client, line: SavingsLine) -> None:
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    make_entry(line, JAN, -1000)
    sent = fields(client.get(PATH)) | {
        "act": "spread",
        "row": f"{line.pk}.plan",
        "amount": "−120",
        "months": "open",
    }
    answer = client.post(SAVE, sent)

    assert answer.status_code == 302
    assert sum(stored(line).values()) == -12_000
    assert stored(line)[1] == -1000
    assert [stored(line)[month] for month in range(2, 13)] == [-1000] * 11


def test_a_sum_that_is_none_or_no_row_is_refused(client: Client, line: SavingsLine) -> None:
    sent = fields(client.get(PATH)) | {"act": "spread", "row": f"{line.pk}.plan", "months": "open"}
    for more in ({"amount": ""}, {"amount": "x"}, {"amount": "1", "row": "0.plan"}):
        assert client.post(SAVE, sent | more).status_code == 422
    assert stored(line) == {}


def test_the_last_forecast_is_copied_forward(ground: Ground, client: Client, line: SavingsLine) -> None:
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    make_entry(line, date(2023, 12, 1), -300, "forecast")
    sent = fields(client.get(PATH)) | {"act": "carry", "row": f"{line.pk}.forecast"}

    assert client.post(SAVE, sent).status_code == 302
    assert stored(line, "forecast") == {12: -300} | dict.fromkeys(range(2, 13), -300)


def test_saving_leads_back_to_where_the_form_stood(client: Client, line: SavingsLine) -> None:
    back = "/p/koe/months/?theme=digi&page=1"
    sent = fields(client.get(back))

    assert sent["back"] == back
    assert client.post(SAVE, sent)["Location"] == back
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert client.post(SAVE, sent | {"back": elsewhere})["Location"].startswith(PATH)


def test_unsaved_cells_come_back_until_they_are_put_back(client: Client, line: SavingsLine) -> None:
    body = f'{{"unit": "eur", "cells": [["{name(line, 1)}", "x", "0:"]]}}'
    client.post("/p/koe/months/draft/", body, content_type="application/json")
    sent = fields(client.get(PATH))

    assert sent[name(line, 1)] == "x"
    assert client.post(SAVE, sent | {"act": "discard"}).status_code == 302
    assert not Draft.objects.exists()
    assert fields(client.get(PATH))[name(line, 1)] == ""


def test_what_was_sent_after_the_session_ended_comes_back(
    ground: Ground, client: Client, line: SavingsLine
) -> None:
    person = make_member(ground.programme, "pmo")
    client.force_login(person)
    sent = fields(client.get(PATH)) | {name(line, 1): "−7"}
    client.session.flush()
    cache.clear()
    answer = client.post(SAVE, sent)
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]
    client.force_login(person)
    again = client.get(SAVE)

    assert again.status_code == 200
    assert client.post(SAVE, fields(again)).status_code == 302
    assert stored(line) == {1: -700}


def test_who_may_not_write_gets_403_and_strangers_404(
    ground: Ground, client: Client, line: SavingsLine
) -> None:
    sent = fields(client.get(PATH))

    assert client_of(ground, "controller").post(SAVE, sent).status_code == 403
    assert client_of(ground, "theme", theme=ground.goals[1].theme).post(SAVE, sent).status_code == 403
    assert client_of(make_ground("muu"), "pmo").post(SAVE, sent).status_code == 404


# --- speed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["pmo", "sector"])
def test_many_measures_take_as_many_statements_as_a_few(ground: Ground, role: str) -> None:
    scope = {"sector": ground.sectors[0]} if role == "sector" else {}
    client = client_of(ground, role, **scope)
    for number in range(2):
        make_entry(make_line(make_measure(ground, f"M-{number}"), ground), JAN, -5)
    client.get("/p/koe/months/?series=all")
    with CaptureQueriesContext(connection) as few:
        client.get("/p/koe/months/?series=all")
    for number in range(2, 20):
        make_entry(make_line(make_measure(ground, f"M-{number}"), ground), JAN, -5)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/p/koe/months/?series=all").content.decode()
    assert page.count('<form class="months-form"') == 20
    assert len(many) == len(few) <= 16
