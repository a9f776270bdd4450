"""What a programme says in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from programme.loading.format import (
    ProgrammeFile,
)
from programme.loading.plan import Plan, Ref
from programme.loading.problems import Path
from programme.loading.rows.names import (
    GOAL,
    SECTOR,
    STATEMENT,
    text_of,
)
from programme.loading.values import Words


class _Said:
    """Adds statements: things the programme says in words."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def one(
        self, kind: str, path: Path, part: Words | None, *, key: str | None = None, group: str = "", position: int = 0,
        detail: Words | None = None, data: dict[str, Any] | None = None, **values: Any,
    ) -> Ref | None:  # fmt: skip
        """A statement of one text; nothing when the file has none."""
        if part is None:
            return None
        plan = self.plan
        return plan.add(
            STATEMENT, key or "/".join(str(step) for step in path), path,
            {
                **plan.named(part), **plan.sourced(part), "kind": kind, "group": group,
                "number": getattr(part, "number", None), "position": position, **plan.texts("detail", detail),
                "parent": None, "theme": None, "sector": None, "data": data or {}, **values,
            },
        )  # fmt: skip

    def many(self, kind: str, path: Path, parts: Iterable[Words], **options: Any) -> None:
        for index, part in enumerate(parts):
            key = getattr(part, "key", None)
            self.one(
                kind,
                (*path, index),
                part,
                key="/".join([*map(str, path), str(key or index + 1)]),
                position=index + 1,
                **options,
            )


def build_statements(document: ProgrammeFile, plan: Plan) -> None:
    said = _Said(plan)
    _said_of_programme(document, said)
    _said_of_strategy(document, said)
    _said_of_figures(document, said)
    _said_by_sector(document, said)
    said.many("challenge", ("challenges",), document.challenges)
    if effects := document.expected_effects:
        said.many("expected_effect", ("expected_effects", "clients"), effects.clients, group="clients")
        said.many("expected_effect", ("expected_effects", "staff"), effects.staff, group="staff")
    said.many("risk_note", ("risk_notes",), document.risk_notes)
    said.many("indicator_note", ("indicator_notes",), document.indicator_notes)
    said.many("ambiguity", ("ambiguities",), document.ambiguities)
    if document.impact_assessment:
        said.one("impact_note", ("impact_assessment", "column_lost"), document.impact_assessment.column_lost)
    if document.change_management:
        said.one(
            "change_note",
            ("change_management", "alternative_reading"),
            document.change_management.alternative_reading,
        )


def _said_of_programme(document: ProgrammeFile, said: _Said) -> None:
    facts, at = document.programme, "programme"
    if document.source:
        said.many(
            "background_material", ("source", "background_material"), document.source.background_material
        )
    if facts.period.fi or facts.period.sv or facts.period.en:
        said.one("period", (at, "period"), facts.period)
    if launch := facts.full_launch:
        said.one(
            "full_launch", (at, "full_launch"), text_of(fi=f"{launch.month or ''}/{launch.year}".strip("/")),
            data={"year": launch.year, "month": launch.month}, source_page=launch.page or "",
        )  # fmt: skip
    said.one("measures_note", (at, "measures_note"), facts.measures_note)
    said.one("measures_note", (at, "measure_headings"), facts.measure_headings, position=1)
    said.one("living_document", (at, "living_document"), facts.living_document)
    said.one("boundary_condition", (at, "boundary_condition"), facts.boundary_condition)
    said.one("realisation", (at, "realisation_rule"), facts.realisation_rule)
    said.one("realisation", (at, "realisation_note"), facts.realisation_note, position=1)
    if relative := facts.relative_target:
        said.one(
            "relative_target",
            (at, "relative_target"),
            text_of(**{said.plan.plain_language: relative.text}),
            confidence=relative.confidence or "",
        )
    said.many("productivity_definition", (at, "productivity_definition"), facts.productivity_definition)
    said.many("target_setting", (at, "how_targets_were_set"), facts.how_targets_were_set)
    said.many("parallel_work", (at, "parallel_work_on_funding"), facts.parallel_work_on_funding)
    said.many("commitment", (at, "other_commitments"), facts.other_commitments)
    if action := facts.action_plan:
        row = said.one("action_plan", (at, "action_plan"), action, detail=action.role)
        said.one("action_plan", (at, "action_plan", "kept_by"), action.kept_by, group="kept_by", parent=row)
    if culture := facts.culture_focus:
        said.one("culture_focus", (at, "culture_focus"), culture, data={"years": culture.years})
    if preparation := document.preparation:
        period = preparation.period
        said.one(
            "preparation",
            ("preparation", "method"),
            preparation.method or (text_of(fi="–") if period else None),
            data={"from": period.from_, "to": period.to} if period else {},
        )
        said.many("preparation", ("preparation", "then"), preparation.then, group="then")
        said.many("participant", ("preparation", "participants"), preparation.participants)


def _said_of_strategy(document: ProgrammeFile, said: _Said) -> None:
    if links := document.strategy_links:
        said.one(
            "strategy_statement",
            ("strategy_links", "vision_slogan"),
            links.vision_slogan,
            group="vision_slogan",
        )
        said.many(
            "strategy_statement", ("strategy_links", "statements"), links.statements, group="statements"
        )
        said.many("principle", ("strategy_links", "principles"), links.principles)
    said.many("citizen_change", ("citizen_changes",), document.citizen_changes)
    if umbrella := document.umbrella_goal:
        row = said.one("umbrella_goal", ("umbrella_goal",), umbrella)
        for index, goal in enumerate(umbrella.covers):
            path: Path = ("umbrella_goal", "covers", index)
            said.plan.add(
                "programme.StatementGoal",
                f"umbrella_goal/{goal}",
                path,
                {"statement": row, "goal": said.plan.ref(GOAL, goal, path, "goal"), "position": index + 1},
                identity=("statement", "goal"),
            )
    if system := document.operating_system:
        said.many("management_part", ("operating_system", "parts"), system.parts)
        said.many("pillar", ("operating_system", "pillars"), system.pillars)
    if document.vision:
        said.one("vision_note", ("vision", "nature"), document.vision.nature)
    if objectives := document.annual_objectives:
        for name in ("set_by", "followed_by"):
            if who := getattr(objectives, name):
                said.one(
                    "objectives_note",
                    ("annual_objectives", name),
                    who.when,
                    group=name,
                    data={"body": who.body},
                )
    if measured := document.measurements_360:
        said.one(
            "measurement_360",
            ("measurements_360",),
            measured,
            detail=measured.purpose,
            source_note=next(filter(None, said.plan.texts("x", measured.belongs_to).values()), ""),
        )
    _said_of_okr(document, said)


def _said_of_okr(document: ProgrammeFile, said: _Said) -> None:
    okr = document.okr
    if okr is None:
        return
    said.one("okr", ("okr", "name"), okr.name, group="name")
    for index, name in enumerate(
        ("objective_source", "visibility", "followed_at", "fallback_before_rollout")
    ):
        said.one("okr", ("okr", name), getattr(okr, name), group=name, position=index + 1)
    if okr.reported_to:
        said.one(
            "okr",
            ("okr", "reported_to"),
            okr.reported_to.when,
            group="reported_to",
            data={"body": okr.reported_to.body},
            position=9,
        )
    said.many("okr_element", ("okr", "elements"), okr.elements)
    for index, step in enumerate(okr.rollout):
        said.one("okr_rollout", ("okr", "rollout", index), step, position=index + 1, data={"when": step.when})


def _said_of_figures(document: ProgrammeFile, said: _Said) -> None:
    monitoring, roadmap, savings = document.monitoring, document.roadmap, document.savings
    if monitoring:
        said.one(
            "monitoring_note", ("monitoring", "programme_own_monitoring"), monitoring.programme_own_monitoring
        )
    if roadmap and (shown := roadmap.big_rooms_shown):
        said.one(
            "roadmap_note", ("roadmap", "big_rooms_shown"), text_of(fi="big room", en="big room"),
            data=shown.model_dump(include={"kick_off", "big_room"}, exclude_none=True),
            confidence=shown.confidence or "",
        )  # fmt: skip
    if savings is None:
        return
    if savings.total:
        plain = said.plan.plain_language
        said.many(
            "savings_note",
            ("savings", "total", "checks"),
            [text_of(**{plain: text}) for text in savings.total.checks],
            group="checks",
        )
    if matching := savings.by_sector_matching:
        path: Path = ("savings", "by_sector_matching")
        row = said.one("savings_note", (*path, "how"), matching.how, group="by_sector")
        said.many("savings_note", (*path, "support"), matching.support, group="by_sector", parent=row)
        said.one("savings_note", (*path, "period"), matching.period, group="by_sector", position=20)
        said.one(
            "savings_note", (*path, "open_question"), matching.open_question, group="by_sector", position=21
        )


def _said_by_sector(document: ProgrammeFile, said: _Said) -> None:
    plan = said.plan
    for section, kind in (("sector_challenges", "sector_challenge"), ("already_done", "already_done")):
        for sector, parts in getattr(document, section).items():
            path: Path = (section, sector)
            link = plan.ref(SECTOR, sector, path, "sector")
            said.many(kind, path, parts, group=sector, sector=link)
