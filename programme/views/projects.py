"""Projects: the list, the card and its edits in place, and the roadmap."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, edit_part
from core.listing import Listing
from core.pages import is_part
from core.permissions import can, may_somewhere
from programme import page_selectors as pages
from programme.access import programme_view
from programme.models import ChangeElement, PhaseQuestion, PlanPart, Programme, Project, ProjectPhase
from programme.projects import selectors
from programme.projects.closing import left_open
from programme.projects.filters import COLUMNS, ProjectFilter
from programme.projects.forms import (
    ProjectAddForm,
    ProjectCloseForm,
    ProjectDatesForm,
    ProjectForm,
    ProjectManagerForm,
    ProjectStateForm,
)
from programme.projects.initiatives import initiatives_of
from programme.projects.links.pages import schedule_of
from programme.projects.parts import part_named, shown_parts
from programme.projects.services import add_project, save_project

PROJECTS = Listing("programme:project_list", COLUMNS, default="name", ties=("slug",))
READ_AND_SEND = require_http_methods(["GET", "HEAD", "POST"])

#: Parts of the card that are edited where they stand: their form and what the change is called.
PARTS: dict[str, tuple[type[RowForm], Any]] = {
    "state": (ProjectStateForm, gettext_lazy("Change state and phase")),
    "manager": (ProjectManagerForm, gettext_lazy("Change the manager")),
    "dates": (ProjectDatesForm, gettext_lazy("Change begin and end")),
}


def card_of(project: Project) -> str:
    """Address of the project's card."""
    return reverse("programme:project_detail", args=[project.programme.slug, project.slug])


def find_project(request: HttpRequest, programme: Programme, slug: str, action: str) -> Project:
    """The project of that short name: 404 when there is none, 403 when the person may not do the action to it."""
    project: Project = get_editable(selectors.projects(programme), request.user, action, slug=slug)
    project.programme = programme
    return project


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("project.view")
def project_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One page of the projects that the filters leave; below it what every project goes by."""
    listing = PROJECTS.asked(request, programme)
    filters = ProjectFilter(request.GET, programme=programme, queryset=selectors.projects(programme))
    narrowed = filters.qs if filters.form.is_valid() else filters.queryset.none()
    page = listing.paged(listing.ordered(narrowed))
    rows = list(page.object_list)
    context: dict[str, Any] = {
        "listing": listing,
        "filters": filters,
        "found": page,
        "projects": rows,
        "missing": selectors.missing_parts(programme, rows),
        "plan_parts": list(PlanPart.objects.filter(programme=programme, is_closed=False)),
        "illustrative_count": sum(row.is_illustrative for row in rows),
        "may_add": may_somewhere(request.user, "project.add", programme),
    }
    if is_part(request):
        return TemplateResponse(request, "programme/_project_table.html", context)
    context |= {
        "phases": ProjectPhase.objects.filter(programme=programme).prefetch_related(
            Prefetch("questions", PhaseQuestion.objects.filter(is_closed=False).order_by("position", "id"))
        ),
        "elements": ChangeElement.objects.filter(programme=programme, is_closed=False),
        "initiatives": initiatives_of(programme),
        "notes": pages.statements_of(programme, "change_note"),
    }
    return TemplateResponse(request, "programme/project_list.html", context)


@require_safe
@programme_view("project.view")
def project_detail(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """The page: where the project stands, its milestones and plan; what else there is loads after them."""
    return detail_page(request, find_project(request, programme, slug, "project.view"))


def detail_page(
    request: HttpRequest, project: Project, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    """The page of the project; `refused` says beside its plan why something was not done to it."""
    programme = project.programme
    return TemplateResponse(
        request,
        "programme/project_detail.html",
        {
            "project": project,
            "plan": selectors.plan_of(project),
            "plan_refused": refused,
            "may_ready": can(request.user, "plan.ready", project),
            "schedule": schedule_of(project, programme.today()),
            "on": programme.today(),
            "may_edit": can(request.user, "project.edit", project),
            "may_accept": can(request.user, "plan.accept", project),
            "phase": _phase(project),
            "panels": shown_parts(request, project),
        },
        status=status,
    )


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("project.view")
def project_panel(request: HttpRequest, programme: Programme, slug: str, key: str) -> HttpResponse:
    """One part of the page: a piece of it for htmx, a page of its own for a plain link."""
    project = find_project(request, programme, slug, "project.view")
    found = part_named(request.user, project, key)
    if found is None:
        raise Http404
    context = {"project": project, "part": found} | found.context(request, project)
    template = found.template if is_part(request) else "programme/project_panel.html"
    return TemplateResponse(request, template, context)


def _phase(project: Project) -> ProjectPhase | None:
    """The phase that the project is in; None where the programme has none of that number."""
    return ProjectPhase.objects.filter(programme=project.programme_id, number=project.phase_number).first()


@READ_AND_SEND
@programme_view("project.add")
def project_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new project; its card comes next."""
    back = reverse("programme:project_list", args=[programme.slug])
    return add_page(
        request,
        ProjectAddForm,
        programme,
        title=_("Add a project"),
        back=back,
        done=card_of,
        make=add_project,
    )


@READ_AND_SEND
@programme_view("project.edit")
def project_edit(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Everything about the project but its plan and milestones."""
    project = find_project(request, programme, slug, "project.edit")
    title = _("Edit project: %(name)s") % {"name": project.name}
    return edit_page(request, ProjectForm, project, title=title, back=card_of(project), save=save_project)


@READ_AND_SEND
@programme_view("project.edit")
def project_close(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """How the project ended; names what it leaves open before it is closed."""
    project = find_project(request, programme, slug, "project.edit")
    return edit_page(
        request, ProjectCloseForm, project,
        title=_("Close the project: %(name)s") % {"name": project.name},
        back=card_of(project),
        template="programme/project_close.html",
        context={"project": project, "left": left_open(project)},
        save=save_project,
        submit=_("Close the project"),
    )  # fmt: skip


@READ_AND_SEND
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("project.edit")
def project_part(request: HttpRequest, programme: Programme, slug: str, part: str) -> HttpResponse:
    """State, manager or dates, edited where they stand on the card."""
    if part not in PARTS:
        raise Http404
    project = find_project(request, programme, slug, "project.edit")
    form, title = PARTS[part]
    return edit_part(
        request, form, project,
        title=f"{title}: {project.name}",
        back=card_of(project),
        form_template="programme/project_part_form.html",
        shown_template="programme/project_part.html",
        context={"project": project, "part": part, "may_edit": True},
        shown_context=lambda row: {"project": row, "phase": _phase(row)},
        save=save_project,
    )  # fmt: skip
