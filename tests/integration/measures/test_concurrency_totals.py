"""Eight writers at once: totals stay right and nobody is shown a deadlock."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections

from measures.models import SavingsEntry
from measures.services import Cell, confirm_claim, record_entries, record_entry
from measures.totals import differing
from tests.factories.measures import make_entry, make_ground, make_line, make_measure

WRITERS, TRANSACTIONS, EDITS = 8, 5, 8


@pytest.mark.django_db(transaction=True)
def test_eight_writers_keep_totals_right() -> None:
    ground = make_ground()
    measure = make_measure(ground)
    lines = [
        make_line(measure, ground, cost_type=row, sector=s)
        for row in ground.cost_types
        for s in ground.sectors
    ]
    for line in lines:
        for month in range(1, 13):
            make_entry(line, date(2024, month, 1), -1000, "claimed")

    def edit(rng: random.Random) -> None:
        cells = [
            Cell(rng.choice(lines), "forecast", date(2024, rng.randint(1, 12), 1), rng.randint(-5000, 0))
            for _ in range(EDITS)
        ]
        record_entries(cells=cells, by=None)

    def write(number: int) -> list[str]:
        rng, refused = random.Random(number), []
        try:
            for _ in range(TRANSACTIONS):
                line = rng.choice(lines)
                month = date(2025, rng.randint(1, 12), 1)
                try:
                    edit(rng)
                    record_entry(line=line, month=month, series="plan", amount_eur_cents=-number, by=None)
                    claim = (
                        SavingsEntry.objects.filter(series="claimed", decided_eur_cents=None)
                        .order_by("?")
                        .first()
                    )
                    if claim is not None:
                        confirm_claim(
                            entry=claim, part_eur_cents=-10, by=None, on=date(2024, 3, 1), reason="rinnakkain"
                        )
                except Exception as error:  # noqa: BLE001  what a person would be shown is what is tested
                    refused.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        shown = [message for messages in pool.map(write, range(1, WRITERS + 1)) for message in messages]
    assert not [message for message in shown if "deadlock" in message.lower()]
    # Two controllers may decide the same claim; the second is told so in words.
    assert all(message.startswith(("ValidationError", "SavingsError")) for message in shown), shown
    assert not differing()
