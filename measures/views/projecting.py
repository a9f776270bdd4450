"""Pages on which measures are made into projects and taken out of them, and given to undertakings beside."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.access import get_editable
from core.editing import RowForm, add_page
from core.editing.drafts import storable
from core.pages import is_part
from core.permissions import can, require
from measures import projecting
from measures.models import Measure
from measures.views.edits import both_ways
from programme.access import programme_view
from programme.models import LinkedInitiative, Programme, Project, Theme

#: Measures that one project can be made of at once.
MOST = 200
JOINED = ("goal__theme", "owner", "project", "linked_initiative")


def _project_address(project: Project) -> str:
    return reverse("programme:project_detail", args=[project.programme.slug, project.slug])


def _measures(programme: Programme) -> Any:
    return Measure.objects.filter(programme=programme).select_related(*JOINED)


@require_POST
@programme_view("project.add")
def measure_make_project(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """Makes a project of one measure in one step: its name, theme and owner are taken over."""
    measure = get_editable(_measures(programme), request.user, "measure.edit", code=code)
    require(request.user, "project.add", measure.goal.theme)
    measure.programme = programme
    is_new = measure.project_id is None
    project = projecting.make_project(measures=[measure], by=request.user)
    if is_new:
        messages.success(request, _("%(code)s is now a project.") % {"code": measure.code})
    return redirect(_project_address(project))


class ProjectOfForm(RowForm):
    """The name, theme and manager of a project that measures are made into."""

    class Meta:
        model = Project
        fields = ["name_fi", "name_sv", "name_en", "theme", "manager"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not can(self.user, "project.add", self.programme):
            field: Any = self.fields["theme"]
            mine = [theme.pk for theme in field.queryset if can(self.user, "project.add", theme)]
            field.queryset, field.required = Theme.objects.filter(pk__in=mine), True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(f"name_{code}") for code in ("fi", "sv", "en")) and not self.errors:
            self.add_error("name_fi", gettext_lazy("Give the name in at least one language."))
        return cleaned


@both_ways
@programme_view("project.add")
def project_make(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Makes the measures that the address names into one project."""
    ids = [pk for pk in request.GET.getlist("row") if pk.isascii() and pk.isdigit()][: MOST + 1]
    rows = list(_measures(programme).filter(pk__in=ids).order_by("code"))
    for row in rows:
        row.programme = programme
        require(request.user, "measure.edit", row)
    taken = [row for row in rows if row.project_id is not None]
    first: dict[str, Any] = {}
    if rows:
        first = dict(projecting.names_of(rows))
        first |= {"theme": projecting.theme_of(rows), "manager": projecting.manager_of(rows)}

    def make(form: RowForm, by: Any) -> Project:
        if not rows:
            raise ValidationError(_("Choose the measures in the list first."), code="none")
        if len(rows) > MOST:
            raise ValidationError(
                _("At most %(n)s measures are made into one project at once.") % {"n": MOST}
            )
        told = form.cleaned_data
        if taken:  # one that is in a project would answer that project
            raise projecting.InAProject(taken)
        names = {f"name_{code}": told[f"name_{code}"] for code in ("fi", "sv", "en")}
        return projecting.make_project(
            measures=rows, by=by, names=names, theme=told["theme"], manager=told["manager"]
        )

    return add_page(
        request, ProjectOfForm, programme,
        title=_("Make a project of measures"),
        back=reverse("measures:measure_list", args=[programme.slug]),
        done=_project_address,
        initial=first, make=make, submit=_("Make the project"),
        template="measures/project_make.html",
        context={"rows": rows, "taken": taken, "action": request.get_full_path()},
    )  # fmt: skip


# --- measures of a project ---------------------------------------------------------------------------


def _find_project(request: HttpRequest, programme: Programme, slug: str) -> Project:
    rows = Project.objects.filter(programme=programme).select_related("theme")
    project: Project = get_editable(rows, request.user, "project.edit", slug=slug)
    project.programme = programme
    return project


def project_part(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The part of a project's page: its measures, and what may be done with each."""
    may_edit = can(request.user, "project.edit", project)
    rows = list(project.measures.select_related("goal__theme", "owner", "project").order_by("code"))
    for row in rows:
        row.programme = project.programme
        row.may_take_out = may_edit and can(request.user, "measure.edit", row)  # type: ignore[attr-defined]
    return {"rows": rows, "may_edit": may_edit}


def _back_to(project: Project) -> str:
    return f"{_project_address(project)}#part-measures"


class ChosenForm(forms.Form):
    """The measures ticked, out of those offered."""

    row = forms.ModelMultipleChoiceField(
        queryset=Measure.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one measure.")},
    )

    def __init__(self, data: Any, rows: Any) -> None:
        super().__init__(data)
        self.fields["row"].queryset = rows  # type: ignore[attr-defined]


@both_ways
@programme_view("project.edit")
def project_measures(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Chooses measures that are in no project yet: those of the project's theme, or all."""
    project = _find_project(request, programme, slug)
    offered = projecting.without_project(programme)
    if project.theme_id and "all" not in request.GET:
        offered = offered.filter(goal__theme=project.theme_id)
    query = storable(request.GET.get("q", ""))[:200]
    offered = offered.filter(name_fi__icontains=query) if query else offered
    form = ChosenForm(request.POST if request.method == "POST" else None, offered)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        chosen = list(form.cleaned_data["row"])
        for row in chosen:
            require(request.user, "measure.edit", row)
        try:
            count = projecting.add_to_project(project=project, measures=chosen, by=request.user)
        except ValidationError as refused:
            form.add_error("row", refused)
        else:
            told = ngettext(
                "%(n)s measure came to the project.", "%(n)s measures came to the project.", count
            )
            messages.success(request, told % {"n": count})
            return redirect(_back_to(project))
    shown = [row for row in offered[:MOST] if can(request.user, "measure.edit", row)]
    context = {"project": project, "rows": shown, "form": form, "all": "all" in request.GET,
               "query": query, "back": _back_to(project)}  # fmt: skip
    return TemplateResponse(request, "measures/project_measures.html", context, status=status)


@require_POST
@programme_view("project.edit")
def measure_take_out(request: HttpRequest, programme: Programme, slug: str, code: str) -> HttpResponse:
    """Takes a measure out of the project."""
    project = _find_project(request, programme, slug)
    measure = get_editable(_measures(programme), request.user, "measure.edit", code=code)
    if projecting.take_out(measure=measure, project=project, by=request.user):
        messages.success(request, _("%(code)s is in no project any more.") % {"code": measure.code})
    return redirect(_back_to(project))


# --- measures of an undertaking beside the programme --------------------------------------------------


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("measure.view")
def initiative_measures(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """The measures that the undertaking carries out: a piece of its page for htmx, a page of its own else."""
    return _initiative_page(request, _initiative(programme, key))


def _initiative(programme: Programme, key: str) -> LinkedInitiative:
    row: LinkedInitiative = get_object_or_404(LinkedInitiative, programme=programme, key=key)
    row.programme = programme
    return row


def _initiative_page(
    request: HttpRequest, initiative: LinkedInitiative, status: int = 200, **more: Any
) -> HttpResponse:
    rows = list(_measures(initiative.programme).filter(linked_initiative=initiative).order_by("code"))
    for row in rows:
        row.programme = initiative.programme
        row.may_edit = can(request.user, "measure.edit", row)
    template = (
        "measures/_initiative_measures.html" if is_part(request) else "measures/initiative_measures.html"
    )
    context = {"initiative": initiative, "rows": rows} | more
    return TemplateResponse(request, template, context, status=status)


@require_POST
@programme_view("measure.edit")
def initiative_measure(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """Gives the measure of that code to the undertaking, or with `out` takes it back."""
    initiative = _initiative(programme, key)
    code = request.POST.get("measure", "").strip().upper()
    measure = _measures(programme).filter(code=code).first()
    if measure is None:
        told = _("The programme has no measure with this code.")
        return _initiative_page(request, initiative, status=422, typed=code, error=told)
    if not can(request.user, "measure.edit", measure):
        raise PermissionDenied(_("Your role does not include this page."))
    act = projecting.no_longer_by if "out" in request.POST else projecting.carry_out_by
    if act(initiative=initiative, measure=measure, by=request.user):
        messages.success(request, _("Saved."))
    return redirect(
        reverse("programme:initiative_detail", args=[programme.slug, initiative.key]) + "#part-measures"
    )
