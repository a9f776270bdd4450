"""What all SVG figures share: values in axis units, short texts, stacked parts and their key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.charts.drawing import Canvas, scaled, shorten, text_width
from core.charts.spec import EUR_CENTS, ChartSpec, Series, Value
from core.money import ELLIPSIS, Pair, format_eur

#: Places a value of an axis on the drawing, in pixels.
Scale = Callable[[float], float]

#: Below this width labels move above the bars and into a key under the lines.
NARROW = 480
LINE = 17.0


def chart_key(spec: ChartSpec, *extra: object) -> str:
    """A short name of the figure that stays the same for the same content."""
    text = json.dumps([spec.to_dict(), *extra], sort_keys=True, ensure_ascii=False)
    return "c" + hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(slots=True)
class Part:
    """A stretch of a bar, in axis units."""

    begin: float
    end: float
    role: str
    thin: bool = False


class Drawing:
    """One figure on its canvas."""

    def __init__(self, spec: ChartSpec, language: str, width: float, height: float) -> None:
        self.spec = spec
        self.language = language
        self.narrow = width < NARROW
        self.canvas = Canvas(width, height, chart_key(spec, language, width, height))

    def finish(self) -> str:
        return self.canvas.svg(title=self.spec.title, description=self.spec.alt)

    def empty(self) -> str:
        self.canvas.height = 56
        self.canvas.text(0, 32, _("No figures yet"))
        return self.finish()

    def at(self, value: Value) -> float:
        return 0.0 if value is None else scaled(value, unit=self.spec.unit, display=self.spec.display)

    def label(self, value: Value) -> str:
        return self.spec.text(value, language=self.language)

    def values(self) -> list[float]:
        found = [self.at(note.value) for note in self.spec.annotations if note.value is not None]
        found += [self.at(note.upto) for note in self.spec.annotations if note.upto is not None]
        for series in self.spec.series:
            found += [self.at(value) for value in (*series.y, *series.low, *series.high) if value is not None]
        return found

    def _short(self, value: Value) -> str:
        """A target as people say it: −78, not −78,0."""
        text = self.label(value)
        if self.spec.unit == EUR_CENTS and value is not None:
            return format_eur(int(value), language=self.language, unit=self.spec.display, trim=True)
        return text

    def _range(self, first: Value, last: Value) -> str:
        if self.spec.unit == EUR_CENTS and first is not None and last is not None:
            return Pair(int(first), int(last)).format(language=self.language, unit=self.spec.display)
        return f"{self.label(first)}{ELLIPSIS}{self.label(last)}"

    def _stack_role(self, series: Series, index: int) -> str:
        return series.role if series.role != "part" else f"part{index % 6 + 1}"

    def _stack_key(self) -> float:
        canvas, x, y = self.canvas, 0.0, 8.0
        for index, series in enumerate(self.spec.series):
            name = shorten(series.name, canvas.width - 30)
            width = 20 + text_width(name) + 18
            if x and x + width > canvas.width + 18:
                x, y = 0.0, y + 21
            canvas.box(x, y - 6, x + 13, y + 6, self._stack_role(series, index))
            canvas.text(x + 20, y + 4.5, name)
            x += width
        return y + 16
