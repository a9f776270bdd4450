"""Cells that were typed and are not saved: kept on the server for the person who typed them.

They lie in the person's draft of the measure's month grid, also when they were typed on the page of many
measures: cell by cell, so that two open pages do not forget each other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from core.editing.drafts import key_of, storable
from core.models import Draft
from core.money import MoneyError, Unit
from measures.grid.rows import Typed
from measures.grid.texts import cell_text, read_cell
from measures.models import Measure
from programme.models import Programme

#: Cells of one measure that are kept; a whole programme of one line has fewer.
CELLS_MAX = 2000


def draft_key(programme: Programme, measure: Measure) -> str:
    """The address of the measure's grid, which is also where the draft is found again."""
    return key_of(reverse("measures:month_grid", args=[programme.slug, measure.code]))


def typed_cells(programme: Programme, measures: Sequence[Measure], user: Any, unit: Unit) -> dict[str, Typed]:
    """Unsaved cells of the measures in the page's unit, by their keys. One statement."""
    keys = [draft_key(programme, measure) for measure in measures]
    found: dict[str, Typed] = {}
    for values in Draft.objects.filter(user=user, key__in=keys).values_list("values", flat=True):
        found |= {key: _typed(kept, unit) for key, kept in values.items() if len(kept) == 3}
    return found


def _typed(kept: Sequence[str], unit: Unit) -> Typed:
    text, typed_unit, known = kept
    version, cents = read_known(known)
    return Typed(_in_unit(text, typed_unit, unit), version, cents)


def _in_unit(text: str, typed_unit: str, unit: Unit) -> str:
    """The text in another unit when it can be read, else as it was typed."""
    if typed_unit == unit:
        return text
    try:
        return cell_text(read_cell(text, typed_unit), unit)  # type: ignore[arg-type]
    except (MoneyError, KeyError):
        return text


def read_known(text: str) -> tuple[int, int | None]:
    """Version and cents of "3:-2000"; an empty cell is "0:". What cannot be read is an empty cell."""
    version, _colon, cents = text.partition(":")
    try:
        return int(version), int(cents) if cents else None
    except ValueError:
        return 0, None


def keep_typed(
    programme: Programme, measure: Measure, user: Any, unit: Unit, cells: Mapping[str, tuple[str, str]]
) -> None:
    """Keeps the cells (text, "version:cents") beside those kept before."""
    if cells:
        _change(
            programme,
            measure,
            user,
            {key: [storable(text), unit, known] for key, (text, known) in cells.items()},
            (),
        )


def drop_typed(programme: Programme, measures: Iterable[Measure], user: Any, keys: Iterable[str]) -> None:
    """Forgets these cells: they are saved, or the person put them back."""
    gone = set(keys)
    for measure in measures:
        _change(programme, measure, user, {}, gone)


@transaction.atomic
def _change(
    programme: Programme, measure: Measure, user: Any, kept: Mapping[str, list[str]], gone: Iterable[str]
) -> None:
    key = draft_key(programme, measure)
    if kept:
        Draft.objects.get_or_create(
            user=user, key=key, defaults={"values": {}, "title": f"{measure.code} {measure.name}"[:300]}
        )
    draft = Draft.objects.select_for_update().filter(user=user, key=key).first()
    if draft is None:
        return
    values = {name: value for name, value in draft.values.items() if name not in set(gone)} | dict(kept)
    if not values:
        draft.delete()
    elif values != draft.values:
        draft.values = dict(list(values.items())[-CELLS_MAX:])
        draft.save(update_fields=["values"])
