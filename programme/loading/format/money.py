"""The funding and the target table of savings."""

from typing import Literal

from pydantic import Field

from programme.loading.format.common import OptionalKeyItem
from programme.loading.values import (
    Cell,
    Item,
    Key,
    Mark,
    MoneyUnit,
    Named,
    Number,
    Part,
    Prose,
    Share,
    Sourced,
    Text,
    Words,
)

ColumnRole = Literal["base", "later", "total"]


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
