"""The order of rows among their siblings, changed one step at a time."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from core.history import own_context


def move(row: Any, *, up: bool, field: str, siblings: tuple[str, ...], by: Any) -> bool:
    """Moves the row one place up or down among the rows with the same `siblings`; False at the end.

    Their numbers stay the same set: the two that change places change numbers. Where numbers are missing or
    come twice, all are numbered anew from 1.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        model: type[models.Model] = type(row)
        same = {name: getattr(row, row._meta.get_field(name).attname) for name in siblings}
        rows = model._base_manager.filter(programme_id=row.programme_id, **same)
        list(rows.order_by("pk").select_for_update().values_list("pk"))
        ordered: list[Any] = list(rows.order_by(field, "pk"))
        at = next(index for index, found in enumerate(ordered) if found.pk == row.pk)
        to = at - 1 if up else at + 1
        if not 0 <= to < len(ordered):
            return False
        numbers = _numbers([getattr(found, field) for found in ordered])
        ordered[at], ordered[to] = ordered[to], ordered[at]
        for found, number in zip(ordered, numbers, strict=True):
            if getattr(found, field) != number:
                setattr(found, field, number)
                found.stamp(by).save(update_fields=[field, "updated_by"])
        return True


def _numbers(present: list[int | None]) -> list[int]:
    """The numbers to give out in order: those there are when they rise, else 1, 2, 3."""
    known = [number for number in present if number is not None]
    rises = len(known) == len(present) and all(a < b for a, b in zip(known, known[1:], strict=False))
    return known if rises else list(range(1, len(present) + 1))
