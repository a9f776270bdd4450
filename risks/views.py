"""Pages of risks, obstacles, impact areas and promises."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.editing import add_page
from core.permissions import may_somewhere
from measures.models import Measure
from programme.access import programme_view
from programme.models import Programme, Project
from programme.page_selectors import statements_of
from risks.forms import ObstacleForm
from risks.models import Obstacle
from risks.selectors import (
    impact_areas,
    open_obstacles,
    promises_by_audience,
    readable_risks,
    served_by_others,
    settled_obstacles,
)
from risks.services import raise_obstacle

#: Settled obstacles shown below the open ones.
SETTLED = 50


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


@require_safe
@programme_view("risk.view")
def obstacle_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What waits for a decision, oldest first, and what was settled."""
    today = programme.today()
    waiting = [(row, (today - row.raised_on).days) for row in open_obstacles(programme)]
    context = {
        "waiting": waiting,
        "settled": settled_obstacles(programme)[:SETTLED],
        "may_raise": may_somewhere(request.user, "obstacle.raise", programme),
    }
    return TemplateResponse(request, "risks/obstacle_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("obstacle.raise")
def obstacle_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One line: what stops. `?measure=` or `?project=` say what it stops."""
    chosen = _asked_for(request, programme)
    back = reverse("risks:obstacle_list", args=[programme.slug])
    if chosen.get("measure"):
        back = reverse("measures:measure_detail", args=[programme.slug, chosen["measure"].code])
    elif chosen.get("project"):
        back = reverse("programme:project_detail", args=[programme.slug, chosen["project"].slug])

    def make(form: ObstacleForm, by: Any) -> Obstacle:
        return raise_obstacle(
            programme=programme, text=form.cleaned_data["text"], by=by, on=programme.today(),
            measure=form.measure, project=form.project,
        )  # fmt: skip

    return add_page(
        request,
        ObstacleForm,
        programme,
        title=_("Raise an obstacle"),
        back=back,
        done=lambda row: back,
        initial={name: row.pk for name, row in chosen.items()},
        make=make,  # type: ignore[arg-type]
        submit=_("Raise"),
    )


def _asked_for(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """The measure or project that the address names, by code or short name."""
    chosen: dict[str, Any] = {}
    if request.GET.get("measure"):
        chosen["measure"] = get_object_or_404(Measure, programme=programme, code=request.GET["measure"])
    if request.GET.get("project"):
        chosen["project"] = get_object_or_404(Project, programme=programme, slug=request.GET["project"])
    return chosen
