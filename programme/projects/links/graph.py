"""Waiting reckoned on plain ids and days: who cannot come when they say, and links that would make a circle.

No clock, no database. The meaning of every word here is in docs/adr/0079.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: (project, milestone); the milestone is `WHOLE` for the project itself.
Node = tuple[int, int]
WHOLE = 0


@dataclass(frozen=True, slots=True)
class Point:
    """What a milestone or project says of itself: the day it came or is expected, None where nobody said."""

    day: dt.date | None
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """`who` comes at least `gap` days after `what`. `key` is the row's id, 0 where a project holds its milestone."""

    who: Node
    what: Node
    gap: int = 0
    key: int = 0


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Where a node stands: its own day, the earliest day it can come, and the link that says so.

    `possible` is None for what waits for nothing that has a day.
    """

    own: dt.date | None
    is_done: bool = False
    possible: dt.date | None = None
    because: Link | None = None

    @property
    def late_days(self) -> int:
        """By how many days the own day is too early; 0 for what is done, has no day, or can be kept."""
        if self.is_done or self.own is None or self.possible is None:
            return 0
        return max(0, (self.possible - self.own).days)

    @property
    def is_warned(self) -> bool:
        return self.late_days > 0

    @property
    def is_pushed(self) -> bool:
        """Its day comes from what it waits for, not from what it says itself."""
        return (
            not self.is_done and self.possible is not None and (self.own is None or self.possible > self.own)
        )

    @property
    def settled(self) -> dt.date | None:
        """The day on which it will come as things stand: what others have to reckon with."""
        return self.possible if self.is_pushed else self.own


NOTHING = Reckoned(None)


def later(day: dt.date, days: int) -> dt.date:
    """The day that many days after; at the end of the calendar its last day."""
    return day + dt.timedelta(days=min(days, (dt.date.max - day).days))


def held(nodes: Iterable[Node]) -> list[Link]:
    """A project is not done before its milestones: one link from it to each of them."""
    there = set(nodes)
    return [
        Link((project, WHOLE), (project, milestone))
        for project, milestone in sorted(there)
        if milestone != WHOLE and (project, WHOLE) in there
    ]


def reckon(points: Mapping[Node, Point], links: Iterable[Link]) -> dict[Node, Reckoned]:
    """Every node with the earliest day on which it can come. Links to nodes that are not there are left out.

    Nodes in a circle, and those that wait for one, are left as they say themselves: nothing true can be said.
    """
    waits: dict[Node, list[Link]] = defaultdict(list)
    waiting: dict[Node, list[Node]] = defaultdict(list)
    for link in (*held(points), *links):
        if link.who in points and link.what in points:
            waits[link.who].append(link)
            waiting[link.what].append(link.who)
    left = {node: len(waits[node]) for node in points}
    ready = deque(node for node, count in left.items() if not count)
    found: dict[Node, Reckoned] = {}
    while ready:
        node = ready.popleft()
        found[node] = _reckoned(points[node], waits[node], found)
        for who in waiting[node]:
            left[who] -= 1
            if not left[who]:
                ready.append(who)
    for node, point in points.items():
        found.setdefault(node, Reckoned(point.day, point.is_done))
    return found


def _reckoned(point: Point, waits: Iterable[Link], found: Mapping[Node, Reckoned]) -> Reckoned:
    possible, because = None, None
    for link in waits:
        settled = found[link.what].settled
        if settled is None:
            continue
        day = later(settled, link.gap)
        # Of several that push to the same day the least id is named, so that the same data say the same.
        if possible is None or because is None or (day, because.what) > (possible, link.what):
            possible, because = day, link
    return Reckoned(point.day, point.is_done, possible, because)


def chain(found: Mapping[Node, Reckoned], node: Node) -> list[Link]:
    """From the node back to what began it: the links that push, the nearest first; empty for what is not pushed."""
    links: list[Link] = []
    at = found.get(node, NOTHING)
    while at.is_pushed and at.because is not None:
        links.append(at.because)
        at = found[at.because.what]
    return links


def circle(nodes: Iterable[Node], links: Iterable[Link], new: Link) -> list[Node]:
    """The shortest circle that the new link would close, from who waits round to itself; empty when there is none."""
    follows: dict[Node, list[Node]] = defaultdict(list)
    for link in (*held(nodes), *links):
        follows[link.who].append(link.what)
    came_from: dict[Node, Node | None] = {new.what: None}
    ahead = deque([new.what])
    while ahead and new.who not in came_from:
        node = ahead.popleft()
        for what in follows[node]:
            if what not in came_from:
                came_from[what] = node
                ahead.append(what)
    if new.who not in came_from:
        return []
    return [new.who, *reversed(list(_back(came_from, new.who)))]


def _back(came_from: Mapping[Node, Node | None], node: Node | None) -> Iterator[Node]:
    while node is not None:
        yield node
        node = came_from[node]


def worse(before: Mapping[Node, Reckoned], after: Mapping[Node, Reckoned]) -> list[Node]:
    """Nodes that are warned now and were not, or by fewer days: the most days first."""
    found = [node for node, now in after.items() if now.late_days > before.get(node, NOTHING).late_days]
    return sorted(found, key=lambda node: (-after[node].late_days, node))
