"""Which blocks stand on which page, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting import blocks, panels
from reporting.content import Content
from reporting.selectors import Overview

Block = Callable[[Content, Overview], None]

#: First screen of the dashboard: above, the answer and the themes, beside them what asks for people, and
#: what is folded under it.
BOARD: dict[str, list[Block]] = {
    "above": [blocks.illustrative_note],
    "main": [blocks.answer, blocks.themes_board],
    "side": [blocks.decide, blocks.changes],
    "folded": [blocks.figures_table, blocks.ladder_table, blocks.differences_list],
}

#: The same of a programme without euro targets.
BOARD_WITHOUT_TARGET: dict[str, list[Block]] = {
    "above": [blocks.illustrative_note, blocks.no_target],
    "main": [panels.objectives_this_year],
    "side": [blocks.decide, panels.vision_summary, panels.rules_open],
    "folded": [],
}

FIRST_WITHOUT_TARGET: list[Block] = [
    blocks.illustrative_note,
    blocks.no_target,
    panels.objectives_this_year,
    panels.vision_summary,
    panels.rules_open,
]

#: Parts that load after the first answer, each with an address of its own: name, width, blocks.
PANELS: dict[str, tuple[Promise, int, list[Block]]] = {
    "curve": (_("Run rate month by month"), 7, [blocks.curve]),
    "bridge": (_("Where the forecast comes from"), 5, [blocks.bridge]),
    "stages": (_("Stages"), 6, [blocks.stages_table]),
    "milestones": (_("Milestones, 30 days"), 6, [panels.milestones]),
    "indicators": (_("Indicators"), 12, [panels.indicators]),
    "risks": (_("Largest risks"), 6, [panels.risks]),
    "obstacles": (_("Obstacles by age"), 6, [panels.obstacles]),
}

#: Panels that stand open on a phone as well; the others are folded there.
OPEN_PANELS = ("curve",)

#: Panels that speak of money: left out where there is none.
MONEY_PANELS = ("curve", "bridge", "stages")

#: What a status view holds.
STATUS_VIEW: list[Block] = [
    blocks.afterwards_note,
    blocks.illustrative_note,
    blocks.answer,
    blocks.figures_table,
    blocks.themes_table,
    blocks.bridge,
    blocks.curve,
    blocks.sectors_table,
    blocks.cost_types_table,
    blocks.stages_table,
    blocks.ladder_table,
    panels.milestones,
    panels.obstacles,
    panels.risks,
    blocks.differences_list,
    panels.indicators,
    blocks.levels_explained,
]

STATUS_VIEW_WITHOUT_TARGET: list[Block] = [
    blocks.afterwards_note,
    *FIRST_WITHOUT_TARGET,
    blocks.themes_table,
    panels.milestones,
    panels.obstacles,
    panels.risks,
    panels.indicators,
]


def board_of(overview: Overview) -> dict[str, list[Block]]:
    """The parts of the dashboard's first answer, by where they stand."""
    return BOARD if overview.has_target else BOARD_WITHOUT_TARGET


def status_view_blocks(overview: Overview) -> Sequence[Block]:
    return STATUS_VIEW if overview.has_target else STATUS_VIEW_WITHOUT_TARGET


def panel_names(overview: Overview) -> list[str]:
    """Panels of this programme's dashboard, in order."""
    has_money = overview.has_target or overview.figures.measures > 0
    return [name for name in PANELS if has_money or name not in MONEY_PANELS]
