"""Who looks for which kind of deviation.

    register_finder(Deviation.Kind.FORECAST_MISSED, function)      in `AppConfig.ready()` or a module it imports

`function(programme, today)` answers every cause that stands on that day, in a number of statements that does not grow
with the rows. A cause is known by its kind and key: the key may not change while the cause is the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from programme.models import Deviation, Programme


@dataclass(frozen=True)
class Cause:
    """One cause that stands: what it is about, what its words are made of (plain JSON), and who acts by when.

    `params` are facts that stay while the cause stays as it is ("expected on the 3rd"), never "days until today".
    `theme`, `project` and `measure` are ids by which the row is found on other pages. Without `due_on` the owner has
    the programme's working days.
    """

    key: str
    about: Any
    params: Mapping[str, Any] = field(default_factory=dict)
    owner: Any = None
    due_on: dt.date | None = None
    amount_eur_cents: int | None = None
    theme: int | None = None
    project: int | None = None
    measure: int | None = None

    @property
    def kept(self) -> dict[str, Any]:
        """The params as they are stored, with where the row belongs and whether it is an illustration."""
        places = {"theme": self.theme, "project": self.project, "measure": self.measure}
        illustrative = {"illustrative": True} if getattr(self.about, "is_illustrative", False) else {}
        return dict(self.params) | {name: pk for name, pk in places.items() if pk is not None} | illustrative


Finder = Callable[[Programme, dt.date], list[Cause]]
_FINDERS: dict[str, list[Finder]] = defaultdict(list)


def register_finder(kind: str, function: Finder) -> None:
    """Adds a finder of a kind; several apps may find the same kind (updates of measures and of projects)."""
    _FINDERS[str(kind)].append(function)


def finders(kinds: Any = None) -> dict[str, list[Finder]]:
    """Finders by kind, of all kinds or of those asked for."""
    return {kind: found for kind, found in _FINDERS.items() if kinds is None or kind in kinds}


def found_kinds() -> list[str]:
    """The kinds that are found by themselves, in the order of the model."""
    return [str(kind) for kind in Deviation.Kind.values if kind in _FINDERS]
