"""The programme file, key by key. `docs/programme-file.md` is generated from these classes."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from programme.loading.values import (
    Cell,
    Count,
    Day,
    Item,
    ItemOrText,
    Key,
    Language,
    Line,
    Mark,
    MoneyUnit,
    Named,
    Number,
    Part,
    Period,
    Prose,
    Share,
    Small,
    Sourced,
    Text,
    Words,
    Year,
)

STAGES = ("identified", "planned", "decided", "in_delivery", "closed", "on_hold", "withdrawn")
Stage = Literal["identified", "planned", "decided", "in_delivery", "closed", "on_hold", "withdrawn"]
Compare = Literal["below", "above", "at_least", "at_most"]
Direction = Literal["up", "down"]
ColumnRole = Literal["base", "later", "total"]

# ------------------------------------------------------------------------------------------ source


class SourceDocument(Part):
    """The document the facts come from."""

    title_fi: Line | None = Field(None, description="its title in Finnish")
    title_sv: Line | None = Field(None, description="its title in Swedish")
    title_en: Line | None = Field(None, description="its title in English")
    version: Line | None = Field(None, description="its version, in words")
    kind: Line | None = Field(None, description="what it is: slides, report")
    background_material: list[Item] = Field([], description="what it rests on")


# ------------------------------------------------------------------------------------------ organisation


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


# ------------------------------------------------------------------------------------------ words


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


# ------------------------------------------------------------------------------------------ programme


class ProgrammePeriod(Words):
    """Years of the programme, both included."""

    start: Year = Field(description="first year")
    end: Year = Field(description="last year")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class LongPeriod(Part):
    """Years of the vision, both included."""

    start: Year = Field(description="first year")
    end: Year = Field(description="last year")


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


class StrategyLinks(Part):
    """How the programme hangs on the strategy."""

    vision_slogan: Text | None = Field(None, description="the vision as a slogan")
    statements: list["KeyedItem"] = Field([], description="statements of the strategy")
    principles: list[Item] = Field([], description="principles of the programme, in order")


class KeyedItem(Item):
    """A line of a list with a key."""

    key: Key = Field(description="its key")


class OptionalKeyItem(Item):
    """A line of a list; a key is made of its text when it has none."""

    key: Key | None = Field(None, description="its key")


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


# ------------------------------------------------------------------------------------------ rules


class VersusPoint(Part):
    """The point a change is counted from."""

    year: Year = Field(description="year")
    value: Number = Field(description="value in that year")


class Rule(Part):
    """A target rule. Which keys matter depends on `type`."""

    type: Literal[
        "level_change",
        "share",
        "rank",
        "level",
        "absolute_change",
        "relative_change",
        "relative_change_range",
        "ratio_to_baseline",
        "compare",
        "direction",
        "all_of",
        "yes_no",
        "series_increase",
        "qualitative",
        "to_be_specified",
    ] = Field(description="kind of rule")
    compare: Compare | None = Field(None, description="how the value is compared; below and above are strict")
    value: Number | None = Field(None, description="threshold or change, in `unit`")
    low: Number | None = Field(None, description="lower end of a range")
    high: Number | None = Field(None, description="higher end of a range")
    unit: Line | None = Field(None, description="unit of the value")
    year: Year | None = Field(None, description="year in which it must hold")
    and_onwards: bool = Field(False, description="and in the years after it")
    recurring: bool = Field(False, description="again and again")
    direction: Direction | None = Field(None, description="which way a change goes")
    magnitude: Literal["any", "significant", "essential"] | None = Field(
        None, description="how much, in words"
    )
    versus: VersusPoint | Line | None = Field(
        None, description="what a change is counted from: a word or a point"
    )
    reference: Line | None = Field(None, description="a moving reference, for example national_average")
    at: Line | None = Field(None, description="when the reference is read, for example same_year")
    baseline: Line | None = Field(None, description="the starting point in words, when no figure is known")
    baseline_date: Period | None = Field(None, description="month or year of the baseline")
    population: Line | None = Field(None, description="who is ranked")
    population_size_hint: Small | None = Field(None, description="how many are ranked")
    scale: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = Field(
        None, description="ends of the scale, for example [-100, 100]"
    )
    applies_to: Literal["each_id"] | None = Field(None, description="each_id: every source id must meet it")
    answer: Line | None = Field(None, description="answer that meets a yes/no rule")
    approximate: bool = Field(False, description="the source says about")
    word_in_source: Line | None = Field(None, description="the word of the source that has no figure")
    suggested_rule: "SuggestedRule | None" = Field(None, description="a suggestion that is not in the source")
    rules: list["Rule"] = Field([], description="parts of all_of")
    confidence: Prose | None = Field(None, description="how sure it is")
    note: Prose | None = Field(None, description="a note")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wanted = {
            "share": ("compare", "value"),
            "rank": ("compare", "value"),
            "level": ("compare", "value"),
            "absolute_change": ("direction", "value"),
            "relative_change": ("direction", "value"),
            "relative_change_range": ("direction", "low", "high"),
            "ratio_to_baseline": ("compare", "value"),
            "direction": ("direction",),
            "level_change": ("value",),
            "compare": ("compare",),
        }.get(self.type, ())
        missing = [name for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a rule of type {self.type} needs {', '.join(missing)}")
        if self.type == "compare" and self.value is None and self.reference is None:
            raise ValueError("a rule of type compare needs a value or a reference")
        if self.type == "all_of" and not self.rules:
            raise ValueError("a rule of type all_of needs rules")
        if self.type != "all_of" and self.rules:
            raise ValueError("only a rule of type all_of has rules")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the lower end of the range exceeds the higher")
        return self


class SuggestedRule(Part):
    """A threshold that is only suggested."""

    compare: Compare = Field(description="how the value is compared")
    value: Number = Field(description="threshold")
    unit: Line | None = Field(None, description="unit of the value")


# ------------------------------------------------------------------------------------------ themes and goals


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


# ------------------------------------------------------------------------------------------ sectors, funding, savings


class Sector(Item):
    """A sector."""

    key: Key = Field(description="its key")


class AllocationPart(Named, Sourced):
    """What share of the funding goes to one object."""

    key: Key = Field(description="its key")
    share_low: Share = Field(description="lowest share in percent")
    share_high: Share = Field(description="highest share in percent")
    final_share: Share | None = Field(None, description="share once it is settled")
    eur_m_low: Number | None = Field(None, description="checked against share x total; not stored")
    eur_m_high: Number | None = Field(None, description="checked against share x total; not stored")
    theme: Key | None = Field(None, description="theme that gets it")
    goals: list[Key] = Field([], description="goals that get it")
    state: Literal["planned", "reserved"] = Field("planned", description="reserved waits for plans")


class FundingPlan(Sourced):
    """A source of money with its plan of use."""

    name: Text = Field(description="its name")
    granted_by: Text | None = Field(None, description="who grants it")
    total: Number | None = Field(None, description="the amount, positive; null when not known")
    unit: MoneyUnit = Field("M€", description="unit of the amount")
    status: Text | None = Field(None, description="state of the plan of use")
    allocations: list[AllocationPart] = Field([], description="how it is shared out")
    check: Prose | None = Field(
        None, description="what is known of the sum of the shares; required when they cannot come to 100 %"
    )


class KeyedFundingPlan(FundingPlan):
    """A source of money of any kind."""

    key: Key = Field(description="its key")
    kind: Literal["stabilisation", "project_grant", "own", "other"] = Field("other", description="its kind")


class OtherSource(Named, Sourced):
    """A source without figures."""

    key: Key = Field(description="its key")
    kind: Literal["stabilisation", "project_grant", "own", "other"] | None = Field(
        None, description="its kind; hankerahoitus and oma-panostus are known by key"
    )


class Funding(Part):
    """Money that pays for the change."""

    stabilisation: FundingPlan | None = Field(None, description="stabilisation funding")
    sources: list[KeyedFundingPlan] = Field([], description="sources with figures")
    other_sources: list[OtherSource] = Field([], description="sources without figures")


class Column(Words):
    """A column of the target table. Rows use its key."""

    key: Key = Field(description="the key that rows use")
    role: ColumnRole | None = Field(
        None,
        description="base: already in the comparison base; later: to come; total: both. "
        "Without it base, later, total, budget_YYYY and target_... are known by key",
    )


class IncludedPart(OptionalKeyItem):
    """A part of a cost type."""


class CostTypeRow(Named, Sourced):
    """A row of the target table: signed amounts, - saving, + investment."""

    key: Key = Field(description="its key")
    kind: Literal["cost", "income"] = Field(
        "cost", description="income types stand apart from the cost target"
    )
    base: Cell = Field(None, description="cell of the base column; null is an empty cell, not zero")
    later: Cell = Field(None, description="cell of the later column")
    total: Cell = Field(None, description="cell of the total column")
    policy: Text | None = Field(None, description="how this cost type is steered")
    includes: list[IncludedPart] = Field([], description="what it holds")


class SavingsTotal(Sourced):
    """The printed total of the target table; it must foot."""

    base: Cell = Field(None, description="cell of the base column")
    later: Cell = Field(None, description="cell of the later column")
    total: Cell = Field(None, description="cell of the total column")
    checks: list[Prose] = Field([], description="how the totals foot, in words")


class SectorRow(Item):
    """The target of a sector."""

    key: Key = Field(description="its key")
    base: Cell = Field(None, description="part in the base")
    later: Cell = Field(None, description="part to come")
    total: Cell = Field(None, description="whole target")


class SectorMatching(Part):
    """How the sectors' figures were read from the source."""

    how: Text | None = Field(None, description="how")
    support: list[Text] = Field([], description="what speaks for it")
    period: Text | None = Field(None, description="which years the figures mean")
    open_question: Text | None = Field(None, description="what stays open")


class Savings(Part):
    """The target table. A cell is a number, a pair of scenario ends, or null."""

    page: Mark | None = Field(None, description="page of the source")
    unit: MoneyUnit = Field("M€", description="unit of all amounts here")
    sign: Literal["+ investment, - saving"] = Field(
        "+ investment, - saving", description="the sign rule, fixed"
    )
    comparison_base: Text | None = Field(None, description="the comparison base in words")
    columns: list[Column] = Field([], description="the columns, in order")
    by_cost_type: list[CostTypeRow] = Field([], description="rows by cost type")
    total: SavingsTotal | None = Field(None, description="the printed total of the cost types")
    by_sector: list[SectorRow] = Field([], description="rows by sector")
    by_sector_matching: SectorMatching | None = Field(None, description="how they were read")


# ------------------------------------------------------------------------------------------ indicators


class MonitoringLevel(Named, Sourced):
    """A level of monitoring."""

    number: Small = Field(description="number that metrics refer to")


class BaselinePoint(Part):
    """A known value: {value, date} or {year, own, national}."""

    year: Year | None = Field(None, description="year")
    date: Period | None = Field(None, description="month or year")
    value: Number | None = Field(None, description="own value")
    own: Number | None = Field(None, description="own value")
    national: Number | None = Field(None, description="value of the whole country")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        if (self.year is None) == (self.date is None):
            raise ValueError("give either year or date")
        if self.value is not None and self.own is not None:
            raise ValueError("give either value or own")
        if self.value is None and self.own is None and self.national is None:
            raise ValueError("give a value")
        return self


def _points(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, dict) else value


class Breakdown(Part):
    """Groups that an indicator is followed by."""

    by: Line = Field(description="the grouping, for example age_group")
    rule_applies_to: Literal["all"] = Field("all", description="all: every group must meet the rule")


class IndicatorPart(Named, Sourced):
    """An indicator, in `monitoring.metrics` or `indicators`."""

    key: Key = Field(description="its key")
    level: Small | None = Field(None, description="number of its monitoring level")
    vision: Key | None = Field(None, description="key of its vision theme")
    unit: Line | None = Field(None, description="unit")
    better: Direction | None = Field(None, description="which way is better")
    target: Rule | None = Field(None, description="its target rule")
    baseline: Annotated[list[BaselinePoint], BeforeValidator(_points)] = Field(
        [], description="known values; one mapping, a list, or null"
    )
    baseline_required: bool = Field(False, description="a baseline must be found first")
    sotkanet: list[Annotated[int, Field(gt=0)]] = Field([], description="Sotkanet ids")
    data_sources: list[Text] = Field([], description="sources other than Sotkanet")
    hyte_coefficient: bool = Field(False, description="an indicator of the HYTE coefficient")
    breakdown: Breakdown | None = Field(None, description="groups it is followed by")
    frequency: Line | None = Field(None, description="how often it is measured")
    definition: Text | None = Field(None, description="what exactly is counted")
    to_be_specified: Text | None = Field(None, description="what it could be, while that is open")
    derived_from: Key | None = Field(None, description="key of the indicator it was split from")
    related_saving: Key | None = Field(None, description="key of a cost type")
    same_as_annual_objective: Small | None = Field(
        None, description="number of the annual objective that is the same"
    )


class CycleItem(Part):
    """What is followed and when."""

    what: Text = Field(description="what")
    when: Text = Field(description="when")


class Monitoring(Part):
    """How the programme is followed."""

    page: Mark | None = Field(None, description="page of the source")
    metrics_are_preliminary: bool | None = Field(None, description="the metrics may still change")
    levels: list[MonitoringLevel] = Field([], description="levels of monitoring")
    metrics: list[IndicatorPart] = Field([], description="metrics of the programme")
    programme_own_monitoring: Text | None = Field(None, description="what else is followed")
    cycle: list[CycleItem] = Field([], description="when it is followed")


# ------------------------------------------------------------------------------------------ baseline


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


def _group(value: Any) -> Any:
    return {"items": value} if isinstance(value, list) else value


class Peer(Part):
    """A county beside which this one is looked at."""

    county: Line = Field(description="its name")
    net_cost_eur_per_inhabitant: Number | None = Field(
        None, description="need-adjusted net cost, € per inhabitant"
    )
    need_coefficient: Number | None = Field(None, description="need coefficient, whole country = 1")


# ------------------------------------------------------------------------------------------ risks, impact, promises


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


# ------------------------------------------------------------------------------------------ governance


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


# ------------------------------------------------------------------------------------------ roadmap and projects


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


# ------------------------------------------------------------------------------------------ strategy


class OperatingSystem(Part):
    """The system of management."""

    parts: list[Item] = Field([], description="parts")
    pillars: list[Item] = Field([], description="pillars")


class VisionThemePart(Named, Sourced):
    """A theme of the vision."""

    key: Key = Field(description="its key")
    number: Small | None = Field(None, description="its number")
    sub_themes: list["VisionThemePart"] = Field([], description="themes under it")


class Vision(Part):
    """The vision."""

    nature: Text | None = Field(None, description="how its figures behave")
    themes: list[VisionThemePart] = Field([], description="themes")


class BodyAndTime(Part):
    """A body and when it acts."""

    body: Line = Field(description="the body")
    when: Text = Field(description="when")


class ObjectiveMetricPart(Named, Sourced):
    """A question that tells whether an objective was met."""

    key: Key = Field(description="its key")
    years: list[Year] = Field(description="years in which it is answered")
    years_stated: bool = Field(True, description="false: the source gives no years")
    type: Literal["yes_no", "direction", "compare", "series_increase", "qualitative"] = Field(
        description="kind of answer"
    )
    compare: Compare | None = Field(None, description="how the value is compared")
    value: Number | None = Field(None, description="threshold")
    unit: Line | None = Field(None, description="unit")
    direction: Direction | None = Field(None, description="which way")
    rule: Line | None = Field(None, description="the rule in words")
    data_source: Line | None = Field(None, description="where the answer comes from")
    text_fi: Prose | None = Field(None, description="the decision's own words in Finnish")
    text_sv: Prose | None = Field(None, description="the decision's own words in Swedish")
    text_en: Prose | None = Field(None, description="the decision's own words in English")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.type == "compare" and (self.compare is None or self.value is None):
            raise ValueError("a metric of type compare needs compare and value")
        if self.type == "direction" and self.direction is None:
            raise ValueError("a metric of type direction needs direction")
        if len(set(self.years)) != len(self.years):
            raise ValueError("a year is given twice")
        return self


class ObjectivePart(Named, Sourced):
    """An annual objective."""

    key: Key = Field(description="its key")
    number: Small = Field(description="its number")
    title_is_ours: bool = Field(False, description="the source has no heading")
    aim_fi: Prose | None = Field(None, description="aim in Finnish")
    aim_sv: Prose | None = Field(None, description="aim in Swedish")
    aim_en: Prose | None = Field(None, description="aim in English")
    text_fi: Prose | None = Field(None, description="the decision's own words in Finnish")
    text_sv: Prose | None = Field(None, description="the decision's own words in Swedish")
    text_en: Prose | None = Field(None, description="the decision's own words in English")
    metrics: list[ObjectiveMetricPart] = Field([], description="its metrics")


class AnnualObjectives(Part):
    """Objectives that bind towards the council."""

    set_by: BodyAndTime | None = Field(None, description="who sets them")
    followed_by: BodyAndTime | None = Field(None, description="who follows them")
    objectives: list[ObjectivePart] = Field([], description="the objectives")


class Boundaries(Part):
    """When seasons begin and end."""

    suggested: list[Annotated[str, Field(pattern=r"^\d{2}-\d{2}$")]] = Field(description="months, 01-04")
    confidence: Prose | None = Field(None, description="how sure it is")


class SeasonPart(Named):
    """The season of development."""

    length_months: Annotated[int, Field(ge=1, le=12)] = Field(description="length in months")
    seasons_per_year: Annotated[int, Field(ge=1, le=12)] = Field(description="how many in a year")
    boundaries: Boundaries | None = Field(None, description="when they begin")


class Rollout(Words):
    """A step of taking something into use."""

    when: Mark = Field(description="when")


class Okr(Part):
    """The OKR model."""

    name: Text = Field(description="its name")
    season: SeasonPart | None = Field(None, description="the season")
    objective_source: Text | None = Field(None, description="where objectives come from")
    elements: list[Item] = Field([], description="elements")
    visibility: Text | None = Field(None, description="who sees it")
    followed_at: Text | None = Field(None, description="who follows it")
    reported_to: BodyAndTime | None = Field(None, description="who gets reports")
    rollout: list[Rollout] = Field([], description="steps into use")
    fallback_before_rollout: Text | None = Field(None, description="what is used before")


class Measurements360(Named):
    """Measurement of supervisors from all sides."""

    belongs_to: Text | None = Field(None, description="which plan it belongs to")
    purpose: Text | None = Field(None, description="what it is for")
    targets: list[Rule] = Field([], description="targets by year")


class PrinciplePart(Named, Sourced):
    """A principle of balancing."""

    number: Small = Field(description="its number")
    conditional: Text | None = Field(None, description="when it may be turned to")


class Balancing(Named):
    """A balancing programme beside this one."""

    key: Key | None = Field(None, description="its key; made of the name when left out")
    fi_variant: Line | None = Field(None, description="another spelling in the source")
    period: LongPeriod = Field(description="its years")
    basis: Text | None = Field(None, description="what demands it")
    confirmed: Text | None = Field(None, description="when it is confirmed")
    euro_targets: Number | None = Field(None, description="target in M€, signed; null when none")
    principles: list[PrinciplePart] = Field([], description="principles, in order")


# ------------------------------------------------------------------------------------------ the file

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
    baseline: dict[Key, Annotated[FactGroup, BeforeValidator(_group)]] = Field(
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


def single(cell: Any) -> Decimal | None:
    """A cell that is one number; None for a pair or an empty cell."""
    return cell if isinstance(cell, Decimal) else None
