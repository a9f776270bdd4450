"""The rows of vision, annual objectives, seasons and balancing that a programme file makes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from kpis.loading import INDICATOR, NO_RULE, RULE
from programme.loading.checks import all_indicators
from programme.loading.format import ObjectiveMetricPart, ProgrammeFile, VisionThemePart
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import cents, key_of

VISION_THEME = "strategy.VisionTheme"
OBJECTIVE = "strategy.AnnualObjective"
METRIC = "strategy.ObjectiveMetric"


def build(document: ProgrammeFile, plan: Plan) -> None:
    """Plans every row of the strategy app."""
    for index, theme in enumerate(document.vision.themes if document.vision else []):
        _vision_theme(theme, None, index + 1, ("vision", "themes", index), plan)
    for position, (path, part) in enumerate(all_indicators(document)):
        if part.vision:
            plan.add(
                "strategy.VisionIndicator", f"{part.vision}/{part.key}", (*path, "vision"),
                {
                    "theme": plan.ref(VISION_THEME, part.vision, (*path, "vision"), "vision theme"),
                    "indicator": Ref(INDICATOR, part.key), "position": position + 1,
                },
                identity=("theme", "indicator"),
            )  # fmt: skip
    _objectives(document, plan)
    _season(document, plan)
    _balancing(document, plan)


def _vision_theme(theme: VisionThemePart, parent: Ref | None, position: int, path: Path, plan: Plan) -> None:
    row = plan.add(
        VISION_THEME,
        theme.key,
        path,
        {
            **plan.named(theme),
            **plan.sourced(theme),
            "number": theme.number,
            "position": position,
            "parent": parent,
        },
    )
    for index, sub in enumerate(theme.sub_themes):
        _vision_theme(sub, row, index + 1, (*path, "sub_themes", index), plan)


def _objectives(document: ProgrammeFile, plan: Plan) -> None:
    objectives = document.annual_objectives.objectives if document.annual_objectives else []
    same = {
        part.same_as_annual_objective: (path, part.key)
        for path, part in all_indicators(document)
        if part.same_as_annual_objective is not None
    }
    numbers = {objective.number for objective in objectives}
    for number, (path, _) in same.items():
        if number not in numbers:
            plan.problem((*path, "same_as_annual_objective"), f"there is no annual objective number {number}")
    for index, objective in enumerate(objectives):
        path = ("annual_objectives", "objectives", index)
        twin = same.get(objective.number)
        row = plan.add(
            OBJECTIVE, objective.key, path,
            {
                **plan.named(objective), **plan.sourced(objective), "number": objective.number,
                "title_is_ours": objective.title_is_ours, "aim_fi": objective.aim_fi or "",
                "aim_sv": objective.aim_sv or "", "aim_en": objective.aim_en or "",
                "text_fi": objective.text_fi or "", "text_sv": objective.text_sv or "",
                "text_en": objective.text_en or "", "same_as_indicator": Ref(INDICATOR, twin[1]) if twin else None,
            },
        )  # fmt: skip
        chained = _is_chain(objective.metrics)
        for place, metric in enumerate(objective.metrics):
            before = objective.metrics[place - 1].key if chained and place else None
            _metric(metric, row, place + 1, (*path, "metrics", place), plan, before)


def _is_chain(metrics: Sequence[ObjectiveMetricPart]) -> bool:
    """Steps that build on each other (plan, in use, effects): questions that take over from each other year by year."""
    if len(metrics) < 2 or any(metric.type != "yes_no" or not metric.years for metric in metrics):
        return False
    return all(
        max(one.years) + 1 == min(other.years) for one, other in itertools.pairwise(metrics)
    )  # fmt: skip


def _metric(
    metric: ObjectiveMetricPart, objective: Ref, position: int, path: Path, plan: Plan, before: str | None
) -> None:  # fmt: skip
    judged = plan.add(
        RULE, f"metric/{metric.key}", path,
        {
            **NO_RULE, "kind": metric.type, "compare": metric.compare or "", "value": metric.value,
            "unit": metric.unit or "", "direction": metric.direction or "", "rule_text": metric.rule or "",
            "position": position,
        },
        versioned=True,
    )  # fmt: skip
    row = plan.add(
        METRIC, metric.key, path,
        {
            **plan.named(metric), **plan.sourced(metric), "objective": objective, "position": position,
            "years_stated": metric.years_stated, "unit": metric.unit or "", "data_source": metric.data_source or "",
            "text_fi": metric.text_fi or "", "text_sv": metric.text_sv or "", "text_en": metric.text_en or "",
            "rule": judged, "follows": Ref(METRIC, before) if before else None,
        },
    )  # fmt: skip
    for index, year in enumerate(metric.years):
        plan.add(
            "strategy.MetricYear",
            f"{metric.key}/{year}",
            (*path, "years", index),
            {"metric": row, "year": year, "year_stated": metric.years_stated},
            identity=("metric", "year"),
        )


def _season(document: ProgrammeFile, plan: Plan) -> None:
    season = document.okr.season if document.okr else None
    if season is None:
        return
    path: Path = ("okr", "season")
    if season.length_months * season.seasons_per_year != 12:
        plan.problem(
            (*path, "seasons_per_year"),
            f"{season.seasons_per_year} seasons of {season.length_months} months do not make a year",
        )
    bounds = season.boundaries
    if bounds and len(bounds.suggested) != season.seasons_per_year:
        reason = f"{len(bounds.suggested)} seasons are listed, not {season.seasons_per_year}"
        plan.problem((*path, "boundaries"), reason)
    plan.add(
        "strategy.SeasonCycle", "season", path,
        {
            **plan.named(season), **plan.sourced(bounds), "length_months": season.length_months,
            "seasons_per_year": season.seasons_per_year, "boundaries": bounds.suggested if bounds else [],
        },
        identity=(),
    )  # fmt: skip


def _balancing(document: ProgrammeFile, plan: Plan) -> None:
    part = document.balancing_programme
    if part is None:
        return
    path: Path = ("balancing_programme",)
    if part.period.end < part.period.start:
        plan.problem((*path, "period"), "the period ends before it starts")
    key = part.key or key_of(part)
    row = plan.add(
        "strategy.BalancingProgramme", key, path,
        {
            **plan.named(part), **plan.sourced(None), "name_variants": [part.fi_variant] if part.fi_variant else [],
            "start_year": part.period.start, "end_year": part.period.end, **plan.texts("basis", part.basis),
            **plan.texts("confirmed", part.confirmed),
            "target_eur_cents": cents(plan, (*path, "euro_targets"), part.euro_targets, "M€"),
        },
    )  # fmt: skip
    for index, principle in enumerate(part.principles):
        plan.add(
            "strategy.BalancingPrinciple", f"{key}/{principle.number}", (*path, "principles", index),
            {
                **plan.named(principle), **plan.sourced(principle), "balancing": row, "number": principle.number,
                **plan.texts("condition", principle.conditional),
            },
            identity=("balancing", "number"),
        )  # fmt: skip
