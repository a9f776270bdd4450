"""Rows of the books as CSV for Finnish Excel: BOM, semicolons, decimal commas; memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from core.bulk import copy_out
from measures.exports import BOM
from measures.models import LedgerEntry
from programme.models import Programme

_NO_FORMULA = r"regexp_replace({0}, '^([=+@\t\r-])', '''\1')"


def headings() -> list[str]:
    """Names of the columns; a file with them is understood when it is read in again."""
    return [
        _("kind"), _("sector"), _("cost type"), _("month"), _("ledger account"), _("cost centre"), _("amount"),
        _("version of the budget"), _("internal charge"), _("correction"), _("reason"), _("recorded on"),
        _("illustrative"),
    ]  # fmt: skip


def ledger_csv(programme: Programme, rows: QuerySet[LedgerEntry], *, language: str) -> Iterator[bytes]:
    """The rows (already narrowed to the programme) in chunks; the head first."""
    with translation.override(language):
        head = ";".join(f'"{heading}"' for heading in headings())
        sql, params = _statement(rows, language)
    yield BOM + f"{head}\r\n".encode()
    yield from copy_out(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, DELIMITER ';')", params)


def _statement(rows: QuerySet[LedgerEntry], language: str) -> tuple[str, list[Any]]:
    compiled, narrowed = rows.order_by().values("pk").query.sql_with_params()
    name = f"coalesce(nullif({{0}}.name_{language}, ''), nullif({{0}}.name_fi, ''), {{0}}.name_sv)"
    plain = _NO_FORMULA.format
    kinds = " ".join("WHEN %s THEN %s" for _kind in LedgerEntry.Kind.values)
    sql = f"""
        SELECT CASE entry.kind {kinds} END, {plain(name.format("sector"))}, {plain(name.format("cost_type"))},
            to_char(entry.month, 'FMMM/YYYY'), {plain("entry.account")}, {plain("entry.cost_centre")},
            translate(round(entry.amount_eur_cents / 100.0, 2)::text, '.', ','), budget.number,
            CASE WHEN entry.is_internal THEN %s ELSE '' END, CASE WHEN entry.is_correction THEN %s ELSE '' END,
            {plain("entry.reason")}, to_char(entry.booked_on, 'FMDD.FMMM.YYYY'),
            CASE WHEN entry.is_illustrative THEN %s ELSE '' END
        FROM measures_ledgerentry entry
        JOIN programme_sector sector ON sector.id = entry.sector_id
        JOIN programme_costtype cost_type ON cost_type.id = entry.cost_type_id
        LEFT JOIN measures_budgetversion budget ON budget.id = entry.budget_id
        WHERE entry.id IN ({compiled})
        ORDER BY entry.month, sector.position, cost_type.position, entry.account, entry.id
    """
    params: list[Any] = []
    for value, label in LedgerEntry.Kind.choices:
        params += [value, str(label)]
    return sql, [*params, _("internal charge"), _("correction"), _("illustrative"), *narrowed]
