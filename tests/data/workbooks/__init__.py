"""150 workbooks as recipes: each makes its bytes from the county's own workbook, and says what must become of it."""

from tests.data.workbooks import bombs, content, formats, honest, semantic, structural

ALL = [
    *structural.RECIPES, *bombs.RECIPES, *content.RECIPES, *semantic.RECIPES, *formats.RECIPES, *honest.RECIPES,
]  # fmt: skip
