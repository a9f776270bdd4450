"""The API's indicators, observations and target rules."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from kpis.models import Indicator, IndicatorSummary, Observation, Outcome, SourceLink, TargetRule
from measures.api import choices
from programme.api import ROW, NamedSerializer, ProgrammeFilters, ProgrammeList, Row


def plain_or_null(value: Decimal | None) -> str | None:
    """A figure as a decimal string without trailing zeros: 16.8; None for an unknown one."""
    return None if value is None else f"{value.normalize():f}"


def figure(meaning: str = "Decimal string in the row's unit.") -> serializers.CharField:
    """A decimal string; null where the figure is unknown."""
    return serializers.CharField(allow_null=True, help_text=meaning)


# --- indicators ----------------------------------------------------------------------------------


class IndicatorFilters(ProgrammeFilters):
    scope = serializers.ChoiceField(required=False, choices=choices(Indicator.Scope))
    is_hyte = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Counts in the HYTE coefficient."
    )
    outcome = serializers.ChoiceField(
        required=False, choices=choices(Outcome), help_text="Latest answer of its rule."
    )


class SourceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=choices(SourceLink.Kind))
    sotkanet_id = serializers.IntegerField(allow_null=True)
    gender = serializers.ChoiceField(choices=choices(SourceLink.Gender))
    is_ended = serializers.BooleanField()


class LatestSerializer(serializers.Serializer):
    period = serializers.CharField(help_text="2024, 2024-T1 or 2024-03.")
    own = figure()
    before = figure("The own value of the period before.")
    national = figure()
    national_year = serializers.IntegerField(allow_null=True)
    target = figure()
    rank = serializers.IntegerField(allow_null=True)
    rank_of = serializers.IntegerField(allow_null=True)


class IndicatorSerializer(NamedSerializer):
    key = serializers.SlugField()
    scope = serializers.ChoiceField(choices=choices(Indicator.Scope))
    state = serializers.ChoiceField(choices=choices(Indicator.State))
    level = serializers.IntegerField(allow_null=True, help_text="Number of the level of monitoring.")
    unit = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    better = serializers.CharField(allow_blank=True, help_text="up, down, or empty for neither.")
    is_hyte = serializers.BooleanField()
    owner = serializers.CharField(allow_null=True, help_text="User name; null while nobody owns it.")
    outcome = serializers.CharField(
        allow_null=True, help_text="Latest answer of its rule; null where there is no rule, so no light."
    )
    latest = LatestSerializer(allow_null=True)
    sources = SourceSerializer(many=True)


@extend_schema_view(
    get=extend_schema(
        operation_id="indicators_list",
        description="Indicators with their sources, their latest values and the latest answer of their rule.",
        summary="Indicators",
        parameters=[IndicatorFilters],
        responses=IndicatorSerializer(many=True),
    )
)
class IndicatorList(ProgrammeList):
    right = "kpi.view"
    filters = IndicatorFilters

    def rows(self) -> QuerySet[Any, Any]:
        asked = {name: value for name, value in self.asked.items() if value is not None}
        columns = {"scope": "scope", "is_hyte": "is_hyte", "outcome": "summary__outcome"}
        return (
            self.within(Indicator.objects.all())
            .filter(**{column: asked[name] for name, column in columns.items() if name in asked})
            .select_related("level", "owner", "summary")
            .prefetch_related(Prefetch("source_links", queryset=SourceLink.objects.order_by("position")))
        )

    def show(self, rows: list[Any]) -> Iterable[Row]:
        keys = self.keys
        for one in rows:
            summary = getattr(one, "summary", None)
            yield {
                **{name: getattr(one, name) for name in (*ROW, "key", "scope", "state", "unit", "better", "is_hyte")
                   if name != "programme_id"},
                "programme": keys[one.programme_id],
                "level": one.level.number if one.level else None,
                "owner": one.owner.username if one.owner else None,
                "outcome": (summary.outcome or None) if summary else None,
                "latest": _latest(summary),
                "sources": [
                    {name: getattr(link, name) for name in ("id", "kind", "sotkanet_id", "gender", "is_ended")}
                    for link in one.source_links.all()
                ],
            }  # fmt: skip


def _latest(summary: IndicatorSummary | None) -> Row | None:
    if summary is None or not summary.latest_period:
        return None
    figures = ("own", "before", "national", "target")
    return {
        "period": summary.latest_period,
        **{name: plain_or_null(getattr(summary, name)) for name in figures},
        **{name: getattr(summary, name) for name in ("national_year", "rank", "rank_of")},
    }


# --- observations --------------------------------------------------------------------------------


class ObservationFilters(ProgrammeFilters):
    indicator = serializers.SlugField(required=False, help_text="Key of an indicator.")
    region_role = serializers.ChoiceField(required=False, choices=choices(Observation.Region))
    year_from = serializers.IntegerField(required=False)
    year_to = serializers.IntegerField(required=False)


class ObservationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    programme = serializers.SlugField()
    indicator = serializers.SlugField(help_text="Key of the indicator.")
    sotkanet_id = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField()
    term = serializers.IntegerField(allow_null=True, help_text="Four-month term, 1 to 3.")
    month = serializers.IntegerField(allow_null=True)
    region_role = serializers.ChoiceField(choices=choices(Observation.Region))
    region = serializers.CharField(allow_blank=True, help_text="Category and code of the region.")
    breakdown = serializers.CharField(allow_blank=True, help_text="Key of the group; empty for all.")
    value = serializers.CharField(help_text="Decimal string in the indicator's unit.")
    count = figure("The number behind a rate or share.")
    base_count = figure("Out of how many.")
    vintage = serializers.IntegerField(help_text="1 for the first value; a revised one counts up.")
    is_baseline = serializers.BooleanField()
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    fetched_at = serializers.DateTimeField(allow_null=True)
    is_illustrative = serializers.BooleanField(help_text="Made up to show the portal.")
    updated_at = serializers.DateTimeField()


_OBSERVED = {
    "indicator": "indicator__key", "region_role": "region_role", "year_from": "year__gte", "year_to": "year__lte",
}  # fmt: skip
_RENAMED = {"indicator__key": "indicator", "source_link__sotkanet_id": "sotkanet_id"}
_PLAIN = (
    "id", "programme_id", "year", "term", "month", "region_role", "region", "breakdown", "value", "count",
    "base_count", "vintage", "is_baseline", "source", "fetched_at", "is_illustrative", "updated_at",
)  # fmt: skip


@extend_schema_view(
    get=extend_schema(
        operation_id="observations_list",
        description="Every value of every vintage. Of a period, the highest vintage counts.",
        summary="Values of indicators",
        parameters=[ObservationFilters],
        responses=ObservationSerializer(many=True),
    )
)
class ObservationList(ProgrammeList):
    right = "kpi.view"
    filters = ObservationFilters

    def rows(self) -> QuerySet[Any, Row]:
        asked = {column: self.asked[name] for name, column in _OBSERVED.items() if name in self.asked}
        return self.within(Observation.objects.filter(**asked)).values(*_PLAIN, *_RENAMED)

    def show(self, rows: list[Row]) -> Iterable[Row]:
        for row in super().show(rows):
            for column, name in _RENAMED.items():
                row[name] = row.pop(column)
            for name in ("value", "count", "base_count"):
                row[name] = plain_or_null(row[name])
            yield row


# --- target rules --------------------------------------------------------------------------------


class RuleFilters(ProgrammeFilters):
    indicator = serializers.SlugField(required=False, help_text="Key of an indicator.")
    in_force = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only versions that are in force."
    )


_RULE = (
    "key", "kind", "compare", "unit", "year", "and_onwards", "direction", "magnitude", "versus", "versus_year",
    "reference", "population", "applies_to", "answer", "is_approximate", "is_suggestion", "valid_from",
    "valid_to", "reason",
)  # fmt: skip
_RULE_FIGURES = ("value", "low", "high", "versus_value")


class RuleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    programme = serializers.SlugField()
    indicator = serializers.SlugField(
        allow_null=True, help_text="Key; null for a rule of a goal or statement."
    )
    goal = serializers.SlugField(allow_null=True, help_text="Key of the goal it judges.")
    parent = serializers.CharField(  # type: ignore[assignment]  # the stubs mean the field's own parent
        allow_null=True, help_text="Key of the combined rule it is a part of."
    )
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=choices(TargetRule.Kind))
    compare = serializers.CharField(allow_blank=True)
    value = figure()
    low = figure()
    high = figure()
    unit = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField(allow_null=True)
    and_onwards = serializers.BooleanField()
    direction = serializers.CharField(allow_blank=True)
    magnitude = serializers.CharField(allow_blank=True)
    versus = serializers.CharField(allow_blank=True)
    versus_year = serializers.IntegerField(allow_null=True)
    versus_value = figure()
    reference = serializers.CharField(allow_blank=True)
    population = serializers.CharField(allow_blank=True)
    applies_to = serializers.CharField(allow_blank=True)
    answer = serializers.CharField(allow_blank=True)
    is_approximate = serializers.BooleanField()
    is_suggestion = serializers.BooleanField(help_text="Suggested by somebody; judges nothing.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


@extend_schema_view(
    get=extend_schema(
        operation_id="target_rules_list",
        description="Every version of every rule; a change closes a version and adds the next with its reason.",
        summary="Target rules",
        parameters=[RuleFilters],
        responses=RuleSerializer(many=True),
    )
)
class RuleList(ProgrammeList):
    right = "kpi.view"
    filters = RuleFilters

    def rows(self) -> QuerySet[Any, Row]:
        rules = self.within(TargetRule.objects.all())
        if "indicator" in self.asked:
            rules = rules.filter(indicator__key=self.asked["indicator"])
        if self.asked.get("in_force") is not None:
            rules = rules.filter(valid_to__isnull=self.asked["in_force"])
        return rules.values(
            "id", "programme_id", *_RULE, *_RULE_FIGURES, "version", "updated_at", "indicator__key", "goal__key",
            "parent__key",
        )  # fmt: skip

    def show(self, rows: list[Row]) -> Iterable[Row]:
        for row in super().show(rows):
            for name in ("indicator", "goal", "parent"):
                row[name] = row.pop(f"{name}__key")
            for name in _RULE_FIGURES:
                row[name] = plain_or_null(row[name])
            yield row
