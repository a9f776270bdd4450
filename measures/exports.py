"""The measures list as CSV for Excel.

What stands in a row is written once for all measures and kept in this process until the programme's data change;
an export asks the database which rows, in which order, and whose they are. Amounts are the level change of the final
year by R4 to R7 of money.md, the same figures as on the list; a test compares the two. After them stands what the
budget of each year has taken in (R18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core.periods import format_month
from measures.amounts import amounts_of_all
from measures.calculations import LEVELS
from measures.models import Measure, Stage
from measures.selectors import clock_of
from measures.selectors.budget_shares import taken_by_year
from measures.selectors.cached import remembered
from programme.models import Programme

#: Excel reads the file as UTF-8 only when it begins with this mark.
BOM = "\ufeff".encode()

#: Rows that are sent at once: some 64 KB.
ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class _Rows:
    """Of each measure by its id, what stands in its row before its owner and after; `years` of the last columns."""

    years: list[int]
    before: dict[int, str]
    after: dict[int, str]


def measures_csv(programme: Programme, rows: QuerySet[Measure], *, language: str) -> Iterator[bytes]:
    """The measures of `rows` (already narrowed to the programme), semicolons and decimal commas, in chunks."""
    with translation.override(language):
        name = f"csv-rows:{language}:{programme.today()}"
        kept = remembered(programme, name, lambda: _written_rows(programme, language))
        head = ";".join(f'"{heading}"' for heading in headings(programme, kept.years))
        try:
            asked = _asked(rows)
        except EmptyResultSet:  # filters that nothing can meet
            asked = None
    yield BOM + f"{head}\r\n".encode()
    if asked is None:
        return
    owners = _owners(programme)
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        while found := cursor.fetchmany(ROWS_AT_ONCE):
            yield "".join(
                [
                    f"{kept.before[key]}{owners.get(owner, '')}{kept.after[key]}"
                    for key, owner in found
                    if key in kept.before  # a measure made this moment comes with the next export
                ]
            ).encode()


def _asked(rows: QuerySet[Measure]) -> tuple[str, tuple[Any, ...]]:
    """The SELECT of the measures' ids and owners in the order of their codes."""
    if len(rows.query.alias_map) > 1:  # joined to other tables, a measure could come twice
        rows = Measure.objects.filter(pk__in=rows.order_by().values("pk"))
    return rows.order_by("code").values_list("pk", "owner_id").query.sql_with_params()


def _written_rows(programme: Programme, language: str) -> _Rows:
    """The rows of all measures, in the active language `language`."""
    taken = taken_by_year(programme)
    amounts = amounts_of_all(programme, clock_of(programme))
    years = list(taken.values())
    unknown = (None,) * len(LEVELS)
    before, after = {}, {}
    with connection.cursor() as cursor:
        cursor.execute(*_statement(programme, language))
        for key, first, last in cursor.fetchall():
            cents = [*amounts.get(key, unknown), *(year.get(key) for year in years)]
            before[key], after[key] = first, last + _end(cents)
    return _Rows(list(taken), before, after)


def _owners(programme: Programme) -> dict[int, str]:
    """Names of those who own measures, as they stand in the file: they change without the programme's data."""
    name = "coalesce(nullif(trim(first_name || ' ' || last_name), ''), username)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {_written(name)} FROM accounts_user WHERE id IN"
            " (SELECT owner_id FROM measures_measure WHERE programme_id = %s)",
            [programme.pk],
        )
        return dict(cursor.fetchall())


def _end(cents: Iterable[int | None]) -> str:
    return f";{';'.join(map(_euros, cents))}\r\n"


def _euros(cents: int | None) -> str:
    """-1234,50, as a spreadsheet reads it; nothing for what is unknown."""
    if cents is None:
        return ""
    if -100 < cents < 100:
        return f"{'-' if cents < 0 else ''}0,{abs(cents):02d}"
    text = str(cents)
    return f"{text[:-2]},{text[-2:]}"


#: A text that a spreadsheet would run as a formula begins with an apostrophe, as people write such texts there.
_NO_FORMULA = r"(CASE WHEN left({0}, 1) IN ('=', '+', '@', E'\t', E'\r', '-') THEN '''' || {0} ELSE {0} END)"


def headings(programme: Programme, years: Iterable[int]) -> list[str]:
    """Names of the columns. Plans and forecast: euros of the final year's cost level; claims: euros to date.

    `years` are those whose budgets have taken something in.
    """
    level = {"year": programme.final_year}
    to_date = {"month": format_month(programme.today())}
    return [
        _("code"), _("name"), _("theme"), _("goal"), _("stage"), _("owner"), _("starts"), _("ends"),
        _("illustrative"), _("plan %(year)s, €") % level, _("approved plan %(year)s, €") % level,
        _("forecast %(year)s, €") % level, _("claimed to %(month)s, €") % to_date,
        _("confirmed to %(month)s, €") % to_date, _("undecided to %(month)s, €") % to_date,
        _("refused to %(month)s, €") % to_date,
        *(_("taken into the budget %(year)s, €") % {"year": year} for year in years),
    ]  # fmt: skip


#: A text in quotes where it must be: when it is empty or would break the row; nothing for what is missing.
_IN_QUOTES = r"""(
    CASE WHEN {0} = '' OR {0} ~ E'[;"\r\n]' THEN '"' || replace({0}, '"', '""') || '"' ELSE coalesce({0}, '') END
)"""


def _written(text: str) -> str:
    """SQL: a text of people's own as it stands in the file."""
    return _IN_QUOTES.format(_NO_FORMULA.format(text))


def _statement(programme: Programme, language: str) -> tuple[str, list[Any]]:
    """The SELECT of each measure's id and of its texts before and after the owner, and its parameters.

    What many measures share (goal and theme, stage) is written once.
    """
    name = f"coalesce(nullif({{0}}.name_{language}, ''), nullif({{0}}.name_fi, ''), {{0}}.name_sv)"
    stages = ", ".join("(%s, %s)" for _stage in Stage.values)
    day = "coalesce(to_char({0}, '\";\"FMDD.FMMM.YYYY'), ';')"
    sql = f"""
        WITH place AS MATERIALIZED (
            SELECT goal.id, {_written(name.format("theme"))} || ';' || {_written(name.format("goal"))} AS texts
            FROM programme_goal goal JOIN programme_theme theme ON theme.id = goal.theme_id
            WHERE goal.programme_id = %s
        ), stage AS MATERIALIZED (
            SELECT key, {_IN_QUOTES.format("label")} AS texts FROM (VALUES {stages}) stage (key, label)
        )
        SELECT measure.id, {_written("measure.code")} || ';' || {_written("measure.name")} || ';' || place.texts || ';'
                || stage.texts || ';',
            {day.format("starts_on")} || {day.format("ends_on")} || CASE WHEN is_illustrative THEN %s ELSE %s END
        FROM (
            SELECT id, code, {name.format("measure")} AS name, goal_id, stage, starts_on, ends_on, is_illustrative
            FROM measures_measure measure WHERE programme_id = %s OFFSET 0
        ) measure
        JOIN place ON place.id = measure.goal_id
        JOIN stage ON stage.key = measure.stage
    """
    params: list[Any] = [programme.pk]
    for value, label in Stage.choices:
        params += [value, str(label)]
    return sql, [*params, f";{_('illustrative')}", ';""', programme.pk]
