"""Charts in pages. `{% load charts %}`"""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.charts import ChartSpec, chart_key, spark_svg, stage_bar_svg, to_plotly, to_svg

register = template.Library()

# As django.utils.html.json_script does: nothing in the data can be taken for markup. The data stands in a
# <template>, because htmx drops script elements from what it brings in.
_JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.inclusion_tag("core/_chart.html")
def chart(
    spec: ChartSpec,
    width: int = 660,
    height: int = 300,
    caption: bool = True,
    interactive: bool = True,
    src: str = "",
) -> dict[str, Any]:
    """A figure with its table beside it; chart.js makes it interactive when it is touched.

    `caption` off when the card's heading already names the figure; `src` an address that answers the Plotly
    JSON, where the page should not carry it; `interactive` off for print pages.
    """
    language = (get_language() or "fi")[:2]
    drawable = interactive and spec.has_data
    data = ""
    if drawable and not src:
        data = json.dumps(to_plotly(spec, language=language), ensure_ascii=False, separators=(",", ":"))
    return {
        "spec": spec,
        "key": chart_key(spec, language),
        "unit": spec.unit_text(language=language),
        "table": spec.table(language=language) if spec.has_data else None,
        "wide": mark_safe(to_svg(spec, language=language, width=width, height=height)),
        "narrow": mark_safe(to_svg(spec, language=language, width=360, height=240)),
        "caption": caption,
        "drawable": drawable,
        "src": src,
        "data": mark_safe(data.translate(_JSON_ESCAPES)),
    }


@register.simple_tag
def chart_svg(spec: ChartSpec, width: int = 720, height: int = 300) -> SafeString:
    """The drawing alone: slides, mails, print."""
    return mark_safe(to_svg(spec, language=(get_language() or "fi")[:2], width=width, height=height))


@register.simple_tag
def stage_bar(counts: list[tuple[str, int]], width: int = 150, height: int = 14) -> SafeString:
    """Counts by stage as a small bar; pairs of label and count."""
    return mark_safe(stage_bar_svg(counts, width=width, height=height))


@register.simple_tag
def spark(
    values: list[Any], label: str, target: Any = None, reference: list[Any] | None = None
) -> SafeString:
    """A small line of values with its target; `label` says in words what it shows."""
    return mark_safe(spark_svg(values, label=label, target=target, reference=reference))
