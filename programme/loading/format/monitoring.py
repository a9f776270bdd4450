"""Indicators and how the programme is followed."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from programme.loading.format.common import Direction
from programme.loading.format.rules import Rule
from programme.loading.values import Key, Line, Mark, Named, Number, Part, Period, Small, Sourced, Text, Year


class MonitoringLevel(Named, Sourced):
    """A level of monitoring."""

    number: Small = Field(description="number that metrics refer to")


class BaselinePoint(Part):
    """A known value: {value, date} or {year, own, national}."""

    year: Year | None = Field(None, description="year")
    date: Period | None = Field(None, description="month or year")
    value: Number | None = Field(None, description="own value")
    own: Number | None = Field(None, description="own value")
    national: Number | None = Field(None, description="value of the whole country")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.year is None) == (self.date is None):
            raise ValueError("give either year or date")
        if self.value is not None and self.own is not None:
            raise ValueError("give either value or own")
        if self.value is None and self.own is None and self.national is None:
            raise ValueError("give a value")
        return self


def _points(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, dict) else value


class Breakdown(Part):
    """Groups that an indicator is followed by."""

    by: Line = Field(description="the grouping, for example age_group")
    rule_applies_to: Literal["all"] = Field("all", description="all: every group must meet the rule")


class IndicatorPart(Named, Sourced):
    """An indicator, in `monitoring.metrics` or `indicators`."""

    key: Key = Field(description="its key")
    level: Small | None = Field(None, description="number of its monitoring level")
    vision: Key | None = Field(None, description="key of its vision theme")
    unit: Line | None = Field(None, description="unit")
    better: Direction | None = Field(None, description="which way is better")
    target: Rule | None = Field(None, description="its target rule")
    baseline: Annotated[list[BaselinePoint], BeforeValidator(_points)] = Field(
        [], description="known values; one mapping, a list, or null"
    )
    baseline_required: bool = Field(False, description="a baseline must be found first")
    sotkanet: list[Annotated[int, Field(gt=0)]] = Field([], description="Sotkanet ids")
    data_sources: list[Text] = Field([], description="sources other than Sotkanet")
    hyte_coefficient: bool = Field(False, description="an indicator of the HYTE coefficient")
    breakdown: Breakdown | None = Field(None, description="groups it is followed by")
    frequency: Line | None = Field(None, description="how often it is measured")
    definition: Text | None = Field(None, description="what exactly is counted")
    to_be_specified: Text | None = Field(None, description="what it could be, while that is open")
    derived_from: Key | None = Field(None, description="key of the indicator it was split from")
    related_saving: Key | None = Field(None, description="key of a cost type")
    same_as_annual_objective: Small | None = Field(
        None, description="number of the annual objective that is the same"
    )


class CycleItem(Part):
    """What is followed and when."""

    what: Text = Field(description="what")
    when: Text = Field(description="when")


class Monitoring(Part):
    """How the programme is followed."""

    page: Mark | None = Field(None, description="page of the source")
    metrics_are_preliminary: bool | None = Field(None, description="the metrics may still change")
    levels: list[MonitoringLevel] = Field([], description="levels of monitoring")
    metrics: list[IndicatorPart] = Field([], description="metrics of the programme")
    programme_own_monitoring: Text | None = Field(None, description="what else is followed")
    cycle: list[CycleItem] = Field([], description="when it is followed")
