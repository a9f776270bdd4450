"""What waits for one person, told by each app, read by the first page as one list over all programmes.

    register("duties", title=_("Duties"), function=duties_of)        in `AppConfig.ready()` or a module it imports

`function(user, programmes)` answers rows that wait for this person in the programmes given (those they see), in a
number of statements that does not grow with the rows. It asks the right itself: what somebody may no longer do or
see does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is, where it is done, by when; since when gives its age.

    `detail` says more in a few words, `do` is the word on its button ("Decide"; "Show" where none is said).
    """

    text: str
    url: str
    due_on: date | None = None
    programme: Any = None
    since: date | None = None
    detail: str = ""
    do: str | Promise = ""
    is_illustrative: bool = False


Answer = Callable[[Any, Sequence[Any]], list[Waiting]]


@dataclass(frozen=True)
class Kind:
    """Things of one kind that may wait for somebody."""

    key: str
    title: str | Promise
    function: Answer
    place: int = 50


_KINDS: dict[str, Kind] = {}


def register(key: str, *, title: str | Promise, function: Answer, place: int = 50) -> None:
    """Adds a kind of waiting; kinds stand in the order of `place`, then of their keys."""
    if key in _KINDS:
        raise ValueError(f"Something else waits under the name {key}.")
    _KINDS[key] = Kind(key, title, function, place)


def waiting_for(user: Any, programmes: Sequence[Any]) -> list[tuple[Kind, list[Waiting]]]:
    """Every kind that holds something for the person, in order."""
    if not programmes:
        return []
    kinds = sorted(_KINDS.values(), key=lambda kind: (kind.place, kind.key))
    found = [(kind, kind.function(user, programmes)) for kind in kinds]
    return [(kind, rows) for kind, rows in found if rows]
