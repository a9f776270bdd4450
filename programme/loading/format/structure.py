"""Themes, goals and sectors."""

from pydantic import Field

from programme.loading.format.rules import Rule
from programme.loading.values import Item, Key, Line, Named, Small, Sourced, Text


class Theme(Named, Sourced):
    """A theme, or whatever this programme calls its highest level."""

    key: Key = Field(description="its key")
    number: Small = Field(description="its number")
    fi_variants: list[Line] = Field([], description="other names in the source")
    slogan: Text | None = Field(None, description="slogan")
    goals: list[Key] | None = Field(
        None, description="keys of its goals; must agree with the goals' own theme"
    )
    owner: None = Field(None, description="always null: people are chosen in the portal")


class Goal(Named, Sourced):
    """A goal of a theme."""

    key: Key = Field(description="its key")
    number: Small = Field(description="its number")
    theme: Key = Field(description="key of its theme")
    target: Rule | None = Field(None, description="numeric target, when it has one")
    scope: Line | None = Field(None, description="a limit of its scope")
    sub_goals: list["SubGoal"] = Field([], description="goals under it")


class SubGoal(Named, Sourced):
    """A goal under a goal."""

    key: Key = Field(description="its key")
    target: Rule | None = Field(None, description="numeric target, when it has one")
    scope: Line | None = Field(None, description="a limit of its scope")
    sub_goals: list["SubGoal"] = Field([], description="goals under it")


class UmbrellaGoal(Named, Sourced):
    """A sentence over several goals that is not a goal of its own."""

    covers: list[Key] = Field([], description="keys of the goals")


class Sector(Item):
    """A sector."""

    key: Key = Field(description="its key")
