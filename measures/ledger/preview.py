"""What a file would change in the books: compared with what is there, nothing is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from core.models import Row
from core.periods import month_key
from core.tables import Sheet
from core.text import LANGUAGES
from measures.ledger.mapping import FileMapping
from measures.ledger.options import Kind, Wanted
from measures.ledger.rows import Key, Names, Read, Reader
from measures.models import BudgetVersion, LedgerEntry
from measures.selectors import books_closed_through
from measures.services.books import locked_years
from programme.models import CostType, Programme, Sector

#: New sums this many times the old ones look like another unit.
_THOUSANDFOLD = (500, 2000)


@dataclass
class Stored:
    """The rows of one key now: their sum with corrections, and the plain rows that hold the rest."""

    total: int = 0
    rows: list[LedgerEntry] = field(default_factory=list)
    corrections: int = 0


@dataclass
class Change:
    """What is done to the books: cents by key that come, plain rows that change or go, deltas booked as corrections."""

    added: dict[Key, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)  # row id -> cents
    removed: list[int] = field(default_factory=list)
    corrected: dict[Key, int] = field(default_factory=dict)
    same: int = 0

    @property
    def count(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed) + len(self.corrected)


@dataclass
class Preview:
    """What the file says, what is there, and what would be done."""

    read: Read
    change: Change
    old: dict[Key, int]
    fingerprint: str
    closed_through: date | None
    locked: bool
    warnings: list[dict[str, Any]]

    @property
    def total(self) -> int:
        return sum(self.read.amounts.values())

    def as_json(self) -> dict[str, Any]:
        """What the page shows: sums of places and months, None where there are no rows; internal charges apart."""
        places: dict[tuple[int, int], list[int | None]] = defaultdict(lambda: [None, None])
        months: dict[str, list[int | None]] = defaultdict(lambda: [None, None])
        internal = [0, 0]
        for at, amounts in enumerate((self.old, self.read.amounts)):
            for key, cents in amounts.items():
                if key.is_internal:
                    internal[at] += cents
                else:
                    for sums in (places[key.sector, key.cost_type], months[month_key(key.month)]):
                        sums[at] = (sums[at] or 0) + cents
        return {
            "rows": self.read.rows, "left_out": self.read.left_out,
            "left_out_eur_cents": self.read.left_out_eur_cents, "total": self.total,
            "places": [[*place, *sums] for place, sums in sorted(places.items())],
            "months": [[month, *sums] for month, sums in sorted(months.items())],
            "internal": internal, "unknown": self.read.unknown, "problems": self.read.problem_count,
            "added": len(self.change.added), "changed": len(self.change.changed),
            "removed": len(self.change.removed), "corrected": len(self.change.corrected), "same": self.change.same,
            "locked": self.locked, "fingerprint": self.fingerprint, "warnings": self.warnings,
        }  # fmt: skip


def names_of(programme: Programme) -> Names:
    """Every name that sectors and cost types go by: key, names in three languages."""
    return Names(
        _by_name(Sector.objects.filter(programme=programme)),
        _by_name(CostType.objects.filter(programme=programme)),
    )


def _by_name(rows: Iterable[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        for name in (row.key, *(getattr(row, f"name_{language}") for language in LANGUAGES)):  # type: ignore[attr-defined]
            if name:
                found.setdefault(name.casefold(), row.pk)
    return found


def preview(programme: Programme, sheet: Sheet, mapping: FileMapping, wanted: Wanted) -> Preview:
    """Reads the sheet and compares it with the books as they are."""
    read = Reader(sheet, mapping, names_of(programme), wanted.year).read()
    closed = books_closed_through(programme) if wanted.kind == Kind.ACTUAL else None
    rows = in_scope(programme, wanted, read)
    change, old = compare(rows, read, closed)
    is_locked = wanted.year in locked_years(programme)
    return Preview(
        read,
        change,
        old,
        fingerprint(rows, closed, locked=is_locked),
        closed,
        is_locked,
        _warnings(read, old, wanted),
    )


def in_scope(programme: Programme, wanted: Wanted, read: Read) -> QuerySet[LedgerEntry]:
    """The rows that the file replaces: of its kind and version, of the months it has."""
    rows = LedgerEntry.objects.filter(
        programme=programme, kind=wanted.kind, month__in={key.month for key in read.amounts}
    ).order_by("pk")
    if wanted.is_budget:
        version = BudgetVersion.objects.filter(programme=programme, year=wanted.year, number=wanted.number)
        same = Q(budget__in=version)
        rows = rows.filter(same | Q(budget=None) if wanted.kind == Kind.ORIGINAL_BUDGET else same)
    if wanted.only_sectors:
        rows = rows.filter(sector__in={key.sector for key in read.amounts})
    return rows


def compare(rows: Iterable[LedgerEntry], read: Read, closed: date | None) -> tuple[Change, dict[Key, int]]:
    """What must be done so that the books say what the file says, and the sums they hold now by key."""
    stored: dict[Key, Stored] = defaultdict(Stored)
    for row in rows:
        key = Key(row.month, row.sector_id, row.cost_type_id, row.account, row.cost_centre, row.is_internal)
        stored[key].total += row.amount_eur_cents
        if row.is_correction:
            stored[key].corrections += row.amount_eur_cents
        else:
            stored[key].rows.append(row)
    change = Change()
    for key in sorted(stored.keys() | read.amounts.keys()):
        _compare_key(change, key, stored.get(key), read.amounts.get(key), closed)
    return change, {key: one.total for key, one in stored.items()}


def _compare_key(
    change: Change, key: Key, stored: Stored | None, cents: int | None, closed: date | None
) -> None:
    held = stored.total if stored else None
    if held == cents or (held is None and cents == 0):
        change.same += 1
    elif closed is not None and key.month <= closed:
        change.corrected[key] = (cents or 0) - (held or 0)
    elif stored is None or not stored.rows:
        change.added[key] = (cents or 0) - (held or 0)
    else:
        first, *others = stored.rows
        if cents is None and not stored.corrections:
            change.removed += [row.pk for row in stored.rows]
            return
        # What corrections of an earlier closing say stays; the plain row takes the rest.
        wanted = (cents or 0) - stored.corrections
        if first.amount_eur_cents != wanted:
            change.changed[first.pk] = wanted
        change.removed += [row.pk for row in others]


def fingerprint(rows: QuerySet[LedgerEntry], closed: date | None, *, locked: bool) -> str:
    """A word that is another one as soon as the rows, the closed months or the lock are."""
    held = rows.order_by().aggregate(Count("pk"), Max("pk"), Sum("version"), Sum("amount_eur_cents"))
    return sha256(repr((sorted(held.items()), closed, locked)).encode()).hexdigest()[:32]


def _warnings(read: Read, old: dict[Key, int], wanted: Wanted) -> list[dict[str, Any]]:
    """What looks wrong although it can be read: another unit, the other sign, rows that were not there."""
    found: list[dict[str, Any]] = []
    new, before = sum(read.amounts.values()), sum(old.values())
    if read.amounts and new < 0:
        found.append({"code": "negative"})
    if before and new:
        ratio = abs(new) / abs(before)
        if _THOUSANDFOLD[0] < ratio < _THOUSANDFOLD[1] or _THOUSANDFOLD[0] < 1 / ratio < _THOUSANDFOLD[1]:
            found.append({"code": "thousandfold"})
        elif (new < 0) != (before < 0):
            found.append({"code": "sign_flipped"})
    if wanted.kind == Kind.ACTUAL and len({key.month for key in read.amounts}) == 12 and not before:
        found.append({"code": "whole_year"})
    return found
