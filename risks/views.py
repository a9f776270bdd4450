"""Pages of risks, impact areas and promises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of
from risks.selectors import impact_areas, promises_by_audience, readable_risks, served_by_others


@require_safe
@programme_view("risk.view")
def risk_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    risks = list(readable_risks(programme))
    return TemplateResponse(
        request,
        "risks/risk_list.html",
        {
            "risks": risks,
            "is_illustrative": any(row.is_illustrative for risk in risks for row in risk.assessments.all()),
            "notes": statements_of(programme, "risk_note"),
        },
    )


@require_safe
@programme_view("risk.view")
def risk_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    risk = get_object_or_404(readable_risks(programme), pk=pk)
    return TemplateResponse(
        request, "risks/risk_detail.html", {"risk": risk, "served": served_by_others(risk)}
    )


@require_safe
@programme_view("risk.view")
def impact_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "risks/impact_list.html",
        {"areas": impact_areas(programme), "notes": statements_of(programme, "impact_note")},
    )


@require_safe
@programme_view("risk.view")
def promise_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request, "risks/promise_list.html", {"audiences": promises_by_audience(programme)}
    )
