"""Quantities that stand beside the main ones: money from outside, avoided cost, income, years after the period.

One list for the card, the slices, the dashboard and frozen documents. A quantity that nobody has entered is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measures.calculations import Figures, Levels


@dataclass(frozen=True)
class Quantity:
    """A row of figures by level of certainty; `name` and `hint` take `params`. `apart`: no part of any sum above."""

    key: str
    period: str
    name: Promise
    hint: Promise
    levels: Levels
    params: dict[str, object] = field(default_factory=dict)
    apart: bool = False


def beside(figures: Figures, *, final_year: int, month: str) -> Iterator[Quantity]:
    """What else is known of a slice (R14, R15, R21); `month` names that of the status date in references."""
    for year, of_year in sorted(figures.years.items()):
        if is_known(of_year.funded):
            yield Quantity(
                "result", str(year), _("Result effect %(year)s"),
                _("lasting and one-off, without the costs that outside money pays"),
                of_year.result, {"year": year},
            )  # fmt: skip
    if is_known(figures.funded):
        yield Quantity(
            "funded", month, _("Paid by outside money"), _("one-off costs to date, gross in the rows above"),
            figures.funded, apart=True,
        )  # fmt: skip
        yield Quantity(
            "cumulative-net", month, _("Cumulative net"),
            _("all months to date, without the costs that outside money pays"), figures.cumulative_net,
        )  # fmt: skip
    if is_known(figures.avoided):
        yield Quantity(
            "avoided", str(final_year), _("Avoided cost"),
            _("counts 0 towards the target; level of %(year)s, claims to date"), figures.avoided,
            {"year": final_year}, apart=True,
        )  # fmt: skip
    if is_known(figures.income):
        yield Quantity(
            "income", str(final_year), _("Income"),
            _("effect on net cost, kept apart from the cost target; level of %(year)s, claims to date"),
            figures.income, {"year": final_year}, apart=True,
        )  # fmt: skip
    for year, of_year in sorted(figures.years.items()):
        if year > final_year and is_known(of_year.effect):
            yield Quantity(
                "after", str(year), _("After the period: %(year)s"),
                _("lasting and one-off effects that come after the final year"), of_year.effect,
                {"year": year}, apart=True,
            )  # fmt: skip


def is_known(levels: Levels) -> bool:
    """Whether any level has an amount other than nothing at all."""
    return any(getattr(levels, one.name) is not None for one in fields(levels))
