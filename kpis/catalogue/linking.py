"""Linking an indicator of ours to one of Sotkanet, and confirming that it is the one that is meant.

Ids are often mislabelled where they are copied from, so a link says which title, producer and unit its maker saw;
`flags` compares them with the catalogue from then on.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from kpis.catalogue.flags import is_official, producer_of, title_of
from kpis.evaluating import evaluate
from kpis.models import CatalogueIndicator, Indicator, IndicatorGroup, ManualValue, Observation, SourceLink
from kpis.regions import split_key


def fingerprint(row: CatalogueIndicator | None) -> str:
    """What a person is shown to confirm, as one short text: a form carries it there and back."""
    if row is None:
        return ""
    shown = "\n".join((str(row.pk), title_of(row), producer_of(row), row.value_type))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def check_seen(row: CatalogueIndicator | None, seen: str) -> None:
    """Raises ValidationError unless what was confirmed is what the catalogue says now."""
    if not is_official(row):
        raise ValidationError(
            _("Sotkanet's own title is not known yet. Read the indicator from Sotkanet first.")
        )
    if seen != fingerprint(row):
        raise ValidationError(
            _("Sotkanet's title, producer or unit is not what you were shown. Look at them again."),
            code="changed",
        )


@retrying
def link(
    *, indicator: Indicator, row: CatalogueIndicator, region: str, gender: str, by: Any, on: dt.date,
    group: IndicatorGroup | None = None,
) -> SourceLink:  # fmt: skip
    """A confirmed link, last among the indicator's sources. `region` is a key, empty for the county itself.

    Raises ValidationError when the indicator has the same link already.
    """
    category, code = split_key(region)
    place = {"region_category": category, "region_code": code, "gender": gender, "group": group}
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        Indicator.objects.select_for_update().get(pk=indicator.pk)
        there = SourceLink.objects.filter(programme=indicator.programme, indicator=indicator)
        if there.filter(sotkanet_id=row.pk, is_ended=False, **place).exists():
            raise ValidationError({"indicator": _("This indicator is linked to it already.")})
        made = SourceLink(
            programme=indicator.programme, indicator=indicator, kind=SourceLink.Kind.SOTKANET, sotkanet_id=row.pk,
            key=_free_key(row.pk, set(there.values_list("key", flat=True))),
            position=(there.aggregate(last=Max("position"))["last"] or 0) + 1, **place,
        )  # fmt: skip
        _note(made, row, by, on)
        made.stamp(by)
        made.full_clean()
        made.save()
        evaluate([indicator])
        return made


@retrying
def link_new(
    *, indicator: Indicator, row: CatalogueIndicator, by: Any, on: dt.date, **place: Any
) -> SourceLink:
    """A new indicator of the programme, last in its list, with its first source."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        same = Indicator.objects.filter(programme=indicator.programme)
        indicator.key = _free_key(row.pk, set(same.values_list("key", flat=True)))
        indicator.position = (same.aggregate(last=Max("position"))["last"] or 0) + 1
        indicator.stamp(by)
        indicator.full_clean()
        indicator.save()
        return link(indicator=indicator, row=row, by=by, on=on, **place)


@retrying
def confirm(*, source: SourceLink, row: CatalogueIndicator | None, seen: str, by: Any, on: dt.date) -> None:
    """Notes that somebody compared the title and says that it is the one; raises ValidationError if it moved."""
    check_seen(row, seen)
    assert row is not None
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        stored = SourceLink.objects.select_for_update().get(pk=source.pk)
        _note(stored, row, by, on)
        stored.stamp(by)
        stored.save()


def has_values(source: SourceLink) -> bool:
    """Whether values came from the source, or wait to: then it is ended, never deleted."""
    return (
        Observation.objects.filter(programme=source.programme_id, source_link=source).exists()
        or ManualValue.objects.filter(programme=source.programme_id, source_link=source).exists()
        or source.quarantined.exists()
    )


@retrying
def end(*, source: SourceLink, by: Any) -> bool:
    """Reads the source no more. One without values is taken away; whether this one was."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        stored = SourceLink.objects.select_for_update().get(pk=source.pk)
        if is_empty := not has_values(stored):
            stored.delete()
        else:
            stored.is_ended = True
            stored.stamp(by)
            stored.save()
        evaluate([source.indicator])
        return is_empty


def _note(source: SourceLink, row: CatalogueIndicator, by: Any, on: dt.date) -> None:
    source.confirmed_title = title_of(row)
    source.confirmed_producer = producer_of(row)[:300]
    source.confirmed_unit = row.value_type[:60]
    source.confirmed_on, source.confirmed_by = on, by


def _free_key(number: int, taken: set[str]) -> str:
    first = f"sotkanet-{number}"
    return next(
        key
        for key in (first, *(f"{first}-{place}" for place in range(2, len(taken) + 3)))
        if key not in taken
    )
