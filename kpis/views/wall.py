"""The wall of indicators, and the same as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.permissions import can
from kpis.cards import write_cards, write_table_rows
from kpis.catalogue.flags import flags_of
from kpis.filters import IndicatorFilter
from kpis.models import Indicator
from kpis.selectors import by_level, sotkanet_ids, with_starts
from kpis.selectors.wall import wall_indicators, with_rules, with_shown
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import Programme
from programme.page_selectors import statements_of

TABLE = "table"
#: Told on the indicator's own page only: most cards stay quiet.
QUIET = ("not_confirmed", "not_known", "region_unknown")


@require_safe
@programme_view("kpi.view")
@shows_known_day
def indicator_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The indicators that the filters leave, as cards or (`view=table`) as a table with rules and starting points."""
    filters = IndicatorFilter(request.GET, programme=programme, queryset=wall_indicators(programme))
    narrowed = filters.qs if filters.form.is_valid() else Indicator.objects.none()
    today = programme.today()
    rows = [row for row in with_shown(narrowed) if filters.is_shown(row, today)]
    as_table = request.GET.get("view") == TABLE
    if as_table:
        rows = _with_rules_and_starts(programme, rows)
        write_table_rows(rows)
    else:
        with_rules(rows)
        write_cards(programme, rows, _flags(programme, rows), today=today)
    monitoring = [row for row in rows if row.scope == Indicator.Scope.MONITORING]
    context = {
        "indicators": rows,
        "levels": by_level(row for row in monitoring if row.level_id),
        "others": [row for row in monitoring if not row.level_id],
        "vision": [row for row in rows if row.scope == Indicator.Scope.VISION],
        "sotkanet_ids": sotkanet_ids(rows),
        "hyte_count": sum(row.is_hyte for row in rows),
        "illustrative": sum(row.shown.is_illustrative for row in rows if hasattr(row, "shown")),
        "filters": filters,
        "as_table": as_table,
        "links": _links(request, programme),
        "notes": statements_of(programme, "indicator_note", "monitoring_note") if as_table else [],
    }
    return TemplateResponse(request, "kpis/indicator_list.html", context)


def _with_rules_and_starts(programme: Programme, rows: list[Any]) -> list[Any]:
    """The same indicators with their rules and starting points, what is shown of each kept beside it."""
    shown = {row.pk: row.shown for row in rows}
    found: list[Any] = [row for row in with_starts(programme) if row.pk in shown]
    for row in found:
        row.shown = shown[row.pk]
    return found


def _links(request: HttpRequest, programme: Programme) -> list[dict[str, Any]]:
    """Pages beside the wall: starting points, what is lacking and, for those who may, adding and refreshing."""
    pages = (
        ("kpis:baseline_list", "kpi.view", _("Starting points")),
        ("kpis:indicator_gaps", "kpi.view", _("What is lacking")),
        ("kpis:value_queue", "kpi.approve", _("Values to approve")),
        ("kpis:stated_list", "kpi.view", _("Targets stated in words")),
        ("kpis:refresh_list", "kpi.view", _("Refreshes")),
        ("kpis:quarantine_list", "kpi.edit", _("Values that look wrong")),
        ("kpis:sotkanet_list", "kpi.edit", _("Sotkanet")),
        ("kpis:indicator_add", "kpi.edit", _("Add an indicator")),
    )
    return [
        {"url": reverse(name, args=[programme.slug]), "label": words}
        for name, action, words in pages
        if can(request.user, action, programme)
    ]


def _flags(programme: Programme, rows: list[Indicator]) -> dict[int, list[Any]]:
    """What is amiss with the sources of each indicator, once each.."""
    links = [link for row in rows for link in row.source_links.all() if link.sotkanet_id]
    for link in links:
        link.programme = programme
    found: dict[int, list[Any]] = {}
    flags = flags_of(links) if links else {}
    for link in links:
        told = found.setdefault(link.indicator_id, [])
        told += [flag for flag in flags[link.pk] if flag.code not in QUIET and flag not in told]
    return found
