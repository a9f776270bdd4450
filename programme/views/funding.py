"""Money that pays for the change."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("funding.view")
def funding(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/funding.html",
        {
            "sources": pages.funding_sources(programme),
            "notes": pages.statements_of(programme, "funding_note", "parallel_work"),
        },
    )
