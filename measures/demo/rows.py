"""How illustrative rows are written: many at once, by field name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from core.bulk import BulkWriter


def insert(writer: BulkWriter, model: type[models.Model], rows: Sequence[dict[str, Any]]) -> None:
    """COPY of rows given by field name; what a row leaves out gets the model's default."""
    if not rows:
        return
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.name in rows[0] or (not field.primary_key and not field.has_db_default())
    ]
    names = [field.name for field in fields]
    copied = (
        [row[f.name] if f.name in row else f.get_db_prep_save(f.get_default(), connection) for f in fields]
        for row in rows
    )
    writer.copy_rows(model, names, copied)


def take_ids(writer: BulkWriter, model: type[models.Model], count: int) -> list[int]:
    """New ids from the model's sequence."""
    writer.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        [model._meta.db_table, count],
    )
    return [row[0] for row in writer.cursor.fetchall()]
