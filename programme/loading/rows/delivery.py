"""The roadmap, the preparation and how projects are run."""

from __future__ import annotations

from programme.loading.format import (
    ProgrammeFile,
)
from programme.loading.plan import Plan
from programme.loading.problems import Path
from programme.loading.values import month_range


def build_roadmap(document: ProgrammeFile, plan: Plan) -> None:
    roadmap = document.roadmap
    for index, activity in enumerate(roadmap.activities if roadmap else []):
        path: Path = ("roadmap", "activities", index)
        first, last = month_range(activity.from_)[0], month_range(activity.to)[1]
        if last < first:
            plan.problem((*path, "to"), "the activity ends before it starts")
        row = plan.add(
            "programme.RoadmapActivity", activity.key, path,
            {
                **plan.named(activity), **plan.sourced(activity, confidence=roadmap.confidence if roadmap else None),
                "position": index + 1, "from_text": activity.from_, "to_text": activity.to, "starts_on": first,
                "ends_on": last, "on_date": activity.date,
            },
        )  # fmt: skip
        plan.items("programme.RoadmapPart", activity.key, (*path, "parts"), activity.parts, {"activity": row})


def build_preparation(document: ProgrammeFile, plan: Plan) -> None:
    for index, workshop in enumerate(document.preparation.workshops if document.preparation else []):
        plan.add(
            "programme.PreparationWorkshop",
            str(workshop.number),
            ("preparation", "workshops", index),
            {
                **plan.named(workshop),
                **plan.sourced(workshop),
                "number": workshop.number,
                "held_on": workshop.date,
            },
            identity=("number",),
        )


def build_projects(document: ProgrammeFile, plan: Plan) -> None:
    projects, change = document.projects, document.change_management
    for index, phase in enumerate(projects.phases if projects else []):
        path: Path = ("projects", "phases", index)
        row = plan.add(
            "programme.ProjectPhase",
            str(phase.number),
            path,
            {
                **plan.named(phase),
                **plan.sourced(phase),
                "number": phase.number,
                **plan.texts("content", phase.content),
            },
            identity=("number",),
        )
        prefix = f"phase-{phase.number}"
        plan.items("programme.PhaseQuestion", prefix, (*path, "questions"), phase.questions, {"phase": row})
    for index, part in enumerate(projects.plan_template if projects else []):
        plan.add(
            "programme.PlanPart",
            part.key,
            ("projects", "plan_template", index),
            {**plan.named(part), **plan.sourced(part), "position": index + 1},
        )
    for index, linked in enumerate(projects.linked_projects if projects else []):
        plan.add(
            "programme.LinkedInitiative", linked.key, ("projects", "linked_projects", index),
            {
                **plan.named(linked), **plan.sourced(linked), "names_in_source": linked.names_in_source,
                "position": index + 1,
            },
        )  # fmt: skip
    for index, element in enumerate(change.elements if change else []):
        plan.add(
            "programme.ChangeElement", element.key, ("change_management", "elements", index),
            {
                **plan.named(element), **plan.sourced(element, confidence=change.confidence if change else None),
                "position": index + 1, **plan.texts("challenge", element.challenge),
                **plan.texts("approach", element.approach), "match_confidence": element.match_confidence or "",
            },
        )  # fmt: skip
