"""Horizontal bars: categories, stacks and the target figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.charts.drawing import look_of, nice_ticks, shorten, text_width, tick_text
from core.charts.frame import LINE, Drawing, Part, Scale
from core.charts.spec import Annotation, Series, Value, bar_role, places

ROW_BAR, ROW_GAP = 20.0, 12.0


@dataclass(slots=True)
class Bar:
    """One horizontal bar with its texts; `end` is where the value stands."""

    label: str
    parts: list[Part]
    end: float
    strong: str
    muted: str = ""
    marker: float | None = None
    lead: bool = True
    series: str = ""


class RowDrawing(Drawing):
    """Bars beside their labels, values at their ends."""

    def target_rows(self) -> list[Bar]:
        bars = []
        for series in self.spec.series:
            value = series.y[0]
            if value is None:
                bars.append(
                    Bar(series.name, [], 0.0, _("no figure"), f" {series.note}" if series.note else "")
                )
                continue
            start = series.start or 0
            parts = [Part(0.0, self.at(start), "base")] if start else []
            low = series.low[0] if series.low else None
            high = series.high[0] if series.high else None
            notes = []
            marker = None
            end = self.at(start + value)
            if low is not None and high is not None:
                parts.append(Part(self.at(low), self.at(high), "range"))
                marker = end
                ends = self._range(high, low)
                notes.append(f"{series.note}: {ends}" if series.note else ends)
                end = max((self.at(low), self.at(high), end), key=abs)
            else:
                parts.append(Part(self.at(start), end, series.role))
            strong = self.label(value)
            if start:
                strong = _("base %(base)s + %(new)s") % {
                    "base": self.label(start),
                    "new": self.label(value),
                }
            if series.note and marker is None:
                notes.append(series.note)
            bars.append(
                Bar(series.name, parts, end, strong, f"  {' · '.join(notes)}" if notes else "", marker)
            )
        return bars

    def category_rows(self) -> list[Bar]:
        spec = self.spec
        links = places(spec.series)
        bars: list[Bar] = []
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
                parts = [] if value is None else [Part(0.0, self.at(value), role)]
                muted = f"{name} {series.note}".rstrip()
                bars.append(
                    Bar(
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

    def _stack(self, place: str, found: list[tuple[Series, Value]]) -> Bar:
        ups = downs = 0.0
        parts = []
        for index, (series, value) in enumerate(found):
            if value is None:
                continue
            size = self.at(value)
            begin = downs if size < 0 else ups
            parts.append(Part(begin, begin + size, self._stack_role(series, index)))
            if size < 0:
                downs += size
            else:
                ups += size
        known = [value for _series, value in found if value is not None]
        total = sum(known) if known else None
        end = downs if abs(downs) >= ups else ups
        return Bar(place, parts, end, self.label(total))

    def rows(self, bars: list[Bar]) -> str:
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
        ends_at = self._text_end([*bands, *lines], x_of)
        for bar, start in zip(bars, starts, strict=True):
            self._row(bar, start, x_of, flip, label_width, ends_at)
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
        self, bars: list[Bar], flip: float, low: float, high: float, label_width: float
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

    def _text_end(self, notes: list[Annotation], x_of: Scale) -> float:
        """Where texts at the right edge end: short of a line that stands there."""
        width = self.canvas.width
        edges = [
            x_of(self.at(value)) for note in notes for value in (note.value, note.upto) if value is not None
        ]
        return min((edge - 6 for edge in edges if width - edge < 40), default=width)

    def _row(
        self, bar: Bar, top: float, x_of: Scale, flip: float, label_width: float, ends_at: float
    ) -> None:
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
            canvas.text(ends_at, top + 10, bar.strong, anchor="end", strong=True, halo=True)
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

    def _fits_one_line(self, bar: Bar) -> bool:
        texts = text_width(bar.series or bar.label) + text_width(bar.strong, bold=True)
        return texts + 12 <= self.canvas.width

    def _extra_lines(self, bar: Bar) -> int:
        """Lines of text above a bar beyond the first: a heading of its group, a value too long for one line."""
        if not self.narrow:
            return 0
        return int(bool(bar.series and bar.lead)) + int(not self._fits_one_line(bar))
