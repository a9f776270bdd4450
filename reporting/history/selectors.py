"""Reads of the history pages: the programme's feed, one row's acts, a row on two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from core.changes import (
    Act,
    Change,
    Kind,
    Scope,
    Values,
    acts_of,
    all_kinds,
    as_of,
    changes,
    differences,
    feed,
    latest,
)
from programme.models import Programme, RoleGrant
from reporting.history.kinds import PARTS, family_of, in_programme, of_rows
from reporting.history.wording import (
    ENTRY,
    USER,
    ActTold,
    FieldTold,
    Names,
    act_told,
    fields_told,
    months_told,
    row_told,
    row_url,
    run_told,
)

#: Acts on one page.
PAGE = 40
#: Events of one kind that a page reads at most; older ones are reached by the compared days.
NEWEST = 5_000
#: A run of at most so many rows is told row by row; up to the second number its wholes are named.
TOLD_ONE_BY_ONE = 2
NAMED = 2_000
#: Rows that a search finds at most.
FOUND = 100


# ---------------------------------------------------------------------------- one row
@dataclass(frozen=True)
class RowHistory:
    """One row: what it is, whether it still is, and its acts, newest first."""

    kind: Kind
    pk: int
    title: str
    values: Values
    still_is: bool
    acts: list[ActTold]
    next: str = ""


def row_history(
    programme: Programme, kind: Kind, pk: int, kinds: dict[str, Kind], *, before: dt.datetime | None = None
) -> RowHistory | None:
    """The row's acts with those of its parts; None when the programme never had such a row.

    A constant number of statements: events, contexts, names in three steps.
    """
    found = latest({kind.label: [pk]}).get((kind.label, pk))
    if found is None or not _belongs(kind, pk, found[0], programme):
        return None
    scopes = of_rows(kind.label, [pk], programme, kinds)
    if before is not None:
        scopes = [
            Scope(one.kind, f"({one.where}) AND e.pgh_created_at < %s", (*one.params, before))
            for one in scopes
        ]
    events = changes(scopes, newest=NEWEST)
    acts = acts_of(events)
    shown, more = acts[:PAGE], acts[PAGE:]
    names = Names(programme, kinds)
    names.learn(
        [
            (kind, found[0]),
            *((one.kind, one.values) for _act, group in shown for one in group),
            *_earlier(shown),
        ],
        also=[(USER, act.user_id) for act, _group in shown if act.user_id is not None],
    )
    told = [_row_act(names, kind, pk, act, group) for act, group in shown]
    title = names.title(kind, pk, found[0])
    return RowHistory(kind, pk, title, found[0], found[1], told, shown[-1][0].cursor if more else "")


def _earlier(acts: Sequence[tuple[Act, list[Change]]]) -> list[tuple[Kind, Values]]:
    return [(one.kind, one.before) for _act, group in acts for one in group if one.before is not None]


def _belongs(kind: Kind, pk: int, values: Values, programme: Programme) -> bool:
    if kind.has_programme:
        return values.get("programme_id") == programme.pk
    if kind.label == "programme.programme":
        return pk == programme.pk
    return kind.label == "core.setting" and values.get("scope") == programme.slug


def _row_act(names: Names, kind: Kind, pk: int, act: Act, group: list[Change]) -> ActTold:
    told = act_told(names, act)
    own = [one for one in group if (one.kind.label, one.row_id) == (kind.label, pk)]
    months = [one for one in group if one.kind.label == ENTRY and one not in own]
    others = [one for one in group if one not in own and one.kind.label != ENTRY]
    told.rows = [row_told(names, one, whole=False, is_own=True) for one in own]
    told.rows += [row_told(names, one, whole=False) for one in others]
    told.months = months_told(names, months)
    return told


# ---------------------------------------------------------------------------- two days
@dataclass(frozen=True)
class Compared:
    """The row at the end of two local days: what differs, and what is equal on both."""

    first: dt.date
    second: dt.date
    was_there: bool
    is_there: bool
    differing: list[FieldTold]
    equal: list[FieldTold]


def end_of(day: dt.date) -> dt.datetime:
    """The first moment after the local day."""
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))


def start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def compare_days(
    programme: Programme, kind: Kind, pk: int, kinds: dict[str, Kind], first: dt.date, second: dt.date
) -> Compared:
    """The row as of the end of each of the two days."""
    before, after = as_of(kind, pk, [end_of(first), end_of(second)])
    names = Names(programme, kinds)
    names.learn([(kind, state) for state in (before, after) if state is not None])
    found = differences(kind, before, after)
    changed = {one.name for one, _old, _new in found}
    same = [
        (one, (after or {}).get(one.column), (after or {}).get(one.column))
        for one in kind.fields
        if one.name not in changed and (after or {}).get(one.column) not in (None, "", [], {})
    ]
    return Compared(
        first,
        second,
        before is not None,
        after is not None,
        fields_told(names, found),
        fields_told(names, same),
    )


# ---------------------------------------------------------------------------- the programme's feed
@dataclass(frozen=True)
class FeedAsked:
    """What the address of the feed asks for."""

    kind: str = ""
    person: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    search: str = ""


def programme_feed(
    programme: Programme, kinds: dict[str, Kind], asked: FeedAsked, *, before: tuple[dt.datetime, str] | None
) -> tuple[list[ActTold], str]:
    """The newest acts of the programme as asked, and the place below them; "" at the end.

    A constant number of statements; what was written in bulk is one line.
    """
    scopes = _asked_scopes(programme, kinds, asked)
    acts = feed(
        scopes,
        limit=PAGE + 1,
        before=before,
        since=start_of(asked.since) if asked.since else None,
        until=end_of(asked.until) if asked.until else None,
        user_id=asked.person,
    )
    shown = acts[:PAGE]
    names = Names(programme, kinds)
    details, wholes = _details(shown), _wholes_of(shown)
    names.learn(
        [(one.kind, one.values) for one in details]
        + [(one.kind, one.before) for one in details if one.before],
        also=[(USER, act.user_id) for act in shown if act.user_id is not None]
        + [pair for pairs in wholes.values() for pair in pairs],
    )
    told = [_feed_act(names, act, details, wholes) for act in shown]
    return told, shown[-1].cursor if len(acts) > PAGE else ""


def _asked_scopes(programme: Programme, kinds: dict[str, Kind], asked: FeedAsked) -> list[Scope]:
    labels = [label for label in family_of(asked.kind) if label in kinds] if asked.kind else list(kinds)
    if not asked.search:
        return [in_programme(kinds[label], programme) for label in labels]
    scopes = []
    for label, ids in found_rows(programme, asked.search).items():
        if label in kinds:
            scopes += of_rows(label, ids, programme, kinds)
    return [one for one in scopes if one.kind.label in labels]


def found_rows(programme: Programme, text: str) -> dict[str, list[int]]:
    """Rows whose code or name holds the text, by kind; rows that are gone are found by their last name."""
    found: dict[str, list[int]] = {}
    parts, params = [], []
    for label in ("measures.measure", "programme.project", "programme.theme", "programme.goal", "programme.sector",
                  "programme.segment", "risks.risk", "risks.obstacle", "kpis.indicator", "programme.fundingsource",
                  "programme.target"):  # fmt: skip
        kind = all_kinds()[label]
        columns = [one.column for one in kind.fields if one.name in SEARCHED]
        text_of = " || ' ' || ".join(f'e."{column}"' for column in columns)
        parts.append(
            f"""(SELECT DISTINCT %s, e.pgh_obj_id FROM "{kind.table}" e
            WHERE e.programme_id = %s AND upper({text_of}) LIKE upper(%s) LIMIT %s)"""
        )
        params += [label, programme.pk, f"%{_escaped(text)}%", FOUND]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for label, pk in cursor.fetchall():
            found.setdefault(label, []).append(pk)
    return found


SEARCHED = {"code", "name_fi", "name_sv", "name_en", "label_fi", "label_sv", "label_en", "key", "slug"}


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _details(acts: Sequence[Act]) -> list[Change]:
    """Events of the runs that are told row by row."""
    wanted: dict[str, set[int]] = {}
    for act in acts:
        for run in act.runs:
            if run.count <= TOLD_ONE_BY_ONE:
                wanted.setdefault(run.kind.label, set()).update({run.first, run.last})
    return changes(
        [
            Scope(all_kinds()[label], "e.pgh_id = ANY(%s)", (sorted(ids),))
            for label, ids in sorted(wanted.items())
        ]
    )


def _wholes_of(acts: Sequence[Act]) -> dict[tuple[Any, ...], list[tuple[str, int]]]:
    """(act, kind, event) -> what the counted rows are parts of, when they are not too many. One statement."""
    parts: list[str] = []
    params: list[Any] = []
    keys: list[tuple[Any, ...]] = []
    for act in acts:
        for run in act.runs:
            if run.kind.label in PARTS and TOLD_ONE_BY_ONE < run.count <= NAMED:
                part = PARTS[run.kind.label]
                parts.append(
                    f"""(SELECT DISTINCT %s::int, e.{part.via} FROM "{run.kind.table}" e
                    WHERE e.{part.via} IS NOT NULL AND e.pgh_id BETWEEN %s AND %s AND e.pgh_created_at = %s
                    AND coalesce(e.pgh_context_id::text, '') = %s LIMIT 50)"""
                )
                params += [len(keys), run.first, run.last, act.at, act.context]
                keys.append((act.at, act.context, run.kind.label, run.label, part.of))
    if not parts:
        return {}
    found: dict[tuple[Any, ...], list[tuple[str, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for place, pk in cursor.fetchall():
            *key, above = keys[place]
            found.setdefault(tuple(key), []).append((above, pk))
    return found


def _feed_act(
    names: Names, act: Act, details: Sequence[Change], wholes: dict[tuple[Any, ...], list[tuple[str, int]]]
) -> ActTold:
    told = act_told(names, act)
    one_by_one = {(run.kind.label, run.label) for run in act.runs if run.count <= TOLD_ONE_BY_ONE}
    mine = [
        one
        for one in details
        if one.act == (act.at, act.context) and (one.kind.label, one.label) in one_by_one
    ]
    told.rows = [row_told(names, one, whole=True) for one in mine]
    for run in act.runs:
        if (run.kind.label, run.label) not in one_by_one:
            found = wholes.get((act.at, act.context, run.kind.label, run.label), [])
            told.runs.append(run_told(run, _named_wholes(names, found)))
    return told


def _named_wholes(names: Names, found: Sequence[tuple[str, int]]) -> str:
    """The whole's name when the rows are parts of one or two."""
    wholes = {names.whole_of(all_kinds()[label], pk, names.rows[label, pk][0]) if (label, pk) in names.rows
              else (label, pk) for label, pk in found}  # fmt: skip
    return ", ".join(sorted(names.of(label, pk) for label, pk in wholes)) if 0 < len(wholes) <= 2 else ""


# ---------------------------------------------------------------------------- choices of the filters
def people_of(programme: Programme) -> list[tuple[int, str]]:
    """People with a role in the programme, by name."""
    rows = RoleGrant.objects.filter(programme=programme).select_related("user")
    people = {row.user_id: str(row.user) for row in rows}
    return sorted(people.items(), key=lambda pair: pair[1].lower())


__all__ = [
    "Compared",
    "FeedAsked",
    "RowHistory",
    "compare_days",
    "end_of",
    "found_rows",
    "people_of",
    "programme_feed",
    "row_history",
    "row_url",
]
