"""The rows of indicators, sources, observations and target rules that a programme file makes."""

from __future__ import annotations

from typing import Any

from programme.loading.checks import all_indicators
from programme.loading.format import Goal, IndicatorPart, ProgrammeFile, Rule, SubGoal, VersusPoint
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import COST_TYPE, GOAL, STATEMENT

LEVEL = "kpis.MonitoringLevel"
INDICATOR = "kpis.Indicator"
RULE = "kpis.TargetRule"

NO_RULE: dict[str, Any] = {
    "indicator": None, "goal": None, "statement": None, "parent": None, "is_suggestion": False, "compare": "",
    "value": None, "low": None, "high": None, "unit": "", "year": None, "and_onwards": False, "is_recurring": False,
    "direction": "", "magnitude": "", "versus": "", "versus_year": None, "versus_value": None, "reference": "",
    "reference_at": "", "baseline_text": "", "baseline_date": "", "population": "", "population_size": None,
    "scale_low": None, "scale_high": None, "applies_to": "", "answer": "", "word_in_source": "", "rule_text": "",
    "is_approximate": False, "confidence": "", "source_note": "", "source_page": "",
}  # fmt: skip


def build(document: ProgrammeFile, plan: Plan) -> None:
    """Plans every row of the kpis app."""
    for index, level in enumerate(document.monitoring.levels if document.monitoring else []):
        plan.add(
            LEVEL,
            str(level.number),
            ("monitoring", "levels", index),
            {**plan.named(level), **plan.sourced(level), "number": level.number},
            identity=("number",),
        )
    page = document.monitoring.page if document.monitoring else None
    for position, (path, part) in enumerate(all_indicators(document)):
        _indicator(part, path, position + 1, page if path[0] == "monitoring" else None, plan)
    for path, part in all_indicators(document):
        if part.target:
            rule(
                part.target,
                f"indicator/{part.key}",
                (*path, "target"),
                {"indicator": Ref(INDICATOR, part.key)},
                plan,
            )
    for index, goal in enumerate(document.goals):
        _goal_rules(goal, ("goals", index), plan)
    if measured := document.measurements_360:
        for index, target in enumerate(measured.targets):
            owner = {"statement": Ref(STATEMENT, "measurements_360")}
            rule(target, f"measurements_360/{index + 1}", ("measurements_360", "targets", index), owner, plan)


def _indicator(part: IndicatorPart, path: Path, position: int, page: str | None, plan: Plan) -> None:
    level = str(part.level) if part.level is not None else None
    row = plan.add(
        INDICATOR, part.key, path,
        {
            **plan.named(part), **plan.sourced(part, page=page), "position": position,
            "scope": "monitoring" if path[0] == "monitoring" else "vision",
            "level": plan.ref(LEVEL, level, (*path, "level"), "monitoring level") if level else None,
            "unit": part.unit or (part.target.unit if part.target and part.target.unit else "") or "",
            "better": part.better or _better(part.target), "is_hyte": part.hyte_coefficient,
            "needs_baseline": part.baseline_required, "breakdown_by": part.breakdown.by if part.breakdown else "",
            "breakdown_rule": part.breakdown.rule_applies_to if part.breakdown else "",
            "frequency": part.frequency or "", **plan.texts("definition", part.definition),
            **plan.texts("to_be_specified", part.to_be_specified),
            "derived_from": plan.ref(INDICATOR, part.derived_from, (*path, "derived_from"), "indicator")
            if part.derived_from else None,
            "related_cost_type": plan.ref(COST_TYPE, part.related_saving, (*path, "related_saving"), "cost type")
            if part.related_saving else None,
        },
    )  # fmt: skip
    _sources(part, row, path, plan)
    _observations(part, row, path, plan)


def _better(target: Rule | None) -> str:
    """Which way is better, when the file does not say it but its rule does."""
    if target is None:
        return ""
    if target.direction:
        return target.direction
    return {"at_least": "up", "above": "up", "at_most": "down", "below": "down"}.get(target.compare or "", "")


def _sources(part: IndicatorPart, row: Ref, path: Path, plan: Plan) -> None:
    model = "kpis.SourceLink"
    for index, number in enumerate(part.sotkanet):
        plan.add(
            model, f"{part.key}/{number}", (*path, "sotkanet", index),
            {
                "indicator": row, "key": f"sotkanet-{number}", "position": index + 1, "kind": "sotkanet",
                "sotkanet_id": number, **plan.texts("name", None),
            },
            identity=("indicator", "key"),
        )  # fmt: skip
    for index, text in enumerate(part.data_sources):
        plan.add(
            model, f"{part.key}/source-{index + 1}", (*path, "data_sources", index),
            {
                "indicator": row, "key": f"source-{index + 1}", "position": len(part.sotkanet) + index + 1,
                "kind": "manual", "sotkanet_id": None, **plan.texts("name", text),
            },
            identity=("indicator", "key"),
        )  # fmt: skip


def _observations(part: IndicatorPart, row: Ref, path: Path, plan: Plan) -> None:
    for index, point in enumerate(part.baseline):
        year, month = point.year, None
        if point.date:
            year, month = int(point.date[:4]), int(point.date[5:]) if len(point.date) > 4 else None
        own = point.value if point.value is not None else point.own
        for role, value in (("own", own), ("national", point.national)):
            if value is None:
                continue
            plan.add(
                "kpis.Observation", f"{part.key}/{point.date or point.year}/{role}", (*path, "baseline", index),
                {
                    "indicator": row, "year": year, "month": month, "region_role": role, "value": value,
                    "vintage": 1, "is_baseline": True, "source": "programme file",
                },
                identity=("indicator", "year", "month", "region_role", "vintage"),
            )  # fmt: skip


def _goal_rules(goal: Goal | SubGoal, path: Path, plan: Plan) -> None:
    if goal.target:
        rule(goal.target, f"goal/{goal.key}", (*path, "target"), {"goal": Ref(GOAL, goal.key)}, plan)
    for index, sub in enumerate(goal.sub_goals):
        _goal_rules(sub, (*path, "sub_goals", index), plan)


def rule(part: Rule, key: str, path: Path, owner: dict[str, Any], plan: Plan, *, position: int = 0) -> Ref:
    """A rule and, under it, its parts and its suggestion."""
    versus, scale = part.versus, part.scale
    point = versus if isinstance(versus, VersusPoint) else None
    row = plan.add(
        RULE, key, path,
        {
            **NO_RULE, **owner, **plan.sourced(part), "position": position, "kind": part.type,
            "compare": part.compare or "", "value": part.value, "low": part.low, "high": part.high,
            "unit": part.unit or "", "year": part.year, "and_onwards": part.and_onwards,
            "is_recurring": part.recurring, "direction": part.direction or "", "magnitude": part.magnitude or "",
            "versus": versus if isinstance(versus, str) else "", "versus_year": point.year if point else None,
            "versus_value": point.value if point else None, "reference": part.reference or "",
            "reference_at": part.at or "", "baseline_text": part.baseline or "",
            "baseline_date": part.baseline_date or "", "population": part.population or "",
            "population_size": part.population_size_hint, "scale_low": scale[0] if scale else None,
            "scale_high": scale[1] if scale else None, "applies_to": part.applies_to or "",
            "answer": part.answer or "", "word_in_source": part.word_in_source or "",
            "is_approximate": part.approximate,
        },
        versioned=True,
    )  # fmt: skip
    for index, child in enumerate(part.rules):
        rule(child, f"{key}/{index + 1}", (*path, "rules", index), {"parent": row}, plan, position=index + 1)
    if suggested := part.suggested_rule:
        plan.add(
            RULE, f"{key}/suggestion", (*path, "suggested_rule"),
            {
                **NO_RULE, "parent": row, "is_suggestion": True, "kind": "compare", "compare": suggested.compare,
                "value": suggested.value, "unit": suggested.unit or "", "position": 0,
            },
            versioned=True,
        )  # fmt: skip
    return row
