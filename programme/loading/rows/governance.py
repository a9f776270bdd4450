"""Bodies, documents, duties and perspectives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from programme.loading.format import (
    ProgrammeFile,
)
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    BODY,
)

KNOWN_BODIES = {
    "aluevaltuusto": ("county_council", "Aluevaltuusto", "Välfärdsområdesfullmäktige", "County council"),
    "aluehallitus": ("county_board", "Aluehallitus", "Välfärdsområdesstyrelsen", "County board"),
    "johtoryhma": ("management_group", "Johtoryhmä", "Ledningsgruppen", "Management group"),
}
_KEY = r"[a-z0-9][a-z0-9_-]*"
FREQUENCIES = (
    (r"weekly|viikoittain", "weekly"), (r"monthly|kuukausittain", "monthly"), (r"every 4 months", "four_monthly"),
    (r"at least with each interim report|osavuosikatsauksittain", "interim"), (r"yearly|vuosittain", "yearly"),
    (r"continuous|jatkuvasti", "continuous"),
)  # fmt: skip


def body_ref(name: str, plan: Plan) -> Ref | None:
    """The body that a word of the file names by its key; None for other words."""
    return Ref(BODY, name) if plan.has(BODY, name) else None


def _named_bodies(document: ProgrammeFile) -> Iterable[str]:
    """Words by which the file speaks of bodies."""
    facts, objectives, okr = document.programme, document.annual_objectives, document.okr
    if facts.approval:
        yield facts.approval.body
    for part in [*facts.implements_documents, *facts.based_on]:
        yield part.approved_by or ""
    for time in (
        objectives and objectives.set_by,
        objectives and objectives.followed_by,
        okr and okr.reported_to,
    ):
        if time:
            yield time.body
    for duty in document.reporting_cycle:
        yield duty.who


def build_bodies(document: ProgrammeFile, plan: Plan) -> None:
    bodies = document.governance.bodies if document.governance else []
    for index, body in enumerate(bodies):
        kind = body.kind or (KNOWN_BODIES[body.key][0] if body.key in KNOWN_BODIES else "other")
        plan.add(
            BODY, body.key, ("governance", "bodies", index),
            {
                **plan.named(body), **plan.sourced(body), "kind": kind, "position": index + 1,
                "is_steering_group": body.acts_as is not None, "count": body.count, **plan.texts("level", body.level),
                **plan.texts("acts_as", body.acts_as), **plan.texts("responsibility", body.responsibility),
            },
        )  # fmt: skip
    named = dict.fromkeys(_named_bodies(document))
    missing = [key for key in KNOWN_BODIES if key in named and not plan.has(BODY, key)]
    for index, key in enumerate(missing, len(bodies)):
        kind, fi, sv, en = KNOWN_BODIES[key]
        plan.add(
            BODY, key, ("programme",),
            {
                "name_fi": fi, "name_sv": sv, "name_en": en, **plan.sourced(None), "kind": kind, "position": index + 1,
                "is_steering_group": False, "count": None, **plan.texts("level", None), **plan.texts("acts_as", None),
                **plan.texts("responsibility", None),
            },
        )  # fmt: skip


def build_documents(document: ProgrammeFile, plan: Plan) -> None:
    facts = document.programme
    sections = (("implements_documents", facts.implements_documents), ("based_on", facts.based_on))
    position = 0
    for section, parts in sections:
        for index, part in enumerate(parts):
            position += 1
            path: Path = ("programme", section, index)
            approver = part.approved_by
            if approver and body_ref(approver, plan) is None:
                plan.problem((*path, "approved_by"), f"there is no body {approver!r}")
            plan.add(
                "programme.StrategyDocument", part.key, path,
                {
                    **plan.named(part), **plan.sourced(part), "position": position,
                    "approved_by": body_ref(approver, plan) if approver else None, "approved_on": part.date,
                    "paragraph": part.paragraph, "main_lines": part.main_lines,
                },
            )  # fmt: skip


def _frequency(words: str) -> str:
    return next((code for pattern, code in FREQUENCIES if re.fullmatch(pattern, words)), "other")


def _recipients(words: str, bodies: set[str], path: Path, plan: Plan) -> set[str]:
    """Bodies named by key in `to`. A list of single words is a list of keys; other words may name some."""
    listed = [part.strip() for part in words.split(",")]
    if all(re.fullmatch(_KEY, part) for part in listed):
        for part in listed:
            if part not in bodies:
                plan.problem(path, f"there is no body {part!r} (or say it in several words)")
    return bodies & set(re.findall(_KEY, words))


def build_reporting(document: ProgrammeFile, plan: Plan) -> None:
    model, position = "programme.ReportingDuty", 0
    bodies = {body.key for body in document.governance.bodies} if document.governance else set()
    for index, duty in enumerate(document.governance.reporting if document.governance else []):
        path: Path = ("governance", "reporting", index)
        position += 1
        if duty.from_ != "programme" and duty.from_ not in bodies:
            plan.problem((*path, "from"), f"there is no body {duty.from_!r} (or write programme)")
        row = plan.add(
            model, duty.key, path,
            {
                **plan.sourced(duty), **plan.texts("what", duty.what), **plan.texts("when", None), "kind": duty.kind,
                "position": position, "from_body": body_ref(duty.from_, plan), "from_text": duty.from_,
                "to_text": duty.to, "frequency": _frequency(duty.frequency), "frequency_text": duty.frequency,
            },
        )  # fmt: skip
        for key in sorted(_recipients(duty.to, bodies, (*path, "to"), plan)):
            plan.add(
                "programme.DutyRecipient",
                f"{duty.key}/{key}",
                (*path, "to"),
                {"duty": row, "body": Ref(BODY, key)},
                identity=("duty", "body"),
            )
    for index, cycle in enumerate(document.reporting_cycle):
        position += 1
        plan.add(
            model, cycle.key, ("reporting_cycle", index),
            {
                **plan.sourced(cycle), **plan.texts("what", cycle.does), **plan.texts("when", cycle.when),
                "kind": "cycle", "position": position, "from_body": body_ref(cycle.who, plan),
                "from_text": cycle.who, "to_text": "", "frequency": _frequency(cycle.frequency),
                "frequency_text": cycle.frequency,
            },
        )  # fmt: skip
    for index, item in enumerate(document.monitoring.cycle if document.monitoring else []):
        position += 1
        plan.add(
            model, f"monitoring-{index + 1}", ("monitoring", "cycle", index),
            {
                **plan.sourced(None), **plan.texts("what", item.what), **plan.texts("when", item.when),
                "kind": "follow_up", "position": position, "from_body": None, "from_text": "", "to_text": "",
                "frequency": "other", "frequency_text": "",
            },
        )  # fmt: skip
    for index, side in enumerate(document.governance.perspectives if document.governance else []):
        path = ("governance", "perspectives", index)
        row = plan.add(
            "programme.Perspective",
            side.key,
            path,
            {**plan.named(side), **plan.sourced(side), "position": index + 1, **plan.texts("aim", side.aim)},
        )
        plan.items("programme.PerspectiveTask", side.key, (*path, "tasks"), side.tasks, {"perspective": row})
