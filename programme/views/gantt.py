"""Time lines of one project and of all of them, and the days that are moved on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.fields import DateField
from core.permissions import require
from programme.access import programme_view
from programme.models import Programme, Project, Theme
from programme.projects.gantt.pages import Group, all_groups, gantt_of, groups_around
from programme.projects.gantt.table import NOTHING_TYPED, Typed, day_text
from programme.projects.links.graph import later
from programme.projects.links.selectors import Network, ProjectRow, network
from programme.projects.links.services import Move, MovedMeanwhile, move_milestones
from programme.projects.links.wording import tell

#: Parameters that a page with a time line knows, kept when days are moved.
KNOWN = ("zoom", "at", "theme")
DAY = DateField(required=False)


@require_safe
@programme_view("project.view")
def gantt(request: HttpRequest, programme: Programme) -> HttpResponse:
    """All projects with their milestones and links, or those of a theme."""
    return _page(request, programme, network(programme), request.GET.dict())


@require_safe
@programme_view("project.view")
def project_gantt(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """One project with its milestones, and what it is linked to."""
    return _page(request, programme, network(programme), request.GET.dict(), slug=slug)


@require_POST
@programme_view("project.edit")
def milestone_move(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Moves the days now expected that were changed on a time line, all or none, and says who is warned by it."""
    now = network(programme)
    asked = {key: request.POST.get(key, "")[:40] for key in KNOWN}
    slug = request.POST.get("project", "")
    project = _project(now, slug)
    moves, typed = _read(request, now)
    for pk in {now.milestones[move.pk].project_id for move in moves}:
        row = now.projects[pk]
        require(
            request.user, "project.edit",
            Project(pk=row.pk, programme_id=programme.pk, theme_id=row.theme_id),
        )  # fmt: skip
    if typed.errors:
        return _page(request, programme, now, asked, slug=slug, typed=typed, status=422)
    try:
        moved, watched = move_milestones(programme, moves, request.user)
    except MovedMeanwhile as lost:
        fresh = network(programme)
        told = _("Somebody moved this meanwhile: now %(day)s. Save again to go on top.")
        errors = {pk: told % {"day": day_text(day)} for pk, day in lost.now.items()}
        return _page(
            request, programme, fresh, asked, slug=slug, typed=Typed(typed.texts, errors), status=409
        )
    if moved:
        messages.success(
            request,
            ngettext("%(count)s milestone moved.", "%(count)s milestones moved.", moved) % {"count": moved},
        )
        tell(request, watched.now, watched.worse)
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect(address_of(_base(programme, project.slug if project else ""), asked))


# --- inside -------------------------------------------------------------------------------------------------------


def address_of(base: str, asked: Mapping[str, str], **changes: str) -> str:
    """The page with what was asked of it, some of it changed; empty words are left out."""
    kept = {key: value for key, value in {**asked, **changes}.items() if value and key in KNOWN}
    return f"{base}?{urlencode(kept)}" if kept else base


def _base(programme: Programme, slug: str) -> str:
    if slug:
        return reverse("programme:project_gantt", args=[programme.slug, slug])
    return reverse("programme:gantt", args=[programme.slug])


def _read(request: HttpRequest, now: Network) -> tuple[list[Move], Typed]:
    """The days that the form changes, and what was typed. Milestones that are gone are passed over."""
    weeks = _weeks(request.POST.get("week", ""))
    moves: list[Move] = []
    texts: dict[int, str] = {}
    errors: dict[int, str] = {}
    for name, sent in request.POST.items():
        text = str(sent)
        row, shown = _field(name, now)
        if row is None:
            continue
        try:
            wished = DAY.clean(text.strip())
        except ValidationError as refused:
            errors[row.pk], texts[row.pk] = refused.messages[0], text
            continue
        if row.pk in weeks and wished is not None:
            wished = later(wished, weeks[row.pk])
        if wished == (shown or row.baseline_on):
            continue
        if wished is None and row.baseline_on is None:
            errors[row.pk], texts[row.pk] = _("Give the milestone at least one day."), text
            continue
        if wished != shown:
            moves.append(Move(row.pk, shown, wished))
            texts[row.pk] = day_text(wished) if wished else ""
    return moves, Typed(texts, errors)


def _field(name: str, now: Network) -> tuple[Any, dt.date | None]:
    """The milestone that a field is about and the day that was shown; None for other fields."""
    mark, _dash, rest = name.partition("-")
    pk, _dash, day = rest.partition("-")
    if mark != "d" or not pk.isdecimal() or len(pk) > 15:
        return None, None
    try:
        return now.milestones.get(int(pk)), dt.date.fromisoformat(day) if day else None
    except ValueError:
        return None, None


def _weeks(text: str) -> dict[int, int]:
    """ "12:7": milestone 12 a week later."""
    pk, _colon, days = text.partition(":")
    return {int(pk): int(days)} if pk.isdecimal() and len(pk) < 16 and days in ("7", "-7") else {}


def _project(now: Network, slug: str) -> ProjectRow | None:
    """The project of that short name, None for none; unknown ones do not exist."""
    if not slug:
        return None
    found = next((row for row in now.projects.values() if row.slug == slug), None)
    if found is None:
        raise Http404
    return found


def _theme(themes: Sequence[Theme], key: str) -> Theme | None:
    """The theme that the address names; unknown ones do not exist."""
    if not key:
        return None
    found = next((theme for theme in themes if theme.key == key), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    programme: Programme,
    now: Network,
    asked: dict[str, str],
    *,
    slug: str = "",
    typed: Typed = NOTHING_TYPED,
    status: int = 200,
) -> HttpResponse:
    project = _project(now, slug)
    themes = [] if slug else list(Theme.objects.filter(programme=programme))
    theme = _theme(themes, asked.get("theme", "")) if not slug else None
    groups: list[Group] = (
        groups_around(now, project.pk) if project else all_groups(now, theme.pk if theme else None)
    )
    zoom = asked.get("zoom", "")
    found = gantt_of(
        programme, now, groups, zoom=zoom, at=asked.get("at", ""), user=request.user,
        title=_("Milestones and links on a time line"), typed=typed,
    )  # fmt: skip
    window, here = found.window, _base(programme, slug)
    context = {
        "gantt": found,
        "project": project,
        "themes": themes,
        "asked": {key: asked.get(key, "") for key in KNOWN},
        "before": address_of(here, asked, at=window.before) if window.before else "",
        "after": address_of(here, asked, at=window.after) if window.after else "",
        "here": here,
        "problems": len(typed.errors),
        "on": programme.today(),
    }
    return TemplateResponse(request, "programme/gantt.html", context, status=status)
