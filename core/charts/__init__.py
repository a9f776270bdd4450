"""Charts: one specification, two writers (SVG for paper and first paint, Plotly for the screen)."""

from core.charts.frame import chart_key
from core.charts.plotly import to_plotly
from core.charts.small import spark_svg, stage_bar_svg
from core.charts.spec import Annotation, ChartSpec, Series, Table, TableRow
from core.charts.svg import to_svg

__all__ = [
    "Annotation",
    "ChartSpec",
    "Series",
    "Table",
    "TableRow",
    "chart_key",
    "spark_svg",
    "stage_bar_svg",
    "to_plotly",
    "to_svg",
]
