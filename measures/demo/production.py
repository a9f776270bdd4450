"""Illustrative services with what own and bought production of them costs."""

from __future__ import annotations

from core.bulk import BulkWriter
from measures.models import Service, ServiceYear
from programme.models import Programme, Sector

MEUR = 100_000_000
#: Name in fi, sv, en; a part of the sector's key; own and bought cost in the first year, M€; yearly change in tenths.
SERVICES = (
    (
        ("Tehostettu palveluasuminen", "Effektiverat serviceboende", "Intensive service housing"),
        "so",
        18,
        32,
        (8, -14),
    ),
    (("Lääkäripalvelut", "Läkartjänster", "Doctors' services"), "te", 41, 12, (5, -11)),
)


def write_services(writer: BulkWriter, programme: Programme) -> int:
    """Each service with every year of the programme, the last one a plan; the services written."""
    for (fi, sv, en), sector_key, own, bought, (more, less) in SERVICES:
        sector = Sector.objects.filter(programme=programme, key__startswith=sector_key).first()
        if sector is None or Service.objects.filter(programme=programme, name_fi=fi).exists():
            continue
        service = Service.objects.create(
            programme=programme, name_fi=fi, name_sv=sv, name_en=en, sector=sector, is_illustrative=True
        )
        for at, year in enumerate(range(programme.start_year, programme.end_year + 1)):
            ServiceYear.objects.create(
                programme=programme, service=service, year=year, is_plan=year == programme.end_year,
                own_eur_cents=own * MEUR + at * more * MEUR // 10,
                bought_eur_cents=bought * MEUR + at * less * MEUR // 10, source="Havainnollistava",
            )  # fmt: skip
    return Service.objects.filter(programme=programme, is_illustrative=True).count()
