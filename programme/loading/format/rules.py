"""Target rules of goals, indicators and measurements."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from programme.loading.format.common import Compare, Direction
from programme.loading.values import Line, Number, Part, Period, Prose, Small, Year


class VersusPoint(Part):
    """The point a change is counted from."""

    year: Year = Field(description="year")
    value: Number = Field(description="value in that year")


class Rule(Part):
    """A target rule. Which keys matter depends on `type`."""

    type: Literal[
        "level_change",
        "share",
        "rank",
        "level",
        "absolute_change",
        "relative_change",
        "relative_change_range",
        "ratio_to_baseline",
        "compare",
        "direction",
        "all_of",
        "yes_no",
        "series_increase",
        "qualitative",
        "to_be_specified",
    ] = Field(description="kind of rule")
    compare: Compare | None = Field(None, description="how the value is compared; below and above are strict")
    value: Number | None = Field(None, description="threshold or change, in `unit`")
    low: Number | None = Field(None, description="lower end of a range")
    high: Number | None = Field(None, description="higher end of a range")
    unit: Line | None = Field(None, description="unit of the value")
    year: Year | None = Field(None, description="year in which it must hold")
    and_onwards: bool = Field(False, description="and in the years after it")
    recurring: bool = Field(False, description="again and again")
    direction: Direction | None = Field(None, description="which way a change goes")
    magnitude: Literal["any", "significant", "essential"] | None = Field(
        None, description="how much, in words"
    )
    versus: VersusPoint | Line | None = Field(
        None, description="what a change is counted from: a word or a point"
    )
    reference: Line | None = Field(None, description="a moving reference, for example national_average")
    at: Line | None = Field(None, description="when the reference is read, for example same_year")
    baseline: Line | None = Field(None, description="the starting point in words, when no figure is known")
    baseline_date: Period | None = Field(None, description="month or year of the baseline")
    population: Line | None = Field(None, description="who is ranked")
    population_size_hint: Small | None = Field(None, description="how many are ranked")
    scale: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="ends of the scale, for example [-100, 100]"
    )
    applies_to: Literal["each_id"] | None = Field(None, description="each_id: every source id must meet it")
    answer: Line | None = Field(None, description="answer that meets a yes/no rule")
    approximate: bool = Field(False, description="the source says about")
    word_in_source: Line | None = Field(None, description="the word of the source that has no figure")
    suggested_rule: "SuggestedRule | None" = Field(None, description="a suggestion that is not in the source")
    rules: list["Rule"] = Field([], description="parts of all_of")
    confidence: Prose | None = Field(None, description="how sure it is")
    note: Prose | None = Field(None, description="a note")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wanted = {
            "share": ("compare", "value"),
            "rank": ("compare", "value"),
            "level": ("compare", "value"),
            "absolute_change": ("direction", "value"),
            "relative_change": ("direction", "value"),
            "relative_change_range": ("direction", "low", "high"),
            "ratio_to_baseline": ("compare", "value"),
            "direction": ("direction",),
            "level_change": ("value",),
            "compare": ("compare",),
        }.get(self.type, ())
        missing = [name for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a rule of type {self.type} needs {', '.join(missing)}")
        if self.type == "compare" and self.value is None and self.reference is None:
            raise ValueError("a rule of type compare needs a value or a reference")
        if self.type == "all_of" and not self.rules:
            raise ValueError("a rule of type all_of needs rules")
        if self.type != "all_of" and self.rules:
            raise ValueError("only a rule of type all_of has rules")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower end of the range exceeds the higher")
        return self


class SuggestedRule(Part):
    """A threshold that is only suggested."""

    compare: Compare = Field(description="how the value is compared")
    value: Number = Field(description="threshold")
    unit: Line | None = Field(None, description="unit of the value")
