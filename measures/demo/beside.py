"""Illustrative money beside the target: what the comparison base holds already, and a correction of a locked year.

Nothing of it moves the cost level that the portfolio is to reach: in-base lines stand apart (R2), and a correction
stands on a one-off line (R20).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.bulk import BulkWriter
from measures.demo.ledger import closing_day
from measures.demo.rows import insert, take_ids
from measures.models import (
    Confirmation,
    Correction,
    LineClass,
    Permanence,
    SavingsEntry,
    SavingsLine,
    Series,
    Stage,
)
from measures.portfolio_drafts import Calendar, Draft
from programme.models import Programme

KEUR = 100_000
#: What the base expects of each in-base line and what is claimed of it, 1 000 € a month.
IN_BASE = ((-12, -12), (-8, -6))
BASIS = "Päätetty jo ennen ohjelmaa ja mukana talousarviossa, havainnollistava"
SEEN = "Näkyy toteumassa ilman omaa vientiä, havainnollistava"
#: The correction, in 1 000 €, and the month of the first year it belongs to, counted from 0.
CORRECTED, OF_MONTH = -9, 10
WHY = "Loppulasku saapui tilinpäätöksen jälkeen, havainnollistava"


def write_beside(
    writer: BulkWriter, programme: Programme, drafts: Sequence[Draft], calendar: Calendar, controller: Any
) -> None:
    """Two in-base lines with claims on measures in delivery, and one correction of the first year once it is locked."""
    running = [draft for draft in drafts if draft.stage == Stage.IN_DELIVERY and draft.main.plan_approved]
    chosen = [draft for draft in running if draft.main.line_class == LineClass.CASH][: len(IN_BASE)]
    lines = take_ids(writer, SavingsLine, len(chosen))
    insert(writer, SavingsLine, [
        {
            "id": line, "programme": programme.pk, "measure": draft.id, "sector": draft.main.sector.pk,
            "cost_type": draft.main.cost_type.pk, "goal": draft.goal.pk, "permanence": str(Permanence.LASTING),
            "line_class": str(LineClass.CASH), "in_base": True, "basis_note": BASIS,
        }
        for draft, line in zip(chosen, lines, strict=True)
    ])  # fmt: skip
    entries, decided = [], []
    for line, amounts in zip(lines, IN_BASE, strict=False):
        for series, at, cents in _months(amounts, calendar):
            (key,) = take_ids(writer, SavingsEntry, 1)
            entries.append(_entry(programme, line, calendar, series, at, cents, key))
            if series == Series.CLAIMED and at < calendar.closed - 1:
                decided.append((key, at, cents))
    insert(writer, SavingsEntry, entries)
    insert(writer, Confirmation, [
        {
            "programme": programme.pk, "entry": key, "part_eur_cents": cents,
            "decided_on": closing_day(calendar.months[at]), "decided_by": getattr(controller, "pk", None),
            "reason": SEEN,
        }
        for key, at, cents in decided
    ])  # fmt: skip
    _correct(writer, programme, running, calendar)


def _months(amounts: tuple[int, int], calendar: Calendar) -> Iterator[tuple[str, int, int]]:
    """Series, position of the month and cents: planned in every month, claimed in closed ones."""
    planned, claimed = amounts
    for at in range(len(calendar.months)):
        yield str(Series.PLAN), at, planned * KEUR
        if at < calendar.closed:
            yield str(Series.CLAIMED), at, claimed * KEUR
        else:
            yield str(Series.FORECAST), at, claimed * KEUR


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
