"""Versions of money targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from programme.loading.checks import ends_of
from programme.loading.format import (
    ProgrammeFile,
    StatedTarget,
)
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    COST_TYPE,
    SECTOR,
    TARGET,
    cents,
)
from programme.loading.values import Cell, Pair


class _Targets:
    """Adds versions of money targets, valid from the programme's start."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def add(self, identity: str, path: Path, kind: str, column: str = "total", /, **values: Any) -> None:
        empty = {
            "key": "", "year": None, "cost_type": None, "sector": None, "value_eur_cents": None,
            "cautious_eur_cents": None, "full_eur_cents": None, "stated_low_eur_cents": None,
            "stated_high_eur_cents": None, "is_approximate": False, "label_fi": "", "label_sv": "", "label_en": "",
            **self.plan.sourced(None),
        }  # fmt: skip
        self.plan.add(
            TARGET,
            identity,
            path,
            {**empty, "kind": kind, "column": column, **values},
            identity=(),
            versioned=True,
        )

    def cell(self, cell: Cell, path: Path, unit: str) -> dict[str, int | None] | None:
        """Columns of a cell; None for an empty one, which makes no row: empty is not zero."""
        if cell is None or (isinstance(cell, Pair) and cell.cautious is None and cell.full is None):
            return None
        if isinstance(cell, Pair):
            return {
                "cautious_eur_cents": cents(self.plan, path, cell.cautious, unit),
                "full_eur_cents": cents(self.plan, path, cell.full, unit),
            }
        return {"value_eur_cents": cents(self.plan, path, cell, unit)}


def build_targets(document: ProgrammeFile, plan: Plan) -> None:
    targets = _Targets(plan)
    facts = document.programme
    if facts.deficit_target:
        _stated(facts.deficit_target, targets)
    path: Path = ("programme", "in_base")
    if facts.in_base is not None:
        targets.add(
            "stated/base",
            path,
            "stated",
            "base",
            value_eur_cents=cents(plan, path, facts.in_base, "M€"),
            source_note=facts.in_base_check or "",
        )
    path = ("programme", "beyond_base")
    if facts.beyond_base:
        targets.add(
            "stated/later", path, "stated", "later",
            value_eur_cents=cents(plan, path, facts.beyond_base.value, facts.beyond_base.unit),
            is_approximate=facts.beyond_base.approximate, **plan.sourced(facts.beyond_base),
        )  # fmt: skip
    for index, annual in enumerate(facts.annual_targets):
        path = ("programme", "annual_targets", index)
        if annual.value is not None and annual.value < 0:
            plan.problem((*path, "value"), "write the amount to save as a positive number")
        value = cents(plan, path, annual.value, annual.unit)
        notes = plan.sourced(annual)
        notes["source_note"] = " · ".join(filter(None, [annual.note, annual.composition_hint]))
        targets.add(
            f"annual/{annual.year}", path, "annual", key=slugify(str(annual.year))[:60],
            year=annual.year if isinstance(annual.year, int) else None,
            value_eur_cents=None if value is None else -value, **plan.texts("label", annual), **notes,
        )  # fmt: skip
    _table_targets(document, targets, plan)


def _stated(target: StatedTarget, targets: _Targets) -> None:
    """A positive amount to cover in the file, a saving in the table."""
    plan, path = targets.plan, ("programme", "deficit_target")

    def saved(value: Decimal) -> int:
        return -(cents(plan, path, value, target.unit) or 0)

    ends = target.stated_range if target.stated_range and len(target.stated_range) == 2 else None
    notes = plan.sourced(target)
    notes["source_note"] = " · ".join(filter(None, [target.note, target.check]))
    targets.add(
        "stated/total", path, "stated", value_eur_cents=saved(target.value), is_approximate=target.approximate,
        stated_low_eur_cents=saved(ends[0]) if ends else None, stated_high_eur_cents=saved(ends[1]) if ends else None,
        **plan.texts("label", target), **notes,
    )  # fmt: skip
    for index, part in enumerate(target.composition):
        targets.add(
            f"composition/{part.key}", (*path, "composition", index), "composition", key=part.key,
            value_eur_cents=saved(part.value), **plan.texts("label", part), **plan.sourced(part),
        )  # fmt: skip


def _table_targets(document: ProgrammeFile, targets: _Targets, plan: Plan) -> None:
    savings = document.savings
    if savings is None:
        return
    rows: list[tuple[str, Path, Any, dict[str, Any]]] = []
    for index, row in enumerate(savings.by_cost_type):
        rows.append(
            ("cost_type", ("savings", "by_cost_type", index), row, {"cost_type": Ref(COST_TYPE, row.key)})
        )
    for index, sector in enumerate(savings.by_sector):
        rows.append(("sector", ("savings", "by_sector", index), sector, {"sector": Ref(SECTOR, sector.key)}))
    for kind, path, part, link in rows:
        for column in ("base", "later", "total"):
            cell = targets.cell(getattr(part, column), (*path, column), savings.unit)
            if cell is None:
                continue
            targets.add(
                f"{kind}/{part.key}/{column}",
                (*path, column),
                kind,
                column,
                **link,
                **cell,
                **plan.sourced(part, page=savings.page),
            )
    for column in ("base", "later", "total"):
        _total_target(document, column, targets, plan)


def _total_target(document: ProgrammeFile, column: str, targets: _Targets, plan: Plan) -> None:
    """The printed total of a column, or the sum of the cost types, end by end, when none is printed."""
    savings = document.savings
    assert savings is not None
    printed = getattr(savings.total, column) if savings.total else None
    path: Path = ("savings", "total", column) if printed is not None else ("savings", "by_cost_type")
    values = targets.cell(printed, path, savings.unit)
    if values is None:
        values = _summed(document, column, targets)
    if values is not None:
        note = plan.sourced(savings.total, page=savings.page)
        targets.add(f"total/{column}", path, "total", column, **values, **note)


def _summed(document: ProgrammeFile, column: str, targets: _Targets) -> dict[str, int | None] | None:
    savings = document.savings
    assert savings is not None
    cells = [
        cell
        for row in savings.by_cost_type
        if row.kind == "cost" and (cell := getattr(row, column)) is not None
    ]
    if not cells:
        return None
    sums: list[Decimal | None] = []
    for end in (0, 1):
        known = [value for cell in cells if (value := ends_of(cell)[end]) is not None]
        sums.append(sum(known, Decimal(0)) if known else None)
    path: Path = ("savings", "by_cost_type")
    if any(isinstance(cell, Pair) for cell in cells):
        return targets.cell(Pair(cautious=sums[0], full=sums[1]), path, savings.unit)
    return targets.cell(sums[0], path, savings.unit)
