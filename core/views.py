"""The page of a job: what it does, how far it is, what came of it. The drafts of what people type."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import attachments
from core.access import ask_to_sign_in, keep_private
from core.editing import drafts
from core.jobs import cancel, error_of, step_of, title_of
from core.models import Attachment, Job
from core.permissions import can, programme_ids


@require_safe
def job_detail(request: HttpRequest, programme: str, pk: int) -> HttpResponse:
    """The whole page, or its progress part when htmx asks for it."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    job = _visible_job(request, programme, pk, "job.view")
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    template = "core/_job_progress.html" if part else "core/job_detail.html"
    response = TemplateResponse(request, template, _told(request, job))
    response["Vary"] = "HX-Request, HX-Boosted"
    return keep_private(response)


@require_POST
def job_cancel(request: HttpRequest, programme: str, pk: int) -> HttpResponse:
    """Ends the job if it is still active, and shows it."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    job = _visible_job(request, programme, pk, "job.cancel")
    cancel(job)
    return redirect("core:job_detail", programme, pk)


def _visible_job(request: HttpRequest, slug: str, pk: int, action: str) -> Job:
    """The job; 404 alike for one of a foreign programme and one that is not there, 403 without the right.

    `core` knows no programme, so the door of programme pages (programme.access) is rebuilt here.
    """
    job = Job.objects.select_related("programme").filter(
        pk=pk, programme__slug=slug, programme_id__in=programme_ids(request.user)
    ).first()  # fmt: skip
    if job is None:
        raise Http404
    request.programme = job.programme  # type: ignore[attr-defined]
    # Whoever asked for the work sees how far it is, whatever the role.
    is_own = action == "job.view" and job.requested_by_id == request.user.pk
    if not is_own and not can(request.user, action, job):
        raise PermissionDenied(_("Your role does not include this page."))
    return job


def _told(request: HttpRequest, job: Job) -> dict[str, Any]:
    return {
        "job": job,
        "active": job.state in Job.ACTIVE,
        "title": title_of(job),
        "step": step_of(job),
        "error": error_of(job),
        "result_url": _result_url(job),
        "may_cancel": can(request.user, "job.cancel", job),
    }


def _result_url(job: Job) -> str:
    """Address of what the job made, empty when it made no page."""
    page = job.result.get("page")
    if not page:
        return ""
    try:
        return reverse(page[0], args=page[1:])
    except NoReverseMatch:
        return ""


@require_safe
def attachment_download(request: HttpRequest, programme: str, pk: int) -> HttpResponse | FileResponse:
    """The file, always as a download, for who may see the row it is kept beside; the door as for jobs."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    row = Attachment.objects.select_related("programme", "content_type").filter(
        pk=pk, programme__slug=programme, programme_id__in=programme_ids(request.user)
    ).first()  # fmt: skip
    owner = attachments.owner_of(row.about) if row is not None else None
    if row is None or owner is None or not row.file.storage.exists(str(row.file.name)):
        raise Http404
    request.programme = row.programme  # type: ignore[attr-defined]
    if not can(request.user, owner.view_action, owner):
        raise PermissionDenied(_("Your role does not include this page."))
    response = FileResponse(
        row.file.open("rb"), as_attachment=True, filename=row.name,
        content_type=attachments.content_type_of(row),
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def draft_keep(request: HttpRequest) -> HttpResponse:
    """Keeps what the person has typed into a form (`draft_key` is its address) and says when."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    key = request.POST.get("draft_key", "")
    if not key.startswith("/"):
        return JsonResponse({"message": _("This form has no address.")}, status=422)
    try:
        values = drafts.typed_values(request.POST)
    except ValidationError as refused:
        return JsonResponse({"message": " ".join(refused.messages)}, status=422)
    draft = drafts.keep_draft(
        user=request.user, key=key, title=request.POST.get("draft_title", ""), values=values
    )
    at = time_format(timezone.localtime(draft.updated_at))
    return JsonResponse({"message": _("Draft kept %(time)s") % {"time": at}})


@require_POST
def draft_drop(request: HttpRequest) -> HttpResponse:
    """Throws a draft of the person away and shows the form as it is stored."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    drafts.drop_draft(request.user, request.POST.get("draft_key", ""))
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = "/"
    return redirect(after)
