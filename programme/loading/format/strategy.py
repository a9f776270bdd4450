"""The vision, the annual objectives, the seasons and the programmes beside this one."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from programme.loading.format.common import Compare, Direction, LongPeriod
from programme.loading.format.rules import Rule
from programme.loading.values import (
    Item,
    Key,
    Line,
    Mark,
    Named,
    Number,
    Part,
    Prose,
    Small,
    Sourced,
    Text,
    Words,
    Year,
)


class OperatingSystem(Part):
    """The system of management."""

    parts: list[Item] = Field([], description="parts")
    pillars: list[Item] = Field([], description="pillars")


class VisionThemePart(Named, Sourced):
    """A theme of the vision."""

    key: Key = Field(description="its key")
    number: Small | None = Field(None, description="its number")
    sub_themes: list["VisionThemePart"] = Field([], description="themes under it")


class Vision(Part):
    """The vision."""

    nature: Text | None = Field(None, description="how its figures behave")
    themes: list[VisionThemePart] = Field([], description="themes")


class BodyAndTime(Part):
    """A body and when it acts."""

    body: Line = Field(description="the body")
    when: Text = Field(description="when")


class ObjectiveMetricPart(Named, Sourced):
    """A question that tells whether an objective was met."""

    key: Key = Field(description="its key")
    years: list[Year] = Field(description="years in which it is answered")
    years_stated: bool = Field(True, description="false: the source gives no years")
    type: Literal["yes_no", "direction", "compare", "series_increase", "qualitative"] = Field(
        description="kind of answer"
    )
    compare: Compare | None = Field(None, description="how the value is compared")
    value: Number | None = Field(None, description="threshold")
    unit: Line | None = Field(None, description="unit")
    direction: Direction | None = Field(None, description="which way")
    rule: Line | None = Field(None, description="the rule in words")
    data_source: Line | None = Field(None, description="where the answer comes from")
    text_fi: Prose | None = Field(None, description="the decision's own words in Finnish")
    text_sv: Prose | None = Field(None, description="the decision's own words in Swedish")
    text_en: Prose | None = Field(None, description="the decision's own words in English")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.type == "compare" and (self.compare is None or self.value is None):
            raise ValueError("a metric of type compare needs compare and value")
        if self.type == "direction" and self.direction is None:
            raise ValueError("a metric of type direction needs direction")
        if len(set(self.years)) != len(self.years):
            raise ValueError("a year is given twice")
        return self


class ObjectivePart(Named, Sourced):
    """An annual objective."""

    key: Key = Field(description="its key")
    number: Small = Field(description="its number")
    title_is_ours: bool = Field(False, description="the source has no heading")
    aim_fi: Prose | None = Field(None, description="aim in Finnish")
    aim_sv: Prose | None = Field(None, description="aim in Swedish")
    aim_en: Prose | None = Field(None, description="aim in English")
    text_fi: Prose | None = Field(None, description="the decision's own words in Finnish")
    text_sv: Prose | None = Field(None, description="the decision's own words in Swedish")
    text_en: Prose | None = Field(None, description="the decision's own words in English")
    metrics: list[ObjectiveMetricPart] = Field([], description="its metrics")


class AnnualObjectives(Part):
    """Objectives that bind towards the council."""

    set_by: BodyAndTime | None = Field(None, description="who sets them")
    followed_by: BodyAndTime | None = Field(None, description="who follows them")
    objectives: list[ObjectivePart] = Field([], description="the objectives")


class Boundaries(Part):
    """When seasons begin and end."""

    suggested: list[Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")]] = Field(description="months, 01-04")
    confidence: Prose | None = Field(None, description="how sure it is")


class SeasonPart(Named):
    """The season of development."""

    length_months: Annotated[int, Field(ge=1, le=12)] = Field(description="length in months")
    seasons_per_year: Annotated[int, Field(ge=1, le=12)] = Field(description="how many in a year")
    boundaries: Boundaries | None = Field(None, description="when they begin")


class Rollout(Words):
    """A step of taking something into use."""

    when: Mark = Field(description="when")


class Okr(Part):
    """The OKR model."""

    name: Text = Field(description="its name")
    season: SeasonPart | None = Field(None, description="the season")
    objective_source: Text | None = Field(None, description="where objectives come from")
    elements: list[Item] = Field([], description="elements")
    visibility: Text | None = Field(None, description="who sees it")
    followed_at: Text | None = Field(None, description="who follows it")
    reported_to: BodyAndTime | None = Field(None, description="who gets reports")
    rollout: list[Rollout] = Field([], description="steps into use")
    fallback_before_rollout: Text | None = Field(None, description="what is used before")


class Measurements360(Named):
    """Measurement of supervisors from all sides."""

    belongs_to: Text | None = Field(None, description="which plan it belongs to")
    purpose: Text | None = Field(None, description="what it is for")
    targets: list[Rule] = Field([], description="targets by year")


class PrinciplePart(Named, Sourced):
    """A principle of balancing."""

    number: Small = Field(description="its number")
    conditional: Text | None = Field(None, description="when it may be turned to")


class Balancing(Named):
    """A balancing programme beside this one."""

    key: Key | None = Field(None, description="its key; made of the name when left out")
    fi_variant: Line | None = Field(None, description="another spelling in the source")
    period: LongPeriod = Field(description="its years")
    basis: Text | None = Field(None, description="what demands it")
    confirmed: Text | None = Field(None, description="when it is confirmed")
    euro_targets: Number | None = Field(None, description="target in M€, signed; null when none")
    principles: list[PrinciplePart] = Field([], description="principles, in order")
