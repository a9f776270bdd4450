"""Levels on the matrix, what moved, what is counted once: plain values in and out, no database.

A place is likelihood and impact, each from 1 to 5; its level is their product. What nobody has assessed has no
place: it is never drawn, summed or called good.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SIDES = (1, 2, 3, 4, 5)
#: Whether a risk's place is that of now, of after what is done about it, or what is aimed at.
MOMENTS = ("now", "after", "target")


class Place(NamedTuple):
    """A cell of the matrix."""

    likelihood: int
    impact: int

    @property
    def level(self) -> int:
        return self.likelihood * self.impact

    @property
    def text(self) -> str:
        """As people write it: 4 × 3."""
        return f"{self.likelihood} × {self.impact}"

    @property
    def key(self) -> str:
        """As the address writes it: 4-3."""
        return f"{self.likelihood}-{self.impact}"


def place_of(likelihood: int | None, impact: int | None) -> Place | None:
    """A place when both sides are assessed, else None."""
    return None if likelihood is None or impact is None else Place(likelihood, impact)


def parse_place(text: str) -> Place | None:
    """The place of an address, None for anything else."""
    first, _dash, second = text.partition("-")
    if first.isascii() and second.isascii() and first.isdigit() and second.isdigit():
        found = Place(int(first), int(second))
        return found if found.likelihood in SIDES and found.impact in SIDES else None
    return None


# --- what moved ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Movement:
    """From where a risk came since an earlier day. `before` None: nobody had assessed it by then."""

    before: Place | None
    now: Place

    @property
    def kind(self) -> str:
        """new, up, down, aside (another place of the same level) or same."""
        if self.before is None:
            return "new"
        if self.before == self.now:
            return "same"
        difference = self.now.level - self.before.level
        return "aside" if not difference else "up" if difference > 0 else "down"

    @property
    def arrow(self) -> str:
        return {"new": "+", "up": "↑", "down": "↓", "aside": "↔"}.get(self.kind, "")


def movement(before: Place | None, now: Place | None) -> Movement | None:
    """None while nobody has assessed the risk."""
    return None if now is None else Movement(before, now)


def month_before(day: dt.date) -> dt.date:
    """The last day of the month before: levels are compared with how they stood when the month began."""
    return day.replace(day=1) - dt.timedelta(days=1)


# --- the matrix ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell with the keys of what stands in it; where the line of what is accepted runs along it."""

    place: Place
    keys: tuple[int, ...]
    is_above: bool
    line_top: bool
    line_right: bool


@dataclass(frozen=True)
class MatrixRow:
    likelihood: int
    cells: tuple[Cell, ...]


def matrix(places: Mapping[int, Place | None], appetite: int) -> list[MatrixRow]:
    """Five rows, the most likely first, of five cells, the least impact first. Keys keep their order.

    The line runs between what is accepted (`level <= appetite`) and what is not: over a cell where the cell
    above it is beyond it, and right of a cell where its right neighbour is.
    """
    inside: dict[Place, list[int]] = defaultdict(list)
    for key, place in places.items():
        if place is not None:
            inside[place].append(key)

    def cell(likelihood: int, impact: int) -> Cell:
        place = Place(likelihood, impact)
        accepted = place.level <= appetite
        return Cell(
            place,
            tuple(inside.get(place, ())),
            not accepted,
            accepted and likelihood < SIDES[-1] and (likelihood + 1) * impact > appetite,
            accepted and impact < SIDES[-1] and likelihood * (impact + 1) > appetite,
        )

    return [
        MatrixRow(likelihood, tuple(cell(likelihood, impact) for impact in SIDES))
        for likelihood in reversed(SIDES)
    ]


# --- programme and projects ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What decides where a risk is counted: its project, the risk it is a part of, whether it was raised."""

    key: int
    project: int | None = None
    parent: int | None = None
    is_raised: bool = False


#: Where a risk is counted: in the programme's picture, as a part of a risk there, or in its project only.
PROGRAMME, PART, PROJECT = "programme", "part", "project"


def counted_where(rows: Sequence[Standing]) -> dict[int, str]:
    """Each risk in exactly one of three places (docs/adr/0084).

    In the programme's picture stand its own risks and those that projects raised to stand alone. A raised risk
    under another one is a part of that one and not counted beside it, as long as that one stands in the picture
    itself (a closed or missing one leaves its parts standing alone). The rest are their projects' only.
    """
    own = {row.key for row in rows if row.project is None}
    found = {}
    for row in rows:
        if row.key in own:
            found[row.key] = PROGRAMME
        elif not row.is_raised:
            found[row.key] = PROJECT
        else:
            found[row.key] = PART if row.parent in own else PROGRAMME
    return found


def levels_counted(levels: Iterable[int | None], appetite: int) -> dict[str, int]:
    """How many are above what is accepted, within it, and not assessed."""
    found = Counter(
        "unassessed" if level is None else "above" if level > appetite else "within" for level in levels
    )
    return {key: found[key] for key in ("above", "within", "unassessed")}


# --- the yearly look ------------------------------------------------------------------------------------------


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later; the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))


def review_due(looked: Iterable[dt.date | None], months: int) -> dt.date | None:
    """The day by which a risk is looked at again: so many months after the latest of the days it was looked at.

    None when nobody ever looked at it: it is due at once.
    """
    known = [day for day in looked if day is not None]
    return months_after(max(known), months) if known else None
