"""The level of one risk over the days it was assessed. Rows in, chart specification out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from core.charts import Annotation, ChartSpec, Series
from core.periods import format_date
from risks.models import RiskAssessment

#: Line, its name, its look.
LINES = (("now", "actual"), ("after", "plan"), ("target", "target"))


def level_chart(rows: Sequence[RiskAssessment], appetite: int | None, *, on: dt.date) -> ChartSpec:
    """`rows` by day, the first one first; `appetite` None draws no line (a chance)."""
    words = {"now": _("Now"), "after": _("After mitigation"), "target": _("Aim")}
    days = [row.assessed_on.isoformat() for row in rows]
    series = []
    for moment, role in LINES:
        levels = [getattr(row, f"level_{moment}") for row in rows]
        if any(level is not None for level in levels):
            values = [None if level is None else Decimal(level) for level in levels]
            series.append(Series(words[moment], tuple(days), tuple(values), role=role))
    known = [(row.assessed_on, row.level_now) for row in rows if row.level_now is not None]
    alt = _("Nobody has assessed the risk by %(day)s.") % {"day": format_date(on)}
    if known:
        (first, was), (last, now) = known[0], known[-1]
        alt = _("Level %(was)s on %(first)s, %(now)s on %(last)s.") % {
            "was": was, "first": format_date(first), "now": now, "last": format_date(last),
        }  # fmt: skip
    notes = (
        [Annotation("line", _("accepted"), value=Decimal(appetite), role="reference")]
        if appetite and series
        else []
    )
    return ChartSpec(
        kind="line", title=_("Level over time"), alt=alt, series=tuple(series), annotations=tuple(notes),
        unit="count", x_heading=_("Assessed on"), ref="",
    )  # fmt: skip
