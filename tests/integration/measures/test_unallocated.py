"""Target stays where it is until a decision moves it (R9); the Central Finland case."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from measures.models import Measure, MeasureTarget, TargetMove
from measures.selectors import fresh_figures
from measures.selectors.ladder import released, released_by
from measures.services import withdraw_measure
from measures.services.targets import Move, move_target
from programme.models import Body, Decision
from tests.factories.accounts import make_member
from tests.factories.measures import make_ground, make_measure

DAY = date(2024, 6, 1)
CASE = -128_000_000  # 1.28 M€


@pytest.fixture
def ground(db):
    found = make_ground("keski-suomi", status_date=DAY)
    for code, cents in {"M-1": CASE, "M-2": -50_000_000}.items():
        measure = make_measure(found, code, stage="in_delivery")
        MeasureTarget.objects.create(
            programme=found.programme, measure=measure, value_eur_cents=cents, valid_from=date(2023, 1, 1)
        )
    return found


@pytest.fixture
def office(ground):
    return make_member(ground.programme, "pmo")


def measure(ground, code):
    return Measure.objects.get(programme=ground.programme, code=code)


def withdraw(ground, office, code="M-1", reason="Lakisääteinen tehtävä"):
    return withdraw_measure(
        measure=measure(ground, code), by=office, on=DAY, from_month=date(2024, 7, 1), reason=reason
    )


def rungs(ground):
    ladder = fresh_figures(ground.programme, DAY).ladder
    assert ladder.stated == (ladder.in_base or 0) + ladder.active + ladder.released + ladder.never_allocated
    return ladder


def decide(ground):
    return Decision.objects.create(programme=ground.programme, decided_on=DAY, subject="Siirto")


def move(ground, office, *moves, day=DAY):
    return move_target(
        programme=ground.programme,
        moves=moves,
        valid_from=day,
        decision=decide(ground),
        by=office,
        reason="Siirretään",
    )


def test_a_withdrawn_measure_keeps_its_target_until_a_decision_moves_it(ground, office):
    """Central Finland: the measure of 1.28 M€ was withdrawn, and its target stayed without a measure."""
    before = rungs(ground)
    withdraw(ground, office)
    after = rungs(ground)
    assert (after.stated, after.released) == (before.stated, CASE)
    assert after.unallocated == before.unallocated + CASE
    (one,) = released(ground.programme)
    assert (one.measure.code, one.amount_eur_cents, one.reason) == ("M-1", CASE, "Lakisääteinen tehtävä")
    assert released_by(ground.programme, "theme") == {ground.goals[0].theme_id: CASE}

    move(ground, office, Move(measure(ground, "M-1"), measure(ground, "M-2"), CASE))
    moved = rungs(ground)
    assert (moved.stated, moved.released, moved.active) == (before.stated, 0, before.active)
    assert released(ground.programme) == []


def test_each_version_says_who_decided_and_the_old_one_is_kept(ground, office):
    move(ground, office, Move(measure(ground, "M-1"), measure(ground, "M-2"), -28_000_000))
    values = MeasureTarget.objects.filter(measure=measure(ground, "M-2")).order_by("valid_from")
    assert [row.value_eur_cents for row in values] == [-50_000_000, -78_000_000]
    assert values[0].valid_to == DAY and values[1].reason == "Siirretään"
    assert values[1].decision_reference == "1.6.2024"


def test_two_moves_of_one_day_end_in_one_version(ground, office):
    two = measure(ground, "M-2")
    move(ground, office, Move(None, two, -10_000_000))
    move(ground, office, Move(None, two, -5_000_000))
    assert MeasureTarget.objects.filter(measure=two, valid_from=DAY).get().value_eur_cents == -65_000_000
    assert TargetMove.objects.count() == 2
    assert rungs(ground).active == CASE - 65_000_000


@pytest.mark.parametrize("cents", [0, 1, CASE - 1])
def test_nobody_gives_more_than_there_is(ground, office, cents):
    with pytest.raises(ValidationError) as refused:
        move(ground, office, Move(measure(ground, "M-1"), measure(ground, "M-2"), cents))
    assert "amount_eur_cents" in refused.value.message_dict
    assert not TargetMove.objects.exists()


def test_a_value_to_come_is_dealt_with_first(ground, office):
    with pytest.raises(ValidationError) as refused:
        move(ground, office, Move(measure(ground, "M-1"), measure(ground, "M-2"), CASE), day=date(2022, 1, 1))
    assert refused.value.message_dict


def test_the_page_shows_the_ladder_and_its_form_moves_target(ground, office, client):
    withdraw(ground, office)
    client.force_login(office)
    page = f"/en/p/{ground.programme.slug}/savings/unallocated/"
    text = client.get(page).content.decode()
    assert 'data-released="M-1"' in text and "Lakisääteinen tehtävä" in text
    body = Body.objects.create(programme=ground.programme, key="hallitus", name_fi="Aluehallitus")
    form = client.get(f"{page}move/?from=M-1").context["form"]
    assert form.initial["amount_eur_cents"] == CASE
    sent = {
        "from_measure": measure(ground, "M-1").pk, "to_measure": measure(ground, "M-2").pk,
        "amount_eur_cents": "-1 280 000", "valid_from": "2024-06-01", "body": body.pk, "decided_on": "2024-05-20",
        "section": "12", "reason": "Uusi kohde", "token": form.initial["token"], "was": form.initial["was"],
    }  # fmt: skip
    assert client.post(f"{page}move/", sent).status_code == 302
    text = client.get(page).content.decode()
    assert 'data-released="M-1"' not in text and "§ 12" in text
    assert (
        client.post(f"{page}move/", sent | {"token": "another", "amount_eur_cents": "5"}).status_code == 422
    )
