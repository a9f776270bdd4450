"""Small figures beside text: stages as a bar, values as a line."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.charts.drawing import Canvas, element, number
from core.charts.spec import Value


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
    return _inline(canvas, name, "chart-stages", stretched=True)


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


def _inline(canvas: Canvas, label: str, css_class: str, *, stretched: bool = False) -> str:
    return element(
        "svg",
        "".join(canvas.parts) or " ",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(canvas.width)} {number(canvas.height)}",
        width=number(canvas.width),
        height=number(canvas.height),
        preserveAspectRatio="none" if stretched else "",
        role="img",
        aria_label=label,
        class_=css_class,
    )
