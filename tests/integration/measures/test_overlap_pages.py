"""The overlap inspector: declared, suspected and judged pairs, counted and ranked."""

from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Setting
from measures import selectors
from measures.models import Overlap, YearLocked
from measures.selectors.overlap_inspector import Planned, suspected, suspicion
from measures.services import SavingsError
from measures.services.overlaps import check_overlap
from programme.models import Deviation, RoleGrant
from tests.factories.accounts import make_person
from tests.golden import Golden, eur

PAGE = "/p/esimerkki/savings/overlaps/"


@pytest.fixture
def client(golden: Golden) -> Client:
    person = make_person("kirjanpito")
    RoleGrant.objects.create(programme=golden.programme, user=person, role="controller")
    Setting.objects.create(
        scope="esimerkki",
        key="overlaps.suspicion_eur",
        value=50_000,
        valid_from=date(2024, 1, 1),
        reason="Testi",
    )
    client = Client()
    client.force_login(person)
    return client


def pairs_of(answer: Any) -> list[tuple[str, str, int]]:
    return [
        (one["larger"].measure.code, one["smaller"].measure.code, one["pair"].smaller.cents // 100)
        for one in answer.context["suspected"]
    ]


def test_declared_ones_show_what_they_give_back_and_others_are_suspected(
    golden: Golden, client: Client
) -> None:
    answer = client.get(PAGE)

    (declared,) = answer.context["declared"]
    # 4 000 a month from June 2024 to the end of 2025.
    assert dict(declared["given"]) == {
        "Suunnitelma": eur(76_000),
        "Ennuste": eur(68_000),
        "Ilmoitettu": eur(8_000),
    }
    # N/OST: E1 -440 000, E5 -240 000, E3 -190 000, E2 -60 000; E1 with E3 is declared.
    assert pairs_of(answer) == [
        ("E1", "E5", -240_000), ("E5", "E3", -190_000), ("E1", "E2", -60_000), ("E5", "E2", -60_000),
    ]  # fmt: skip
    assert answer.context["count"] == 4  # E2 saves in May 2024 only, before E3 begins


def test_a_suspected_pair_is_declared_from_a_prefilled_form(golden: Golden, client: Client) -> None:
    first, second = golden.lines["E1/OST"], golden.lines["E2/OST"]
    url = f"{PAGE}add/?first={first.pk}&second={second.pk}"
    page = client.get(url)
    assert (
        f'action="{url.replace("&", "&amp;")}"' in page.content.decode()
    )  # the two lines go with what is sent
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert (values["yields"], values["amount_eur_cents"].replace("\xa0", " ")) == (second.pk, "−20 000")
    # 45 000 of the claimed 60 000 are confirmed in that month: the overlap may take what was not confirmed, so that
    # no euro is confirmed on both lines (R5).
    sent = values | {
        "amount_eur_cents": "-15000", "first_month": "5/2024", "last_month": "5/2024", "reason": "Sama sopimus",
    }  # fmt: skip

    too_large = client.post(url, sent | {"amount_eur_cents": "-20001"})
    confirmed = client.post(url, sent | {"amount_eur_cents": "-15001"})
    answers = [client.post(url, sent) for _time in range(2)]

    assert too_large.status_code == 422
    assert "amount_eur_cents" in too_large.context["form"].errors
    assert confirmed.status_code == 422
    assert [one.code for one in confirmed.context["form"].errors.as_data()["amount_eur_cents"]] == ["decided"]
    assert [answer.status_code for answer in answers] == [302, 302]
    row = Overlap.objects.get(yielding_line=second)
    assert (row.other_line, row.amount_eur_cents) == (first, eur(-15_000))
    assert ("E1", "E2", -60_000) not in pairs_of(client.get(PAGE))


def test_an_overlap_leaves_the_claims_of_a_signed_year_alone(golden: Golden) -> None:
    first, second = golden.lines["E1/OST"], golden.lines["E2/OST"]
    tried = Overlap(
        yielding_line=second, other_line=first, amount_eur_cents=eur(-1), first_month=date(2024, 5, 1)
    )
    check_overlap(tried)
    YearLocked.objects.create(programme=golden.programme, year=2024, locked_on=date(2025, 3, 20))

    with pytest.raises(SavingsError) as refused:
        check_overlap(tried)

    assert refused.value.code == "locked_year"


def test_an_overlap_is_ended_and_removed_with_a_reason(golden: Golden, client: Client) -> None:
    row = Overlap.objects.get()
    url = f"{PAGE}{row.pk}/"
    was = client.get(url).context["form"].initial["was"]
    sent = {"was": was, "amount_eur_cents": "-4000", "first_month": "6/2024", "reason": "Sama sopimus"}

    assert client.post(url, sent | {"last_month": "5/2024"}).status_code == 422
    assert client.post(url, sent | {"last_month": "12/2024"}).status_code == 302
    assert client.post(f"{url}remove/", {"reason": "Erehdys", "version": row.version}).status_code == 409
    row.refresh_from_db()
    assert row.last_month == date(2024, 12, 1)
    assert selectors.savings_figures(golden.programme).total.level_change.plan == eur(-300_000)
    assert client.post(f"{url}remove/", {"version": row.version}).status_code == 422
    assert client.post(f"{url}remove/", {"reason": "Erehdys", "version": row.version}).status_code == 302
    assert not Overlap.objects.exists()


def test_a_pair_judged_no_overlap_is_not_listed_until_it_is_suspected_again(
    golden: Golden, client: Client
) -> None:
    first, second = golden.lines["E5/OST"], golden.lines["E1/OST"]
    url = f"{PAGE}none/?first={first.pk}&second={second.pk}"

    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"reason": "Eri toimittajat"}).status_code == 302

    answer = client.get(PAGE)
    assert answer.context["count"] == 3
    (judged,) = answer.context["judged"]
    assert judged["row"].explanation == "Eri toimittajat"
    client.post(f"{PAGE}none/{judged['row'].pk}/", {"reason": "Sama toimittaja kuitenkin"})
    assert not Deviation.objects.exists()
    assert client.get(PAGE).context["count"] == 4


def test_measures_are_found_by_their_codes(golden: Golden, client: Client) -> None:
    found = client.get(f"{PAGE}add/?one=e1&other=E3")
    assert found.context["pairs"] == [(golden.lines["E1/OST"], golden.lines["E3/OST"])]
    assert client.get(f"{PAGE}add/?one=E1&other=E4").context["form"].errors


def test_suspicion_is_read_with_three_statements(golden: Golden) -> None:
    with CaptureQueriesContext(connection) as found:
        suspicion(golden.programme, least_eur_cents=eur(50_000))

    # The state of the data that the answer is kept under, the lines, and what is declared or judged.
    assert len(found) <= 5


def test_counting_and_ranking_agree_with_looking_at_every_pair() -> None:
    chance = Random(7)
    rows = [
        Planned(
            number, chance.randrange(12), chance.randrange(2), chance.randrange(2), -chance.randrange(1, 9) * 100,
            chance.getrandbits(6),
        )
        for number in range(60)
    ]  # fmt: skip
    met = {
        (one.line, other.line): max(one.cents, other.cents)
        for one, other in combinations(rows, 2)
        if (one.sector, one.cost_type) == (other.sector, other.cost_type)
        and one.measure != other.measure
        and one.months & other.months
    }
    settled = set(list(met)[:10]) | {(998, 999)}
    open_ones = {pair: cents for pair, cents in met.items() if pair not in settled}

    found = suspected(rows, settled, shown=25)

    assert found.count == len(open_ones)
    assert [pair.smaller.cents for pair in found.pairs] == sorted(open_ones.values())[:25]
    assert all(open_ones[pair.key] == pair.smaller.cents for pair in found.pairs)
