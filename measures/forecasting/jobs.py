"""Figuring the probability as work in the background."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.jobs import Report, handler
from core.models import Job
from measures.forecasting import results


@handler(
    results.JOB_KIND,
    title=_("Probability range of the forecast"),
    steps={"draw": _("drawing possible futures"), "keep": _("keeping the result")},
)
def probability(job: Job, report: Report) -> dict[str, Any]:
    """Figures the programme's probability; its result is the job's."""
    assert job.programme is not None
    report("draw")
    found = results.figure(job.programme)
    report("keep")
    page = ["measures:forecast", job.programme.slug]
    if found is None:
        return {"page": page}
    results.keep(job.programme, found)
    return {**results.written(found), "page": page}
