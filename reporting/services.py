"""Making status views: a draft first, then frozen, one for each programme and month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.jobs import Report, enqueue
from core.models import Job
from core.periods import add_months, month_key, month_of
from programme.governance.duties import STATUS_VIEW, mark_kept
from programme.models import Programme
from reporting.documents import SCHEMA, canonical, collect, sha256_of, status_day
from reporting.models import StatusView

JOB_KIND = "status_view"
STEPS = 3


def job_key(month: date) -> str:
    """One month has one job at a time; the job's own uniqueness includes the programme."""
    return month_key(month)


def request_status_view(*, programme: Programme, month: date, by: Any | None) -> Job:
    """Enqueues the building of a month's view, or returns the job that already does it.

    Raises FutureMonth for a month that has not begun.
    """
    status_day(programme, month)
    params = {"month": month_key(month)}
    return enqueue(JOB_KIND, job_key(month), programme=programme, params=params, by=by)


def build_status_view(
    *, programme_id: int, month: date, report: Report, by_id: int | None = None
) -> StatusView:
    """The frozen view of the month, built if there is none yet. Safe to run many times and at once."""
    frozen = _frozen(programme_id, month)
    if frozen:
        report("frozen", STEPS, STEPS)
        return frozen
    report("collect", 0, STEPS)
    document = collect(programme_id, month)
    report("draft", 1, STEPS)
    view = save_draft(programme_id=programme_id, month=month, document=document, by_id=by_id)
    report("freeze", 2, STEPS)
    with transaction.atomic():
        view = freeze(view)
        keep_duty(view)
        report.still_mine()
    report("frozen", STEPS, STEPS)
    return view


def keep_duty(view: StatusView) -> None:
    """The duty to report monthly is kept by the view that is due; one of an earlier month keeps nothing."""
    programme, next_month = view.programme, add_months(view.month, 1)
    if programme.today() < add_months(next_month, 1):
        mark_kept(programme, STATUS_VIEW, max(programme.today(), next_month), evidence=view)


def save_draft(
    *, programme_id: int, month: date, document: dict[str, Any], by_id: int | None = None
) -> StatusView:
    """Keeps the document as the month's draft. A frozen view that came first is returned untouched."""
    text = canonical(document)
    values = {
        "schema": SCHEMA,
        "document": text,
        "sha256": sha256_of(text),
        "as_of": date.fromisoformat(document["as_of"]),
    }
    with transaction.atomic():
        view, created = StatusView.objects.select_for_update().get_or_create(
            programme_id=programme_id,
            month=month_of(month),
            revision=1,
            defaults=values | {"created_by_id": by_id, "updated_by_id": by_id},
        )
        if not created and view.state == StatusView.State.DRAFT:
            for name, value in (values | {"updated_by_id": by_id}).items():
                setattr(view, name, value)
            view.save(update_fields=[*values, "updated_by"])
    return view


def freeze(view: StatusView) -> StatusView:
    """Freezes the draft; of several at once one does it and all return the same row."""
    StatusView.objects.filter(pk=view.pk, state=StatusView.State.DRAFT).update(
        state=StatusView.State.FROZEN, frozen_at=timezone.now()
    )
    view.refresh_from_db()
    return view


def _frozen(programme_id: int, month: date) -> StatusView | None:
    return (
        StatusView.objects.filter(
            programme_id=programme_id, month=month_of(month), state=StatusView.State.FROZEN
        )
        .order_by("-revision")
        .first()
    )


def due_month(programme: Programme, today: date) -> date:
    """The latest month whose status view is due: the last ended one from the programme's day on.

    A programme whose figures stand still at a status date is due for the last month ended by then.
    """
    if programme.status_date:
        return add_months(month_of(programme.status_date + timedelta(days=1)), -1)
    return add_months(month_of(today), -1 if today.day >= programme.status_view_day else -2)


def request_due_status_views(*, today: date) -> list[Job]:
    """Enqueues the due view of every programme that lacks it; programmes that had not begun are left out."""
    jobs = []
    for programme in Programme.objects.order_by("pk"):
        month = due_month(programme, today)
        if month.year >= programme.start_year and not _frozen(programme.pk, month):
            jobs.append(request_status_view(programme=programme, month=month, by=None))
    return jobs
