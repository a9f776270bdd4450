"""The page of the vision: themes with their indicators to the horizon, spearheads with main lines, documents."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from core.permissions import can
from programme.access import programme_view
from programme.models import Programme, StrategyDocument, Theme
from programme.page_selectors import statements_of
from strategy.models import BalancingProgramme, MainLine
from strategy.vision.status import vision_status


@require_safe
@programme_view("strategy.view")
def vision(request: HttpRequest, programme: Programme) -> HttpResponse:
    lines: dict[int | None, list[MainLine]] = defaultdict(list)
    for line in MainLine.objects.filter(programme=programme).select_related("document"):
        lines[line.spearhead_id].append(line)
    documents = list(StrategyDocument.objects.filter(programme=programme).select_related("approved_by"))
    spearheads = [(row, lines.pop(row.pk, [])) for row in Theme.objects.filter(programme=programme)]
    return TemplateResponse(
        request,
        "strategy/vision.html",
        {
            "themes": vision_status(programme),
            "spearheads": spearheads,
            "other_lines": [line for rows in lines.values() for line in rows],
            "line_count": MainLine.objects.filter(programme=programme).count(),
            "stated_count": sum(row.main_lines or 0 for row in documents),
            "documents": documents,
            "balancing": BalancingProgramme.objects.filter(programme=programme).prefetch_related(
                "principles__turned_by"
            ),
            "statements": statements_of(programme, "strategy_statement", "vision_note"),
            "may_edit": can(request.user, "strategy.edit", programme),
        },
    )
