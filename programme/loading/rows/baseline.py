"""Figures of the starting point."""

from __future__ import annotations

from django.utils.text import slugify

from programme.loading.format import (
    Fact,
    ProgrammeFile,
)
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    SECTOR,
    key_of,
)


def build_baseline(document: ProgrammeFile, plan: Plan) -> None:
    for name, group in document.baseline.items():
        for index, fact in enumerate(group.items):
            key = fact.key or key_of(fact)
            path: Path = ("baseline", name, "items", index)
            if ("baseline", name, "items") not in plan.source.lines:
                path = ("baseline", name, index)
            plan.add(
                "programme.BaselineFact", f"{name}/{key}", path,
                {
                    **plan.named(fact), **plan.sourced(fact, confidence=group.confidence, page=group.page),
                    "source_note": fact.note or group.note or "", "group": name, "key": key, "position": index + 1,
                    "value": fact.value if fact.share is None else fact.share, "national": fact.national,
                    "target_value": fact.target, "unit": _unit(fact, group.unit), "year": fact.year or group.year,
                    "is_approximate": fact.approximate, "direction": fact.direction or "",
                    "change_percent": fact.change.percent if fact.change else None,
                    "change_from_year": fact.change.from_year if fact.change else None,
                    "sector": Ref(SECTOR, key) if plan.has(SECTOR, key) and name.endswith("_by_sector") else None,
                },
                identity=("group", "key"),
            )  # fmt: skip
    own = plan.texts("name", document.organisation.name).values()
    for index, peer in enumerate(document.peer_comparison):
        key = slugify(peer.county)[:60]
        plan.add(
            "programme.PeerComparison", key, ("peer_comparison", index),
            {
                "name_fi": peer.county, "name_sv": "", "name_en": "", **plan.sourced(None), "position": index + 1,
                "is_own": any(key[:8] == slugify(name)[:8] for name in own if name),
                "net_cost_eur_per_inhabitant": peer.net_cost_eur_per_inhabitant,
                "need_coefficient": peer.need_coefficient,
            },
        )  # fmt: skip


def _unit(fact: Fact, of_group: str | None) -> str:
    return fact.unit or of_group or ("%" if fact.share is not None else "")
