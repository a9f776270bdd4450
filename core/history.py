"""History of every change, kept by statement-level triggers (docs/adr: statement level).

Row-level history is quadratic on bulk writes, so `PGHISTORY_LEVEL` is `Statement` and a test
reads `pg_trigger`. Who, when and why travel in the pghistory context; a change made past the
application (psql) carries the database user in `pgh_session_user`.
"""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models
from django.db.models import Func
from pghistory.models import Event as PgHistoryEvent

Model = TypeVar("Model", bound=type[models.Model])


class SessionUser(Func):
    """The database user of the connection, for changes that come without a context."""

    template = "SESSION_USER"
    output_field = models.CharField()


class Event(PgHistoryEvent):
    """One change of one row: the row as it became (or was, when deleted)."""

    pgh_session_user = models.CharField(max_length=63, db_default=SessionUser(), editable=False)

    class Meta:
        abstract = True


def tracked(**options) -> Callable[[Model], Model]:
    """Class decorator: keep inserts, updates and deletes of the model in `<Model>Event`.

    Event tables carry no foreign-key indexes, only one on (object, event), because imports
    write a million events at a time. Event rows cannot be updated or deleted.
    """

    def decorate(model: Model) -> Model:
        label = model._meta.db_table[:24]
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            level=pghistory.Statement,
            exclude=["updated_at", *options.get("exclude", ())] if _has(model, "updated_at") else None,
            obj_field=pghistory.ObjForeignKey(
                related_name="events", db_constraint=False, db_index=False, on_delete=models.DO_NOTHING
            ),
            context_field=pghistory.ContextForeignKey(
                null=True, related_name="+", db_constraint=False, db_index=False, on_delete=models.DO_NOTHING
            ),
            base_model=Event,
            append_only=True,
            meta={"indexes": [models.Index(fields=["pgh_obj", "pgh_id"], name=f"{label}_ev")]},
        )(model)

    return decorate


def _has(model: type[models.Model], field: str) -> bool:
    return any(f.name == field for f in model._meta.fields)
