"""The savings of a programme as the database knew them at the end of a day (docs/adr/0066-as-known-on-a-day.md)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.apps import apps
from django.db import connection

from core import asof
from core.db import planned_for_sums
from core.versions import data_state
from measures.triggers import MONTH_COLUMNS, raw_totals
from programme.models import Programme

#: Totals worked out from the months as they were, read once: the name of the CTE stands before that of the view.
_TOTALS = f"""
    WITH measures_savingsentry AS MATERIALIZED (SELECT * FROM pg_temp.measures_savingsentry)
    SELECT programme_id, line_id, series::varchar AS series, year::smallint AS year, total_eur_cents,
        n::smallint AS n, known::smallint AS known, {", ".join(MONTH_COLUMNS)}, 0::bigint AS changed
    FROM ({raw_totals()}) worked_out
"""
#: A view until somebody needs the figures: a page whose figures are kept needs neither.
_AS_VIEW = f"CREATE TEMP VIEW measures_measuretotal AS {_TOTALS}"
_AS_TABLE = f"""
    DROP VIEW measures_measuretotal;
    CREATE TEMP TABLE measures_measuretotal ON COMMIT DROP AS {_TOTALS};
    CREATE INDEX ON measures_measuretotal (line_id);
    ANALYZE measures_measuretotal
"""


def record_starts(programme: Programme) -> date:
    """The local day on which the portal's record of the programme begins."""
    event = apps.get_model("programme", "ProgrammeEvent")
    return asof.known_since(event, programme.pk) or programme.created_at.date()


@contextmanager
def as_known(programme: Programme, day: date) -> Iterator[Programme]:
    """Everything read inside is as it was at the end of the day; the programme as it was then is handed out.

    Its figures are those of the day, or of the day that the programme named at the time (`status_date`).
    """
    found = _programme_on(programme, day)
    settled = "" if asof.is_settled(day) else f".{data_state(programme.pk)}"
    with asof.as_known(programme.pk, day, state=f"known.{_database()}.{day}{settled}") as past:
        with connection.cursor() as cursor:
            cursor.execute(_AS_VIEW)
        past.prepare = _Totals()
        yield found


class _Totals:
    """Works the totals out once, when the first page asks for months."""

    done = False

    def __call__(self) -> None:
        if not self.done:
            self.done = True
            with planned_for_sums() as cursor:
                cursor.execute(_AS_TABLE)


def _database() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _programme_on(programme: Programme, day: date) -> Programme:
    """A copy of the programme with the values it had; never to be saved."""
    event = apps.get_model("programme", "ProgrammeEvent")
    found = copy.copy(programme)
    row = (
        event.objects.filter(pgh_obj_id=programme.pk, pgh_created_at__lt=asof.end_of(day))
        .order_by("-pgh_id")
        .first()
    )
    if row is not None:
        for item in Programme._meta.concrete_fields:
            if item.attname != "id" and hasattr(row, item.attname):
                setattr(found, item.attname, getattr(row, item.attname))
    found.status_date = found.status_date or day
    return found
