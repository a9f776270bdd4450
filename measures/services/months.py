"""Months of savings lines: written cell by cell or in blocks, each with the version its writer knew.

A block is written whole or not at all. Two people may write at once: the version that a cell was read
with is a condition of the statement that writes it, so nobody writes over what they have not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.money import MAX_CENTS
from measures.models import Measure, SavingsEntry, SavingsLine, Series, Succession
from measures.selectors import books_closed_through
from measures.selectors.stages import locked_measures
from measures.services.books import locked_years, share_books
from measures.services.common import CHANGED, SavingsError, because, lock_lines, refuse

#: Line, series and month: what names a cell.
Key = tuple[int, str, date]


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of one series of a line; the amount in cents, None to take it away.

    `version` is that of the cell as its writer saw it, 0 when it was empty; None asks for no check. `seen_eur_cents`
    is the amount they saw: a cell emptied and filled again has its old version, but hardly its old amount.
    """

    line: SavingsLine
    series: str
    month: date
    amount_eur_cents: int | None
    version: int | None = None
    seen_eur_cents: int | None = None

    @property
    def key(self) -> Key:
        return self.line.pk, self.series, self.month


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell was not written; `theirs` is how it stands now when somebody else changed it."""

    cell: Cell
    code: str
    message: Any
    theirs: SavingsEntry | None = None


class CellsRefused(SavingsError):
    """Nothing of the block was written; `problems` names the cells that stand in its way.

    The code is `changed` when all of them only met another writer, else that of the first other problem.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        first = next((one for one in problems if one.code != CHANGED), problems[0])
        super().__init__(first.message, code=first.code)


REASONS = {
    "other_programme": _("The lines belong to different programmes."),
    "locked": _("The approved plan changes only by a change request."),
    "plan_locked": _("A decision has locked this plan. Ask for a change of the plan instead."),
    "closed_month": _("The books of this month are closed. Give the reason for the correction."),
    "locked_year": _(
        "The accounts of this year are signed. Record a correction: it is counted in the open year."
    ),
    "decided": _("This claim is decided. Withdraw the confirmation first."),
    "not_a_month": _("Give the month as its first day."),
    "unknown_series": _("Unknown series."),
    "too_large": _("The amount is too large."),
    CHANGED: _("Somebody else changed this month meanwhile."),
}

#: The condition that keeps one writer from writing over another; part of every statement that changes a cell.
VERSION_HOLDS = (
    "(cell.version IS NULL OR entry.version = cell.version"
    " AND (cell.seen IS NULL OR entry.amount_eur_cents = cell.seen))"
)
#: Cells as rows of a statement, from six arrays of one length.
_ROWS = (
    "unnest(%s::bigint[], %s::text[], %s::date[], %s::bigint[], %s::int[], %s::bigint[])"
    " AS cell(line, series, month, amount, version, seen)"
)
_SAME_CELL = (
    "entry.programme_id = %s AND entry.line_id = cell.line AND entry.series = cell.series"
    " AND entry.month = cell.month AND entry.decided_eur_cents IS NULL"
)
_RETURNED = "line_id, series, month, id, amount_eur_cents, version, decided_eur_cents"
_INSERT = f"""
    INSERT INTO measures_savingsentry (line_id, series, month, amount_eur_cents, programme_id, version)
    SELECT cell.line, cell.series, cell.month, cell.amount, %s, 1 FROM {_ROWS}
    ORDER BY cell.line, cell.series, cell.month
    ON CONFLICT (programme_id, line_id, series, month) DO NOTHING RETURNING {_RETURNED}
"""
_RETURNED_OF_ENTRY = ", ".join(f"entry.{column}" for column in _RETURNED.split(", "))


def _update() -> str:
    return f"""
        UPDATE measures_savingsentry AS entry SET amount_eur_cents = cell.amount FROM {_ROWS}
        WHERE {_SAME_CELL} AND {VERSION_HOLDS} RETURNING {_RETURNED_OF_ENTRY}
    """


def _delete() -> str:
    return f"""
        DELETE FROM measures_savingsentry AS entry USING {_ROWS}
        WHERE {_SAME_CELL} AND {VERSION_HOLDS} RETURNING {_RETURNED_OF_ENTRY}
    """


def record_entry(
    *,
    line: SavingsLine,
    month: date,
    series: str,
    amount_eur_cents: int | None,
    by: Any,
    reason: str = "",
    version: int | None = None,
) -> SavingsEntry | None:
    """Writes one month of one series; see `record_entries`."""
    cell = Cell(line, series, month, amount_eur_cents, version)
    (entry,) = record_entries(cells=[cell], by=by, reason=reason)
    return entry


@retrying
def record_entries(*, cells: Sequence[Cell], by: Any, reason: str = "") -> list[SavingsEntry | None]:
    """Writes months of one programme's lines; None takes a month away, because unknown is not zero.

    A claim of a closed month changes only with a reason, a decided one not at all before its confirmation
    is withdrawn (R3, R7). The approved plan is written by its decision only, and so is the plan once a decision
    has locked it (`plan_locked`). All or nothing: CellsRefused
    names every cell in the way. A cell that holds the amount already is left alone, whatever its version.
    Of a cell given twice the last counts. Answers how each cell stands afterwards, None for an empty one.
    """
    if not cells:
        return []
    wanted = {cell.key: cell for cell in cells}
    programme = cells[0].line.programme
    with transaction.atomic(), because(by, reason):
        if any(series == Series.CLAIMED for _line, series, _month in wanted):
            share_books(
                programme.pk
            )  # a month must not be closed, nor a year locked, between asking and writing
        problems = _forbidden(wanted, programme, reason)
        lock_lines(programme.pk, (line for line, _series, _month in wanted))
        present = _present(programme.pk, wanted)
        changed = {
            key: cell for key, cell in wanted.items() if _amount(present.get(key)) != cell.amount_eur_cents
        }
        problems += [
            _problem(cell, "decided")
            for key, cell in changed.items()
            if key in present and present[key].decided_eur_cents is not None
        ]
        problems += _of_locked_plans(changed.values())
        if problems:
            raise CellsRefused(problems)
        written = _write(programme.pk, changed, present)
        missed = [cell for key, cell in changed.items() if key not in written]
        if missed:
            raise CellsRefused([_problem(cell, CHANGED, present.get(cell.key)) for cell in missed])
    after = present | {key: entry for key, entry in written.items()}
    return [None if cell.amount_eur_cents is None else after[cell.key] for cell in cells]


def _forbidden(wanted: dict[Key, Cell], programme: Any, reason: str) -> list[Problem]:
    """What can be said of the cells without looking at them."""
    claims = any(series == Series.CLAIMED for _line, series, _month in wanted)
    closed = books_closed_through(programme) if claims and not reason.strip() else None
    locked = locked_years(programme) if claims else set()
    found = []
    for cell in wanted.values():
        code = ""
        if cell.line.programme_id != programme.pk:
            code = "other_programme"
        elif cell.series not in Series.values:
            code = "unknown_series"
        elif cell.series == Series.PLAN_APPROVED:
            code = "locked"
        elif cell.month.day != 1:
            code = "not_a_month"
        elif abs(cell.amount_eur_cents or 0) > MAX_CENTS:
            code = "too_large"
        elif cell.series == Series.CLAIMED and cell.month.year in locked:
            code = "locked_year"
        elif cell.series == Series.CLAIMED and closed is not None and cell.month <= closed:
            code = "closed_month"
        if code:
            found.append(_problem(cell, code))
    return found


def _of_locked_plans(cells: Iterable[Cell]) -> list[Problem]:
    """Plan cells of measures whose plan a decision has locked; asked after the lines are locked."""
    planned = [cell for cell in cells if cell.series == Series.PLAN]
    locked = locked_measures({cell.line.measure_id for cell in planned}) if planned else set()
    return [_problem(cell, "plan_locked") for cell in planned if cell.line.measure_id in locked]


def _problem(cell: Cell, code: str, theirs: SavingsEntry | None = None) -> Problem:
    return Problem(cell, code, REASONS[code], theirs)


def _amount(entry: SavingsEntry | None) -> int | None:
    return None if entry is None else entry.amount_eur_cents


def _present(programme_id: int, wanted: dict[Key, Cell]) -> dict[Key, SavingsEntry]:
    """The cells that have a value now; read after the lines were locked."""
    lines, series, months = (set(part) for part in zip(*wanted, strict=True))
    rows = SavingsEntry.objects.filter(
        programme_id=programme_id, line_id__in=lines, series__in=series, month__in=months
    )
    found = {(row.line_id, row.series, row.month): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _write(
    programme_id: int, changed: dict[Key, Cell], present: dict[Key, SavingsEntry]
) -> dict[Key, SavingsEntry]:
    """At most three statements for any number of cells; the cells that they really wrote."""
    gone = [cell for cell in changed.values() if cell.amount_eur_cents is None]
    new = [
        cell
        for key, cell in changed.items()
        if cell.amount_eur_cents is not None
        and (cell.version == 0 or cell.version is None and key not in present)
    ]
    taken = {cell.key for cell in (*gone, *new)}
    other = [cell for key, cell in changed.items() if key not in taken]
    written: dict[Key, SavingsEntry] = {}
    for statement, cells, programme_first in (
        (_delete(), gone, False), (_update(), other, False), (_INSERT, new, True),
    ):  # fmt: skip
        if cells:
            arrays = _arrays(cells)
            params: list[Any] = [programme_id, *arrays] if programme_first else [*arrays, programme_id]
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
                for row in cursor.fetchall():
                    written[row[0], row[1], row[2]] = _entry(programme_id, row)
    return written


def _arrays(cells: Sequence[Cell]) -> list[list[Any]]:
    return [
        [cell.line.pk for cell in cells],
        [cell.series for cell in cells],
        [cell.month for cell in cells],
        [cell.amount_eur_cents for cell in cells],
        [cell.version for cell in cells],
        [cell.seen_eur_cents for cell in cells],
    ]


def _entry(programme_id: int, row: tuple[Any, ...]) -> SavingsEntry:
    line, series, month, pk, amount, version, decided = row
    entry = SavingsEntry(
        pk=pk, programme_id=programme_id, line_id=line, series=series, month=month, amount_eur_cents=amount,
        version=version, decided_eur_cents=decided,
    )  # fmt: skip
    entry._state.adding = False
    entry._state.db = "default"
    return entry


@retrying
def lock_plan(*, measure: Measure, by: Any, reason: str) -> int:
    """Keeps the present plan as the approved one, as the decision locks it; the number of months kept."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
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


def rewrite_plan(
    *,
    measure: Measure,
    cells: Sequence[tuple[SavingsLine, date, int | None, int | None]],
    by: Any,
    reason: str,
) -> None:
    """Writes an approved change (line, month, old cents, new cents) into plan and approved plan alike.

    The approved plan of a part of a split lies with the old measure: written here too, it would count twice.
    Raises SavingsError `changed` when a month no longer holds the old amount that was asked about.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        lock_lines(measure.programme_id, measure.lines.values_list("pk", flat=True))
        rows = SavingsEntry.objects.filter(programme_id=measure.programme_id, line__measure=measure)
        held = {
            (row.line_id, row.series, row.month): row
            for row in rows.filter(series__in=[Series.PLAN, Series.PLAN_APPROVED])
        }
        for line, month, old, _new in cells:
            if _amount(held.get((line.pk, str(Series.PLAN), month))) != old:
                refuse(CHANGED, STALE_PLAN)
        fresh, moved, gone = [], [], []
        has_approved = any(series == Series.PLAN_APPROVED for _line, series, _month in held)
        is_part = not has_approved and measure.predecessors.filter(kind=Succession.Kind.SPLIT).exists()
        written = [Series.PLAN] if is_part else [Series.PLAN, Series.PLAN_APPROVED]
        for line, month, _old, new in cells:
            for series in written:
                row = held.get((line.pk, str(series), month))
                if row is None and new is not None:
                    fresh.append(
                        SavingsEntry(
                            programme_id=measure.programme_id, line=line, month=month, series=series,
                            amount_eur_cents=new,
                        )
                    )  # fmt: skip
                elif row is not None and new is None:
                    gone.append(row.pk)
                elif row is not None and new is not None and row.amount_eur_cents != new:
                    row.amount_eur_cents = new
                    moved.append(row)
        SavingsEntry.objects.filter(pk__in=gone).delete()
        SavingsEntry.objects.bulk_update(moved, ["amount_eur_cents"])
        SavingsEntry.objects.bulk_create(fresh)


STALE_PLAN = _(
    "The plan has changed since this change was asked for, so the old figures beside the new ones are no longer"
    " true. Take the request back and ask again with the plan as it stands now."
)
