"""Asking the rules of what runs have stored: of several indicators at once, which takes a fraction of the time.

The mark is the item's own state, written in the transaction that stored its series and taken away in the one that
judges it. Whoever finds a mark judges: the run itself, its next attempt, the next run, or the clock.
"""

from __future__ import annotations

import time

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import QuerySet

from core.db import retrying
from core.jobs import PASSING
from kpis.evaluating import evaluate
from kpis.models import Indicator, RefreshItem, RefreshRun

log = structlog.get_logger(__name__)
#: Indicators judged together.
BATCH = 25
#: A run that is slower than this judges each series as soon as it is stored: politeness pauses take longer.
SECONDS = 2.0
State = RefreshItem.State


class Judging:
    """When a run judges: after a batch, or when the last time is a while ago."""

    def __init__(self, run: RefreshRun) -> None:
        self.run = run
        self._read, self._at = 0, time.monotonic()

    def after_one(self) -> None:
        """Called when an indicator has been read."""
        self._read += 1
        if self._read >= BATCH or time.monotonic() - self._at >= SECONDS:
            self.rest()

    def rest(self) -> None:
        """Judges everything that the run, in this or an earlier attempt, has stored."""
        judge_run(self.run)
        self._read, self._at = 0, time.monotonic()


def judge_left(programme_id: int | None = None) -> int:
    """Judges what is marked, of one programme's runs or of all; how many runs had something."""
    rows = RefreshItem.objects.filter(state=State.UNJUDGED)
    if programme_id is not None:
        rows = rows.filter(run__programme=programme_id)
    runs = list(RefreshRun.objects.filter(pk__in=rows.values("run")).order_by("pk"))
    for run in runs:
        judge_run(run)
    return len(runs)


def judge_run(run: RefreshRun) -> None:
    """Judges what the run has stored. One indicator that cannot be judged keeps its mark, and no other waits for it."""
    try:
        _judge(run)
    except (SoftTimeLimitExceeded, *PASSING):
        raise
    except Exception:
        log.exception("batch_not_judged", run=run.pk)
        for pk in list(_marked(run).values_list("pk", flat=True)):
            try:
                _judge(run, pk)
            except (SoftTimeLimitExceeded, *PASSING):
                raise
            except Exception:
                log.exception("refresh_item_not_judged", run=run.pk, item=pk)


@retrying
def _judge(run: RefreshRun, item: int | None = None) -> None:
    """Asks the rules and takes the marks away, together or not at all; of everything marked, or of one item."""
    rows = _marked(run) if item is None else _marked(run).filter(pk=item)
    with transaction.atomic():
        marked = dict(rows.order_by("pk").select_for_update().values_list("pk", "sotkanet_id"))
        if not marked:
            return
        # Whoever edits a source judges its indicators then and there: only those that still name it are left to us.
        evaluate(
            Indicator.objects.filter(
                programme=run.programme_id, source_links__sotkanet_id__in=set(marked.values())
            ).only("pk")
        )
        RefreshItem.objects.filter(pk__in=marked).update(state=State.STORED)


def _marked(run: RefreshRun) -> QuerySet[RefreshItem]:
    return RefreshItem.objects.filter(run=run, state=State.UNJUDGED)
