"""SVG writer: the first paint, print, PDF and Word. Direct labels, no script, no style attribute."""

from __future__ import annotations

from django.utils import translation

from core.charts.columns import ColumnDrawing
from core.charts.frame import Drawing
from core.charts.lines import LineDrawing
from core.charts.rows import RowDrawing
from core.charts.spec import ChartSpec, parse_place, places


def to_svg(spec: ChartSpec, *, language: str, width: int = 720, height: int = 300) -> str:
    """The figure as one `<svg>`. Rows decide their own height; `height` rules lines and columns."""
    room = float(width), float(height)
    with translation.override(language):
        if not spec.has_data:
            return Drawing(spec, language, *room).empty()
        if spec.kind in ("line", "band"):
            return LineDrawing(spec, language, *room).lines()
        if spec.kind == "target":
            drawing = RowDrawing(spec, language, *room)
            return drawing.rows(drawing.target_rows())
        if spec.kind == "bridge":
            return ColumnDrawing(spec, language, *room).bridge()
        if all(parse_place(place) for place in places(spec.series)):
            return ColumnDrawing(spec, language, *room).columns()
        drawing = RowDrawing(spec, language, *room)
        return drawing.rows(drawing.category_rows())
