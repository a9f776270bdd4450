"""Who leads and who reports to whom."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import Perspective, Programme
from programme.parameters import meeting_days


@require_safe
@programme_view("governance.view")
def governance(request: HttpRequest, programme: Programme) -> HttpResponse:
    return TemplateResponse(
        request,
        "programme/governance.html",
        {
            "bodies": pages.bodies(programme),
            "duties": pages.duties(programme),
            "days": meeting_days(programme),
            "perspectives": Perspective.objects.filter(programme=programme)
            .select_related("owner")
            .prefetch_related("tasks"),
        },
    )
