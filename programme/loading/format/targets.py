"""Targets that the programme states in euros."""

from pydantic import Field

from programme.loading.values import Key, Line, MoneyUnit, Named, Number, Part, Prose, Sourced, Words


class CompositionPart(Named, Sourced):
    """A part of the stated target."""

    key: Key = Field(description="its key")
    value: Number = Field(description="amount to cover, positive")


class StatedTarget(Words, Sourced):
    """The target as stated: an amount to cover, written as a positive number and stored as a saving."""

    value: Number = Field(description="the amount, positive")
    unit: MoneyUnit = Field("M€", description="unit of the amounts")
    stated_range: list[Number] | None = Field(None, description="two ends as printed, for example [77, 78]")
    approximate: bool = Field(False, description="the source says about")
    composition: list[CompositionPart] = Field([], description="what it is made of")
    check: Prose | None = Field(
        None, description="why the parts do not sum to the value; required when no range holds their sum"
    )


class AnnualTarget(Words, Sourced):
    """The target of a year; value null when none is given."""

    year: int | Line = Field(description="a year, or a span such as '2024-2025'")
    value: Number | None = Field(description="amount to save, positive; null when not given")
    unit: MoneyUnit = Field("M€", description="unit of the amount")
    composition_hint: Prose | None = Field(None, description="which parts of the composition it is")


class ApproximateAmount(Sourced):
    """A signed amount."""

    value: Number = Field(description="signed: - saving, + investment")
    unit: MoneyUnit = Field("M€", description="unit of the amount")
    approximate: bool = Field(False, description="the source says about")


class RelativeTarget(Part):
    """A target printed as a share. Kept as text, never computed with."""

    text: Prose = Field(description="as printed")
    confidence: Prose | None = Field(None, description="how sure it is")
