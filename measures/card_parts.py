"""Parts of a measure's card that come after it: gates, evidence, use of funding and what else an app adds.

    register("funding", title=_("Cost of the change"), action="funding.view", template="measures/_card_funding.html",
             context=lambda request, programme, measure: {...})

in `AppConfig.ready()` (or a module it imports). The card asks for each part by itself once the card stands, so
that its first answer stays as quick as it was; without scripts each part is a link to a page of its own.
The template gets what `context` gives, with `measure`, `unit` and the rest of the unit switch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from core.permissions import can
from measures.models import Measure
from programme.models import Programme

Context = Callable[[HttpRequest, Programme, Measure], dict[str, Any]]


@dataclass(frozen=True)
class CardPart:
    """One part: its name in the address, its heading, the right that shows it, and how it is filled."""

    name: str
    title: str | Promise
    action: str
    template: str
    context: Context
    place: int = 50


_PARTS: dict[str, CardPart] = {}


def register(
    name: str, *, title: str | Promise, action: str, template: str, context: Context, place: int = 50
) -> None:
    """Adds a part; parts stand in the order of `place`, then of their names."""
    if name in _PARTS:
        raise ValueError(f"The card already has a part called {name}.")
    _PARTS[name] = CardPart(name, title, action, template, context, place)


def parts_for(user: Any, measure: Measure) -> list[CardPart]:
    """The parts that the person may see on this card, in order."""
    found = [part for part in _PARTS.values() if can(user, part.action, measure)]
    return sorted(found, key=lambda part: (part.place, part.name))


def part_named(user: Any, measure: Measure, name: str) -> CardPart | None:
    """The part of that name when it exists and the person may see it."""
    part = _PARTS.get(name)
    return part if part is not None and can(user, part.action, measure) else None
