"""Risks, effects and promises."""

from typing import Literal

from pydantic import Field

from programme.loading.values import Item, Key, Line, Named, Part, Small, Sourced, Text


class MitigationPart(Named, Sourced):
    """What is done about a risk."""

    refers_to: list[Key] = Field([], description="risks whose mitigations serve this one too")


class RiskPart(Sourced):
    """A risk."""

    key: Key = Field(description="its key")
    number: Small = Field(description="its number")
    name: Text = Field(description="its name")
    description: Text | None = Field(None, description="what it is")
    category: Line | None = Field(None, description="category")
    examples: list[Item] = Field([], description="how it could show")
    mitigations: list[MitigationPart] = Field([], description="what is done about it")
    level_factors: list[Item] = Field([], description="what moves its level")


class ImpactAreaPart(Named, Sourced):
    """A matter on which effects are assessed."""

    key: Key = Field(description="its key")
    may_be_split: bool = Field(False, description="names two matters")
    statements: list[Item] = Field([], description="what the programme says of it")
    advances: Literal["advances", "neutral", "weakens"] | None = Field(
        None, description="null: not answered yet"
    )


class Impact(Part):
    """Assessment of effects."""

    column_lost: Text | None = Field(None, description="what of the source could not be read")
    areas: list[ImpactAreaPart] = Field([], description="the matters")


class Effects(Part):
    """Effects that are expected."""

    clients: list[Item] = Field([], description="for clients")
    staff: list[Item] = Field([], description="for staff")


class PromisePart(Named, Sourced):
    """A promise: we do not ..."""

    key: Key = Field(description="its key")
    instead: Text | None = Field(None, description="what is done instead")


class Promises(Part):
    """Promises."""

    clients: list[PromisePart] = Field([], description="to clients")
    staff: list[PromisePart] = Field([], description="to staff")
