"""Pieces every SVG figure is put together from: elements, text widths, scales, looks.

Coordinates are floats (pixels); amounts stay exact until they are placed.
Only presentation attributes and classes are written: the page forbids inline styles, and the print and Word
writers have no style sheet. `static/css/charts.css` replaces the colours by class, dark mode included.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from core.money import EUR_CENTS_PER_UNIT, format_decimal

FONT = "system-ui, 'Segoe UI', Roboto, 'Source Sans 3', 'DejaVu Sans', sans-serif"
SIZE = 13.0

INK = "#1b2327"
MUTED = "#5a5a55"
GRID = "#e5e1da"
AXIS = "#8b867d"
SURFACE = "#ffffff"


@dataclass(frozen=True, slots=True)
class Look:
    """How a role is drawn. Dashes, outline and hatching tell roles apart without colour."""

    colour: str
    width: float = 2.0
    dash: str = ""
    outline: bool = False
    hatch: bool = False
    dots: bool = False
    fill: str = ""


PETROL, PETROL_2, PETROL_3, PETROL_4, GOLD, GREY = (
    "#0f4c5c",
    "#3f7d8c",
    "#a9c7cd",
    "#e3eef0",
    "#a96a12",
    "#7b848a",
)

LOOKS: dict[str, Look] = {
    "confirmed": Look(PETROL, 3.0),
    "actual": Look(PETROL, 2.5, dots=True),
    "total": Look(PETROL),
    "claimed": Look(PETROL_2, 2.0),
    "step": Look(PETROL_2),
    "saving": Look(PETROL_2),
    "forecast": Look(PETROL, 2.2, dash="2 3", fill=PETROL_3),
    "range": Look(PETROL_3),
    "band": Look(PETROL_3),
    "plan": Look(PETROL_2, 1.6, dash="6 4", outline=True),
    "plan_approved": Look(PETROL_2, 1.6, dash="10 3 2 3", outline=True),
    "base": Look(PETROL_4, 1.0, outline=False),
    "undecided": Look(PETROL_3, 2.0, dash="4 2"),
    "refused": Look(GREY, 1.6, dash="1 3"),
    "investment": Look(GOLD, hatch=True),
    "target": Look(GOLD, 1.8, dash="7 3"),
    "reference": Look(GREY, 1.6),
    "peer": Look(GREY, 1.0, dash="3 3"),
}
#: For stacked parts without a role of their own, in order.
PARTS = ("part1", "part2", "part3", "part4", "part5", "part6")
LOOKS.update(
    part1=Look(PETROL),
    part2=Look(PETROL_2),
    part3=Look(PETROL_3),
    part4=Look(GOLD, hatch=True),
    part5=Look(GREY, hatch=True),
    part6=Look(PETROL_4),
)


def look_of(role: str) -> Look:
    return LOOKS.get(role, LOOKS["claimed"])


# --- text ------------------------------------------------------------------------------------------


def text_width(text: str, *, size: float = SIZE, bold: bool = False) -> float:
    """A width the text will not exceed in the usual screen fonts, in pixels."""
    total = 0.0
    for letter in text:
        if letter in "iljtfrI.,:;'|!()\u00a0 ":
            total += 0.37
        elif letter in "mwMWÅ@%…€+\u2212":
            total += 0.88
        elif letter.isupper():
            total += 0.69
        else:
            total += 0.6
    return total * size * (1.08 if bold else 1.0)


def wrap(text: str, width: float, *, size: float = SIZE, lines: int = 3) -> list[str]:
    """The text in at most `lines` lines of `width`; what is left over ends in an ellipsis."""
    rows: list[str] = []
    for word in text.split():
        if rows and text_width(f"{rows[-1]} {word}", size=size) <= width:
            rows[-1] = f"{rows[-1]} {word}"
        else:
            rows.append(word)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return [shorten(row, width, size=size) for row in rows] or [""]


def shorten(text: str, width: float, *, size: float = SIZE) -> str:
    if text_width(text, size=size) <= width:
        return text
    while len(text) > 1 and text_width(f"{text}\u2026", size=size) > width:
        text = text[:-1].rstrip()
    return f"{text}\u2026"


# --- scales ------------------------------------------------------------------------------------------


def scaled(value: int | Decimal, *, unit: str, display: str) -> float:
    """The value in the unit of the axis: M€ for cents."""
    return float(value) / EUR_CENTS_PER_UNIT[display] if unit == "eur_cents" else float(value)


def nice_ticks(low: float, high: float, *, count: int) -> list[float]:
    """Round numbers that enclose low and high, about `count` of them."""
    if high <= low:
        high = low + 1
    rough = (high - low) / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def tick_text(value: float, ticks: list[float], *, language: str) -> str:
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    decimals = next(
        (places for places in range(5) if abs(step * 10**places - round(step * 10**places)) < 1e-6), 4
    )
    exact = Decimal(str(value))
    return format_decimal(exact if exact else Decimal(0), language=language, decimals=decimals)


# --- elements ------------------------------------------------------------------------------------------


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") or "0"


def element(name: str, content: str = "", **attributes: object) -> str:
    parts = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value)}"'
        if isinstance(value, float)
        else f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}"
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{parts}>{content}</{name}>" if content else f"<{name}{parts}/>"


@dataclass(slots=True)
class Canvas:
    """Collects the elements of one figure; `key` keeps its ids apart from those of other figures."""

    width: float
    height: float
    key: str
    parts: list[str] = field(default_factory=list)
    hatches: set[str] = field(default_factory=set)

    def add(self, name: str, content: str = "", **attributes: object) -> None:
        self.parts.append(element(name, content, **attributes))

    def grid(self, x1: float, y1: float, x2: float, y2: float, *, axis: bool = False) -> None:
        self.add(
            "line",
            x1=x1,
            y1=y1,
            x2=x2,
            y2=y2,
            stroke=AXIS if axis else GRID,
            class_="ch-axis" if axis else "ch-grid",
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        strong: bool = False,
        halo: bool = False,
        muted_tail: str = "",
    ) -> None:
        """One line of text; `muted_tail` follows in the muted colour; `halo` keeps it legible over lines."""
        if not text:
            return
        tail = (
            element("tspan", escape(muted_tail), fill=MUTED, class_="ch-muted", font_weight="400")
            if muted_tail
            else ""
        )
        shared = {
            "x": x,
            "y": y,
            "text_anchor": anchor if anchor != "start" else "",
            "font_weight": "600" if strong else "",
        }
        if halo:
            shared |= {
                "stroke": SURFACE,
                "stroke_width": "4",
                "stroke_linejoin": "round",
                "paint_order": "stroke",
            }
        self.add(
            "text",
            escape(text) + tail,
            fill=INK if strong else MUTED,
            class_=("ch-ink" if strong else "ch-muted") + (" ch-halo" if halo else ""),
            **shared,
        )

    def box(self, x1: float, y1: float, x2: float, y2: float, role: str) -> None:
        """A bar or part of one, whichever way round its corners are given."""
        look = look_of(role)
        x, y, width, height = min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)
        if look.outline:
            x, y, width, height = x + 0.75, y + 0.75, max(width - 1.5, 0.5), max(height - 1.5, 0.5)
            self.add(
                "rect",
                x=x,
                y=y,
                width=width,
                height=height,
                fill="none",
                stroke=look.colour,
                stroke_width="1.5",
                stroke_dasharray=look.dash,
                class_=f"ch-s-{role}",
            )
            return
        stroke = {"stroke": PETROL_2, "stroke_width": "1"} if look.fill or role in ("base", "part6") else {}
        self.add(
            "rect",
            x=x,
            y=y,
            width=max(width, 0.5),
            height=max(height, 0.5),
            fill=look.fill or look.colour,
            class_=f"ch-b-{role}",
            **stroke,
        )
        if look.hatch:
            self.hatches.add(role)
            self.add("rect", x=x, y=y, width=width, height=height, fill=f"url(#{self.key}-hatch)")

    def path(self, points: Iterable[tuple[float, float]], role: str) -> None:
        look = look_of(role)
        self.add(
            "polyline",
            points=_joined(points),
            fill="none",
            stroke=look.colour,
            stroke_width=look.width,
            stroke_dasharray=look.dash,
            stroke_linejoin="round",
            stroke_linecap="butt" if look.dash else "round",
            class_=f"ch-s-{role}",
        )

    def area(self, points: Iterable[tuple[float, float]], role: str) -> None:
        self.add(
            "polygon",
            points=_joined(points),
            fill=look_of(role).colour,
            fill_opacity="0.5",
            class_=f"ch-f-{role}",
        )

    def dot(self, x: float, y: float, role: str, *, radius: float = 4.0) -> None:
        self.add("circle", cx=x, cy=y, r=radius, fill=look_of(role).colour, class_=f"ch-f-{role}")

    def svg(self, *, title: str, description: str) -> str:
        """The whole figure; it scales with its width and names itself to a screen reader."""
        hatch = ""
        if self.hatches:
            stripe = element("path", d="M0 6L6 0", stroke=SURFACE, stroke_width="1.4", class_="ch-hatch")
            pattern = element(
                "pattern",
                stripe,
                id=f"{self.key}-hatch",
                width="6",
                height="6",
                patternUnits="userSpaceOnUse",
            )
            hatch = element("defs", pattern)
        head = element("title", escape(title), id=f"{self.key}-t") + element(
            "desc", escape(description), id=f"{self.key}-d"
        )
        return element(
            "svg",
            head + hatch + "".join(self.parts),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {number(self.width)} {number(self.height)}",
            width=number(self.width),
            height=number(self.height),
            role="img",
            aria_labelledby=f"{self.key}-t {self.key}-d",
            class_="chart-svg",
            font_family=FONT,
            font_size=number(SIZE),
        )


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def push_apart(wanted: list[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places as near as may be to the wanted ones, at least `gap` apart, between low and high."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [min(max(wanted[index], low), high) for index in order]
    for index in range(1, len(placed)):
        placed[index] = max(placed[index], placed[index - 1] + gap)
    if placed and placed[-1] > high:
        placed[-1] = high
        for index in range(len(placed) - 2, -1, -1):
            placed[index] = min(placed[index], placed[index + 1] - gap)
    result = [0.0] * len(wanted)
    for index, place in zip(order, placed, strict=True):
        result[index] = place
    return result
