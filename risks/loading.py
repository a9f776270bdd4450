"""The rows of risks, impact areas and promises that a programme file makes."""

from __future__ import annotations

from programme.loading.format import ProgrammeFile, RiskPart
from programme.loading.plan import Plan
from programme.loading.problems import Path
from risks.factors import known_in

RISK = "risks.Risk"


def build(document: ProgrammeFile, plan: Plan) -> None:
    """Plans every row of the risks app. Levels of risks and answers on impact stay empty until people give them."""
    rows = []
    for index, risk in enumerate(document.risks):
        path: Path = ("risks", index)
        row = plan.add(
            RISK, risk.key, path,
            {
                **plan.texts("name", risk.name), **plan.sourced(risk), "number": risk.number,
                "category": risk.category or "", **plan.texts("description", risk.description),
            },
        )  # fmt: skip
        plan.items(
            "risks.RiskExample", f"{risk.key}/example", (*path, "examples"), risk.examples, {"risk": row}
        )
        place: Path = (*path, "level_factors")
        for number, factor in enumerate(risk.level_factors, 1):
            plan.add(
                "risks.LevelFactor", f"{risk.key}/factor/{number}", (*place, number - 1),
                {
                    **plan.named(factor), "position": number, "risk": row,
                    "counted": known_in(factor.fi, factor.en, getattr(factor, "plain", "")),
                },
            )  # fmt: skip
        rows.append((risk, path))
    for risk, path in rows:  # after all risks, because mitigations point to other risks
        _mitigations(risk, path, plan)
    _impact(document, plan)
    for audience in ("clients", "staff"):
        for index, promise in enumerate(getattr(document.promises, audience) if document.promises else []):
            plan.add(
                "risks.Promise", promise.key, ("promises", audience, index),
                {
                    **plan.named(promise), **plan.sourced(promise), "audience": audience, "position": index + 1,
                    **plan.texts("instead", promise.instead),
                },
            )  # fmt: skip


def _mitigations(risk: RiskPart, path: Path, plan: Plan) -> None:
    owner = plan.ref(RISK, risk.key, path, "risk")
    for index, part in enumerate(risk.mitigations):
        place: Path = (*path, "mitigations", index)
        row = plan.add(
            "risks.Mitigation",
            f"{risk.key}/mitigation/{index + 1}",
            place,
            {**plan.named(part), **plan.sourced(part), "risk": owner, "position": index + 1},
        )
        for number, other in enumerate(part.refers_to):
            where: Path = (*place, "refers_to", number)
            if other == risk.key:
                plan.problem(where, "a risk cannot refer to its own mitigations")
            plan.add(
                "risks.MitigationReference",
                f"{row.key}/{other}",
                where,
                {"mitigation": row, "risk": plan.ref(RISK, other, where, "risk")},
                identity=("mitigation", "risk"),
            )


def _impact(document: ProgrammeFile, plan: Plan) -> None:
    for index, area in enumerate(document.impact_assessment.areas if document.impact_assessment else []):
        path: Path = ("impact_assessment", "areas", index)
        row = plan.add(
            "risks.ImpactArea", area.key, path,
            {
                **plan.named(area), **plan.sourced(area), "position": index + 1, "may_be_split": area.may_be_split,
                "advances": area.advances,
            },
        )  # fmt: skip
        plan.items("risks.ImpactStatement", area.key, (*path, "statements"), area.statements, {"area": row})
