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
from measures.triggers import MONTH_COLUMNS, MONTHS
from programme.models import Programme

#: Totals worked out from the months in one pass over them: each month counts in its own series and, as a
#: claim, in what became of it (measures.triggers says the same of the months as they change).
_TOTALS = """
    SELECT programme_id, line_id, part.series::varchar AS series, extract(year FROM month)::smallint AS year,
        sum(part.cents)::bigint AS total_eur_cents, count(*)::smallint AS n,
        sum(1 << (extract(month FROM month)::int - 1))::smallint AS known, {months}, 0::bigint AS changed
    FROM measures_savingsentry, LATERAL (VALUES
        (series, amount_eur_cents, true),
        ('undecided', amount_eur_cents, series = 'claimed' AND decided_eur_cents IS NULL),
        ('confirmed', decided_eur_cents, decided_eur_cents IS NOT NULL),
        ('refused', amount_eur_cents - decided_eur_cents, decided_eur_cents IS NOT NULL)
    ) part (series, cents, counts)
    WHERE part.counts GROUP BY 1, 2, 3, 4
""".format(
    months=", ".join(
        f"coalesce(sum(part.cents) FILTER (WHERE extract(month FROM month) = {month}), 0)::bigint AS {column}"
        for month, column in zip(MONTHS, MONTH_COLUMNS, strict=True)
    )
)
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
