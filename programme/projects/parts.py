"""Parts of a project's page that apps and other modules add to it, as measures.card_parts does for measures.

    register("lights", title=_("Lights"), action="project.view", template="programme/_project_lights.html",
             context=lambda request, project: {...}, place=20)

in `AppConfig.ready()` (or a module it imports). The page asks for each part by itself once it stands, so that
its first answer makes the same few statements however many parts there are; without scripts each part is a
link to a page of its own. A part `at_once=True` stands in the first answer: only for what must be seen before
anything else, and with a fixed number of statements.

The template gets what `context` gives, with `project`, `part` and `is_alone` (on a page of its own). Its outer
element is a `<section class="card">` with a heading of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from core.permissions import can
from programme.models import Project

Context = Callable[[HttpRequest, Project], dict[str, Any]]


@dataclass(frozen=True)
class ProjectPart:
    """One part: its word in the address, its heading, the right that shows it, and how it is filled."""

    key: str
    title: str | Promise
    action: str
    template: str
    context: Context
    place: int = 50
    at_once: bool = False


_PARTS: dict[str, ProjectPart] = {}


def register(
    key: str,
    *,
    title: str | Promise,
    action: str,
    template: str,
    context: Context,
    place: int = 50,
    at_once: bool = False,
) -> None:
    """Adds a part; parts stand in the order of `place`, then of their keys."""
    if key in _PARTS:
        raise ValueError(f"The page of a project already has a part called {key}.")
    _PARTS[key] = ProjectPart(key, title, action, template, context, place, at_once)


def parts_for(user: Any, project: Project) -> list[ProjectPart]:
    """The parts that the person may see on this project's page, in order."""
    found = [part for part in _PARTS.values() if can(user, part.action, project)]
    return sorted(found, key=lambda part: (part.place, part.key))


def part_named(user: Any, project: Project, key: str) -> ProjectPart | None:
    """The part of that key when it exists and the person may see it."""
    part = _PARTS.get(key)
    return part if part is not None and can(user, part.action, project) else None


def part_url(project: Project, key: str) -> str:
    """Address of the part on a page of its own: where its forms go back to without scripts."""
    return reverse("programme:project_panel", args=[project.programme.slug, project.slug, key])


@dataclass(frozen=True)
class Shown:
    """A part as the page shows it: filled at once, or an address to load it from (`filled` is None)."""

    part: ProjectPart
    url: str
    filled: dict[str, Any] | None


def shown_parts(request: HttpRequest, project: Project) -> list[Shown]:
    """All parts of the page for this person; only those that stand at once are filled."""
    return [
        Shown(part, part_url(project, part.key), part.context(request, project) if part.at_once else None)
        for part in parts_for(request.user, project)
    ]
