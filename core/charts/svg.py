"""SVG writer: the first paint, print, PDF and Word. Direct labels, no script, no style attribute."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from core.charts.drawing import (
    AXIS,
    SIZE,
    Canvas,
    element,
    look_of,
    nice_ticks,
    number,
    push_apart,
    scaled,
    shorten,
    text_width,
    tick_text,
    wrap,
)
from core.charts.spec import (
    EUR_CENTS,
    Annotation,
    ChartSpec,
    Series,
    Step,
    Value,
    bar_role,
    bridge_steps,
    parse_place,
    place_text,
    places,
)
from core.money import ELLIPSIS, Pair, format_eur

#: Places a value of an axis on the drawing, in pixels.
Scale = Callable[[float], float]

NARROW = 480
STRONG_ROLES = {"confirmed", "actual", "forecast", "target", "total", "claimed"}
ROW_BAR, ROW_GAP = 20.0, 12.0
LINE = 17.0


def to_svg(spec: ChartSpec, *, language: str, width: int = 720, height: int = 300) -> str:
    """The figure as one `<svg>`. Rows decide their own height; `height` rules lines and columns.

    Below 480 px labels move above the bars and into a key under the lines.
    """
    with translation.override(language):
        drawing = _Drawing(spec, language, float(width), float(height))
        if not spec.has_data:
            return drawing.empty()
        if spec.kind in ("line", "band"):
            return drawing.lines()
        if spec.kind == "target":
            return drawing.rows(drawing.target_rows())
        if spec.kind == "bridge":
            return drawing.bridge()
        if all(parse_place(place) for place in places(spec.series)):
            return drawing.columns()
        return drawing.rows(drawing.category_rows())


def chart_key(spec: ChartSpec, *extra: object) -> str:
    """A short name of the figure that stays the same for the same content."""
    text = json.dumps([spec.to_dict(), *extra], sort_keys=True, ensure_ascii=False)
    return "c" + hashlib.sha256(text.encode()).hexdigest()[:10]


@dataclass(slots=True)
class _Part:
    """A stretch of a bar, in axis units."""

    begin: float
    end: float
    role: str
    thin: bool = False


@dataclass(slots=True)
class _Bar:
    """One horizontal bar with its texts; `end` is where the value stands."""

    label: str
    parts: list[_Part]
    end: float
    strong: str
    muted: str = ""
    marker: float | None = None
    lead: bool = True
    series: str = ""


@dataclass(slots=True)
class _EndLabel:
    x: float
    y: float
    strong: str
    muted: str
    role: str
    bold: bool


class _Drawing:
    def __init__(self, spec: ChartSpec, language: str, width: float, height: float) -> None:
        self.spec = spec
        self.language = language
        self.narrow = width < NARROW
        self.canvas = Canvas(width, height, chart_key(spec, language, width, height))

    # --- shared ------------------------------------------------------------------------------------

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

    # --- lines over time ------------------------------------------------------------------------------

    def lines(self) -> str:
        canvas, spec = self.canvas, self.spec
        where = places(spec.series)
        days = {place: parse_place(place) for place in where}
        dated = all(days.values())
        spot = {
            place: (_months(day) if dated and (day := days[place]) else float(index))
            for index, place in enumerate(where)
        }
        low, high = self._value_range()
        bottom = 26.0
        key_rows = self._key() if self.narrow else []
        plot_bottom = canvas.height - bottom
        ticks = nice_ticks(low, high, count=max(3, int(plot_bottom // 52)))
        names = [tick_text(tick, ticks, language=self.language) for tick in ticks]
        left = max(text_width(name) for name in names) + 10
        labels = [] if self.narrow else self._end_texts()
        wanted = max((text_width(strong + muted, bold=True) for strong, muted in labels), default=0)
        right = 10.0 if self.narrow else min(wanted + 16, canvas.width * 0.42)
        first, last = min(spot.values()), max(spot.values())
        span = (last - first) or 1.0
        top = 12.0

        def x_of(place: float) -> float:
            return left + (place - first) / span * (canvas.width - left - right)

        def y_of(value: float) -> float:
            return top + (ticks[-1] - value) / (ticks[-1] - ticks[0]) * (plot_bottom - top)

        for tick, name in zip(ticks, names, strict=True):
            canvas.grid(left, y_of(tick), canvas.width - right, y_of(tick), axis=tick == 0)
            canvas.text(left - 8, y_of(tick) + 4.5, name, anchor="end")
        self._time_axis(where, spot, x_of, top=top, bottom=plot_bottom, dated=dated)
        inside: list[_EndLabel] = []
        for note in spec.annotations:
            if note.kind == "mark" and note.x in spot:
                x = x_of(spot[note.x])
                canvas.add(
                    "line",
                    x1=x,
                    y1=top,
                    x2=x,
                    y2=plot_bottom,
                    stroke=AXIS,
                    stroke_dasharray="2 3",
                    class_="ch-axis",
                )
                if not self.narrow:
                    inside.append(_EndLabel(x - 4, top + 28, note.label, "", note.role, bold=False))
                    continue
                canvas.text(
                    x - 5 if x > canvas.width / 2 else x + 5,
                    top + 20,
                    note.label,
                    anchor="end" if x > canvas.width / 2 else "start",
                    halo=True,
                )
            elif note.kind == "band" and note.value is not None:
                edges = sorted((y_of(self.at(note.value)), y_of(self.at(note.upto))))
                corners = [
                    (left, edges[0]),
                    (canvas.width - right, edges[0]),
                    (canvas.width - right, edges[1]),
                    (left, edges[1]),
                ]
                canvas.area(corners, "base")
            elif note.kind == "line" and note.value is not None:
                level = y_of(self.at(note.value))
                canvas.path([(left, level), (canvas.width - right, level)], note.role)

        ends: list[_EndLabel] = []
        drawn: list[tuple[float, float]] = []
        for series in sorted(spec.series, key=lambda one: not one.low):
            if series.low:
                self._band(series, spot, x_of, y_of)
            else:
                for stretch in _stretches(series):
                    points = [(x_of(spot[x]), y_of(self.at(y))) for x, y in stretch]
                    drawn += points
                    if len(points) > 1:
                        canvas.path(points, series.role)
                    if len(points) == 1 or look_of(series.role).dots:
                        for point in points:
                            canvas.dot(*point, series.role, radius=2.8)
            end = self._end(series, spot, x_of, y_of)
            if end and not series.low and end.x < canvas.width - right - 6:
                canvas.dot(end.x, end.y, series.role)
                inside.append(end)
            elif end:
                if not series.low:
                    canvas.dot(end.x, end.y, series.role, radius=3.2)
                ends.append(end)
        for note in spec.annotations:
            if note.kind != "mark" and note.value is not None:
                level = y_of(self.at(note.value))
                text = f"{note.label} {self._short(note.value)}"
                ends.append(_EndLabel(canvas.width - right, level, text, "", note.role, bold=True))
                if note.kind == "band" and note.upto is not None:
                    text = f"{note.upto_label or note.label} {self._short(note.upto)}"
                    ends.append(
                        _EndLabel(
                            canvas.width - right, y_of(self.at(note.upto)), text, "", note.role, bold=True
                        )
                    )
        if self.narrow:
            self._draw_key(key_rows, top=canvas.height + 4)
        else:
            self._inside_labels(inside, drawn, left=left, right=canvas.width - right, bottom=plot_bottom)
            self._end_labels(ends, right=right, top=top, bottom=plot_bottom)
        return self.finish()

    def _value_range(self) -> tuple[float, float]:
        values = self.values()
        low, high = min(values), max(values)
        if self.spec.unit == EUR_CENTS or (low >= 0 and low < high * 0.6):
            return min(low, 0.0), max(high, 0.0)
        margin = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
        return low - margin, high + margin

    def _short(self, value: Value) -> str:
        """A target as people say it: −78, not −78,0."""
        text = self.label(value)
        if self.spec.unit == EUR_CENTS and value is not None:
            return format_eur(int(value), language=self.language, unit=self.spec.display, trim=True)
        return text

    def _end_texts(self) -> list[tuple[str, str]]:
        texts = [
            (f"{note.label} {self._short(note.value)}", "")
            for note in self.spec.annotations
            if note.kind != "mark"
        ]
        texts += [
            (f"{note.upto_label or note.label} {self._short(note.upto)}", "")
            for note in self.spec.annotations
            if note.upto is not None
        ]
        last = max(places(self.spec.series), key=str, default="")
        for series in self.spec.series:
            points = series.points()
            if series.low:
                texts.append((series.name, ""))
            elif points and points[-1][0] == last:
                texts.append(
                    (f"{series.name} {self.label(points[-1][1])}", f" {series.note}" if series.note else "")
                )
        return texts

    def _end(self, series: Series, spot: dict[str, float], x_of: Scale, y_of: Scale) -> _EndLabel | None:
        points = series.points()
        if not points:
            return None
        place, value = points[-1]
        strong = series.name if series.low else f"{series.name} {self.label(value)}"
        bold = series.role in STRONG_ROLES and not series.low
        muted = f" {series.note}" if series.note else ""
        return _EndLabel(x_of(spot[place]), y_of(self.at(value)), strong, muted, series.role, bold)

    def _band(self, series: Series, spot: dict[str, float], x_of: Scale, y_of: Scale) -> None:
        edge = [
            (x_of(spot[x]), y_of(self.at(upper)), y_of(self.at(lower)))
            for x, upper, lower in zip(series.x, series.y, series.low, strict=True)
            if upper is not None and lower is not None
        ]
        if edge:
            self.canvas.area(
                [(x, a) for x, a, _b in edge] + [(x, b) for x, _a, b in reversed(edge)], series.role
            )

    def _time_axis(
        self, where: list[str], spot: dict[str, float], x_of: Scale, *, top: float, bottom: float, dated: bool
    ) -> None:
        canvas = self.canvas
        base = bottom + 18
        if not dated or all(len(place) == 4 for place in where):
            shown_to = -1e9
            for place in where:
                x, name = x_of(spot[place]), place_text(place)
                half = text_width(name) / 2
                x_text = min(max(x, half), canvas.width - half)
                if x_text - half > shown_to + 8:
                    canvas.text(x_text, base, name, anchor="middle")
                    shown_to = x_text + half
            return
        days = [parse_place(place) or date.min for place in where]
        first, last = min(days), max(days)
        span = _months(last) - _months(first)
        if span <= 18:
            shown_to = -1e9
            for month in range(int(_months(first)), int(_months(last)) + 1):
                name = f"{month % 12 + 1}/{month // 12}"
                x, half = x_of(float(month)), text_width(name) / 2
                if month % 3 == 0 and x >= x_of(_months(first)) - 1:
                    canvas.grid(x, top, x, bottom)
                x_text = min(max(x, half), canvas.width - half)
                if x_text - half > shown_to + 10 and (month % 3 == 0 or span <= 6):
                    canvas.text(x_text, base, name, anchor="middle")
                    shown_to = x_text + half
            return
        step = 1 + int(text_width("0000") * 1.4 // max((x_of(12.0) - x_of(0.0)), 1))
        for year in range(first.year, last.year + 1):
            begin = max(_months(date(year, 1, 1)), _months(first))
            end = min(_months(date(year + 1, 1, 1)), _months(last))
            if year > first.year:
                canvas.grid(x_of(begin), top, x_of(begin), bottom)
            if x_of(end) - x_of(begin) >= text_width(str(year)) and (year - first.year) % step == 0:
                canvas.text((x_of(begin) + x_of(end)) / 2, base, str(year), anchor="middle")

    def _end_labels(self, ends: list[_EndLabel], *, right: float, top: float, bottom: float) -> None:
        spots = push_apart([end.y for end in ends], gap=LINE, low=top, high=bottom)
        x = self.canvas.width - right
        for end, y in zip(ends, spots, strict=True):
            if abs(y - end.y) > 5:
                self.canvas.add("line", x1=x + 3, y1=end.y, x2=x + 10, y2=y, stroke=AXIS, class_="ch-axis")
            text = shorten(end.strong, right - 12)
            self.canvas.text(
                x + 12, y + 4.5, text, strong=end.bold, muted_tail=end.muted if text == end.strong else ""
            )

    def _inside_labels(
        self,
        labels: list[_EndLabel],
        drawn: list[tuple[float, float]],
        *,
        left: float,
        right: float,
        bottom: float,
    ) -> None:
        """Labels of series that end before the others, where they cover least of the lines."""
        taken: list[tuple[float, float, float, float]] = []
        crowd = _filled_in(drawn)
        for label in sorted(labels, key=lambda one: not one.bold):
            width = text_width(label.strong + label.muted, bold=label.bold)
            best: tuple[float, float, float] | None = None
            for dx, dy in (
                (10, -10),
                (10, 20),
                (-10 - width, 22),
                (-10 - width, -10),
                (10, -28),
                (-10 - width, 40),
                (14, 38),
                (10, bottom - label.y - 8),
                (-10 - width, bottom - label.y - 8),
            ):
                x, y = label.x + dx, label.y + dy
                x = min(max(x, left + 2), right - width - 2)
                box = (x - 2, y - SIZE, x + width + 2, y + 4)
                cost = sum(1.0 for px, py in crowd if box[0] < px < box[2] and box[1] < py < box[3])
                cost += sum(50.0 for other in taken if _overlap(box, other))
                cost += 200.0 if box[1] < 0 or box[3] > bottom else 0.0
                if best is None or cost < best[0]:
                    best = (cost, x, y)
            assert best is not None
            _cost, x, y = best
            taken.append((x - 2, y - SIZE, x + width + 2, y + 4))
            self.canvas.text(x, y, label.strong, strong=label.bold, halo=True, muted_tail=label.muted)

    def _key(self) -> list[tuple[str, str, str]]:
        rows = []
        for series in self.spec.series:
            points = series.points()
            if points:
                rows.append((series.role, series.name, "" if series.low else self.label(points[-1][1])))
        for note in self.spec.annotations:
            if note.kind != "mark" and note.value is not None:
                rows.append((note.role, note.label, self._short(note.value)))
                if note.kind == "band" and note.upto is not None:
                    rows.append((note.role, note.upto_label or note.label, self._short(note.upto)))
        return rows

    def _draw_key(self, rows: list[tuple[str, str, str]], *, top: float) -> None:
        canvas = self.canvas
        for index, (role, name, value) in enumerate(rows):
            y = top + 10 + index * 21
            if role == "band":
                canvas.box(0, y - 6, 26, y + 6, role)
            else:
                canvas.path([(0.0, y), (26.0, y)], role)
            canvas.text(34, y + 4.5, shorten(name, canvas.width - 110))
            canvas.text(canvas.width, y + 4.5, value, anchor="end", strong=True)
        canvas.height = top + 10 + len(rows) * 21

    # --- horizontal bars --------------------------------------------------------------------------------

    def target_rows(self) -> list[_Bar]:
        bars = []
        for series in self.spec.series:
            value = series.y[0]
            if value is None:
                bars.append(
                    _Bar(series.name, [], 0.0, _("no figure"), f" {series.note}" if series.note else "")
                )
                continue
            start = series.start or 0
            parts = [_Part(0.0, self.at(start), "base")] if start else []
            low = series.low[0] if series.low else None
            high = series.high[0] if series.high else None
            notes = []
            marker = None
            end = self.at(start + value)
            if low is not None and high is not None:
                parts.append(_Part(self.at(low), self.at(high), "range"))
                marker = end
                ends = self._range(high, low)
                notes.append(f"{series.note}: {ends}" if series.note else ends)
                end = max((self.at(low), self.at(high), end), key=abs)
            else:
                parts.append(_Part(self.at(start), end, series.role))
            strong = self.label(value)
            if start:
                strong = _("%(base)s in the base, %(new)s new") % {
                    "base": self.label(start),
                    "new": self.label(value),
                }
            if series.note and marker is None:
                notes.append(series.note)
            bars.append(
                _Bar(series.name, parts, end, strong, f"  {' · '.join(notes)}" if notes else "", marker)
            )
        return bars

    def _range(self, first: Value, last: Value) -> str:
        if self.spec.unit == EUR_CENTS and first is not None and last is not None:
            return Pair(int(first), int(last)).format(language=self.language, unit=self.spec.display)
        return f"{self.label(first)}{ELLIPSIS}{self.label(last)}"

    def category_rows(self) -> list[_Bar]:
        spec = self.spec
        links = places(spec.series)
        bars: list[_Bar] = []
        for place in links:
            found = [
                (series, value)
                for series in spec.series
                for x, value in zip(series.x, series.y, strict=True)
                if x == place
            ]
            if spec.kind == "stacked":
                bars.append(self._stack(place, found))
                continue
            for index, (series, value) in enumerate(found):
                several = len(spec.series) > 1
                name = f" {series.name}" if several else ""
                role = bar_role(series.role, value)
                parts = [] if value is None else [_Part(0.0, self.at(value), role)]
                muted = f"{name} {series.note}".rstrip()
                bars.append(
                    _Bar(
                        place,
                        parts,
                        self.at(value),
                        self.label(value),
                        muted,
                        lead=index == 0,
                        series=series.name if several else "",
                    )
                )
        return bars

    def _stack(self, place: str, found: list[tuple[Series, Value]]) -> _Bar:
        ups = downs = 0.0
        parts = []
        for index, (series, value) in enumerate(found):
            if value is None:
                continue
            size = self.at(value)
            begin = downs if size < 0 else ups
            parts.append(_Part(begin, begin + size, self._stack_role(series, index)))
            if size < 0:
                downs += size
            else:
                ups += size
        known = [value for _series, value in found if value is not None]
        total = sum(known) if known else None
        end = downs if abs(downs) >= ups else ups
        return _Bar(place, parts, end, self.label(total))

    def _stack_role(self, series: Series, index: int) -> str:
        return series.role if series.role != "part" else f"part{index % 6 + 1}"

    def rows(self, bars: list[_Bar]) -> str:
        """Bars beside their labels; minus grows to the right when most of the money is saved."""
        canvas, spec = self.canvas, self.spec
        bands = [
            note
            for note in spec.annotations
            if note.kind == "band" and note.value is not None and note.upto is not None
        ]
        lines = [note for note in spec.annotations if note.kind == "line" and note.value is not None]
        ends = [edge for bar in bars for part in bar.parts for edge in (part.begin, part.end)]
        ends += [
            self.at(value)
            for note in (*bands, *lines)
            for value in (note.value, note.upto)
            if value is not None
        ]
        flip = -1.0 if sum(ends) < 0 else 1.0
        low, high = min([0.0, *(flip * end for end in ends)]), max([0.0, *(flip * end for end in ends)])
        label_width = (
            0.0
            if self.narrow
            else min(
                max((text_width(bar.label) for bar in bars if bar.lead), default=0) + 14, canvas.width * 0.36
            )
        )
        row_height = ROW_BAR + ROW_GAP + (LINE if self.narrow else 0)
        if spec.kind == "bar" and len(spec.series) > 1 and not self.narrow:
            row_height = ROW_BAR + 3
        left, right = self._row_margins(bars, flip, low, high, label_width)
        scale = (canvas.width - left - right) / ((high - low) or 1.0)

        def x_of(value: float) -> float:
            return left + (flip * value - low) * scale

        key_height = self._stack_key() if spec.kind == "stacked" else 0.0
        heads = len(bands) + (1 if lines else 0)
        top = key_height + (LINE * heads + 12 if heads else 4.0)
        heights = [row_height + LINE * self._extra_lines(bar) for bar in bars]
        starts, y = [], top + 6
        for index, bar in enumerate(bars):
            if index and bar.lead and row_height < ROW_BAR + ROW_GAP:
                y += ROW_GAP
            starts.append(y)
            y += heights[index]
        bottom = y
        canvas.height = bottom + 24
        ticks = [
            tick
            for tick in nice_ticks(low, high, count=max(2, int((canvas.width - left - right) // 62)))
            if low - 1e-9 <= tick <= high + 1e-9
        ]
        for tick in ticks:
            x = left + (tick - low) * scale
            canvas.grid(x, top, x, bottom)
            name = tick_text(flip * tick, ticks, language=self.language)
            anchor = "start" if x < text_width(name) / 2 else "middle"
            canvas.text(x if anchor == "middle" else 0, bottom + 17, name, anchor=anchor)
        self._row_bands(bands, x_of, top=top, bottom=bottom, above=key_height)
        canvas.grid(x_of(0.0), top, x_of(0.0), bottom, axis=True)
        for bar, start in zip(bars, starts, strict=True):
            self._row(bar, start, x_of, flip, label_width)
        for note in lines:
            x = x_of(self.at(note.value))
            canvas.path([(x, top - 2), (x, bottom)], note.role)
            text = f"{note.label} {self._short(note.value)}"
            half = text_width(text, bold=True) / 2
            canvas.text(
                min(max(x, half), canvas.width - half),
                key_height + LINE * heads - 3,
                text,
                anchor="middle",
                strong=True,
            )
        return self.finish()

    def _row_margins(
        self, bars: list[_Bar], flip: float, low: float, high: float, label_width: float
    ) -> tuple[float, float]:
        """Room left and right of the plot so that each value text fits beside its bar."""
        left, right = label_width, 8.0
        if self.narrow:
            return left, right
        for _round in range(12):
            scale = max(self.canvas.width - left - right, 60.0) / ((high - low) or 1.0)
            need_left, need_right = label_width, 8.0
            for bar in bars:
                width = text_width(bar.strong, bold=True) + min(text_width(bar.muted), 130.0) + 12
                at = flip * bar.end
                if at >= 0:
                    need_right = max(need_right, width - (high - at) * scale)
                else:
                    need_left = max(need_left, label_width + width - (at - low) * scale)
            left, right = need_left, min(need_right, self.canvas.width * 0.45)
        return left, right

    def _row_bands(
        self, bands: list[Annotation], x_of: Scale, *, top: float, bottom: float, above: float
    ) -> None:
        canvas = self.canvas
        for index, band in enumerate(bands):
            a, b = x_of(self.at(band.value)), x_of(self.at(band.upto))
            near, far = (band.label, band.value), (band.upto_label or band.label, band.upto)
            if a > b:
                a, b, near, far = b, a, far, near
            canvas.add(
                "rect",
                x=a,
                y=top - 6,
                width=b - a,
                height=bottom - top + 6,
                fill=look_of("base").colour,
                fill_opacity="0.75",
                class_="ch-f-zone",
            )
            for x in (a, b):
                canvas.add(
                    "line",
                    x1=x,
                    y1=top - 6,
                    x2=x,
                    y2=bottom,
                    stroke=look_of("target").colour,
                    stroke_width="1.6",
                    class_="ch-s-target",
                )
            y = above + LINE * (index + 1) - 3
            texts = [f"{name} {self._short(value)}" for name, value in (near, far)]
            widths = [text_width(text, bold=True) for text in texts]
            first = min(max(a, 0), canvas.width - widths[0])
            second = min(max(b, widths[1]), canvas.width)
            if first + widths[0] + 12 > second - widths[1]:
                first = max(0.0, second - widths[1] - 14 - widths[0])
            if first + widths[0] + 6 > second - widths[1]:
                texts = [self._short(value) for _name, value in (near, far)]
                first = a
            canvas.text(first, y, texts[0], strong=True)
            canvas.text(second, y, texts[1], anchor="end", strong=True)

    def _row(self, bar: _Bar, top: float, x_of: Scale, flip: float, label_width: float) -> None:
        canvas = self.canvas
        if self.narrow:
            if bar.series and bar.lead:
                canvas.text(0, top + 10, shorten(bar.label, canvas.width), strong=True, halo=True)
                top += LINE
            room = canvas.width
            if self._fits_one_line(bar):
                room -= text_width(bar.strong, bold=True) + 10
                canvas.text(0, top + 10, shorten(bar.series or bar.label, room), halo=True)
            else:
                canvas.text(0, top + 10, shorten(bar.series or bar.label, room), halo=True)
                top += LINE
            canvas.text(canvas.width, top + 10, bar.strong, anchor="end", strong=True, halo=True)
            top += LINE
        elif bar.lead:
            canvas.text(0, top + 14.5, shorten(bar.label, label_width - 8))
        for part in bar.parts:
            inset = 2.0 if part.role == "range" else 0.0
            canvas.box(x_of(part.begin), top + inset, x_of(part.end), top + ROW_BAR - inset, part.role)
        if bar.marker is not None:
            x = x_of(bar.marker)
            canvas.add(
                "rect",
                x=x - 2,
                y=top - 3,
                width=4,
                height=ROW_BAR + 6,
                fill=look_of("confirmed").colour,
                class_="ch-f-confirmed",
            )
        if not self.narrow:
            on_right = flip * bar.end >= 0
            x = x_of(bar.end) + (8 if on_right else -8)
            room = (canvas.width - x if on_right else x - label_width) - text_width(bar.strong, bold=True)
            muted = (
                bar.muted if text_width(bar.muted) <= room else shorten(bar.muted, room) if room > 70 else ""
            )
            canvas.text(
                x,
                top + 14.5,
                bar.strong,
                anchor="start" if on_right else "end",
                strong=True,
                halo=True,
                muted_tail=muted,
            )

    def _fits_one_line(self, bar: _Bar) -> bool:
        texts = text_width(bar.series or bar.label) + text_width(bar.strong, bold=True)
        return texts + 12 <= self.canvas.width

    def _extra_lines(self, bar: _Bar) -> int:
        """Lines of text above a bar beyond the first: a heading of its group, a value too long for one line."""
        if not self.narrow:
            return 0
        return int(bool(bar.series and bar.lead)) + int(not self._fits_one_line(bar))

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

    # --- columns --------------------------------------------------------------------------------------

    def bridge(self) -> str:
        steps = bridge_steps(self.spec)
        room = self.canvas.width / max(len(steps), 1)
        if self.narrow or any(text_width(word) > room - 6 for step in steps for word in step.label.split()):
            return self.rows(
                [
                    _Bar(
                        step.label,
                        [
                            _Part(
                                self.at(step.begin), self.at(step.end), self._step_role(step.role, step.value)
                            )
                        ],
                        max(self.at(step.end), self.at(step.begin), key=abs),
                        self.label(step.value),
                    )
                    for step in steps
                ]
            )
        return self._bridge_columns(steps, room)

    def _step_role(self, role: str, value: Value) -> str:
        return "confirmed" if role == "base" else bar_role(role, value)

    def _bridge_columns(self, steps: list[Step], room: float) -> str:
        canvas = self.canvas
        labels = [wrap(step.label, room - 6) for step in steps]
        rows = max(len(lines) for lines in labels)
        edges = [0.0, *(self.at(step.begin) for step in steps), *(self.at(step.end) for step in steps)]
        low, high = min(edges), max(edges)
        top, bottom = (26.0 if high > 0 else 10.0), canvas.height - rows * LINE - 8 - (LINE if low < 0 else 0)
        scale = (bottom - top) / ((high - low) or 1.0)

        def y_of(value: float) -> float:
            return top + (high - value) * scale

        bar = min(room * 0.72, 84.0)
        canvas.grid(0, y_of(0), canvas.width, y_of(0), axis=True)
        for index, step in enumerate(steps):
            middle = room * (index + 0.5)
            begin, end = y_of(self.at(step.begin)), y_of(self.at(step.end))
            canvas.box(middle - bar / 2, begin, middle + bar / 2, end, self._step_role(step.role, step.value))
            if index + 1 < len(steps):
                canvas.add(
                    "line",
                    x1=middle + bar / 2,
                    y1=end,
                    x2=room * (index + 1.5) - bar / 2,
                    y2=end,
                    stroke=AXIS,
                    class_="ch-axis",
                )
            above = step.value > 0
            canvas.text(
                middle,
                min(begin, end) - 6 if above else max(begin, end) + 15,
                self.label(step.value),
                anchor="middle",
                strong=True,
                halo=True,
            )
            for line, text in enumerate(labels[index]):
                canvas.text(middle, canvas.height - (rows - line - 1) * LINE - 6, text, anchor="middle")
        return self.finish()

    def columns(self) -> str:
        """Bars by month or year: stacked, or side by side."""
        canvas, spec = self.canvas, self.spec
        where = places(spec.series)
        stacks = self._column_parts(where)
        edges = [
            0.0,
            *self._annotation_values(),
            *(edge for parts in stacks for part in parts for edge in (part.begin, part.end)),
        ]
        key = self._stack_key() if len(spec.series) > 1 else 0.0
        top, bottom = key + 10.0, canvas.height - 26.0
        ticks = nice_ticks(min(edges), max(edges), count=max(3, int((bottom - top) // 52)))
        names = [tick_text(tick, ticks, language=self.language) for tick in ticks]
        left = max(text_width(name) for name in names) + 10
        lines = [note for note in spec.annotations if note.kind == "line" and note.value is not None]
        texts = [f"{note.label} {self._short(note.value)}" for note in lines]
        right = 4.0 if self.narrow else max((text_width(text, bold=True) + 14 for text in texts), default=4.0)
        room = (canvas.width - left - right) / len(where)

        def y_of(value: float) -> float:
            return top + (ticks[-1] - value) / (ticks[-1] - ticks[0]) * (bottom - top)

        for tick, name in zip(ticks, names, strict=True):
            canvas.grid(left, y_of(tick), canvas.width - right, y_of(tick), axis=tick == 0)
            canvas.text(left - 8, y_of(tick) + 4.5, name, anchor="end")
        side_by_side = spec.kind == "bar" and len(spec.series) > 1
        width = max(room * 0.76, 1.5)
        for index, parts in enumerate(stacks):
            begin = left + room * index + (room - width) / 2
            each = width / len(spec.series) if side_by_side else width
            for slot, part in enumerate(parts):
                x = begin + (each * slot if side_by_side else 0)
                canvas.box(x, y_of(part.begin), x + each, y_of(part.end), part.role)
            self._column_value(where[index], parts, begin + width / 2, y_of, room)
        spots = {place: index + 0.5 for index, place in enumerate(where)}
        self._column_axis(where, spots, left, room, bottom)
        levels = push_apart([y_of(self.at(note.value)) for note in lines], gap=LINE, low=top, high=bottom)
        for note, text, level in zip(lines, texts, levels, strict=True):
            y = y_of(self.at(note.value))
            canvas.path([(left, y), (canvas.width - right, y)], note.role)
            if self.narrow:
                canvas.text(left + 4, y - 5, text, strong=True, halo=True)
            else:
                canvas.text(canvas.width - right + 8, level + 4.5, text, strong=True)
        return self.finish()

    def _annotation_values(self) -> list[float]:
        return [self.at(note.value) for note in self.spec.annotations if note.value is not None]

    def _column_parts(self, where: list[str]) -> list[list[_Part]]:
        tables = [dict(zip(series.x, series.y, strict=True)) for series in self.spec.series]
        rows = []
        for place in where:
            found = [
                (series, table.get(place)) for series, table in zip(self.spec.series, tables, strict=True)
            ]
            if self.spec.kind == "stacked":
                rows.append(self._stack(place, found).parts)
            else:
                rows.append(
                    [_Part(0.0, self.at(value), bar_role(series.role, value)) for series, value in found]
                )
        return rows

    def _column_value(self, place: str, parts: list[_Part], x: float, y_of: Scale, room: float) -> None:
        """The value over a single bar, when the column is wide enough for it."""
        if len(self.spec.series) != 1:
            return
        value: Value = dict(self.spec.series[0].points()).get(place)
        if value is None or text_width(self.label(value), bold=True) > room - 4:
            return
        y = y_of(self.at(value))
        self.canvas.text(
            x,
            y - 5 if self.at(value) >= 0 else y + 15,
            self.label(value),
            anchor="middle",
            strong=True,
            halo=True,
        )

    def _column_axis(
        self, where: list[str], spots: dict[str, float], left: float, room: float, bottom: float
    ) -> None:
        canvas, shown_to = self.canvas, -1e9
        years = [place[:4] for place in where]
        if len(where) > 8 and len(set(years)) > 1 and any(len(place) > 4 for place in where):
            for year in dict.fromkeys(years):
                first, count = years.index(year), years.count(year)
                if first:
                    canvas.grid(left + room * first, 10, left + room * first, bottom)
                if room * count >= text_width(year):
                    canvas.text(left + room * (first + count / 2), bottom + 18, year, anchor="middle")
            return
        for place, spot in spots.items():
            name = place_text(place)
            x, half = left + room * spot, text_width(name) / 2
            if x - half > shown_to + 8:
                canvas.text(x, bottom + 18, name, anchor="middle")
                shown_to = x + half


def _months(day: date) -> float:
    return day.year * 12 + day.month - 1 + (day.day - 1) / 31


def _stretches(series: Series) -> list[list[tuple[str, Value]]]:
    """Runs of known points: an unknown point breaks the line."""
    runs: list[list[tuple[str, Value]]] = [[]]
    for x, y in zip(series.x, series.y, strict=True):
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def _filled_in(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points every few pixels along the lines, so that labels can keep clear of them."""
    dense = list(points)
    for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
        if 0 < x2 - x1 < 200:
            count = int((x2 - x1) // 6)
            dense += [
                (x1 + (x2 - x1) * i / (count + 1), y1 + (y2 - y1) * i / (count + 1))
                for i in range(1, count + 1)
            ]
    return dense


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


# --- small figures beside text ------------------------------------------------------------------------


def stage_bar_svg(counts: list[tuple[str, int]], *, width: int = 150, height: int = 14) -> str:
    """Counts by stage, from palest to darkest; its name tells them in words: "planned 8, decided 9"."""
    known = [(label, count) for label, count in counts if count]
    total = sum(count for _label, count in known)
    shades = ("#e3eef0", "#c6dbdf", "#a9c7cd", "#7aa6b0", "#3f7d8c", "#0f4c5c", "#7b848a", "#cdd2d5")
    name = ", ".join(f"{label} {count}" for label, count in known) or _("none")
    canvas = Canvas(float(width), float(height), "")
    x, room = 0.0, width - max(len(known) - 1, 0)
    for index, (_label, count) in enumerate(counts):
        if count:
            part = room * count / total
            canvas.add(
                "rect",
                x=x,
                y=0,
                width=part,
                height=height,
                fill=shades[index % len(shades)],
                class_=f"ch-stage-{index % len(shades)}",
            )
            x += part + 1
    return _inline(canvas, name, "chart-stages")


def spark_svg(
    values: list[Value],
    *,
    label: str,
    target: Value = None,
    reference: list[Value] | None = None,
    width: int = 280,
    height: int = 64,
) -> str:
    """A line of the last values with its target dashed and a reference in grey; `label` is its text alternative."""
    reference = reference or []
    canvas = Canvas(float(width), float(height), "")
    known = [float(value) for value in (*values, *reference, target) if value is not None]
    if any(value is not None for value in values):
        low, high = min(known), max(known)
        span = (high - low) or 1.0

        def y_of(value: Value) -> float:
            return 6 + (high - float(value or 0)) / span * (height - 12) if high > low else height / 2

        if target is not None:
            canvas.path([(0.0, y_of(target)), (float(width), y_of(target))], "target")
        for row, role in ((reference, "reference"), (values, "actual")):
            step = (width - 12) / max(len(row) - 1, 1)
            points = [(4 + step * index, y_of(value)) for index, value in enumerate(row) if value is not None]
            if len(points) > 1:
                canvas.path(points, role)
            if points and role == "actual":
                canvas.dot(*points[-1], role)
    return _inline(canvas, label, "chart-spark")


def _inline(canvas: Canvas, label: str, css_class: str) -> str:
    return element(
        "svg",
        "".join(canvas.parts) or " ",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(canvas.width)} {number(canvas.height)}",
        width=number(canvas.width),
        height=number(canvas.height),
        role="img",
        aria_label=label,
        class_=css_class,
    )
