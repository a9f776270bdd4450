"""The figure of the time to decide: points in, chart specification out. No queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.charts import ChartSpec, Series
from core.money import format_decimal
from core.templatetags.ui import plain_text
from risks.escalation.series import Point
from risks.models import EscalationLevel

#: Looks of the levels from the lowest: lines tell them apart without colour.
ROLES = ("plan", "forecast", "claimed", "confirmed")


def time_to_decide(levels: Sequence[EscalationLevel], points: Mapping[str, Sequence[Point]]) -> ChartSpec:
    """Median working days to a decision by month, a line for each level that decided something."""
    shown = [row for row in levels if any(point.decided for point in points.get(row.level, ()))]
    series = [
        Series(
            name=plain_text(row), x=tuple(point.month.isoformat() for point in points[row.level]),
            y=tuple(point.median_days for point in points[row.level]), role=ROLES[at % len(ROLES)],
        )
        for at, row in enumerate(shown)
    ]  # fmt: skip
    return ChartSpec(
        kind="line", title=_("Time to decide"), alt=_alt(shown, points), series=tuple(series), unit=_("working days"),
        ref="obstacles.time-to-decide",
    )  # fmt: skip


def _alt(levels: Sequence[EscalationLevel], points: Mapping[str, Sequence[Point]]) -> str:
    """The latest month of each level in words."""
    said = []
    for row in levels:
        last = [point for point in points[row.level] if point.median_days is not None][-1]
        days = ngettext(
            "%(name)s %(n)s working day", "%(name)s %(n)s working days", int(last.median_days or 0)
        )
        said.append(days % {"name": plain_text(row), "n": format_decimal(last.median_days)})
    if not said:
        return _("Median working days from the day an obstacle came to a level to its decision: none yet.")
    return _("Median working days to a decision, latest month: %(said)s.") % {"said": ", ".join(said)}
