"""Triggers that every row of a programme carries: its version and the programme's data version."""

from typing import Any

import pgtrigger

#: Columns that every save may touch without the row being changed.
TOUCHED = ("version", "updated_at", "updated_by")

_NEW = pgtrigger.Referencing(new="new_values")
_OLD = pgtrigger.Referencing(old="old_values")
_BOTH = pgtrigger.Referencing(old="old_values", new="new_values")


class BumpVersion(pgtrigger.Trigger):
    """Keeps `version`, and `updated_at` where the model has it, whatever a statement says of them."""

    name = "bump_version"
    when = pgtrigger.Before
    operation = pgtrigger.Update

    def get_func(self, model: Any) -> str:
        present = {field.name: field.column for field in model._meta.fields if field.name in TOUCHED}
        changed = pgtrigger.AnyChange(exclude=list(present)).resolve(model)
        moved = {"version": "OLD.version + 1", "updated_at": "now()"}
        new = [f"NEW.{name} = {value};" for name, value in moved.items() if name in present]
        kept = [f"NEW.{column} = OLD.{column};" for column in present.values()]
        return f"IF {changed} THEN {' '.join(new)} ELSE {' '.join(kept)} END IF; RETURN NEW;"


def bump_version() -> pgtrigger.Trigger:
    """Counts `version` up on every real change, whoever writes: form, bulk statement or psql.

    Saving a row as it was is no change, and a stale copy in memory cannot turn the version back.
    """
    return BumpVersion()


def bump_data_version(programme_id: str = "programme_id") -> list[pgtrigger.Trigger]:
    """Counts the programme's data version up once per writing statement.

    `programme_id` is SQL over one changed row: a column, or 0 for what concerns every programme. Each
    connection counts on a slot of its own, so that two writers never wait for each other; the sum over
    the slots names a committed state (core.versions).
    """
    new = f"SELECT {programme_id} AS programme_id FROM new_values"
    old = f"SELECT {programme_id} AS programme_id FROM old_values"
    return [
        _bump("data_version_insert", pgtrigger.Insert, _NEW, new),
        _bump("data_version_update", pgtrigger.Update, _BOTH, f"{new} UNION {old}"),
        _bump("data_version_delete", pgtrigger.Delete, _OLD, old),
    ]


def _bump(
    name: str, operation: pgtrigger.Operation, referencing: pgtrigger.Referencing, rows: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=f"""
            INSERT INTO core_changeslot (programme_id, slot, counter)
            SELECT DISTINCT r.programme_id, pg_backend_pid() % 1024, 1 FROM ({rows}) r
            WHERE r.programme_id IS NOT NULL ORDER BY 1
            ON CONFLICT (programme_id, slot) DO UPDATE SET counter = core_changeslot.counter + 1;
            RETURN NULL;
        """,
    )
