"""The roadmap: activities of the programme, days of decisions, projects and the milestones that are shown on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.permissions import can
from core.text import translated
from programme.models import Decision, Programme, RoadmapActivity
from programme.projects.gantt.axis import Window, around, zoomed
from programme.projects.gantt.figure import Row, draw
from programme.projects.gantt.pages import Group, figure_rows, pushing_links, within
from programme.projects.gantt.table import NOTHING_TYPED, Writer
from programme.projects.links.selectors import Network


@dataclass(frozen=True)
class Roadmap:
    """The figure and what stands beside it."""

    svg: SafeString
    body: SafeString
    window: Window
    activities: list[RoadmapActivity]
    decisions: list[Decision]
    project_count: int
    milestone_count: int

    @property
    def is_empty(self) -> bool:
        return not (self.activities or self.decisions or self.project_count)


def roadmap_of(
    programme: Programme,
    now: Network,
    activities: Sequence[RoadmapActivity],
    *,
    user: Any,
    theme: int | None = None,
    zoom: str = "",
    at: str = "",
) -> Roadmap:
    """Everything that has a day in the stretch. One statement, for the decisions of those who may read them."""
    today = programme.today()
    groups: list[Group] = [
        (row, [one for one in now.by_project[row.pk] if one.is_on_roadmap])
        for row in now.projects.values()
        if theme is None or row.theme_id == theme
    ]
    window = zoomed(zoom, at, today) or around(_days(activities, groups), today)
    shown = [row for row in activities if window.touches(row.starts_on, row.ends_on)]
    groups = list(within(groups, window))
    decisions = decisions_in(programme, user, window)
    count = sum(len(rows) for _project, rows in groups)
    return Roadmap(
        svg=mark_safe(
            draw(
                [*_activity_rows(shown, today), *_decision_rows(decisions), *figure_rows(now, groups)],
                now.links, pushing_links(now), window,
                today=today, key="roadmap", title=_("Roadmap on a time line"),
                description=_description(len(shown), len(groups), count, len(decisions)),
                rings=_("decision") if decisions else "",
            )
        ),
        body=Writer(programme, now, today, (), NOTHING_TYPED).body(groups),
        window=window,
        activities=shown,
        decisions=decisions,
        project_count=len(groups),
        milestone_count=count,
    )  # fmt: skip


def decisions_in(programme: Programme, user: Any, window: Window) -> list[Decision]:
    """Decisions of bodies in the stretch, the earliest first; none for those who may not read them."""
    if not can(user, "register.view", programme):
        return []
    rows = Decision.objects.filter(
        programme=programme, body__isnull=False, decided_on__range=(window.first, window.last)
    )
    return list(rows.select_related("body").order_by("decided_on", "pk"))


def _activity_rows(activities: Sequence[RoadmapActivity], today: dt.date) -> list[Row]:
    """A bar for each activity; one with a day of its own has a mark there."""
    return [
        Row(
            None,
            translated(row, "name").text,
            bar=(row.starts_on, row.ends_on),
            done=row.on_date if row.on_date and row.on_date <= today else None,
            expected=row.on_date,
        )
        for row in activities
    ]


def _decision_rows(decisions: Sequence[Decision]) -> list[Row]:
    """All decisions on one line."""
    days = sorted({row.decided_on for row in decisions})
    return [Row(None, _("Decisions"), is_head=True, marks=days)] if days else []


def _days(activities: Sequence[RoadmapActivity], groups: Sequence[Group]) -> list[dt.date | None]:
    days: list[dt.date | None] = [day for row in activities for day in (row.starts_on, row.ends_on)]
    for project, rows in groups:
        days += [project.starts_on, project.ends_on, project.closed_on, *(row.expected for row in rows)]
    return days


def _description(activities: int, projects: int, milestones: int, decisions: int) -> str:
    """What the figure holds; the lists and the table below say it one by one."""
    return ", ".join(
        (
            ngettext("%(count)s activity", "%(count)s activities", activities) % {"count": activities},
            ngettext("%(count)s project", "%(count)s projects", projects) % {"count": projects},
            ngettext("%(count)s milestone", "%(count)s milestones", milestones) % {"count": milestones},
            ngettext("%(count)s decision", "%(count)s decisions", decisions) % {"count": decisions},
            _("the lists and the table below say the same"),
        )
    )
