"""The source, the organisation, the words and stages of the programme, and the programme itself."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from programme.loading.format.common import LongPeriod
from programme.loading.format.targets import AnnualTarget, ApproximateAmount, RelativeTarget, StatedTarget
from programme.loading.values import (
    Count,
    Day,
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

Stage = Literal["identified", "planned", "decided", "in_delivery", "closed", "on_hold", "withdrawn"]


class SourceDocument(Part):
    """The document the facts come from."""

    title_fi: Line | None = Field(None, description="its title in Finnish")
    title_sv: Line | None = Field(None, description="its title in Swedish")
    title_en: Line | None = Field(None, description="its title in English")
    version: Line | None = Field(None, description="its version, in words")
    kind: Line | None = Field(None, description="what it is: slides, report")
    background_material: list[Item] = Field([], description="what it rests on")


class Unit(Item):
    """A unit of the organisation chart."""

    key: Key = Field(description="its key")
    abbr: Line | None = Field(None, description="abbreviation")
    savings_sector: int | Key | None = Field(
        None, description="number or key of the sector in which its costs are counted; null when none"
    )


class Organisation(Part):
    """The wellbeing services county."""

    key: Key | None = Field(None, description="its key; made of the name when left out")
    name: Text = Field(description="official name")
    abbreviation: Line | None = Field(None, description="abbreviation")
    predecessor: Line | None = Field(None, description="who did its work before")
    municipalities: Count | None = Field(None, description="number of municipalities")
    inhabitants: Count | None = Field(None, description="number of inhabitants")
    units: list[Unit] = Field([], description="units of the organisation chart")


class Word(Words):
    """What this programme calls a level or a scenario end."""

    fi_plural: Line | None = Field(None, description="plural in Finnish")
    sv_plural: Line | None = Field(None, description="plural in Swedish")
    en_plural: Line | None = Field(None, description="plural in English")


WordKey = Literal[
    "programme",
    "theme",
    "goal",
    "sub_goal",
    "measure",
    "project",
    "sector",
    "segment",
    "cost_type",
    "cautious",
    "full",
]


class StageName(Named):
    """A stage that measures of this programme go through."""

    key: Key = Field(description="its key")
    meaning: Stage = Field(description="which stage of the portal it is; several may share one")


class ProgrammePeriod(Words):
    """Years of the programme, both included."""

    start: Year = Field(description="first year")
    end: Year = Field(description="last year")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class Approval(Part):
    """Who approves the programme, and when."""

    body: Line = Field(description="the body that approves, for example aluevaltuusto")
    planned_date: Day | None = Field(None, description="day planned for it")
    date: Day | None = Field(None, description="day on which it was approved; targets are valid from it")


class Launch(Part):
    """When the work starts in full."""

    year: Year = Field(description="year")
    month: Annotated[int, Field(ge=1, le=12)] | None = Field(None, description="month, 1 to 12")
    page: Mark | None = Field(None, description="page of the source")


class SourcedText(Words):
    """A text with its page."""

    page: Mark | None = Field(None, description="page of the source")


class Document(Named, Sourced):
    """A decided document that the programme carries out."""

    key: Key = Field(description="its key")
    approved_by: Line | None = Field(
        None,
        description="key of the body that approved it; aluevaltuusto, aluehallitus, johtoryhma are always known",
    )
    date: Day | None = Field(None, description="day of the decision")
    paragraph: Small | None = Field(None, description="section (§) of the decision")
    main_lines: Small | None = Field(None, description="how many main lines it sets")


class ActionPlan(Named):
    """A plan that office holders keep beside the programme."""

    kept_by: Text | None = Field(None, description="who keeps it")
    role: Text | None = Field(None, description="what it is for")


class CultureFocus(Named):
    """What the leading concentrates on in some years."""

    years: list[Year] = Field([], description="the years")


class ProgrammeFacts(Part):
    """The programme itself."""

    name: Text = Field(description="its name")
    kind: Literal["productivity", "strategy_implementation", "financial_balancing"] | None = Field(
        None, description="without it: strategy_implementation when the file has a vision, else productivity"
    )
    basis: Literal["level_change", "cumulative"] = Field(
        "level_change",
        description="how the target is judged: cost level of the final year, or all months together",
    )
    period: ProgrammePeriod = Field(description="its years")
    long_term_period: LongPeriod | None = Field(None, description="years of the vision")
    vision_by: Year | None = Field(None, description="year by which the vision holds")
    approval: Approval | None = Field(None, description="who approves it")
    full_launch: Launch | None = Field(None, description="when the work starts in full")
    base_year: Year | None = Field(
        None,
        description="year whose original budget is the comparison base; first year of the period when left out",
    )
    baseline_for_savings: SourcedText | None = Field(None, description="the comparison base in words")
    measures_identified_at_least: Count | None = Field(None, description="how many measures exist, at least")
    measures_note: Text | None = Field(None, description="a note on the measures")
    measure_headings: Text | None = Field(None, description="how measures are grouped")
    living_document: Text | None = Field(None, description="when the programme is updated")
    boundary_condition: SourcedText | None = Field(None, description="what must hold whatever is saved")
    purpose: Text | None = Field(None, description="what the programme is for")
    deficit_target: StatedTarget | None = Field(None, description="the stated target")
    annual_targets: list[AnnualTarget] = Field([], description="targets of single years")
    in_base: Number | None = Field(
        None,
        description="part of the target that the comparison base already holds, signed, M€ "
        "(also written in_budget_YYYY)",
    )
    in_base_check: Prose | None = Field(None, description="a note on it (also in_budget_YYYY_check)")
    beyond_base: ApproximateAmount | None = Field(
        None, description="effect beyond the base (also effect_on_costs_beyond_budget_YYYY)"
    )
    relative_target: RelativeTarget | None = Field(None, description="a target printed as a share")
    productivity_definition: list[Text] = Field([], description="what productivity means here")
    how_targets_were_set: list[Text] = Field([], description="what the targets were estimated from")
    realisation_rule: Text | None = Field(None, description="when a saving counts")
    realisation_note: Text | None = Field(None, description="a note on when benefits come")
    parallel_work_on_funding: list[Text] = Field([], description="work on the funding side")
    implements_documents: list[Document] = Field([], description="documents the programme carries out")
    based_on: list[Document] = Field([], description="documents the programme is based on (same list)")
    action_plan: ActionPlan | None = Field(None, description="plan of the office holders")
    culture_focus: CultureFocus | None = Field(None, description="what leading concentrates on")
    operating_system_in_full_use_by: Year | None = Field(
        None, description="year the management system is in full use"
    )
    other_commitments: list[Text] = Field([], description="what else is promised")
