"""Savings lines that come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from measures.models import Confirmation, Overlap, SavingsEntry, SavingsLine, Series
from measures.selectors.stages import locked_measures
from measures.services.books import locked_years, share_books
from measures.services.common import CHANGED, lock_lines, refuse


@dataclass(frozen=True)
class Loss:
    """The months of one series that go with a line: how many, from which to which, and their sum in cents."""

    series: str
    label: str
    months: int
    first: Any
    last: Any
    total_eur_cents: int


def what_is_lost(line: SavingsLine) -> list[Loss]:
    """What removing the line takes with it, series by series."""
    rows = (
        SavingsEntry.objects.filter(programme_id=line.programme_id, line=line)
        .order_by()
        .values("series")
        .annotate(months=Count("pk"), first=Min("month"), last=Max("month"), total=Sum("amount_eur_cents"))
    )
    by_series = {row["series"]: row for row in rows}
    return [
        Loss(series, str(series.label), row["months"], row["first"], row["last"], row["total"])
        for series in Series
        if (row := by_series.get(series.value))
    ]


def has_confirmations(line: SavingsLine) -> bool:
    """Whether the controller has ever decided a claim of the line; withdrawn decisions count, they are facts."""
    return Confirmation.objects.filter(programme_id=line.programme_id, entry__line=line).exists()


def has_locked_claims(line: SavingsLine) -> bool:
    """Whether a claim of the line lies in a year whose accounts are signed (R20): its money stays in its place."""
    claims = SavingsEntry.objects.filter(
        programme_id=line.programme_id, line=line, series=Series.CLAIMED,
        month__year__in=list(locked_years(line.programme)),
    )  # fmt: skip
    return claims.exists()


def overlaps_of_line(line: SavingsLine) -> Sequence[Overlap]:
    rows = Overlap.objects.filter(Q(yielding_line=line) | Q(other_line=line), programme_id=line.programme_id)
    return list(rows.select_related("yielding_line__measure", "other_line__measure"))


def state_of(line: SavingsLine) -> str:
    """A word that is another one as soon as the line, one of its months or one of its overlaps is."""
    entries = SavingsEntry.objects.filter(programme_id=line.programme_id, line=line).order_by()
    months = entries.aggregate(Count("pk"), Max("pk"), Sum("version"), Sum("amount_eur_cents"))
    own = SavingsLine.objects.filter(pk=line.pk).values_list("version", flat=True).first()
    overlaps = sorted((overlap.pk, overlap.version) for overlap in overlaps_of_line(line))
    return sha256(repr((own, sorted(months.items()), overlaps)).encode()).hexdigest()[:32]


@retrying
def remove_line(*, line: SavingsLine, by: Any, reason: str, seen: str | None = None) -> None:
    """Takes a line away with its months and overlaps; never one that the controller has decided on.

    A reason is needed as soon as anything is lost with it. `seen` is `state_of` the line as the person saw it:
    one that moved meanwhile is refused.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        share_books(line.programme_id)
        lock_lines(line.programme_id, [line.pk])
        if has_confirmations(line):
            refuse("confirmed", _("The controller has decided on claims of this line: it stays."))
        planned = SavingsEntry.objects.filter(
            programme_id=line.programme_id, line=line, series__in=[Series.PLAN, Series.PLAN_APPROVED]
        )
        if planned.exists() and locked_measures([line.measure_id]):
            refuse(
                "plan_locked", _("A decision has locked the plan of this line: ask for a change of the plan.")
            )
        if has_locked_claims(line):
            refuse("locked_year", _("The line has claims of a year whose accounts are signed: it stays."))
        if seen is not None and state_of(line) != seen:
            refuse(
                CHANGED, _("Somebody changed this line or its months meanwhile. Look at what would go now.")
            )
        entries = SavingsEntry.objects.filter(programme_id=line.programme_id, line=line)
        if not reason.strip() and (entries.exists() or overlaps_of_line(line)):
            refuse("no_reason", _("Say why the line and its months are removed."))
        entries.delete()
        line.delete()
