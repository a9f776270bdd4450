"""What several sections of the programme file share."""

from typing import Literal

from pydantic import Field

from programme.loading.values import Item, Key, Part, Year

Compare = Literal["below", "above", "at_least", "at_most"]
Direction = Literal["up", "down"]


class LongPeriod(Part):
    """Years of the vision, both included."""

    start: Year = Field(description="first year")
    end: Year = Field(description="last year")


class KeyedItem(Item):
    """A line of a list with a key."""

    key: Key = Field(description="its key")


class OptionalKeyItem(Item):
    """A line of a list; a key is made of its text when it has none."""

    key: Key | None = Field(None, description="its key")
