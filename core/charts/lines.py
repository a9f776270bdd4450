"""Lines over time, with bands, targets and labels at their ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.charts.drawing import AXIS, SIZE, look_of, nice_ticks, push_apart, shorten, text_width, tick_text
from core.charts.frame import LINE, Drawing, Scale
from core.charts.spec import EUR_CENTS, Series, Value, parse_place, place_text, places

STRONG_ROLES = {"confirmed", "actual", "forecast", "target", "total", "claimed"}


@dataclass(slots=True)
class _EndLabel:
    x: float
    y: float
    strong: str
    muted: str
    role: str
    bold: bool


class LineDrawing(Drawing):
    """Line and band charts."""

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
                marks = [other.x for other in spec.annotations if other.kind == "mark"]
                canvas.text(
                    x - 5 if x > canvas.width / 2 else x + 5,
                    top + 20 + LINE * marks.index(note.x),  # each on a line of its own: they stand close
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
        runs: list[list[tuple[float, float, float]]] = [[]]
        for x, upper, lower in zip(series.x, series.y, series.low, strict=True):
            if upper is None or lower is None:  # an unknown point breaks the band
                runs.append([])
            else:
                runs[-1].append((x_of(spot[x]), y_of(self.at(upper)), y_of(self.at(lower))))
        for edge in filter(None, runs):
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
