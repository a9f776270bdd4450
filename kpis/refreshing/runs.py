"""Asking for a refresh. However often it is asked for, there is one job and one run at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from config import limits
from core.jobs import enqueue
from core.models import Job
from core.rates import TooOften
from kpis.models import Indicator, RefreshItem, RefreshRun, SourceLink
from programme.models import Programme

JOB_KIND = "refresh_indicators"


def links_of(programme: Programme, indicator: Indicator | None = None) -> QuerySet[SourceLink]:
    """The Sotkanet sources that are still read, of all the programme's indicators or of one."""
    rows = SourceLink.objects.filter(
        programme=programme, kind=SourceLink.Kind.SOTKANET, is_ended=False
    ).exclude(indicator__state=Indicator.State.ENDED)
    return rows.filter(indicator=indicator) if indicator is not None else rows


def due(links: QuerySet[SourceLink], now: datetime, *, only_failed: bool = False) -> QuerySet[SourceLink]:
    """Those whose pause after a failure is over; `only_failed` leaves out the ones that did not fail."""
    if only_failed:
        return links.filter(state__next_try_at__lte=now)
    return links.filter(Q(state=None) | Q(state__next_try_at=None) | Q(state__next_try_at__lte=now))


def ask(*, programme: Programme, indicator: Indicator | None = None, by: Any = None) -> RefreshRun:
    """The run that is under way, or a new one that a worker takes up. Raises TooManyJobs as every job does.

    A person (`by`) who asks again soon after figures were read is refused with TooOften.
    """
    if by is not None and active(programme, _key(indicator)) is None:
        _refuse_if_just_read(programme, indicator)
    return _ask(programme, indicator, by, {})


def ask_by_night(*, only_failed: bool = False) -> list[RefreshRun]:
    """Runs for all programmes with something due; what failed a while ago waits for its time."""
    now = timezone.now()
    rows = due(
        SourceLink.objects.filter(kind=SourceLink.Kind.SOTKANET, is_ended=False), now, only_failed=only_failed
    )
    programmes = Programme.objects.filter(pk__in=rows.values("programme")).order_by("pk")
    return [_ask(one, None, None, {"is_nightly": True, "only_failed": only_failed}) for one in programmes]


def _refuse_if_just_read(programme: Programme, indicator: Indicator | None) -> None:
    """Raises TooOften while the last run on demand of the same is young, unless it broke off or nothing came."""
    now = timezone.now()
    last = RefreshRun.objects.filter(
        programme=programme, indicator=indicator, asked_by__isnull=False, is_illustrative=False,
        started_at__gt=now - timedelta(seconds=limits.REFRESH_SECONDS),
    ).first()  # fmt: skip
    came = (RefreshItem.State.STORED, RefreshItem.State.UNJUDGED, RefreshItem.State.UNCHANGED)
    if last and last.ended_at is not None and last.items.filter(state__in=came).exists():
        raise TooOften(limits.REFRESH_SECONDS - (now - last.started_at).total_seconds())


def _key(indicator: Indicator | None) -> str:
    return "all" if indicator is None else f"indicator-{indicator.pk}"


def _ask(programme: Programme, indicator: Indicator | None, by: Any, params: dict[str, Any]) -> RefreshRun:
    key = _key(indicator)
    named = indicator.name_fi if indicator is not None else programme.name_fi
    wanted = params | {"key": key, "name": named, "indicator": indicator and indicator.pk}
    with transaction.atomic():
        job = active(programme, key) or enqueue(JOB_KIND, key, programme=programme, params=wanted, by=by)
        return run_of(job)


def active(programme: Programme, key: str) -> Job | None:
    """The job under way for that key: a long run goes on in further jobs, of which one may just be ending."""
    rows = Job.objects.filter(programme=programme, kind=JOB_KIND, state__in=Job.ACTIVE, params__key=key)
    return rows.order_by("-pk").first()


def run_of(job: Job) -> RefreshRun:
    """The run of a job, made with its first."""
    with transaction.atomic():
        Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        if (number := job.params.get("run")) is not None:
            return RefreshRun.objects.get(pk=number)
        run = RefreshRun.objects.filter(job=job).first()
        if run is None:
            assert job.programme is not None
            run = RefreshRun.objects.create(
                programme=job.programme, indicator_id=job.params.get("indicator"), job=job,
                asked_by_id=job.requested_by_id,
            )  # fmt: skip
        return run


def go_on_in(run: RefreshRun, job: Job, part: int) -> Job:
    """Another job for what is left of a run that takes longer than one job may."""
    with transaction.atomic():
        params = job.params | {"run": run.pk, "part": part}
        more = enqueue(JOB_KIND, f"{job.params['key']}:{part}", programme=run.programme, params=params)
        RefreshRun.objects.filter(pk=run.pk).update(job=more)
    return more


def lay_out(run: RefreshRun, links: QuerySet[SourceLink]) -> None:
    """The items of a run: each Sotkanet indicator once, however many sources name it."""
    numbers = sorted({number for number in links.values_list("sotkanet_id", flat=True) if number is not None})
    RefreshItem.objects.bulk_create(
        [RefreshItem(run=run, sotkanet_id=number) for number in numbers], ignore_conflicts=True
    )
