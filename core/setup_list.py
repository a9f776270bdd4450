"""What a programme needs before its figures can be trusted: checks that each app adds in AppConfig.ready().

A check counts with one cheap query and leads to the page that mends what is missing; the page that lists them
is in `reporting`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Missing:
    """How many are missing; of how many when that says something."""

    count: int
    total: int | None = None


@dataclass(frozen=True)
class Check:
    """One thing that may be missing.

    `find(programme)` makes one query. `url(programme)` is the page that mends it, "" while there is none.
    `blocks` says that figures are wrong or absent without it, not only thinner. `of` is the section's heading.
    """

    key: str
    of: Words
    title: Words
    why: Words
    find: Callable[[Any], Missing]
    url: Callable[[Any], str]
    blocks: bool = False


_CHECKS: dict[str, Check] = {}


def add(*checks: Check) -> None:
    """Puts checks on the list, in this order. The same key again replaces the earlier one."""
    for check in checks:
        _CHECKS[check.key] = check


def all_checks() -> list[Check]:
    return list(_CHECKS.values())
