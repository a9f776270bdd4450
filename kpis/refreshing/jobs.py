"""The refresh as long work: item after item, resumed where a killed worker left off, told when it is over."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config import limits
from core.jobs import PASSING, JobLost, Report, handler
from core.models import Job
from kpis.models import RefreshItem, RefreshRun
from kpis.observing import BadReading
from kpis.refreshing.judging import Judging, judge_left
from kpis.refreshing.reading import Elsewhere, Reader, leave_rest, note_failure
from kpis.refreshing.runs import JOB_KIND, due, go_on_in, lay_out, links_of, run_of
from kpis.refreshing.telling import tell_what_came
from kpis.sotkanet.client import Sotkanet
from kpis.sotkanet.failures import Failure

log = structlog.get_logger(__name__)
State = RefreshItem.State
#: After these nothing else is asked in the same run.
OVER = ("circuit_open", "busy")


@handler(
    JOB_KIND,
    title=_("Refreshing figures: {name}"),
    steps={"read": _("reading from Sotkanet"), "tell": _("telling what came")},
)
def refresh_indicators(job: Job, report: Report) -> dict[str, Any]:
    """Reads every Sotkanet indicator of the run that has not been read yet; its counts are the result."""
    run = run_of(job)
    judge_left(run.programme_id)
    if not job.params.get("run") and not run.items.exists():
        links = links_of(run.programme, run.indicator)
        if job.params.get("is_nightly"):
            links = due(links, timezone.now(), only_failed=bool(job.params.get("only_failed")))
        lay_out(run, links)
    page = {"page": ["kpis:refresh_detail", run.programme.slug, run.pk]}
    if not _read_and_judge(run, report):
        go_on_in(run, job, int(job.params.get("part", 1)) + 1)
        return page
    report("tell")
    _finish(run, report)
    return page | counts_of(run)


def _read_and_judge(run: RefreshRun, report: Report) -> bool:
    """`_read_all`; however it ends, what it has stored is judged if the database is there to do so."""
    judging = Judging(run)
    try:
        is_whole = _read_all(run, judging, report)
    except PASSING:
        raise  # the next attempt judges
    except Exception:
        judging.rest()  # cancelled, taken over, too long: these series are stored all the same
        raise
    judging.rest()
    return is_whole


def _read_all(run: RefreshRun, judging: Judging, report: Report) -> bool:
    """False when the time of one job is over and items are left."""
    total = run.items.count()
    waiting = list(run.items.filter(state=State.WAITING).order_by("id"))
    ends = time.monotonic() + limits.REFRESH_PART
    with Sotkanet() as client:
        reader = Reader(run, client, report.still_mine)
        for done, item in enumerate(waiting, total - len(waiting)):
            report("read", done, total)
            if time.monotonic() > ends:
                return False
            try:
                reader.read(item)
            except Elsewhere:
                _set(item, State.UNCHANGED, "elsewhere")
            except Failure as failure:
                if failure.code in OVER:
                    leave_rest(run, failure)
                    break
                note_failure(run, item, failure)
            except BadReading as error:
                log.error("reading_refused", indicator=item.sotkanet_id, error=str(error))
                note_failure(run, item, Failure("bad_reading"))
            except (JobLost, SoftTimeLimitExceeded, *PASSING):
                raise
            except Exception:
                # One indicator that nobody foresaw must not keep the others from their figures.
                log.exception("refresh_item_failed", indicator=item.sotkanet_id)
                note_failure(run, item, Failure("unexpected"))
            judging.after_one()
    return True


def _set(item: RefreshItem, state: str, code: str) -> None:
    RefreshItem.objects.filter(pk=item.pk).update(state=state, code=code)


def _finish(run: RefreshRun, report: Report) -> None:
    """The end of the run and everything that is told of it, together or not at all."""
    with transaction.atomic():
        report.still_mine()
        if RefreshRun.objects.filter(pk=run.pk, ended_at=None).update(ended_at=timezone.now()):
            tell_what_came(run)


def counts_of(run: RefreshRun) -> dict[str, int]:
    """Values new, revised, unchanged and put aside; indicators that failed or are tried again later."""
    names = ("new", "revised", "unchanged", "quarantined")
    sums = run.items.aggregate(**{name: Sum(name, default=0) for name in names})
    return {
        **sums,
        "failed": run.items.filter(state=State.FAILED).count(),
        "retry": run.items.filter(state=State.RETRY).count(),
    }
