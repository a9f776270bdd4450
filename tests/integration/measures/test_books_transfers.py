"""Base transfers: their rows sum to zero, whoever writes them (R19)."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from measures.models import BaseTransfer, BaseTransferRow
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
