"""Rows that the demo data leave out and pages speak of: a frozen month, a saved view."""

from __future__ import annotations

from typing import Any

from core.models import SavedView
from core.periods import parse_month
from measures.models import Scenario
from programme.models import Programme
from reporting.services import build_status_view, request_status_view
from scripts.screens.pages import FROZEN


class Quiet:
    """Progress that nobody reads."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Nobody reads it."""

    def still_mine(self) -> None:
        """Always."""


def set_stage(programme: Programme, user: Any) -> None:
    """Adds what is missing; safe to repeat."""
    month = parse_month(FROZEN)
    request_status_view(programme=programme, month=month, by=user)
    build_status_view(programme_id=programme.pk, month=month, report=Quiet())
    SavedView.objects.get_or_create(
        programme=programme,
        user=user,
        page="measures:measure_list",
        name="Digipalvelut",
        defaults={"query": "theme=digi"},
    )
    Scenario.objects.get_or_create(
        programme=programme,
        owner=user,
        name="Henkilöstötoimet myöhässä",
        defaults={"changes": [], "is_shared": True},
    )
