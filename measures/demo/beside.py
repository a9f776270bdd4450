"""An illustrative correction of a locked year: it stands on a one-off line and moves no cost level (R20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.bulk import BulkWriter
from measures.demo.rows import insert, take_ids
from measures.models import Correction, SavingsEntry, Series, Stage
from measures.portfolio_drafts import Calendar, Draft
from programme.models import Programme

KEUR = 100_000
#: The correction, in 1 000 €, and the month of the first year it belongs to, counted from 0.
CORRECTED, OF_MONTH = -9, 10
WHY = "Loppulasku saapui tilinpäätöksen jälkeen, havainnollistava"


def write_beside(
    writer: BulkWriter, programme: Programme, drafts: Sequence[Draft], calendar: Calendar
) -> None:
    """One correction of the first year, once that year is locked."""
    running = [draft for draft in drafts if draft.stage == Stage.IN_DELIVERY and draft.main.plan_approved]
    _correct(writer, programme, running, calendar)


def _entry(
    programme: Programme, line: int, calendar: Calendar, series: str, at: int, cents: int, key: int
) -> dict[str, Any]:
    return {
        "id": key, "programme": programme.pk, "line": line, "month": calendar.months[at], "series": series,
        "amount_eur_cents": cents, "version": 1,
    }  # fmt: skip


def _correct(writer: BulkWriter, programme: Programme, running: Sequence[Draft], calendar: Calendar) -> None:
    """Claims in the first open month what belongs to the locked year, on the measure's one-off line."""
    at = calendar.closed
    fit = [
        draft for draft in running
        if len(draft.lines) > 1 and draft.main.start <= OF_MONTH < at and draft.lines[1].start != at
    ]  # fmt: skip
    if not fit or calendar.closed < 12:
        return
    draft, cents = fit[0], CORRECTED * KEUR
    one_off, series = draft.lines[1], (str(Series.CLAIMED), str(Series.FORECAST))
    keys = take_ids(writer, SavingsEntry, len(series))
    insert(writer, SavingsEntry, [
        _entry(programme, one_off.id, calendar, one, at, cents, key)
        for one, key in zip(series, keys, strict=True)
    ])  # fmt: skip
    insert(writer, Correction, [{
        "programme": programme.pk, "measure": draft.id, "line": draft.main.id, "booked_line": one_off.id,
        "effect_month": calendar.months[OF_MONTH], "booked_month": calendar.months[at],
        "recorded_on": calendar.today, "amount_eur_cents": cents, "reason": WHY,
    }])  # fmt: skip
