"""Claims that wait for the controller, and what stands beside one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, Min, Q, QuerySet, Sum, Window

from core.models import Attachment
from measures.models import (
    Confirmation,
    LedgerEntry,
    Measure,
    MonthlyUpdate,
    SavingsEntry,
    SavingsLine,
    Series,
)
from measures.selectors.claims import Standing, standing_of, yielded_claims
from measures.selectors.ledger import booked_lines
from programme.models import Programme

#: What the list is ordered by: the line whose claims have waited longest comes first, its months together.
ORDER = ("oldest", "line__measure__code", "line_id", "month")


def undecided_claims(programme: Programme) -> QuerySet[SavingsEntry]:
    """Claims nobody has decided on, with their line and measure."""
    return SavingsEntry.objects.filter(
        programme=programme, series=Series.CLAIMED, decided_eur_cents=None
    ).select_related("line__measure__owner", "line__sector", "line__cost_type")


def by_age(claims: QuerySet[SavingsEntry]) -> QuerySet[Any]:
    """The claims with those of one line together, the line that waits longest first."""
    return claims.annotate(oldest=Window(Min("month"), partition_by=[F("line_id")])).order_by(*ORDER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a list of undecided claims comes to: how many, of how many measures, cents after overlaps."""

    claims: int
    measures: int
    eur_cents: int
    closed: int


def waiting_totals(
    programme: Programme, claims: QuerySet[SavingsEntry], closed_through: date | None
) -> Waiting:
    """Three statements, however many claims there are."""
    closed = Q(month__lte=closed_through) if closed_through else Q(pk__in=[])
    found = claims.order_by().aggregate(
        n=Count("pk"),
        measures=Count("line__measure", distinct=True),
        cents=Sum("amount_eur_cents"),
        closed=Count("pk", filter=closed),
    )
    yielded = yielded_claims(programme)
    taken = 0
    if yielded:
        lines = {line for line, _month in yielded}
        rows = claims.order_by().filter(line_id__in=lines).values_list("line_id", "month")
        taken = sum(yielded.get(key, 0) for key in rows)
    return Waiting(found["n"], found["measures"], (found["cents"] or 0) + taken, found["closed"])


@dataclass
class LineClaims:
    """The claims of one line that stand together on a page, each with where it stands."""

    line: SavingsLine
    claims: list[tuple[SavingsEntry, Standing]] = field(default_factory=list)


def grouped(programme: Programme, claims: Iterable[SavingsEntry]) -> list[LineClaims]:
    """The claims by line, in the order given."""
    rows = list(claims)
    standings = standing_of(programme, rows)
    groups: list[LineClaims] = []
    for claim in rows:
        if not groups or groups[-1].line.pk != claim.line_id:
            groups.append(LineClaims(claim.line))
        groups[-1].claims.append((claim, standings[claim.pk]))
    return groups


# --- one claim --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BookedLine:
    """A ledger line beside the claim, and what other claims have been confirmed from it."""

    row: LedgerEntry
    taken_eur_cents: int

    @property
    def pk(self) -> int:
        return self.row.pk


@dataclass(frozen=True)
class ClaimFile:
    """Everything the controller needs to decide one claim."""

    claim: SavingsEntry
    standing: Standing
    beside: dict[str, int | None]
    ledger: list[BookedLine]
    decisions: list[Confirmation]
    update: MonthlyUpdate | None
    attachments: list[Attachment]


def claim_file(programme: Programme, claim: SavingsEntry) -> ClaimFile:
    """The claim with its month's figures, ledger lines, earlier decisions, note and evidence."""
    line = claim.line
    figures = dict(
        SavingsEntry.objects.filter(programme=programme, line=line, month=claim.month).values_list(
            "series", "amount_eur_cents"
        )
    )
    decisions = claim.confirmations.select_related("decided_by", "ledger_entry").order_by("-pk")
    update = MonthlyUpdate.objects.filter(measure=line.measure, month=claim.month).first()
    return ClaimFile(
        claim,
        standing_of(programme, [claim])[claim.pk],
        {series: figures.get(series) for series in ("plan_approved", "plan", "forecast")},
        _beside(programme, claim),
        list(decisions),
        update,
        list(evidence_of(programme, line.measure, [line.pk], [claim.pk])),
    )


def _beside(programme: Programme, claim: SavingsEntry) -> list[BookedLine]:
    rows = booked_lines(
        programme, sector=claim.line.sector_id, cost_type=claim.line.cost_type_id,
        first=claim.month, last=claim.month,
    )  # fmt: skip
    others = Q(confirmations__withdrawn_on=None) & ~Q(confirmations__entry=claim.pk)
    taken = rows.annotate(taken=Sum("confirmations__part_eur_cents", filter=others))
    return [BookedLine(row, row.taken or 0) for row in taken]


def evidence_of(
    programme: Programme, measure: Measure, lines: Iterable[int] = (), claims: Iterable[int] = ()
) -> QuerySet[Attachment]:
    """Files of the measure, of its lines and of the claims named."""
    kinds = ContentType.objects.get_for_models(Measure, SavingsLine, SavingsEntry)
    about = Q(content_type=kinds[Measure], object_id=measure.pk)
    about |= Q(content_type=kinds[SavingsLine], object_id__in=list(lines))
    about |= Q(content_type=kinds[SavingsEntry], object_id__in=list(claims))
    return Attachment.objects.filter(about, programme=programme).select_related("created_by").order_by("pk")


def evidence_counts(programme: Programme, claims: Iterable[SavingsEntry]) -> dict[int, int]:
    """How many files hang on each claim or on its line. One statement."""
    rows = list(claims)
    kinds = ContentType.objects.get_for_models(SavingsLine, SavingsEntry)
    about = Q(content_type=kinds[SavingsLine], object_id__in={row.line_id for row in rows})
    about |= Q(content_type=kinds[SavingsEntry], object_id__in=[row.pk for row in rows])
    counted = Attachment.objects.filter(about, programme=programme).order_by()
    found = {
        (row["content_type"], row["object_id"]): row["n"]
        for row in counted.values("content_type", "object_id").annotate(n=Count("pk"))
    }
    line, entry = kinds[SavingsLine].pk, kinds[SavingsEntry].pk
    return {row.pk: found.get((line, row.line_id), 0) + found.get((entry, row.pk), 0) for row in rows}
