"""The roadmap, the projects and leading people through the change."""

from pydantic import Field

from programme.loading.format.common import KeyedItem
from programme.loading.values import Day, Key, Line, Named, Part, Period, Prose, Small, Sourced, Text


class Activity(Named, Sourced):
    """An activity of the roadmap."""

    key: Key = Field(description="its key")
    from_: Period = Field(alias="from", description="first month (2023-06) or year")
    to: Period = Field(description="last month or year")
    date: Day | None = Field(None, description="the day, when it is known")
    parts: list[Text] = Field([], description="parts")


class BigRoomsShown(Part):
    """How many meetings the roadmap shows."""

    kick_off: Small | None = Field(None, description="kick-off meetings")
    big_room: Small | None = Field(None, description="big rooms")
    confidence: Prose | None = Field(None, description="how sure it is")


class Roadmap(Part):
    """The roadmap."""

    confidence: Prose | None = Field(None, description="for activities without their own")
    months: list[Period] = Field([], description="headings of the source")
    activities: list[Activity] = Field([], description="activities")
    big_rooms_shown: BigRoomsShown | None = Field(None, description="meetings shown")


class Phase(Named, Sourced):
    """A phase of every project."""

    number: Small = Field(description="its number")
    questions: list[Text] = Field([], description="questions it answers")
    content: Text | None = Field(None, description="what is done in it")


class LinkedProject(Named, Sourced):
    """An undertaking beside the programme."""

    key: Key = Field(description="its key")
    names_in_source: list[Line] = Field([], description="names in the source")


class Projects(Part):
    """How projects are run."""

    phases: list[Phase] = Field([], description="phases")
    plan_template: list[KeyedItem] = Field([], description="required parts of a project plan")
    linked_projects: list[LinkedProject] = Field([], description="undertakings beside the programme")


class ChangeElementPart(Named, Sourced):
    """An element of leading people through the change."""

    key: Key = Field(description="its key")
    challenge: Text | None = Field(None, description="what is hard")
    approach: Text | None = Field(None, description="how it is met")
    match_confidence: Line | None = Field(None, description="how sure the two belong together")


class ChangeManagement(Part):
    """Leading people through the change."""

    confidence: Prose | None = Field(None, description="for elements without their own")
    elements: list[ChangeElementPart] = Field([], description="elements")
    alternative_reading: Text | None = Field(None, description="another way to read the source")
