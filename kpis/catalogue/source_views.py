"""Pages of an indicator's sources: in which order, whose figures, what is amiss; confirming and ending one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import edit_page
from core.permissions import can
from core.templatetags.ui import plain_text
from kpis.catalogue import linking
from kpis.catalogue.credit import credit, person_page
from kpis.catalogue.flags import flags_of
from kpis.catalogue.forms import ConfirmForm, SourceForm, save_source
from kpis.catalogue.search import HEAVY
from kpis.catalogue.views import both_ways, facts_of, label_of
from kpis.models import CatalogueIndicator, Indicator, SourceLink
from kpis.regions import key_of, names_of, own_region
from programme.access import programme_view
from programme.models import Programme


def indicator_crumbs(
    programme: Programme, indicator: Indicator, *, below: bool = False
) -> list[tuple[str, str]]:
    """The way up from a page about the indicator's sources."""
    way = [
        (_("Indicators"), reverse("kpis:indicator_list", args=[programme.slug])),
        (plain_text(indicator), reverse("kpis:indicator_detail", args=[programme.slug, indicator.pk])),
    ]
    return [*way, (_("Sources"), list_url(programme, indicator))] if below else way


def list_url(programme: Programme, indicator: Indicator) -> str:
    return reverse("kpis:source_list", args=[programme.slug, indicator.pk])


@require_safe
@programme_view("kpi.view")
def source_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Where the indicator's figures come from, in order, with what is amiss with each source."""
    indicator = get_object_or_404(Indicator.objects.filter(programme=programme), pk=pk)
    links = list(
        SourceLink.objects.filter(programme=programme, indicator=indicator).select_related("group", "state")
    )
    for link in links:
        link.indicator, link.programme = indicator, programme
    known = CatalogueIndicator.objects.defer(*HEAVY).in_bulk(
        {link.sotkanet_id for link in links if link.sotkanet_id}
    )
    amiss = flags_of(links)
    own = own_region(programme)
    keys = {link.pk: key_of(link.region_category, link.region_code) or key_of(*own) for link in links}
    names = names_of([key for key in keys.values() if key])
    context = {
        "indicator": indicator, "up": indicator_crumbs(programme, indicator),
        "may_edit": can(request.user, "kpi.edit", indicator),
        "sources": [
            {
                "link": link, "row": known.get(link.sotkanet_id or 0), "flags": amiss[link.pk],
                "region": names.get(keys[link.pk], ""),
                "credit": credit(link, read_on(link), known.get(link.sotkanet_id or 0), is_looked_up=True),
            }
            for link in links
        ],
    }  # fmt: skip
    return TemplateResponse(request, "kpis/source_list.html", context)


def read_on(link: SourceLink) -> dt.date:
    """The day on which the figures of a source were read; today where nothing was."""
    state = getattr(link, "state", None)
    return timezone.localdate(state.fetched_at) if state and state.fetched_at else timezone.localdate()


def _source(request: HttpRequest, programme: Programme, pk: int, link: int) -> SourceLink:
    rows = SourceLink.objects.filter(programme=programme, indicator=pk).select_related("indicator")
    row: SourceLink = get_editable(rows, request.user, "kpi.edit", pk=link)
    row.programme = row.indicator.programme = programme
    return row


@both_ways
@programme_view("kpi.edit")
def source_edit(request: HttpRequest, programme: Programme, pk: int, link: int) -> HttpResponse:
    """Order, region, gender, group of a source, and whether it is still read."""
    row = _source(request, programme, pk, link)
    return edit_page(
        request, SourceForm, row, title=_("Edit the source"), back=list_url(programme, row.indicator),
        template="kpis/source_edit.html", save=save_source,
        context={
            "up": indicator_crumbs(programme, row.indicator, below=True), "source": row,
            "is_settled": bool(row.sotkanet_id) and linking.has_values(row),
        },
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def source_confirm(request: HttpRequest, programme: Programme, pk: int, link: int) -> HttpResponse:
    """Our label beside Sotkanet's title: one click says that they mean the same."""
    row = _source(request, programme, pk, link)
    if not row.sotkanet_id:
        raise Http404
    known = CatalogueIndicator.objects.filter(pk=row.sotkanet_id).first()
    form = ConfirmForm(request.POST or None, initial={"seen": linking.fingerprint(known)})
    status = 200
    if request.method == "POST":
        status = 422
        form = ConfirmForm(request.POST)
        if form.is_valid():
            try:
                linking.confirm(
                    source=row,
                    row=known,
                    seen=form.cleaned_data["seen"],
                    by=request.user,
                    on=timezone.localdate(),
                )
            except ValidationError as refused:
                form.add_error(None, refused)
                status = 409 if getattr(refused, "code", None) == "changed" else 422
            else:
                messages.success(request, _("Confirmed."))
                return redirect(list_url(programme, row.indicator))
    context: dict[str, Any] = {
        "form": form, "source": row, "label": label_of(row), "catalogue_row": known, "number": row.sotkanet_id,
        "seen": linking.fingerprint(known), "person_page": person_page(row.sotkanet_id),
        "up": indicator_crumbs(programme, row.indicator, below=True),
        "may_read": can(request.user, "kpi.refresh", programme),
        "observations": row.indicator.observations.filter(is_baseline=True).order_by("year", "region_role"),
    } | (facts_of(known) if known is not None else {})  # fmt: skip
    return TemplateResponse(request, "kpis/source_confirm.html", context, status=status)


@both_ways
@programme_view("kpi.edit")
def source_end(request: HttpRequest, programme: Programme, pk: int, link: int) -> HttpResponse:
    """Asks whether a source is read no more, and ends it; one that never gave a value goes altogether."""
    row = _source(request, programme, pk, link)
    if request.method == "POST":
        gone = linking.end(source=row, by=request.user)
        messages.success(
            request,
            _("The source was taken away.") if gone else _("The source is read no more; its values stay."),
        )
        return redirect(list_url(programme, row.indicator))
    context = {
        "source": row, "label": label_of(row), "has_values": linking.has_values(row),
        "up": indicator_crumbs(programme, row.indicator, below=True), "back": list_url(programme, row.indicator),
    }  # fmt: skip
    return TemplateResponse(request, "kpis/source_end.html", context)
