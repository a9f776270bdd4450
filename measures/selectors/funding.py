"""Sources of funding, what they were given for, and what has been used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Prefetch, QuerySet, Sum

from measures.funding import WHOLE, Use, shares_missing
from measures.models import Measure, Spending
from programme.models import Allocation, FundingRelease, FundingSource, Programme


@dataclass(frozen=True)
class AllocationView:
    """One allocation with its use; the sums of its source stand in `SourceView`."""

    row: Allocation
    use: Use


@dataclass(frozen=True)
class SourceView:
    """A source with its allocations, EUR cents. `unallocated` was used without saying for which allocation."""

    source: FundingSource
    allocations: list[AllocationView]
    share_low: Decimal | None
    share_high: Decimal | None
    low: int | None
    high: int | None
    missing: Decimal | None
    spent: int
    unallocated: int
    last_month: object

    @property
    def is_settled(self) -> bool:
        """The final shares are given and come to the whole."""
        return self.missing == 0

    @property
    def final_share(self) -> Decimal | None:
        """The sum of the final shares, per cent; None until all are given."""
        return None if self.missing is None else WHOLE - self.missing

    @property
    def remaining(self) -> int | None:
        """What is left of the whole source; None when its total is not known."""
        total = self.source.total_eur_cents
        return None if total is None else total - self.spent

    @property
    def is_overspent(self) -> bool:
        return self.remaining is not None and self.remaining < 0

    @property
    def overspent(self) -> list[AllocationView]:
        return [view for view in self.allocations if view.use.is_overspent]


def funding_sources(programme: Programme) -> list[SourceView]:
    """Every source in its order. Seven queries, however many allocations there are."""
    allocations = Allocation.objects.select_related("source", "theme").prefetch_related("goals")
    sources = FundingSource.objects.filter(programme=programme).prefetch_related(
        Prefetch("allocations", queryset=allocations)
    )
    released, kept, received = _releases(programme)
    by_allocation: dict[int, int] = defaultdict(int)
    by_source: dict[int, int] = defaultdict(int)
    loose: dict[int, int] = defaultdict(int)
    last: dict[int, object] = {}
    spent = Spending.objects.filter(programme=programme).order_by().values("source_id", "allocation_id")
    for row in spent.annotate(cents=Sum("amount_eur_cents"), last=Max("month")):
        used_from, allocation = row["source_id"], row["allocation_id"]
        by_source[used_from] += row["cents"]
        last[used_from] = max(filter(None, (last.get(used_from), row["last"])))  # type: ignore[type-var]
        if allocation is None:
            loose[used_from] += row["cents"]
        else:
            by_allocation[allocation] += row["cents"]

    def viewed(row: Allocation) -> AllocationView:
        is_final = row.final_share is not None
        return AllocationView(
            row,
            Use(
                row.final_eur_cents if is_final else row.low_eur_cents,
                row.final_eur_cents if is_final else row.high_eur_cents,
                is_reserved=row.state == Allocation.State.RESERVED, released=released[row.pk], kept=kept[row.pk],
                received=received[row.pk], spent=by_allocation[row.pk],
            ),
        )  # fmt: skip

    found = []
    for source in sources:
        views = [viewed(row) for row in source.allocations.all()]
        rows = [view.row for view in views]
        found.append(
            SourceView(
                source, views,
                share_low=_sum(row.share_low for row in rows), share_high=_sum(row.share_high for row in rows),
                low=_whole(_sum(view.use.low for view in views)),
                high=_whole(_sum(view.use.high for view in views)),
                missing=shares_missing([row.final_share for row in rows]),
                spent=by_source[source.pk], unallocated=loose[source.pk], last_month=last.get(source.pk),
            )
        )  # fmt: skip
    return found


def _releases(programme: Programme) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """By allocation: what was released of it, what of that it kept itself, what it received."""
    released: dict[int, int] = defaultdict(int)
    kept: dict[int, int] = defaultdict(int)
    received: dict[int, int] = defaultdict(int)
    rows = FundingRelease.objects.filter(programme=programme, released_on__lte=programme.today()).order_by()
    for source, target, cents in rows.values_list("allocation_id", "to_allocation_id", "amount_eur_cents"):
        released[source] += cents
        if target is None:
            kept[source] += cents
        else:
            received[target] += cents
    return released, kept, received


def releases(programme: Programme) -> QuerySet[FundingRelease]:
    """The log of what was set free by decisions, the latest first."""
    return (
        FundingRelease.objects.filter(programme=programme)
        .select_related("allocation__source", "to_allocation", "decision__body")
        .order_by("-released_on", "-pk")
    )


def spendings(programme: Programme) -> QuerySet[Spending]:
    """Every use of funding with what its row shows."""
    return Spending.objects.filter(programme=programme).select_related(
        "source", "allocation", "measure", "project"
    )


@dataclass(frozen=True)
class SpentFrom:
    """What a measure has cost out of one source, EUR cents; `kind` is the word of the source's kind."""

    source: FundingSource
    kind: str
    cents: int
    last: object


def spent_by_source(measure: Measure) -> list[SpentFrom]:
    """What the measure has cost, by source in their order. Two queries."""
    rows = {
        row["source_id"]: row
        for row in Spending.objects.filter(programme_id=measure.programme_id, measure=measure)
        .order_by()
        .values("source_id")
        .annotate(cents=Sum("amount_eur_cents"), last=Max("month"))
    }
    return [
        SpentFrom(source, source.get_kind_display(), rows[source.pk]["cents"], rows[source.pk]["last"])
        for source in FundingSource.objects.filter(pk__in=rows)
    ]


def _sum(values: Iterable[Decimal | int | None]) -> Decimal | None:
    """Sum of all; None when one is unknown or there are none."""
    parts = list(values)
    known = [Decimal(part) for part in parts if part is not None]
    return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value)
