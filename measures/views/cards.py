"""The card of one measure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.permissions import can
from core.statements import Statement
from measures import cards, list_rows
from measures.card_parts import parts_for
from measures.models import Measure, MeasureGoal, MeasureSegment, MeasureTarget
from measures.selectors import measure_card
from measures.selectors.ladder import with_succession
from measures.views.known import shows_known_day
from measures.views.shared import unit_context
from measures.wording import LEVEL_WORDS
from programme.access import programme_view
from programme.models import Goal, Programme, Segment
from programme.targets_editing import holds_on
from programme.words import word

#: The measure with everything beside it, and what it is linked to without money.
_MEASURE = Statement(
    lambda programme, code: with_succession(
        Measure.objects.filter(programme=programme, code=code).select_related(
            "goal__theme", "owner", "project", "linked_initiative"
        )
    )
)
_OTHER_GOALS = Statement(
    lambda measure: Goal.objects.filter(pk__in=MeasureGoal.objects.filter(measure=measure).values("goal"))
)
_SEGMENTS = Statement(
    lambda measure: Segment.objects.filter(
        pk__in=MeasureSegment.objects.filter(measure=measure).values("segment")
    )
)
_TARGETS = Statement(
    lambda programme, measure: MeasureTarget.objects.filter(programme=programme, measure=measure).order_by(
        "-valid_from"
    )
)


@require_safe
@programme_view("measure.view")
@shows_known_day
def measure_detail(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """The card: what the measure is, its figures, its months by line."""
    measure = _MEASURE.one_or_404(programme=programme.pk, code=code)
    measure.programme = programme
    card = measure_card(measure)
    whole, figures, lines = card.whole, card.figures, card.lines
    versions = _TARGETS.all(programme=programme.pk, measure=measure.pk)
    held = next((version for version in versions if holds_on(version, whole.as_of)), None)
    may_edit = can(request.user, "measure.edit", measure)
    context = unit_context(request, "eur")
    years = sorted({cell.month.year for line in lines for cell in line.months})
    year = _asked_year(request, years, programme)
    context |= {
        "measure": measure,
        "stage": word(programme, f"stage.{measure.stage}"),
        "as_of": whole.as_of,
        "closed_through": whole.closed_through,
        "level_names": LEVEL_WORDS.values(),
        "quantities": cards.quantities(figures, whole, context["unit"]),
        "target": held.value_eur_cents if held else None,
        "versions": versions,
        "today": programme.today(),
        "may_edit": may_edit,
        "may_update": can(request.user, "update.give", measure),
        "may_raise": can(request.user, "obstacle.raise", measure),
        "obstacle_url": optional_address("risks:obstacle_add", programme.slug),
        "may_edit_money": can(request.user, "savings.edit", measure),
        "may_set_target": can(request.user, "target.edit", measure),
        "parts": list_rows.parts_of(programme, measure, may_edit=may_edit),
        "part_labels": list_rows.part_labels(),
        "missing": missing_in_swedish(measure) if may_edit else [],
        "months_url": optional_address("measures:month_grid", programme.slug, code),
        "update_url": optional_address("reporting:measure_update", programme.slug, code),
        "lines": lines,
        "grids": [cards.grid_of(line, year, context["unit"]) for line in lines],
        "year": year,
        "years": years,
        "other_goals": _OTHER_GOALS.all(measure=measure.pk),
        "segments": _SEGMENTS.all(measure=measure.pk),
        "overlaps": cards.overlaps_of(measure, context["unit"]),
        "card_parts": [
            {
                "name": part.name,
                "title": part.title,
                "url": reverse("measures:card_part", args=[programme.slug, code, part.name])
                + f"?unit={context['unit']}",
            }
            for part in parts_for(request.user, measure)
        ],
    }
    return TemplateResponse(request, "measures/measure_detail.html", context)


def missing_in_swedish(measure: Measure) -> list[str]:
    """Texts of the measure that have no Swedish, by name."""
    texts = {"name": _("name"), "description": _("description")}
    return [
        label
        for field, label in texts.items()
        if (getattr(measure, f"{field}_fi") or getattr(measure, f"{field}_en"))
        and not getattr(measure, f"{field}_sv")
    ]


def optional_address(name: str, *args: str) -> str:
    """An address of an app to the right, empty where it is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _asked_year(request: HttpRequest, years: list[int], programme: Programme) -> int:
    """The year of the grid: the one in the address, else that of the status date."""
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    status = programme.today().year
    return status if status in years or not years else years[-1]
