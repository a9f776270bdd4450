"""The list of measures and its export."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.pages import is_part
from core.periods import format_month
from core.permissions import can, may_somewhere
from core.rates import EXPORT, spend
from measures.exports import measures_csv
from measures.filters import MeasureFilter
from measures.list_rows import rows_html
from measures.listing import MEASURES, page_of
from measures.models import Measure
from measures.reach import reach
from measures.selectors import clock_of, measure_levels
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("measure.view")
@shows_known_day
def measure_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One page of the measures that the filters of the address leave; `format=csv` gives them all."""
    filters = MeasureFilter(
        request.GET, programme=programme, queryset=Measure.objects.filter(programme=programme)
    )
    narrowed = filters.qs if filters.form.is_valid() else Measure.objects.none()
    if request.GET.get("format") == "csv":
        spend(EXPORT, request.user.pk)
        return _csv(programme, narrowed)
    listing = MEASURES.asked(request, programme, small=_small(programme))
    rows = narrowed.select_related("goal", "owner")
    edits_all = can(request.user, "measure.edit", programme)
    if not edits_all and may_somewhere(request.user, "measure.edit", programme):
        rows = _with_rights(request.user, rows, programme)
    page, clock = page_of(listing, rows, programme, is_narrowed=filters.is_narrowing)
    found = list(page.object_list)
    clock = clock or clock_of(programme)
    context = unit_context(request)
    levels = measure_levels([row.pk for row in found], programme, clock=clock)
    may_choose = can(request.user, "measure.bulk", programme)
    context |= {
        "filters": filters,
        "chosen": filters.chosen,
        "listing": listing,
        "as_of": clock.as_of,
        "closed_through": clock.closed_through,
        "page": page,
        "may_choose": may_choose,
        "rows": rows_html(
            programme, found, levels, context["unit"], may_choose=may_choose,
            editable={row.pk for row in found if edits_all or getattr(row, "may_edit", False)},
        ),
        "illustrative": sum(row.is_illustrative for row in found),
    }  # fmt: skip
    template = "measures/_measure_table.html" if is_part(request) else "measures/measure_list.html"
    return TemplateResponse(request, template, context)


def _small(programme: Programme) -> dict[str, str]:
    """What the figures of a column are of, under its heading."""
    to_date = _("to %(month)s") % {"month": format_month(programme.today())}
    year = str(programme.final_year)
    return {"plan": year, "forecast": year, "claimed": to_date, "confirmed": to_date}


def _with_rights(user: Any, rows: QuerySet[Measure], programme: Programme) -> QuerySet[Measure]:
    """Adds `may_edit` for people whose right is narrower than the programme."""
    may = ExpressionWrapper(reach(user, "measure.edit", programme), output_field=BooleanField())
    return rows.annotate(may_edit=may)


def _csv(programme: Programme, rows: Any) -> Any:
    language = (get_language() or "fi")[:2]
    answer = StreamingHttpResponse(
        measures_csv(programme, rows, language=language), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-{_("measures")}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer
