"""Figures that the portal counts from its own rows, told by each app, shown by another that does not know it.

    register_count("indicators", _("indicators"), indicators, url=lambda programme: reverse("kpis:indicator_list", ...))

in `AppConfig.ready()` or a module it imports. `function(programme)` answers a whole number by one statement; `url`
leads to the rows behind it and may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from programme.models import Programme


@dataclass(frozen=True)
class Count:
    """One countable thing: its key as stored, its word, how it is counted and where its rows are."""

    key: str
    label: str | Promise
    function: Callable[[Programme], int]
    url: Callable[[Programme], str] | None = None

    def of(self, programme: Programme) -> int:
        return self.function(programme)

    def address(self, programme: Programme) -> str:
        """Where the rows behind the figure are; empty where nothing shows them."""
        return self.url(programme) if self.url else ""


_COUNTS: dict[str, Count] = {}


def register_count(
    key: str,
    label: str | Promise,
    function: Callable[[Programme], int],
    *,
    url: Callable[[Programme], str] | None = None,
) -> None:
    """Adds something to count. Keys are stored in rows: they do not change."""
    if key in _COUNTS:
        raise ValueError(f"Something else is counted under the key {key}.")
    _COUNTS[key] = Count(key, label, function, url)


def known_counts() -> list[Count]:
    """Everything that can be counted, in the order of its keys."""
    return [_COUNTS[key] for key in sorted(_COUNTS)]


def count_named(key: str) -> Count | None:
    return _COUNTS.get(key)


def counted(programme: Programme, keys: Iterable[str]) -> dict[str, int]:
    """The figures of these keys now; keys that nobody counts any more are left out. One statement for each."""
    wanted = dict.fromkeys(key for key in keys if key in _COUNTS)
    return {key: _COUNTS[key].of(programme) for key in wanted}
