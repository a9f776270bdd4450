"""Where the programme starts from: facts of its document, starting points of indicators, and what still lacks one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.charts import ChartSpec, Series
from core.money import format_decimal
from core.templatetags.ui import unit as unit_words
from core.text import translated
from kpis.cards import plain, starts_shown
from kpis.filters import missing_baseline
from kpis.models import Indicator
from kpis.selectors import with_starts
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import PeerComparison, Programme
from programme.page_selectors import FactGroup, fact_groups


@require_safe
@programme_view("kpi.view")
@shows_known_day
def baseline_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    groups = fact_groups(programme)
    started: list[Any] = [row for row in with_starts(programme) if row.baselines]  # type: ignore[attr-defined]
    for row in started:
        row.starts = starts_shown(row, row.baselines)
    context = {
        "wholes": [(group, whole_chart(group)) for group in groups if group.is_whole],
        "groups": [group for group in groups if not group.is_whole],
        "peers": list(PeerComparison.objects.filter(programme=programme)),
        "indicators": started,
        "missing": list(missing_baseline(Indicator.objects.filter(programme=programme)).distinct()),
    }
    return TemplateResponse(request, "kpis/indicator_baselines.html", context)


def whole_chart(group: FactGroup) -> ChartSpec:
    """The parts of one whole as bars, the largest first; its name says what they sum to."""
    rows: list[Any] = sorted(group.rows, key=lambda row: row.value or 0, reverse=True)
    unit = str(unit_words(group.unit or "%"))
    total = format_decimal(plain(group.total))
    names = [translated(row, "name").text for row in rows]
    largest = f"{names[0]} {format_decimal(plain(rows[0].value))}" if rows else ""
    told = {"title": group.label, "total": total, "unit": unit, "largest": largest}
    return ChartSpec(
        kind="bar", title=group.label, unit={"%": "percent"}.get(unit, unit),
        alt=_("%(title)s: together %(total)s %(unit)s, the largest %(largest)s.") % told,
        series=(Series(group.label, tuple(names), tuple(plain(row.value) for row in rows), role="claimed"),),
        x_heading=_("Item"), note=_("Together %(total)s %(unit)s.") % told, ref=f"baseline.{group.key}",
    )  # fmt: skip
