"""The design system shown whole, with live components in every state: in demo mode only."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return TemplateResponse(request, "reporting/styleguide.html", {})
