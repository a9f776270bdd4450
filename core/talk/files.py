"""Files beside rows that are talked about: adding one, taking one's own away."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.attachments import ACCEPT, attach, drop
from core.editing import submitted_once
from core.identity_codes import WithoutCodes
from core.models import Attachment
from core.talk.door import checked, row_of, talk_view
from core.talk.selectors import may_attach
from core.talk.topics import title_of, topic_of

both_ways = require_http_methods(["GET", "HEAD", "POST"])


class FileForm(WithoutCodes):
    """A file and what it shows."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, picture, workbook, document or text, at most 10 MB. No personal identity codes."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("What it shows"), required=False, max_length=300)


@both_ways
@talk_view("talk.view")
def file_add(request: HttpRequest, programme: Any, kind: str, pk: int) -> HttpResponse:
    """Keeps a file beside the row."""
    row, topic = row_of(request, programme, kind, pk)
    if not topic.takes_files:
        raise Http404
    if not may_attach(request.user, row, topic):
        raise PermissionDenied(_("Your role does not include this page."))
    back = topic.address(row, request.user)
    form, status = FileForm(initial={"token": token_urlsafe(24)}), 200
    if request.method == "POST":
        form, status = FileForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                _keep_once(request, form, row, back)
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("The file was added."))
                return redirect(back)
    context = {"form": form, "back": back, "about_title": title_of(row)}
    return TemplateResponse(request, "core/file_add.html", context, status=status)


def _keep_once(request: HttpRequest, form: FileForm, row: Any, back: str) -> None:
    told = form.cleaned_data
    with submitted_once(told["token"], request.user) as sending:
        if not sending.is_repeat:
            attach(about=row, upload=told["file"], by=request.user, note=told["note"])
            sending.url = back


@both_ways
@talk_view("talk.view")
def file_remove(request: HttpRequest, programme: Any, pk: int) -> HttpResponse:
    """Asks, then takes a file of one's own away; the history keeps that it was there."""
    found = Attachment.objects.filter(programme=programme, pk=pk).select_related("content_type").first()
    about: Any = found.about if found is not None else None
    topic = topic_of(about) if about is not None else None
    if found is None or topic is None or not topic.takes_files:
        raise Http404
    row = checked(request, programme, about)
    if found.created_by_id != request.user.pk or not may_attach(request.user, row, topic):
        raise PermissionDenied(_("Only who added the file may remove it."))
    back = topic.address(row, request.user)
    if request.method == "POST":
        drop(attachment=found, by=request.user)
        messages.success(request, _("The file was removed."))
        return redirect(back)
    return TemplateResponse(request, "core/file_remove.html", {"file": found, "back": back})
