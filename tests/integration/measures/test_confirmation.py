"""The controller decides: one claim with its ledger lines, many with a preview, and never their own."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from measures.models import Confirmation, LedgerEntry, SavingsEntry, SavingsLine
from measures.selectors.claims import standing_of
from measures.selectors.confirmations import (
    by_age,
    evidence_counts,
    grouped,
    undecided_claims,
    waiting_totals,
)
from measures.services.claims import Part, decide_claim, decide_claims, withdraw_decision
from measures.services.common import SavingsError
from programme.models import RoleGrant
from tests.factories.accounts import make_person
from tests.factories.measures import make_entry
from tests.golden import DECIDED_ON, Golden, eur

JULY, AUGUST = date(2024, 7, 1), date(2024, 8, 1)
LIST = "/p/esimerkki/savings/confirmation/"


@pytest.fixture
def controller(golden: Golden) -> User:
    person = make_person("kirjanpito")
    RoleGrant.objects.create(programme=golden.programme, user=person, role="controller")
    return person


@pytest.fixture
def client(controller: User) -> Client:
    client = Client()
    client.force_login(controller)
    return client


def claim_of(golden: Golden, line: str, month: date = JULY) -> SavingsEntry:
    return SavingsEntry.objects.get(line=golden.lines[line], series="claimed", month=month)


def booked(golden: Golden, cents: int, **fields: Any) -> LedgerEntry:
    values = {
        "programme": golden.programme, "kind": "actual", "month": JULY, "sector": golden.sector,
        "cost_type": golden.cost_types["OST"], "amount_eur_cents": cents, "booked_on": date(2024, 8, 15),
        "account": "4340",
    }  # fmt: skip
    return LedgerEntry.objects.create(**values | fields)


def fields_of(answer: Any) -> dict[str, Any]:
    form = answer.context["form"]
    return {"version": form.initial["version"], "token": form.initial["token"]}


# --- rules --------------------------------------------------------------------------------------------------------


def test_full_part_and_refusal_keep_the_identity(golden: Golden, controller: User) -> None:
    ost, hen, overlapped = (claim_of(golden, name) for name in ("E1/OST", "E1/HEN", "E3/OST"))
    lines = [booked(golden, eur(1_000), account=account) for account in ("4340", "4350")]

    decide_claim(
        entry=ost, by=controller, on=DECIDED_ON, reason="Osa näkyy kirjanpidossa",
        parts=[Part(eur(-12_000), lines[0]), Part(eur(-5_000), lines[1])],
    )  # fmt: skip
    decide_claim(entry=hen, parts=[], by=controller, on=DECIDED_ON, reason="Ei näy kirjanpidossa")
    decide_claim(entry=overlapped, parts=[Part(eur(-6_000))], by=controller, on=DECIDED_ON)

    found = [SavingsEntry.objects.get(pk=one.pk) for one in (ost, hen, overlapped)]
    standings = standing_of(golden.programme, found)
    figures = [
        (one.net, one.confirmed, one.undecided, one.refused) for one in (standings[row.pk] for row in found)
    ]
    assert figures == [
        (eur(-20_000), eur(-17_000), 0, eur(-3_000)),
        (eur(5_000), 0, 0, eur(5_000)),
        (eur(-6_000), eur(-6_000), 0, 0),  # net of the overlap, nothing is refused (R5)
    ]


@pytest.mark.parametrize(
    ("line", "month", "cents", "code"),
    [
        ("E1/OST", JULY, [-19_000], "part"), ("E1/OST", JULY, [], "refusal"),
        ("E1/OST", JULY, [-21_000], "more_than_claimed"), ("E3/OST", JULY, [-10_000], "more_than_claimed"),
        ("E5/OST", JULY, [-9_000], "in_base"), ("E1/OST", AUGUST, [-20_000], "open_month"),
        ("E1/OST", date(2024, 6, 1), [-20_000], "decided"),
    ],
)  # fmt: skip
def test_what_needs_a_reason_or_is_refused(
    golden: Golden, controller: User, line: str, month: date, cents: list[int], code: str
) -> None:
    if month == AUGUST:
        make_entry(golden.lines[line], AUGUST, eur(-20_000), "claimed")
    claim = claim_of(golden, line, month)
    parts = [Part(eur(amount)) for amount in cents]

    with pytest.raises(SavingsError) as refused:
        decide_claim(entry=claim, parts=parts, by=controller, on=DECIDED_ON)

    assert refused.value.code == code
    if code != "decided":
        decide_claim(entry=claim, parts=parts, by=controller, on=DECIDED_ON, reason="Perusteltu")
        assert claim.confirmations.count() == 1


def test_what_the_base_holds_is_confirmed_against_a_ledger_line(golden: Golden, controller: User) -> None:
    claim, line = claim_of(golden, "E5/OST"), booked(golden, eur(2_000))

    (row,) = decide_claim(entry=claim, parts=[Part(eur(-9_000), line)], by=controller, on=DECIDED_ON)

    assert row.ledger_entry == line


@pytest.mark.parametrize(
    "fields", [{"is_internal": True}, {"month": date(2024, 6, 1)}, {"kind": "original_budget"}]
)
def test_a_ledger_line_must_be_an_actual_of_the_same_place_and_month(
    golden: Golden, controller: User, fields: dict[str, Any]
) -> None:
    line = booked(golden, eur(2_000), **fields)

    with pytest.raises(SavingsError) as refused:
        decide_claim(
            entry=claim_of(golden, "E1/OST"), parts=[Part(eur(-20_000), line)], by=controller, on=DECIDED_ON
        )

    assert refused.value.code == "wrong_ledger"


def test_nobody_decides_on_their_own_measure_not_even_past_the_portal(
    golden: Golden, controller: User
) -> None:
    claim = claim_of(golden, "E1/OST")
    golden.measures["E1"].owner = controller
    golden.measures["E1"].save()

    with pytest.raises(SavingsError) as refused:
        decide_claim(entry=claim, parts=[Part(eur(-20_000))], by=controller, on=DECIDED_ON, reason="x")
    assert refused.value.code == "own_measure"
    done = decide_claims(
        programme=golden.programme, versions={claim.pk: claim.version}, confirm=True, by=controller, on=DECIDED_ON
    )  # fmt: skip
    assert [code for _claim, code in done.left] == ["own_measure"]
    row = {
        "programme": golden.programme, "entry": claim, "part_eur_cents": 0, "decided_on": DECIDED_ON,
        "decided_by": controller,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="owner of a measure"), transaction.atomic():
        Confirmation.objects.create(**row)
    other = Confirmation.objects.create(**row | {"decided_by": None})
    with pytest.raises(IntegrityError, match="owner of a measure"), transaction.atomic():
        Confirmation.objects.filter(pk=other.pk).update(decided_by=controller)


def test_a_decision_of_somebody_who_owns_the_measure_by_now_can_still_be_withdrawn(
    golden: Golden, controller: User
) -> None:
    claim = claim_of(golden, "E1/OST")
    decide_claim(entry=claim, parts=[Part(eur(-20_000))], by=controller, on=DECIDED_ON)
    golden.measures["E1"].owner = controller
    golden.measures["E1"].save()

    withdraw_decision(entry=claim, by=None, on=DECIDED_ON, reason="Väärä vienti")

    assert claim_of(golden, "E1/OST").decided_eur_cents is None


# --- pages --------------------------------------------------------------------------------------------------------


def test_the_list_sums_what_waits_after_overlaps(golden: Golden, client: Client) -> None:
    answer = client.get(LIST)

    totals = answer.context["totals"]
    # July: E1 -20 000 and +5 000, E3 -10 000 + 4 000, E5 -9 000 inside the base.
    assert (totals.claims, totals.measures, totals.eur_cents) == (4, 3, eur(-30_000))
    assert client.get(f"{LIST}?in_base=0").context["totals"].eur_cents == eur(-21_000)
    assert client.get(f"{LIST}?books=open").context["totals"].claims == 0


def test_waiting_claims_are_read_with_as_many_statements_however_many_wait(golden: Golden) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            claims = undecided_claims(golden.programme)
            rows = list(by_age(claims))
            grouped(golden.programme, rows)
            evidence_counts(golden.programme, rows)
            waiting_totals(golden.programme, claims, JULY)
        return len(found)

    ContentType.objects.get_for_models(SavingsLine, SavingsEntry)
    few = statements()
    for name in ("E1/OST", "E1/HEN", "E2/OST", "E3/OST", "E5/OST"):
        for month in range(8, 13):
            make_entry(golden.lines[name], date(2024, month, 1), eur(-1), "claimed")

    assert statements() == few
    assert undecided_claims(golden.programme).count() == 29


def test_one_claim_is_decided_from_its_page(golden: Golden, client: Client) -> None:
    line, claim = booked(golden, eur(900)), claim_of(golden, "E1/OST")
    url = f"{LIST}{claim.pk}/"
    given = fields_of(client.get(url))

    refused = client.post(f"{url}decide/", given | {"decision": "part", f"line_{line.pk}": "-15000"})
    assert refused.status_code == 422
    sent = given | {"decision": "part", f"line_{line.pk}": "-15000", "reason": "Muu osa oli jo sopimuksessa"}
    answers = [client.post(f"{url}decide/", sent) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]  # sent twice, decided once
    row = Confirmation.objects.get(entry=claim)
    assert (row.part_eur_cents, row.ledger_entry) == (eur(-15_000), line)
    page = client.get(url)
    assert page.context["form"] is None
    told = {
        key: re.search(rf'data-level="{key}".*?class="amount">([^<]+)<', page.content.decode(), re.S)[
            1
        ].strip()
        for key in ("claimed", "confirmed", "undecided", "refused")
    }
    assert [told[key].replace("\xa0", " ") for key in told] == [
        "−20 000,00", "−15 000,00", "0,00", "−5 000,00",
    ]  # fmt: skip


def test_a_claim_that_changed_since_is_not_decided(golden: Golden, client: Client) -> None:
    claim = claim_of(golden, "E1/OST")
    given = fields_of(client.get(f"{LIST}{claim.pk}/"))
    SavingsEntry.objects.filter(pk=claim.pk).update(amount_eur_cents=eur(-90_000))

    answer = client.post(f"{LIST}{claim.pk}/decide/", given | {"decision": "full"})

    assert answer.status_code == 409
    assert claim_of(golden, "E1/OST").decided_eur_cents is None
    shown = answer.context["form"]["version"].value()
    assert (
        client.post(f"{LIST}{claim.pk}/decide/", given | {"decision": "full", "version": shown}).status_code
        == 302
    )
    assert claim_of(golden, "E1/OST").decided_eur_cents == eur(-90_000)


def test_the_owner_sees_the_claim_and_no_form(golden: Golden, client: Client, controller: User) -> None:
    golden.measures["E1"].owner = controller
    golden.measures["E1"].save()
    claim = claim_of(golden, "E1/OST")

    page = client.get(f"{LIST}{claim.pk}/")

    assert page.status_code == 200
    assert page.context["form"] is None
    assert (
        client.post(f"{LIST}{claim.pk}/decide/", {"decision": "full", "version": claim.version}).status_code
        == 422
    )


def test_a_decision_is_withdrawn_with_a_reason(golden: Golden, client: Client) -> None:
    claim = claim_of(golden, "E1/OST", date(2024, 6, 1))
    url = f"{LIST}{claim.pk}/withdraw/"
    version = client.get(url).context["claim"].version

    assert client.post(url, {"version": version}).status_code == 422
    assert client.post(url, {"version": version, "reason": "Väärä tili"}).status_code == 302

    claim.refresh_from_db()
    row = claim.confirmations.get()
    assert (claim.decided_eur_cents, row.withdrawn_reason) == (None, "Väärä tili")


# --- many at once ---------------------------------------------------------------------------------------------------


def plan_of(answer: Any) -> str:
    found = re.search(r'name="plan" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_many_are_confirmed_after_a_preview_and_one_that_moved_is_left(
    golden: Golden, client: Client
) -> None:
    url = f"{LIST}decide/?all=1"
    assert client.post(url, {"decision": "refuse"}).status_code == 422  # a refusal needs its reason
    preview = client.post(url, {"decision": "confirm"})
    assert preview.context["together"] == eur(-21_000)
    assert [claim.line.in_base for claim, _standing, _why in preview.context["unable"]] == [True]
    SavingsEntry.objects.filter(pk=claim_of(golden, "E1/HEN").pk).update(amount_eur_cents=eur(6_000))

    answer = client.post(url, {"plan": plan_of(preview)})
    again = client.post(url, {"plan": plan_of(preview)})

    assert answer.status_code == 409
    assert [claim.line_id for claim, _why in answer.context["left"]] == [golden.lines["E1/HEN"].pk]
    assert again.status_code == 302  # the second time nothing is done
    decided = [claim_of(golden, name).decided_eur_cents for name in ("E1/OST", "E1/HEN", "E3/OST", "E5/OST")]
    assert decided == [eur(-20_000), None, eur(-6_000), None]


def test_many_are_refused_together(golden: Golden, client: Client) -> None:
    claims = [claim_of(golden, name) for name in ("E1/OST", "E5/OST")]
    url = f"{LIST}decide/?{'&'.join(f'row={one.pk}' for one in claims)}"

    preview = client.post(url, {"decision": "refuse", "reason": "Laskut puuttuvat"})
    answer = client.post(url, {"plan": plan_of(preview)})

    assert answer.status_code == 302
    rows = Confirmation.objects.filter(entry__in=claims)
    assert {(row.part_eur_cents, row.reason) for row in rows} == {(0, "Laskut puuttuvat")}


def test_a_plan_of_somebody_else_is_not_carried_out(golden: Golden, client: Client) -> None:
    assert client.post(f"{LIST}decide/?all=1", {"plan": "no:plan"}).status_code == 422
    assert not Confirmation.objects.filter(entry__month=JULY).exists()
