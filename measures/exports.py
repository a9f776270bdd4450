"""The measures list as CSV for Excel: texts by one COPY of the database, row by row, the amounts beside them.

Amounts are the level change of the final year by R4 to R7 of money.md, the same figures as on the list;
a test compares the two. After them stands what the budget of each year has taken in (R18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core.bulk import copied_rows, gathered
from core.periods import format_month
from measures.amounts import amounts_of_all
from measures.calculations import LEVELS
from measures.models import Measure, Stage
from measures.selectors import clock_of
from measures.selectors.budget_shares import taken_by_year
from measures.selectors.cached import cached
from programme.models import Programme

#: Excel reads the file as UTF-8 only when it begins with this mark.
BOM = "\ufeff".encode()


def measures_csv(programme: Programme, rows: QuerySet[Measure], *, language: str) -> Iterator[bytes]:
    """The measures of `rows` (already narrowed to the programme), semicolons and decimal commas, in chunks."""
    with translation.override(language):
        taken = cached(programme, "csv-taken", lambda: taken_by_year(programme))
        head = ";".join(f'"{heading}"' for heading in headings(programme, list(taken)))
        try:
            sql, params = _statement(programme, rows, language=language)
        except EmptyResultSet:  # filters that nothing can meet
            sql = ""
    yield BOM + f"{head}\r\n".encode()
    if not sql:
        return
    amounts = cached(programme, f"csv-amounts:{programme.today()}", lambda: _amount_texts(programme, taken))
    copied = copied_rows(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')", params)
    yield from gathered(_completed(copied, amounts, _end([None] * (len(LEVELS) + len(taken)))))


def _completed(rows: Iterable[bytes], amounts: Mapping[bytes, bytes], unknown: bytes) -> Iterator[bytes]:
    """Each row without the id that it begins with, and with the amounts of its measure."""
    for row in rows:
        key, _, texts = row.partition(b";")
        yield texts[:-1] + amounts.get(key, unknown)


def _amount_texts(programme: Programme, taken: Mapping[int, Mapping[int, int]]) -> dict[bytes, bytes]:
    """Measure id -> the end of its row: seven amounts and one of each year's budget in euros, empty where unknown."""
    found = amounts_of_all(programme, clock_of(programme))
    years = list(taken.values())
    return {b"%d" % key: _end([*cents, *(year.get(key) for year in years)]) for key, cents in found.items()}


def _end(cents: Iterable[int | None]) -> bytes:
    return f";{';'.join(map(_euros, cents))}\r\n".encode()


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


#: Columns of a measure that the file is written from.
_COLUMNS = (
    "id", "code", "name_fi", "name_sv", "name_en", "stage", "starts_on", "ends_on", "is_illustrative", "goal_id",
    "owner_id",
)  # fmt: skip


def _statement(programme: Programme, rows: QuerySet[Measure], *, language: str) -> tuple[str, list[Any]]:
    """The SELECT of the texts, each row begun by the measure's id, and its parameters."""
    if len(rows.query.alias_map) > 1:  # joined to other tables, a measure could come twice
        rows = Measure.objects.filter(pk__in=rows.order_by().values("pk"))
    compiled, narrowed = rows.order_by().values(*_COLUMNS).query.sql_with_params()
    name = f"coalesce(nullif({{0}}.name_{language}, ''), nullif({{0}}.name_fi, ''), {{0}}.name_sv)"
    texts = {
        "code": "measure.code", "name": name.format("measure"), "theme": name.format("theme"),
        "goal": name.format("goal"),
        "owner": "coalesce(nullif(trim(person.first_name || ' ' || person.last_name), ''), person.username)",
    }  # fmt: skip
    named = ", ".join(f"{value} AS {key}" for key, value in texts.items())
    plain = {key: _NO_FORMULA.format(key) for key in texts}
    stages = " ".join("WHEN %s THEN %s" for _stage in Stage.values)
    sql = f"""
        SELECT id, {plain["code"]}, {plain["name"]}, {plain["theme"]}, {plain["goal"]},
            CASE stage {stages} END, {plain["owner"]},
            to_char(starts_on, 'FMDD.FMMM.YYYY'), to_char(ends_on, 'FMDD.FMMM.YYYY'),
            CASE WHEN is_illustrative THEN %s ELSE '' END
        FROM (
            SELECT measure.id, measure.stage, measure.starts_on, measure.ends_on, measure.is_illustrative, {named}
            FROM ({compiled}) measure
            JOIN programme_goal goal ON goal.id = measure.goal_id
            JOIN programme_theme theme ON theme.id = goal.theme_id
            LEFT JOIN accounts_user person ON person.id = measure.owner_id
        ) found
        ORDER BY found.code
    """
    params: list[Any] = []
    for value, label in Stage.choices:
        params += [value, str(label)]
    return sql, [*params, _("illustrative"), *narrowed]
