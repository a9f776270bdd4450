"""The page on which a person answers an indicator's rule for a year, and the evidence beside the answer."""

from __future__ import annotations

from functools import partial
from secrets import token_urlsafe

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import get_editable
from core.attachments import REFUSALS
from core.editing import add_page, edit_page, submitted_once
from core.models import Attachment
from kpis.models import Indicator, Judgement
from kpis.values.indicator_views import both_ways, crumbs, editable_indicator, page_of
from kpis.values.judging import JudgementForm, judge, judge_again
from measures.services.attachments import attach, remove_evidence
from measures.views.attachments import AttachmentForm
from programme.access import programme_view
from programme.models import Programme

YEARS = range(1990, 2101)


def address_of(indicator: Indicator, year: int) -> str:
    return reverse("kpis:judgement_edit", args=[indicator.programme.slug, indicator.pk, year])


@both_ways
@programme_view("kpi.judge")
def judgement_edit(request: HttpRequest, programme: Programme, pk: int, year: int) -> HttpResponse:
    """The answer for one year: a new one, or the one there is with its evidence."""
    indicator = editable_indicator(request, programme, pk, "kpi.judge")
    if year not in YEARS:
        raise Http404
    row = Judgement.objects.filter(indicator=indicator, year=year).select_related("judged_by").first()
    context = {"up": crumbs(indicator), "indicator": indicator, "year": year, "judgement": row} | {
        "earlier": list(
            indicator.judgements.exclude(year=year).select_related("judged_by").order_by("-year")
        ),
        "files": _files(row) if row else [],
    }
    title, back = _("Judgement of %(year)s") % {"year": year}, page_of(indicator)
    on = programme.today()
    if row is None:
        return add_page(
            request, JudgementForm, programme, title=title, back=back, done=lambda _row: address_of(indicator, year),
            instance=Judgement(programme=programme, indicator=indicator, year=year, judged_on=on),
            make=partial(judge, on=on), template="kpis/judgement_edit.html", context=context,
            told=_("The judgement was kept."),
        )  # fmt: skip
    row.programme, row.indicator = programme, indicator
    return edit_page(
        request, JudgementForm, row, title=title, back=back, done=address_of(indicator, year),
        save=partial(judge_again, on=on), template="kpis/judgement_edit.html", context=context,
    )  # fmt: skip


def _files(row: Judgement) -> list[Attachment]:
    rows = Attachment.objects.filter(
        programme=row.programme_id,
        content_type__app_label="kpis",
        content_type__model="judgement",
        object_id=row.pk,
    )
    return list(rows.select_related("created_by"))


@both_ways
@programme_view("kpi.judge")
def judgement_file_add(request: HttpRequest, programme: Programme, pk: int, year: int) -> HttpResponse:
    """Keeps a file as evidence beside the answer of the year."""
    indicator = editable_indicator(request, programme, pk, "kpi.judge")
    row = get_object_or_404(Judgement, programme=programme, indicator=indicator, year=year)
    form, status, back = (
        AttachmentForm(initial={"token": token_urlsafe(24)}),
        200,
        address_of(indicator, year),
    )
    if request.method == "POST":
        form, status = AttachmentForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                with submitted_once(form.cleaned_data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        file, note = form.cleaned_data["file"], form.cleaned_data["note"]
                        attach(about=row, upload=file, by=request.user, note=note)
                        sending.url = back
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("The file was added."))
                return redirect(back)
    up = [*crumbs(indicator), (_("Judgement of %(year)s") % {"year": year}, back)]
    context = {"form": form, "back": back, "up": up, "year": year, "indicator": indicator}
    return TemplateResponse(request, "kpis/judgement_file.html", context, status=status)


@both_ways
@programme_view("kpi.judge")
def judgement_file_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then takes a file of one's own away."""
    rows = Attachment.objects.filter(
        programme=programme, content_type__app_label="kpis", content_type__model="judgement"
    )
    file: Attachment = get_object_or_404(rows, pk=pk)
    judgement: Judgement = get_editable(
        Judgement.objects.select_related("indicator"), request.user, "kpi.judge", pk=file.object_id
    )
    if file.created_by_id != request.user.pk:
        raise PermissionDenied(REFUSALS["not_yours"])
    judgement.indicator.programme = programme
    back = address_of(judgement.indicator, judgement.year)
    if request.method == "POST":
        remove_evidence(attachment=file, by=request.user)
        messages.success(request, _("The file was removed."))
        return redirect(back)
    return TemplateResponse(
        request, "measures/attachment_remove.html", {"file": file, "back": back, "problem": ""}
    )
