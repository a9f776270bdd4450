"""Who leads, who answers, and who reports to whom."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.permissions import can
from programme import page_selectors as pages
from programme.access import programme_view
from programme.governance import duties as due
from programme.governance import register
from programme.governance.roles import role_groups
from programme.governance.views.duties import counts_by_state
from programme.models import Perspective, Programme
from programme.parameters import meeting_days


@require_safe
@programme_view("governance.view")
def governance(request: HttpRequest, programme: Programme) -> HttpResponse:
    found = list(pages.duties(programme))
    seen = register.decisions_for(programme, request.user)
    return TemplateResponse(
        request,
        "programme/governance.html",
        {
            "bodies": pages.bodies(programme),
            "duties": found,
            "cadences": due.two_cadences(found),
            "counts": counts_by_state(programme),
            "late_decisions": register.late(programme, seen).count(),
            "days": meeting_days(programme),
            "roles": role_groups(programme),
            "perspectives": Perspective.objects.filter(programme=programme)
            .select_related("owner")
            .prefetch_related("tasks__assignee"),
            "may_edit": can(request.user, "governance.edit", programme),
        },
    )
