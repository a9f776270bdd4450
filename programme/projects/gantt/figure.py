"""The time line as one SVG: bars of projects, marks of milestones told apart by shape, arrows from what is waited for.

Written in one piece: two hundred rows by templates or one function for each element take several times as long.
Only presentation attributes and classes are written (strict policy on styles). Every text is escaped here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from core.charts.drawing import AXIS, FONT, GREY, GRID, INK, MUTED, PETROL, PETROL_2, PETROL_3, SURFACE
from core.charts.drawing import GOLD as AMBER
from core.periods import format_date
from programme.projects.gantt.axis import Window, ticks
from programme.projects.links.graph import Link, Node

WIDTH, LABELS, RIGHT = 1120.0, 252.0, 16.0
ROW, HEAD = 24.0, 70.0
#: Letters of a label that fit beside the plot.
LETTERS = 36


@dataclass(slots=True)
class Row:
    """One line of the figure. Days that are None are not drawn.

    `bar` is from the first day to the last; `baseline`, `expected` and `done` are marks; `possible` is the earliest
    day of what is warned. `marks` are further days with a mark of their own (decisions).
    """

    node: Node | None
    label: str
    is_head: bool = False
    bar: tuple[dt.date, dt.date] | None = None
    is_open: bool = False
    baseline: dt.date | None = None
    expected: dt.date | None = None
    done: dt.date | None = None
    possible: dt.date | None = None
    marks: Sequence[dt.date] = field(default_factory=tuple)

    @property
    def end(self) -> dt.date | None:
        """The day at which arrows begin and end."""
        return self.done or self.expected or self.baseline or (self.bar[1] if self.bar else None)


def draw(
    rows: Sequence[Row],
    links: Iterable[Link],
    pushing: Iterable[int],
    window: Window,
    *,
    today: dt.date,
    key: str,
    title: str,
    description: str,
    rings: str = "",
) -> str:
    """The figure. `pushing` are the keys of links that make somebody late: they are drawn thick.

    `rings` says what the `marks` of rows are, where there are any.
    """
    plot = WIDTH - LABELS - RIGHT
    scale = plot / window.days
    height = HEAD + ROW * len(rows) + 10

    def x_of(day: dt.date) -> float:
        at = LABELS + ((day - window.first).days + 0.5) * scale
        return min(max(at, LABELS), LABELS + plot)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" width="{WIDTH:.0f}" '
        f'height="{height:.0f}" role="img" aria-labelledby="{key}-t {key}-d" class="gantt" '
        f'font-family="{escape(FONT)}" font-size="12.5"><title id="{key}-t">{escape(title)}</title>'
        f'<desc id="{key}-d">{escape(description)}</desc>',
        _legend(rings),
        *_grid(window, plot, height),
    ]
    places = {
        row.node: (row, HEAD + ROW * at + ROW / 2) for at, row in enumerate(rows) if row.node is not None
    }
    parts += _arrows(links, set(pushing), places, window, x_of)
    for at, row in enumerate(rows):
        _row(parts, row, HEAD + ROW * at + ROW / 2, window, x_of)
    if window.first <= today <= window.last:
        x = x_of(today)
        parts.append(
            f'<path d="M{x:.1f} {HEAD - 8:.0f}V{height - 6:.0f}" stroke="{INK}" stroke-width="1.5" '
            f'stroke-dasharray="5 3" class="ch-s-ink" data-today="{today.isoformat()}"/>'
            f'<text x="{min(x, WIDTH - 60):.1f}" y="{HEAD - 11:.0f}" text-anchor="middle" font-weight="600" '
            f'fill="{INK}" class="ch-ink ch-halo" stroke="{SURFACE}" stroke-width="4" paint-order="stroke">'
            f"{escape(_('today'))} {escape(format_date(today))}</text>"
        )
    parts.append("</svg>")
    return "".join(parts)


# --- marks --------------------------------------------------------------------------------------------------------


def diamond(x: float, y: float, *, hollow: bool = False) -> str:
    """First planned (hollow) or now expected (filled)."""
    if hollow:
        return (
            f'<path d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5l-5.5 5.5l-5.5-5.5z" fill="{SURFACE}" stroke="{PETROL_2}" '
            f'stroke-width="1.5" class="g-base"/>'
        )
    return (
        f'<path d="M{x:.1f} {y - 6.5:.1f}l6.5 6.5l-6.5 6.5l-6.5-6.5z" fill="{PETROL}" class="ch-f-actual"/>'
    )


def done_mark(x: float, y: float) -> str:
    """A square with a tick."""
    return (
        f'<path d="M{x - 6:.1f} {y - 6:.1f}h12v12h-12z" fill="{PETROL}" class="ch-f-actual"/>'
        f'<path d="M{x - 3:.1f} {y:.1f}l2.4 2.6l4-5" fill="none" stroke="{SURFACE}" stroke-width="1.7" '
        f'class="ch-hatch"/>'
    )


def warned_mark(x: float, y: float) -> str:
    """A triangle with an exclamation mark."""
    return (
        f'<path d="M{x:.1f} {y - 6.5:.1f}l7 12.5h-14z" fill="{AMBER}" class="ch-f-target"/>'
        f'<path d="M{x:.1f} {y - 2:.1f}v4m0 1.4v1.6" stroke="{SURFACE}" stroke-width="1.6" class="ch-hatch"/>'
    )


def decision_mark(x: float, y: float) -> str:
    """A ring."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{SURFACE}" stroke="{PETROL}" stroke-width="2.4" '
        f'class="g-ring"/>'
    )


def _legend(rings: str) -> str:
    """What the shapes mean, in words beside them."""
    parts, x = [], 8.0
    shapes: tuple[tuple[Callable[[float], str], str], ...] = (
        (lambda at: diamond(at, 12, hollow=True), _("first planned")),
        (lambda at: diamond(at, 12), _("now expected")),
        (lambda at: done_mark(at, 12), _("done")),
        (lambda at: warned_mark(at, 12), _("cannot come then: the earliest day is beside it")),
        (_legend_arrow, _("waits for (thick: makes late)")),
    )
    if rings:
        shapes = (*shapes, (lambda at: decision_mark(at, 12), rings))
    for mark, words in shapes:
        parts.append(mark(x))
        parts.append(f'<text x="{x + 13:.1f}" y="16" fill="{MUTED}" class="ch-muted">{escape(words)}</text>')
        x += 13 + 6.6 * len(words) + 22
    return "".join(parts)


def _legend_arrow(x: float) -> str:
    return (
        f'<path d="M{x - 6:.1f} 12h9" stroke="{GREY}" class="ch-s-reference"/>'
        f'<path d="M{x + 8:.1f} 12l-6-3.5v7z" fill="{GREY}" class="ch-f-reference"/>'
    )


# --- the plot -------------------------------------------------------------------------------------------------------


def _grid(window: Window, plot: float, height: float) -> list[str]:
    lines, labels = [], []
    scale = plot / window.days
    for day, label in ticks(window, plot):
        x = LABELS + (day - window.first).days * scale
        lines.append(f"M{x:.1f} {HEAD - 4:.0f}V{height - 6:.0f}")
        labels.append(
            f'<text x="{x + 3:.1f}" y="{HEAD - 28:.0f}" fill="{MUTED}" class="ch-muted">{label}</text>'
        )
    return [
        f'<path d="{"".join(lines)}" stroke="{GRID}" class="ch-grid"/>',
        *labels,
        f'<path d="M{LABELS:.0f} {HEAD - 4:.0f}V{height - 6:.0f}" stroke="{AXIS}" class="ch-axis"/>',
    ]


def _row(parts: list[str], row: Row, y: float, window: Window, at: Callable[[dt.date], float]) -> None:
    """Label, bar and marks of one line."""
    label = row.label if len(row.label) <= LETTERS else f"{row.label[: LETTERS - 1].rstrip()}…"
    style = (
        f'font-weight="600" fill="{INK}" class="ch-ink"'
        if row.is_head
        else f'fill="{MUTED}" class="ch-muted"'
    )
    indent = 0 if row.is_head else 14
    parts.append(f'<text x="{indent}" y="{y + 4:.1f}" {style}>{escape(label)}</text>')
    if row.bar is not None and window.touches(*row.bar):
        _bar(parts, row, y, at)
    shown = row.done or row.expected
    if row.baseline and shown and row.baseline != shown and window.touches(*sorted((row.baseline, shown))):
        parts.append(
            f'<path d="M{at(row.baseline):.1f} {y:.1f}H{at(shown):.1f}" stroke="{PETROL_2}" '
            f'stroke-dasharray="2 3" class="ch-s-claimed"/>'
        )
    if row.baseline and window.touches(row.baseline, None) and row.baseline != row.done:
        parts.append(diamond(at(row.baseline), y, hollow=True))
    if row.done and window.touches(row.done, None):
        parts.append(done_mark(at(row.done), y))
    elif row.expected and not row.done and window.touches(row.expected, None):
        parts.append(diamond(at(row.expected), y))
    parts += [decision_mark(at(day), y) for day in row.marks if window.touches(day, None)]
    if row.possible is not None:
        _warned(parts, row, y, window, at)


def _bar(parts: list[str], row: Row, y: float, at: Callable[[dt.date], float]) -> None:
    first, last = row.bar or (dt.date.min, dt.date.min)
    x, width = at(first), max(at(last) - at(first), 2.0)
    fill = (
        f'fill="{SURFACE}" stroke="{PETROL_2}" stroke-width="1.5" class="g-base"'
        if row.is_open
        else f'fill="{PETROL_3}" stroke="{PETROL_2}" class="ch-b-forecast"'
    )
    parts.append(f'<rect x="{x:.1f}" y="{y - 5:.1f}" width="{width:.1f}" height="10" {fill}/>')


def _warned(parts: list[str], row: Row, y: float, window: Window, at: Callable[[dt.date], float]) -> None:
    """The triangle at the earliest day and the day in words, on the side where there is room."""
    if row.possible is None or not window.touches(row.end, row.possible):
        return
    x = at(row.possible)
    words = escape(_("not before %(day)s") % {"day": format_date(row.possible)})
    turned = x > WIDTH - 170
    start = (
        min([x, *(at(day) for day in (row.baseline, row.expected, row.end) if day)]) - 12
        if turned
        else x + 11
    )
    anchor = ' text-anchor="end"' if turned else ""
    parts.append(
        f'{warned_mark(x, y)}<text x="{start:.1f}" y="{y + 4:.1f}"{anchor} fill="{INK}" font-weight="600" '
        f'class="ch-ink ch-halo" stroke="{SURFACE}" stroke-width="4" paint-order="stroke" data-late>{words}</text>'
    )


def _arrows(
    links: Iterable[Link],
    pushing: set[int],
    places: Mapping[Node, tuple[Row, float]],
    window: Window,
    x_of: Callable[[dt.date], float],
) -> list[str]:
    """One path for all arrows of a kind: four hundred elements would only be heavier."""
    drawn: dict[bool, tuple[list[str], list[str]]] = {False: ([], []), True: ([], [])}
    count = 0
    for link in links:
        if link.who not in places or link.what not in places:
            continue
        (who, y2), (what, y1) = places[link.who], places[link.what]
        if who.end is None or what.end is None or not window.touches(*sorted((who.end, what.end))):
            continue
        lines, heads = drawn[link.key in pushing]
        lines.append(_line(x_of(what.end), y1, x_of(who.end), y2))
        heads.append(f"M{x_of(who.end) - 7:.1f} {y2:.1f}l-6-3.5v7z")
        count += 1
    parts = [f'<g data-arrows="{count}">']
    for thick, (lines, heads) in drawn.items():
        if lines:
            stroke, fill, css, width = (
                (AMBER, AMBER, "target", "2.4") if thick else (GREY, GREY, "reference", "1")
            )
            parts.append(
                f'<path d="{"".join(lines)}" fill="none" stroke="{stroke}" stroke-width="{width}" '
                f'class="ch-s-{css}"/><path d="{"".join(heads)}" fill="{fill}" class="ch-f-{css}"/>'
            )
    return [*parts, "</g>"]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    """Out of the mark to the right, up or down, and into the other mark from its left."""
    if x2 - x1 >= 26:
        return f"M{x1 + 7:.1f} {y1:.1f}h4V{y2:.1f}H{x2 - 12:.1f}"
    between = y2 - ROW / 2 if y2 > y1 else y2 + ROW / 2
    return f"M{x1 + 7:.1f} {y1:.1f}h4V{between:.1f}H{x2 - 18:.1f}V{y2:.1f}H{x2 - 12:.1f}"
