"""Waiting for me: everything that waits for one person as one list over all programmes, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from reporting.mywork import Group, MyWork, Task

#: Groups of my work that wait for somebody else, or tell what others owe.
NOT_MINE = ("raised",)


@dataclass(frozen=True)
class Item:
    """One thing that waits for me: its kind, and the task."""

    kind: str
    heading: str | Promise
    task: Task
    today: date

    @property
    def is_late(self) -> bool:
        return self.task.due_on is not None and self.task.due_on < self.today


@dataclass(frozen=True)
class More:
    """Tasks of a kind that are not named one by one: how many, and where they all are."""

    heading: str | Promise
    count: int
    url: str


def items_of(work: MyWork, today: date) -> list[Item]:
    """What has a day comes first, the earliest on top; the rest by age, the oldest on top."""
    found = [
        Item(group.key, group.heading, task, task.programme.today() if task.programme else today)
        for group in work.groups
        if group.key not in NOT_MINE
        for task in group.tasks
    ]
    return sorted(found, key=_pressing)


def _pressing(item: Item) -> tuple[bool, date, int]:
    due = item.task.due_on
    return due is None, due or date.max, -(item.task.age if item.task.age is not None else -1)


def more_of(work: MyWork) -> list[More]:
    """Kinds of which not everything is named."""
    groups = [group for group in work.groups if group.more and group.key not in NOT_MINE]
    return [More(group.heading, group.more, group.url) for group in groups]


def kinds_of(items: list[Item]) -> list[tuple[str, str | Promise, int]]:
    """Key, heading and number of each kind in the list, in the order of their first item."""
    found: dict[str, tuple[str | Promise, int]] = {}
    for item in items:
        found[item.kind] = (item.heading, found.get(item.kind, ("", 0))[1] + 1)
    return [(key, heading, count) for key, (heading, count) in found.items()]


def others_of(work: MyWork) -> list[Group]:
    """What I wait for from somebody else."""
    return [group for group in work.groups if group.key in NOT_MINE]
