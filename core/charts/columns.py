"""Vertical bars: months and years, and the bridge."""

from __future__ import annotations

from core.charts.drawing import AXIS, nice_ticks, push_apart, text_width, tick_text, wrap
from core.charts.frame import LINE, Part, Scale
from core.charts.rows import Bar, RowDrawing
from core.charts.spec import Step, Value, bar_role, bridge_steps, place_text, places


class ColumnDrawing(RowDrawing):
    """Columns; a bridge that has no room for its labels lies down as rows."""

    def bridge(self) -> str:
        steps = bridge_steps(self.spec)
        room = self.canvas.width / max(len(steps), 1)
        if self.narrow or any(text_width(word) > room - 6 for step in steps for word in step.label.split()):
            return self.rows(
                [
                    Bar(
                        step.label,
                        [
                            Part(
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

    def _column_parts(self, where: list[str]) -> list[list[Part]]:
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
                    [Part(0.0, self.at(value), bar_role(series.role, value)) for series, value in found]
                )
        return rows

    def _column_value(self, place: str, parts: list[Part], x: float, y_of: Scale, room: float) -> None:
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
