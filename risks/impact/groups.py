"""The groups of people that every programme begins with; the programme office edits them."""

from __future__ import annotations

from typing import Any

from core.history import own_context
from programme.models import Programme
from risks.models import AffectedGroup, ImpactArea

Kind = AffectedGroup.Kind
#: Key, kind, names in Finnish, Swedish and English.
DEFAULTS: tuple[tuple[str, Kind, str, str, str], ...] = (
    ("swedish", Kind.LANGUAGE, "Ruotsinkieliset", "Svenskspråkiga", "Swedish speakers"),
    ("other-languages", Kind.LANGUAGE, "Muunkieliset", "Personer med annat modersmål", "Speakers of other languages"),
    (
        "no-digital", Kind.DIGITAL, "Ihmiset, jotka eivät voi käyttää digipalveluja",
        "Personer som inte kan använda digitala tjänster", "People who cannot use digital services",
    ),
    ("residents", Kind.RESIDENTS, "Muut asukkaat", "Övriga invånare", "Other residents"),
    (
        "staff-changing", Kind.STAFF, "Työntekijät, joiden tehtävät muuttuvat",
        "Anställda vars uppgifter förändras", "Staff whose work changes",
    ),
    ("supervisors", Kind.STAFF, "Esihenkilöt", "Chefer", "Supervisors"),
)  # fmt: skip


def make_groups(programme: Programme, by: Any = None) -> int:
    """Writes down the groups of a programme that assesses impacts and has none yet; how many. Safe to repeat."""
    if not ImpactArea.objects.filter(programme=programme).exists():
        return 0
    if AffectedGroup.objects.filter(programme=programme).exists():
        return 0
    rows = [
        AffectedGroup(
            programme=programme, key=key, kind=kind, position=place, name_fi=fi, name_sv=sv, name_en=en
        ).stamp(by)
        for place, (key, kind, fi, sv, en) in enumerate(DEFAULTS, 1)
    ]
    with own_context(user=getattr(by, "pk", None), reason="the portal's own groups"):
        AffectedGroup.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
