"""Who is told of refused claims, decisions taken back, findings and months opened again; in their own language."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from accounts.notices import latest
from measures.models import BooksClosed, SavingsEntry
from measures.services.books import reopen_month
from measures.services.claims import Part, decide_claim, decide_claims, withdraw_decision
from measures.services.findings import open_findings
from programme.models import Deviation, RoleGrant
from tests.factories.accounts import make_member, make_person
from tests.golden import DECIDED_ON, Golden, eur
from tests.integration.measures.test_reconciliation_pages import low_threshold

JULY = date(2024, 7, 1)


@pytest.fixture
def controller(golden: Golden) -> User:
    person = make_person("kirjanpito")
    RoleGrant.objects.create(programme=golden.programme, user=person, role="controller")
    return person


@pytest.fixture
def owner(golden: Golden) -> User:
    person = make_person("omistaja")
    for code in ("E1", "E3"):
        golden.measures[code].owner = person
        golden.measures[code].save()
    return person


def claim_of(golden: Golden, line: str) -> SavingsEntry:
    return SavingsEntry.objects.get(line=golden.lines[line], series="claimed", month=JULY)


def told(person: User) -> list[str]:
    """The person's notices in English, the newest first."""
    with translation.override("en"):
        return [one.text.replace("\u00a0", " ").replace("\u2212", "-") for one in latest(person)]


def test_the_owner_learns_of_a_refused_part_and_of_a_decision_taken_back(
    golden: Golden, controller: User, owner: User
) -> None:
    claim, reason = claim_of(golden, "E1/OST"), "Osa ei näy kirjanpidossa."
    decide_claim(entry=claim, parts=[Part(eur(-15_000))], by=controller, on=DECIDED_ON, reason=reason)
    withdraw_decision(entry=claim, by=controller, on=DECIDED_ON, reason="Väärä vienti.")

    back, part = told(owner)
    assert part.startswith("E1 ")
    assert "of the claim of 7/2024, -20,000 €, the controller confirmed -15,000 €" in part
    assert part.endswith(reason)
    assert back.endswith("the controller took back the decision on the claim of 7/2024. Väärä vienti.")
    assert {one.row.url for one in latest(owner)} == {"/p/esimerkki/measures/E1/"}
    assert not told(controller)


def test_what_is_confirmed_in_full_is_told_to_nobody(golden: Golden, controller: User, owner: User) -> None:
    # E3 claims -10 000, of which 4 000 are the effect of another measure.
    decide_claim(entry=claim_of(golden, "E3/OST"), parts=[Part(eur(-6_000))], by=controller, on=DECIDED_ON)

    assert not told(owner)


def test_one_decision_on_many_claims_is_one_notice_to_each_owner(
    golden: Golden, controller: User, owner: User
) -> None:
    claims = [claim_of(golden, name) for name in ("E1/OST", "E3/OST")]
    decide_claims(
        programme=golden.programme, versions={claim.pk: claim.version for claim in claims}, confirm=False,
        by=controller, on=DECIDED_ON, reason="Puuttuu kirjanpidosta",
    )  # fmt: skip

    assert told(owner) == [
        "The controller refused 2 claims of yours, -26,000 € in all: Puuttuu kirjanpidosta"
    ]


def test_who_comes_to_own_a_finding_is_told_once(golden: Golden, controller: User, owner: User) -> None:
    low_threshold(golden)
    open_findings(
        programme=golden.programme, first=date(2024, 1, 1), last=JULY, by=None, on=date(2024, 8, 31)
    )
    finding = Deviation.objects.get(programme=golden.programme, kind="reconciliation")
    RoleGrant.objects.create(programme=golden.programme, user=owner, role="owner")
    client = Client()
    client.force_login(controller)
    address = f"/p/esimerkki/savings/findings/{finding.pk}/"
    for action in ("Kysytään laskutuksesta", "Tarkistetaan jaksotus"):
        form = client.get(address).context["form"]
        sent: dict[str, Any] = {
            "owner": owner.pk, "state": "in_progress", "action": action, "was": form.initial["was"],
            "explanation": "", "due_on": "",
        }  # fmt: skip
        assert client.post(address, sent).status_code == 302

    (text,) = told(owner)
    assert text.startswith("You look into ")
    assert "1/2024–7/2024: the books do not explain +4,000 €." in text


def test_a_note_on_a_difference_tells_its_owner(golden: Golden, controller: User, owner: User) -> None:
    RoleGrant.objects.create(programme=golden.programme, user=owner, role="owner")
    client = Client()
    client.force_login(controller)
    address = "/p/esimerkki/savings/crossfooting/ladder/note/"
    form = client.get(address).context["form"]
    sent = {"explanation": "Selvitetään", "state": "open", "owner": owner.pk, "token": form.initial["token"]}
    assert client.post(address, sent | {"was": form.initial["was"]}).status_code == 302

    assert [text[:48] for text in told(owner)] == ["You look into a difference between totals of the"]


def test_the_office_learns_that_a_month_is_open_again(golden: Golden, controller: User) -> None:
    office, other = make_member(golden.programme, "pmo"), make_member(golden.programme, "steering")
    for _time in range(2):
        reopen_month(
            programme=golden.programme, month=JULY, by=controller, on=DECIDED_ON, reason="Lasku puuttui"
        )
        BooksClosed.objects.create(programme=golden.programme, month=JULY, closed_on=DECIDED_ON)

    assert len(told(office)) == 2
    assert told(office)[0].endswith("opened the books of 7/2024 again: Lasku puuttui")
    assert not told(other) and not told(controller)
