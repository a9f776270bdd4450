"""Closing the books of a month, and opening it again (R3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import BooksClosed
from measures.services.common import SavingsError, because, refuse
from programme.models import Programme


@retrying
def close_month(*, programme: Programme, month: date, by: Any, on: date) -> BooksClosed:
    """Closes the books of a month (R3); closing it twice changes nothing."""
    with transaction.atomic(), because(by, ""):
        row = BooksClosed.objects.filter(programme=programme, month=month, reopened_on=None).first()
        if row is None:
            row = BooksClosed(programme=programme, month=month, closed_on=on, closed_by=by).stamp(by)
            row.full_clean()
            row.save()
        return row


@retrying
def reopen_month(*, programme: Programme, month: date, by: Any, on: date, reason: str) -> BooksClosed:
    """Opens a closed month again, and with it every later one, until it is closed anew."""
    if not reason.strip():
        refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), because(by, reason):
        row = (
            BooksClosed.objects.select_for_update()
            .filter(programme=programme, month=month, reopened_on=None)
            .first()
        )
        if row is None:
            raise SavingsError(_("The books of this month are not closed."), code="not_closed")
        row.reopened_on, row.reopened_reason = on, reason
        row.stamp(by).full_clean()
        row.save()
        return row
