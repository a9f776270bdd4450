"""Figures as they travel in the params of an answer: exact, as text, with their period and source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from kpis.calculations.figures import Point


def plain(value: Decimal) -> str:
    """The number as text without the zeros that a column's scale adds, never with an exponent."""
    whole = value == value.to_integral_value()
    return f"{value.quantize(Decimal(1)) if whole else value.normalize():f}"


def figure(name: str, point: Point | None) -> dict[str, Any]:
    """{name: [value, period]}, and {"sources": [...]} of it; empty for no point."""
    if point is None:
        return {}
    return {name: [plain(point.value), point.period or str(point.year)]}


def sources(*points: Point | None) -> list[dict[str, Any]]:
    """Where the points come from, each source once, the first point's first; the latest fetch of each."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for point in points:
        if point is None:
            continue
        key = (point.sotkanet_id, "" if point.sotkanet_id else point.source)
        row = found.setdefault(
            key, {"id": point.sotkanet_id} if point.sotkanet_id else {"text": point.source}
        )
        row["fetched"] = max(row.get("fetched", ""), point.fetched)
        row["vintage"] = max(row.get("vintage", 1), point.vintage)
    return [
        {name: value for name, value in row.items() if value and (name, value) != ("vintage", 1)}
        for row in found.values()
    ]
