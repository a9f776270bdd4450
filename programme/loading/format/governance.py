"""Who leads, who reports and when."""

from typing import Literal

from pydantic import Field

from programme.loading.values import Key, Line, Named, Part, Small, Sourced, Text


class BodyPart(Named, Sourced):
    """A body or role."""

    key: Key = Field(description="its key; aluevaltuusto, aluehallitus and johtoryhma are known")
    kind: Literal["county_council", "county_board", "management_group", "other"] | None = Field(
        None, description="what it is; known keys need none"
    )
    level: Text | None = Field(None, description="level of leading")
    acts_as: Text | None = Field(
        None, description="what it is for the programme: then it is the steering group"
    )
    responsibility: Text | None = Field(None, description="what it answers for")
    count: Small | None = Field(None, description="how many of them there are")


class DutyPart(Sourced):
    """A report that is due."""

    key: Key = Field(description="its key")
    from_: Line = Field(alias="from", description="key of the body that reports, or programme")
    to: Line = Field(description="keys of bodies, with commas between them, or words with spaces")
    what: Text = Field(description="what is reported")
    frequency: Line = Field(description="how often: weekly, monthly, yearly, or words")
    kind: Literal["report", "escalation", "communication", "review"] = Field("report", description="kind")


class PerspectivePart(Named, Sourced):
    """A side of leading the change."""

    key: Key = Field(description="its key")
    aim: Text | None = Field(None, description="aim")
    tasks: list[Text] = Field([], description="tasks")


class Governance(Part):
    """Who leads."""

    pages: list[int] = Field([], description="pages of the source")
    bodies: list[BodyPart] = Field([], description="bodies and roles")
    reporting: list[DutyPart] = Field([], description="who reports what to whom")
    perspectives: list[PerspectivePart] = Field([], description="sides of leading the change")


class CycleDuty(Sourced):
    """A duty of the yearly cycle."""

    key: Key = Field(description="its key")
    who: Line = Field(description="who: key of a body, or words")
    does: Text = Field(description="what is done")
    when: Text = Field(description="when")
    frequency: Line = Field(description="how often")
