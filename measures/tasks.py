"""Work that the schedule rings for (config/schedule.py)."""

import structlog
from celery import shared_task

from measures.forecasting.results import ask_for_stale
from measures.totals import differing

log = structlog.get_logger(__name__)


@shared_task
def verify_totals() -> int:
    """Nightly: how many totals and claims differ from their rows; each run is logged, differences as errors."""
    found = differing()
    count = len(found.totals) + len(found.claims)
    if found:
        log.error("totals_differ", totals=found.totals[:20], claims=found.claims[:20], count=count)
    else:
        log.info("totals_verified")
    return count


@shared_task
def figure_probabilities() -> int:
    """Nightly: how many programmes' ranges were put to work; those whose data stayed are left alone."""
    return len(ask_for_stale())
