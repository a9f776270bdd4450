"""Links of a project: what it or one of its milestones waits for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from core.access import get_editable
from core.editing import add_page, edit_page
from core.identity_codes import found_in
from programme.access import programme_view
from programme.models import Dependency, Programme, Project
from programme.projects.links.forms import LinkEditForm, LinkForm
from programme.projects.links.selectors import network
from programme.projects.links.services import Watched, add_link, edit_link, link_of, remove_link
from programme.projects.links.wording import named, tell
from programme.views.projects import READ_AND_SEND, card_of, find_project


def _links_at(project: Project) -> str:
    """The card at its links."""
    return f"{card_of(project)}#links"


def _find(request: HttpRequest, programme: Programme, slug: str, pk: int) -> Dependency:
    rows = Dependency.objects.filter(programme=programme, project__slug=slug).select_related("project__theme")
    row: Dependency = get_editable(rows, request.user, "project.edit", pk=pk)
    row.programme = row.project.programme = programme
    return row


def _ends(programme: Programme, row: Dependency) -> dict[str, str]:
    """The names of who waits and of what is waited for."""
    now, link = network(programme), link_of(row)
    return {"who": named(now, link.who), "what": named(now, link.what)}


@READ_AND_SEND
@programme_view("project.edit")
def link_add(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """A link from the project, or from the milestone that `?milestone=` names, to what it waits for."""
    project = find_project(request, programme, slug, "project.edit")
    seen = Watched()

    def make(form: Any, by: Any) -> Dependency:
        row, watched = add_link(form, by)
        seen.now, seen.worse = watched.now, watched.worse
        return row

    chosen = request.GET.get("milestone", "")
    answer = add_page(
        request, LinkForm, programme,
        title=_("Add what %(project)s waits for") % {"project": project.name},
        back=_links_at(project),
        done=lambda row: _links_at(project),
        instance=Dependency(programme=programme, project=project),
        initial={"milestone": int(chosen)} if chosen.isdecimal() and len(chosen) < 16 else None,
        template="programme/link_edit.html",
        context={"project": project},
        make=make,
    )  # fmt: skip
    tell(request, seen.now, seen.worse)
    return answer


@READ_AND_SEND
@programme_view("project.edit")
def link_edit(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Days between and note."""
    row = _find(request, programme, slug, pk)
    seen = Watched()

    def save(form: Any, by: Any) -> Any:
        saved, watched = edit_link(form, by)
        seen.now, seen.worse = watched.now, watched.worse
        return saved

    answer = edit_page(
        request, LinkEditForm, row,
        title=_("%(who)s waits for %(what)s") % _ends(programme, row),
        back=_links_at(row.project),
        template="programme/link_edit.html",
        context={"project": row.project},
        save=save,
    )  # fmt: skip
    tell(request, seen.now, seen.worse)
    return answer


@READ_AND_SEND
@programme_view("project.edit")
def link_remove(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """Asks first, then takes the link away; why is kept in the history."""
    row = _find(request, programme, slug, pk)
    reason = request.POST.get("reason", "")[:1000]
    holds_code = bool(found_in(reason))
    ends = _ends(programme, row)
    if request.method == "POST" and not holds_code:
        remove_link(link=row, by=request.user, reason=reason)
        messages.success(request, _("%(who)s no longer waits for %(what)s.") % ends)
        return redirect(_links_at(row.project))
    return TemplateResponse(
        request,
        "programme/link_remove.html",
        {"project": row.project, "row": row, "reason": reason, "holds_code": holds_code} | ends,
        status=422 if holds_code else 200,
    )
