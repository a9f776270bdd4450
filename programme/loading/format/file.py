"""The programme file as a whole."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from programme.loading.format.baseline import FactGroup, Peer, as_group
from programme.loading.format.common import KeyedItem
from programme.loading.format.delivery import ChangeManagement, Projects, Roadmap
from programme.loading.format.governance import CycleDuty, Governance
from programme.loading.format.money import Funding, Savings
from programme.loading.format.monitoring import IndicatorPart, Monitoring
from programme.loading.format.preparation import Preparation, StrategyLinks
from programme.loading.format.programme import (
    Organisation,
    ProgrammeFacts,
    SourceDocument,
    StageName,
    Word,
    WordKey,
)
from programme.loading.format.risks import Effects, Impact, Promises, RiskPart
from programme.loading.format.strategy import (
    AnnualObjectives,
    Balancing,
    Measurements360,
    Okr,
    OperatingSystem,
    Vision,
)
from programme.loading.format.structure import Goal, Sector, Theme, UmbrellaGoal
from programme.loading.values import Item, ItemOrText, Key, Language, Part, Text

KeyedTexts = dict[Key, list[ItemOrText]]


class ProgrammeFile(Part):
    """A programme file. Only schema_version, key, language, organisation and programme are required."""

    schema_version: Literal[1] = Field(description="always 1")
    key: Annotated[Key, Field(max_length=100)] = Field(description="key of the programme, never changed")
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)] | None = Field(
        None, description="short key for addresses and commands; the key when left out"
    )
    language: Language = Field(description="language of the programme")
    plain_text_language: Language = Field("en", description="language of texts that are plain strings")
    words: dict[WordKey, Word] = Field(
        {}, description="what this programme calls its levels and scenario ends"
    )
    stages: list[StageName] = Field(
        [], description="stages of measures, in order; the portal's own when left out"
    )
    source: SourceDocument | None = Field(None, description="the document the facts come from")
    organisation: Organisation = Field(description="the county")
    programme: ProgrammeFacts = Field(description="the programme")
    strategy_links: StrategyLinks | None = Field(None, description="vision, statements, principles")
    citizen_changes: list[Item] = Field([], description="what changes for residents")
    preparation: Preparation | None = Field(None, description="how the programme was prepared")
    themes: list[Theme] = Field([], description="highest level of the structure")
    spearheads: list[Theme] = Field([], description="the same, called spearheads; not together with themes")
    goals: list[Goal] = Field([], description="goals of the themes")
    umbrella_goal: UmbrellaGoal | None = Field(None, description="a sentence over several goals")
    sectors: list[Sector] = Field([], description="sectors, when there is no savings.by_sector")
    segments: list[KeyedItem] = Field([], description="client segments")
    funding: Funding | None = Field(None, description="money that pays for the change")
    savings: Savings | None = Field(None, description="the target table")
    monitoring: Monitoring | None = Field(None, description="metrics of the programme")
    baseline: dict[Key, Annotated[FactGroup, BeforeValidator(as_group)]] = Field(
        {}, description="the starting point: group of figures by any name; a list or {unit, year, items}"
    )
    peer_comparison: list[Peer] = Field([], description="other counties (also under baseline)")
    challenges: list[KeyedItem] = Field([], description="challenges")
    sector_challenges: KeyedTexts = Field({}, description="challenges by sector key")
    already_done: KeyedTexts = Field({}, description="what is already done, by sector key")
    risks: list[RiskPart] = Field([], description="risks")
    risk_notes: list[Text] = Field([], description="notes on the risks")
    impact_assessment: Impact | None = Field(None, description="assessment of effects")
    expected_effects: Effects | None = Field(None, description="expected effects")
    promises: Promises | None = Field(None, description="promises")
    governance: Governance | None = Field(None, description="who leads")
    roadmap: Roadmap | None = Field(None, description="the roadmap")
    projects: Projects | None = Field(None, description="how projects are run")
    change_management: ChangeManagement | None = Field(None, description="leading people through the change")
    operating_system: OperatingSystem | None = Field(None, description="the system of management")
    vision: Vision | None = Field(None, description="the vision")
    indicators: list[IndicatorPart] = Field([], description="long-term indicators of the vision")
    indicator_notes: list[Text] = Field([], description="notes on the indicators")
    annual_objectives: AnnualObjectives | None = Field(
        None, description="objectives that bind towards the council"
    )
    okr: Okr | None = Field(None, description="the OKR model")
    reporting_cycle: list[CycleDuty] = Field([], description="the yearly cycle of reports")
    measurements_360: Measurements360 | None = Field(None, description="measurement of supervisors")
    balancing_programme: Balancing | None = Field(None, description="a balancing programme beside this one")
    ambiguities: list[Text] = Field([], description="what the source leaves open")
    control_totals: dict[str, Annotated[int, Field(ge=0)]] = Field(
        {}, description="counts that must hold; checked, not stored"
    )

    @model_validator(mode="after")
    def _one_structure(self) -> Self:
        if self.themes and self.spearheads:
            raise ValueError("give either themes or spearheads, not both")
        return self
