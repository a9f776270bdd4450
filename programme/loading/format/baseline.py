"""Figures of the starting point, and other counties."""

from typing import Any, Self

from pydantic import Field, model_validator

from programme.loading.format.common import Direction
from programme.loading.values import Key, Line, Named, Number, Part, Sourced, Text, Year


class ChangeSince(Part):
    """A change in percent since a year (also written change_from_YYYY_pct: 8.3)."""

    from_year: Year = Field(description="year it is counted from")
    percent: Number = Field(description="change in percent")


class Fact(Named, Sourced):
    """A figure of the starting point."""

    key: Key | None = Field(None, description="its key; made of the name when left out")
    value: Number | None = Field(None, description="the figure; null when unknown")
    share: Number | None = Field(None, description="the figure, when it is a share in percent")
    national: Number | None = Field(None, description="value of the whole country")
    target: Number | None = Field(None, description="what it should become")
    unit: Line | None = Field(None, description="unit")
    year: Year | None = Field(None, description="year")
    approximate: bool = Field(False, description="the source says about")
    direction: Direction | None = Field(None, description="which way it moved, when there is no figure")
    change: ChangeSince | None = Field(None, description="change since a year")

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if self.value is not None and self.share is not None:
            raise ValueError("give either value or share")
        return self


class FactGroup(Sourced):
    """Figures that belong together."""

    title: Text | None = Field(None, description="heading of the group")
    unit: Line | None = Field(None, description="unit of all of them")
    year: Year | None = Field(None, description="year of all of them")
    total: Number | None = Field(None, description="what they must sum to; checked, not stored")
    items: list[Fact] = Field(description="the figures")


def as_group(value: Any) -> Any:
    """A bare list is a group without a heading."""
    return {"items": value} if isinstance(value, list) else value


class Peer(Part):
    """A county beside which this one is looked at."""

    county: Line = Field(description="its name")
    net_cost_eur_per_inhabitant: Number | None = Field(
        None, description="need-adjusted net cost, € per inhabitant"
    )
    need_coefficient: Number | None = Field(None, description="need coefficient, whole country = 1")
