"""What the controller decides of claims (R7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import Confirmation, LedgerEntry, SavingsEntry, Series
from measures.services.common import because, lock_lines, refuse


@retrying
def confirm_claim(
    *, entry: SavingsEntry, part_eur_cents: int, by: Any, on: date, reason: str = "",
    ledger_entry: LedgerEntry | None = None,
) -> Confirmation:  # fmt: skip
    """Decides a claim: confirmed is the sum of its parts, the rest is refused; a part of 0 refuses it all.

    The controller is never the measure's owner. More than the claim only with a reason (R7).
    """
    with transaction.atomic(), because(by, reason):
        lock_lines(entry.programme_id, [entry.line_id])
        claim = SavingsEntry.objects.select_related("line__measure").get(pk=entry.pk)
        if claim.series != Series.CLAIMED:
            refuse("not_a_claim", _("Only a claim can be confirmed."))
        if by is not None and claim.line.measure.owner_id == by.pk:
            refuse("own_measure", _("The owner of a measure cannot confirm its savings."))
        confirmed = (claim.decided_eur_cents or 0) + part_eur_cents
        if _exceeds(confirmed, claim.amount_eur_cents) and not reason.strip():
            refuse("more_than_claimed", _("More than what was claimed is confirmed only with a reason."))
        confirmation = Confirmation(
            programme_id=claim.programme_id, entry=claim, ledger_entry=ledger_entry,
            part_eur_cents=part_eur_cents, decided_on=on, decided_by=by, reason=reason,
        ).stamp(by)  # fmt: skip
        confirmation.full_clean()
        confirmation.save()
        return confirmation


def _exceeds(confirmed: int, claimed: int) -> bool:
    """Whether what is confirmed goes beyond the claim, or the other way."""
    return abs(confirmed) > abs(claimed) or confirmed * claimed < 0


@retrying
def withdraw_confirmation(*, confirmation: Confirmation, by: Any, on: date, reason: str) -> Confirmation:
    """Takes a confirmation back; without another valid one the claim is undecided again."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        lock_lines(confirmation.programme_id, [confirmation.entry.line_id])
        row = Confirmation.objects.get(pk=confirmation.pk)
        if row.withdrawn_on is not None:
            refuse("withdrawn", _("This confirmation is withdrawn already."))
        row.withdrawn_on, row.withdrawn_reason = on, reason
        row.stamp(by).full_clean()
        row.save()
        return row
