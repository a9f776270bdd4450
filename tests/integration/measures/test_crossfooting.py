"""The differences of the programme's own figures stand there once it is loaded; a note stays with its difference."""

import pytest
from django.db import transaction
from django.test import Client

from measures.selectors.crossfooting import footings, noted, open_differences
from programme.models import Deviation, Target
from tests.factories.accounts import make_member
from tests.factories.loaded import load, text_of
from tests.golden import build_golden

MILLION = 100_000_000
KYMI = "kymenlaakso"
PAGE = f"/p/{KYMI}/savings/crossfooting/"


@pytest.fixture(scope="module")
def kymi(django_db_setup, django_db_blocker):
    """The real programme as it is shipped; rolled back when the module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(KYMI)
        transaction.set_rollback(True)


@pytest.fixture
def office(kymi, db):
    client = Client()
    client.force_login(make_member(kymi, "pmo"))
    return client


def sizes(programme):
    found = {one.check.key: one.check.difference for one in noted(programme)}
    return {key: (one.cautious, one.full) for key, one in found.items() if one}


def test_kymenlaakso_shows_its_own_differences_at_once(kymi, office):
    found = sizes(kymi)

    assert found["by_cost_type_by_sector"] == (12.2 * MILLION, 0.4 * MILLION)
    assert found["composition"] == (None, 1 * MILLION)  # 77 against 78
    assert found["annual"] == (None, -12 * MILLION)  # 27 of 2023 against 15 in the base
    assert found["allocation_shares"] == (-10_00, 10_00)  # 90-110 %
    text = text_of(office, "measures:crossfooting", KYMI, language="en")
    assert "speak of different things" in text  # covering a deficit, and a change in the cost level
    assert "+12.2 M€ cautious end · +0.4 M€ full end" in text
    assert "90–110 %" in text


def test_the_same_answer_stands_on_page_and_summary(kymi, office):
    told = office.get(f"/api/v1/programmes/{KYMI}/summary/").json()["differences"]

    by_cost_type = next(one for one in told if one["between"] == ["by_cost_type", "by_sector"])
    assert by_cost_type["cautious_eur"] == "12200000.00"
    assert sizes(kymi)["by_cost_type_by_sector"][0] == 12_200_000_00


def test_a_note_stays_and_says_that_the_size_moved(kymi, office):
    before = open_differences(kymi)
    address = f"{PAGE}composition/note/"
    form = office.get(address).context["form"]
    sent = {
        "explanation": "Lähde kirjoittaa 77–78.", "state": "explained", "token": form.initial["token"],
        "was": form.initial["was"],
    }  # fmt: skip
    assert office.post(address, sent).status_code == 302
    note = Deviation.objects.get(programme=kymi, cause_key="composition")
    assert (note.params, note.amount_eur_cents) == ({"cautious": None, "full": MILLION}, MILLION)
    assert open_differences(kymi) == before - 1

    Target.objects.filter(programme=kymi, kind="composition", key="other-savings-2023").update(
        value_eur_cents=-11 * MILLION
    )
    assert open_differences(kymi) == before
    page = office.get(f"{PAGE}composition/").content.decode()
    assert "data-moved" in page and "Lähde kirjoittaa" in page


def test_two_who_change_one_note_are_shown_both(kymi, office):
    note = Deviation.objects.create(
        programme=kymi, kind="difference", cause_key="annual", found_on="2024-01-01", explanation="Ensin",
        params={"cautious": None, "full": -12 * MILLION},
    )  # fmt: skip
    address = f"{PAGE}annual/note/"
    form = office.get(address).context["form"]
    Deviation.objects.filter(pk=note.pk).update(explanation="Toinen")
    answer = office.post(
        address, {"explanation": "Minun", "state": "open", "was": form.initial["was"]} | {"token": "x"}
    )
    assert answer.status_code == 409
    assert "Toinen" in answer.content.decode()


def test_every_breakdown_of_the_golden_lines_foots(db):
    programme = build_golden().programme

    found = {one.level: one for one in footings(programme)}
    assert all(one.agrees for one in found.values())
    assert found["plan"].total == -504_000_00
    assert found["forecast"].sums["cost_type"] == -507_000_00


def test_who_may_only_look_writes_no_note(db, client):
    programme = build_golden().programme
    client.force_login(make_member(programme, "steering"))
    page = f"/p/{programme.slug}/savings/crossfooting/"
    assert client.get(f"{page}ladder/").status_code == 200
    assert client.get(f"{page}ladder/note/").status_code == 403
