"""Which rows have a history page, what belongs to each, who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.changes import Kind, Scope, all_kinds
from core.permissions import can
from programme.models import Programme

#: Kinds whose model names no action of its own, or is more sensitive than its neighbours.
VIEW_ACTIONS = {
    "programme.programme": "programme.view",
    "core.setting": "programme.view",
    "measures.savingsentry": "measure.view",
    "programme.rolegrant": "grant.view",
}
#: Kinds that say their programme otherwise than by a foreign key: SQL over the event `e`, value taken from it.
WITHOUT_KEY = {
    "programme.programme": ("e.pgh_obj_id = %s", "pk"),
    "core.setting": ("e.scope = %s", "slug"),
}

#: Kinds whose rows belong to one person until that person shows them: nobody reads them through history.
PRIVATE = frozenset({"measures.scenario"})


@dataclass(frozen=True)
class Part:
    """Rows of `label` belong to a row of `of` that their column `via` names; `of` is a whole or a part of it."""

    label: str
    via: str
    of: str


#: A whole and its parts: the history of the whole tells those of its parts.
WHOLES: dict[str, tuple[Part, ...]] = {
    "measures.measure": (
        Part("measures.measuregoal", "measure_id", "measures.measure"),
        Part("measures.measuresegment", "measure_id", "measures.measure"),
        Part("measures.measuretarget", "measure_id", "measures.measure"),
        Part("measures.monthlyupdate", "measure_id", "measures.measure"),
        Part("measures.savingsline", "measure_id", "measures.measure"),
        Part("measures.savingsentry", "line_id", "measures.savingsline"),
        Part("measures.overlap", "yielding_line_id", "measures.savingsline"),
        Part("measures.confirmation", "entry_id", "measures.savingsentry"),
        Part("measures.gatedecision", "measure_id", "measures.measure"),
        Part("measures.planchange", "measure_id", "measures.measure"),
        Part("measures.planchangecell", "change_id", "measures.planchange"),
        Part("measures.budgetshare", "measure_id", "measures.measure"),
        Part("measures.correction", "measure_id", "measures.measure"),
        Part("measures.succession", "from_measure_id", "measures.measure"),
        Part("risks.riskcheck", "measure_id", "measures.measure"),
        Part("risks.promisecheck", "measure_id", "measures.measure"),
        Part("risks.impactassessment", "measure_id", "measures.measure"),
        Part("kpis.measureindicator", "measure_id", "measures.measure"),
        Part("risks.groupeffect", "measure_id", "measures.measure"),
        Part("risks.closureassessment", "measure_id", "measures.measure"),
        Part("risks.staffhearing", "measure_id", "measures.measure"),
        Part("risks.productionanalysis", "measure_id", "measures.measure"),
    ),
    "measures.service": (Part("measures.serviceyear", "service_id", "measures.service"),),
    "measures.basetransfer": (Part("measures.basetransferrow", "transfer_id", "measures.basetransfer"),),
    "programme.project": (
        Part("programme.projectplanpart", "project_id", "programme.project"),
        Part("programme.milestone", "project_id", "programme.project"),
        *(
            Part(f"programme.{name}", "project_id", "programme.project")
            for name in (
                "phaseanswer", "projectperson", "projectfinance", "changeelementcheck", "staffeffect",
                "lessonlearned", "stakeholder", "communicationitem", "dependency", "changerequest",
                "lightoverride", "statusupdate",
            )
        ),
        Part("programme.changeitem", "request_id", "programme.changerequest"),
        Part("programme.statusanswer", "update_id", "programme.statusupdate"),
    ),
    "programme.fundingsource": (
        Part("programme.allocation", "source_id", "programme.fundingsource"),
        Part("programme.allocationgoal", "allocation_id", "programme.allocation"),
    ),
    "risks.risk": (
        Part("risks.riskassessment", "risk_id", "risks.risk"),
        Part("risks.riskexample", "risk_id", "risks.risk"),
        Part("risks.levelfactor", "risk_id", "risks.risk"),
        Part("risks.mitigation", "risk_id", "risks.risk"),
        Part("risks.mitigationreference", "mitigation_id", "risks.mitigation"),
    ),
    "programme.body": (Part("programme.membership", "body_id", "programme.body"),),
    "programme.meeting": (
        Part("programme.agendaitem", "meeting_id", "programme.meeting"),
        Part("programme.meetingparticipant", "meeting_id", "programme.meeting"),
    ),
    "programme.decision": (Part("programme.decisionlink", "decision_id", "programme.decision"),),
    "risks.impactarea": (Part("risks.impactstatement", "area_id", "risks.impactarea"),),
    "kpis.indicator": (
        Part("kpis.sourcelink", "indicator_id", "kpis.indicator"),
        Part("kpis.targetrule", "indicator_id", "kpis.indicator"),
        Part("kpis.indicatorgroup", "indicator_id", "kpis.indicator"),
        Part("kpis.derivedinput", "link_id", "kpis.sourcelink"),
        Part("kpis.manualvalue", "indicator_id", "kpis.indicator"),
        Part("kpis.quarantinedvalue", "source_link_id", "kpis.sourcelink"),
        Part("kpis.judgement", "indicator_id", "kpis.indicator"),
    ),
    "programme.statement": (Part("programme.statementgoal", "statement_id", "programme.statement"),),
    "programme.reportingduty": (
        Part("programme.dutyrecipient", "duty_id", "programme.reportingduty"),
        Part("programme.dutyoccurrence", "duty_id", "programme.reportingduty"),
    ),
    "programme.perspective": (
        Part("programme.perspectivetask", "perspective_id", "programme.perspective"),
    ),
    "programme.roadmapactivity": (
        Part("programme.roadmappart", "activity_id", "programme.roadmapactivity"),
    ),
    "strategy.annualobjective": (
        Part("strategy.objectivemetric", "objective_id", "strategy.annualobjective"),
        Part("strategy.metricyear", "metric_id", "strategy.objectivemetric"),
    ),
    "strategy.objective": (
        Part("strategy.keyresult", "objective_id", "strategy.objective"),
        Part("strategy.checkin", "key_result_id", "strategy.keyresult"),
    ),
    "strategy.unit": (Part("strategy.unitmember", "unit_id", "strategy.unit"),),
}  # fmt: skip

#: A part's kind -> the part, to find its whole.
PARTS: dict[str, Part] = {part.label: part for parts in WHOLES.values() for part in parts}

#: Models that a link row points to with its second key, so that it is told by their name.
OFFERED = (
    "measures.measure", "programme.project", "programme.theme", "programme.goal", "programme.target",
    "programme.sector", "programme.segment", "programme.costtype", "programme.fundingsource", "kpis.indicator",
    "risks.risk", "risks.obstacle", "programme.programme", "core.setting", "programme.rolegrant",
    "measures.ledgerentry", "measures.booksclosed", "measures.budgetversion", "measures.costdriver",
    "measures.basetransfer", "measures.gatedefinition", "programme.decision",
    "programme.deviation", "programme.deficitpath", "programme.yearresult",
    "strategy.annualobjective", "strategy.season", "strategy.unit",
)  # fmt: skip


def view_action(kind: Kind) -> str:
    """The action that lets a person see rows of the kind, and so their history."""
    return VIEW_ACTIONS.get(kind.label) or str(getattr(kind.model, "view_action", "programme.view"))


def visible_kinds(user: Any, programme: Programme) -> dict[str, Kind]:
    """Kinds of the programme's rows whose history this person may read."""
    return {
        label: kind
        for label, kind in all_kinds().items()
        if label not in PRIVATE
        and (kind.has_programme or label in WITHOUT_KEY)
        and can(user, view_action(kind), programme)
    }


def in_programme(kind: Kind, programme: Programme) -> Scope:
    """Every event of the kind in the programme."""
    if kind.label in WITHOUT_KEY:
        where, attribute = WITHOUT_KEY[kind.label]
        return Scope(kind, where, (getattr(programme, attribute),))
    return Scope(kind, "e.programme_id = %s", (programme.pk,))


def family_of(label: str) -> list[str]:
    """The kind and those of its parts."""
    return [label, *(part.label for part in WHOLES.get(label, ()))]


def of_rows(label: str, ids: Sequence[int], programme: Programme, kinds: dict[str, Kind]) -> list[Scope]:
    """Events of the rows and of everything that belongs or belonged to them, of the kinds that may be seen."""
    own = in_programme(all_kinds()[label], programme)
    scopes = [Scope(own.kind, f"{own.where} AND e.pgh_obj_id = ANY(%s)", (*own.params, list(ids)))]
    inside: dict[str, tuple[str, tuple[Any, ...]]] = {label: ("= ANY(%s)", (list(ids),))}
    for part in WHOLES.get(label, ()):
        kind = all_kinds()[part.label]
        within, params = inside[part.of]
        inside[part.label] = (
            f'IN (SELECT x.pgh_obj_id FROM "{kind.table}" x WHERE x.programme_id = %s AND x.{part.via} {within})',
            (programme.pk, *params),
        )
        if part.label in kinds:
            where = f"e.programme_id = %s AND e.{part.via} {within}"
            scopes.append(Scope(kind, where, (programme.pk, *params)))
    return scopes
