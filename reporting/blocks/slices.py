"""Themes, sectors and cost types beside each other: the target and how far each has come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from measures.achieved import ACHIEVED
from measures.calculations import Figures
from measures.wording import LEVEL_WORDS, unknown_word
from reporting.blocks.levels import level_source, month_ref, quantity_name
from reporting.content import Cell, Content, Text, column, figure_cell, pair_cell, row, stages_cell, text_cell
from reporting.selectors import Overview
from reporting.words import amount, month, own_word

BESIDE = ("plan", "forecast", "claimed", "confirmed")
THEME_LEVELS = ("plan", "forecast", "confirmed")


def beside_cells(
    content: Content,
    overview: Overview,
    figures: Figures,
    slice_ref: str,
    name: Text,
    query: str,
    *levels: str,
) -> list[Cell]:
    """Plan and forecast as the target speaks of them; claims and confirmed as reached so far (R8)."""
    cells = []
    for level in levels:
        if level in ACHIEVED:
            cents, when = overview.achieved(level, figures)
            ref = (
                f"run-rate-{level}.{slice_ref}.{month_ref(when)}"
                if when
                else f"{level}.{slice_ref}.{overview.year}"
            )
        else:
            cents, ref = getattr(overview.main_levels(figures), level), f"{level}.{slice_ref}.{overview.year}"
        content.money(
            ref, cents, name, source=level_source(level, query), unknown=content.say(unknown_word(level))
        )
        cells.append(figure_cell(ref, strong=level == "forecast"))
    return cells


def beside_columns(content: Content, overview: Overview, *levels: str) -> list[dict[str, object]]:
    """Headings of `beside_cells`; a run rate names its month."""
    columns = []
    for level in levels:
        when = overview.achieved(level)[1] if level in ACHIEVED else None
        small = content.say(_("run rate %(month)s"), month=month(when)) if when else None
        columns.append(column(content.say(LEVEL_WORDS[level]), "money", small))
    return columns


def both_ends(content: Content, overview: Overview) -> Text:
    """Names of the scenario ends in the order of the document: cautious … full."""
    ends = [own_word(content, overview.programme, end, capital=False) for end in ("cautious", "full")]
    return {language: f"{ends[0][language]} … {ends[1][language]}" for language in content.languages}


def themes_table(content: Content, overview: Overview) -> None:
    """Count, stages, plan, forecast and confirmed of each theme, and whether it has an owner."""
    figures, year = overview.figures, overview.year
    if not overview.themes:
        return
    rows = []
    for theme in overview.themes:
        counts = figures.stage_counts_by_theme.get(theme.pk, {})
        query = f"theme={theme.key}"
        slice_ref = f"theme-{theme.key}"
        name = content.name(theme)
        own = figures.by_theme.get(theme.pk, Figures())
        owner = (
            content.say(_("owner %(name)s"), name=str(theme.owner.get_full_name() or theme.owner))
            if theme.owner
            else content.say(_("owner missing"))
        )
        rows.append(
            row(
                text_cell(name, small=owner, href=f"themes/{theme.key}/", tone="" if theme.owner else "bad"),
                figure_cell(
                    content.count(
                        f"measures.{slice_ref}.{year}",
                        sum(counts.values()),
                        content.say(_("Measures")),
                        source=f"measures/?{query}",
                    )
                ),
                stages_cell(
                    (stage, own_word(content, overview.programme, f"stage.{stage}"), counts[stage])
                    for stage in overview.stage_order
                    if counts.get(stage)
                ),
                *beside_cells(content, overview, own, slice_ref, name, query, *THEME_LEVELS),
            )
        )
    rows.append(
        row(
            text_cell(content.say(_("Together")), small=_beside_base(content, overview)),
            figure_cell(
                content.count(
                    f"measures.programme.{year}",
                    figures.measures,
                    content.say(_("Measures")),
                    source="measures/",
                )
            ),
            text_cell({}),
            *beside_cells(
                content, overview, figures.total, "programme", content.say(_("Together")), "", *THEME_LEVELS
            ),
            total=True,
        )
    )
    content.add(
        "table",
        "themes",
        own_word(content, overview.programme, "themes"),
        small=quantity_name(content, overview),
        columns=[
            column(own_word(content, overview.programme, "theme"), small=content.say(_("and its owner"))),
            column(content.say(_("Measures")), "count"),
            column(content.say(_("Stages")), "stages"),
            *beside_columns(content, overview, *THEME_LEVELS),
        ],
        rows=rows,
        notes=[],
        scroll=True,
        sums=True,
    )


def _beside_base(content: Content, overview: Overview) -> Text:
    base = overview.figures.target.in_base
    if base is None:
        return {}
    return content.say(_("and in the comparison base %(base)s"), base=amount(base, trim=True))


def cost_types_table(content: Content, overview: Overview) -> None:
    _matrix_table(content, overview, "cost-type")


def sectors_table(content: Content, overview: Overview) -> None:
    _matrix_table(content, overview, "sector")


def _matrix_table(content: Content, overview: Overview, kind: str) -> None:
    """Target pair as printed, and plan, forecast, claimed and confirmed beside it."""
    matrix, year = overview.matrix, overview.year
    by_sector = kind == "sector"
    lines = [*(matrix.sectors if by_sector else matrix.cost_types)]
    total = matrix.sector_total if by_sector else matrix.total
    if not lines:
        return
    rows = []
    for line in [*lines, total]:
        is_total = line is total
        key = line.row.key if line.row is not None else "together"
        name = content.name(line.row) if line.row is not None else content.say(_("Together"))
        query = f"{kind.replace('-', '_')}={key}" if line.row is not None else ""
        slice_ref = "programme" if is_total else f"{kind}-{key}"
        scope = f"{kind}s" if is_total else f"{kind}-{key}"
        pair = [
            content.money(
                f"target-{end}.{scope}.{year}",
                getattr(line.total, end),
                name,
                source="savings/",
                unknown=content.say(_("no figure in the source")),
            )
            for end in ("cautious", "full")
        ]
        href = f"sectors/{key}/" if by_sector and line.row is not None else ""
        rows.append(
            row(
                text_cell(name, href=href),
                pair_cell(*pair),
                *beside_cells(content, overview, line.achieved, slice_ref, name, query, *BESIDE),
                total=is_total,
            )
        )
    content.add(
        "table",
        f"{kind}s",
        own_word(content, overview.programme, kind.replace("-", "_") + "s"),
        small=quantity_name(content, overview),
        columns=[
            column(own_word(content, overview.programme, kind.replace("-", "_"))),
            column(content.say(_("Target")), "money", small=both_ends(content, overview)),
            *beside_columns(content, overview, *BESIDE),
        ],
        rows=rows,
        notes=[],
        scroll=True,
        sums=True,
    )
