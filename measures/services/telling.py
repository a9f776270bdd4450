"""Who is told of what happens to claims, findings and closed months; each within the transaction of the cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from accounts.notices import notify
from core.periods import parse_month
from measures.book_notices import CLAIM_REFUSED, CLAIM_WITHDRAWN, FINDING_GIVEN, MONTH_REOPENED, names_of
from measures.models import BooksClosed, Confirmation, SavingsEntry
from programme.models import CostType, Deviation, Sector


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim of which not everything was confirmed: what it was after overlaps and what was confirmed, cents."""

    claim: SavingsEntry
    claimed: int
    confirmed: int
    decision: Confirmation


def tell_refused(refused: Iterable[Refused], *, by: Any) -> None:
    """Each owner is told once of what was refused in one decision. Claims come with line and measure."""
    of_owner: dict[Any, list[Refused]] = defaultdict(list)
    for one in refused:
        if (owner := one.claim.line.measure.owner) is not None and owner != by:
            of_owner[owner].append(one)
    for owner, rows in of_owner.items():
        first = rows[0]
        programme, measure = first.claim.programme, first.claim.line.measure
        list_url = reverse("measures:confirmation_list", args=[programme.slug])
        notify(
            [owner], CLAIM_REFUSED,
            params=_params(first.claim, first.decision.reason) | {
                "count": len(rows), "claimed": sum(row.claimed for row in rows),
                "confirmed": sum(row.confirmed for row in rows),
            },
            url=measure.get_absolute_url() if len(rows) == 1 else list_url,
            dedupe_key=f"refused-{first.decision.pk}", programme=programme,
        )  # fmt: skip


def tell_withdrawn(claim: SavingsEntry, rows: Sequence[Confirmation], *, by: Any, reason: str) -> None:
    """The owner is told that a decision on the claim does not hold any more."""
    measure = claim.line.measure
    if measure.owner is None or measure.owner == by:
        return
    notify(
        [measure.owner], CLAIM_WITHDRAWN, params=_params(claim, reason), url=measure.get_absolute_url(),
        dedupe_key=f"withdrawn-{rows[0].pk}", programme=claim.programme,
    )  # fmt: skip


def _params(claim: SavingsEntry, reason: str) -> dict[str, Any]:
    measure = claim.line.measure
    return {
        "code": measure.code, "names": names_of(measure), "month": claim.month.isoformat(), "reason": reason,
    }  # fmt: skip


def tell_finder(finding: Deviation, *, url: str, by: Any) -> None:
    """Who came to own a finding is told once of it, whatever is written about it later."""
    if finding.owner is None or finding.owner == by:
        return
    notify(
        [finding.owner], FINDING_GIVEN, params={"amount": finding.amount_eur_cents} | _place_of(finding), url=url,
        dedupe_key=f"finding-{finding.pk}", programme=finding.programme,
    )  # fmt: skip


def _place_of(finding: Deviation) -> dict[str, Any]:
    """Sector, cost type and months of what the books do not explain; nothing for other findings."""
    told: dict[str, Any] = finding.params
    if finding.kind != Deviation.Kind.RECONCILIATION:
        return {}
    sector = Sector.objects.filter(pk=told["sector"]).first()
    cost_type = CostType.objects.filter(pk=told["cost_type"]).first()
    return {
        "sector": names_of(sector) if sector else {}, "cost_type": names_of(cost_type) if cost_type else {},
        "first": parse_month(told["first"]).isoformat(), "last": parse_month(told["last"]).isoformat(),
    }  # fmt: skip


def tell_reopened(row: BooksClosed, *, by: Any, reason: str) -> None:
    """The programme office is told of a month that counts as open again."""
    office = get_user_model().objects.filter(grants__programme=row.programme, grants__role="pmo").distinct()
    notify(
        office.exclude(pk=getattr(by, "pk", None) or 0), MONTH_REOPENED,
        params={"month": row.month.isoformat(), "who": str(by or ""), "reason": reason},
        url=reverse("measures:books", args=[row.programme.slug]), dedupe_key=f"reopened-{row.pk}",
        programme=row.programme,
    )  # fmt: skip
