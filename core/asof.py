"""Reading a programme's rows as the database knew them at the end of a day (docs/adr/0066-as-known-on-a-day.md).

Inside `as_known` every query of the connection reads the past without knowing it: temporary views and tables
of the same names stand before the real ones and are filled from the history. Nothing that is written
inside is kept. Who asks what somebody may do is told that nothing may be changed (core.permissions).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from core.history import event_models

#: A day that ended so long ago has no transaction left that began in it: what was known then stays.
SETTLED_AFTER = timedelta(days=1)


@dataclass
class Past:
    """The day a connection reads at present. `prepare` is asked before the months of savings are read."""

    programme_id: int
    day: date
    #: Names what is seen, for answers that are kept (core.versions.data_state).
    state: str
    prepare: Callable[[], None] = field(default=lambda: None)


_PAST: ContextVar[Past | None] = ContextVar("portal_past", default=None)


def past() -> Past | None:
    """The past that is read at present; None on ordinary pages."""
    return _PAST.get()


def prepare() -> None:
    """Asked before many months are read; does nothing on ordinary pages."""
    if (found := _PAST.get()) is not None:
        found.prepare()


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to the local day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def is_settled(day: date) -> bool:
    """Whether nothing can be added any more to what was known at the end of the day."""
    return timezone.now() > end_of(day) + SETTLED_AFTER


@contextmanager
def as_known(programme_id: int, day: date, *, state: str) -> Iterator[Past]:
    """Shows the connection the programme's rows as they were at the end of the local day, until the block ends.

    Rows of other programmes are not there. Everything written inside is undone.
    """
    found = Past(programme_id, day, state)
    with transaction.atomic():
        _look_back(programme_id, end_of(day))
        token = _PAST.set(found)
        # Without keys of their own the views cannot carry a group by the primary key alone.
        features, collapses = connection.features, connection.features.allows_group_by_selected_pks
        features.allows_group_by_selected_pks = False
        try:
            yield found
        finally:
            features.allows_group_by_selected_pks = collapses
            _PAST.reset(token)
        transaction.set_rollback(True)


#: Nobody knows how many rows a view has: a nested loop over two of them would take minutes.
_PLANNED = "SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off;\n"


def _look_back(programme_id: int, before: datetime) -> None:
    """One temporary view for each table of the programme, each row as its latest event before the moment says."""
    moment = before.isoformat()
    statements = [
        f'CREATE TEMP VIEW "{table}" AS {select}'.replace("%(programme)s", str(programme_id)).replace(
            "%(before)s", f"'{moment}'::timestamptz"
        )
        for table, select in _selects()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED + ";\n".join(statements))


@cache
def _selects() -> list[tuple[str, str]]:
    """Table and SELECT of its rows as they were, for every table with history whose rows belong to a programme."""
    found = []
    for event in event_models():
        model = event.pgh_tracked_model
        names = {item.name for item in model._meta.local_concrete_fields}
        if "programme" in names and getattr(model, "reads_past", True):
            found.append((model._meta.db_table, latest_rows(model, event)))
    return found


def latest_rows(model: type[models.Model], event: Any) -> str:
    """SELECT of the rows of a model from its events; takes `programme` and `before`.

    Columns that the history does not keep are empty, but for `updated_at`: the moment of the event.
    """
    kept = {item.column for item in event._meta.local_concrete_fields}
    inner, outer = ["pgh_label"], []
    for item in model._meta.local_concrete_fields:
        if item.column in kept:
            inner.append(f'"{item.column}"')
            outer.append(f'"{item.column}"')
        elif item.name == "updated_at":
            inner.append("pgh_created_at")
            outer.append("pgh_created_at AS updated_at")
        else:
            kind = item.rel_db_type(connection) if item.is_relation else item.db_type(connection)
            outer.append(f'NULL::{kind} AS "{item.column}"')
    return f"""
        SELECT {", ".join(outer)} FROM (
            SELECT DISTINCT ON (pgh_obj_id) {", ".join(inner)} FROM "{event._meta.db_table}"
            WHERE programme_id = %(programme)s AND pgh_created_at < %(before)s
            ORDER BY pgh_obj_id, pgh_id DESC
        ) latest WHERE pgh_label <> 'delete'
    """


def known_since(event: Any, pk: int) -> date | None:
    """The local day on which the history of one row begins; None when it has none."""
    first = event.objects.filter(pgh_obj_id=pk).order_by("pgh_id").values_list("pgh_created_at", flat=True)
    moment = first.first()
    return timezone.localdate(moment) if moment else None
