"""The programme's figures by level of certainty, each quantity by its own name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from measures.calculations import LEVELS, Figures, Levels
from measures.quantities import beside
from measures.wording import LEVEL_WORDS
from reporting.blocks.levels import month_ref, put_levels
from reporting.calculations import year_to_date
from reporting.content import Cell, Content, Text, column, figure_cell, row, text_cell
from reporting.selectors import Overview
from reporting.words import amount, month


def figures_table(content: Content, overview: Overview) -> None:
    """Every quantity by level of certainty; the part in the base is a row of its own (R2)."""
    if not overview.figures.measures:
        return
    rows = quantity_rows(content, overview, overview.figures.total, "programme", "")
    rows.append(_in_base_row(content, overview))
    content.add(
        "table",
        "figures",
        content.say(_("Figures by level of certainty")),
        columns=_level_columns(content),
        rows=rows,
        notes=[
            content.say(
                _(
                    "What the comparison base already holds is not added to the new measures; it has a row of its own."
                )
            )
        ],
        scroll=True,
    )


def _level_columns(content: Content) -> list[dict[str, object]]:
    return [
        column(content.say(_("Quantity"))),
        *(column(content.say(LEVEL_WORDS[level]), "money") for level in LEVELS),
    ]


def quantity_rows(
    content: Content, overview: Overview, figures: Figures, slice_ref: str, query: str
) -> list[dict[str, object]]:
    """Level change, run rate, year to date and cumulative of one slice, each by its own name."""
    closed, year = overview.figures.closed_through, overview.year
    rows = [
        _levels_row(
            content,
            "",
            slice_ref,
            str(year),
            figures.level_change,
            query,
            content.say(_("Change in cost level %(year)s"), year=year),
            content.say(_("lasting effects of new measures")),
            strong=True,
        ),
        _levels_row(
            content,
            "run-rate",
            slice_ref,
            month_ref(figures.run_rate_months.confirmed or closed),
            figures.run_rate,
            query,
            content.say(_("Run rate")),
            _run_rate_hint(content, figures),
            without=("undecided", "refused"),
        ),
    ]
    if slice_ref == "programme":
        through = closed or overview.as_of
        rows.append(
            _levels_row(
                content,
                "year-to-date",
                slice_ref,
                month_ref(through),
                _to_date(overview, through),
                query,
                content.say(_("Year %(year)s to date"), year=through.year),
                content.say(_("January to %(month)s, lasting and one-off"), month=month(through)),
            )
        )
    rows.append(
        _levels_row(
            content,
            "cumulative",
            slice_ref,
            month_ref(overview.as_of),
            figures.cumulative,
            query,
            content.say(_("Cumulative")),
            content.say(_("all months to %(month)s, lasting and one-off"), month=month(overview.as_of)),
        )
    )
    rows += [
        _levels_row(
            content, one.key, slice_ref, one.period, one.levels, query,
            content.say(one.name, **one.params), content.say(one.hint, **one.params), apart=one.apart,
        )
        for one in beside(figures, final_year=year, month=month_ref(overview.as_of))
    ]  # fmt: skip
    return rows


def _levels_row(
    content: Content,
    of: str,
    slice_ref: str,
    period: str,
    levels: Levels,
    query: str,
    name: Text,
    hint: Text,
    *,
    strong: bool = False,
    without: Sequence[str] = (),
    apart: bool = False,
) -> dict[str, object]:
    refs = put_levels(content, of, slice_ref, period, levels, name, query)
    cells: list[Cell] = [text_cell(name, small=hint)]
    cells += [
        text_cell({})
        if level in without
        else figure_cell(refs[level], strong=strong and level == "forecast", level=level)
        for level in LEVELS
    ]
    return row(*cells, apart=apart)


def _run_rate_hint(content: Content, figures: Figures) -> Text:
    months = figures.run_rate_months
    if months.confirmed is None:
        return content.say(_("12 × the lasting effect of the latest closed month"))
    return content.say(
        _("12 × the lasting effect of a month: claimed %(claimed)s, confirmed %(confirmed)s"),
        claimed=month(months.claimed),
        confirmed=month(months.confirmed),
    )


def _to_date(overview: Overview, through: date) -> Levels:
    """Year to date from the programme's months; levels without a monthly series stay unknown."""
    months = overview.figures.months
    return Levels(**{level: year_to_date(months.get(level, ()), through=through) for level in LEVELS})


def _in_base_row(content: Content, overview: Overview) -> dict[str, object]:
    """Target as the table prints it when there are no lines; confirmation says "not assessed" (R2)."""
    levels, year = overview.figures.total.in_base, overview.year
    name = content.say(_("Already in the comparison base"))
    target = overview.figures.target.in_base
    cells: list[Cell] = [
        text_cell(
            name,
            small=content.say(_("target %(target)s"), target=amount(target, trim=True))
            if target is not None
            else content.say(_("no target of its own")),
        )
    ]
    for level in LEVELS:
        ref = content.money(
            f"in-base-{level}.programme.{year}",
            getattr(levels, level),
            name,
            source="measures/?in_base=1",
            unknown=content.say(_("not assessed")),
        )
        cells.append(figure_cell(ref, level=level))
    return row(*cells, apart=True)
