"""Sources of money and their allocations."""

from __future__ import annotations

from programme.loading.checks import funding_plans
from programme.loading.format import (
    FundingPlan,
    ProgrammeFile,
)
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    GOAL,
    THEME,
    cents,
)

KNOWN_SOURCES = {"hankerahoitus": "project_grant", "oma-panostus": "own"}


def build_funding(document: ProgrammeFile, plan: Plan) -> None:
    position = 0
    for path, funding in funding_plans(document):
        position += 1
        key = getattr(funding, "key", "stabilisation")
        source = plan.add(
            "programme.FundingSource", key, path,
            {
                **plan.texts("name", funding.name), "kind": getattr(funding, "kind", "stabilisation"),
                "position": position, **plan.texts("granted_by", funding.granted_by),
                "total_eur_cents": cents(plan, (*path, "total"), funding.total, funding.unit),
                **plan.texts("status", funding.status), **plan.sourced(funding),
                "source_note": " · ".join(filter(None, [funding.note, funding.check])),
            },
        )  # fmt: skip
        _allocations(funding, source, path, plan)
    for index, other in enumerate(document.funding.other_sources if document.funding else []):
        position += 1
        plan.add(
            "programme.FundingSource", other.key, ("funding", "other_sources", index),
            {
                **plan.named(other), "kind": other.kind or KNOWN_SOURCES.get(other.key, "other"), "position": position,
                **plan.texts("granted_by", None), "total_eur_cents": None, **plan.texts("status", None),
                **plan.sourced(other),
            },
        )  # fmt: skip


def _allocations(funding: FundingPlan, source: Ref, path: Path, plan: Plan) -> None:
    for index, part in enumerate(funding.allocations):
        place = (*path, "allocations", index)
        allocation = plan.add(
            "programme.Allocation", f"{source.key}/{part.key}", place,
            {
                **plan.named(part), **plan.sourced(part, confidence=funding.confidence, page=funding.page),
                "source": source, "key": part.key, "position": index + 1, "share_low": part.share_low,
                "share_high": part.share_high, "final_share": part.final_share, "state": part.state,
                "theme": plan.ref(THEME, part.theme, (*place, "theme"), "theme") if part.theme else None,
            },
            identity=("source", "key"),
        )  # fmt: skip
        for number, goal in enumerate(part.goals):
            plan.add(
                "programme.AllocationGoal", f"{allocation.key}/{goal}", (*place, "goals", number),
                {
                    "allocation": allocation, "goal": plan.ref(GOAL, goal, (*place, "goals", number), "goal"),
                    "position": number + 1,
                },
                identity=("allocation", "goal"),
            )  # fmt: skip
