"""The money unit a reader chose: euros, thousands or millions, kept in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.money import Unit, unit_label

UNITS: tuple[Unit, ...] = ("eur", "keur", "meur")


def asked_unit(request: HttpRequest, default: Unit = "meur") -> Unit:
    """The unit in the address, else the page's own."""
    asked = request.GET.get("unit", default)
    return asked if asked in UNITS else default  # type: ignore[return-value]


def unit_choices(current: Unit) -> list[dict[str, Any]]:
    """The units to switch between, with their labels."""
    return [{"key": unit, "label": unit_label(unit), "is_current": unit == current} for unit in UNITS]
