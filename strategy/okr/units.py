"""Writes of units that set objectives: made from what the programme knows, their members."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core.db import retrying
from core.editing import RowForm, save_new
from core.history import own_context
from programme.models import OrganisationUnit, Programme, Sector
from strategy.models import Unit, UnitMember

COUNTY_KEY = "county"


def free_key(programme: Programme, name: str) -> str:
    """A key for a unit's address that no unit of the programme has."""
    stem = slugify(name)[:50] or "unit"
    taken = set(Unit.objects.filter(programme=programme, key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def add_unit(form: RowForm, by: Any) -> Unit:
    """Stores a new unit after the others, with a key made of its name."""
    unit: Unit = form.instance
    unit.key = free_key(unit.programme, unit.name)
    unit.position = Unit.objects.filter(programme=unit.programme).count() + 1
    row: Unit = save_new(form, by)
    return row


@retrying
def make_units(*, programme: Programme, by: Any) -> list[Unit]:
    """Units of the county, its sectors and organisation units, where they lack. Returns the new ones."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        there = {unit.key: unit for unit in Unit.objects.filter(programme=programme)}
        made: list[Unit] = []

        def bring(key: str, **fields: Any) -> Unit:
            if key not in there:
                unit = Unit(programme=programme, key=key, position=len(there) + 1, **fields).stamp(by)
                unit.full_clean()
                unit.save()
                there[key] = unit
                made.append(unit)
            return there[key]

        county = next((unit for unit in there.values() if unit.level == Unit.Level.COUNTY), None)
        if county is None:
            county = bring(COUNTY_KEY, level=Unit.Level.COUNTY, **_names(programme.organisation))
        of_sector: dict[int | None, Unit] = {}
        for sector in Sector.objects.filter(programme=programme):
            of_sector[sector.pk] = bring(
                f"s-{sector.key}"[:60],
                level=Unit.Level.SECTOR,
                parent=county,
                sector=sector,
                **_names(sector),
            )
        for row in OrganisationUnit.objects.filter(programme=programme):
            parent = of_sector.get(row.sector_id, county)
            bring(f"u-{row.key}"[:60], level=Unit.Level.UNIT, parent=parent, sector=row.sector, **_names(row))
        return made


def _names(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("name_fi", "name_sv", "name_en")}


@retrying
def remove_member(*, member: UnitMember, by: Any) -> None:
    """Takes a person out of a unit; what they did stays."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        member.delete()
