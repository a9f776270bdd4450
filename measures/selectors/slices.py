"""The slices that figures are given for, and what lies above each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from core.reading import once
from measures.calculations import Cell
from programme.models import Programme

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Tree:
    """Ids of the programme's slices, and for each goal and cost type the slices that its lines count in."""

    themes: list[int]
    goals: dict[int, list[tuple[str, int]]]
    sectors: list[int]
    cost_types: dict[int, list[tuple[str, int]]]
    income_types: set[int]


def rows_of(model: type[M], programme: Programme) -> list[M]:
    """The programme's rows of a small table in its own order; one page reads them once."""
    rows = model._default_manager.filter(programme=programme)  # type: ignore[misc]
    return once((model, programme.pk), lambda: list(rows))


#: Kind, id, parent and theme of every slice.
SLICES = """
    SELECT 'theme' AS kind, id, NULL::bigint AS parent, NULL::bigint AS theme
        FROM programme_theme WHERE programme_id = %(programme)s
    UNION ALL SELECT 'goal', id, parent_id, theme_id FROM programme_goal WHERE programme_id = %(programme)s
    UNION ALL SELECT 'sector', id, NULL, NULL FROM programme_sector WHERE programme_id = %(programme)s
    UNION ALL SELECT kind || '_type', id, parent_id, NULL FROM programme_costtype
        WHERE programme_id = %(programme)s
"""


def tree_of(programme: Programme) -> Tree:
    """The programme's slices in one query."""
    with connection.cursor() as cursor:
        cursor.execute(SLICES, {"programme": programme.pk})
        return tree_from(cursor.fetchall())


def tree_from(rows: Iterable[Any]) -> Tree:
    """The tree of kind, id, parent and theme of every slice."""
    ids: dict[str, dict[int, tuple[int | None, int | None]]] = defaultdict(dict)
    income_types: set[int] = set()
    for kind, key, parent, theme in rows:
        if kind == "income_type":
            income_types.add(key)
        ids["cost_type" if kind == "income_type" else kind][key] = (parent, theme)

    def upwards(kind: str, key: int) -> list[tuple[str, int]]:
        """The slice itself and all above it."""
        path: list[tuple[str, int]] = []
        at: int | None = key
        while at is not None and (kind, at) not in path:
            path.append((kind, at))
            at = ids[kind][at][0]
        return path

    goals = {
        key: [*upwards("goal", key), ("theme", theme)] for key, (_, theme) in ids["goal"].items() if theme
    }
    cost_types = {key: upwards("cost_type", key) for key in ids["cost_type"]}
    return Tree(list(ids["theme"]), goals, list(ids["sector"]), cost_types, income_types)


def slices_of(cell: Cell, tree: Tree) -> list[Any]:
    """Every slice in which a cell of a goal, sector, cost type or stage counts."""
    at: Any = cell.slice
    kind, key = at
    if kind == "goal":
        return tree.goals.get(key, [(kind, key)])
    if kind == "cost_type":
        return tree.cost_types.get(key, [(kind, key)])
    return [(kind, key), "total"] if kind == "sector" else [(kind, key)]
