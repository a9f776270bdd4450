"""The API's summary of a programme: the same figures as the dashboard's first screen."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import euros
from core.money import eur_string
from core.periods import format_date
from measures.api import (
    CumulativeSerializer,
    InBaseSerializer,
    LevelChangeSerializer,
    RunRateSerializer,
    figures_row,
    month_or_null,
)
from measures.calculations import Difference, SavingsFigures
from measures.forecasting.results import page_known
from measures.forecasting.shapes import ENDS
from measures.selectors import MatrixRow, differences, matrix
from measures.selectors.asof import as_known, record_starts
from programme.api import ProgrammeView, Row
from programme.models import Programme

#: Which two figures a difference is between, first minus second. Shares (per cent) are no euros and stay out.
BETWEEN = {
    "by_cost_type_by_sector": ("by_cost_type", "by_sector"),
    "composition": ("composition", "stated"),
    "annual": ("annual", "in_base"),
}


class TargetSerializer(serializers.Serializer):
    stated_eur = euros(help_text="As the programme states it; never computed.")
    cautious_eur = euros()
    full_eur = euros()
    in_base_eur = euros()


class LadderSerializer(serializers.Serializer):
    """stated target = in base + active measures + released + never allocated"""

    in_base_eur = euros()
    active_measures_eur = euros()
    released_eur = euros(help_text="Targets of withdrawn measures.")
    never_allocated_eur = euros()


class ScenarioSerializer(serializers.Serializer):
    key = serializers.SlugField()
    cautious_eur = euros()
    full_eur = euros()


class DifferenceSerializer(serializers.Serializer):
    between = serializers.ListField(child=serializers.CharField(), min_length=2, max_length=2)
    cautious_eur = euros(help_text="First minus second.")
    full_eur = euros(help_text="First minus second.")


class ProbabilitySerializer(serializers.Serializer):
    """New lines in what the target speaks of; percentiles of the signed effect, p10 the strongest saving.

    The chances count what the base holds as well. All null until the range has been figured for the first time.
    """

    weighted_eur = euros()
    p10_eur = euros()
    p50_eur = euros()
    p90_eur = euros()
    chance_of_cautious = serializers.FloatField(allow_null=True)
    chance_of_full = serializers.FloatField(allow_null=True)
    chance_of_stated = serializers.FloatField(allow_null=True)


class SummarySerializer(serializers.Serializer):
    programme = serializers.SlugField()
    as_of = serializers.DateField()
    books_closed_through = serializers.CharField(
        allow_null=True, help_text="YYYY-MM; null while no month is closed."
    )
    basis = serializers.ChoiceField(choices=[(basis.value, basis.value) for basis in Programme.Basis])
    final_year = serializers.IntegerField()
    target = TargetSerializer()
    ladder = LadderSerializer()
    by_cost_type = ScenarioSerializer(many=True)
    by_sector = ScenarioSerializer(many=True)
    differences = DifferenceSerializer(many=True, help_text="Figures of the source that do not agree.")
    level_change = LevelChangeSerializer(help_text="Lasting effects of the final year, new lines.")
    cumulative = CumulativeSerializer(help_text="All effects of new lines up to the status date.")
    run_rate = RunRateSerializer(help_text="Twelve times the lasting effect of the latest closed month.")
    in_base = InBaseSerializer(help_text="What the comparison base already holds; never added to the others.")
    probability = ProbabilitySerializer()


class SummaryFilters(serializers.Serializer):
    as_of = serializers.DateField(
        required=False,
        help_text="As known at the end of this day: what was recorded later is not there. Default: now.",
    )


def summary_row(programme: Programme) -> Row:
    """The summary of the programme on its own day (design, section 9)."""
    table = matrix(programme)
    found = table.figures
    return {
        "programme": programme.slug,
        "as_of": found.as_of.isoformat(),
        "books_closed_through": month_or_null(found.closed_through),
        "basis": programme.basis,
        "final_year": found.final_year,
        "target": _target(found),
        "ladder": _ladder(found),
        "by_cost_type": _scenarios(table.cost_types),
        "by_sector": _scenarios(table.sectors),
        "differences": [_difference(row) for row in differences(programme) if row.code in BETWEEN],
        **_figures(found),
        "probability": _probability(programme),
    }


def _probability(programme: Programme) -> Row:
    """As the forecast page shows it."""
    known = page_known(programme)
    if known is None:
        return dict.fromkeys(ProbabilitySerializer().fields)
    outlook = known.result.outlook
    return {
        "weighted_eur": eur_string(outlook.main.weighted),
        "p10_eur": eur_string(outlook.main.p10),
        "p50_eur": eur_string(outlook.main.p50),
        "p90_eur": eur_string(outlook.main.p90),
        **{f"chance_of_{end}": outlook.chances[end] for end in ENDS},
    }


def _target(found: SavingsFigures) -> Row:
    target = found.target
    return {
        "stated_eur": eur_string(target.stated),
        "cautious_eur": eur_string(target.cautious),
        "full_eur": eur_string(target.full),
        "in_base_eur": eur_string(target.in_base),
    }


def _ladder(found: SavingsFigures) -> Row:
    ladder = found.ladder
    return {
        "in_base_eur": eur_string(ladder.in_base),
        "active_measures_eur": eur_string(ladder.active),
        "released_eur": eur_string(ladder.released),
        "never_allocated_eur": eur_string(ladder.never_allocated),
    }


def _scenarios(rows: Iterable[MatrixRow]) -> list[Row]:
    return [
        {
            "key": row.row.key,
            "cautious_eur": eur_string(row.total.cautious),
            "full_eur": eur_string(row.total.full),
        }
        for row in rows
        if row.row is not None
    ]


def _difference(found: Difference) -> Row:
    return {
        "between": list(BETWEEN[found.code]),
        "cautious_eur": eur_string(found.cautious),
        "full_eur": eur_string(found.full),
    }


def _figures(found: SavingsFigures) -> Row:
    """The programme's figures; without lines of its own the in-base plan is the target's in-base part (R2)."""
    figures = figures_row(found.total)
    if not found.total.in_base_years:
        figures["in_base"] = {
            "plan_eur": eur_string(found.target.in_base), "claimed_eur": None, "confirmed_eur": None,
        }  # fmt: skip
    return figures


@extend_schema_view(
    get=extend_schema(
        operation_id="programmes_summary",
        description=(
            "The figures of the dashboard: target, ladder, level change, cumulative effect and run "
            "rate. `null` means unknown, never zero."
        ),
        summary="The programme's figures",
        responses=SummarySerializer,
    )
)
class ProgrammeSummary(ProgrammeView):
    right = "dashboard.view"
    filters = SummaryFilters

    def get(self, request: Request, programme: str) -> Response:
        here, day = self.programmes[0], self.asked.get("as_of")
        if day is None or day == timezone.localdate():
            return Response(summary_row(here))
        starts = record_starts(here)
        if not starts <= day < timezone.localdate():
            message = _("The portal's record starts on %(day)s.") % {"day": format_date(starts)}
            raise serializers.ValidationError({"as_of": [message]})
        with as_known(here, day) as known:
            return Response(summary_row(known))
