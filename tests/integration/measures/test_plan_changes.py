"""Changes of a locked plan: asked with old and new, decided, stale; the plan and its approved copy move together."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Notification
from measures.models import Measure, PlanChange, SavingsEntry
from measures.plan_changes import shifted
from measures.services import SavingsError
from measures.services.gates import decide_gate
from measures.services.plan_changes import (
    ask_plan_change,
    decide_plan_change,
    is_stale,
    plan_of,
    take_back_change,
)
from tests.factories.accounts import make_member
from tests.factories.gates import DAY, Gated, make_gated

pytestmark = pytest.mark.django_db
CHANGES = "/p/koe/measures/M-1/plan-change/"
JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)


@pytest.fixture
def gated() -> Gated:
    found = make_gated()
    decide_gate(measure=found.measure, approve=True, by=found.steering, on=DAY, values=found.values)
    found.measure.refresh_from_db()
    return found


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ask(gated: Gated, **options: Any) -> PlanChange:
    new = {(gated.line.pk, JANUARY): -150_000, (gated.line.pk, FEBRUARY): None}
    wanted = {"new": new, "seen": plan_of(gated.measure), "reason": "Sopimus viivästyi", "by": gated.owner}
    return ask_plan_change(measure=gated.measure, **wanted | options)


def cents(series: str, month: date) -> int | None:
    return (
        SavingsEntry.objects.filter(series=series, month=month)
        .values_list("amount_eur_cents", flat=True)
        .first()
    )


def test_an_approved_change_is_the_new_plan_and_the_new_approved_plan(gated: Gated) -> None:
    change = ask(gated)
    assert [row.code for row in Notification.objects.filter(user=gated.steering)] == ["plan.asked"]
    assert (cents("plan", JANUARY), cents("plan_approved", JANUARY)) == (-100_000, -100_000)

    decide_plan_change(change=change, approve=True, by=gated.steering, on=DAY, values=gated.values)

    change.refresh_from_db()
    assert (cents("plan", JANUARY), cents("plan_approved", JANUARY)) == (-150_000, -150_000)
    assert (cents("plan", FEBRUARY), cents("plan_approved", FEBRUARY)) == (None, None)
    assert [(one.old_eur_cents, one.new_eur_cents) for one in change.cells.order_by("month")] == [
        (-100_000, -150_000), (-100_000, None),
    ]  # fmt: skip
    assert (change.state, change.decided_by, change.decision.section) == ("approved", gated.steering, "§ 14")
    assert SavingsEntry.objects.filter(series="plan").count() == 23
    assert Notification.objects.get(user=gated.owner, code="plan.approved").url == f"{CHANGES}{change.pk}/"


def test_a_refused_change_changes_nothing(gated: Gated) -> None:
    change = ask(gated)
    with pytest.raises(ValidationError):
        decide_plan_change(change=change, approve=False, by=gated.steering, on=DAY)

    decide_plan_change(change=change, approve=False, by=gated.steering, on=DAY, answer="Ei perusteltu")

    assert (cents("plan", JANUARY), cents("plan_approved", FEBRUARY)) == (-100_000, -100_000)
    with pytest.raises(SavingsError):
        decide_plan_change(change=change, approve=True, by=gated.steering, on=DAY)


def test_old_figures_that_no_longer_hold_are_refused(gated: Gated) -> None:
    change = ask(gated)
    SavingsEntry.objects.filter(series="plan", month=JANUARY).update(amount_eur_cents=-1)
    assert is_stale(change)

    with pytest.raises(SavingsError) as refused:
        decide_plan_change(change=change, approve=True, by=gated.steering, on=DAY)

    assert refused.value.code == "changed"
    assert (cents("plan", JANUARY), cents("plan_approved", JANUARY), cents("plan", FEBRUARY)) == (
        -1, -100_000, -100_000,
    )  # fmt: skip
    assert PlanChange.objects.get().state == "asked"


def test_who_may_not_decide_does_not(gated: Gated) -> None:
    change = ask(gated)
    Measure.objects.update(owner=gated.steering)

    for person, code in ((gated.pmo, "other_role"), (gated.steering, "own_measure")):
        with pytest.raises(SavingsError) as refused:
            decide_plan_change(change=change, approve=True, by=person, on=DAY)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"new": {}}, "nothing"), ({"seen": {}}, "changed"),
    ],
)  # fmt: skip
def test_what_is_asked_has_to_be_a_change_of_the_plan_that_was_seen(
    gated: Gated, options: dict[str, Any], code: str
) -> None:
    with pytest.raises(SavingsError) as refused:
        ask(gated, **options)
    assert refused.value.code == code


def test_one_change_waits_at_a_time_and_can_be_taken_back(gated: Gated) -> None:
    first = ask(gated)
    with pytest.raises(SavingsError) as refused:
        ask(gated)
    assert refused.value.code == "asked"

    take_back_change(change=first, by=gated.owner)

    assert ask(gated).state == "asked"


def test_an_open_plan_has_no_changes_to_ask_for() -> None:
    gated = make_gated()

    with pytest.raises(SavingsError) as refused:
        ask(gated)
    assert refused.value.code == "not_locked"


# --- pages --------------------------------------------------------------------------------------------------


def filled(client: Client) -> dict[str, Any]:
    """The form as a browser would send it back."""
    page = client.get(f"{CHANGES}ask/")
    values = {bound.html_name: bound.value() or "" for bound in page.context["form"]}
    seen = []
    for line in page.context["lines"]:
        for year in line.years:
            for cell in year.cells:
                values[cell.key] = cell.text
                if cell.old is not None:
                    seen.append(f"{line.line.pk}:{cell.month:%Y-%m}={cell.old}")
    return values | {"seen": " ".join(seen), "reason": "Viivästyi", "act": "ask"}


def test_asked_shown_and_decided_on_pages(gated: Gated) -> None:
    owner, steering = signed_in(gated.owner), signed_in(gated.steering)
    sent = filled(owner)
    key = f"{gated.line.pk}.plan.2025-01"

    wrong = owner.post(f"{CHANGES}ask/", sent | {key: "tuhat"})
    assert wrong.status_code == 422
    assert f'name="{key}" value="tuhat"' in wrong.content.decode()
    done = owner.post(f"{CHANGES}ask/", sent | {key: "\u22121 500"})
    change = PlanChange.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"{CHANGES}{change.pk}/")
    assert owner.post(f"{CHANGES}ask/", sent | {key: "\u22121 500"}).status_code == 302  # sent twice
    page = steering.get(f"{CHANGES}{change.pk}/decide/")
    assert [(one.year, one.old, one.new) for one in page.context["whole"]] == [(2025, -1_200_000, -1_250_000)]
    values = {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() is not None}
    decided = steering.post(
        f"{CHANGES}{change.pk}/decide/", values | {"answer": "approve", "decided_on": "20.4.2024"}
    )

    assert decided.status_code == 302
    assert (cents("plan", JANUARY), cents("plan_approved", JANUARY)) == (-150_000, -150_000)
    assert "data-decided" in steering.get(f"{CHANGES}{change.pk}/decide/").content.decode()


def test_a_plan_that_moved_under_the_page_is_a_conflict(gated: Gated) -> None:
    owner = signed_in(gated.owner)
    sent = filled(owner) | {f"{gated.line.pk}.plan.2025-01": "-1 500"}
    SavingsEntry.objects.filter(series="plan", month=JANUARY).update(amount_eur_cents=-90_000)

    assert owner.post(f"{CHANGES}ask/", sent).status_code == 409
    assert not PlanChange.objects.exists()


def test_the_page_fills_in_by_rule_and_sends_nothing(gated: Gated) -> None:
    owner = signed_in(gated.owner)

    page = owner.post(f"{CHANGES}ask/", filled(owner) | {"act": "fill", "later": "3", "percent": "-10"})

    cells = {cell.month: cell.new for year in page.context["lines"][0].years for cell in year.cells}
    assert page.status_code == 200
    assert (cells[date(2024, 1, 1)], cells[date(2024, 4, 1)], cells[date(2025, 12, 1)]) == (
        None,
        -90_000,
        -90_000,
    )
    assert not PlanChange.objects.exists()
    assert owner.post(f"{CHANGES}ask/", filled(owner) | {"act": "fill", "later": "x"}).status_code == 422


def test_who_only_reads_sees_the_changes(gated: Gated) -> None:
    ask(gated)
    auditor = signed_in(make_member(gated.ground.programme, "auditor"))

    assert 'data-change="asked"' in auditor.get(CHANGES).content.decode()
    assert auditor.get(f"{CHANGES}ask/").status_code == 403


def test_a_plan_is_shifted_to_the_cent() -> None:
    plan = {date(2025, 10, 1): -1_001, date(2025, 11, 1): -1_005, date(2025, 12, 1): 15}

    assert shifted(plan, later=1, percent=Decimal("-50"), last=date(2025, 12, 1)) == {
        date(2025, 11, 1): -501, date(2025, 12, 1): -503,
    }  # fmt: skip
