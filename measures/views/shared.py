"""What several pages of measures need."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from core.money import unit_label
from core.units import asked_unit, unit_choices


def unit_context(request: HttpRequest, default: Any = "meur") -> dict[str, Any]:
    """The money unit asked for, its label and the units to switch between."""
    unit = asked_unit(request, default)
    return {"unit": unit, "unit_label": unit_label(unit), "units": unit_choices(unit)}
