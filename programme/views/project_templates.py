"""One page from which the programme office edits what every project goes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.templatetags.texts import tr_plain
from programme.access import programme_view
from programme.models import ChangeElement, PhaseQuestion, PlanPart, Programme, ProjectPhase, ReportQuestion


@dataclass(frozen=True)
class Template:
    """One template: what it is for, where its rows are edited, and which rows it has now."""

    title: str | Promise
    about: str | Promise
    noun: str
    rows: Callable[[Programme], Any]


TEMPLATES = (
    Template(
        _("Parts of the plan"), _("What every project plan must hold, with guidance for who writes it."),
        "plan_template", lambda programme: PlanPart.objects.filter(programme=programme),
    ),
    Template(
        _("Phases"), _("What every project goes through."), "phase_template",
        lambda programme: ProjectPhase.objects.filter(programme=programme),
    ),
    Template(
        _("Questions of the phases"), _("What a project answers in each phase."), "phase_question",
        lambda programme: PhaseQuestion.objects.filter(programme=programme).order_by("phase__number", "position"),
    ),
    Template(
        _("Elements of leading the change"), _("The checklist that every project goes through."),
        "change_element", lambda programme: ChangeElement.objects.filter(programme=programme),
    ),
    Template(
        _("Questions of the monthly report"), _("The one form on which every project reports each month."),
        "report_question", lambda programme: ReportQuestion.objects.filter(programme=programme),
    ),
)  # fmt: skip


@require_safe
@programme_view("settings.edit")
def project_templates(request: HttpRequest, programme: Programme) -> HttpResponse:
    """All templates of projects with what stands in them; a change is seen by every project at once."""
    shown = []
    for template in TEMPLATES:
        try:
            url = reverse(f"programme:{template.noun}_rows", args=[programme.slug])
        except NoReverseMatch:
            continue
        rows = [(tr_plain(row), getattr(row, "is_closed", False)) for row in template.rows(programme)]
        shown.append({"template": template, "url": url, "rows": rows})
    return TemplateResponse(request, "programme/project_templates.html", {"templates": shown})
