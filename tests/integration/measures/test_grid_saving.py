"""Saving cells of the month grid: versions, blocks, closed months, rights, drafts, history."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Draft
from measures.models import SavingsEntry, SavingsLine
from measures.services import Cell, CellsRefused, close_month, record_entries
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
JAN, FEB, MARCH = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)


@pytest.fixture
def ground() -> Ground:
    return make_ground(status_date=date(2024, 3, 31))


@pytest.fixture
def line(ground: Ground) -> SavingsLine:
    return make_line(make_measure(ground), ground)


@pytest.fixture
def client(ground: Ground) -> Client:
    browser = Client()
    browser.force_login(make_member(ground.programme, "pmo"))
    return browser


def send(client: Client, cells: list[list[str]], *, to: str = "save", **more: Any) -> Any:
    body = json.dumps({"unit": "eur", "cells": cells} | more)
    return client.post(f"/p/koe/months/{to}/", body, content_type="application/json")


def key(line: SavingsLine, month: str = "2024-01", series: str = "plan") -> str:
    return f"{line.pk}.{series}.{month}"


def stored(line: SavingsLine) -> dict[tuple[str, str], int]:
    rows = SavingsEntry.objects.filter(line=line).values_list("series", "month", "amount_eur_cents")
    return {(series, f"{month:%Y-%m}"): cents for series, month, cents in rows}


# --- one cell ------------------------------------------------------------------------------------------------


def test_a_cell_is_saved_with_its_version_and_the_sum_of_its_row(client: Client, line: SavingsLine) -> None:
    make_entry(line, FEB, -100_00)
    first = send(client, [[key(line), "−1 234,5", "0:"]]).json()

    assert first["cells"][key(line)] == {"text": "−1\u00a0234,50", "known": "1:-123450"}
    assert first["sums"] == {f"{line.pk}.plan.2024": "−1\u00a0334,50"}
    second = send(client, [[key(line), "5", "1:-123450"]]).json()
    assert second["cells"][key(line)]["known"] == "2:500"


def test_an_emptied_cell_has_no_row_and_keeps_its_history(client: Client, line: SavingsLine) -> None:
    entry = make_entry(line, JAN, -5)
    answer = send(client, [[key(line), "", "1:-5"]])

    assert answer.json()["cells"][key(line)] == {"text": "", "known": "0:"}
    assert answer.json()["sums"] == {f"{line.pk}.plan.2024": "–"}
    assert stored(line) == {}
    labels = SavingsEntry.events.rel.related_model.objects.filter(pgh_obj_id=entry.pk).values_list(
        "pgh_label", flat=True
    )
    assert "delete" in set(labels)


def test_history_says_who_and_why(client: Client, line: SavingsLine, ground: Ground) -> None:
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    send(client, [[key(line, series="claimed"), "−5", "0:"]], reason="Lasku tuli myöhään")

    (event,) = SavingsEntry.objects.get().events.select_related("pgh_context")
    assert event.pgh_context.metadata["reason"] == "Lasku tuli myöhään"
    assert event.pgh_context.metadata["user"] == int(client.session["_auth_user_id"])


def test_the_same_sending_twice_does_nothing_twice(client: Client, line: SavingsLine) -> None:
    cells = [[key(line), "−5", "0:"]]
    answers = [send(client, cells), send(client, cells)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert SavingsEntry.objects.get().version == 1
    assert answers[0].json()["cells"] == answers[1].json()["cells"]


# --- conflicts -----------------------------------------------------------------------------------------------


def test_a_cell_that_somebody_else_changed_is_a_conflict(
    client: Client, line: SavingsLine, ground: Ground
) -> None:
    make_entry(line, JAN, -500)
    other = make_member(
        ground.programme,
        "pmo",
    )
    record_entries(cells=[Cell(line, "plan", JAN, -700, 1)], by=other)
    answer = send(client, [[key(line), "−6", "1:-500"]])

    (problem,) = answer.json()["problems"]
    assert answer.status_code == 409
    assert (problem["key"], problem["code"], problem["theirs"]["text"]) == (key(line), "changed", "−7")
    assert problem["theirs"]["known"] == "2:-700"
    assert problem["theirs"]["by"] == str(other)
    assert stored(line) == {("plan", "2024-01"): -700}
    again = send(client, [[key(line), "−6", problem["theirs"]["known"]]])
    assert (again.status_code, stored(line)) == (200, {("plan", "2024-01"): -600})


@pytest.mark.parametrize(("text", "known"), [("−6", "0:"), ("", "0:")])
def test_a_cell_that_was_empty_and_is_filled_meanwhile_is_a_conflict(
    client: Client, line: SavingsLine, text: str, known: str
) -> None:
    make_entry(line, JAN, -500)

    assert send(client, [[key(line), text, known]]).status_code == 409
    assert stored(line) == {("plan", "2024-01"): -500}


@pytest.mark.parametrize("text", ["−6", ""])
def test_a_cell_that_somebody_emptied_meanwhile(client: Client, line: SavingsLine, text: str) -> None:
    """Writing over what is gone is a conflict; emptying it again is what both want."""
    answer = send(client, [[key(line), text, "3:-500"]])

    assert answer.status_code == (409 if text else 200)
    assert stored(line) == {}


def test_a_cell_emptied_and_filled_again_is_not_taken_for_the_old_one(
    client: Client, line: SavingsLine
) -> None:
    make_entry(line, JAN, -500)
    record_entries(cells=[Cell(line, "plan", JAN, None)], by=None)
    make_entry(line, JAN, -700)

    assert send(client, [[key(line), "−6", "1:-500"]]).status_code == 409
    assert stored(line) == {("plan", "2024-01"): -700}


def test_who_wants_the_same_as_the_other_is_not_in_conflict(client: Client, line: SavingsLine) -> None:
    make_entry(line, JAN, -500)

    assert send(client, [[key(line), "−5", "0:"]]).status_code == 200


# --- blocks --------------------------------------------------------------------------------------------------


def test_a_block_is_saved_whole(client: Client, line: SavingsLine) -> None:
    cells = [[key(line, f"2024-{month:02d}"), f"−{month}", "0:"] for month in range(1, 13)]
    make_entry(line, MARCH, -99)
    cells[2][2] = "1:-99"
    answer = send(client, cells)

    assert answer.status_code == 200
    assert sorted(stored(line).items()) == [
        (("plan", f"2024-{month:02d}"), -100 * month) for month in range(1, 13)
    ]


def test_nothing_of_a_refused_block_is_stored_and_each_cell_is_named(
    client: Client, line: SavingsLine
) -> None:
    cells = [
        [key(line), "−1", "0:"], [key(line, "2024-02"), "12e3", "0:"], [key(line, "2024-03"), "1.234,50", "0:"],
        ["x", "1", "0:"],
    ]  # fmt: skip
    answer = send(client, cells)

    found = {one["key"]: (one["code"], one["where"]) for one in answer.json()["problems"]}
    assert answer.status_code == 422
    assert stored(line) == {}
    assert found[key(line, "2024-02")][0] == "exponent"
    assert found[key(line, "2024-03")][0] == "separator"
    assert found[key(line, "2024-03")][1].endswith("3/2024")
    assert found["x"][0] == "gone"
    assert "palvelujen-ostot, tespa" in found[key(line, "2024-02")][1]


def test_one_conflict_stops_the_whole_block(client: Client, line: SavingsLine) -> None:
    make_entry(line, FEB, -5)
    answer = send(client, [[key(line), "−1", "0:"], [key(line, "2024-02"), "−2", "0:"]])

    assert answer.status_code == 409
    assert stored(line) == {("plan", "2024-02"): -5}


def test_what_may_not_be_written_is_refused(client: Client, line: SavingsLine, ground: Ground) -> None:
    claim = make_entry(line, FEB, -5, "claimed")
    make_confirmation(claim, -5)
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    version = SavingsEntry.objects.get().version
    tried = {
        "closed_month": [key(line, series="claimed"), "−1", "0:"],
        "decided": [key(line, "2024-02", "claimed"), "−1", f"{version}:-5"],
        "locked": [key(line, series="plan_approved"), "−1", "0:"],
        "unknown_series": [key(line, series="confirmed"), "−1", "0:"],
    }
    for code, cell in tried.items():
        answer = send(client, [cell])
        assert answer.status_code == 422, code
        assert [one["code"] for one in answer.json()["problems"]] == [code]
    assert stored(line) == {("claimed", "2024-02"): -5}


def test_the_service_names_every_cell_in_the_way(line: SavingsLine) -> None:
    with pytest.raises(CellsRefused) as refused:
        record_entries(
            cells=[
                Cell(line, "plan_approved", JAN, 1),
                Cell(line, "plan", date(2024, 1, 2), 1),
                Cell(line, "plan", JAN, 1),
            ],
            by=None,
        )
    assert [one.code for one in refused.value.problems] == ["locked", "not_a_month"]


def test_a_reason_with_a_personal_identity_code_is_refused(client: Client, line: SavingsLine) -> None:
    answer = send(client, [[key(line), "1", "0:"]], reason="Asiakas 131052-308T")

    assert answer.status_code == 422
    assert [(one["key"], one["code"]) for one in answer.json()["problems"]] == [("reason", "identity_code")]
    assert stored(line) == {}


# --- rights --------------------------------------------------------------------------------------------------


def test_who_may_only_read_cannot_save(ground: Ground, line: SavingsLine) -> None:
    reader = Client()
    reader.force_login(make_member(ground.programme, "controller"))

    assert send(reader, [[key(line), "1", "0:"]]).status_code == 403


def test_a_lead_saves_in_their_own_sector_only(ground: Ground, line: SavingsLine) -> None:
    other = make_line(make_measure(ground, "M-2"), ground, sector=ground.sectors[1])
    lead = Client()
    lead.force_login(make_member(ground.programme, "sector", sector=ground.sectors[0]))

    assert send(lead, [[key(line), "1", "0:"]]).status_code == 200
    assert send(lead, [[key(other), "1", "0:"]]).status_code == 403
    assert send(lead, [[key(line), "2", "1:100"], [key(other), "1", "0:"]]).status_code == 403
    assert stored(line) == {("plan", "2024-01"): 100}


def test_a_line_of_another_county_is_not_there(client: Client, ground: Ground) -> None:
    foreign = make_ground("muu")
    line = make_line(make_measure(foreign), foreign)
    answer = send(client, [[key(line), "1", "0:"]])

    assert [one["code"] for one in answer.json()["problems"]] == ["gone"]
    assert stored(line) == {}


def test_an_ended_session_is_told_to_scripts(line: SavingsLine) -> None:
    body = json.dumps({"cells": [[key(line), "1", "0:"]]})
    answer = Client().post(
        "/p/koe/months/save/", body, content_type="application/json", headers={"HX-Request": "true"}
    )

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"cells": [["a"]]}', '{"cells": {"a": 1}}', '{"cells": [[1, 2, 3]]}']
)
def test_what_is_no_cell_is_refused(client: Client, line: SavingsLine, body: str) -> None:
    answer = client.post("/p/koe/months/save/", body, content_type="application/json")

    assert answer.status_code == 422


# --- drafts --------------------------------------------------------------------------------------------------


def test_refused_cells_are_kept_and_forgotten_when_they_are_saved(client: Client, line: SavingsLine) -> None:
    send(client, [[key(line), "12e3", "0:"], [key(line, "2024-02"), "−2", "0:"]])

    page = client.get("/p/koe/measures/M-1/months/").content.decode()
    assert 'value="12e3"' in page
    assert page.count('data-saved=""') == 2
    send(client, [[key(line), "12", "0:"], [key(line, "2024-02"), "−2", "0:"]], drafted=True)
    assert not Draft.objects.exists()


def test_a_draft_follows_the_unit_of_the_page(client: Client, line: SavingsLine) -> None:
    send(client, [[key(line), "−1 500", "0:"], [key(line, "2024-02"), "oops", "0:"]], to="draft")

    page = client.get("/p/koe/measures/M-1/months/?unit=keur").content.decode()
    assert 'value="−1,5"' in page
    assert 'value="oops"' in page
    assert send(client, [], to="draft", gone=[key(line), key(line, "2024-02")]).status_code == 204
    assert not Draft.objects.exists()


def test_a_draft_of_what_is_saved_meanwhile_is_no_longer_shown(client: Client, line: SavingsLine) -> None:
    send(client, [[key(line), "−5", "0:"]], to="draft")
    send(client, [[key(line), "−5", "0:"]])

    assert "data-saved" not in client.get("/p/koe/measures/M-1/months/").content.decode()


def test_drafts_of_two_pages_do_not_forget_each_other(
    client: Client, line: SavingsLine, ground: Ground
) -> None:
    other = make_line(make_measure(ground, "M-2"), ground)
    send(client, [[key(line), "1", "0:"]], to="draft")
    send(client, [[key(line, "2024-02"), "2", "0:"], [key(other), "3", "0:"]], to="draft")

    assert sorted(len(draft.values) for draft in Draft.objects.all()) == [1, 2]
    page = client.get("/p/koe/months/?series=plan").content.decode()
    assert page.count("data-saved") == 3


def test_nobody_else_sees_a_draft(client: Client, line: SavingsLine, ground: Ground) -> None:
    send(client, [[key(line), "7654321", "0:"]], to="draft")
    other = Client()
    other.force_login(make_member(ground.programme, "pmo"))

    assert "7654321" not in other.get("/p/koe/measures/M-1/months/").content.decode()


# --- a year's sum --------------------------------------------------------------------------------------------


def spread(
    client: Client, line: SavingsLine, amount: str, months: str, values: list[str] | None = None
) -> Any:
    query = {"row": f"{line.pk}.plan", "year": "2024", "unit": "eur", "amount": amount, "months": months}
    return client.get("/p/koe/months/spread/", query | {"v": values or [""] * 12})


def test_a_years_sum_is_spread_to_the_cent(client: Client, line: SavingsLine) -> None:
    found = spread(client, line, "−100", "10,11,12").json()["cells"]

    assert list(found.values()) == ["−33,34", "−33,33", "−33,33"]
    assert list(found) == [key(line, f"2024-{month}") for month in (10, 11, 12)]


@pytest.mark.parametrize(("amount", "months"), [("12e3", "1"), ("", "1"), ("5", ""), ("5", "13"), ("5", "x")])
def test_a_spread_that_cannot_be_is_refused_in_words(
    client: Client, line: SavingsLine, amount: str, months: str
) -> None:
    answer = spread(client, line, amount, months)

    assert answer.status_code == 422
    assert answer.json()["message"]


# --- speed ---------------------------------------------------------------------------------------------------


def test_saving_one_cell_takes_few_statements(
    client: Client, line: SavingsLine, django_assert_max_num_queries: Any
) -> None:
    send(client, [[key(line), "−5", "0:"]])
    with django_assert_max_num_queries(14):
        assert send(client, [[key(line), "−6", "1:-500"]]).status_code == 200


def test_a_block_takes_as_many_statements_as_a_cell(client: Client, ground: Ground) -> None:
    lines = [make_line(make_measure(ground, f"M-{n}"), ground) for n in range(6)]
    send(client, [[key(lines[0]), "1", "0:"]])
    with CaptureQueriesContext(connection) as one:
        send(client, [[key(lines[0]), "2", "1:100"]])
    with CaptureQueriesContext(connection) as many:
        send(
            client,
            [[key(line, f"2024-{month:02d}"), "3", "0:"] for line in lines[1:] for month in range(1, 13)],
        )
    ours = [
        [query for query in asked if re.search("measures_(savings|measuretotal)", query["sql"])]
        for asked in (one, many)
    ]
    assert len(ours[0]) == len(ours[1]) == 6  # the last of them: whether a decision has locked the plan
