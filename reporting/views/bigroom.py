"""The big room: months with their status views, and the frozen view of one month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.jobs import error_of, step_of, title_of
from core.models import Job
from core.pages import is_part
from core.periods import MonthError, add_months, month_key, month_of, parse_month
from core.permissions import can
from core.units import asked_unit, unit_choices
from programme.access import programme_view
from programme.models import Programme
from reporting.documents import FutureMonth, UnknownSchema, read_document
from reporting.models import StatusView
from reporting.presenting import present
from reporting.services import JOB_KIND, job_key, request_status_view

#: Months offered on the list: the running one and those before it, back to the programme's start.
MONTHS = 18


@require_safe
@programme_view("bigroom.view")
def bigroom_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    views = {
        view.month: view
        for view in StatusView.objects.filter(programme=programme).defer("document").order_by("revision")
    }
    jobs = {
        job.key: job
        for job in Job.objects.filter(programme=programme, kind=JOB_KIND).order_by("pk")
        if job.state in (*Job.ACTIVE, Job.State.FAILED)
    }
    may_build = can(request.user, "bigroom.build", programme)
    rows = [
        _row(month, views.get(month), jobs.get(job_key(month))) for month in _months(programme, set(views))
    ]
    return TemplateResponse(
        request,
        "reporting/bigroom_list.html",
        {
            "rows": rows,
            "current": month_of(programme.today()),
            "may_build": may_build,
            "may_see_jobs": can(request.user, "job.view", programme),
        },
    )


def _months(programme: Programme, known: set[date]) -> list[date]:
    """Newest first: the running month, those before it since the start, and any other that has a view."""
    current = month_of(programme.today())
    start = date(programme.start_year, 1, 1)
    offered = {add_months(current, -back) for back in range(MONTHS)}
    return sorted({month for month in offered if month >= start} | known, reverse=True)


def _row(month: date, view: StatusView | None, job: Job | None) -> dict[str, Any]:
    is_frozen = view is not None and view.state == StatusView.State.FROZEN
    return {
        "month": month,
        "key": month_key(month),
        "view": view,
        "is_frozen": is_frozen,
        "job": None if is_frozen else job,
    }


@require_safe
@programme_view("bigroom.view")
def bigroom_detail(request: HttpRequest, programme: Programme, month: str) -> HttpResponse:
    """The month as it was frozen: everything on it comes from the stored document."""
    first_day = _asked_month(month)
    view = StatusView.objects.filter(programme=programme, month=first_day).order_by("-revision").first()
    if view is None or view.state != StatusView.State.FROZEN:
        return _not_frozen(request, programme, first_day)
    try:
        document = read_document(view.document)
    except UnknownSchema as error:
        return TemplateResponse(
            request, "reporting/bigroom_unreadable.html", {"view": view, "error": error.message}, status=501
        )
    unit = asked_unit(request)
    closed = document["books_closed_through"]
    others = StatusView.objects.filter(programme=programme, state=StatusView.State.FROZEN).only(
        "month", "programme_id"
    )
    return TemplateResponse(
        request,
        "reporting/bigroom_detail.html",
        {
            "view": view,
            "month": first_day,
            "as_of": date.fromisoformat(document["as_of"]),
            "closed_through": parse_month(closed) if closed else None,
            "comparison_base": document["comparison_base"],
            "blocks": present(document, programme=programme, unit=unit),
            "units": unit_choices(unit)
            if "answer" in [block["kind"] for block in document["blocks"]]
            else [],
            "previous": others.filter(month__lt=first_day).order_by("-month").first(),
            "following": others.filter(month__gt=first_day).order_by("month").first(),
        },
    )


def _not_frozen(request: HttpRequest, programme: Programme, month: date) -> HttpResponse:
    """Says that the month has no view yet, and shows the work that makes one."""
    job = Job.objects.filter(programme=programme, kind=JOB_KIND, key=job_key(month)).order_by("-pk").first()
    return TemplateResponse(
        request,
        "reporting/bigroom_missing.html",
        {
            "month": month,
            "key": month_key(month),
            "job": job if job and job.state in Job.ACTIVE else None,
            "is_future": month > month_of(programme.today()),
            "may_build": can(request.user, "bigroom.build", programme),
        },
        status=404,
    )


@require_POST
@programme_view("bigroom.build")
def bigroom_build(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Puts the month to work and shows how far it is; a month that has a view shows it."""
    month = _asked_month(request.POST.get("month", ""))
    if StatusView.objects.filter(programme=programme, month=month, state=StatusView.State.FROZEN).exists():
        return redirect("reporting:bigroom_detail", programme.slug, month_key(month))
    try:
        request_status_view(programme=programme, month=month, by=request.user)
    except FutureMonth as error:
        messages.error(request, str(error.message))
        return redirect("reporting:bigroom_list", programme.slug)
    return redirect("reporting:bigroom_progress", programme.slug, month_key(month))


@require_safe
@programme_view("bigroom.view")
def bigroom_progress(request: HttpRequest, programme: Programme, month: str) -> HttpResponse:
    """How far the making of a month is. Polled by htmx; refreshes by itself without scripts; may be left."""
    first_day = _asked_month(month)
    job = (
        Job.objects.filter(programme=programme, kind=JOB_KIND, key=job_key(first_day)).order_by("-pk").first()
    )
    if job is None:
        raise Http404
    detail = redirect("reporting:bigroom_detail", programme.slug, month_key(first_day))
    part = is_part(request)
    if job.state == Job.State.DONE:
        if part:
            return HttpResponse(headers={"HX-Redirect": detail["Location"]})
        return detail
    template = "reporting/_bigroom_progress.html" if part else "reporting/bigroom_progress.html"
    return TemplateResponse(
        request,
        template,
        {
            "month": first_day,
            "key": month_key(first_day),
            "job": job,
            "label": title_of(job),
            "step": step_of(job) or _("waiting for a worker"),
            "error": error_of(job) or _("The work was cancelled."),
            "may_build": can(request.user, "bigroom.build", programme),
        },
    )


def _asked_month(text: str) -> date:
    try:
        return parse_month(text)
    except MonthError as error:
        raise Http404 from error
