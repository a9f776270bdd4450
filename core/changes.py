"""What changed, who did it, when and why, read from the event tables of every tracked model.

Nothing here knows the programme: a caller says which kinds it wants and how their rows are told apart
(`Scope`). An *act* is everything one transaction did under one history context; a *run* is what an act did
to one kind, counted, so that an import of a million months is one line. Values are plain (numbers, text,
ISO dates), as the event holds them; the columns of history itself are left out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from core.history import event_models

#: No transaction lasts longer: an event is numbered when it is written but dated when its transaction began.
LONGEST_TRANSACTION = dt.timedelta(hours=1)
#: How far back the feed looks first, then next, before it reads everything.
WINDOWS = (dt.timedelta(days=2), dt.timedelta(days=45))
#: Rows (estimated) from which on a table is entered by the number of its events.
MANY = 20_000

#: What every row has and no reader asks about.
UNTOLD = {"id", "programme", "version", "created_at", "created_by", "updated_at", "updated_by"}
_OF_HISTORY = ("pgh_id", "pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_context_id", "pgh_session_user")

#: Column -> value. (A field's column may be None to the type checker, never here.)
Values = Mapping[Any, Any]


# ---------------------------------------------------------------------------- kinds
@dataclass(frozen=True)
class Kind:
    """A tracked model: its label ("measures.measure"), itself and its table of events."""

    label: str
    model: type[Model]
    table: str

    @property
    def fields(self) -> list[Field]:
        """Fields whose changes are told, in the model's order."""
        kept = _kept_columns()[self.label]
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.name not in UNTOLD and not one.primary_key and one.column in kept
        ]

    @property
    def has_programme(self) -> bool:
        return any(one.name == "programme" for one in self.model._meta.concrete_fields)


@cache
def all_kinds() -> dict[str, Kind]:
    """Every tracked model by its label."""
    return {
        kind.label: kind
        for kind in (
            Kind(event.pgh_tracked_model._meta.label_lower, event.pgh_tracked_model, event._meta.db_table)
            for event in event_models()
        )
    }


@cache
def _kept_columns() -> dict[str, set[str]]:
    return {
        event.pgh_tracked_model._meta.label_lower: {one.column for one in event._meta.concrete_fields}
        for event in event_models()
    }


@dataclass(frozen=True)
class Scope:
    """Events of one kind that are asked for: `where` is SQL over the event table `e`."""

    kind: Kind
    where: str
    params: tuple[Any, ...] = ()


# ---------------------------------------------------------------------------- what is told
@dataclass(frozen=True)
class Change:
    """One event of one row. `before` is None when the row was added, `after` when it was deleted."""

    kind: Kind
    pgh_id: int
    row_id: int
    label: str
    at: dt.datetime
    context: str
    session_user: str
    before: Values | None
    after: Values | None

    @property
    def act(self) -> tuple[dt.datetime, str]:
        return self.at, self.context

    @property
    def values(self) -> Values:
        """The row as it became, or as it was when it was deleted."""
        return self.after if self.after is not None else self.before or {}

    def differences(self) -> list[tuple[Field, Any, Any]]:
        """Field, old value, new value of what this event changed."""
        return differences(self.kind, self.before, self.after)


@dataclass(frozen=True)
class Run:
    """What one act did to one kind: `count` events of `label`, the first and the last by number."""

    kind: Kind
    label: str
    count: int
    first: int
    last: int


@dataclass
class Act:
    """One transaction under one context: when, who, why and through what."""

    at: dt.datetime
    context: str
    session_user: str
    told: Values
    runs: list[Run] = field(default_factory=list)

    @property
    def user_id(self) -> int | None:
        user = self.told.get("user")
        return user if isinstance(user, int) else None

    @property
    def reason(self) -> str:
        return str(self.told.get("reason") or "")

    @property
    def cursor(self) -> str:
        """Names the act in an address: the next page starts below it."""
        return f"{self.at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}-{self.context}"


def read_cursor(text: str) -> tuple[dt.datetime, str] | None:
    """The place that `Act.cursor` names; None for anything else."""
    written, _dash, context = text.partition("-")
    try:
        at = dt.datetime.strptime(written, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return (at, context) if set(context) <= set("0123456789abcdef-") else None


def differences(kind: Kind, before: Values | None, after: Values | None) -> list[tuple[Field, Any, Any]]:
    """Fields in which two states of a row differ; a missing row differs where the other says something."""
    found = []
    for one in kind.fields:
        old = before.get(one.column) if before is not None else None
        new = after.get(one.column) if after is not None else None
        if old != new and not (_says_nothing(old) and _says_nothing(new)):
            found.append((one, old, new))
    return found


def _says_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


# ---------------------------------------------------------------------------- single events
def changes(scopes: Sequence[Scope], *, newest: int = 5_000) -> list[Change]:
    """Events of the scopes with the state before each, newest first, at most `newest` of each kind.

    One statement, whatever the number of kinds.
    """
    if not scopes:
        return []
    parts, params = [], []
    for scope in scopes:
        parts.append(
            f"""(SELECT %s AS kind, e.pgh_id, e.pgh_obj_id, e.pgh_label, e.pgh_created_at,
                coalesce(e.pgh_context_id::text, ''), e.pgh_session_user, to_jsonb(e)::text,
                (SELECT to_jsonb(b)::text FROM "{scope.kind.table}" b
                 WHERE b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id ORDER BY b.pgh_id DESC LIMIT 1)
            FROM "{scope.kind.table}" e WHERE {scope.where} ORDER BY e.pgh_id DESC LIMIT %s)"""
        )
        params += [scope.kind.label, *scope.params, newest]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        rows = cursor.fetchall()
    found = [_change(*row) for row in rows]
    return sorted(found, key=lambda change: (change.at, change.pgh_id), reverse=True)


def _change(
    label: str, pgh_id: int, row_id: int, event: str, at: dt.datetime, context: str, session_user: str, now: str,
    before: str | None,
) -> Change:  # fmt: skip
    state, earlier = _values(now), _values(before) if before and event != "insert" else None
    is_end = event == "delete"
    return Change(
        kind=all_kinds()[label], pgh_id=pgh_id, row_id=row_id, label=event, at=at, context=context,
        session_user=session_user, before=state if is_end else earlier, after=None if is_end else state,
    )  # fmt: skip


def _values(text: str) -> dict[str, Any]:
    values = json.loads(text, parse_float=Decimal)
    for column in _OF_HISTORY:
        values.pop(column, None)
    return values


def latest(wanted: Mapping[str, Iterable[int]]) -> dict[tuple[str, int], tuple[Values, bool]]:
    """(kind, id) -> the row's values as of now and whether it still is; of rows that are gone the last ones.

    One statement for all kinds.
    """
    parts: list[str] = []
    params: list[Any] = []
    for label, ids in wanted.items():
        kind, numbers = all_kinds().get(label), sorted(set(ids))
        if kind is None or not numbers:
            continue
        parts.append(
            f"""(SELECT %s, n.id, e.pgh_label, to_jsonb(e)::text FROM unnest(%s::bigint[]) AS n(id)
            CROSS JOIN LATERAL (SELECT * FROM "{kind.table}" e WHERE e.pgh_obj_id = n.id
                ORDER BY e.pgh_id DESC LIMIT 1) e)"""
        )
        params += [label, numbers]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        return {
            (label, pk): (_values(text), event != "delete") for label, pk, event, text in cursor.fetchall()
        }


def stored(kind: Kind, row_id: int) -> Values | None:
    """The row as it stands in its table, in the words of an event; None when it is not there."""
    with connection.cursor() as cursor:
        table, key = kind.model._meta.db_table, kind.model._meta.pk.column
        cursor.execute(f'SELECT to_jsonb(r)::text FROM "{table}" r WHERE r."{key}" = %s', [row_id])
        found = cursor.fetchone()
    return _values(found[0]) if found else None


def as_of(kind: Kind, row_id: int, moments: Sequence[dt.datetime]) -> list[Values | None]:
    """The row at each moment (exclusive); None where it was not there. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT m.place, e.pgh_label, to_jsonb(e)::text
            FROM unnest(%s::timestamptz[]) WITH ORDINALITY AS m(moment, place)
            CROSS JOIN LATERAL (SELECT * FROM "{kind.table}" e
                WHERE e.pgh_obj_id = %s AND e.pgh_created_at < m.moment
                ORDER BY e.pgh_created_at DESC, e.pgh_id DESC LIMIT 1) e""",
            [list(moments), row_id],
        )
        found = {
            place: None if event == "delete" else _values(text) for place, event, text in cursor.fetchall()
        }
    return [found.get(place) for place in range(1, len(moments) + 1)]


def acts_told(contexts: Iterable[str]) -> dict[str, Values]:
    """What each context says of who and why. One statement."""
    ids = sorted({context for context in contexts if context})
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, metadata::text FROM pghistory_context WHERE id = ANY(%s::uuid[])", [ids]
        )
        return {pk: json.loads(told) for pk, told in cursor.fetchall()}


def acts_of(found: Sequence[Change]) -> list[tuple[Act, list[Change]]]:
    """The acts behind the changes, in the changes' order, each with its own."""
    told = acts_told(change.context for change in found)
    acts: dict[tuple[dt.datetime, str], tuple[Act, list[Change]]] = {}
    for change in found:
        if change.act not in acts:
            act = Act(change.at, change.context, change.session_user, told.get(change.context, {}))
            acts[change.act] = (act, [])
        acts[change.act][1].append(change)
    return list(acts.values())


# ---------------------------------------------------------------------------- the feed
def feed(
    scopes: Sequence[Scope],
    *,
    limit: int,
    before: tuple[dt.datetime, str] | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    user_id: int | None = None,
) -> list[Act]:
    """The newest acts with their runs, at most `limit`, below `before` and within `since` <= at < `until`.

    At most four statements. Recent days are read first: a big table is entered at the number of its first
    event of those days, so that its size does not matter.
    """
    if not scopes:
        return []
    big = _big_tables()
    start = min(filter(None, (until, before[0] if before else None)), default=dt.datetime.now(dt.UTC))
    floors = [start - window for window in WINDOWS]
    acts: list[Act] = []
    for floor in [*(one for one in floors if since is None or one > since), since]:
        # An act has one moment, so a window never holds half of it; what is newer was read before.
        acts += _acts_between(scopes, floor, until, before, user_id, limit - len(acts), big)
        if len(acts) >= limit:
            break
        until = floor
    return acts


def _big_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s AND relname = ANY(%s)",
            [MANY, [kind.table for kind in all_kinds().values()]],
        )
        return {name for (name,) in cursor.fetchall()}


def _number_at(table: str) -> str:
    """SQL: the largest event number known to be dated before one moment, by halving. One parameter."""
    return f"""(WITH RECURSIVE seek(low, high, edge) AS (
        SELECT 0::bigint, coalesce((SELECT max(pgh_id) FROM "{table}"), 0) + 1, %s::timestamptz
        UNION ALL
        SELECT CASE WHEN s.early THEN s.middle ELSE s.low END, CASE WHEN s.early THEN s.high ELSE s.middle END, s.edge
        FROM (
            SELECT low, high, edge, (low + high) / 2 AS middle, coalesce((
                SELECT p.pgh_created_at < edge FROM "{table}" p WHERE p.pgh_id >= (low + high) / 2
                ORDER BY p.pgh_id LIMIT 1), false) AS early
            FROM seek WHERE high - low > 1
        ) s
    ) SELECT max(low) FROM seek)"""


def _acts_between(
    scopes: Sequence[Scope], since: dt.datetime | None, until: dt.datetime | None,
    before: tuple[dt.datetime, str] | None, user_id: int | None, limit: int, big: set[str],
) -> list[Act]:  # fmt: skip
    parts: list[str] = []
    params: list[Any] = []
    for scope in scopes:
        sql, values = _runs_of(scope, since, until, before, scope.kind.table in big)
        parts.append(sql)
        params += values
    mine = "WHERE c.metadata->>'user' = %s" if user_id is not None else ""
    if user_id is not None:
        params.append(str(user_id))
    params.append(limit)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH runs AS ({" UNION ALL ".join(parts)}),
            acts AS (
                SELECT r.at, r.context, max(r.session_user_) AS session_user_, c.metadata::text AS told
                FROM (SELECT DISTINCT at, context, session_user_ FROM runs) r
                LEFT JOIN pghistory_context c ON c.id = r.context::uuid
                {mine} GROUP BY r.at, r.context, c.metadata::text
                ORDER BY r.at DESC, r.context COLLATE "C" DESC NULLS LAST LIMIT %s
            )
            SELECT a.at, coalesce(a.context, ''), a.session_user_, a.told, r.kind, r.label, r.n, r.first, r.last
            FROM acts a JOIN runs r ON r.at = a.at AND r.context IS NOT DISTINCT FROM a.context
            ORDER BY a.at DESC, a.context COLLATE "C" DESC NULLS LAST, r.kind, r.label""",
            params,
        )
        rows = cursor.fetchall()
    acts: dict[tuple[dt.datetime, str], Act] = {}
    for at, context, session_user, told, label, event, count, first, last in rows:
        act = acts.setdefault((at, context), Act(at, context, session_user, json.loads(told) if told else {}))
        act.runs.append(Run(all_kinds()[label], event, count, first, last))
    return list(acts.values())


def _runs_of(
    scope: Scope, since: dt.datetime | None, until: dt.datetime | None,
    before: tuple[dt.datetime, str] | None, is_big: bool,
) -> tuple[str, list[Any]]:  # fmt: skip
    table, where = scope.kind.table, [scope.where]
    params: list[Any] = [scope.kind.label, *scope.params]
    if since is not None:
        where.append("e.pgh_created_at >= %s")
        params.append(since)
        if is_big:
            where.append(f"e.pgh_id >= {_number_at(table)}")
            params.append(since - LONGEST_TRANSACTION)
    top = min(filter(None, (until, before[0] if before else None)), default=None)
    if top is not None and is_big:
        where.append(f"e.pgh_id <= {_number_at(table)}")
        params.append(top + LONGEST_TRANSACTION)
    if until is not None:
        where.append("e.pgh_created_at < %s")
        params.append(until)
    if before is not None:
        where.append("""(e.pgh_created_at, coalesce(e.pgh_context_id::text, '') COLLATE "C") < (%s, %s)""")
        params += before
    return (
        f"""SELECT %s AS kind, e.pgh_created_at AS at, e.pgh_context_id::text AS context,
            max(e.pgh_session_user) AS session_user_, e.pgh_label AS label, count(*) AS n,
            min(e.pgh_id) AS first, max(e.pgh_id) AS last
        FROM "{table}" e WHERE {" AND ".join(f"({one})" for one in where)}
        GROUP BY e.pgh_created_at, e.pgh_context_id, e.pgh_label""",
        params,
    )
