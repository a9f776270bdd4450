"""Figures of indicators: rows in, drawings and chart specifications out. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core.charts import Annotation, ChartSpec, Series
from core.charts.drawing import LOOKS, Canvas, element
from kpis.selectors.series import Period, place_of

WIDTH, HEIGHT, EDGE = 240, 52, 5


def wall_spark(series: Sequence[Sequence[Any]], target: Decimal | None) -> SafeString:
    """Own values and those of the country over the years, the target dashed; empty below two points.

    `series` is [[year, own, national], ...] as a summary keeps it. The figures stand beside it in words and on the
    indicator's page as a table, so that a screen reader passes over it.
    """
    own = [(int(row[0]), float(row[1])) for row in series if row[1] is not None]
    national = [(int(row[0]), float(row[2])) for row in series if row[2] is not None]
    if len(own) + len(national) < 2:
        return SafeString()
    values = [value for _year, value in own + national]
    if target is not None:
        values.append(float(target))
    low, high = min(values), max(values)
    first, last = min(row[0][0] for row in (own, national) if row), max(int(row[0]) for row in series)
    across, up = (WIDTH - 2 * EDGE) / max(last - first, 1), (HEIGHT - 2 * EDGE) / ((high - low) or 1)

    def place(point: tuple[int, float]) -> str:
        return f"{EDGE + (point[0] - first) * across:.1f},{EDGE + (high - point[1]) * up:.1f}"

    parts = []
    if target is not None:
        y = f"{EDGE + (high - float(target)) * up:.1f}"
        parts.append(_path(f"0,{y} {WIDTH},{y}", "target"))
    parts += [
        _path(" ".join(map(place, line)), role)
        for line, role in ((national, "reference"), (own, "actual"))
        if len(line) > 1
    ]
    if own:
        x, y = place(own[-1]).split(",")
        parts.append(
            f'<circle cx="{x}" cy="{y}" r="3.5" fill="{LOOKS["actual"].colour}" class="ch-f-actual"/>'
        )
    return mark_safe(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" class="chart-spark" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def _path(points: str, role: str) -> str:
    look = LOOKS[role]
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{look.colour}" stroke-width="{look.width}"{dash} '
        f'class="ch-s-{role}"/>'
    )


# --- the indicator's own page ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """One line with its name and look; `points` by period."""

    name: str
    role: str
    points: Mapping[Period, Decimal]


def indicator_chart(
    *,
    title: str,
    unit: str,
    lines: Sequence[Named],
    alt: str,
    target: Decimal | None = None,
    band: tuple[Decimal, Decimal] | None = None,
    marks: Sequence[tuple[str, str]] = (),
    target_label: str = "",
    ref: str = "",
) -> ChartSpec:
    """Values over time. `marks` are (place, words): the baseline, the ends of the programme, its horizon.

    A mark beyond the values stretches the axis to its place; `unit` as people read it, "%" or empty included.
    """
    places = sorted(
        {place_of(period) for line in lines for period in line.points} | {at for at, _words in marks}
    )
    series = [
        Series(
            line.name,
            tuple(places if index == 0 else map(place_of, sorted(line.points))),
            tuple(_values(line, places if index == 0 else None)),
            role=line.role,
        )
        for index, line in enumerate(lines)
    ]
    notes = [Annotation("mark", words, x=at) for at, words in marks]
    if band is not None:
        notes.append(Annotation("band", target_label, value=band[0], upto=band[1]))
    elif target is not None:
        notes.append(Annotation("line", target_label, value=target))
    return ChartSpec(
        kind="line", title=title, alt=alt, series=tuple(series), annotations=tuple(notes),
        unit={"%": "percent", "": "count"}.get(unit, unit), ref=ref,
    )  # fmt: skip


def _values(line: Named, places: Sequence[str] | None) -> list[Decimal | None]:
    by_place = {place_of(period): value for period, value in line.points.items()}
    return [by_place.get(place) for place in places or sorted(by_place)]


@dataclass(frozen=True, slots=True)
class Dot:
    """One region on the strip. `kind`: own, peer, or apart for those that are shown but not ranked."""

    value: Decimal
    kind: str
    name: str = ""


def strip_svg(
    dots: Sequence[Dot], *, national: Decimal | None, label: str, texts: tuple[str, str]
) -> SafeString:
    """All regions on one line from the lowest value to the highest, the own one large, the country as a stroke.

    `texts` stand under the ends. The table beside it holds every figure.
    """
    values = [float(dot.value) for dot in dots] + ([float(national)] if national is not None else [])
    low, high = min(values), max(values)
    canvas = Canvas(720.0, 64.0, "")

    def x_of(value: Decimal) -> float:
        return 12 + (float(value) - low) / ((high - low) or 1) * 696

    canvas.grid(12, 26, 708, 26, axis=True)
    if national is not None:
        canvas.path([(x_of(national), 6), (x_of(national), 46)], "reference")
    for dot in sorted(dots, key=lambda one: one.kind == "own"):
        if dot.kind == "apart":
            canvas.add(
                "circle", cx=x_of(dot.value), cy=26.0, r=5.0, fill="none", stroke=LOOKS["peer"].colour,
                stroke_width="1.5", class_="ch-s-peer",
            )  # fmt: skip
        else:
            own = dot.kind == "own"
            canvas.dot(x_of(dot.value), 26, "actual" if own else "peer", radius=9.0 if own else 5.0)
    canvas.text(12, 62, texts[0])
    canvas.text(708, 62, texts[1], anchor="end")
    drawn = element(
        "svg", "".join(canvas.parts), xmlns="http://www.w3.org/2000/svg", viewBox="0 0 720 64", width="720",
        height="64", role="img", aria_label=label, class_="chart-svg", font_size="13",
    )  # fmt: skip
    return mark_safe(drawn)
