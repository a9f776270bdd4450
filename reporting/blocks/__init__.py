"""The blocks of the dashboard and of the status view: figures in, content out.

Each function adds one block to `content`. `reporting.layout` says which stand on which page.
"""

from reporting.blocks.board import changes, decide, themes_board
from reporting.blocks.charts import bridge, curve
from reporting.blocks.differences import differences_list
from reporting.blocks.figures import figures_table, quantity_rows
from reporting.blocks.ladder import ladder_table
from reporting.blocks.levels import put_levels
from reporting.blocks.notes import afterwards_note, illustrative_note, levels_explained
from reporting.blocks.slices import beside_columns, both_ends, cost_types_table, sectors_table, themes_table
from reporting.blocks.stages import stages_table
from reporting.blocks.target import answer, no_target

__all__ = [
    "afterwards_note", "answer", "beside_columns", "both_ends", "bridge", "changes", "cost_types_table", "curve",
    "decide", "differences_list", "figures_table", "illustrative_note", "ladder_table", "levels_explained", "no_target",
    "put_levels", "quantity_rows", "sectors_table", "stages_table", "themes_board",
    "themes_table",
]  # fmt: skip
