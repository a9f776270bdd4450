"""The measures list as CSV for Excel: one COPY by the database, so that memory stays flat at any size.

Amounts are the level change of the final year by R4 to R7 of money.md, the same figures as on the list;
a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core.bulk import copy_out
from core.periods import format_month
from measures.amounts import amounts_sql
from measures.calculations import LEVELS
from measures.models import Measure, Stage
from measures.selectors import clock_of
from programme.models import Programme

#: Excel reads the file as UTF-8 only when it begins with this mark.
BOM = "\ufeff".encode()


def measures_csv(programme: Programme, rows: QuerySet[Measure], *, language: str) -> Iterator[bytes]:
    """The measures of `rows` (already narrowed to the programme), semicolons and decimal commas, in chunks."""
    with translation.override(language):
        head = ";".join(f'"{heading}"' for heading in headings(programme))
        sql, params = _statement(programme, rows, language=language)
    yield BOM + f"{head}\r\n".encode()
    yield from copy_out(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')", params)


#: A text that a spreadsheet would run as a formula begins with an apostrophe, as people write such texts there.
_NO_FORMULA = r"regexp_replace({0}, '^([=+@\t\r-])', '''\1')"


def headings(programme: Programme) -> list[str]:
    """Names of the columns. Plans and forecast: euros of the final year's cost level; claims: euros to date."""
    level = {"year": programme.final_year}
    to_date = {"month": format_month(programme.today())}
    return [
        _("code"), _("name"), _("theme"), _("goal"), _("stage"), _("owner"), _("starts"), _("ends"),
        _("illustrative"), _("plan %(year)s, €") % level, _("approved plan %(year)s, €") % level,
        _("forecast %(year)s, €") % level, _("claimed to %(month)s, €") % to_date,
        _("confirmed to %(month)s, €") % to_date, _("undecided to %(month)s, €") % to_date,
        _("refused to %(month)s, €") % to_date,
    ]  # fmt: skip


def _statement(programme: Programme, rows: QuerySet[Measure], *, language: str) -> tuple[str, list[Any]]:
    """The SELECT and its parameters. Amounts leave the database as text with a decimal comma."""
    compiled, narrowed = rows.order_by().values("pk").query.sql_with_params()
    of_levels, its_params = amounts_sql(programme, clock_of(programme))
    name = f"coalesce(nullif({{0}}.name_{language}, ''), nullif({{0}}.name_fi, ''), {{0}}.name_sv)"
    plain = _NO_FORMULA.format
    stages = " ".join("WHEN %s THEN %s" for _stage in Stage.values)
    amounts = ", ".join(f"translate(round(amount.{level} / 100.0, 2)::text, '.', ',')" for level in LEVELS)
    sql = f"""
        SELECT {plain("measure.code")}, {plain(name.format("measure"))}, {plain(name.format("theme"))},
            {plain(name.format("goal"))}, CASE measure.stage {stages} END,
            {plain("coalesce(nullif(trim(person.first_name || ' ' || person.last_name), ''), person.username)")},
            to_char(measure.starts_on, 'FMDD.FMMM.YYYY'), to_char(measure.ends_on, 'FMDD.FMMM.YYYY'),
            CASE WHEN measure.is_illustrative THEN %s ELSE '' END, {amounts}
        FROM measures_measure measure
        JOIN programme_goal goal ON goal.id = measure.goal_id
        JOIN programme_theme theme ON theme.id = goal.theme_id
        LEFT JOIN accounts_user person ON person.id = measure.owner_id
        LEFT JOIN ({of_levels}) amount ON amount.measure_id = measure.id
        WHERE measure.id IN ({compiled})
        ORDER BY measure.code
    """
    params: list[Any] = []
    for value, label in Stage.choices:
        params += [value, str(label)]
    return sql, [*params, _("illustrative"), *its_params, *narrowed]
