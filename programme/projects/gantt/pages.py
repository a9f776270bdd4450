"""What the pages with a time line show: which projects and milestones, drawn and as a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.permissions import can
from core.text import translated
from programme.models import Programme, Project
from programme.projects.gantt.axis import Window, around, zoomed
from programme.projects.gantt.figure import Row, draw
from programme.projects.gantt.table import NOTHING_TYPED, Typed, Writer
from programme.projects.links.graph import Node
from programme.projects.links.selectors import MilestoneRow, Network, ProjectRow
from programme.projects.links.wording import Warning, warning_of

#: Warnings told in full above the figure; the table has them all.
TOLD = 12

Group = tuple[ProjectRow, Sequence[MilestoneRow]]


@dataclass(frozen=True)
class Gantt:
    """A page's figure and table, who is warned, and the stretch that is shown."""

    svg: SafeString
    body: SafeString
    window: Window
    milestone_count: int
    link_count: int
    warnings: list[Warning]
    warned_count: int
    may_move: bool

    @property
    def more_warnings(self) -> int:
        return self.warned_count - len(self.warnings)


def editable_projects(user: Any, programme: Programme, now: Network) -> set[int]:
    """Projects whose milestones the person may move. No statements."""
    if can(user, "project.edit", programme):
        return set(now.projects)
    return {
        row.pk
        for row in now.projects.values()
        if can(user, "project.edit", Project(pk=row.pk, programme_id=programme.pk, theme_id=row.theme_id))
    }


def all_groups(now: Network, theme: int | None) -> list[Group]:
    """Every project with its milestones, or those of one theme."""
    return [
        (row, now.by_project[row.pk])
        for row in now.projects.values()
        if theme is None or row.theme_id == theme
    ]


def groups_around(now: Network, project: int) -> list[Group]:
    """One project with its milestones, then of other projects what it waits for and what waits for it."""
    nodes: set[Node] = set()
    for link in now.links:
        if project in (link.who[0], link.what[0]):
            nodes |= {link.who, link.what}
    others = sorted({node[0] for node in nodes} - {project}, key=list(now.projects).index)
    own: Group = (now.projects[project], now.by_project[project])
    return [own] + [
        (now.projects[pk], [row for row in now.by_project[pk] if row.node in nodes]) for pk in others
    ]


def gantt_of(
    programme: Programme,
    now: Network,
    groups: Sequence[Group],
    *,
    zoom: str = "",
    at: str = "",
    user: Any,
    title: str,
    typed: Typed = NOTHING_TYPED,
) -> Gantt:
    """The figure and table of these projects and milestones. No statements."""
    today = programme.today()
    window = zoomed(zoom, at, today) or around(_days(groups), today)
    if window.at:
        groups = list(within(groups, window))
    shown = {node for project, rows in groups for node in (project.node, *(row.node for row in rows))}
    links = [link for link in now.links if link.who in shown and link.what in shown]
    editable = editable_projects(user, programme, now)
    warned = [node for node in now.warned if node in shown]
    told = [warning_of(now, node) for node in warned[:TOLD]]
    count = sum(len(rows) for _project, rows in groups)
    return Gantt(
        svg=mark_safe(
            draw(
                figure_rows(now, groups), links, pushing_links(now), window,
                today=today, key="gantt", title=title, description=_description(count, len(links), len(warned)),
            )
        ),
        body=Writer(programme, now, today, editable, typed).body(groups),
        window=window,
        milestone_count=count,
        link_count=len(links),
        warnings=[one for one in told if one is not None],
        warned_count=len(warned),
        may_move=any(project.pk in editable for project, _rows in groups),
    )  # fmt: skip


def pushing_links(now: Network) -> Collection[int]:
    """Keys of the links that make somebody's day too early."""
    return {
        found.because.key for found in now.reckoned.values() if found.is_warned and found.because is not None
    }


def figure_rows(now: Network, groups: Iterable[Group]) -> list[Row]:
    """One row for each project and each of its milestones."""
    rows = []
    for project, milestones in groups:
        rows.append(project_row(now, project))
        rows += [milestone_row(now, one) for one in milestones]
    return rows


def project_row(now: Network, project: ProjectRow) -> Row:
    """A project's bar, from its first day to its last; what is missing is taken from its milestones."""
    days = [row.expected for row in now.by_project[project.pk] if row.expected]
    own = now.at(project.node)
    first = project.starts_on or min(days, default=None)
    last = own.own or max(days, default=None)
    return Row(
        project.node,
        translated(project, "name").text,  # type: ignore[arg-type]
        is_head=True,
        bar=(first, max(first, last)) if first and last else None,
        is_open=project.state == Project.State.PLANNED,
        baseline=project.baseline_ends_on if project.baseline_ends_on != own.own else None,
        done=project.closed_on,
        possible=own.possible if own.is_warned else None,
    )


def milestone_row(now: Network, row: MilestoneRow) -> Row:
    """A milestone's marks."""
    own = now.at(row.node)
    return Row(
        row.node,
        translated(row, "name").text,  # type: ignore[arg-type]
        baseline=row.baseline_on,
        expected=row.forecast_on or row.baseline_on,
        done=row.actual_on,
        possible=own.possible if own.is_warned else None,
    )


def _days(groups: Iterable[Group]) -> Iterable[dt.date | None]:
    for project, rows in groups:
        yield from (project.starts_on, project.ends_on, project.baseline_ends_on, project.closed_on)
        for row in rows:
            yield from (row.baseline_on, row.forecast_on, row.actual_on)


def within(groups: Iterable[Group], window: Window) -> Iterable[Group]:
    """What has a day in the window."""
    for project, rows in groups:
        kept = [row for row in rows if window.touches(row.baseline_on, row.expected)]
        if kept or window.touches(project.starts_on, project.closed_on or project.ends_on):
            yield project, kept


def _description(milestones: int, links: int, warned: int) -> str:
    """What the figure holds, for those who do not see it; the table below says it row by row."""
    return ", ".join(
        (
            ngettext("%(count)s milestone", "%(count)s milestones", milestones) % {"count": milestones},
            ngettext("%(count)s link", "%(count)s links", links) % {"count": links},
            ngettext("%(count)s cannot come when planned", "%(count)s cannot come when planned", warned)
            % {"count": warned},
            _("the table below says the same"),
        )
    )
