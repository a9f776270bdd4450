"""The API's annual objectives and development seasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from kpis.api import figure, plain_or_null
from measures.api import choices
from programme.api import ROW, NamedSerializer, ProgrammeFilters, ProgrammeList, Row
from strategy.models import AnnualObjective, MetricYear, Objective, ObjectiveMetric, Season, Unit


class AnswerSerializer(serializers.Serializer):
    year = serializers.IntegerField()
    year_stated = serializers.BooleanField(help_text="The source names the year.")
    answer = serializers.ChoiceField(choices=choices(MetricYear.Answer))
    number = figure()
    reason = serializers.CharField(allow_blank=True)
    answered_on = serializers.DateField(allow_null=True)


class MetricSerializer(serializers.Serializer):
    key = serializers.SlugField()
    name_fi = serializers.CharField(allow_blank=True)
    name_sv = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    rule = serializers.CharField(allow_null=True, help_text="Key of its target rule.")
    answers = AnswerSerializer(many=True)


class ObjectiveSerializer(NamedSerializer):
    key = serializers.SlugField()
    number = serializers.IntegerField()
    owner = serializers.CharField(allow_null=True, help_text="User name; null while nobody owns it.")
    text_fi = serializers.CharField(allow_blank=True, help_text="The council's wording; empty until entered.")
    text_sv = serializers.CharField(allow_blank=True)
    text_en = serializers.CharField(allow_blank=True)
    metrics = MetricSerializer(many=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="objectives_list",
        description="Objectives that bind towards the council, with their metrics and the answers by year.",
        summary="Annual objectives",
        parameters=[ProgrammeFilters],
        responses=ObjectiveSerializer(many=True),
    )
)
class ObjectiveList(ProgrammeList):
    right = "strategy.view"

    def rows(self) -> QuerySet[Any, Any]:
        metrics = ObjectiveMetric.objects.select_related("rule").prefetch_related("years")
        return (
            self.within(AnnualObjective.objects.all())
            .select_related("owner")
            .prefetch_related(Prefetch("metrics", queryset=metrics))
        )

    def show(self, rows: list[Any]) -> Iterable[Row]:
        keys = self.keys
        names = [*ROW, "key", "number", "text_fi", "text_sv", "text_en"]
        for one in rows:
            yield {
                **{name: getattr(one, name) for name in names if name != "programme_id"},
                "programme": keys[one.programme_id],
                "owner": one.owner.username if one.owner else None,
                "metrics": [_metric(metric) for metric in one.metrics.all()],
            }


def _metric(metric: ObjectiveMetric) -> Row:
    plain = ("year", "year_stated", "answer", "answered_on")
    return {
        **{name: getattr(metric, name) for name in ("key", "name_fi", "name_sv", "name_en")},
        "rule": metric.rule.key if metric.rule else None,
        "answers": [
            {name: getattr(one, name) for name in plain}
            | {"number": plain_or_null(one.number), "reason": one.note}
            for one in metric.years.all()
        ],
    }


class KeyResultSerializer(serializers.Serializer):
    name_fi = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    start = figure()
    target = figure()
    final = figure()
    score = figure("0 to 1.")


class SeasonObjectiveSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    unit = serializers.SlugField(help_text="Key of the unit that set it.")
    level = serializers.ChoiceField(choices=choices(Unit.Level))
    name_fi = serializers.CharField(allow_blank=True)
    name_sv = serializers.CharField(allow_blank=True)
    name_en = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=choices(Objective.State))
    score = figure("0 to 1.")
    annual_objective = serializers.SlugField(allow_null=True)
    key_results = KeyResultSerializer(many=True)


class SeasonSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    programme = serializers.SlugField()
    year = serializers.IntegerField()
    number = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(choices=choices(Season.State))
    objectives = SeasonObjectiveSerializer(many=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(
        operation_id="seasons_list",
        description="Development seasons with the objectives and key results of every unit.",
        summary="Seasons",
        parameters=[ProgrammeFilters],
        responses=SeasonSerializer(many=True),
    )
)
class SeasonList(ProgrammeList):
    right = "strategy.view"

    def rows(self) -> QuerySet[Any, Row]:
        return self.within(Season.objects.all()).values(
            "id", "programme_id", "year", "number", "starts_on", "ends_on", "state", "version", "updated_at"
        )

    def show(self, rows: list[Row]) -> Iterable[Row]:
        found: dict[int, list[Row]] = defaultdict(list)
        objectives = (
            Objective.objects.filter(season__in=[row["id"] for row in rows])
            .select_related("unit", "annual_objective")
            .prefetch_related("key_results")
            .order_by("unit__position", "position", "id")
        )
        for one in objectives:
            found[one.season_id].append(_objective(one))
        for row in super().show(rows):
            yield {**row, "objectives": found[row["id"]]}


def _objective(one: Objective) -> Row:
    return {
        **{name: getattr(one, name) for name in ("id", "name_fi", "name_sv", "name_en", "state")},
        "unit": one.unit.key,
        "level": one.unit.level,
        "score": plain_or_null(one.score),
        "annual_objective": one.annual_objective.key if one.annual_objective else None,
        "key_results": [
            {
                "name_fi": result.name_fi, "kind": result.kind, "unit": result.unit,
                "start": plain_or_null(result.start_value), "target": plain_or_null(result.target_value),
                "final": plain_or_null(result.final_value), "score": plain_or_null(result.score),
            }
            for result in one.key_results.all()
        ],
    }  # fmt: skip
