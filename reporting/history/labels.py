"""What kinds of rows, their fields and the places they are changed from are called. English message ids."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.changes import Kind

#: One row of the kind, as a sentence begins.
KIND_WORDS: Mapping[str, str | Promise] = {
    "core.setting": _("Setting"),
    "kpis.indicator": _("Indicator"),
    "kpis.monitoringlevel": _("Monitoring level"),
    "kpis.sourcelink": _("Source of an indicator"),
    "kpis.targetrule": _("Target rule"),
    "measures.booksclosed": _("Closed books"),
    "measures.confirmation": _("Confirmation"),
    "measures.ledgerentry": _("Ledger line"),
    "measures.measure": _("Measure"),
    "measures.measuregoal": _("Other goal"),
    "measures.measuresegment": _("Client segment"),
    "measures.measuretarget": _("Savings target"),
    "measures.monthlyupdate": _("Monthly update"),
    "measures.overlap": _("Overlap"),
    "measures.savingsentry": _("Months"),
    "measures.savingsline": _("Savings line"),
    "programme.allocation": _("Allocation"),
    "programme.allocationgoal": _("Goal of an allocation"),
    "programme.baselinefact": _("Fact of the starting level"),
    "programme.body": _("Body"),
    "programme.changeelement": _("Element of change"),
    "programme.costtype": _("Cost type"),
    "programme.dutyrecipient": _("Recipient of a report"),
    "programme.fundingsource": _("Source of funding"),
    "programme.goal": _("Goal"),
    "programme.linkedinitiative": _("Linked project"),
    "programme.milestone": _("Milestone"),
    "programme.organisationunit": _("Unit"),
    "programme.peercomparison": _("Comparison with others"),
    "programme.perspective": _("Perspective"),
    "programme.perspectivetask": _("Task of a perspective"),
    "programme.phasequestion": _("Question of a phase"),
    "programme.planpart": _("Part of the plan"),
    "programme.preparationworkshop": _("Workshop"),
    "programme.programme": _("Programme"),
    "programme.project": _("Project"),
    "programme.projectphase": _("Phase"),
    "programme.projectplanpart": _("Part of the project plan"),
    "programme.reportingduty": _("Reporting duty"),
    "programme.roadmapactivity": _("Activity of the roadmap"),
    "programme.roadmappart": _("Part of an activity"),
    "programme.rolegrant": _("Role of a person"),
    "programme.sector": _("Sector"),
    "programme.segment": _("Client segment"),
    "programme.statement": _("Statement"),
    "programme.statementgoal": _("Goal of a statement"),
    "programme.strategydocument": _("Strategy document"),
    "programme.target": _("Target"),
    "programme.theme": _("Theme"),
    "risks.impactarea": _("Impact area"),
    "risks.impactstatement": _("Statement of an impact"),
    "risks.levelfactor": _("What moves the level"),
    "risks.mitigation": _("Mitigation"),
    "risks.mitigationreference": _("Reference to mitigations"),
    "risks.obstacle": _("Obstacle"),
    "risks.promise": _("Promise"),
    "risks.risk": _("Risk"),
    "risks.riskassessment": _("Assessment of a risk"),
    "risks.riskexample": _("Example of a risk"),
    "strategy.annualobjective": _("Annual objective"),
    "strategy.balancingprinciple": _("Principle of balancing"),
    "strategy.balancingprogramme": _("Balancing programme"),
    "strategy.metricyear": _("Year of a metric"),
    "strategy.objectivemetric": _("Metric"),
    "strategy.seasoncycle": _("Season cycle"),
    "strategy.visionindicator": _("Indicator of the vision"),
    "strategy.visiontheme": _("Theme of the vision"),
}

#: Fields by name, where the model itself has no word of its own. Language endings are cut off first.
FIELD_WORDS: Mapping[str, str | Promise] = {
    "abbreviation": _("abbreviation"),
    "accepted_by": _("accepted by"),
    "account": _("account"),
    "activity": _("activity"),
    "advances": _("way of the effect"),
    "advances_reason": _("reason of the effect"),
    "aim": _("aim"),
    "allocation": _("allocation"),
    "amount_eur_cents": _("amount"),
    "answer": _("answer"),
    "answered_by": _("answered by"),
    "answered_on": _("answered on"),
    "approach": _("approach"),
    "approval_body": _("approved by"),
    "approval_planned_on": _("approval planned for"),
    "approved_by": _("approved by"),
    "approved_on": _("approved on"),
    "area": _("area"),
    "assessed_on": _("assessed on"),
    "assignee": _("who does it"),
    "audience": _("to whom"),
    "base_year": _("base year"),
    "basis": _("basis"),
    "basis_note": _("how the amount came about"),
    "body": _("body"),
    "booked_on": _("booked on"),
    "category": _("category"),
    "challenge": _("challenge"),
    "closed_by": _("closed by"),
    "closed_on": _("closed on"),
    "column": _("column"),
    "comparison_base": _("comparison base"),
    "condition": _("condition"),
    "confidence_of_owner": _("delivery confidence (owner)"),
    "confidence_of_pmo": _("delivery confidence (programme office)"),
    "content": _("content"),
    "cost_centre": _("cost centre"),
    "cost_type": _("cost type"),
    "count": _("count"),
    "data_source": _("source of the data"),
    "decided_by": _("decided by"),
    "decided_eur_cents": _("confirmed of the claim"),
    "decided_on": _("decided on"),
    "decision_reference": _("decision"),
    "decision_text": _("decision"),
    "definition": _("definition"),
    "description": _("description"),
    "detail": _("detail"),
    "direction": _("direction"),
    "document": _("other facts of the file"),
    "due_on": _("due on"),
    "duty": _("reporting duty"),
    "end_year": _("last year"),
    "ends_on": _("ends"),
    "entry": _("claim"),
    "first_month": _("first month"),
    "frequency": _("how often"),
    "frequency_text": _("how often, in words"),
    "from_body": _("from"),
    "from_text": _("from, in words"),
    "gender": _("gender"),
    "goal": _("goal"),
    "granted_by": _("granted by"),
    "group": _("group"),
    "high": _("upper limit"),
    "horizon_year": _("last year of the vision"),
    "impact_after": _("impact after mitigation"),
    "impact_now": _("impact now"),
    "impact_target": _("impact aimed at"),
    "in_base": _("already in the comparison base"),
    "indicator": _("indicator"),
    "instead": _("what is done instead"),
    "is_approximate": _("approximate"),
    "is_illustrative": _("illustrative example"),
    "key": _("short name"),
    "kind": pgettext_lazy("field", "kind"),
    "label": _("label"),
    "language": _("language"),
    "last_month": _("last month"),
    "ledger_entry": _("ledger line"),
    "level": _("level"),
    "likelihood_after": _("likelihood after mitigation"),
    "likelihood_now": _("likelihood now"),
    "likelihood_target": _("likelihood aimed at"),
    "line": _("savings line"),
    "line_class": _("class of the saving"),
    "linked_initiative": _("linked project"),
    "low": _("lower limit"),
    "measure": _("measure"),
    "measures_identified_at_least": _("measures identified, at least"),
    "metric": _("metric"),
    "mitigation": _("mitigation"),
    "month": _("month"),
    "municipality": _("municipality"),
    "name": _("name"),
    "name_variants": _("other names"),
    "note": _("note"),
    "number": _("number"),
    "objective": _("objective"),
    "organisation": _("organisation"),
    "other_line": _("the other line"),
    "owner": _("owner"),
    "parent": _("under"),
    "part": _("part"),
    "part_eur_cents": _("amount confirmed"),
    "permanence": _("permanence"),
    "perspective": _("perspective"),
    "phase": _("phase"),
    "policy": _("policy"),
    "position": _("place in the list"),
    "project": _("project"),
    "proximity": _("how near"),
    "purpose": _("purpose"),
    "raised_by": _("raised by"),
    "raised_on": _("raised on"),
    "reason": _("reason"),
    "region": _("region"),
    "reopened_on": _("opened again on"),
    "reopened_reason": _("reason for opening again"),
    "responsibility": _("responsibility"),
    "risk": _("risk"),
    "role": _("role"),
    "rule_text": _("rule in words"),
    "scope": _("scope"),
    "sector": _("sector"),
    "segment": _("client segment"),
    "series": _("series"),
    "service_point": _("service point"),
    "slogan": _("slogan"),
    "slug": _("short name in addresses"),
    "source": _("source"),
    "stage": _("stage"),
    "start_year": _("first year"),
    "starts_on": _("starts"),
    "state": _("state"),
    "statement": _("statement"),
    "status": _("status"),
    "status_date": _("day the figures are shown for"),
    "status_view_day": _("day of the monthly status view"),
    "target_value": _("target value"),
    "theme": _("theme"),
    "to_be_specified": _("still to be specified"),
    "to_text": _("to, in words"),
    "unit": _("unit"),
    "user": _("person"),
    "valid_from": _("valid from"),
    "valid_to": _("valid until"),
    "value": _("value"),
    "value_eur_cents": _("value"),
    "what": _("what"),
    "when": _("when"),
    "withdrawn_from": _("withdrawn from the month"),
    "withdrawn_on": _("withdrawn on"),
    "withdrawn_reason": _("reason for withdrawing"),
    "words": _("words of the programme"),
    "year": _("year"),
    "yielding_line": _("the line that yields"),
}

IN_LANGUAGE: Mapping[str, str | Promise] = {
    "fi": _("%(what)s in Finnish"),
    "sv": _("%(what)s in Swedish"),
    "en": _("%(what)s in English"),
}
_ENDING = re.compile(r"_(fi|sv|en)$")

#: Addresses by their names, as a reader would call the page.
PAGES: Mapping[str, str | Promise] = {
    "reporting:measure_update": _("the monthly update"),
    "reporting:history_restore": _("bringing back an earlier version"),
    "admin": _("the administration pages"),
}
#: Otherwise the part of the portal it belongs to.
PARTS_OF_PORTAL: Mapping[str, str | Promise] = {
    "accounts": _("the pages of users"),
    "programme": _("the pages of the programme"),
    "measures": _("the pages of measures"),
    "kpis": _("the pages of indicators"),
    "risks": _("the pages of risks"),
    "strategy": _("the pages of the strategy"),
    "reporting": _("the pages of reporting"),
    "core": _("the pages of the portal"),
    "api": _("the API"),
}

#: Reasons that the portal itself gives, stored in English.
REASONS: Mapping[str, str | Promise] = {
    "demonstration accounts": _("demonstration accounts were made"),
    "programme file": _("a programme file was loaded"),
    "illustrative measures (make_portfolio)": _("illustrative measures were made"),
    "illustrative measures removed (make_portfolio --remove)": _("illustrative measures were removed"),
}
JOBS: Mapping[str, str | Promise] = {
    "status_view": _("building the status view"),
    "portfolio": _("making illustrative measures"),
}


def kind_word(kind: Kind) -> str:
    """What one row of the kind is called."""
    own = KIND_WORDS.get(kind.label)
    text = str(own if own is not None else kind.model._meta.verbose_name)
    return text[:1].upper() + text[1:]


def field_word(field: Field) -> str:
    """What the field is called: the model's own word when somebody wrote one."""
    if isinstance(getattr(field, "_verbose_name", None), Promise):
        return str(field.verbose_name)
    found = _ENDING.search(field.name)
    base = field.name[: found.start()] if found else field.name
    if base not in FIELD_WORDS:
        return str(field.verbose_name)
    text = str(FIELD_WORDS[base])
    return str(IN_LANGUAGE[found[1]]) % {"what": text} if found else text


def page_word(url_name: str) -> str:
    """What the page of a stored address name is called."""
    if url_name in PAGES:
        return str(PAGES[url_name])
    space = url_name.partition(":")[0]
    space = "api" if space.startswith("api") else space
    if space == "admin":
        return str(PAGES["admin"])
    return str(PARTS_OF_PORTAL.get(space, "")) or url_name


def reason_words(reason: str) -> str:
    """The reason; one that the portal gave itself in the reader's language."""
    if reason in REASONS:
        return str(REASONS[reason])
    if reason.startswith("job "):
        kind, _space, key = reason.removeprefix("job ").partition(" ")
        return f"{job_word(kind)} {key}".strip()
    return reason


def job_word(kind: str) -> str:
    return str(JOBS.get(kind, "")) or _now("a job: %(kind)s") % {"kind": kind}
