"""How the programme hangs on the strategy and how it was prepared."""

from pydantic import Field

from programme.loading.format.common import KeyedItem
from programme.loading.values import Day, Item, Named, Part, Period, Small, Sourced, Text


class StrategyLinks(Part):
    """How the programme hangs on the strategy."""

    vision_slogan: Text | None = Field(None, description="the vision as a slogan")
    statements: list["KeyedItem"] = Field([], description="statements of the strategy")
    principles: list[Item] = Field([], description="principles of the programme, in order")


class MonthSpan(Part):
    """From a month to a month."""

    from_: Period = Field(alias="from", description="first month, 2023-03")
    to: Period = Field(description="last month, 2023-05")


class Preparation(Part):
    """How the programme was prepared."""

    method: Text | None = Field(None, description="the way of working")
    period: MonthSpan | None = Field(None, description="when")
    workshops: list["Workshop"] = Field([], description="workshops")
    then: list[Text] = Field([], description="what followed")
    participants: list[Text] = Field([], description="who took part")


class Workshop(Named, Sourced):
    """A workshop."""

    number: Small = Field(description="number")
    date: Day | None = Field(None, description="day")
