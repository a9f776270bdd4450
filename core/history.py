"""History of every change, kept by statement-level triggers (docs/adr: statement level).

Row-level history is quadratic on bulk writes, so `PGHISTORY_LEVEL` is `Statement` and a test
reads `pg_trigger`. Who, when and why travel in the pghistory context; a change made past the
application (psql) carries the database user in `pgh_session_user`.
"""

from collections.abc import Callable, Iterable
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
