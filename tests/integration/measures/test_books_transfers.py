"""Base transfers: their rows sum to zero, whoever writes them (R19)."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from measures.models import BaseTransfer, BaseTransferRow
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_ground

JAN = date(2024, 1, 1)


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


def rows_of(ground: Ground, *amounts: int) -> None:
    transfer = BaseTransfer.objects.create(programme=ground.programme, name="Siirto", from_month=JAN)
    for sector, cents in zip(ground.sectors, amounts, strict=False):
        BaseTransferRow.objects.create(
            programme=ground.programme, transfer=transfer, sector=sector, cost_type=ground.cost_types[0],
            monthly_eur_cents=cents,
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_rows_that_sum_to_zero_are_stored(ground: Ground) -> None:
    rows_of(ground, -500_00, 500_00)
    assert BaseTransferRow.objects.count() == 2


def test_rows_that_do_not_are_refused_by_the_database(ground: Ground) -> None:
    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        rows_of(ground, -500_00, 400_00)
    assert not BaseTransferRow.objects.exists()


def test_the_words_of_a_transfer_are_changed_and_its_rows_stay(ground: Ground, client: Client) -> None:
    rows_of(ground, -500_00, 500_00)
    transfer = BaseTransfer.objects.get()
    client.force_login(make_member(ground.programme, "controller"))
    page = f"/en/p/{ground.programme.slug}/savings/transfers/{transfer.pk}/"
    form = client.get(page).context["form"]
    sent = {"name": "Kuntoutus siirtyi", "reason": "Uusi jako", "was": form.initial["was"], "section": "12"}
    assert client.post(page, sent).status_code == 422  # a decision without its day
    assert client.post(page, sent | {"decided_on": "11.12.2023"}).status_code == 302

    transfer.refresh_from_db()
    assert (transfer.name, transfer.reason) == ("Kuntoutus siirtyi", "Uusi jako")
    assert transfer.decision is not None
    assert (transfer.decision.section, transfer.decision.decided_on) == ("12", date(2023, 12, 11))
    assert sorted(row.monthly_eur_cents for row in transfer.rows.all()) == [-500_00, 500_00]
    again = client.get(page)
    assert "section" not in again.context["form"].fields
    assert "§ 12" in again.content.decode()
