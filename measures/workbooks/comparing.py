"""Staged months against the portal's, in SQL: what would change, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.db import planned_for_sums
from core.periods import month_key
from measures.models import ImportRun, Measure, StagedState
from measures.selectors import books_closed_through
from measures.workbooks.live import live_months
from measures.workbooks.month_rows import month_at

#: Amounts that are a thousand times apart are told from about here on, in cents.
_THOUSANDS_FROM = 100_000

# One row for each staged row: the live mark, how many months differ, and the first place of each obstacle.
_COMPARED = """
    SELECT staged.id, coalesce(live.print, 0) AS live,
        staged.print IS NOT NULL AND staged.print <> coalesce(live.print, 0) AS stale,
        staged.series = 'plan' AND (line.measure_id = ANY(%(locked)s::bigint[])
            OR staged.new_line->>'code' = ANY(%(locked_codes)s::text[])) AS plan_locked, cell.*
    FROM measures_stagedmonths staged
    LEFT JOIN measures_savingsline line ON line.id = staged.line_id
    LEFT JOIN live ON live.line_id = staged.line_id AND live.series = staged.series
    LEFT JOIN live open ON open.line_id = staged.line_id AND open.series = 'undecided'
        AND staged.series = 'claimed'
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE differs) AS changed,
            sum(months.old)::bigint AS old_cents, sum(months.new)::bigint AS new_cents,
            min(months.at) FILTER (WHERE differs AND staged.series = 'claimed' AND months.at <= %(closed)s)
                AS closed_at,
            min(months.at) FILTER (WHERE differs AND staged.series = 'claimed' AND months.old IS NOT NULL
                AND months.open IS NULL) AS decided_at,
            min(months.at) FILTER (WHERE differs) AS first_at,
            count(*) FILTER (WHERE months.new = -months.old AND months.old <> 0) AS flipped,
            count(*) FILTER (WHERE differs AND abs(months.old) >= {thousands}
                AND abs(months.new) BETWEEN abs(months.old) / 1050 AND abs(months.old) / 950) AS thousand_less,
            count(*) FILTER (WHERE differs AND abs(months.new) >= {thousands} AND months.old <> 0
                AND abs(months.new) BETWEEN abs(months.old) * 950 AND abs(months.old) * 1050) AS thousand_more
        FROM (
            SELECT u.new, u.old, u.open, u.at, u.new IS DISTINCT FROM u.old AS differs
            FROM unnest(staged.amounts, live.amounts, open.amounts) WITH ORDINALITY u(new, old, open, at)
            {present}
        ) months
    ) cell
    WHERE staged.run_id = %(run)s AND {chosen}
"""

_TOLD = """
    CASE WHEN {when} THEN jsonb_build_array(jsonb_build_object('code', '{code}'::text, 'column', {column},
        'params', {params})) ELSE '[]'::jsonb END
"""


@dataclass(frozen=True)
class Frame:
    """What the places in the arrays of a run are: its first and last year, and the sheet's column of each place."""

    first_year: int
    last_year: int
    columns: Sequence[int | None]

    @classmethod
    def of(cls, run: ImportRun) -> Frame | None:
        """None for a file without months."""
        told = run.options.get("months")
        return cls(told["first_year"], told["last_year"], told["columns"]) if told else None

    def as_told(self) -> dict[str, Any]:
        return {"first_year": self.first_year, "last_year": self.last_year, "columns": list(self.columns)}

    def place_of(self, month: date) -> int:
        """The place of a month, counted from 1."""
        return (month.year - self.first_year) * 12 + month.month


def _statement(run: ImportRun, frame: Frame, chosen: str = "TRUE") -> tuple[str, dict[str, Any]]:
    """WITH live, compared AS (...), and its parameters."""
    whole = all(column is not None for column in frame.columns)
    present = "" if whole else "WHERE u.at = ANY(%(present)s::int[])"
    closed, locked = books_closed_through(run.programme), locked_measures_of(run)
    codes = Measure.objects.filter(programme=run.programme_id, pk__in=locked).values_list("code", flat=True)
    where = (
        "total.programme_id = %(programme)s AND total.series IN ('plan', 'forecast', 'claimed', 'undecided')"
    )
    sql = f"""
        WITH live AS MATERIALIZED ({live_months(frame.first_year, frame.last_year, where)}),
        compared AS MATERIALIZED ({_COMPARED.format(present=present, chosen=chosen, thousands=_THOUSANDS_FROM)})
    """
    return sql, {
        "run": run.pk, "programme": run.programme_id, "closed": frame.place_of(closed) if closed else 0,
        "locked": locked, "locked_codes": list(codes), "columns": list(frame.columns),
        "present": [at for at, column in enumerate(frame.columns, start=1) if column is not None],
        "months": [month_key(month_at(frame.first_year, at)) for at in range(len(frame.columns))],
    }  # fmt: skip


def locked_measures_of(run: ImportRun) -> list[int]:
    """Measures of the programme whose plan a decision has locked."""
    from measures.services.stages import locked_measures

    measures = Measure.objects.filter(programme_id=run.programme_id)
    return sorted(locked_measures(measures.values_list("pk", flat=True)))


def _hard() -> dict[str, tuple[str, str, str]]:
    """Condition, column and parameters of each obstacle, in SQL over a compared row."""
    first = "(%(columns)s::int[])[c.first_at]"
    month = "jsonb_build_object('month', (%(months)s::text[])[c.{at}])"
    return {
        "stale": ("c.stale AND c.changed > 0", "NULL::int", "'{}'::jsonb"),
        "plan_locked": ("c.plan_locked AND c.changed > 0", first, "'{}'::jsonb"),
        "closed_month": (
            "c.closed_at IS NOT NULL", "(%(columns)s::int[])[c.closed_at]", month.format(at="closed_at")
        ),
        "decided": (
            "c.decided_at IS NOT NULL", "(%(columns)s::int[])[c.decided_at]", month.format(at="decided_at")
        ),
    }  # fmt: skip


def _soft() -> dict[str, tuple[str, str, str]]:
    first = "(%(columns)s::int[])[c.first_at]"
    count = "jsonb_build_object('count', c.{name})"
    return {
        "sign": ("c.flipped > 0 AND c.flipped * 2 >= c.changed", first, count.format(name="flipped")),
        "thousand_less": ("c.thousand_less * 2 > c.changed", first, count.format(name="thousand_less")),
        "thousand_more": ("c.thousand_more * 2 > c.changed", first, count.format(name="thousand_more")),
    }


def _as_json(found: Mapping[str, tuple[str, str, str]]) -> str:
    return " || ".join(
        _TOLD.format(when=when, code=code, column=column, params=params)
        for code, (when, column, params) in found.items()
    )


def compare_months(run: ImportRun, frame: Frame) -> None:
    """Writes to each staged row what it would change, what is wrong with it and whether it may be taken over."""
    statement, params = _statement(run, frame)
    hard = " OR ".join(f"({when})" for when, _column, _params in _hard().values())
    soft = " OR ".join(f"({when})" for when, _column, _params in _soft().values())
    sql = f"""
        {statement}
        UPDATE measures_stagedmonths staged SET live = told.live, changed = told.changed,
            old_eur_cents = told.old_cents, new_eur_cents = told.new_cents,
            problems = staged.problems || told.problems, state = told.state,
            accepted = told.state IN ('{StagedState.NEW}', '{StagedState.CHANGED}')
        FROM (
            SELECT c.id, c.live, c.changed, c.old_cents, c.new_cents,
                {_as_json(_hard())} || {_as_json(_soft())} AS problems,
                CASE WHEN s.state = '{StagedState.REFUSED}' OR {hard} THEN '{StagedState.REFUSED}'
                    WHEN (s.state = '{StagedState.ASKED}' OR {soft}) THEN '{StagedState.ASKED}'
                    WHEN s.new_line IS NOT NULL THEN '{StagedState.NEW}'
                    WHEN c.changed > 0 THEN '{StagedState.CHANGED}' ELSE '{StagedState.SAME}' END AS state
            FROM compared c JOIN measures_stagedmonths s ON s.id = c.id
        ) told
        WHERE staged.id = told.id
    """
    with planned_for_sums() as cursor:
        cursor.execute(sql, params)


def moved_since_shown(run: ImportRun, frame: Frame) -> int:
    """How many accepted rows are not any more what was shown, or may not be taken over any more."""
    statement, params = _statement(run, frame, "staged.accepted")
    hard = " OR ".join(f"({when})" for when, _column, _params in _hard().values())
    sql = f"""
        {statement}
        SELECT count(*) FROM compared c JOIN measures_stagedmonths staged ON staged.id = c.id
        WHERE c.live <> staged.live OR {hard}
    """
    with planned_for_sums() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def changed_cells(run: ImportRun, frame: Frame, rows: Sequence[int]) -> Iterator[tuple[int, int, Any, Any]]:
    """(staged row, place from 0, old cents, new cents) of the cells of some rows that would change."""
    statement, params = live_sql(run, frame, "total.line_id = ANY(%(lines)s)")
    sql = f"""
        WITH live AS MATERIALIZED ({statement})
        SELECT staged.id, u.at - 1, u.old, u.new
        FROM measures_stagedmonths staged
        LEFT JOIN live ON live.line_id = staged.line_id AND live.series = staged.series
        CROSS JOIN LATERAL unnest(staged.amounts, live.amounts) WITH ORDINALITY u(new, old, at)
        WHERE staged.id = ANY(%(rows)s) AND u.new IS DISTINCT FROM u.old AND u.at = ANY(%(present)s::int[])
        ORDER BY staged.id, u.at
    """
    lines = list(
        run.staged_months.filter(pk__in=rows).exclude(line_id=None).values_list("line_id", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params | {"lines": lines, "rows": list(rows)})
        yield from cursor.fetchall()


def live_sql(run: ImportRun, frame: Frame, where: str) -> tuple[str, dict[str, Any]]:
    """The live months of the run's programme and years, and the parameters of the statement."""
    condition = f"total.programme_id = %(programme)s AND {where}"
    return live_months(frame.first_year, frame.last_year, condition), {
        "run": run.pk, "programme": run.programme_id, "first_month": date(frame.first_year, 1, 1),
        "present": [at for at, column in enumerate(frame.columns, start=1) if column is not None],
    }  # fmt: skip
