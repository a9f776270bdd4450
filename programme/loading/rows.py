"""The rows of the programme app that a programme file makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from programme.loading.checks import ends_of, funding_plans, themes_of
from programme.loading.format import Fact, FundingPlan, Goal, ProgrammeFile, StatedTarget, SubGoal
from programme.loading.plan import LANGUAGES, Plan, Ref
from programme.loading.problems import Path
from programme.loading.values import Cell, Pair, Words, month_range, to_cents

ORGANISATION = "programme.Organisation"
PROGRAMME = "programme.Programme"
THEME = "programme.Theme"
GOAL = "programme.Goal"
SECTOR = "programme.Sector"
COST_TYPE = "programme.CostType"
TARGET = "programme.Target"
BODY = "programme.Body"
STATEMENT = "programme.Statement"

#: Why a target version begins with a load.
REASON = "programme file"

SPEARHEAD = {
    "fi": "strategiakärki", "sv": "strategiskt spetsområde", "en": "strategic spearhead",
    "fi_plural": "strategiakärjet", "sv_plural": "strategiska spetsområden", "en_plural": "strategic spearheads",
}  # fmt: skip
KNOWN_BODIES = {
    "aluevaltuusto": ("county_council", "Aluevaltuusto", "Välfärdsområdesfullmäktige", "County council"),
    "aluehallitus": ("county_board", "Aluehallitus", "Välfärdsområdesstyrelsen", "County board"),
    "johtoryhma": ("management_group", "Johtoryhmä", "Ledningsgruppen", "Management group"),
}
KNOWN_SOURCES = {"hankerahoitus": "project_grant", "oma-panostus": "own"}
FREQUENCIES = (
    (r"weekly|viikoittain", "weekly"), (r"monthly|kuukausittain", "monthly"), (r"every 4 months", "four_monthly"),
    (r"at least with each interim report|osavuosikatsauksittain", "interim"), (r"yearly|vuosittain", "yearly"),
    (r"continuous|jatkuvasti", "continuous"),
)  # fmt: skip


def build(document: ProgrammeFile, plan: Plan) -> None:
    """Plans every row of the programme app, in the order in which rows need each other."""
    _programme(document, plan)
    _themes_and_goals(document, plan)
    _sectors(document, plan)
    _cost_types(document, plan)
    _bodies(document, plan)
    _documents(document, plan)
    _targets(document, plan)
    _funding(document, plan)
    _reporting(document, plan)
    _roadmap(document, plan)
    _preparation(document, plan)
    _projects(document, plan)
    _baseline(document, plan)
    _statements(document, plan)


def cents(plan: Plan, path: Path, value: Decimal | None, unit: str) -> int | None:
    """Whole cents of an amount in the file; a problem when it is finer than a cent."""
    if value is None:
        return None
    try:
        return to_cents(value, unit)
    except ValueError as error:
        plan.problem(path, str(error))
        return 0


def key_of(part: Words, plain: str = "") -> str:
    """A key made of the first text there is."""
    text = part.fi or part.sv or part.en or plain
    return slugify(text)[:60].strip("-") or "x"


# ------------------------------------------------------------------------------------------ programme


def _programme(document: ProgrammeFile, plan: Plan) -> None:
    organisation, facts = document.organisation, document.programme
    name = plan.texts("name", organisation.name)
    key = organisation.key or slugify(next(filter(None, name.values())))[:60]
    owner = plan.add(
        ORGANISATION, key, ("organisation",),
        {
            **name, "key": key, "abbreviation": organisation.abbreviation or "",
            "predecessor": organisation.predecessor or "", "municipalities": organisation.municipalities,
            "inhabitants": organisation.inhabitants,
        },
    )  # fmt: skip
    base = facts.baseline_for_savings or (document.savings.comparison_base if document.savings else None)
    horizon = facts.long_term_period.end if facts.long_term_period else facts.vision_by
    source = document.source
    plan.add(
        PROGRAMME, document.key, ("programme",),
        {
            **plan.texts("name", facts.name), "slug": document.slug or document.key[:60].strip("-"),
            "file_key": document.key, "organisation": owner, "kind": facts.kind or _kind(document),
            "basis": facts.basis, "start_year": facts.period.start, "end_year": facts.period.end,
            "horizon_year": horizon,
            "base_year": facts.base_year or (facts.period.start if base or document.savings else None),
            **plan.texts("comparison_base", base), **plan.texts("purpose", facts.purpose),
            "words": _words(document, plan), "document": _document(document, plan), "language": document.language,
            "source_title": (source and (source.title_fi or source.title_sv or source.title_en)) or "",
            "source_version": (source and source.version) or "", "source_kind": (source and source.kind) or "",
            "approval_body": facts.approval.body if facts.approval else "",
            "approval_planned_on": facts.approval.planned_date if facts.approval else None,
            "approved_on": facts.approval.date if facts.approval else None,
            "measures_identified_at_least": facts.measures_identified_at_least,
        },
        identity=("file_key",),
    )  # fmt: skip
    if horizon is not None and horizon < facts.period.end:
        plan.problem(("programme", "vision_by"), "the vision ends before the programme")


def _kind(document: ProgrammeFile) -> str:
    return "strategy_implementation" if document.vision or document.spearheads else "productivity"


def _said(text: Words | None) -> dict[str, str]:
    """A text as {language: text}, for JSON."""
    return {code: getattr(text, code) for code in LANGUAGES if getattr(text, code, None)}


def _words(document: ProgrammeFile, plan: Plan) -> dict[str, Any]:
    words: dict[str, Any] = {"theme": dict(SPEARHEAD)} if document.spearheads else {}
    for key, word in document.words.items():
        words[key] = {**words.get(key, {}), **word.model_dump(exclude_none=True)}
    if document.stages:
        words["stages"] = [{"key": s.key, "meaning": s.meaning, **_said(s)} for s in document.stages]
        _once(plan, ("stages",), [stage.key for stage in document.stages])
    columns = document.savings.columns if document.savings else []
    if columns:
        words["columns"] = {c.role: {"key": c.key, **_said(c)} for c in columns if c.role}
    return words


def _once(plan: Plan, path: Path, keys: list[str]) -> None:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            plan.problem((*path, index, "key"), f"key {key!r} is used twice")


def _document(document: ProgrammeFile, plan: Plan) -> dict[str, Any]:
    """Scalars of the file that no table holds: pages of sections, headings, the like."""
    facts, savings, monitoring = document.programme, document.savings, document.monitoring
    pages: dict[str, Any] = {
        "baseline_for_savings": facts.baseline_for_savings.page if facts.baseline_for_savings else None,
        "savings": savings.page if savings else None,
        "monitoring": monitoring.page if monitoring else None,
        "governance": document.governance.pages if document.governance else None,
    }
    found: dict[str, Any] = {
        "pages": {name: page for name, page in pages.items() if page},
        "metrics_are_preliminary": monitoring.metrics_are_preliminary if monitoring else None,
        "savings_sign": savings.sign if savings else None,
        "savings_comparison_base": _plain(savings.comparison_base, plan) if savings else None,
        "roadmap_months": document.roadmap.months if document.roadmap else None,
        "operating_system_in_full_use_by": facts.operating_system_in_full_use_by,
        "long_term_period": facts.long_term_period.model_dump() if facts.long_term_period else None,
        "baseline_titles": {n: _plain(g.title, plan) for n, g in document.baseline.items() if g.title},
        "baseline_groups": list(document.baseline),
    }
    return {name: value for name, value in found.items() if value not in (None, {}, [])}


def _plain(text: Words | None, plan: Plan) -> dict[str, str] | None:
    if text is None:
        return None
    return {code: value for code in LANGUAGES if (value := plan.texts("x", text)[f"x_{code}"])}


# ------------------------------------------------------------------------------------------ structure


def _themes_and_goals(document: ProgrammeFile, plan: Plan) -> None:
    section, themes = themes_of(document)
    for index, theme in enumerate(themes):
        plan.add(
            THEME, theme.key, (section, index),
            {
                **plan.named(theme), **plan.sourced(theme), "number": theme.number,
                **plan.texts("slogan", theme.slogan), "name_variants": theme.fi_variants,
            },
        )  # fmt: skip
    for index, goal in enumerate(document.goals):
        path: Path = ("goals", index)
        theme_ref = plan.ref(THEME, goal.theme, (*path, "theme"), "theme")
        _goal(goal, goal.number, theme_ref, None, path, plan)


def _goal(
    goal: Goal | SubGoal, number: int, theme: Ref, parent: Ref | None, path: Path, plan: Plan
) -> None:
    row = plan.add(
        GOAL, goal.key, path,
        {
            **plan.named(goal), **plan.sourced(goal), "number": number, "theme": theme, "parent": parent,
            "scope": goal.scope or "",
        },
    )  # fmt: skip
    for index, sub in enumerate(goal.sub_goals):
        _goal(sub, index + 1, theme, row, (*path, "sub_goals", index), plan)


def _sectors(document: ProgrammeFile, plan: Plan) -> None:
    in_table = document.savings.by_sector if document.savings else []
    rows = [
        *((("sectors", i), part) for i, part in enumerate(document.sectors)),
        *((("savings", "by_sector", i), part) for i, part in enumerate(in_table)),
    ]
    stated = {part.key for part in document.sectors}
    numbered = any(part.number is not None for _, part in rows)
    position = 0
    for path, part in rows:
        if path[0] == "savings" and part.key in stated:
            continue  # described under sectors; the table only adds its target
        position += 1
        plan.add(
            SECTOR, part.key, path,
            {
                **plan.named(part), "number": part.number, "position": position,
                "is_rest": part.key == "muut" or (numbered and part.number is None),
                **(plan.sourced(part) if path[0] == "sectors" else plan.sourced(None)),
            },
        )  # fmt: skip
    by_number = {part.number: part.key for _, part in rows if part.number is not None}
    for index, unit in enumerate(document.organisation.units):
        path = ("organisation", "units", index)
        wanted = unit.savings_sector
        if isinstance(wanted, int) and wanted not in by_number:
            plan.problem((*path, "savings_sector"), f"there is no sector number {wanted}")
        key = by_number.get(wanted) if isinstance(wanted, int) else wanted
        plan.add(
            "programme.OrganisationUnit", unit.key, path,
            {
                **plan.named(unit), **plan.sourced(unit), "abbreviation": unit.abbr or "", "position": index + 1,
                "sector": plan.ref(SECTOR, key, (*path, "savings_sector"), "sector") if key else None,
            },
        )  # fmt: skip
    for index, segment in enumerate(document.segments):
        plan.add(
            "programme.Segment", segment.key, ("segments", index),
            {**plan.named(segment), **plan.sourced(segment), "position": index + 1},
        )  # fmt: skip


def _cost_types(document: ProgrammeFile, plan: Plan) -> None:
    position = 0
    for index, row in enumerate(document.savings.by_cost_type if document.savings else []):
        path: Path = ("savings", "by_cost_type", index)
        position += 1
        whole = plan.add(
            COST_TYPE, row.key, path,
            {
                **plan.named(row), **plan.sourced(None), "kind": row.kind, "position": position, "parent": None,
                **plan.texts("policy", row.policy),
            },
        )  # fmt: skip
        for place, part in enumerate(row.includes):
            position += 1
            plan.add(
                COST_TYPE, part.key or key_of(part), (*path, "includes", place),
                {
                    **plan.named(part), **plan.sourced(part), "kind": row.kind, "position": position, "parent": whole,
                    **plan.texts("policy", None),
                },
            )  # fmt: skip


# ------------------------------------------------------------------------------------------ targets


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
            TARGET, identity, path, {**empty, "kind": kind, "column": column, **values}, identity=(), versioned=True
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


def _targets(document: ProgrammeFile, plan: Plan) -> None:
    targets = _Targets(plan)
    facts = document.programme
    if facts.deficit_target:
        _stated(facts.deficit_target, targets)
    path: Path = ("programme", "in_base")
    if facts.in_base is not None:
        targets.add(
            "stated/base", path, "stated", "base", value_eur_cents=cents(plan, path, facts.in_base, "M€"),
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
                f"{kind}/{part.key}/{column}", (*path, column), kind, column, **link, **cell,
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
    cells = [cell for row in savings.by_cost_type if row.kind == "cost" and (cell := getattr(row, column)) is not None]
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


# ------------------------------------------------------------------------------------------ funding


def _funding(document: ProgrammeFile, plan: Plan) -> None:
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


# ------------------------------------------------------------------------------------------ governance


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
    for time in (objectives and objectives.set_by, objectives and objectives.followed_by, okr and okr.reported_to):
        if time:
            yield time.body
    for duty in document.reporting_cycle:
        yield duty.who


def _bodies(document: ProgrammeFile, plan: Plan) -> None:
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


def _documents(document: ProgrammeFile, plan: Plan) -> None:
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


def _reporting(document: ProgrammeFile, plan: Plan) -> None:
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
        for key in sorted(bodies & set(re.findall(r"[a-z0-9][a-z0-9_-]*", duty.to))):
            plan.add(
                "programme.DutyRecipient", f"{duty.key}/{key}", (*path, "to"), {"duty": row, "body": Ref(BODY, key)},
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
            "programme.Perspective", side.key, path,
            {**plan.named(side), **plan.sourced(side), "position": index + 1, **plan.texts("aim", side.aim)},
        )
        plan.items(
            "programme.PerspectiveTask", side.key, (*path, "tasks"), side.tasks, {"perspective": row}
        )


# ------------------------------------------------------------------------------------------ time and projects


def _roadmap(document: ProgrammeFile, plan: Plan) -> None:
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


def _preparation(document: ProgrammeFile, plan: Plan) -> None:
    for index, workshop in enumerate(document.preparation.workshops if document.preparation else []):
        plan.add(
            "programme.PreparationWorkshop", str(workshop.number), ("preparation", "workshops", index),
            {**plan.named(workshop), **plan.sourced(workshop), "number": workshop.number, "held_on": workshop.date},
            identity=("number",),
        )


def _projects(document: ProgrammeFile, plan: Plan) -> None:
    projects, change = document.projects, document.change_management
    for index, phase in enumerate(projects.phases if projects else []):
        path: Path = ("projects", "phases", index)
        row = plan.add(
            "programme.ProjectPhase", str(phase.number), path,
            {
                **plan.named(phase), **plan.sourced(phase), "number": phase.number,
                **plan.texts("content", phase.content),
            },
            identity=("number",),
        )
        prefix = f"phase-{phase.number}"
        plan.items("programme.PhaseQuestion", prefix, (*path, "questions"), phase.questions, {"phase": row})
    for index, part in enumerate(projects.plan_template if projects else []):
        plan.add(
            "programme.PlanPart", part.key, ("projects", "plan_template", index),
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


# ------------------------------------------------------------------------------------------ facts


def _baseline(document: ProgrammeFile, plan: Plan) -> None:
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
                kind, (*path, index), part, key="/".join([*map(str, path), str(key or index + 1)]),
                position=index + 1, **options,
            )


def _statements(document: ProgrammeFile, plan: Plan) -> None:
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
            "change_note", ("change_management", "alternative_reading"), document.change_management.alternative_reading
        )


def _said_of_programme(document: ProgrammeFile, said: _Said) -> None:
    facts, at = document.programme, "programme"
    if document.source:
        said.many("background_material", ("source", "background_material"), document.source.background_material)
    if facts.period.fi or facts.period.sv or facts.period.en:
        said.one("period", (at, "period"), facts.period)
    if launch := facts.full_launch:
        said.one(
            "full_launch", (at, "full_launch"), Words(fi=f"{launch.month or ''}/{launch.year}".strip("/")),
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
            "relative_target", (at, "relative_target"), Words(**{said.plan.plain_language: relative.text}),
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
            "preparation", ("preparation", "method"), preparation.method or (Words(fi="–") if period else None),
            data={"from": period.from_, "to": period.to} if period else {},
        )
        said.many("preparation", ("preparation", "then"), preparation.then, group="then")
        said.many("participant", ("preparation", "participants"), preparation.participants)


def _said_of_strategy(document: ProgrammeFile, said: _Said) -> None:
    if links := document.strategy_links:
        said.one("strategy_statement", ("strategy_links", "vision_slogan"), links.vision_slogan, group="vision_slogan")
        said.many("strategy_statement", ("strategy_links", "statements"), links.statements, group="statements")
        said.many("principle", ("strategy_links", "principles"), links.principles)
    said.many("citizen_change", ("citizen_changes",), document.citizen_changes)
    if umbrella := document.umbrella_goal:
        row = said.one("umbrella_goal", ("umbrella_goal",), umbrella)
        for index, goal in enumerate(umbrella.covers):
            path: Path = ("umbrella_goal", "covers", index)
            said.plan.add(
                "programme.StatementGoal", f"umbrella_goal/{goal}", path,
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
                    "objectives_note", ("annual_objectives", name), who.when, group=name, data={"body": who.body}
                )
    if measured := document.measurements_360:
        said.one(
            "measurement_360", ("measurements_360",), measured, detail=measured.purpose,
            source_note=next(filter(None, said.plan.texts("x", measured.belongs_to).values()), ""),
        )
    _said_of_okr(document, said)


def _said_of_okr(document: ProgrammeFile, said: _Said) -> None:
    okr = document.okr
    if okr is None:
        return
    said.one("okr", ("okr", "name"), okr.name, group="name")
    for index, name in enumerate(("objective_source", "visibility", "followed_at", "fallback_before_rollout")):
        said.one("okr", ("okr", name), getattr(okr, name), group=name, position=index + 1)
    if okr.reported_to:
        said.one(
            "okr", ("okr", "reported_to"), okr.reported_to.when, group="reported_to",
            data={"body": okr.reported_to.body}, position=9,
        )
    said.many("okr_element", ("okr", "elements"), okr.elements)
    for index, step in enumerate(okr.rollout):
        said.one("okr_rollout", ("okr", "rollout", index), step, position=index + 1, data={"when": step.when})


def _said_of_figures(document: ProgrammeFile, said: _Said) -> None:
    monitoring, roadmap, savings = document.monitoring, document.roadmap, document.savings
    if monitoring:
        said.one("monitoring_note", ("monitoring", "programme_own_monitoring"), monitoring.programme_own_monitoring)
    if roadmap and (shown := roadmap.big_rooms_shown):
        said.one(
            "roadmap_note", ("roadmap", "big_rooms_shown"), Words(fi="big room", en="big room"),
            data=shown.model_dump(include={"kick_off", "big_room"}, exclude_none=True),
            confidence=shown.confidence or "",
        )  # fmt: skip
    if savings is None:
        return
    if savings.total:
        plain = said.plan.plain_language
        said.many(
            "savings_note", ("savings", "total", "checks"), [Words(**{plain: text}) for text in savings.total.checks],
            group="checks",
        )
    if matching := savings.by_sector_matching:
        path: Path = ("savings", "by_sector_matching")
        row = said.one("savings_note", (*path, "how"), matching.how, group="by_sector")
        said.many("savings_note", (*path, "support"), matching.support, group="by_sector", parent=row)
        said.one("savings_note", (*path, "period"), matching.period, group="by_sector", position=20)
        said.one("savings_note", (*path, "open_question"), matching.open_question, group="by_sector", position=21)


def _said_by_sector(document: ProgrammeFile, said: _Said) -> None:
    plan = said.plan
    for section, kind in (("sector_challenges", "sector_challenge"), ("already_done", "already_done")):
        for sector, parts in getattr(document, section).items():
            path: Path = (section, sector)
            link = plan.ref(SECTOR, sector, path, "sector")
            said.many(kind, path, parts, group=sector, sector=link)
