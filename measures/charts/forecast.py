"""The fan of the forecast: what the months bring, with the range that four draws of five stay in."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from core.charts import Annotation, ChartSpec, Series
from core.money import Unit, format_eur
from measures.forecasting.shapes import Outlook


def fan_chart(
    found: Outlook,
    *,
    closed: date | None,
    targets: list[tuple[str, int]],
    unit: Unit,
    tried: Outlook | None = None,
    unsaid: frozenset[date] = frozenset(),
) -> ChartSpec:
    """12 x the lasting effect of each month: forecast, middle of the draws, and P10 to P90 around it.

    `targets` are lines to reach, already without what the base holds. With `tried` the present forecast is one
    line and everything else speaks of what is tried. In months that are `unsaid` the lines have a gap.
    """
    shown = tried or found
    months = list(shown.months)
    x = tuple(month.isoformat() for month in months)
    series = [
        Series(
            name=_("8 draws of 10 (P10 to P90)"),
            x=x, y=_drawn(shown, "p90", unsaid), low=_drawn(shown, "p10", unsaid), role="band",
        ),
        Series(name=_("Middle (P50)"), x=x, y=_drawn(shown, "p50", unsaid), role="plan"),
        Series(
            name=_("Forecast as tried") if tried else _("Forecast"),
            x=x, y=_drawn(shown, "forecast", unsaid), role="forecast",
        ),
    ]  # fmt: skip
    if tried:
        series.append(
            Series(
                name=_("Forecast now"),
                x=x,
                y=_drawn(found, "forecast", unsaid),
                role="reference",
            )
        )
    notes = [Annotation("line", name, value=cents) for name, cents in targets]
    if closed is not None and closed.isoformat() in x:
        notes.append(Annotation("mark", _("books closed"), x=closed.isoformat()))
    last = shown.months[months[-1]]
    return ChartSpec(
        kind="band",
        title=_("Run rate of new measures, with its range"),
        alt=_(
            "Twelve times the lasting effect of each month. In the last month the forecast is %(forecast)s, the "
            "middle of the draws %(p50)s, and eight draws of ten lie between %(p10)s and %(p90)s."
        ) % {
            "forecast": format_eur(last.forecast, unit=unit, with_unit=True),
            "p50": format_eur(last.p50, unit=unit, with_unit=True),
            "p10": format_eur(last.p10, unit=unit, with_unit=True),
            "p90": format_eur(last.p90, unit=unit, with_unit=True),
        },
        series=tuple(series),
        annotations=tuple(notes),
        display=unit,
        x_heading=_("Month"),
        ref="forecast.range",
    )  # fmt: skip


def _drawn(found: Outlook, name: str, unsaid: frozenset[date]) -> tuple[int | None, ...]:
    """One figure of each month; None where nobody has said anything and nothing was tried."""
    drawn: list[int | None] = []
    for month, row in found.months.items():
        is_empty = not (row.forecast or row.p10 or row.p50 or row.p90)
        drawn.append(None if is_empty and month in unsaid else getattr(row, name))
    return tuple(drawn)
