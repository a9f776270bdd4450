"""What must agree inside a programme file: its sums, its shares, its control totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from programme.loading.format import (
    FactGroup,
    FundingPlan,
    IndicatorPart,
    ProgrammeFile,
    Rule,
    Savings,
    StatedTarget,
    SubGoal,
)
from programme.loading.plan import Plan
from programme.loading.problems import Path
from programme.loading.values import Cell, Pair

_ENDS = ("cautious", "full")


def check(document: ProgrammeFile, plan: Plan) -> None:
    """Adds a problem to the plan for everything that does not agree."""
    _check_structure(document, plan)
    _check_numbers_once(document, plan)
    if document.programme.deficit_target:
        _check_stated(document.programme.deficit_target, plan)
    if document.savings:
        _check_savings(document.savings, plan)
        _check_base(document, plan)
    for path, funding in funding_plans(document):
        _check_funding(funding, path, plan)
    _check_baseline(document, plan)
    _check_years(document, plan)
    _check_control_totals(document, plan)


# ------------------------------------------------------------------------------------------ structure


def themes_of(document: ProgrammeFile) -> tuple[str, list]:
    """The section that holds the highest level, and its parts."""
    return ("spearheads", document.spearheads) if document.spearheads else ("themes", document.themes)


def _check_structure(document: ProgrammeFile, plan: Plan) -> None:
    section, themes = themes_of(document)
    for index, theme in enumerate(themes):
        if theme.goals is None:
            continue
        own = {goal.key for goal in document.goals if goal.theme == theme.key}
        for place, key in enumerate(theme.goals):
            if key not in own:
                plan.problem(
                    (section, index, "goals", place), f"goal {key!r} does not name {theme.key!r} as its theme"
                )
        for key in sorted(own - set(theme.goals)):
            plan.problem((section, index, "goals"), f"goal {key!r} names this theme, but is not in its list")


def _check_numbers_once(document: ProgrammeFile, plan: Plan) -> None:
    monitoring = document.monitoring
    objectives = document.annual_objectives
    section, themes = themes_of(document)
    for path, parts in (
        ((section,), themes),
        (("goals",), document.goals),
        (("risks",), document.risks),
        (("monitoring", "levels"), monitoring.levels if monitoring else []),
        (("annual_objectives", "objectives"), objectives.objectives if objectives else []),
    ):
        seen: dict[int, int] = {}
        for index, part in enumerate(parts):
            if part.number in seen:
                line = plan.source.line((*path, seen[part.number], "number"))
                plan.problem(
                    (*path, index, "number"), f"number {part.number} is used twice (first on line {line})"
                )
            seen.setdefault(part.number, index)


def _check_years(document: ProgrammeFile, plan: Plan) -> None:
    facts = document.programme
    if facts.long_term_period and facts.vision_by and facts.long_term_period.end != facts.vision_by:
        plan.problem(
            ("programme", "vision_by"),
            f"the vision holds by {facts.vision_by}, but its period ends in {facts.long_term_period.end}",
        )


# ------------------------------------------------------------------------------------------ the stated target


def _check_stated(target: StatedTarget, plan: Plan) -> None:
    path: Path = ("programme", "deficit_target")
    if target.value < 0:
        plan.problem((*path, "value"), "write the amount to cover as a positive number")
    ends = target.stated_range
    if ends is not None and (len(ends) != 2 or ends[0] > ends[1]):
        plan.problem((*path, "stated_range"), "give two ends, the lower first")
        return
    if ends is not None and not ends[0] <= target.value <= ends[1]:
        plan.problem((*path, "value"), f"{target.value} is outside the stated range {ends[0]}-{ends[1]}")
    if not target.composition:
        return
    total = sum(part.value for part in target.composition)
    low, high = ends or (target.value, target.value)
    if not low <= total <= high and not (ends is None and target.check):
        plan.problem(
            (*path, "composition"),
            f"the parts sum to {total}, the target is {target.value}"
            + (f" ({low}-{high})" if ends else "; say why in check, or give a stated_range"),
        )


# ------------------------------------------------------------------------------------------ the target table


def ends_of(cell: Cell) -> tuple[Decimal | None, Decimal | None]:
    """Both ends of a cell; a single value is both, an empty cell neither."""
    if isinstance(cell, Pair):
        return cell.cautious, cell.full
    return cell, cell


def _check_savings(savings: Savings, plan: Plan) -> None:
    rows: list[tuple[Path, object]] = [
        (("savings", "by_cost_type", i), row)
        for i, row in enumerate(savings.by_cost_type)
        if row.kind == "cost"
    ]
    everything = [*rows, *((("savings", "by_sector", i), row) for i, row in enumerate(savings.by_sector))]
    if savings.total:
        everything.append((("savings", "total"), savings.total))
    for path, row in everything:
        _check_across(row, path, plan)
    if savings.total and rows:
        for column in ("base", "later", "total"):
            _check_down([row for _, row in rows], savings.total, column, plan)


def _check_across(row: object, path: Path, plan: Plan) -> None:
    """base + later = total, end by end; an empty cell adds nothing, and two empty ones say nothing."""
    base, later, total = (ends_of(getattr(row, name)) for name in ("base", "later", "total"))
    for end, b, ltr, t in zip(_ENDS, base, later, total, strict=True):
        if t is None or (b is None and ltr is None):
            continue
        if (b or 0) + (ltr or 0) != t:
            found = (b or 0) + (ltr or 0)
            plan.problem((*path, "total"), f"{end}: {b or 0} + {ltr or 0} = {found}, the total says {t}")


def _check_down(rows: list, total: object, column: str, plan: Plan) -> None:
    """Rows of a column sum to its total, end by end: cautious with cautious, full with full."""
    printed = ends_of(getattr(total, column))
    for index, end in enumerate(_ENDS):
        known = [value for row in rows if (value := ends_of(getattr(row, column))[index]) is not None]
        if printed[index] is None or not known:
            continue
        if sum(known) != printed[index]:
            reason = f"{end}: the rows sum to {sum(known)}, the total says {printed[index]}"
            plan.problem(("savings", "total", column), reason)


def _check_base(document: ProgrammeFile, plan: Plan) -> None:
    """The part already in the base stands in two places of a file; both must say the same."""
    stated, savings = document.programme.in_base, document.savings
    printed = ends_of(savings.total.base)[1] if savings and savings.total else None
    if stated is not None and printed is not None and savings and savings.unit == "M€" and stated != printed:
        plan.problem(("programme", "in_base"), f"{stated} is in the base here, {printed} in the target table")


# ------------------------------------------------------------------------------------------ funding


def funding_plans(document: ProgrammeFile) -> Iterator[tuple[Path, FundingPlan]]:
    if document.funding and document.funding.stabilisation:
        yield ("funding", "stabilisation"), document.funding.stabilisation
    for index, source in enumerate(document.funding.sources if document.funding else []):
        yield ("funding", "sources", index), source


def _check_funding(funding: FundingPlan, path: Path, plan: Plan) -> None:
    if funding.total is not None and funding.total < 0:
        plan.problem((*path, "total"), "funding is a positive amount")
    low = high = final = Decimal(0)
    for index, part in enumerate(funding.allocations):
        place = (*path, "allocations", index)
        low, high, final = low + part.share_low, high + part.share_high, final + (part.final_share or 0)
        if part.share_low > part.share_high:
            plan.problem((*place, "share_low"), "the lowest share exceeds the highest")
        for name, share in (("eur_m_low", part.share_low), ("eur_m_high", part.share_high)):
            printed = getattr(part, name)
            if printed is None:
                continue
            if funding.total is None or funding.unit != "M€":
                plan.problem((*place, name), "an amount in M€ needs a total in M€")
            elif printed != funding.total * share / 100:
                computed = (funding.total * share / 100).normalize()
                reason = f"{share} % of {funding.total} M€ is {computed:f}, the file says {printed}"
                plan.problem((*place, name), reason)
    if not funding.allocations:
        return
    if not low <= 100 <= high and not funding.check:
        plan.problem(
            (*path, "allocations"), f"the shares come to {low}-{high} %, never to 100 %; say why in check"
        )
    settled = [part.final_share for part in funding.allocations if part.final_share is not None]
    if len(settled) == len(funding.allocations) and final != 100:
        plan.problem((*path, "allocations"), f"the final shares come to {final} %, not to 100 %")


# ------------------------------------------------------------------------------------------ baseline


def _check_baseline(document: ProgrammeFile, plan: Plan) -> None:
    group = document.baseline.get("county")
    county = {fact.key: fact.value for fact in group.items} if group else {}
    for name, group in document.baseline.items():
        path: Path = ("baseline", name)
        values = [fact.value for fact in group.items]
        if group.total is not None:
            _foot(values, group.total, (*path, "total"), "the group's total", plan)
        printed = county.get(name.replace("_", "-"))
        if printed is not None and name != "county":
            _foot(values, printed, path, f"county.{name.replace('_', '-')}", plan)
    bought, costs = document.baseline.get("purchased_services_by_sector"), _operating_costs(document)
    if bought and costs:
        whole = next((fact.value for fact in costs.items if fact.key == "palvelujen-ostot"), None)
        if whole is not None:
            _foot(
                [fact.value for fact in bought.items],
                whole,
                ("baseline", "purchased_services_by_sector"),
                "palvelujen-ostot of the operating costs",
                plan,
            )


def _operating_costs(document: ProgrammeFile) -> FactGroup | None:
    return next(
        (g for name, g in document.baseline.items() if re.fullmatch(r"operating_costs(_\d{4})?", name)), None
    )


def _foot(values: list[Decimal | None], total: Decimal, path: Path, what: str, plan: Plan) -> None:
    if any(value is None for value in values):
        return
    found = sum(value for value in values if value is not None)
    if found != total:
        plan.problem(path, f"the figures sum to {found}, {what} is {total}")


# ------------------------------------------------------------------------------------------ control totals


def all_sub_goals(document: ProgrammeFile) -> Iterator[SubGoal]:
    """Every goal under a goal, however deep."""
    waiting = [sub for goal in document.goals for sub in goal.sub_goals]
    while waiting:
        current = waiting.pop(0)
        yield current
        waiting.extend(current.sub_goals)


def all_indicators(document: ProgrammeFile) -> list[tuple[Path, IndicatorPart]]:
    metrics = document.monitoring.metrics if document.monitoring else []
    return [
        *((("monitoring", "metrics", i), part) for i, part in enumerate(metrics)),
        *((("indicators", i), part) for i, part in enumerate(document.indicators)),
    ]


def _is_numeric(rule: Rule | None) -> bool:
    return rule is not None and (
        rule.value is not None or rule.low is not None or any(_is_numeric(part) for part in rule.rules)
    )


def counts(document: ProgrammeFile) -> dict[str, int]:
    """Every control total the portal knows, counted from the file."""
    _, themes = themes_of(document)
    objectives = document.annual_objectives.objectives if document.annual_objectives else []
    metrics = [metric for objective in objectives for metric in objective.metrics]
    projects, savings = document.projects, document.savings
    vision = document.vision.themes if document.vision else []
    promises = document.promises
    return {
        "themes": len(themes),
        "spearheads": len(document.spearheads),
        "goals": len(document.goals),
        "sub_goals": sum(1 for _ in all_sub_goals(document)),
        "sub_goals_with_numeric_target": sum(_is_numeric(sub.target) for sub in all_sub_goals(document)),
        "funding_allocations": sum(len(funding.allocations) for _, funding in funding_plans(document)),
        "savings_cost_types": len(savings.by_cost_type) if savings else 0,
        "savings_sectors": len(savings.by_sector) if savings else 0,
        "metrics": len(document.monitoring.metrics) if document.monitoring else 0,
        "risks": len(document.risks),
        "impact_areas": len(document.impact_assessment.areas) if document.impact_assessment else 0,
        "promises": len(promises.clients) + len(promises.staff) if promises else 0,
        "change_elements": len(document.change_management.elements) if document.change_management else 0,
        "project_plan_parts": len(projects.plan_template) if projects else 0,
        "project_phases": len(projects.phases) if projects else 0,
        "linked_projects": len(projects.linked_projects) if projects else 0,
        "bodies": len(document.governance.bodies) if document.governance else 0,
        "roadmap_activities": len(document.roadmap.activities) if document.roadmap else 0,
        "segments": len(document.segments),
        "stages": len(document.stages),
        "vision_themes": len(vision),
        "sub_themes": sum(len(theme.sub_themes) for theme in vision),
        "indicators": len(document.indicators),
        "sotkanet_ids": len({number for _, part in all_indicators(document) for number in part.sotkanet}),
        "hyte_coefficient_indicators": sum(part.hyte_coefficient for _, part in all_indicators(document)),
        "annual_objectives": len(objectives),
        "annual_metrics": len(metrics),
        "annual_metric_year_cells": sum(len(metric.years) for metric in metrics),
        "annual_metric_year_cells_with_stated_years": sum(len(m.years) for m in metrics if m.years_stated),
        "annual_yes_no_cells": sum(len(metric.years) for metric in metrics if metric.type == "yes_no"),
        "balancing_principles": len(document.balancing_programme.principles)
        if document.balancing_programme
        else 0,
    }


def _check_control_totals(document: ProgrammeFile, plan: Plan) -> None:
    found = counts(document)
    for name, stated in document.control_totals.items():
        if name not in found:
            plan.problem(("control_totals", name), f"unknown control total {name!r}")
        elif found[name] != stated:
            reason = f"the file has {found[name]} {name}, the control total says {stated}"
            plan.problem(("control_totals", name), reason)
