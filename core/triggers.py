"""Triggers that every row of a programme carries: its version and the programme's data version."""

import pgtrigger

_NEW = pgtrigger.Referencing(new="new_values")
_OLD = pgtrigger.Referencing(old="old_values")
_BOTH = pgtrigger.Referencing(old="old_values", new="new_values")


def bump_version() -> pgtrigger.Trigger:
    """Counts `version` up on every real change, whoever writes: form, bulk statement or psql."""
    return pgtrigger.Trigger(
        name="bump_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )


def bump_data_version() -> list[pgtrigger.Trigger]:
    """Counts the programme's data version up once per writing statement.

    Each connection counts on a slot of its own, so that two writers never wait for each other;
    the sum over the slots names a committed state (core.versions).
    """
    return [
        _bump(name, operation, referencing, rows)
        for name, operation, referencing, rows in (
            ("data_version_insert", pgtrigger.Insert, _NEW, "SELECT programme_id FROM new_values"),
            (
                "data_version_update",
                pgtrigger.Update,
                _BOTH,
                "SELECT programme_id FROM new_values UNION SELECT programme_id FROM old_values",
            ),
            ("data_version_delete", pgtrigger.Delete, _OLD, "SELECT programme_id FROM old_values"),
        )
    ]


def _bump(name, operation, referencing, rows) -> pgtrigger.Trigger:
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
