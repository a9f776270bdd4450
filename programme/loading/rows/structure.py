"""Themes, goals, sectors, units, segments and cost types."""

from __future__ import annotations

from programme.loading.checks import themes_of
from programme.loading.format import (
    Goal,
    ProgrammeFile,
    SectorRow,
    SubGoal,
)
from programme.loading.format import Sector as SectorPart
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    COST_TYPE,
    GOAL,
    SECTOR,
    THEME,
    key_of,
)


def build_themes_and_goals(document: ProgrammeFile, plan: Plan) -> None:
    section, themes = themes_of(document)
    for index, theme in enumerate(themes):
        plan.add(
            THEME, theme.key, (section, index),
            {
                **plan.named(theme), **plan.sourced(theme), "number": theme.number,
                **plan.texts("slogan", theme.slogan), "name_variants": theme.fi_variants,
            },
        )  # fmt: skip
    for index, goal in enumerate(document.goals):
        path: Path = ("goals", index)
        theme_ref = plan.ref(THEME, goal.theme, (*path, "theme"), "theme")
        _goal(goal, goal.number, theme_ref, None, path, plan)


def _goal(goal: Goal | SubGoal, number: int, theme: Ref, parent: Ref | None, path: Path, plan: Plan) -> None:
    row = plan.add(
        GOAL, goal.key, path,
        {
            **plan.named(goal), **plan.sourced(goal), "number": number, "theme": theme, "parent": parent,
            "scope": goal.scope or "",
        },
    )  # fmt: skip
    for index, sub in enumerate(goal.sub_goals):
        _goal(sub, index + 1, theme, row, (*path, "sub_goals", index), plan)


def build_sectors(document: ProgrammeFile, plan: Plan) -> None:
    in_table = document.savings.by_sector if document.savings else []
    rows: list[tuple[Path, SectorPart | SectorRow]] = [
        *((("sectors", i), part) for i, part in enumerate(document.sectors)),
        *((("savings", "by_sector", i), part) for i, part in enumerate(in_table)),
    ]
    stated = {part.key for part in document.sectors}
    numbered = any(part.number is not None for _, part in rows)
    position = 0
    for path, part in rows:
        if path[0] == "savings" and part.key in stated:
            continue  # described under sectors; the table only adds its target
        position += 1
        plan.add(
            SECTOR, part.key, path,
            {
                **plan.named(part), "number": part.number, "position": position,
                "is_rest": part.key == "muut" or (numbered and part.number is None),
                **(plan.sourced(part) if path[0] == "sectors" else plan.sourced(None)),
            },
        )  # fmt: skip
    by_number = {part.number: part.key for _, part in rows if part.number is not None}
    for index, unit in enumerate(document.organisation.units):
        path = ("organisation", "units", index)
        wanted = unit.savings_sector
        if isinstance(wanted, int) and wanted not in by_number:
            plan.problem((*path, "savings_sector"), f"there is no sector number {wanted}")
        key = by_number.get(wanted) if isinstance(wanted, int) else wanted
        plan.add(
            "programme.OrganisationUnit", unit.key, path,
            {
                **plan.named(unit), **plan.sourced(unit), "abbreviation": unit.abbr or "", "position": index + 1,
                "sector": plan.ref(SECTOR, key, (*path, "savings_sector"), "sector") if key else None,
            },
        )  # fmt: skip
    for index, segment in enumerate(document.segments):
        plan.add(
            "programme.Segment", segment.key, ("segments", index),
            {**plan.named(segment), **plan.sourced(segment), "position": index + 1},
        )  # fmt: skip


def build_cost_types(document: ProgrammeFile, plan: Plan) -> None:
    position = 0
    for index, row in enumerate(document.savings.by_cost_type if document.savings else []):
        path: Path = ("savings", "by_cost_type", index)
        position += 1
        whole = plan.add(
            COST_TYPE, row.key, path,
            {
                **plan.named(row), **plan.sourced(None), "kind": row.kind, "position": position, "parent": None,
                **plan.texts("policy", row.policy),
            },
        )  # fmt: skip
        for place, part in enumerate(row.includes):
            position += 1
            plan.add(
                COST_TYPE, part.key or key_of(part), (*path, "includes", place),
                {
                    **plan.named(part), **plan.sourced(part), "kind": row.kind, "position": position, "parent": whole,
                    **plan.texts("policy", None),
                },
            )  # fmt: skip
