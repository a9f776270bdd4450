"""Pages of Sotkanet's catalogue: searching it, one of its indicators, linking it to one of ours."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.limits import PAGE_ROWS
from core.editing import add_page
from core.permissions import can
from core.templatetags.ui import plain_text
from kpis.catalogue import jobs
from kpis.catalogue.credit import THL, cited, person_page
from kpis.catalogue.flags import is_official, lags
from kpis.catalogue.forms import LinkForm, NewIndicatorForm, form_about, make_indicator, make_link
from kpis.catalogue.search import HEAVY, Question, ended_year, found, freshness, is_old
from kpis.catalogue.units import unit_words
from kpis.models import CatalogueIndicator, Indicator, SourceLink
from programme.access import programme_view
from programme.models import Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])
#: An id in an address that Sotkanet can have.
LARGEST = 2**31 - 1


def number_of(text: str) -> int | None:
    """A whole number of an address's query, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def search_url(programme: Programme, kpi: Any = None) -> str:
    address = reverse("kpis:sotkanet_list", args=[programme.slug])
    return f"{address}?kpi={kpi}" if kpi else address


def crumbs(
    programme: Programme, row: CatalogueIndicator | None = None, number: int = 0
) -> list[tuple[str, str]]:
    """The way up from a page of the catalogue."""
    way = [
        (_("Indicators"), reverse("kpis:indicator_list", args=[programme.slug])),
        (_("Sotkanet"), search_url(programme)),
    ]
    if number:
        title = (row.title if row else "") or _("Indicator %(number)s") % {"number": number}
        way.append((title, reverse("kpis:sotkanet_detail", args=[programme.slug, number])))
    return way


@require_safe
@programme_view("kpi.view")
def sotkanet_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Sotkanet's indicators that fit the question, best first, and which of them the programme follows."""
    asked = Question(
        text=request.GET.get("q", "")[:200].replace("\x00", ""),
        producer=number_of(request.GET.get("producer", "")),
        only_going="going" in request.GET,
    )
    copy = freshness()
    # The ids of all that fit are asked once, instead of counting first and sorting again for the page.
    page = Paginator(list(found(asked).values_list("pk", flat=True)), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    shown = CatalogueIndicator.objects.defer(*HEAVY).in_bulk(list(page))
    rows = [shown[pk] for pk in page if pk in shown]
    links = _links(programme, list(shown))
    kpi = number_of(request.GET.get("kpi", ""))
    context = {
        "asked": asked, "copy": copy, "is_old": is_old(copy), "page": page,
        "rows": [
            {
                "row": row, "links": links.get(row.pk, []), "ended": ended_year(row),
                "is_thl": row.organisation_id == THL, "age": row.fetched_at or row.listed_at,
                "lags": lags(row, timezone.localdate()), "is_official": is_official(row),
            }
            for row in rows
        ],
        "kpi": Indicator.objects.filter(programme=programme, pk=kpi).first() if kpi else None,
        "may_read": can(request.user, "kpi.refresh", programme),
        "may_link": can(request.user, "kpi.edit", programme), "up": crumbs(programme)[:1],
    }  # fmt: skip
    return TemplateResponse(request, "kpis/sotkanet_list.html", context)


@require_safe
@programme_view("kpi.view")
def sotkanet_detail(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """Everything our copy says of one indicator, and which of ours follow it."""
    row = CatalogueIndicator.objects.filter(pk=number).first()
    kpi = number_of(request.GET.get("kpi", ""))
    context = {
        "number": number, "row": row, "up": crumbs(programme), "kpi": kpi,
        "links": _links(programme, [number]).get(number, []),
        "person_page": person_page(number), "may_link": can(request.user, "kpi.edit", programme),
        "may_read": number <= LARGEST and can(request.user, "kpi.refresh", programme),
    }  # fmt: skip
    if row is not None:
        context |= facts_of(row)
    return TemplateResponse(request, "kpis/sotkanet_detail.html", context)


def facts_of(row: CatalogueIndicator) -> dict[str, Any]:
    """What pages show of an indicator beside its own columns."""
    today = timezone.localdate()
    return {
        "has_title": is_official(row), "ended": ended_year(row), "lags": lags(row, today),
        "is_thl": row.organisation_id == THL, "unit": unit_words(row.value_type),
        "citation": cited(row.pk, row, "", today), "age": row.fetched_at or row.listed_at,
        "texts": [
            (label, row.texts[name])
            for name, label in (
                ("description", _("Description")), ("interpretation", _("Interpretation")),
                ("limits", _("Limits")), ("legislation", _("Legislation")), ("notices", _("Notices")),
            )
            if row.texts.get(name)
        ],
    }  # fmt: skip


def _links(programme: Programme, numbers: list[int]) -> dict[int, list[SourceLink]]:
    """The programme's sources that read these ids, by id."""
    rows = SourceLink.objects.filter(programme=programme, sotkanet_id__in=numbers).select_related("indicator")
    found_links: dict[int, list[SourceLink]] = {}
    for link in rows.order_by("indicator__position", "position"):
        found_links.setdefault(link.sotkanet_id or 0, []).append(link)
    return found_links


# --- reading --------------------------------------------------------------------------------------------------


@require_POST
@programme_view("kpi.refresh")
def sotkanet_read(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Asks for the whole list; the answer is the page of that work."""
    job = jobs.ask_for_list(programme, request.user)
    return redirect("core:job_detail", programme.slug, job.pk)


@require_POST
@programme_view("kpi.refresh")
def sotkanet_read_one(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """Asks for everything of one indicator."""
    if not 0 < number <= LARGEST:
        return redirect("kpis:sotkanet_list", programme.slug)
    job = jobs.ask_for_details(programme, number, request.user)
    return redirect("core:job_detail", programme.slug, job.pk)


# --- linking --------------------------------------------------------------------------------------------------


@both_ways
@programme_view("kpi.edit")
def sotkanet_link(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """Links the indicator to one of ours: what it is stands beside the choice, and the button confirms it."""
    row = CatalogueIndicator.objects.filter(pk=number).first()
    kpi = number_of(request.GET.get("kpi", ""))
    return add_page(
        request, form_about(LinkForm, row), programme, title=_("Link to an indicator of ours"),
        back=reverse("kpis:sotkanet_detail", args=[programme.slug, number]),
        done=lambda link: _sources_of(programme, link), make=make_link,
        instance=SourceLink(programme=programme, kind=SourceLink.Kind.SOTKANET, sotkanet_id=number),
        initial={"indicator": kpi} if kpi else None, submit=_("This is the one: link it"),
        told=_("Linked. Its values come with the next refresh."), template="kpis/sotkanet_link.html",
        context=_about(programme, row, number),
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def sotkanet_new(request: HttpRequest, programme: Programme, number: int) -> HttpResponse:
    """A new indicator of ours that takes its figures from this one."""
    row = CatalogueIndicator.objects.filter(pk=number).first()
    first: dict[str, Any] = {}
    if row is not None:
        first = {
            f"name_{language}": getattr(row, f"title_{language}")[:500] for language in ("fi", "sv", "en")
        }
        first["unit"] = unit_words(row.value_type, language=programme.language)
    return add_page(
        request, form_about(NewIndicatorForm, row), programme, title=_("New indicator from Sotkanet"),
        back=reverse("kpis:sotkanet_detail", args=[programme.slug, number]),
        done=lambda link: _sources_of(programme, link), make=make_indicator, initial=first,
        submit=_("This is the one: add it"), told=_("Added. Its values come with the next refresh."),
        template="kpis/sotkanet_link.html", context=_about(programme, row, number),
    )  # fmt: skip


def _sources_of(programme: Programme, link: SourceLink) -> str:
    return reverse("kpis:source_list", args=[programme.slug, link.indicator_id])


def _about(programme: Programme, row: CatalogueIndicator | None, number: int) -> dict[str, Any]:
    known = facts_of(row) if row is not None else {}
    return {
        "catalogue_row": row, "number": number, "up": crumbs(programme, row, number),
        "person_page": person_page(number), "may_read": True, **known,
    }  # fmt: skip


def label_of(link: SourceLink) -> str:
    """What we call a source: its own name, else its indicator's."""
    return link.name or plain_text(link.indicator)
