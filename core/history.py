"""History of every change, kept by statement-level triggers (docs/adr: statement level).

Row-level history is quadratic on bulk writes, so `PGHISTORY_LEVEL` is `Statement` and a test
reads `pg_trigger`. Who, when and why travel in the pghistory context; a change made past the
application (psql) carries the database user in `pgh_session_user`.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pghistory
from django.apps import apps
from django.db import models
from django.db.models import Func
from pghistory import runtime
from pghistory.models import Event as PgHistoryEvent

Model = TypeVar("Model", bound=type[models.Model])


class SessionUser(Func):
    """The database user of the connection, for changes that come without a context."""

    template = "SESSION_USER"
    output_field = models.CharField()


class Event(PgHistoryEvent):
    """One change of one row: the row as it became (or was, when deleted)."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_session_user = models.CharField(max_length=63, db_default=SessionUser(), editable=False)

    class Meta:
        abstract = True


#: Columns that change on every save and say nothing that the event itself does not say.
NOT_KEPT = ("updated_at", "updated_by")


def tracked(*, exclude: Iterable[str] = ()) -> Callable[[Model], Model]:
    """Class decorator: keep inserts, updates and deletes of the model in `<Model>Event`.

    `exclude` names columns that are not kept. Event tables carry no foreign-key indexes, only one on
    (object, event), because imports write a million events at a time. Event rows cannot be updated or
    deleted.
    """

    def decorate(model: Model) -> Model:
        left_out = [name for name in (*NOT_KEPT, *exclude) if _has(model, name)]
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            level=pghistory.Statement,
            exclude=left_out or None,
            obj_field=pghistory.ObjForeignKey(
                related_name="events", db_constraint=False, db_index=False, on_delete=models.DO_NOTHING
            ),
            context_field=pghistory.ContextForeignKey(
                null=True, related_name="+", db_constraint=False, db_index=False, on_delete=models.DO_NOTHING
            ),
            base_model=Event,
            append_only=True,
            meta={
                "indexes": [
                    models.Index(fields=["pgh_obj", "pgh_id"], name=f"{model._meta.db_table[:24]}_ev")
                ]
            },
        )(model)

    return decorate


def _has(model: type[models.Model], field: str) -> bool:
    return any(f.name == field for f in model._meta.fields)


@contextmanager
def own_context(**metadata: Any) -> Iterator[Any]:
    """A history context with an id of its own that inherits what the one around it says.

    The library would write the new reason over the old one, for changes made before as well; what a
    context has said is kept (a trigger guards it).
    """
    outer = getattr(runtime._tracker, "value", None)
    if outer is None:
        with pghistory.context(**metadata) as context:
            yield context
        return
    runtime._tracker.value = runtime.Context(id=uuid.uuid4(), metadata=outer.metadata | metadata)
    try:
        yield runtime._tracker.value
    finally:
        runtime._tracker.value = outer


# ---------------------------------------------------------------------------- looking after it
#: What every trigger function of history does, ours, the library's or a hand-written one.
WRITES_HISTORY = (
    "(p.prosrc ~* 'insert\\s+into\\s+\"?[a-z0-9_]*event\"?\\s*\\(' OR p.prosrc ~* '_pgh_attach_context')"
)

ROW_LEVEL = f"""
    SELECT t.tgrelid::regclass::text || '.' || t.tgname
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND (t.tgtype & 1) = 1 AND {WRITES_HISTORY} ORDER BY 1
"""
STATEMENT_LEVEL = f"""
    SELECT t.tgrelid::regclass::text, count(*) FILTER (WHERE t.tgenabled IN ('O', 'A'))
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND (t.tgtype & 1) = 0 AND {WRITES_HISTORY} GROUP BY 1
"""


def row_level_triggers(cursor: Any) -> list[str]:
    """`table.trigger` of each history trigger that fires for every row; there must be none."""
    cursor.execute(ROW_LEVEL)
    return [name for (name,) in cursor.fetchall()]


def event_models() -> list[Any]:
    """The event model of each tracked model, by table name."""
    found = [model for model in apps.get_models() if getattr(model, "pgh_tracked_model", None)]
    return sorted(found, key=lambda model: model._meta.db_table)


def faults(cursor: Any) -> list[str]:
    """What is wrong with the history of this database, one sentence each; empty when all is well."""
    found = [f"{name} writes history row by row." for name in row_level_triggers(cursor)]
    cursor.execute(STATEMENT_LEVEL)
    enabled = dict(cursor.fetchall())
    for event in event_models():
        table, events = event.pgh_tracked_model._meta.db_table, event._meta.db_table
        if enabled.get(table, 0) < 3:
            found.append(f"{table} has {enabled.get(table, 0)} of 3 history triggers switched on.")
        cursor.execute(
            f'SELECT count(*) FROM "{table}" r WHERE NOT EXISTS '
            f'(SELECT 1 FROM "{events}" e WHERE e.pgh_obj_id = r.id)'
        )
        (missing,) = cursor.fetchone()
        if missing:
            found.append(f"{table} has {missing} rows without any event.")
    return found
