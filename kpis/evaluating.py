"""What the rules say of the observations, written beside them in the transaction that changed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from kpis.models import Indicator


def evaluate(indicators: Iterable[Indicator], *, today: dt.date | None = None) -> None:
    """Answers every rule of the indicators for every year, and keeps what a wall shows of each."""
