"""The books of a month: closed, opened again, and the year that signed accounts lock (R3, R20).

Closing a month closes what lies before it. Opening a month again opens every later one with it, although
their rows stay: as soon as the month is closed anew they count as closed again (`calculations.closed_through`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.periods import format_month, month_of
from measures.models import BooksClosed, YearLocked
from measures.selectors import books_closed_through
from measures.services.common import SavingsError, because, refuse
from measures.services.telling import tell_reopened
from programme.models import Programme

REASON_NEEDED = _("Give the reason.")


def lock_books(programme_id: int) -> None:
    """Makes other writers of the programme's books wait until this transaction ends.

    A month must not be closed while a file with its rows is being stored, and two files not at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('measures.books'), %s)", [programme_id % 2**31])


def share_books(programme_id: int) -> None:
    """Makes this transaction wait for whoever closes or locks, and them for it; claims may be written side by side."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtext('measures.books'), %s)", [programme_id % 2**31]
        )


def locked_years(programme: Programme, on: date | None = None) -> set[int]:
    """Years whose accounts are signed; with `on`, as they were that day."""
    rows = YearLocked.objects.filter(programme=programme)
    if on is not None:
        rows = rows.filter(locked_on__lte=on)
    return set(rows.values_list("year", flat=True))


def close_month(*, programme: Programme, month: date, by: Any, on: date) -> BooksClosed:
    """Closes the books of a month (R3); closing it twice changes nothing. A month to come cannot be closed.

    What the books then leave unexplained beyond the threshold becomes a finding (R10).
    """
    from measures.services.findings import findings_after_closing  # it locks the books as well

    if month > month_of(on):
        refuse("not_over", _("The month is not over yet: its books cannot be closed."))
    row = _close(programme=programme, month=month, by=by, on=on)
    findings_after_closing(programme=programme, month=month, by=by, on=on)
    return row


@retrying
def _close(*, programme: Programme, month: date, by: Any, on: date) -> BooksClosed:
    with transaction.atomic(), because(by, ""):
        lock_books(programme.pk)
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
        refuse("no_reason", REASON_NEEDED)
    with transaction.atomic(), because(by, reason):
        lock_books(programme.pk)
        # Later months open with this one, so no later year may be locked either.
        if any(year >= month.year for year in locked_years(programme)):
            refuse("locked_year", _("The accounts of the year are signed: its months stay closed."))
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
        tell_reopened(row, by=by, reason=reason)
        return row


@retrying
def lock_year(*, programme: Programme, year: int, by: Any, on: date, note: str = "") -> YearLocked:
    """Locks a year whose accounts are signed (R20); its December must be closed. Locking twice changes nothing."""
    with transaction.atomic(), because(by, note):
        lock_books(programme.pk)
        row = YearLocked.objects.filter(programme=programme, year=year).first()
        if row is not None:
            return row
        closed, december = books_closed_through(programme), date(year, 12, 1)
        if closed is None or closed < december:
            told = _("Close the books through %(month)s first.")
            refuse("not_closed", told % {"month": format_month(december)})
        row = YearLocked(programme=programme, year=year, locked_on=on, note=note).stamp(by)
        row.full_clean()
        row.save()
        return row


@retrying
def unlock_year(*, programme: Programme, year: int, by: Any, reason: str) -> None:
    """Takes a lock away that was set by mistake; it stays in the history with the reason."""
    if not reason.strip():
        refuse("no_reason", REASON_NEEDED)
    with transaction.atomic(), because(by, reason):
        lock_books(programme.pk)
        gone, _by_table = YearLocked.objects.filter(programme=programme, year=year).delete()
        if not gone:
            refuse("not_locked", _("The year is not locked."))
