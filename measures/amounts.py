"""What the list shows of every measure at once, in SQL: the CSV and the order by figures read it.

The figures are those of `measure_levels` (R4 to R7 of money.md); a test compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection

from measures.calculations import CASH, LEVEL_KINDS, LEVELS, ONE_OFF, WHOLE_YEAR, Clock
from measures.selectors import corrections
from measures.selectors.attributes import IS_INCOME
from measures.selectors.kept_cube import kept_totals
from measures.selectors.kept_levels import levels_by_measure
from measures.triggers import MONTH_COLUMNS
from programme.models import Programme


def amounts_sql(programme: Programme, clock: Clock) -> tuple[str, list[Any]]:
    """SELECT of one row for each measure that has figures, cents by level, NULL where unknown; and its parameters.

    Columns: measure_id and the names of LEVELS.
    """
    given = _given(programme, clock)
    given_rows = (
        "VALUES " + ", ".join("(%s::bigint, %s::text, %s::bigint)" for _row in given)
        if given
        else "SELECT NULL::bigint, NULL::text, NULL::bigint WHERE false"
    )
    params: list[Any] = [programme.pk]
    for key, cents in given.items():
        params += [*key, cents]
    return _amounts(clock, given_rows), params


def amounts_of_all(programme: Programme, clock: Clock) -> dict[int, tuple[int | None, ...]]:
    """Measure id -> its amounts in the order of LEVELS, cents; measures without figures are left out."""
    if not connection.in_atomic_block:
        given = _given(programme, clock)
        with kept_totals(programme.pk) as (kept, _rows):
            return levels_by_measure(kept, clock, given)
    sql, params = amounts_sql(programme, clock)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT measure_id, {', '.join(LEVELS)} FROM ({sql}) amount", params)
        return {key: tuple(None if x is None else int(x) for x in cents) for key, *cents in cursor.fetchall()}


def levels_by_place(
    programme: Programme, clock: Clock
) -> dict[tuple[int, int], tuple[int | None, int | None]]:
    """(goal, sector) of savings lines -> plan and forecast, level change of the final year in cents; None unknown.

    Sums of the measures before overlaps between them are taken off. One statement.
    """
    level = _of_final_year(clock)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT line.goal_id, line.sector_id, {_of_level("plan", level)}, {_forecast(clock, level)} AS forecast
            FROM measures_measuretotal total
            JOIN measures_savingsline line ON line.id = total.line_id
            JOIN measures_measure holder ON holder.id = line.measure_id
            WHERE total.programme_id = %s AND total.n > 0 AND NOT line.in_base AND line.line_class = '{CASH}'
                AND NOT {IS_INCOME}
            GROUP BY line.goal_id, line.sector_id
            """,
            [programme.pk],
        )
        return {
            (goal, sector): (None if plan is None else int(plan), None if forecast is None else int(forecast))
            for goal, sector, plan, forecast in cursor.fetchall()
        }


def _of_final_year(clock: Clock) -> str:
    """Condition of the rows that make up the level change of the final year."""
    return (
        f"total.year = {clock.final_year} AND line.permanence <> '{ONE_OFF}'"
        " AND (holder.withdrawn_from IS NULL OR total.series = 'plan_approved')"
    )


def _amounts(clock: Clock, given_rows: str) -> str:
    """One row for each measure with its levels; corrections of overlaps added, refused is what is left (R7)."""
    level = _of_final_year(clock)
    return f"""
        SELECT measure_id, plan + coalesce(given_plan, 0) AS plan,
            plan_approved + coalesce(given_plan_approved, 0) AS plan_approved,
            forecast + coalesce(given_forecast, 0) AS forecast,
            claimed + coalesce(given_claimed, 0) AS claimed,
            CASE WHEN claimed IS NOT NULL THEN coalesce(confirmed, 0) END AS confirmed,
            CASE WHEN claimed IS NOT NULL THEN coalesce(undecided, 0) + coalesce(given_undecided, 0) END AS undecided,
            claimed + coalesce(given_claimed, 0) - coalesce(confirmed, 0) - coalesce(undecided, 0)
                - coalesce(given_undecided, 0) AS refused
        FROM (
            SELECT line.measure_id, {_of_level("plan", level)}, {_of_level("plan_approved", level)},
                {_forecast(clock, level)} AS forecast, {_to_date("claimed", clock)}, {_to_date("confirmed", clock)},
                {_to_date("undecided", clock)}
            FROM measures_measuretotal total
            JOIN measures_savingsline line ON line.id = total.line_id
            JOIN measures_measure holder ON holder.id = line.measure_id
            WHERE total.programme_id = %s AND total.n > 0 AND NOT line.in_base AND line.line_class = '{CASH}'
                AND NOT {IS_INCOME}
            GROUP BY line.measure_id
        ) booked
        LEFT JOIN (
            SELECT measure_id AS given_id, {", ".join(_given_of(series) for series in GIVEN)}
            FROM ({given_rows}) AS correction (measure_id, series, cents) GROUP BY measure_id
        ) given ON given.given_id = booked.measure_id
    """


#: Series that overlaps may correct (R5); the controller confirms net.
GIVEN = ("plan", "plan_approved", "forecast", "claimed", "undecided")


def _of_level(series: str, level: str) -> str:
    return f"sum(total.total_eur_cents) FILTER (WHERE total.series = '{series}' AND {level}) AS {series}"


def _to_date(series: str, clock: Clock) -> str:
    """Sum of the months up to that of the status date, lasting and one-off."""
    months = " + ".join(MONTH_COLUMNS[: clock.as_of.month])
    bits = clock.to_date(clock.as_of.year)
    cents = (
        f"CASE WHEN total.year < {clock.as_of.year} THEN total.total_eur_cents"
        f" WHEN total.year = {clock.as_of.year} AND total.known & {bits} <> 0 THEN {months} END"
    )
    return f"sum({cents}) FILTER (WHERE total.series = '{series}') AS {series}"


def _given_of(series: str) -> str:
    return f"sum(cents) FILTER (WHERE series = '{series}') AS given_{series}"


def _forecast(clock: Clock, level: str) -> str:
    """Closed months: confirmed and undecided; open months: the owner's entry (R4). NULL when none is known."""
    bits = clock.closed(clock.final_year)
    of_closed = " + ".join(column for month, column in enumerate(MONTH_COLUMNS) if bits >> month & 1)
    of_open = " + ".join(column for month, column in enumerate(MONTH_COLUMNS) if not bits >> month & 1)
    parts = []
    if of_open:
        known = f"total.series = 'forecast' AND total.known & {~bits & WHOLE_YEAR} <> 0"
        parts.append(f"sum({of_open}) FILTER (WHERE {known} AND {level})")
    if of_closed:
        known = f"total.series IN ('confirmed', 'undecided') AND total.known & {bits} <> 0"
        parts.append(f"sum({of_closed}) FILTER (WHERE {known} AND {level})")
    if len(parts) == 1:
        return parts[0]
    added = " + ".join(f"coalesce({part}, 0)" for part in parts)
    return f"CASE WHEN coalesce({', '.join(parts)}) IS NOT NULL THEN {added} END"


def _given(programme: Programme, clock: Clock) -> dict[tuple[int, str], int]:
    """What overlaps give back, cents by measure and level (R5): the final year's lasting months for plans and
    forecast, all months to date for claims."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for correction, line in corrections(programme):
        if line["line_class"] != CASH or line["in_base"]:
            continue
        key, series = line["measure_id"], correction.series
        if series in ("claimed", "undecided"):
            found[key, series] += _masked(correction.months, clock.to_date(correction.year))
        standing = line["withdrawn_from"] is None or series == "plan_approved"
        if correction.year != clock.final_year or line["permanence"] not in LEVEL_KINDS or not standing:
            continue
        closed = clock.closed(correction.year)
        if series in ("plan", "plan_approved"):
            found[key, series] += sum(correction.months)
        elif series == "forecast":
            found[key, "forecast"] += _masked(correction.months, ~closed)
        elif series == "undecided":
            found[key, "forecast"] += _masked(correction.months, closed)
    return dict(found)


def _masked(months: Sequence[int], bits: int) -> int:
    return sum(cents for month, cents in enumerate(months) if bits >> month & 1)
