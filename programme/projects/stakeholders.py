"""Stakeholders of the programme and its projects, and what they are told when and by whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.history import own_context
from core.templatetags.texts import tr_plain
from core.waiting import Waiting, register
from programme.models import CommunicationItem, Programme, Project, Stakeholder

#: Days ahead in which an item of the plan waits for its owner.
AHEAD_DAYS = 14


@dataclass(frozen=True)
class ItemLine:
    """An item of the communication plan and where it stands on a day."""

    row: CommunicationItem
    late_days: int

    @property
    def state(self) -> str:
        if self.row.done_on is not None:
            return "done"
        return "late" if self.late_days else "coming"


@dataclass(frozen=True)
class StakeholderLine:
    """A stakeholder with the items of its plan."""

    row: Stakeholder
    items: list[ItemLine]

    @property
    def late(self) -> int:
        return sum(item.state == "late" for item in self.items)


def line_of(row: CommunicationItem, on: dt.date) -> ItemLine:
    """An item is late from the day after the one it was planned for until it is done."""
    late = (on - row.planned_on).days if row.done_on is None else 0
    return ItemLine(row, max(late, 0))


def stakeholders(programme: Programme) -> QuerySet[Stakeholder]:
    return Stakeholder.objects.filter(programme=programme).select_related("owner", "project__theme")


def communications(programme: Programme) -> QuerySet[CommunicationItem]:
    found = CommunicationItem.objects.filter(programme=programme)
    return found.select_related("owner", "project__theme", "stakeholder")


def lines_of(rows: QuerySet[Stakeholder], on: dt.date) -> list[StakeholderLine]:
    """Stakeholders with their items, what is not done first. Two statements."""
    found = list(rows)
    items: dict[int, list[ItemLine]] = defaultdict(list)
    for item in CommunicationItem.objects.filter(stakeholder__in=found).select_related("owner"):
        items[item.stakeholder_id].append(line_of(item, on))
    return [
        StakeholderLine(row, sorted(items[row.pk], key=lambda item: item.row.done_on is not None))
        for row in found
    ]


def for_project(project: Project, on: dt.date) -> list[StakeholderLine]:
    """The project's own stakeholders with their items."""
    return lines_of(stakeholders(project.programme).filter(project=project), on)


def tell(*, item: CommunicationItem, by: Any, on: dt.date) -> bool:
    """Notes that the item was told; False when it was done already."""
    with transaction.atomic(), own_context(user=by.pk):
        waiting = CommunicationItem.objects.filter(pk=item.pk, done_on=None)
        return waiting.update(done_on=on, updated_by=by) == 1


def place_of(row: Stakeholder | CommunicationItem) -> str:
    """Address of the page that shows it: the project's part, or the list of the programme."""
    stakeholder = row.stakeholder_id if isinstance(row, CommunicationItem) else row.pk
    if row.project is None:
        return (
            reverse("programme:stakeholder_list", args=[row.programme.slug]) + f"#stakeholder-{stakeholder}"
        )
    address = reverse("programme:project_panel", args=[row.programme.slug, row.project.slug, "stakeholders"])
    return f"{address}#stakeholder-{stakeholder}"


# --- what waits for a person -------------------------------------------------------------------------


def waiting_of(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Items of the person's that are late or come within two weeks. One statement."""
    by_id = {programme.pk: programme for programme in programmes}
    if not by_id:
        return []
    last = max(programme.today() for programme in programmes) + dt.timedelta(days=AHEAD_DAYS)
    rows = CommunicationItem.objects.filter(
        owner=user, done_on=None, programme__in=list(by_id), planned_on__lte=last
    ).select_related("stakeholder", "project")
    found = []
    for row in rows:
        row.programme = by_id[row.programme_id]
        detail = tr_plain(row.stakeholder)
        if row.project is not None:
            detail = f"{detail}, {tr_plain(row.project)}"
        found.append(
            Waiting(
                text=row.subject,
                url=place_of(row),
                due_on=row.planned_on,
                programme=row.programme,
                detail=detail,
                do=_("Mark done"),
                is_illustrative=row.is_illustrative,
            )  # fmt: skip
        )
    return found


register("communications", title=_("What you tell stakeholders"), function=waiting_of, place=60)
