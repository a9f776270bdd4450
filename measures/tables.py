"""Rows of the savings matrix, ready to print. No queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.money import Pair, Unit, rounded_parts_differ
from core.periods import format_month
from measures.achieved import ACHIEVED, achieved
from measures.calculations import Figures, Ladder
from measures.quantities import is_known
from measures.selectors import Matrix, MatrixRow
from measures.wording import LEVEL_WORDS, Shown, shown, shown_pair, unknown_word
from programme.models import Programme, Sector
from programme.words import word

#: Levels beside the target table and on the list.
BESIDE = ("plan", "forecast", "claimed", "confirmed")


# --- the savings matrix ------------------------------------------------------------------------------------


def matrix_tables(programme: Programme, matrix: Matrix, unit: Unit) -> list[dict[str, Any]]:
    """Cost types with base, later and total as printed, then sectors; plan to confirmed beside both."""
    small = _("targets as the programme prints them; beside them the change in cost level %(year)s") % {
        "year": programme.final_year
    }
    tables = [
        {
            "key": "cost-types",
            "heading": _("By cost type"),
            "first": _capital(word(programme, "cost_type")),
            "small": small,
            **_table(programme, matrix, matrix.cost_types, matrix.total, unit, query="cost_type"),
        },
        {
            "key": "sectors",
            "heading": _("By sector"),
            "first": _capital(word(programme, "sector")),
            "small": small,
            **_table(programme, matrix, matrix.sectors, matrix.sector_total, unit, query="sector"),
        },
    ]
    if matrix.income_types:
        tables.append(_income_table(programme, matrix, unit))
    return tables


def _income_table(programme: Programme, matrix: Matrix, unit: Unit) -> dict[str, Any]:
    """Income types with their targets and what is achieved; no total counts them (R21)."""
    base = reverse("measures:measure_list", args=[programme.slug])
    return {
        "key": "income-types",
        "heading": _("Income types"),
        "first": _("Income type"),
        "small": _("effect on net cost, kept apart from the cost target"),
        "headings": [
            {"name": _("Target"), "small": ""},
            *({"name": str(LEVEL_WORDS[level]), "small": _heading_note(matrix, level)} for level in BESIDE),
        ],
        "rows": [
            _matrix_row(matrix, programme, row, ["total"], unit, f"{base}?cost_type={row.row.key}&")
            for row in matrix.income_types
            if row.row
        ],
        "is_rounded": False,
    }


def _table(
    programme: Programme,
    matrix: Matrix,
    rows: Sequence[MatrixRow],
    total: MatrixRow,
    unit: Unit,
    *,
    query: str,
) -> dict[str, Any]:
    """Columns of the target table that no row fills are left out."""
    columns = [
        column for column in ("base", "later", "total") if any(getattr(row, column) for row in [*rows, total])
    ]
    both_ends = f"{word(programme, 'cautious')} … {word(programme, 'full')}"
    headings = [
        {"name": _column_name(programme, column), "small": both_ends if column != "base" else ""}
        for column in columns
    ]
    headings += [{"name": str(LEVEL_WORDS[level]), "small": _heading_note(matrix, level)} for level in BESIDE]
    base = reverse("measures:measure_list", args=[programme.slug])
    printed = [
        _matrix_row(matrix, programme, row, columns, unit, f"{base}?{query}={row.row.key}&")
        for row in rows
        if row.row
    ]
    printed.append(
        _matrix_row(matrix, programme, total, columns, unit, f"{base}?")
        | {"name": _("Together"), "total": True}
    )
    printed.append(_in_base_row(programme, matrix, columns, unit, base))
    if query == "cost_type" and is_known(matrix.figures.total.avoided):
        printed.append(_avoided_row(matrix, columns, unit))
    if matrix.figures.ladder.unallocated is not None and query == "cost_type" and "total" in columns:
        printed.append(_unallocated_row(programme, matrix.figures.ladder, columns, unit, base))
    return {
        "headings": headings,
        "rows": printed,
        "is_rounded": any(
            rounded_parts_differ(
                [_beside(matrix, row.achieved, level) for row in rows],
                _beside(matrix, total.achieved, level),
                unit=unit,
            )
            for level in BESIDE
        ),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _column_name(programme: Programme, column: str) -> str:
    """The programme's own heading of a column of its target table, else the portal's."""
    return _capital(word(programme, f"column.{column}"))


def _beside(matrix: Matrix, figures: Figures, level: str) -> int | None:
    """Plan and forecast of the final year; claims and confirmed as reached so far (R8)."""
    if level not in ACHIEVED:
        cents: int | None = getattr(figures.level_change, level)
        return cents
    return achieved(
        figures, level, closed=matrix.figures.closed_through, final_year=matrix.figures.final_year
    )[0]


def _heading_note(matrix: Matrix, level: str) -> str:
    """The month of a run rate, so that it is never taken for a sum."""
    if level not in ACHIEVED:
        return ""
    figures = matrix.figures
    when = achieved(figures.total, level, closed=figures.closed_through, final_year=figures.final_year)[1]
    return _("run rate %(month)s") % {"month": format_month(when)} if when else ""


def _matrix_row(
    matrix: Matrix, programme: Programme, row: MatrixRow, columns: Sequence[str], unit: Unit, base: str
) -> dict[str, Any]:
    cells = [
        shown_pair(
            getattr(row, column),
            unit,
            unknown=_("empty in the source"),
            label=_column_name(programme, column),
        )
        for column in columns
    ]
    cells += [
        shown(
            _beside(matrix, row.achieved, level), unit, unknown=unknown_word(level), label=str(LEVEL_WORDS[level]),
            href=f"{base}level={level}",
        )
        for level in BESIDE
    ]  # fmt: skip
    href = ""
    if isinstance(row.row, Sector):
        href = reverse("reporting:sector_detail", args=[programme.slug, row.row.key])
    return {"name": row.row, "cells": cells, "href": href, "total": False, "apart": False, "hint": None}


def _blank(columns: Sequence[str], **filled: Shown) -> list[Shown]:
    return [filled.get(column, Shown("")) for column in columns]


def _in_base_row(
    programme: Programme, matrix: Matrix, columns: Sequence[str], unit: Unit, base: str
) -> dict[str, Any]:
    """What the base holds has a row of its own and is never added to new measures (R2)."""
    target, levels = matrix.figures.target.in_base, matrix.figures.total.in_base
    cells = _blank(
        columns,
        base=shown_pair(
            Pair(target, target), unit, unknown=_("not set"), label=_column_name(programme, "base")
        ),
    )
    cells += [
        shown(
            getattr(levels, level),
            unit,
            unknown=_("not assessed"),
            label=str(LEVEL_WORDS[level]),
            href=f"{base}?in_base=1",
        )
        for level in BESIDE
    ]
    return {
        "name": _("Already in the comparison base"),
        "hint": _("not added to the new measures above"),
        "cells": cells, "href": "", "total": False, "apart": True,
    }  # fmt: skip


def _avoided_row(matrix: Matrix, columns: Sequence[str], unit: Unit) -> dict[str, Any]:
    """Avoided cost counts 0 towards the target and stands beside it (R14)."""
    cells = [
        shown(
            getattr(matrix.figures.total.avoided, level), unit, unknown=unknown_word(level),
            label=str(LEVEL_WORDS[level]),
        )
        for level in BESIDE
    ]  # fmt: skip
    return {
        "name": _("Avoided cost"),
        "hint": _("counts 0 towards the target; claims to date"),
        "cells": [*_blank(columns), *cells], "href": "", "total": False, "apart": True,
    }  # fmt: skip


def _unallocated_row(
    programme: Programme, ladder: Ladder, columns: Sequence[str], unit: Unit, base: str
) -> dict[str, Any]:
    cells = _blank(
        columns,
        total=shown(
            ladder.unallocated,
            unit,
            trim=True,
            label=_column_name(programme, "total"),
            href=reverse("measures:unallocated", args=[programme.slug]),
        ),
    )
    return {
        "name": _("Unallocated"),
        "hint": _("target that no active measure carries"),
        "cells": [*cells, *(Shown("") for _level in BESIDE)], "href": "", "total": False, "apart": True,
    }  # fmt: skip


def ladder_rows(
    ladder: Ladder, unit: Unit, measures_url: str, unallocated_url: str = ""
) -> list[dict[str, Any]]:
    """stated target = in base + on active measures + released + never allocated (R9).

    Without addresses (a ladder as it would be) nothing is linked.
    """
    withdrawn = f"{measures_url}?stage=withdrawn" if measures_url else ""
    rows = [
        (_("Already in the comparison base"), _("as the target table says"), ladder.in_base, "", ""),
        (
            _("Carried by active measures"),
            _("targets of the measures"),
            ladder.active,
            f"{measures_url}?active=1" if measures_url else "",
            "",
        ),
        (
            _("Released by withdrawn measures"),
            _("unallocated until a decision moves it"),
            ladder.released,
            withdrawn,
            "",
        ),
        (_("Never allocated"), _("no measure has carried it"), ladder.never_allocated, unallocated_url, ""),
        (_("Stated target"), "", ladder.stated, "", "total"),
        (
            _("Unallocated together"),
            _("released and never allocated"),
            ladder.unallocated,
            unallocated_url,
            "apart",
        ),
    ]
    found = []
    for name, hint, cents, href, kind in rows:
        amount = shown(cents, unit, unknown=_("not known"), href=href, trim=True)
        found.append(
            {
                "name": name,
                "hint": hint,
                "amount": amount,
                "total": kind == "total",
                "apart": kind == "apart",
            }
        )
    return found
