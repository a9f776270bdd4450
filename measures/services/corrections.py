"""Corrections of a year whose accounts are signed: counted in the open year, told where they belong (R20)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.periods import next_month
from measures.models import Correction, Permanence, SavingsEntry, SavingsLine, Series
from measures.selectors import books_closed_through
from measures.services.books import lock_books, locked_years
from measures.services.common import because, lock_lines, refuse
from measures.services.months import Cell, record_entries
from programme.models import Programme

#: Series that hold a correction: the claim, and the forecast until the month is closed.
SERIES = (Series.CLAIMED, Series.FORECAST)


def first_open_month(programme: Programme, on: date) -> date:
    """The month in which a correction recorded on that day is counted: the first that is neither closed nor locked."""
    closed = books_closed_through(programme)
    month = next_month(closed) if closed else on.replace(day=1)
    while month.year in locked_years(programme):
        month = next_month(month)
    return month


@retrying
def record_correction(
    *, line: SavingsLine, effect_month: date, amount_eur_cents: int, by: Any, on: date, reason: str,
    booked_month: date | None = None,
) -> Correction:  # fmt: skip
    """Claims an amount that belongs to a month of a locked year, in an open month, outside the level change.

    It stands on a one-off line of the same sector and cost type (an in-base line keeps its mark) and waits for the
    controller like any claim. `booked_month` is the first open month unless another open one is named.
    """
    if not reason.strip():
        refuse("no_reason", _("A correction needs its reason."))
    if not amount_eur_cents:
        refuse("zero", _("Give an amount other than zero."))
    programme = line.programme
    with transaction.atomic(), because(by, reason):
        lock_books(programme.pk)
        booked = booked_month or first_open_month(programme, on)
        _check(programme, effect_month, booked)
        target = _one_off_line(line, by)
        lock_lines(programme.pk, [line.pk, target.pk])
        _add(target, booked, amount_eur_cents, by, reason)
        correction = Correction(
            programme=programme, measure=line.measure, line=line, booked_line=target, effect_month=effect_month,
            booked_month=booked, recorded_on=on, amount_eur_cents=amount_eur_cents, reason=reason,
        ).stamp(by)  # fmt: skip
        correction.full_clean()
        correction.save()
        return correction


def _check(programme: Programme, effect_month: date, booked: date) -> None:
    years = locked_years(programme)
    if effect_month.year not in years:
        refuse(
            "not_locked",
            _("The accounts of that year are not signed: correct the month itself, with a reason."),
        )
    closed = books_closed_through(programme)
    if booked.year in years or (closed is not None and booked <= closed):
        refuse("closed_month", _("A correction is counted in a month whose books are open."))


def _one_off_line(line: SavingsLine, by: Any) -> SavingsLine:
    """The measure's one-off line of the same place, made when it is missing; the line itself when it is one."""
    if line.permanence == Permanence.ONE_OFF:
        return line
    key = {
        "programme_id": line.programme_id, "measure_id": line.measure_id, "sector_id": line.sector_id,
        "cost_type_id": line.cost_type_id, "line_class": line.line_class, "in_base": line.in_base,
        "permanence": Permanence.ONE_OFF,
    }  # fmt: skip
    found = SavingsLine.objects.filter(**key).first()
    if found is not None:
        return found
    made = SavingsLine(**key, goal_id=line.goal_id, basis_note=str(_("Corrections of locked years"))).stamp(
        by
    )
    made.full_clean()
    made.save()
    return made


def _add(line: SavingsLine, month: date, cents: int, by: Any, reason: str) -> None:
    """Adds the amount to the month's claim and forecast; a claim that is decided already refuses it."""
    held = dict(
        SavingsEntry.objects.filter(
            programme_id=line.programme_id, line=line, month=month, series__in=SERIES
        ).values_list("series", "amount_eur_cents")
    )
    cells = [Cell(line, series, month, held.get(series, 0) + cents) for series in SERIES]
    record_entries(cells=cells, by=by, reason=reason)
