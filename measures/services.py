"""Changes of savings: months, confirmations, overlaps, withdrawal and closed books (money.md R3 to R9).

Each service is one transaction, checks what one row cannot, and is tried again when the database
refused it only because two people wrote at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from measures.models import (
    BooksClosed,
    Confirmation,
    LedgerEntry,
    Measure,
    Overlap,
    SavingsEntry,
    SavingsLine,
    Series,
    Stage,
)
from measures.selectors import books_closed_through
from programme.models import Programme


class SavingsError(ValidationError):
    """A change that the rules of savings forbid; the message is for people, the code for programs."""


def _refuse(code: str, message: Any) -> None:
    raise SavingsError(message, code=code)


def _because(by: Any, reason: str) -> Any:
    """History context that says who and why."""
    return pghistory.context(user=getattr(by, "pk", None), reason=reason)


# --- months ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one series of a line; the amount in cents, None to take it away."""

    line: SavingsLine
    series: str
    month: date
    amount_eur_cents: int | None


def lock_lines(programme_id: int, lines: Iterable[int]) -> None:
    """Makes other writers of these lines wait, in one order for all.

    Entries of a line share its totals: who locks the line before touching entries cannot meet another
    writer in a deadlock.
    """
    rows = SavingsLine.objects.filter(programme_id=programme_id, pk__in=set(lines)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def record_entry(
    *, line: SavingsLine, month: date, series: str, amount_eur_cents: int | None, by: Any, reason: str = ""
) -> SavingsEntry | None:
    """Writes one month of one series; see `record_entries`."""
    (entry,) = record_entries(cells=[Cell(line, series, month, amount_eur_cents)], by=by, reason=reason)
    return entry


@retrying
def record_entries(*, cells: Sequence[Cell], by: Any, reason: str = "") -> list[SavingsEntry | None]:
    """Writes months of one programme's lines; None takes a month away, because unknown is not zero.

    A claim of a closed month changes only with a reason, a decided one not at all before its confirmation
    is withdrawn (R3, R7). The approved plan is written by its decision only. All or nothing.
    """
    if not cells:
        return []
    programme = cells[0].line.programme
    closed = books_closed_through(programme)
    with transaction.atomic(), _because(by, reason):
        for cell in cells:
            if cell.line.programme_id != programme.pk:
                _refuse("other_programme", _("The lines belong to different programmes."))
            _check_open(cell.series, cell.month, closed, reason)
        lock_lines(programme.pk, (cell.line.pk for cell in cells))
        return [_write(cell) for cell in cells]


def _write(cell: Cell) -> SavingsEntry | None:
    key = {
        "programme_id": cell.line.programme_id, "line": cell.line, "month": cell.month, "series": cell.series,
    }  # fmt: skip
    entry = SavingsEntry.objects.filter(**key).first()
    unchanged = entry is not None and cell.amount_eur_cents == entry.amount_eur_cents
    if entry is not None and entry.decided_eur_cents is not None and not unchanged:
        _refuse("decided", _("This claim is decided. Withdraw the confirmation first."))
    if cell.amount_eur_cents is None:
        if entry is not None:
            entry.delete()
        return None
    entry = entry or SavingsEntry(**key)
    entry.amount_eur_cents = cell.amount_eur_cents
    entry.full_clean(exclude=["programme", "line"])
    if not unchanged:
        entry.save()
    return entry


def _check_open(series: str, month: date, closed: date | None, reason: str) -> None:
    if series == Series.PLAN_APPROVED:
        _refuse("locked", _("The approved plan changes only by a change request."))
    if series == Series.CLAIMED and closed is not None and month <= closed and not reason.strip():
        _refuse("closed_month", _("The books of this month are closed. Give the reason for the correction."))


@retrying
def lock_plan(*, measure: Measure, by: Any, reason: str) -> int:
    """Keeps the present plan as the approved one, as the decision locks it; the number of months kept."""
    with transaction.atomic(), _because(by, reason):
        lock_lines(measure.programme_id, measure.lines.values_list("pk", flat=True))
        entries = SavingsEntry.objects.filter(programme_id=measure.programme_id, line__measure=measure)
        entries.filter(series=Series.PLAN_APPROVED).delete()
        kept = [
            SavingsEntry(
                programme_id=entry.programme_id, line_id=entry.line_id, month=entry.month,
                series=Series.PLAN_APPROVED, amount_eur_cents=entry.amount_eur_cents,
            )
            for entry in entries.filter(series=Series.PLAN).order_by("line", "month")
        ]  # fmt: skip
        SavingsEntry.objects.bulk_create(kept)
        return len(kept)


# --- what the controller decides ---------------------------------------------------------------------------


@retrying
def confirm_claim(
    *, entry: SavingsEntry, part_eur_cents: int, by: Any, on: date, reason: str = "",
    ledger_entry: LedgerEntry | None = None,
) -> Confirmation:  # fmt: skip
    """Decides a claim: confirmed is the sum of its parts, the rest is refused; a part of 0 refuses it all.

    The controller is never the measure's owner. More than the claim only with a reason (R7).
    """
    with transaction.atomic(), _because(by, reason):
        lock_lines(entry.programme_id, [entry.line_id])
        claim = SavingsEntry.objects.select_related("line__measure").get(pk=entry.pk)
        if claim.series != Series.CLAIMED:
            _refuse("not_a_claim", _("Only a claim can be confirmed."))
        if by is not None and claim.line.measure.owner_id == by.pk:
            _refuse("own_measure", _("The owner of a measure cannot confirm its savings."))
        confirmed = (claim.decided_eur_cents or 0) + part_eur_cents
        if _exceeds(confirmed, claim.amount_eur_cents) and not reason.strip():
            _refuse("more_than_claimed", _("More than what was claimed is confirmed only with a reason."))
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
        _refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), _because(by, reason):
        lock_lines(confirmation.programme_id, [confirmation.entry.line_id])
        row = Confirmation.objects.get(pk=confirmation.pk)
        if row.withdrawn_on is not None:
            _refuse("withdrawn", _("This confirmation is withdrawn already."))
        row.withdrawn_on, row.withdrawn_reason = on, reason
        row.stamp(by).full_clean()
        row.save()
        return row


# --- overlaps and withdrawal -------------------------------------------------------------------------------


@retrying
def declare_overlap(
    *, yielding_line: SavingsLine, other_line: SavingsLine, amount_eur_cents: int, first_month: date, by: Any,
    last_month: date | None = None, reason: str = "",
) -> Overlap:  # fmt: skip
    """Declares that two lines count the same euros: the yielding one gives up the amount each month (R5).

    At most the smaller of the two plans in every month in which both have one.
    """
    with transaction.atomic(), _because(by, reason):
        if yielding_line.programme_id != other_line.programme_id:
            _refuse("other_programme", _("The lines belong to different programmes."))
        for mine, theirs in _planned_together(yielding_line, other_line, first_month, last_month):
            smaller = min(-mine, -theirs) if amount_eur_cents < 0 else min(mine, theirs)
            if abs(amount_eur_cents) > max(0, smaller):
                _refuse("too_large", _("An overlap is at most the smaller of the two effects."))
        overlap = Overlap(
            programme_id=yielding_line.programme_id, yielding_line=yielding_line, other_line=other_line,
            amount_eur_cents=amount_eur_cents, first_month=first_month, last_month=last_month, reason=reason,
        ).stamp(by)  # fmt: skip
        overlap.full_clean()
        overlap.save()
        return overlap


def _planned_together(
    first: SavingsLine, second: SavingsLine, first_month: date, last_month: date | None
) -> list[tuple[int, int]]:
    plans: list[dict[date, int]] = []
    for line in (first, second):
        rows = SavingsEntry.objects.filter(
            programme_id=line.programme_id, line=line, series=Series.PLAN, month__gte=first_month
        )
        if last_month is not None:
            rows = rows.filter(month__lte=last_month)
        plans.append(dict(rows.values_list("month", "amount_eur_cents")))
    return [(plans[0][month], plans[1][month]) for month in plans[0].keys() & plans[1].keys()]


@retrying
def withdraw_measure(*, measure: Measure, by: Any, on: date, from_month: date, reason: str) -> Measure:
    """Withdraws a measure from a month on; its target is released, facts before stay as one-offs (R6, R9)."""
    if not reason.strip():
        _refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), _because(by, reason):
        row = Measure.objects.select_for_update().get(pk=measure.pk)
        if row.stage == Stage.WITHDRAWN:
            _refuse("withdrawn", _("This measure is withdrawn already."))
        row.stage, row.withdrawn_on, row.withdrawn_from = Stage.WITHDRAWN, on, from_month
        row.stamp(by).full_clean()
        row.save()
        return row


# --- closed books ------------------------------------------------------------------------------------------


@retrying
def close_month(*, programme: Programme, month: date, by: Any, on: date) -> BooksClosed:
    """Closes the books of a month (R3); closing it twice changes nothing."""
    with transaction.atomic(), _because(by, ""):
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
        _refuse("no_reason", _("Give the reason."))
    with transaction.atomic(), _because(by, reason):
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
