"""The measure's card: its figures by quantity and level, its month grid, its overlaps."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.money import DASH, Unit, format_eur
from core.periods import format_month
from core.statements import Statement
from measures.calculations import LEVELS, Figures, SavingsFigures, add_known
from measures.models import Measure, Overlap
from measures.quantities import beside
from measures.selectors import LineMonths
from measures.wording import LEVEL_WORDS, shown, shown_levels, standing_word

_OVERLAPS = Statement(
    lambda programme, measure: Overlap.objects.filter(
        Q(yielding_line__measure=measure) | Q(other_line__measure=measure), programme=programme
    ).select_related("yielding_line__measure", "other_line__measure")
)


def quantities(figures: Figures, whole: SavingsFigures, unit: Unit) -> list[dict[str, Any]]:
    """Level change, run rate and cumulative, each by name, and the part in the base apart from them."""
    months = figures.run_rate_months
    rows: list[dict[str, Any]] = [
        {
            "name": _("Change in cost level %(year)s") % {"year": whole.final_year},
            "hint": " · ".join(
                str(part)
                for part in (_("lasting effects of the final year"), standing_word(figures.level_change))
                if part
            ),
            "cells": shown_levels(figures.level_change, unit, LEVELS),
        },
        {
            "name": _("Run rate"),
            "hint": _("12 × the lasting effect of a month: claimed %(claimed)s, confirmed %(confirmed)s")
            % {"claimed": format_month(months.claimed), "confirmed": format_month(months.confirmed)},
            "cells": shown_levels(figures.run_rate, unit, LEVELS),
        },
    ]
    for year, of_year in sorted(figures.years.items()):
        if year > whole.final_year:
            continue  # stands apart, after the period
        rows.append(
            {
                "name": _("Effect of the year %(year)s") % {"year": year},
                "hint": _("lasting and one-off"),
                "cells": shown_levels(of_year.effect, unit, LEVELS),
            }
        )
    rows.append(
        {
            "name": _("Cumulative"),
            "hint": _("all months to %(month)s, lasting and one-off") % {"month": format_month(whole.as_of)},
            "cells": shown_levels(figures.cumulative, unit, LEVELS),
        }
    )
    rows += [
        {
            "name": one.name % one.params,
            "hint": one.hint % one.params,
            "cells": shown_levels(one.levels, unit, LEVELS),
            "apart": one.apart,
        }
        for one in beside(figures, final_year=whole.final_year, month="")
    ]
    if any(getattr(figures.in_base, level) is not None for level in LEVELS):
        rows.append(
            {
                "name": _("Already in the comparison base"),
                "hint": _("plan and forecast %(year)s, claims to date") % {"year": whole.final_year},
                "cells": [
                    shown(
                        getattr(figures.in_base, level),
                        unit,
                        unknown=_("not assessed"),
                        label=str(LEVEL_WORDS[level]),
                    )
                    for level in LEVELS
                ],
                "apart": True,
            }
        )
    return rows


def grid_of(line: LineMonths, year: int, unit: Unit) -> dict[str, Any]:
    """One line's months of a year: a row for each level that has a figure; a dash is unknown, not zero."""
    months = [cell for cell in line.months if cell.month.year == year]
    rows = []
    for level in LEVELS:
        amounts = [getattr(cell.levels, level) for cell in months]
        if any(cents is not None for cents in amounts):
            total = add_known(amounts)
            rows.append(
                {
                    "level": level,
                    "name": LEVEL_WORDS[level],
                    "texts": [_text(cents, unit) for cents in amounts],
                    "total": total,
                    "total_text": _text(total, unit),
                }
            )
    overlap = [cell.overlap for cell in months]
    given_back = add_known(overlap)
    return {
        "line": line.line,
        "months": months,
        "rows": rows,
        "overlap_texts": [_text(cents, unit) for cents in overlap],
        "overlap_text": "" if given_back is None else _text(given_back, unit),
        "closed_through": max((cell.month for cell in months if cell.is_closed), default=None),
        "withdrawn_from": min((cell.month for cell in months if cell.is_withdrawn), default=None),
    }


def _text(cents: int | None, unit: Unit) -> str:
    return DASH if cents is None else format_eur(cents, unit=unit, trim=True)


def overlaps_of(measure: Measure, unit: Unit) -> list[dict[str, Any]]:
    """Overlaps in which the measure yields or keeps, with the other measure. One query."""
    rows = _OVERLAPS.all(programme=measure.programme_id, measure=measure.pk)
    found = []
    for row in rows:
        yields = row.yielding_line.measure_id == measure.pk
        other = row.other_line.measure if yields else row.yielding_line.measure
        amount = format_eur(row.amount_eur_cents, unit=unit, trim=True, with_unit=True)
        found.append({"row": row, "yields": yields, "other": other, "amount": amount})
    return found
