"""Indicators of Sotkanet that neither programme's source names, for which the portal brings recorded values.

The programmes' own ids have no recorded values, so without a network their pages would show no series, no peers and
no age. These are near what the programmes are about, and each says that it is an addition.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from core.history import own_context
from kpis.models import Indicator, SourceLink
from kpis.sotkanet.bundled import titles
from programme.models import Programme

KEY = "lisa-"
#: Sotkanet id: which way is better (empty where nobody can say), unit, decimals, months between values.
NEARBY: dict[int, tuple[str, str, int, int]] = {
    1080: ("", "/ 1 000 asukasta", 0, 12),
    3563: ("down", "% ikäryhmästä", 1, 12),
    4333: ("down", "%", 1, 24),
    4604: ("", "/ 10 000 asukasta", 1, 12),
    4909: ("down", "%", 1, 24),
    5081: ("down", "/ 1 000 asukasta", 0, 12),
    5186: ("up", "%", 1, 24),
    5502: ("up", "indeksi 0–1", 2, 12),
    5587: ("down", "/ 100 000 asukasta", 0, 12),
    6411: ("down", "% käynneistä", 1, 12),
}
NOTE = (
    "Ei ohjelman lähteessä: lisätty esimerkiksi, koska sarjasta on tallennettuja Sotkanet-arvoja. "
    "Nimi on likimääräinen, kunnes Sotkanetin oma otsikko on haettu."
)
CONFIDENCE = "low - not in the programme's source; title not confirmed from Sotkanet"


def write_nearby(programme: Programme) -> int:
    """Adds the indicators that the programme does not have yet; how many."""
    there = set(
        Indicator.objects.filter(programme=programme, key__startswith=KEY).values_list("key", flat=True)
    )
    names = {one.id: one.fi for one in titles()}
    last = Indicator.objects.filter(programme=programme).aggregate(last=Max("position"))["last"] or 0
    made = 0
    with transaction.atomic(), own_context(reason="illustrative indicators"):
        for number, (better, unit, decimals, cycle) in NEARBY.items():
            if f"{KEY}{number}" in there:
                continue
            made += 1
            indicator = Indicator.objects.create(
                programme=programme, key=f"{KEY}{number}", position=last + made, name_fi=names[number], unit=unit,
                better=better, decimals=decimals, cycle_months=cycle, lag_months=12, source_note=NOTE,
                confidence=CONFIDENCE,
            )  # fmt: skip
            SourceLink.objects.create(
                programme=programme, indicator=indicator, key=f"sotkanet-{number}", position=1,
                kind=SourceLink.Kind.SOTKANET, sotkanet_id=number,
            )  # fmt: skip
    return made
