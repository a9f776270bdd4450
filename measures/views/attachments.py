"""Files beside a measure, one of its lines or one of its claims."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.attachments import ACCEPT, owner_of
from core.editing import submitted_once
from core.identity_codes import WithoutCodes
from core.models import Attachment
from core.permissions import can, require
from measures.models import Measure, SavingsEntry, SavingsLine, Series
from measures.selectors.confirmations import evidence_of
from measures.services.attachments import attach, remove_evidence
from measures.views.edits import both_ways, card_address, editable_measure
from programme.access import programme_view
from programme.models import Programme


class AttachmentForm(WithoutCodes):
    """A file and what it shows."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, picture, workbook, document or text, at most 10 MB. No personal identity codes."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("What it shows"), required=False, max_length=300)


@both_ways
@programme_view("attachment.add")
def attachment_add(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Keeps a file beside the measure, or the line or claim that the address names."""
    measure = editable_measure(request, programme, code, "attachment.add")
    about, back = _about(request, programme, measure)
    form, status = AttachmentForm(initial={"token": token_urlsafe(24)}), 200
    if request.method == "POST":
        form, status = AttachmentForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                with submitted_once(form.cleaned_data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        attach(
                            about=about, upload=form.cleaned_data["file"], by=request.user,
                            note=form.cleaned_data["note"],
                        )  # fmt: skip
                        sending.url = back
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("The file was added."))
                return redirect(back)
    context = {"measure": measure, "about": about, "form": form, "back": back}
    return TemplateResponse(request, "measures/attachment_add.html", context, status=status)


def _about(request: HttpRequest, programme: Programme, measure: Measure) -> tuple[Any, str]:
    """The row that the file is kept beside, and the page to go back to."""
    claim, line = request.GET.get("claim", ""), request.GET.get("line", "")
    if claim:
        rows = SavingsEntry.objects.filter(programme=programme, series=Series.CLAIMED, line__measure=measure)
        entry = rows.filter(pk=_number(claim)).select_related("line__measure").first()
        if entry is None:
            raise Http404
        return entry, reverse("measures:confirmation_detail", args=[programme.slug, entry.pk])
    if line:
        found = SavingsLine.objects.filter(measure=measure, pk=_number(line)).first()
        if found is None:
            raise Http404
        return found, f"{card_address(programme, measure.code)}#part-files"
    return measure, f"{card_address(programme, measure.code)}#part-files"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@both_ways
@programme_view("attachment.add")
def attachment_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then takes a file of one's own away."""
    row = Attachment.objects.filter(programme=programme, pk=pk).select_related("content_type").first()
    owner = owner_of(row.about) if row is not None else None
    if row is None or owner is None:
        raise Http404
    require(request.user, "attachment.add", owner)
    if row.created_by_id != request.user.pk:
        raise PermissionDenied(_("Only who added the file may remove it."))
    back = _page_of(request, programme, row)
    problem = ""
    if request.method == "POST":
        try:
            remove_evidence(attachment=row, by=request.user)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, _("The file was removed."))
            return redirect(back)
    context = {"file": row, "back": back, "problem": problem}
    return TemplateResponse(
        request, "measures/attachment_remove.html", context, status=422 if problem else 200
    )


def _page_of(request: HttpRequest, programme: Programme, row: Attachment) -> str:
    about = row.about
    if isinstance(about, SavingsEntry) and can(request.user, "savings.view", programme):
        return reverse("measures:confirmation_detail", args=[programme.slug, about.pk])
    measure: Any = getattr(owner_of(about), "measure", about)
    return f"{card_address(programme, measure.code)}#part-files"


def card_context(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    """What the card's part about files shows: those of the measure, its lines and its claims."""
    lines = list(measure.lines.select_related("cost_type", "sector"))
    ids = [line.pk for line in lines]
    claims = SavingsEntry.objects.filter(programme=programme, line__in=ids, series=Series.CLAIMED)
    return {
        "files": list(evidence_of(programme, measure, ids, claims.values_list("pk", flat=True))),
        "lines": lines,
        "may_attach": can(request.user, "attachment.add", measure),
    }
