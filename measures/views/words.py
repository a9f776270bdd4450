"""The list of words that the portal explains."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.terms import TERMS
from programme.access import programme_view
from programme.models import Programme


@require_safe
@programme_view("programme.view")
def term_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every word with its meaning, in the order of the registry."""
    return TemplateResponse(request, "measures/term_list.html", {"terms": TERMS.values()})
