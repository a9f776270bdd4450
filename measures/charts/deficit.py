"""What is left of the deficit after each year, with and without luck."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from core.charts import Annotation, ChartSpec, Series
from core.money import SHIFT, Unit, format_eur, unit_label
from measures.deficit import Path


def deficit_chart(
    opening_year: int, opening: int, found: Path, *, law: int, own: int | None, unit: Unit
) -> ChartSpec:
    """Left to cover by year: forecast, and the band from the strong to the weak outcome. Deficits are positive."""
    x = (str(opening_year), *(str(row.year) for row in found.years))

    def left(outcome: str) -> tuple[Decimal | None, ...]:
        # A deficit has no sign of cost or saving, so the figure is a plain number in the unit.
        return tuple(
            _in_unit(cents, unit) for cents in (opening, *(row.left[outcome] for row in found.years))
        )

    marks = [Annotation("mark", _("by law"), x=str(law))] if str(law) in x else []
    if own is not None and str(own) in x and own != law:
        marks.append(Annotation("mark", _("own target"), x=str(own)))
    known = [row for row in found.years if row.left["forecast"] is not None]
    last = known[-1].left["forecast"] if known else opening
    return ChartSpec(
        kind="band",
        title=_("Deficit left to cover at the end of each year"),
        alt=_("The deficit is %(opening)s in %(first)s and by the forecast %(last)s at the end of %(year)s.")
        % {
            "opening": format_eur(opening, unit=unit, sign=False, with_unit=True), "first": opening_year,
            "last": format_eur(last, unit=unit, sign=False, with_unit=True),
            "year": known[-1].year if known else opening_year,
        },
        series=(
            Series(name=_("8 draws of 10 (P10 to P90)"), x=x, y=left("p90"), low=left("p10"), role="band"),
            Series(name=_("By the forecast"), x=x, y=left("forecast"), role="forecast"),
        ),
        annotations=tuple(marks),
        unit=unit_label(unit),
        x_heading=_("Year"),
        ref="deficit.path",
    )  # fmt: skip


def _in_unit(cents: int | None, unit: Unit) -> Decimal | None:
    """The amount in the unit, with one decimal of M€."""
    if cents is None:
        return None
    places = Decimal("0.1") if unit == "meur" else Decimal(1)
    return (Decimal(cents) / 10 ** SHIFT[unit]).quantize(places, ROUND_HALF_UP)
