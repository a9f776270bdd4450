"""The books by sector and cost type, and the rows behind each figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from config.limits import PAGE_ROWS
from core import rates
from core.periods import MonthError, format_month, month_key, month_of, parse_month
from measures.ledger.exports import ledger_csv
from measures.models import BudgetVersion, LedgerEntry
from measures.selectors import books_closed_through
from measures.selectors.books import COLUMNS, PlaceRow, has_illustrative, ledger_rows, place_rows
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import CostType, Programme, Sector

Kind = LedgerEntry.Kind


def _asked_month(request: HttpRequest, name: str, default: date) -> date:
    try:
        return parse_month(request.GET.get(name, ""))
    except MonthError:
        return default


def _period(request: HttpRequest, programme: Programme) -> tuple[date, date]:
    """The months asked for, of one year: without any, January to the last closed month."""
    latest = books_closed_through(programme) or month_of(programme.today())
    last = _asked_month(request, "last", latest)
    first = _asked_month(request, "first", date(last.year, 1, 1))
    return (first if first.year == last.year and first <= last else date(last.year, 1, 1)), last


@require_safe
@programme_view("savings.view")
def books_sectors(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Base, budgets, actuals and year-end forecast of each sector and cost type beside each other."""
    first, last = _period(request, programme)
    rows = place_rows(programme, first, last)
    address = reverse("measures:books_rows", args=[programme.slug])
    base_year = programme.base_year or programme.start_year
    context = unit_context(request, "keur") | {
        "is_illustrative": has_illustrative(programme),
        "rows": [_shown(row, address, first, last, base_year) for row in rows],
        "totals": _totals(rows), "first": first, "last": last, "base_year": base_year,
        "periods": _periods(request, programme, first, last), "as_of": programme.today(),
        "closed_through": books_closed_through(programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/books_sectors.html", context)


def _shown(row: PlaceRow, address: str, first: date, last: date, base_year: int) -> dict[str, Any]:
    place = {"sector": row.sector.key, "cost_type": row.cost_type.key, "internal": "0"}
    cells = []
    for column in COLUMNS:
        start, end = (
            (first, last)
            if column != "base"
            else (first.replace(year=base_year), last.replace(year=base_year))
        )
        kind = Kind.ORIGINAL_BUDGET if column == "base" else column
        query = place | {"kind": kind, "first": month_key(start), "last": month_key(end)}
        cells.append({"column": column, "cents": row.cents[column], "href": f"{address}?{urlencode(query)}"})
    return {"row": row, "cells": cells, "left": row.left}


def _totals(rows: list[PlaceRow]) -> dict[str, Any]:
    """Sums of the columns, None where nothing is known."""
    found: dict[str, Any] = {}
    for column in COLUMNS:
        known = [row.cents[column] for row in rows if row.cents[column] is not None]
        found[column] = sum(known) if known else None  # type: ignore[arg-type]
    left = [row.left for row in rows if row.left is not None]
    return {"cells": [found[column] for column in COLUMNS], "left": sum(left) if left else None}


def _periods(request: HttpRequest, programme: Programme, first: date, last: date) -> list[dict[str, Any]]:
    """Periods to choose from: the year so far, the whole year, the latest month, the year before."""
    closed = books_closed_through(programme) or month_of(programme.today())
    known = [
        (date(closed.year, 1, 1), closed),
        (closed, closed),
        (date(closed.year, 1, 1), date(closed.year, 12, 1)),
        (date(closed.year - 1, 1, 1), date(closed.year - 1, 12, 1)),
    ]
    return [
        {
            "label": format_month(start) if start == end else f"{format_month(start)}–{format_month(end)}",
            "query": urlencode({"first": month_key(start), "last": month_key(end)}),
            "is_current": (start, end) == (first, last),
        }
        for start, end in dict.fromkeys(known)
    ]


@require_safe
@programme_view("savings.view")
def books_rows(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Rows of the books behind a figure, or `?format=csv` of them for Finnish Excel."""
    filters = _filters(request)
    rows = ledger_rows(programme, filters)
    if request.GET.get("format") == "csv":
        rates.spend(rates.EXPORT, request.user.pk)
        answer: HttpResponse = _as_file(
            programme, ledger_csv(programme, rows, language=(get_language() or "fi")[:2])
        )
        return answer
    listed = rows.select_related("sector", "cost_type", "budget", "import_run").order_by(
        "-month", "sector__position", "cost_type__position", "account", "pk"
    )
    page = Paginator(listed, PAGE_ROWS).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query["format"] = "csv"
    context = unit_context(request, "eur") | {
        "is_illustrative": has_illustrative(programme),
        "page": page, "page_obj": page, "total": _sum(rows), "kinds": Kind.choices, "filters": request.GET,
        "sectors": Sector.objects.filter(programme=programme),
        "cost_types": CostType.objects.filter(programme=programme), "csv_query": query.urlencode(),
        "budget": BudgetVersion.objects.filter(programme=programme, pk=filters["budget"]).first()
        if filters["budget"] else None,
    }  # fmt: skip
    return TemplateResponse(request, "measures/books_rows.html", context)


def _sum(rows: Any) -> int | None:
    found: int | None = rows.aggregate(cents=Sum("amount_eur_cents"))["cents"]
    return found


def _filters(request: HttpRequest) -> dict[str, Any]:
    """What the address narrows by; words that make no sense narrow nothing."""
    asked = request.GET
    far = date(1900, 1, 1)
    first, last = _asked_month(request, "first", far), _asked_month(request, "last", far)
    numbers = {
        name: asked[name] if re.fullmatch("[0-9]{1,18}", asked.get(name, "")) else ""
        for name in ("budget", "run")
    }
    flags = {
        name: {"0": False, "1": True}.get(asked.get(name, ""), "") for name in ("internal", "correction")
    }
    return {
        "sector": asked.get("sector", ""), "cost_type": asked.get("cost_type", ""),
        "kind": asked.get("kind", "") if asked.get("kind") in Kind.values else "",
        "account": asked.get("account", ""), "month_from": "" if first == far else first,
        "month_to": "" if last == far else last, **numbers, **flags,
    }  # fmt: skip


def _as_file(programme: Programme, chunks: Iterator[bytes]) -> Any:
    response = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    name = f"{slugify(programme.slug)}-kirjanpito-{month_key(programme.today())}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
