"""The table beside the time line, written in one piece: it says everything that the figure draws, and moves days.

Each milestone that the person may move has a field with the day now expected. Its name carries the milestone and the
day that was shown, so that the server knows what the person saw; the buttons move that day by a week.
Texts from the database are escaped here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import DASH
from core.templatetags.texts import marked
from core.templatetags.ui import SHAPES as SIGNS
from core.text import translated
from programme.models import Programme
from programme.projects.calculations import Standing
from programme.projects.links.graph import WHOLE, Node
from programme.projects.links.selectors import MilestoneRow, Network, ProjectRow
from programme.projects.wording import SHAPES, standing_words


@dataclass(frozen=True)
class Typed:
    """What was typed into the fields of days and not stored: texts, and what is wrong, by milestone."""

    texts: Mapping[int, str] = field(default_factory=dict)
    errors: Mapping[int, str] = field(default_factory=dict)


NOTHING_TYPED = Typed()


@lru_cache(maxsize=4096)
def day_text(day: dt.date | None) -> str:
    """31.3.2024 in every language, as the portal's short dates; a dash for none."""
    return DASH if day is None else f"{day.day}.{day.month}.{day.year}"


def field_name(row: MilestoneRow) -> str:
    """ "d-12-2024-03-31": the field of milestone 12, of which 31.3.2024 was shown as the day now expected."""
    return f"d-{row.pk}-{row.forecast_on.isoformat() if row.forecast_on else ''}"


class Writer:
    """Writes rows for one page; words and names are looked up once."""

    def __init__(
        self, programme: Programme, now: Network, today: dt.date, editable: Collection[int], typed: Typed
    ) -> None:
        self.now, self.today, self.editable, self.typed = now, today, editable, typed
        self.projects_url = reverse("programme:project_list", args=[programme.slug])
        self.names: dict[Node, str] = {}
        self.standings: dict[Standing, str] = {}
        self.words = {
            "planned": _("First planned"), "expected": _("Now expected"), "done": _("Done"), "owner": _("Owner"),
            "waits": _("Waits for"), "standing": _("Standing"), "error": _("Error:"),
            "gap": _("d"), "not_before": _("not before %(day)s"), "field": _("Now expected on"),
            "back": _("A week earlier"), "on": _("A week later"),
        }  # fmt: skip

    def name(self, node: Node) -> str:
        """The escaped name of a node."""
        found = self.names.get(node)
        if found is None:
            found = escape(translated(self.now.row(node), "name").text)  # type: ignore[arg-type]
            self.names[node] = found
        return found

    def marked(self, node: Node) -> str:
        """The same; one in another language than asked carries its mark."""
        text = translated(self.now.row(node), "name")  # type: ignore[arg-type]
        return str(marked(text)) if text.is_fallback else self.name(node)

    def standing(self, found: Standing) -> str:
        """Where a milestone stands, with its shape."""
        told = self.standings.get(found)
        if told is None:
            told = self.standings[found] = _status(SHAPES[found.course], standing_words(found))
        return told

    def body(self, groups: Iterable[tuple[ProjectRow, Sequence[MilestoneRow]]]) -> SafeString:
        """One `<tbody>` for each project: its own row and those of its milestones."""
        return mark_safe("".join(self._group(project, rows) for project, rows in groups))

    def _group(self, project: ProjectRow, rows: Sequence[MilestoneRow]) -> str:
        return (
            f'<tbody data-project="{project.slug}">{self._project(project)}'
            f"{''.join(self._milestone(row, project) for row in rows)}</tbody>"
        )

    def _project(self, row: ProjectRow) -> str:
        now = self.now.at(row.node)
        standing = self._late(row.node)
        if not standing and row.closed_on:
            standing = _status("ok", _("done"))
        words = self.words
        return (
            f'<tr class="group" data-node="p{row.pk}"{_late_mark(now.late_days)}><th scope="rowgroup">'
            f'<a href="{self.projects_url}{row.slug}/">{self.marked(row.node)}</a>'
            f'<span class="small muted"> {day_text(row.starts_on)}–{day_text(row.ends_on)}</span></th>'
            f'<td class="num" data-label="{words["planned"]}">{day_text(row.baseline_ends_on)}</td>'
            f'<td class="num" data-label="{words["expected"]}">{day_text(now.own)}</td>'
            f'<td class="num" data-label="{words["done"]}">{day_text(row.closed_on)}</td>'
            f'<td data-label="{words["owner"]}">{escape(row.manager) or DASH}</td>'
            f'<td data-label="{words["waits"]}">{self._waits(row.node)}</td>'
            f'<td data-label="{words["standing"]}">{standing or DASH}</td></tr>'
        )

    def _milestone(self, row: MilestoneRow, project: ProjectRow) -> str:
        words = self.words
        found = row.standing(self.today)
        may_edit = project.pk in self.editable
        name = self.marked(row.node)
        if may_edit:
            name = f'<a href="{self.projects_url}{project.slug}/milestones/{row.pk}/">{name}</a>'
        expected = self._field(row) if may_edit and row.actual_on is None else day_text(row.expected)
        late = self._late(row.node)
        return (
            f'<tr data-node="m{row.pk}" data-standing="{found.course.value}"'
            f'{_late_mark(self.now.at(row.node).late_days)}><th scope="row">{name}</th>'
            f'<td class="num" data-label="{words["planned"]}">{day_text(row.baseline_on)}</td>'
            f'<td class="num" data-label="{words["expected"]}">{expected}</td>'
            f'<td class="num" data-label="{words["done"]}">{day_text(row.actual_on)}</td>'
            f'<td data-label="{words["owner"]}">{escape(row.owner) or DASH}</td>'
            f'<td data-label="{words["waits"]}">{self._waits(row.node)}</td>'
            f'<td data-label="{words["standing"]}">{self.standing(found)}'
            f"{'<br>' if late else ''}{late}</td></tr>"
        )

    def _field(self, row: MilestoneRow) -> str:
        """The day now expected, with a button for a week earlier and one for a week later."""
        words, name = self.words, self.name(row.node)
        text, error = self.typed.texts.get(row.pk), self.typed.errors.get(row.pk)
        shown = day_text(row.expected) if text is None else escape(text)
        problem = ""
        if error:
            problem = (
                f'<span class="field__error" id="e{row.pk}"><span class="visually-hidden">{words["error"]} </span>'
                f"{escape(error)}</span>"
            )
        told = f' aria-invalid="true" aria-describedby="e{row.pk}"' if error else ""
        return (
            f'{problem}<span class="day-move"><button type="submit" name="week" value="{row.pk}:-7" '
            f'class="link-button" aria-label="{words["back"]}: {name}">−7</button>'
            f'<input type="text" class="input--date" inputmode="numeric" autocomplete="off" '
            f'name="{field_name(row)}" value="{shown}" aria-label="{words["field"]}: {name}"{told}>'
            f'<button type="submit" name="week" value="{row.pk}:7" class="link-button" '
            f'aria-label="{words["on"]}: {name}">+7</button></span>'
        )

    def _waits(self, node: Node) -> str:
        """What it waits for by name, another project's with that project's name."""
        parts = []
        for link in self.now.waits_for.get(node, ()):
            what = self.name(link.what)
            if link.what[1] != WHOLE and link.what[0] != node[0]:
                what = f'{what} <span class="small muted">({self.name((link.what[0], WHOLE))})</span>'
            parts.append(f"{what} + {link.gap}\u00a0{self.words['gap']}" if link.gap else what)
        return "<br>".join(parts) or DASH

    def _late(self, node: Node) -> str:
        now = self.now.at(node)
        if not now.is_warned:
            return ""
        days = ngettext("%(days)s day too early", "%(days)s days too early", now.late_days)
        told = days % {"days": now.late_days}
        when = self.words["not_before"] % {"day": day_text(now.possible)}
        return _status("warn", f"{told}: {when}")


def _late_mark(days: int) -> str:
    return f' data-late-days="{days}"' if days else ""


def _status(kind: str, words: str) -> str:
    """The status component's markup."""
    return (
        f'<span class="status status--{kind}"><span class="status__shape" aria-hidden="true">{SIGNS[kind]}</span>'
        f"{words}</span>"
    )
