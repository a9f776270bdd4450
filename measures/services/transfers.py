"""Base transfers: what an organisation change moves from one sector or cost type to another (R19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.money import format_eur
from measures.models import BaseTransfer, BaseTransferRow
from measures.services.books import lock_books, locked_years
from measures.services.common import because, refuse
from programme.models import CostType, Decision, Programme, Sector


class TransferPart(NamedTuple):
    """What one sector and cost type gets (+) or gives up (-) each month, in cents."""

    sector: Sector
    cost_type: CostType
    monthly_eur_cents: int


@retrying
def make_transfer(
    *, programme: Programme, name: str, from_month: date, parts: Sequence[TransferPart], by: Any,
    reason: str = "", decision: Decision | None = None,
) -> BaseTransfer:  # fmt: skip
    """Stores a transfer with its rows, which sum to zero; months before `from_month` stay as they are.

    The database refuses other sums as well, at the end of the transaction.
    """
    with transaction.atomic(), because(by, reason):
        lock_books(programme.pk)
        _check(programme, from_month, parts)
        transfer = BaseTransfer(
            programme=programme, name=name, from_month=from_month, reason=reason, decision=decision
        ).stamp(by)
        transfer.full_clean()
        transfer.save()
        for part in parts:
            row = BaseTransferRow(
                programme=programme, transfer=transfer, sector=part.sector, cost_type=part.cost_type,
                monthly_eur_cents=part.monthly_eur_cents,
            ).stamp(by)  # fmt: skip
            row.full_clean()
            row.save()
        return transfer


def _check(programme: Programme, from_month: date, parts: Sequence[TransferPart]) -> None:
    if len(parts) < 2:
        refuse("one_row", _("A transfer needs a row that gives up and a row that gets."))
    if any(
        part.sector.programme_id != programme.pk or part.cost_type.programme_id != programme.pk
        for part in parts
    ):
        refuse("other_programme", _("The rows belong to different programmes."))
    if len({(part.sector.pk, part.cost_type.pk) for part in parts}) < len(parts):
        refuse("twice", _("The same sector and cost type is there twice."))
    left = sum(part.monthly_eur_cents for part in parts)
    if left:
        told = _("The rows must sum to zero: what one gets another gives up. Now %(sum)s € is left over.")
        refuse("not_zero", told % {"sum": format_eur(left)})
    if _reaches_locked(programme, from_month):
        raise ValidationError(
            {"from_month": _("The accounts of that year are signed: its base cannot change any more.")}
        )


def _reaches_locked(programme: Programme, from_month: date) -> bool:
    """Whether a month from that one on lies in a year whose accounts are signed: a transfer has no end."""
    return any(year >= from_month.year for year in locked_years(programme))


@retrying
def remove_transfer(*, transfer: BaseTransfer, by: Any, reason: str) -> None:
    """Takes a transfer away with its rows, unless it reaches into a year whose accounts are signed."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        lock_books(transfer.programme_id)
        if _reaches_locked(transfer.programme, transfer.from_month):
            refuse("locked_year", _("The accounts of the transfer's first year are signed: it stays."))
        BaseTransfer.objects.filter(pk=transfer.pk).delete()
