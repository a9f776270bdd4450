"""The stages that measures stand at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from measures.wording import LEVEL_WORDS
from reporting.blocks.levels import quantity_name
from reporting.content import Content, column, figure_cell, row, text_cell
from reporting.selectors import Overview
from reporting.words import own_word


def stages_table(content: Content, overview: Overview) -> None:
    """How many measures stand at each stage and what they hold."""
    stages, year = overview.figures.stages, overview.year
    rows = []
    for stage in overview.stage_order:
        found = stages.get(stage)
        if not found or not found.count:
            continue
        name = own_word(content, overview.programme, f"stage.{stage}")
        query = f"measures/?stage={stage}"
        slice_ref = f"stage-{stage.replace('_', '-')}"
        rows.append(
            row(
                text_cell(name),
                figure_cell(content.count(f"measures.{slice_ref}.{year}", found.count, name, source=query)),
                figure_cell(content.money(f"plan.{slice_ref}.{year}", found.plan, name, source=query)),
                figure_cell(
                    content.money(f"forecast.{slice_ref}.{year}", found.forecast, name, source=query)
                ),
            )
        )
    if not rows:
        content.add(
            "list", "stages", content.say(_("Stages")), span=6, items=[],
            empty=content.say(_("No measures yet: their stages appear here.")),
        )  # fmt: skip
        return
    content.add(
        "table",
        "stages",
        content.say(_("Stages")),
        span=6,
        small=quantity_name(content, overview),
        columns=[
            column(content.say(_("Stage"))),
            column(content.say(_("Measures")), "count"),
            column(content.say(LEVEL_WORDS["plan"]), "money"),
            column(content.say(LEVEL_WORDS["forecast"]), "money"),
        ],
        rows=rows,
        notes=[],
    )
