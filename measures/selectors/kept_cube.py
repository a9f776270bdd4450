"""The cube kept in this process and brought up to date by what changed since (docs/adr/0067-kept-cube.md).

A totals row says which transaction wrote it last (`changed`). All that a snapshot cannot have seen was written by
a transaction that had not ended before it, so by one not older than its `xmin`: rows from there on are read again
and put in the place of what is kept. All else that figures hang on is small: it is read whole, in the same
statement, when any row of it was written since or is gone.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from measures.calculations import Cell
from measures.models import Stage
from measures.selectors.attributes import CLASSES, LINE_CLASS, PERMANENCE, PERMANENCES
from measures.triggers import MONTH_COLUMNS

Ints = NDArray[np.int64]

#: Totals of so many programmes are kept in a process: some 20 megabytes for 10 000 measures.
PROGRAMMES = 4
#: Changes of more than one row in so many are not taken one by one: everything is added up again.
REBUILT_FROM = 4

DIMENSIONS = {"goal": "goal_id", "sector": "sector_id", "cost_type": "cost_type_id", "stage": "stage"}
STAGES = list(Stage.values)
PHASES = ("standing", "before", "after")
#: `refused` is what is left of the claims (R7).
SERIES = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided")
APPROVED = SERIES.index("plan_approved")
#: Month number of a measure that was never withdrawn, after all others.
NEVER = 12 * 9999

_MONTHS = np.arange(12)
_LINE = ("line_id", *DIMENSIONS.values(), "kind", "withdrawn", "measure_id")
_TOTAL = ("line_id", "series", "year", "known", *MONTH_COLUMNS)


def place(column: str, values: Sequence[str]) -> str:
    """SQL: position of the column's value in the list, from 0: numbers are found faster than words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"array_position(ARRAY[{listed}]::varchar[], {column}) - 1"


#: Permanence (2 bits), class (2 bits) and in base (1 bit) of a line in one number.
KIND = f"{place(PERMANENCE, PERMANENCES)} + 4 * ({place(LINE_CLASS, CLASSES)}) + 16 * line.in_base::int"


def _arrays(columns: Sequence[str]) -> str:
    return ", ".join(f"array_send(array_agg({column}::bigint)) AS of_{column}" for column in columns)


#: Tables besides the totals that figures are read from: while none of their rows moved, what was read of them holds.
_STRUCTURE = (
    "measures_savingsline", "measures_measure", "measures_measuretarget", "measures_overlap", "measures_booksclosed",
    "programme_goal", "programme_theme", "programme_sector", "programme_costtype", "programme_fundingsource",
)  # fmt: skip
# A row's xmin is the transaction that wrote it. One that wraps around looks young and is read again, never old.
_MOVED = " UNION ALL ".join(
    f"SELECT count(*) AS n, count(*) FILTER (WHERE age(xmin) <= age(%(since)s::text::xid8::xid)) AS young"
    f" FROM {table} WHERE programme_id = %(programme)s"
    for table in _STRUCTURE
)

_READ = f"""
    WITH line AS MATERIALIZED (
        SELECT line.id AS line_id, line.goal_id, line.sector_id, line.cost_type_id,
            {place("measure.stage", STAGES)} AS stage, {KIND} AS kind,
            coalesce(extract(year FROM measure.withdrawn_from) * 12
                + extract(month FROM measure.withdrawn_from) - 1, {NEVER}) AS withdrawn, measure.id AS measure_id
        FROM measures_savingsline line JOIN measures_measure measure ON measure.id = line.measure_id
        WHERE line.programme_id = %(programme)s
    ), lines AS MATERIALIZED (
        SELECT {_arrays(_LINE)} FROM line
    ), total AS MATERIALIZED (
        SELECT line_id, {place("series", SERIES)} AS series, year, known, {", ".join(MONTH_COLUMNS)}
        FROM measures_measuretotal
        WHERE programme_id = %(programme)s AND changed >= %(since)s AND series = ANY(%(series)s)
    ), moved AS MATERIALIZED (
        SELECT string_agg(n::text, ' ') AS counts, sum(young) > 0 AS is_young FROM ({_MOVED}) one
    ), asked AS MATERIALIZED (
        SELECT counts, is_young OR counts <> %(counts)s AS is_asked FROM moved
    )
    SELECT (SELECT oid FROM pg_database WHERE datname = current_database())::bigint,
        pg_relation_filenode('measures_measuretotal')::bigint,
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint, asked.counts, asked.is_asked, totals.*,
        {", ".join(f"CASE WHEN asked.is_asked THEN (SELECT of_{column} FROM lines) END" for column in _LINE)}{{beside}}
    FROM asked, (SELECT {_arrays(_TOTAL)} FROM total) totals
"""


def _read_statement(beside: Mapping[str, str]) -> str:
    """The statement, with the rows of further SELECTs as JSON in the same snapshot."""
    more = "".join(
        f", CASE WHEN asked.is_asked THEN (SELECT coalesce(json_agg(found), '[]') FROM ({sql}) found) END::text"
        for sql in beside.values()
    )
    return _READ.format(beside=more)


def _unpack(sent: bytes | memoryview | None) -> Ints:
    """A bigint[] as PostgreSQL sends it: a head of 20 bytes, then length and value of each element."""
    if sent is None:
        return np.zeros(0, np.int64)
    found = np.frombuffer(sent, [("length", ">i4"), ("value", ">i8")], offset=20)
    if not (found["length"] == 8).all():
        raise ValueError("an attribute of a line is not one of those known here")
    return found["value"].astype(np.int64)


# ---------------------------------------------------------------------------- what is kept
#: Rows of further SELECTs by name, as JSON has them.
Beside = dict[str, list[dict[str, Any]]]


@dataclass
class Lines:
    """Attributes of lines, sorted by `ids`: `groups` has goal, sector, cost type and stage, shape (n, 4)."""

    ids: Ints
    groups: Ints
    kinds: Ints
    withdrawn: Ints
    measures: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints]) -> "Lines":
        order = np.argsort(columns[0])
        ids, *groups, kinds, withdrawn, measures = (column[order] for column in columns)
        return cls(ids, np.stack(groups, axis=1), kinds, withdrawn, measures)

    def at(self, ids: Ints) -> Ints:
        """Places of lines that are there."""
        return np.searchsorted(self.ids, ids)

    def has(self, ids: Ints) -> NDArray[np.bool_]:
        return np.isin(ids, self.ids)

    def differing(self, other: "Lines") -> Ints:
        """Ids of lines that only one side has, or that are not the same on both."""
        if np.array_equal(self.ids, other.ids):
            same = (
                (self.groups == other.groups).all(axis=1)
                & (self.kinds == other.kinds) & (self.withdrawn == other.withdrawn)
            )  # fmt: skip
            return self.ids[~same]
        both = np.intersect1d(self.ids, other.ids)
        mine, theirs = self.at(both), other.at(both)
        same = (
            (self.groups[mine] == other.groups[theirs]).all(axis=1)
            & (self.kinds[mine] == other.kinds[theirs]) & (self.withdrawn[mine] == other.withdrawn[theirs])
        )  # fmt: skip
        return np.concatenate([both[~same], np.setxor1d(self.ids, other.ids)])


@dataclass
class Rows:
    """Totals, sorted by `keys` (line, series and year in one number); `months` is (n, 12) EUR cents."""

    keys: Ints
    known: Ints
    months: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints]) -> "Rows":
        line, series, year, known, *months = columns
        keys = (line * 8 + series) * 4096 + year
        order = np.argsort(keys)
        return cls(keys[order], known[order], np.stack(months, axis=1)[order])

    @property
    def lines(self) -> Ints:
        return self.keys >> 15

    def take(self, which: Any) -> "Rows":
        return Rows(self.keys[which], self.known[which], self.months[which])

    def of_lines(self, lines: Lines) -> "Rows":
        """The rows of lines that are there."""
        return self.take(lines.has(self.lines))

    def with_rows(self, newer: "Rows") -> "Rows":
        """These rows, with the newer ones in the place of those that have the same key."""
        at = np.searchsorted(self.keys, newer.keys)
        there = at < len(self.keys)
        there[there] = self.keys[at[there]] == newer.keys[there]
        if there.all():
            self.known[at], self.months[at] = newer.known, newer.months
            return self
        self.known[at[there]], self.months[at[there]] = newer.known[there], newer.months[there]
        keys = np.concatenate([self.keys, newer.keys[~there]])
        order = np.argsort(keys, kind="stable")
        return Rows(
            keys[order],
            np.concatenate([self.known, newer.known[~there]])[order],
            np.concatenate([self.months, newer.months[~there]])[order],
        )


#: Sums of a group: twelve months, how many rows know each month, how many rows there are.
WIDTH = 25


@dataclass
class Structure:
    """Everything but the totals: lines, and rows read beside them; `counts` and `wanted` say of what."""

    lines: Lines
    counts: str
    wanted: str
    beside: Beside


@dataclass
class _Found:
    """What one reading brought; no structure when the one that is kept holds."""

    identity: tuple[int, int]
    since: int
    structure: Structure | None
    rows: Rows


@dataclass
class Kept:
    """The totals of one programme as one snapshot saw them, and their sums by group."""

    identity: tuple[int, int]
    since: int
    structure: Structure
    rows: Rows
    groups: dict[int, Ints] = field(default_factory=dict)
    made: dict[int, Cell | None] = field(default_factory=dict)

    @property
    def lines(self) -> Lines:
        return self.structure.lines

    def add(self, rows: Rows, sign: int) -> None:
        """Enters rows in the sums of their goal, sector, cost type and stage, or takes them out again."""
        for keys, values in _contributions(rows, self.lines):
            order = np.argsort(keys, kind="stable")
            sorted_ = keys[order]
            starts = np.flatnonzero(np.r_[True, sorted_[1:] != sorted_[:-1]]) if len(sorted_) else order
            sums = sign * np.add.reduceat(values[order], starts, axis=0) if len(starts) else values
            for key, change in zip(sorted_[starts].tolist(), sums, strict=True):
                found = self.groups.get(key)
                self.groups[key] = change if found is None else found + change
                self.made.pop(key, None)

    def follow(self, since: int, structure: Structure, newer: Rows) -> None:
        """Moves on to a later snapshot: `newer` are all rows written since the one kept, and perhaps others."""
        lines = structure.lines
        newer = newer.of_lines(lines)
        changed = self.lines.differing(lines) if lines is not self.lines else lines.ids[:0]
        if REBUILT_FROM * (len(newer.keys) + len(changed)) > len(self.rows.keys):
            rows = self.rows.with_rows(newer)
            self.since, self.structure, self.rows = since, structure, rows.of_lines(lines)
            self.groups, self.made = {}, {}
            self.add(self.rows, 1)
            return
        self.add(self.rows.take(self._touched(changed, newer)), -1)
        rows = self.rows.with_rows(newer)
        if len(changed) and not lines.has(changed).all():
            rows = rows.of_lines(lines)
        self.since, self.structure, self.rows = since, structure, rows
        self.add(self.rows.take(self._touched(changed, newer)), 1)

    def _touched(self, changed: Ints, newer: Rows) -> Ints:
        """Places of the rows of changed lines and of those that come anew, each once."""
        first = np.searchsorted(self.rows.keys, changed << 15)
        last = np.searchsorted(self.rows.keys, (changed + 1) << 15)
        at = np.searchsorted(self.rows.keys, newer.keys)
        at = at[at < len(self.rows.keys)]
        at = at[np.isin(self.rows.keys[at], newer.keys)]
        spans = [np.arange(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        return np.unique(np.concatenate([at, *spans])).astype(np.int64)

    def series_of(
        self, lines: Collection[int]
    ) -> dict[Any, dict[tuple[str, int], tuple[int, tuple[int, ...]]]]:
        """Totals of some lines as they stand: line -> (series, year) -> (known bits, twelve amounts)."""
        ids = np.array(sorted(lines), np.int64)
        at = self._touched(ids, self.rows.take(slice(0, 0)))
        rows = self.rows.take(at[self.rows.known[at] > 0])
        found: dict[Any, dict[tuple[str, int], tuple[int, tuple[int, ...]]]] = {}
        for key, known, months in zip(
            rows.keys.tolist(), rows.known.tolist(), rows.months.tolist(), strict=True
        ):
            series = found.setdefault(key >> 15, {})
            series[SERIES[key >> 12 & 7], key & 4095] = (known, tuple(months))
        return found

    def cells(self) -> list[Cell]:
        """Sums of every group that has a row; a group that did not change gives the same cell again."""
        for key in self.groups.keys() - self.made.keys():
            sums = self.groups[key].tolist()
            known = sum(1 << month for month in range(12) if sums[12 + month] > 0)
            self.made[key] = Cell(*_attributes(key), known, sums[:12]) if sums[24] else None
        return [cell for key in self.groups if (cell := self.made[key]) is not None]


def _contributions(rows: Rows, lines: Lines) -> list[tuple[Ints, Ints]]:
    """For each dimension: the group's key of each row, and what the row adds, shape (n, WIDTH).

    A row of a withdrawn measure comes twice, its months before and its months after (R6).
    """
    at = lines.at(rows.lines)
    series, year = rows.keys >> 12 & 7, rows.keys & 4095
    known = rows.known[:, None] >> _MONTHS & 1
    values = np.concatenate([rows.months, known, (rows.known > 0)[:, None]], axis=1)
    kind = lines.kinds[at]
    cut = lines.withdrawn[at] - 12 * year
    gone = (lines.withdrawn[at] != NEVER) & (series != APPROVED)
    if gone.any():
        before = np.concatenate([_MONTHS, _MONTHS, [-1]]) < cut[gone, None].clip(0, 12)
        halves = values[gone] * before, values[gone] * ~np.c_[before[:, :24], np.zeros(gone.sum(), bool)]
        values = np.concatenate([values[~gone], *halves])
        kind = np.concatenate([kind[~gone], kind[gone] + 32, kind[gone] + 64])
        at, series, year = (np.concatenate([of[~gone], of[gone], of[gone]]) for of in (at, series, year))
    rest = (kind * 8 + series) * 4096 + year
    return [
        ((lines.groups[at, number] * 4 + number << 22) + rest, values) for number in range(len(DIMENSIONS))
    ]


_KINDS = list(DIMENSIONS)


def _attributes(key: int) -> tuple[Any, str, str, bool, str, str, int]:
    """Slice, permanence, class, in base, phase, series and year of a packed group."""
    dimension, of = _KINDS[key >> 22 & 3], key >> 24
    kind = key >> 15 & 127
    return (
        (dimension, STAGES[of] if dimension == "stage" else of), PERMANENCES[kind & 3], CLASSES[kind >> 2 & 3],
        bool(kind >> 4 & 1), PHASES[kind >> 5], SERIES[key >> 12 & 7], key & 4095,
    )  # fmt: skip


# ---------------------------------------------------------------------------- keeping it
class _Place:
    """Where one programme's totals are kept; one thread at a time, so that what is kept only moves on."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: Kept | None = None


_PLACES: OrderedDict[int, _Place] = OrderedDict()
_PLACES_LOCK = threading.Lock()


def _place_of(programme_id: int) -> _Place:
    with _PLACES_LOCK:
        found = _PLACES.setdefault(programme_id, _Place())
        _PLACES.move_to_end(programme_id)
        while len(_PLACES) > PROGRAMMES:
            _PLACES.popitem(last=False)
        return found


@contextmanager
def kept_totals(
    programme_id: int, beside: Mapping[str, str] | None = None, **params: Any
) -> Iterator[tuple[Kept, Beside]]:
    """The totals as the database has them now; nobody else in this process moves them on until the block ends.

    `beside` are SELECTs by name whose rows are read in the same snapshot and handed out as JSON has them.
    Outside a transaction only: its snapshot could be older than what is kept, or hold what is not committed.
    """
    assert not connection.in_atomic_block
    at = _place_of(programme_id)
    with at.lock:
        kept, at.kept = at.kept, None  # what fails half-way is not kept
        at.kept, rows = _brought_up_to_date(programme_id, kept, beside or {}, params)
        yield at.kept, rows


def kept_cells(programme_id: int) -> list[Cell]:
    """Cells of every goal, sector, cost type and stage as the database has them now, outside a transaction."""
    with kept_totals(programme_id) as (kept, _beside):
        return kept.cells()


def _brought_up_to_date(
    programme_id: int, kept: Kept | None, beside: Mapping[str, str], params: dict[str, Any]
) -> tuple[Kept, Beside]:
    asked = params | {"programme": programme_id, "series": list(SERIES)}
    found = _read(asked, kept, beside)
    if kept is not None and kept.identity != found.identity:  # another database, or its tables were emptied
        kept = None
        found = _read(asked, None, beside)
    if kept is None:
        assert found.structure is not None
        kept = Kept(found.identity, found.since, found.structure, found.rows.of_lines(found.structure.lines))
        kept.add(kept.rows, 1)
    else:
        kept.follow(found.since, found.structure or kept.structure, found.rows)
    return kept, kept.structure.beside


def _read(params: dict[str, Any], kept: Kept | None, beside: Mapping[str, str]) -> _Found:
    """What moved since what is kept, in one snapshot; everything when nothing is."""
    wanted = (tuple(beside), tuple(params.values()))
    holds = kept is not None and (not beside or kept.structure.wanted == str(wanted))
    told = {
        "since": kept.since if kept is not None else 0,
        "counts": kept.structure.counts if kept is not None and holds else "",
    }
    with connection.cursor() as cursor:
        cursor.execute(_read_statement(beside), params | told)
        database, file, xmin, counts, is_asked, *sent = cursor.fetchone()
    rows = Rows.of([_unpack(one) for one in sent[: len(_TOTAL)]])
    structure = None
    if is_asked:
        of_lines, texts = sent[len(_TOTAL) :][: len(_LINE)], sent[len(_TOTAL) + len(_LINE) :]
        lines = Lines.of([_unpack(one) for one in of_lines])
        found = {name: json.loads(text) for name, text in zip(beside, texts, strict=True)}
        structure = Structure(lines, counts, str(wanted), found)
    return _Found((database, file), xmin, structure, rows)


def forget_kept() -> None:
    """Empties this process's memory of totals."""
    with _PLACES_LOCK:
        _PLACES.clear()
