"""The register with its matrices, and the page of one risk with what is done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can, may_somewhere
from programme.access import programme_view
from programme.models import Programme, Project
from programme.page_selectors import statements_of
from programme.projects.parts import part_url
from risks.factors import counts_of, factors_of
from risks.models import Mitigation, Risk, RiskAssessment
from risks.register import services
from risks.register.calculations import MOMENTS
from risks.register.charts import level_chart
from risks.register.filters import Asked
from risks.register.forms import (
    AssessmentForm,
    CameTrueForm,
    ProjectRiskForm,
    RaiseForm,
    RiskAddForm,
    RiskForm,
    projects_to_add_to,
)
from risks.register.pictures import pictures_of, summary_of
from risks.register.selectors import lines_of, readable, register_of, served_by_others, serves

READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])


def page_of(risk: Risk) -> str:
    return reverse("risks:risk_detail", args=[risk.programme.slug, risk.pk])


def find_risk(request: HttpRequest, programme: Programme, pk: int, action: str = "risk.edit") -> Risk:
    """The risk for an act: 404 when it is not of the programme, 403 without the right."""
    rows = Risk.objects.filter(programme=programme).select_related("project__theme", "owner")
    row: Risk = get_editable(rows, request.user, action, pk=pk)
    row.programme = programme
    return row


@require_safe
@programme_view("risk.view")
def risk_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The register: the matrix of the moment asked for and the list, both narrowed by the same filters."""
    everything = register_of(programme)
    asked = Asked.of(request.GET.dict(), everything)
    narrowed = asked.narrowed(everything)
    return TemplateResponse(
        request,
        "risks/risk_list.html",
        {
            "lines": asked.in_cell(narrowed),
            "pictures": pictures_of(narrowed, asked.moment),
            "summary": summary_of(everything),
            "asked": asked,
            "moments": MOMENTS,
            "is_empty": not everything,
            "is_illustrative": any(
                one.is_illustrative for line in narrowed for one in line.row.assessments.all()
            ),
            "may_add": can(request.user, "risk.edit", programme)
            or may_somewhere(request.user, "risk.edit", programme)
            and bool(projects_to_add_to(request.user, programme)),
            "may_set": can(request.user, "settings.edit", programme),
            "notes": statements_of(programme, "risk_note"),
            "today": programme.today(),
        },
    )


@require_safe
@programme_view("risk.view")
def risk_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """What the risk is, its levels over time, what is done about it and what moves it."""
    rows = readable(programme).prefetch_related("examples", "level_factors", "obstacles")
    risk: Risk = get_object_or_404(rows, pk=pk)
    risk.programme = programme
    [line] = lines_of(programme, [risk])
    history = sorted(risk.assessments.all(), key=lambda row: (row.assessed_on, row.pk))
    parts = readable(programme).filter(parent=risk, raised_on__isnull=False).exclude(state=Risk.State.CLOSED)
    may_edit = can(request.user, "risk.edit", risk)
    return TemplateResponse(
        request,
        "risks/risk_detail.html",
        {
            "risk": risk,
            "line": line,
            "parts": lines_of(programme, parts),
            "mitigations": _with_rights(request, risk),
            "served": served_by_others(risk, programme),
            "obstacles": risk.obstacles.all(),
            "serves": serves(risk),
            "factors": factors_of(risk, counts_of(programme, risk.level_factors.all())),
            "history": history[::-1],
            "chart": level_chart(history, line.appetite if line.is_threat else None, on=line.today),
            "may_edit": may_edit,
            "may_obstacle": may_edit and can(request.user, "obstacle.raise", risk),
            "today": line.today,
        },
    )


def _with_rights(request: HttpRequest, risk: Risk) -> list[tuple[Mitigation, bool]]:
    """The risk's own mitigations and whether the person may edit each."""
    found = []
    for row in risk.mitigations.all():
        row.risk = risk
        found.append((row, can(request.user, "risk.edit", row)))
    return found


@READ_AND_SEND
@programme_view("risk.edit")
def risk_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new risk of the programme, or of a project that the person chooses."""
    return add_page(
        request, RiskAddForm, programme,
        title=_("Add a risk"),
        back=reverse("risks:risk_list", args=[programme.slug]),
        done=page_of,
        instance=Risk(programme=programme),
        make=services.add_risk,
    )  # fmt: skip


@READ_AND_SEND
@programme_view("project_risk.add")
def project_risk_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A new risk of the project."""
    rows = Project.objects.filter(programme=programme).select_related("theme")
    project: Project = get_editable(rows, request.user, "project_risk.add", slug=slug)
    project.programme = programme
    return add_page(
        request, ProjectRiskForm, programme,
        title=_("Add a risk: %(project)s") % {"project": project.name},
        back=part_url(project, "risks"),
        done=page_of,
        instance=Risk(programme=programme, project=project),
        make=services.add_risk,
    )  # fmt: skip


@READ_AND_SEND
@programme_view("risk.edit")
def risk_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    risk = find_risk(request, programme, pk)
    title = _("Edit risk %(number)s") % {"number": risk.number}
    return edit_page(request, RiskForm, risk, title=title, back=page_of(risk), save=services.edit_risk)


@READ_AND_SEND
@programme_view("risk.edit")
def risk_assess(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A new assessment; it begins with the levels of the one before, where there is one."""
    risk = find_risk(request, programme, pk)
    latest = risk.assessment
    sides = [f"{side}_{moment}" for moment in MOMENTS for side in ("likelihood", "impact")]
    return add_page(
        request, AssessmentForm, programme,
        title=_("Assess risk %(number)s: %(name)s") % {"number": risk.number, "name": risk.name},
        back=page_of(risk),
        done=lambda row: page_of(risk),
        instance=RiskAssessment(programme=programme, risk=risk),
        initial={"assessed_on": programme.today()}
        | ({name: getattr(latest, name) for name in sides} if latest else {}),
        make=services.add_assessment,
    )  # fmt: skip


@READ_AND_SEND
@programme_view("risk.edit")
def assessment_edit(request: HttpRequest, programme: Programme, pk: int, assessment: int) -> HttpResponse:
    """Corrects an assessment; the history keeps what it was."""
    rows = RiskAssessment.objects.filter(programme=programme, risk=pk).select_related("risk__project")
    row: RiskAssessment = get_editable(rows, request.user, "risk.edit", pk=assessment)
    row.programme = row.risk.programme = programme
    title = _("Correct the assessment: risk %(number)s") % {"number": row.risk.number}
    return edit_page(request, AssessmentForm, row, title=title, back=page_of(row.risk))


@require_POST
@programme_view("risk.edit")
def risk_reviewed(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Looked at, the level stays."""
    risk = find_risk(request, programme, pk)
    try:
        services.mark_reviewed(risk=risk, by=request.user, on=programme.today())
        messages.success(request, _("Looked at today; the level stays."))
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    return redirect(page_of(risk))


def _project_risk(request: HttpRequest, programme: Programme, pk: int) -> Risk:
    rows = Risk.objects.filter(programme=programme, project__isnull=False).select_related("project__theme")
    row: Risk = get_editable(rows, request.user, "risk.edit", pk=pk)
    row.programme = programme
    return row


@READ_AND_SEND
@programme_view("risk.edit")
def risk_raise(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Brings a project's risk into the programme's register, alone or as a part of one of its risks."""
    risk = _project_risk(request, programme, pk)
    return edit_page(
        request, RaiseForm, risk,
        title=_("Raise risk %(number)s to the programme") % {"number": risk.number},
        back=page_of(risk),
        submit=_("Raise to the programme") if risk.raised_on is None else None,
        save=services.raise_risk,
    )  # fmt: skip


@require_POST
@programme_view("risk.edit")
def risk_take_back(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The risk is its project's only again."""
    risk = _project_risk(request, programme, pk)
    services.take_back(risk=risk, by=request.user)
    messages.success(request, _("The risk is only the project's again."))
    return redirect(page_of(risk))


@READ_AND_SEND
@programme_view("risk.edit")
def risk_came_true(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The risk turned into an obstacle, in one line."""
    risk = find_risk(request, programme, pk)

    def make(form: Any, by: Any) -> Any:
        return services.come_true(
            risk=risk, text=form.cleaned_data["text"], by=by, on=programme.today(),
            measure=form.cleaned_data.get("measure"),
        )  # fmt: skip

    return add_page(
        request, CameTrueForm, programme,
        title=_("Risk %(number)s came true") % {"number": risk.number},
        back=page_of(risk),
        done=lambda row: page_of(risk),
        submit=_("Raise the obstacle"),
        make=make,
        told=_("Raised as an obstacle. The risk says that it came true."),
    )  # fmt: skip
