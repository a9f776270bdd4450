"""Storing a file of the books: whole in one transaction, or not at all; rows that are equal are not touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from core.bulk import BulkWriter, bulk_write
from core.tables import Sheet
from measures.ledger.mapping import FileMapping
from measures.ledger.options import Kind, Wanted
from measures.ledger.preview import Preview, preview
from measures.ledger.rows import Key
from measures.models import BudgetVersion, Confirmation, ImportRun, LedgerEntry
from measures.services.books import lock_books
from programme.models import Programme

_FIELDS = (
    "programme", "version", "created_by", "updated_by", "kind", "month", "sector", "cost_type", "account",
    "cost_centre", "amount_eur_cents", "booked_on", "budget", "import_run", "is_internal", "is_correction", "reason",
    "is_illustrative",
)  # fmt: skip
_UPDATE = """
    UPDATE measures_ledgerentry entry
    SET amount_eur_cents = change.cents, booked_on = %s, import_run_id = %s, updated_by_id = %s
    FROM unnest(%s::bigint[], %s::bigint[]) AS change (id, cents)
    WHERE entry.id = change.id AND entry.programme_id = %s
"""
_DELETE = "DELETE FROM measures_ledgerentry WHERE programme_id = %s AND id = ANY(%s)"


class Blocked(Exception):
    """The file is not stored; `problems` say why."""

    def __init__(self, problems: Sequence[dict[str, Any]]) -> None:
        super().__init__([problem["code"] for problem in problems])
        self.problems = list(problems)


def blocking(found: Preview, wanted: Wanted) -> list[dict[str, Any]]:
    """What stands in the way of storing the file, besides the problems of its cells."""
    problems: list[dict[str, Any]] = []
    if not found.read.amounts:
        problems.append({"code": "no_rows", "params": {}})
    if found.locked:
        problems.append({"code": "locked_year", "params": {}})
    if wanted.control_eur_cents is not None and wanted.control_eur_cents != found.total:
        problems.append({
            "code": "control",
            "params": {
                "found": found.total, "wanted": wanted.control_eur_cents, "left": found.total - wanted.control_eur_cents
            },
        })  # fmt: skip
    if found.change.corrected and not wanted.reason.strip():
        problems.append({"code": "no_reason", "params": {}})
    return problems


def store(
    *, run: ImportRun, sheet: Sheet, mapping: FileMapping, wanted: Wanted, by: Any, on: date, seen: str,
    still_mine: Any = None,
) -> Preview:  # fmt: skip
    """Does what the preview with the fingerprint `seen` said. Raises Blocked when the books are others by now.

    History says who, why, the file's name and its hash.
    """
    programme = run.programme
    reason = wanted.reason or f"{wanted.kind} {wanted.year}: {run.file_name}"
    told = {"file": run.file_name, "sha256": run.sha256, "import_run": run.pk}
    with bulk_write(by, reason, **told) as writer:
        lock_books(programme.pk)
        found = preview(programme, sheet, mapping, wanted)
        if found.fingerprint != seen:
            raise Blocked([{"code": "changed", "params": {}}])
        problems = blocking(found, wanted)
        if problems or found.read.problem_count:
            raise Blocked(problems or found.read.problems)
        budget = _budget(programme, wanted, by) if wanted.is_budget else None
        _write(writer, _Stamp(programme, run, wanted, budget, by, on), found)
        run.state, run.applied_at = ImportRun.State.APPLIED, timezone.now()
        run.stamp(by).save(update_fields=["state", "applied_at", "updated_by"])
        if still_mine is not None:
            still_mine()
    return found


def _budget(programme: Programme, wanted: Wanted, by: Any) -> BudgetVersion:
    """The budget that the rows belong to, with its decision as it was told."""
    row = BudgetVersion.objects.filter(programme=programme, year=wanted.year, number=wanted.number).first()
    row = row or BudgetVersion(programme=programme, year=wanted.year, number=wanted.number)
    row.name = wanted.name or row.name
    row.decided_on = wanted.decided_on or row.decided_on
    row.section = wanted.section or row.section
    row.stamp(by).full_clean()
    row.save()
    return row


class _Stamp:
    """What all rows of one file share."""

    def __init__(
        self,
        programme: Programme,
        run: ImportRun,
        wanted: Wanted,
        budget: BudgetVersion | None,
        by: Any,
        on: date,
    ) -> None:
        self.programme, self.run, self.wanted, self.on = programme, run, wanted, on
        self.budget = None if budget is None else budget.pk
        self.by = getattr(by, "pk", None)

    def row(self, key: Key, cents: int, *, is_correction: bool = False) -> tuple[Any, ...]:
        """A row in the order of `_FIELDS`."""
        return (
            self.programme.pk, 1, self.by, self.by, str(self.wanted.kind), key.month, key.sector, key.cost_type,
            key.account, key.cost_centre, cents, self.on, self.budget, self.run.pk, key.is_internal, is_correction,
            self.wanted.reason if is_correction else "", False,
        )  # fmt: skip


def _write(writer: BulkWriter, stamp: _Stamp, found: Preview) -> None:
    """At most four statements, whatever the number of rows."""
    change, programme = found.change, stamp.programme
    changed = dict(change.changed)
    removed = set(change.removed)
    # A row that a confirmation rests on cannot go: it says 0 from now on.
    held = Confirmation.objects.filter(programme=programme, ledger_entry__in=removed)
    for pk in held.values_list("ledger_entry", flat=True).distinct():
        changed[pk] = 0
        removed.discard(pk)
    if removed:
        writer.execute(_DELETE, [programme.pk, sorted(removed)])
    if changed:
        ids = sorted(changed)
        writer.execute(
            _UPDATE, [stamp.on, stamp.run.pk, stamp.by, ids, [changed[pk] for pk in ids], programme.pk]
        )
    writer.copy_rows(
        LedgerEntry, _FIELDS, (stamp.row(key, cents) for key, cents in sorted(change.added.items()))
    )
    _write_corrections(writer, stamp, change.corrected)


def _write_corrections(writer: BulkWriter, stamp: _Stamp, corrected: dict[Key, int]) -> None:
    """New corrections; a second one of the same day and place is added to the first."""
    if not corrected:
        return
    today = {
        Key(row.month, row.sector_id, row.cost_type_id, row.account, row.cost_centre, row.is_internal): row
        for row in _corrections_of(stamp, corrected)
    }
    again = {
        today[key].pk: today[key].amount_eur_cents + cents for key, cents in corrected.items() if key in today
    }
    if again:
        ids = sorted(again)
        writer.execute(
            _UPDATE, [stamp.on, stamp.run.pk, stamp.by, ids, [again[pk] for pk in ids], stamp.programme.pk]
        )
    new = [(key, cents) for key, cents in sorted(corrected.items()) if key not in today]
    writer.copy_rows(LedgerEntry, _FIELDS, (stamp.row(key, cents, is_correction=True) for key, cents in new))


def _corrections_of(stamp: _Stamp, corrected: dict[Key, int]) -> Iterable[LedgerEntry]:
    return LedgerEntry.objects.filter(
        programme=stamp.programme, kind=Kind.ACTUAL, is_correction=True, booked_on=stamp.on,
        month__in={key.month for key in corrected}, budget=None,
    )  # fmt: skip
