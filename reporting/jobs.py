"""Long work of this app, registered by name for the job runner."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.jobs import JobFailed, Report, handler
from core.models import Job
from core.periods import month_key, parse_month
from reporting.documents import FutureMonth
from reporting.services import JOB_KIND, build_status_view


@handler(
    JOB_KIND,
    title=_("Status view of {month}"),
    steps={
        "collect": _("collecting the figures"),
        "draft": _("saving the draft"),
        "freeze": _("freezing"),
        "frozen": _("frozen"),
    },
    errors={"future_month": FutureMonth.message},
)
def status_view(job: Job, report: Report) -> dict[str, Any]:
    """Builds and freezes the status view of `params["month"]`; tells which view and its hash."""
    assert job.programme_id is not None and job.programme is not None
    try:
        view = build_status_view(
            programme_id=job.programme_id,
            month=parse_month(job.params["month"]),
            report=report,
            by_id=job.requested_by_id,
        )
    except FutureMonth as error:
        raise JobFailed(FutureMonth.code) from error
    month = month_key(view.month)
    return {
        "view": view.pk,
        "month": month,
        "revision": view.revision,
        "sha256": view.sha256,
        "page": ["reporting:bigroom_detail", job.programme.slug, month],
    }
