"""What the first reader of a new process would wait for, fetched while nobody waits (docs/adr/0067-kept-cube.md)."""

import structlog
from django.db import DatabaseError, connection

from measures.selectors.figures import fresh_figures
from measures.selectors.kept_cube import PROGRAMMES
from programme.models import Programme

log = structlog.get_logger(__name__)


def warm() -> None:
    """Keeps the totals of as many programmes as a process holds; for a thread of its own, whose connection it closes.

    Without a database, or with one that is not migrated yet, nothing is kept and the first reader fetches it.
    """
    try:
        for programme in Programme.objects.order_by("pk")[:PROGRAMMES]:
            fresh_figures(programme, programme.today())
    except DatabaseError as error:
        log.info("not_warmed", error=type(error).__name__)
    finally:
        connection.close()
