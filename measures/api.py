"""The API's measures and savings, and how figures are written out for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import euros
from core.editing.api import patch_row, row_etag
from core.money import eur_string
from core.periods import month_key
from core.permissions import can
from measures.calculations import Figures, Levels
from measures.forms import MeasureForm
from measures.models import (
    Confirmation,
    LineClass,
    Measure,
    MeasureTarget,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Series,
    Stage,
)
from measures.models.measures import Confidence
from measures.selectors import measure_figures
from programme.api import ROW, NamedSerializer, NoFilters, ProgrammeFilters, ProgrammeList, ProgrammeView, Row
from programme.models import Goal, Project


def choices(enumeration: Any) -> list[tuple[str, str]]:
    """The stored words of an enumeration; the API sends those and no translations."""
    return [(member.value, member.value) for member in enumeration]


# --- figures -------------------------------------------------------------------------------------

ALL_LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")
CURRENT_LEVELS = ("plan", "forecast", "claimed", "confirmed")


class CumulativeSerializer(serializers.Serializer):
    plan_eur = euros()
    forecast_eur = euros()
    claimed_eur = euros()
    confirmed_eur = euros()


class LevelChangeSerializer(CumulativeSerializer):
    plan_approved_eur = euros()
    undecided_eur = euros()
    refused_eur = euros()


class RunRateSerializer(CumulativeSerializer):
    confirmed_month = serializers.CharField(
        allow_null=True, help_text="YYYY-MM: the latest month in which no claim is undecided."
    )


class InBaseSerializer(serializers.Serializer):
    plan_eur = euros()
    claimed_eur = euros()
    confirmed_eur = euros()


class FiguresSerializer(serializers.Serializer):
    level_change = LevelChangeSerializer(help_text="Lasting effects of the final year, new lines.")
    cumulative = CumulativeSerializer(help_text="All effects of new lines up to the status date.")
    run_rate = RunRateSerializer(help_text="Twelve times the lasting effect of the latest closed month.")
    in_base = InBaseSerializer(
        help_text="Lines already inside the comparison base; never added to the others."
    )


def levels_row(levels: Levels, names: Iterable[str]) -> Row:
    """The named levels as euros."""
    return {f"{name}_eur": eur_string(getattr(levels, name)) for name in names}


def month_or_null(month: dt.date | None) -> str | None:
    """A month as YYYY-MM."""
    return month_key(month) if month else None


def figures_row(figures: Figures) -> Row:
    """The figures of a programme or a measure as the API sends them."""
    return {
        "level_change": levels_row(figures.level_change, ALL_LEVELS),
        "cumulative": levels_row(figures.cumulative, CURRENT_LEVELS),
        "run_rate": {
            **levels_row(figures.run_rate, CURRENT_LEVELS),
            "confirmed_month": month_or_null(figures.run_rate_months.confirmed),
        },
        "in_base": levels_row(figures.in_base, ("plan", "claimed", "confirmed")),
    }


# --- measures ------------------------------------------------------------------------------------


class MeasureFilters(ProgrammeFilters):
    theme = serializers.SlugField(required=False, help_text="Key of a theme.")
    goal = serializers.SlugField(required=False, help_text="Key of the measure's goal.")
    sector = serializers.SlugField(
        required=False, help_text="Key of a sector in which the measure has a line."
    )
    cost_type = serializers.SlugField(
        required=False, help_text="Key of a cost type in which the measure has a line."
    )
    project = serializers.SlugField(required=False, help_text="Key of a project.")
    owner = serializers.CharField(required=False, help_text="User name of the owner.")
    stage = serializers.ChoiceField(required=False, choices=choices(Stage))
    code = serializers.CharField(required=False, help_text="The measure's code.")


class MeasureSerializer(NamedSerializer):
    code = serializers.CharField()
    theme = serializers.SlugField(help_text="Key of the goal's theme.")
    goal = serializers.SlugField(help_text="Key of the goal.")
    sectors = serializers.ListField(
        child=serializers.SlugField(), help_text="Keys of the sectors of its lines."
    )
    cost_types = serializers.ListField(
        child=serializers.SlugField(), help_text="Keys of the cost types of its lines."
    )
    project = serializers.SlugField(allow_null=True)
    owner = serializers.CharField(allow_null=True, help_text="User name; null while nobody owns the measure.")
    stage = serializers.ChoiceField(choices=choices(Stage))
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    withdrawn_from = serializers.DateField(allow_null=True, help_text="First month that no longer counts.")
    municipality = serializers.CharField(allow_blank=True)
    service_point = serializers.CharField(allow_blank=True)
    target_eur = euros(help_text="Level change that the measure carries today.")
    is_illustrative = serializers.BooleanField(help_text="Made up to show the portal; no real measure.")


class LineSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    sector = serializers.SlugField()
    cost_type = serializers.SlugField()
    goal = serializers.SlugField(help_text="The one goal that carries the line's money.")
    permanence = serializers.ChoiceField(choices=choices(Permanence))
    line_class = serializers.ChoiceField(choices=choices(LineClass))
    in_base = serializers.BooleanField(help_text="The saving is already inside the comparison base.")


class MeasureDetailSerializer(MeasureSerializer):
    description_fi = serializers.CharField(allow_blank=True)
    description_sv = serializers.CharField(allow_blank=True)
    description_en = serializers.CharField(allow_blank=True)
    lines = LineSerializer(many=True)
    figures = FiguresSerializer()


class MeasureChangeSerializer(serializers.Serializer):
    """What may be changed; fields that are left out stay as they are."""

    name_fi = serializers.CharField(required=False, allow_blank=True)
    name_sv = serializers.CharField(required=False, allow_blank=True)
    name_en = serializers.CharField(required=False, allow_blank=True)
    description_fi = serializers.CharField(required=False, allow_blank=True)
    description_sv = serializers.CharField(required=False, allow_blank=True)
    description_en = serializers.CharField(required=False, allow_blank=True)
    goal = serializers.SlugField(required=False, help_text="Key of a goal.")
    project = serializers.SlugField(required=False, allow_null=True, help_text="Key of a project.")
    owner = serializers.CharField(required=False, allow_null=True, help_text="User name.")
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    confidence_of_owner = serializers.ChoiceField(
        required=False, allow_blank=True, choices=choices(Confidence)
    )
    municipality = serializers.CharField(required=False, allow_blank=True)
    service_point = serializers.CharField(required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True, help_text="Why; kept in the history.")


#: Column of the query to the name that is sent.
_RENAMED = {
    "goal__theme__key": "theme",
    "goal__key": "goal",
    "project__slug": "project",
    "owner__username": "owner",
}
_MEASURE = (
    *ROW,
    *_RENAMED,
    "code",
    "stage",
    "starts_on",
    "ends_on",
    "withdrawn_from",
    "municipality",
    "service_point",
    "is_illustrative",
)
_LINE_FILTERS = {"sector": "sector__key", "cost_type": "cost_type__key"}
_MEASURE_FILTERS = {
    "theme": "goal__theme__key", "goal": "goal__key", "project": "project__slug", "owner": "owner__username",
    "stage": "stage", "code": "code",
}  # fmt: skip


class MeasureRows(ProgrammeView):
    """Measures as rows, with the sectors and cost types of their lines and their target of the day."""

    right = "measure.view"

    def with_columns(self, measures: QuerySet[Measure]) -> QuerySet[Measure, Row]:
        """The measures as dictionaries of the columns that are sent."""
        valid = MeasureTarget.objects.filter(measure=OuterRef("pk")).filter(self._valid_today())
        return measures.annotate(target=Subquery(valid.values("value_eur_cents")[:1])).values(
            *_MEASURE, "target"
        )

    def _valid_today(self) -> Q:
        condition = Q(pk__in=[])
        for programme in self.programmes:
            day = programme.today()
            condition |= Q(programme=programme, valid_from__lte=day) & (
                Q(valid_to=None) | Q(valid_to__gt=day)
            )
        return condition

    def written(self, rows: list[Row]) -> list[Row]:
        """The rows as they are sent; one more query for all their lines."""
        lines = SavingsLine.objects.filter(measure__in=[row["id"] for row in rows]).order_by("pk")
        sectors: dict[int, dict[str, None]] = defaultdict(dict)
        cost_types: dict[int, dict[str, None]] = defaultdict(dict)
        for measure, sector, cost_type in lines.values_list("measure", "sector__key", "cost_type__key"):
            sectors[measure][sector] = None
            cost_types[measure][cost_type] = None
        keys = self.keys
        for row in rows:
            row["programme"] = keys[row.pop("programme_id")]
            for column, name in _RENAMED.items():
                row[name] = row.pop(column)
            row["sectors"], row["cost_types"] = list(sectors[row["id"]]), list(cost_types[row["id"]])
            row["target_eur"] = eur_string(row.pop("target"))
        return rows


@extend_schema_view(
    get=extend_schema(
        operation_id="measures_list",
        description=(
            "Measures, oldest first. Figures are in the answer for one measure and in the "
            "programme's summary."
        ),
        summary="Measures",
        parameters=[MeasureFilters],
        responses=MeasureSerializer(many=True),
    )
)
class MeasureList(MeasureRows, ProgrammeList):
    filters = MeasureFilters

    def rows(self) -> QuerySet[Any, Row]:
        asked = self.asked
        measures = self.within(Measure.objects.all()).filter(
            **{column: asked[name] for name, column in _MEASURE_FILTERS.items() if name in asked}
        )
        of_line = {column: asked[name] for name, column in _LINE_FILTERS.items() if name in asked}
        if of_line:
            measures = measures.filter(Exists(SavingsLine.objects.filter(measure=OuterRef("pk"), **of_line)))
        return self.with_columns(measures)

    def show(self, rows: list[Row]) -> Iterable[Row]:
        return self.written(rows)


@extend_schema_view(
    get=extend_schema(
        operation_id="measures_read",
        description=(
            "One measure by its number (`id`), with its lines and its figures on the programme's day."
        ),
        summary="One measure with its lines and figures",
        responses=MeasureDetailSerializer,
    ),
    patch=extend_schema(
        operation_id="measures_change",
        description=(
            "Changes the fields that are sent. `If-Match` names the `version` that was read, as a strong entity "
            "tag: without it 428, when the measure has changed since 412, and nothing is stored."
        ),
        summary="Change a measure",
        parameters=[
            OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="Version.")
        ],
        request=MeasureChangeSerializer,
        responses={200: MeasureDetailSerializer},
    ),
)
class MeasureDetail(MeasureRows):
    filters = NoFilters
    http_method_names = ["get", "head", "options", "patch"]

    def patch(self, request: Request, pk: int) -> Response:
        measure = Measure.objects.filter(programme__in=self.programmes, pk=pk).first()
        if measure is None:
            raise NotFound(_("There is no such measure."))
        if not can(request.user, "measure.edit", measure):
            raise PermissionDenied(_("You have no right to change this."))
        saved = patch_row(request, MeasureForm, measure, self._sent(request, measure))
        answer = self.get(request, pk)
        self._etag = row_etag(saved.row)
        return answer

    def _sent(self, request: Request, measure: Measure) -> Row:
        """The checked body in the words of the form: keys and user names become numbers."""
        unknown = set(request.data) - set(MeasureChangeSerializer().fields)
        if unknown:
            raise ValidationError({name: [_("Unknown field.")] for name in sorted(unknown)})
        body = MeasureChangeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sent = dict(body.validated_data)
        here = {"programme": measure.programme}
        for name, rows in (
            ("goal", Goal.objects.filter(**here, key=sent.get("goal"))),
            ("project", Project.objects.filter(**here, slug=sent.get("project"))),
            (
                "owner",
                get_user_model().objects.filter(
                    username=sent.get("owner"), grants__programme=measure.programme
                ),
            ),
        ):
            if sent.get(name) is not None:
                sent[name] = rows.values_list("pk", flat=True).first()
                if sent[name] is None:
                    raise ValidationError({name: [_("There is no such one in the programme.")]})
        return sent

    def get(self, request: Request, pk: int) -> Response:
        measures = Measure.objects.filter(programme__in=self.programmes, pk=pk)
        texts = ("description_fi", "description_sv", "description_en")
        rows = list(self.with_columns(measures).values(*_MEASURE, "target", *texts))
        if not rows:
            raise NotFound(_("There is no such measure."))
        programme = next(p for p in self.programmes if p.pk == rows[0]["programme_id"])
        (row,) = self.written(rows)
        row["lines"] = self._lines(pk)
        row["figures"] = figures_row(measure_figures([pk], programme)[pk])
        return Response(row)

    def _lines(self, pk: int) -> list[Row]:
        lines = SavingsLine.objects.filter(measure=pk).order_by("pk")
        plain = ("id", "permanence", "line_class", "in_base")
        rows = list(lines.values(*plain, "sector__key", "cost_type__key", "goal__key"))
        for row in rows:
            for name in ("sector", "cost_type", "goal"):
                row[name] = row.pop(f"{name}__key")
        return rows


# --- savings -------------------------------------------------------------------------------------


class SavingsFilters(ProgrammeFilters):
    measure = serializers.CharField(required=False, help_text="The measure's code.")
    theme = serializers.SlugField(required=False, help_text="Key of the theme of the line's goal.")
    goal = serializers.SlugField(required=False, help_text="Key of the line's goal.")
    sector = serializers.SlugField(required=False)
    cost_type = serializers.SlugField(required=False)
    permanence = serializers.ChoiceField(required=False, choices=choices(Permanence))
    in_base = serializers.BooleanField(required=False, allow_null=True, default=None)
    series = serializers.ChoiceField(required=False, choices=choices(Series))
    month_from = serializers.DateField(required=False, help_text="First month, any day of it.")
    month_to = serializers.DateField(required=False, help_text="Last month, any day of it.")


class SavingsSerializer(serializers.Serializer):
    """One month of one line in one series, as it was entered: overlaps are not taken off here."""

    id = serializers.IntegerField()
    programme = serializers.SlugField()
    measure = serializers.CharField(help_text="The measure's code.")
    line = serializers.IntegerField(help_text="Number of the savings line.")
    theme = serializers.SlugField()
    goal = serializers.SlugField()
    sector = serializers.SlugField()
    cost_type = serializers.SlugField()
    permanence = serializers.ChoiceField(choices=choices(Permanence))
    line_class = serializers.ChoiceField(choices=choices(LineClass))
    in_base = serializers.BooleanField()
    series = serializers.ChoiceField(choices=choices(Series))
    month = serializers.CharField(help_text="YYYY-MM")
    amount_eur = euros()
    confirmed_eur = euros(help_text="Of a claim: what the controller confirmed; null while undecided.")
    version = serializers.IntegerField()


_ENTRY_FILTERS = {
    "measure": "line__measure__code", "theme": "line__goal__theme__key", "goal": "line__goal__key",
    "sector": "line__sector__key", "cost_type": "line__cost_type__key", "permanence": "line__permanence",
    "in_base": "line__in_base", "series": "series", "month_to": "month__lte",
}  # fmt: skip
_LINE = {
    "measure__code": "measure", "goal__theme__key": "theme", "goal__key": "goal", "sector__key": "sector",
    "cost_type__key": "cost_type", "permanence": "permanence", "line_class": "line_class", "in_base": "in_base",
}  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="savings_list",
        description=(
            "One row for each line, month and series as it was entered: overlaps, withdrawals and "
            "the rules of the forecast are applied in the figures of the summary, not here. A "
            "month that nobody has filled has no row."
        ),
        summary="Savings by line, month and series",
        parameters=[SavingsFilters],
        responses=SavingsSerializer(many=True),
    )
)
class SavingsList(ProgrammeList):
    right = "savings.view"
    filters = SavingsFilters

    def rows(self) -> QuerySet[Any, Any]:
        asked = {name: value for name, value in self.asked.items() if value is not None}
        entries = SavingsEntry.objects.filter(programme__in=self.programmes).order_by()
        entries = entries.filter(
            **{column: asked[name] for name, column in _ENTRY_FILTERS.items() if name in asked}
        )
        if "month_from" in asked:
            entries = entries.filter(month__gte=asked["month_from"].replace(day=1))
        if "updated_since" in asked:
            entries = entries.filter(self._changed_since(asked["updated_since"]))
        return entries.values(
            "id", "programme_id", "line_id", "series", "month", "amount_eur_cents", "version"
        )

    def _changed_since(self, moment: dt.datetime) -> Q:
        """Entries carry no time of their own: their history tells. Lines and confirmations count too."""
        history = apps.get_model("measures", "SavingsEntryEvent")
        events = history.objects.filter(programme__in=self.programmes, pgh_created_at__gte=moment)
        lines = SavingsLine.objects.filter(programme__in=self.programmes, updated_at__gte=moment)
        decided = Confirmation.objects.filter(programme__in=self.programmes, updated_at__gte=moment)
        return (
            Q(pk__in=events.values("pgh_obj"))
            | Q(line__in=lines.values("pk"))
            | Q(pk__in=decided.values("entry"))
        )

    def show(self, rows: list[Row]) -> Iterable[Row]:
        lines = {
            line.pop("id"): line
            for line in SavingsLine.objects.filter(pk__in={row["line_id"] for row in rows}).values(
                "id", *_LINE
            )
        }
        confirmed = self._confirmed([row["id"] for row in rows if row["series"] == Series.CLAIMED])
        keys = self.keys
        for row in rows:
            line = lines[row["line_id"]]
            yield {
                "id": row["id"],
                "programme": keys[row["programme_id"]],
                "line": row["line_id"],
                **{name: line[column] for column, name in _LINE.items()},
                "series": row["series"],
                "month": month_key(row["month"]),
                "amount_eur": eur_string(row["amount_eur_cents"]),
                "confirmed_eur": eur_string(confirmed.get(row["id"])),
                "version": row["version"],
            }

    def _confirmed(self, entries: list[int]) -> dict[int, int]:
        """Confirmed cents of the claims that are decided."""
        parts = Confirmation.objects.filter(entry__in=entries, withdrawn_on=None).order_by()
        return dict(parts.values_list("entry").annotate(cents=Sum("part_eur_cents")))
