"""Keeping our copy of the catalogue: the list of all, the details of one, the regions.

What comes in has been checked and made safe by `kpis.sotkanet.metadata`. Every function is one transaction and may
be repeated. What is bundled with the portal never writes over what was fetched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.db import retrying
from core.text import LANGUAGES
from kpis.catalogue.texts import squeezed
from kpis.models import CatalogueIndicator, CatalogueRegion
from kpis.sotkanet.metadata import Details, Listed, RegionRow

#: A list with a smaller share of what we know than this is taken for a broken answer, not for a clearing-out.
WHOLE_SHARE = 0.8
AT_ONCE = 500
_LISTED = [
    *(f"title_{language}" for language in LANGUAGES),
    "organisation_id",
    *(f"organisation_{language}" for language in LANGUAGES),
]


class ListTooShort(Exception):
    """The answer holds far less than we know of; storing it would retire what is only missing in it."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(f"{found} of {known}")
        self.found, self.known = found, known


@dataclass(frozen=True)
class Stored:
    """What a list did: rows new, changed, back in the list and gone from it."""

    new: int = 0
    changed: int = 0
    back: int = 0
    gone: int = 0


@retrying
def store_list(listed: Iterable[Listed], *, at: dt.datetime, is_bundled: bool = False) -> Stored:
    """Titles and producers of all indicators. What is no longer listed is retired, what is back is not.

    Raises ListTooShort for a list that cannot be whole. A bundled list only adds what is not there.
    """
    rows = {row.id: _listed_values(row) for row in listed}
    with transaction.atomic():
        known = {
            row.pop("id"): row for row in CatalogueIndicator.objects.select_for_update().values(
                "id", *_LISTED, "retired_at", "is_bundled", "listed_at"
            )
        }  # fmt: skip
        if is_bundled:
            fresh = [
                CatalogueIndicator(id=pk, is_bundled=True, **rows[pk]) for pk in sorted(rows.keys() - known)
            ]
            CatalogueIndicator.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=AT_ONCE)
            return Stored(new=len(fresh))
        live = {pk for pk, row in known.items() if row["listed_at"] and not row["retired_at"]}
        if len(rows) < WHOLE_SHARE * len(live):
            raise ListTooShort(len(rows), len(live))
        changed = [pk for pk in sorted(rows) if pk in known and _differs(known[pk], rows[pk])]
        new = sorted(rows.keys() - known)
        _write(CatalogueIndicator, {pk: rows[pk] for pk in sorted([*new, *changed])}, _LISTED)
        gone = CatalogueIndicator.objects.filter(pk__in=known.keys() - rows.keys(), retired_at=None)
        ended = gone.update(retired_at=at)
        back = CatalogueIndicator.objects.filter(pk__in=rows, retired_at__isnull=False).update(
            retired_at=None
        )
        CatalogueIndicator.objects.filter(pk__in=rows).update(listed_at=at, is_bundled=False)
    return Stored(len(new), len(changed), back, ended)


@retrying
def store_details(
    details: Details, *, at: dt.datetime, is_bundled: bool = False
) -> CatalogueIndicator | None:
    """Everything Sotkanet says of one indicator; None when a bundled copy came after a fetched one."""
    values = _listed_values(details) | _detail_values(details) | {"is_bundled": is_bundled, "fetched_at": at}
    with transaction.atomic():
        row = CatalogueIndicator.objects.select_for_update().filter(pk=details.id).first()
        if row is None:
            return CatalogueIndicator.objects.create(pk=details.id, **values)
        if is_bundled and not row.is_bundled:
            return None
        for name, value in values.items():
            setattr(row, name, value)
        row.retired_at = None
        row.save(update_fields=[*values, "retired_at"])
        return row


@retrying
def mark_gone(number: int, *, at: dt.datetime) -> bool:
    """Notes that Sotkanet answers that there is no such indicator (404, 410); what we know of it stays."""
    row, is_new = CatalogueIndicator.objects.get_or_create(pk=number, defaults={"retired_at": at})
    if is_new or row.retired_at:
        return is_new
    return bool(CatalogueIndicator.objects.filter(pk=number, retired_at=None).update(retired_at=at))


@retrying
def store_regions(regions: Iterable[RegionRow], *, at: dt.datetime, is_bundled: bool = False) -> Stored:
    """Regions with today's ids. One that was given a new id (same category and code) has its old row retired.

    Links name regions by category and code, so nothing else changes with a new id.
    """
    rows = {row.id: _region_values(row) for row in regions}
    fields = ["category", "code", *(f"name_{language}" for language in LANGUAGES)]
    with transaction.atomic():
        known = {
            row.pop("id"): row
            for row in CatalogueRegion.objects.select_for_update().values(
                "id", *fields, "retired_at", "listed_at"
            )
        }
        if is_bundled:
            fresh = [
                CatalogueRegion(id=pk, is_bundled=True, **rows[pk]) for pk in sorted(rows.keys() - known)
            ]
            CatalogueRegion.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=AT_ONCE)
            return Stored(new=len(fresh))
        live = {pk for pk, row in known.items() if row["listed_at"] and not row["retired_at"]}
        if len(rows) < WHOLE_SHARE * len(live):
            raise ListTooShort(len(rows), len(live))
        changed = [pk for pk in sorted(rows) if pk in known and _differs(known[pk], rows[pk])]
        new = sorted(rows.keys() - known)
        _write(CatalogueRegion, {pk: rows[pk] for pk in sorted([*new, *changed])}, fields)
        gone = CatalogueRegion.objects.filter(pk__in=known.keys() - rows.keys(), retired_at=None)
        ended = gone.update(retired_at=at)
        back = CatalogueRegion.objects.filter(pk__in=rows, retired_at__isnull=False).update(retired_at=None)
        CatalogueRegion.objects.filter(pk__in=rows).update(listed_at=at, is_bundled=False)
    return Stored(len(new), len(changed), back, ended)


# --- inside ------------------------------------------------------------------------------------------------


def _write(model: Any, rows: Mapping[int, Mapping[str, Any]], fields: list[str]) -> None:
    model.objects.bulk_create(
        [model(id=pk, **values) for pk, values in rows.items()],
        update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=AT_ONCE,
    )  # fmt: skip


def _differs(known: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return any(known[name] != value for name, value in said.items())


def _listed_values(row: Listed | Details) -> dict[str, Any]:
    return {
        **{f"title_{language}": squeezed(row.title.get(language, "")) for language in LANGUAGES},
        "organisation_id": row.organisation_id,
        **{
            f"organisation_{language}": squeezed(row.organisation.get(language, "")) for language in LANGUAGES
        },
    }


def _detail_values(row: Details) -> dict[str, Any]:
    return {
        **{f"words_{language}": row.words.get(language, "") for language in LANGUAGES},
        "texts": row.texts,
        "value_type": row.value_type,
        "decimals": row.decimals,
        "range_start": row.range_start,
        "range_end": row.range_end,
        "genders": list(row.genders),
        "data_updated": row.data_updated,
        "sha256": row.sha256,
        "etag": row.etag,
        "last_modified": row.last_modified,
    }


def _region_values(row: RegionRow) -> dict[str, Any]:
    return {
        "category": row.category,
        "code": row.code,
        **{f"name_{language}": squeezed(row.name.get(language, ""))[:200] for language in LANGUAGES},
    }
