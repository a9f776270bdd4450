"""Totals that should agree, beside each other (money.md R9, R11, R12): no Django, no clock, no database.

A total has two ends, cautious and full, added end by end; a single value stands at both of them or, where only
one end is meant, at `full`. Amounts are signed EUR cents, shares hundredths of a per cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from measures.calculations import Difference, add_known, difference

Ends = tuple[int | None, int | None]

#: Where a check belongs on the page.
SOURCE, HANDED_DOWN, BASES = "source", "handed_down", "bases"
#: What became of a check.
DIFFERS, AGREES, OPEN_ENDED, OTHER_BASIS = "differs", "agrees", "not_comparable", "other_basis"


@dataclass(frozen=True, slots=True)
class Part:
    """One row behind a total: what it is (a row with a name, or a word), its ends, where it is shown."""

    name: Any
    ends: Ends
    href: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two totals: which one it is, its ends, the rows it is made of."""

    code: str
    ends: Ends
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """Two totals that should agree. `key` names the pair for good, so that a note stays with it."""

    key: str
    group: str
    first: Side
    second: Side
    unit: str = "money"
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def difference(self) -> Difference | None:
        """First less second, end by end; None when they agree or nothing can be compared."""
        return difference(self.key, self.first.ends, self.second.ends, **self.params)

    @property
    def is_comparable(self) -> bool:
        return any(
            mine is not None and theirs is not None
            for mine, theirs in zip(self.first.ends, self.second.ends, strict=True)
        )

    @property
    def state(self) -> str:
        if not self.is_comparable:
            return OPEN_ENDED
        if self.difference is not None:
            return DIFFERS
        return OTHER_BASIS if self.group == BASES else AGREES

    @property
    def needs_note(self) -> bool:
        """Whether somebody has to say why: the totals differ, or they speak of different things."""
        return self.state in (DIFFERS, OTHER_BASIS)


def side(code: str, parts: Iterable[Part]) -> Side:
    """The total of its parts, end by end; an end is unknown when no part knows it."""
    kept = tuple(parts)
    return Side(
        code, (add_known(part.ends[0] for part in kept), add_known(part.ends[1] for part in kept)), kept
    )


def single(code: str, cents: int | None, parts: Sequence[Part] = ()) -> Side:
    """A total that has one value only, compared at the full end."""
    return Side(code, (None, cents), tuple(parts))


@dataclass(frozen=True, slots=True)
class Footing:
    """The same money summed by several breakdowns: name of the breakdown -> its sum, against `total`."""

    level: str
    total: int | None
    sums: Mapping[str, int | None]

    def gap(self, breakdown: str) -> int:
        """Sum of the breakdown less the total; unknown counts as nothing here, because nothing was summed."""
        return (self.sums[breakdown] or 0) - (self.total or 0)

    @property
    def agrees(self) -> bool:
        return not any(self.gap(name) for name in self.sums)


def moved_since(noted: Mapping[str, int | None] | None, now: Difference | None) -> bool:
    """Whether a difference has another size than when its note was written."""
    if noted is None:
        return False
    then = (noted.get("cautious") or 0, noted.get("full") or 0)
    return then != ((now.cautious or 0, now.full or 0) if now else (0, 0))
