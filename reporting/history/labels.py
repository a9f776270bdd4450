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
    "acts_as": _("acts as"),
    "advances": _("way of the effect"),
    "advances_reason": _("reason of the effect"),
    "aim": _("aim"),
    "allocation": _("allocation"),
    "amount_eur_cents": _("amount"),
    "and_onwards": _("and the years after"),
    "answer": _("answer"),
    "answered_by": _("answered by"),
    "answered_on": _("answered on"),
    "applies_to": _("applies to"),
    "approach": _("approach"),
    "approval_body": _("approved by"),
    "approval_planned_on": _("approval planned for"),
    "approved_by": _("approved by"),
    "approved_on": _("approved on"),
    "area": _("area"),
    "assessed_on": _("assessed on"),
    "assignee": _("who does it"),
    "audience": _("to whom"),
    "balancing": _("balancing programme"),
    "base_year": _("base year"),
    "baseline_date": _("day of the starting level"),
    "baseline_text": _("starting level in words"),
    "basis": _("basis"),
    "basis_note": _("how the amount came about"),
    "body": _("body"),
    "booked_on": _("booked on"),
    "boundaries": _("bounds of the seasons"),
    "breakdown_by": _("broken down by"),
    "breakdown_rule": _("rule of the breakdown"),
    "category": _("category"),
    "challenge": _("challenge"),
    "change_from_year": _("change from the year"),
    "change_percent": _("change in per cent"),
    "closed_by": _("closed by"),
    "closed_on": _("closed on"),
    "column": _("column"),
    "compare": _("way of comparing"),
    "comparison_base": _("comparison base"),
    "condition": _("condition"),
    "confidence_of_owner": _("delivery confidence (owner)"),
    "confidence_of_pmo": _("delivery confidence (programme office)"),
    "confirmed": _("confirmed"),
    "content": _("content"),
    "cost_centre": _("cost centre"),
    "cost_type": _("cost type"),
    "count": _("count"),
    "data": _("other facts"),
    "data_source": _("source of the data"),
    "decided_by": _("decided by"),
    "decided_eur_cents": _("confirmed of the claim"),
    "decided_on": _("decided on"),
    "decision_reference": _("decision"),
    "decision_text": _("decision"),
    "definition": _("definition"),
    "derived_from": _("derived from"),
    "description": _("description"),
    "detail": _("detail"),
    "direction": _("direction"),
    "document": _("other facts of the file"),
    "due_on": _("due on"),
    "duty": _("reporting duty"),
    "end_year": _("last year"),
    "ends_on": _("ends"),
    "entry": _("claim"),
    "file_key": _("key of the file"),
    "first_month": _("first month"),
    "frequency": _("how often"),
    "frequency_text": _("how often, in words"),
    "from_body": _("from"),
    "from_text": _("from, in words"),
    "gender": _("gender"),
    "goal": _("goal"),
    "granted_by": _("granted by"),
    "group": _("group"),
    "held_on": _("held on"),
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
    "is_own": _("own county"),
    "is_recurring": _("every year"),
    "is_rest": _("other sectors together"),
    "is_steering_group": _("acts as the steering group"),
    "is_suggestion": _("a suggestion"),
    "key": _("short name"),
    "kind": pgettext_lazy("field", "kind"),
    "label": _("label"),
    "language": _("language"),
    "last_month": _("last month"),
    "ledger_entry": _("ledger line"),
    "length_months": _("length in months"),
    "level": _("level"),
    "likelihood_after": _("likelihood after mitigation"),
    "likelihood_now": _("likelihood now"),
    "likelihood_target": _("likelihood aimed at"),
    "line": _("savings line"),
    "line_class": _("class of the saving"),
    "linked_initiative": _("linked project"),
    "low": _("lower limit"),
    "magnitude": _("size of the change"),
    "main_lines": _("number of main lines"),
    "match_confidence": _("how sure the match is"),
    "may_be_split": _("may be split"),
    "measure": _("measure"),
    "measures_identified_at_least": _("measures identified, at least"),
    "metric": _("metric"),
    "mitigation": _("mitigation"),
    "month": _("month"),
    "municipality": _("municipality"),
    "name": _("name"),
    "name_variants": _("other names"),
    "names_in_source": _("names in the source"),
    "national": _("national value"),
    "need_coefficient": _("coefficient of need"),
    "needs_baseline": _("needs a starting level"),
    "net_cost_eur_per_inhabitant": _("net cost, euros for each inhabitant"),
    "note": _("note"),
    "number": _("number"),
    "objective": _("objective"),
    "on_date": _("day"),
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
    "population": _("compared with"),
    "population_size": _("how many are compared"),
    "position": _("place in the list"),
    "project": _("project"),
    "proximity": _("how near"),
    "purpose": _("purpose"),
    "raised_by": _("raised by"),
    "raised_on": _("raised on"),
    "reason": _("reason"),
    "reference": _("point of comparison"),
    "reference_at": _("time of the comparison"),
    "region": _("region"),
    "related_cost_type": _("related cost type"),
    "reopened_on": _("opened again on"),
    "reopened_reason": _("reason for opening again"),
    "responsibility": _("responsibility"),
    "risk": _("risk"),
    "role": _("role"),
    "rule": _("rule"),
    "rule_text": _("rule in words"),
    "same_as_indicator": _("same as the indicator"),
    "scale_high": _("upper end of the scale"),
    "scale_low": _("lower end of the scale"),
    "scope": _("scope"),
    "seasons_per_year": _("seasons a year"),
    "sector": _("sector"),
    "segment": _("client segment"),
    "series": _("series"),
    "service_point": _("service point"),
    "slogan": _("slogan"),
    "slug": _("short name in addresses"),
    "sotkanet_id": _("number in Sotkanet"),
    "source": _("source"),
    "source_kind": _("kind of the source"),
    "source_title": _("title of the source"),
    "source_version": _("version of the source"),
    "stage": _("stage"),
    "start_year": _("first year"),
    "starts_on": _("starts"),
    "state": _("state"),
    "statement": _("statement"),
    "status": _("status"),
    "status_date": _("day the figures are shown for"),
    "status_view_day": _("day of the monthly status view"),
    "target_eur_cents": _("target"),
    "target_value": _("target value"),
    "theme": _("theme"),
    "title_is_ours": _("title given here"),
    "to_be_specified": _("still to be specified"),
    "to_text": _("to, in words"),
    "unit": _("unit"),
    "user": _("person"),
    "valid_from": _("valid from"),
    "valid_to": _("valid until"),
    "value": _("value"),
    "value_eur_cents": _("value"),
    "versus": _("compared with the level"),
    "versus_value": _("value of the comparison"),
    "versus_year": _("year of the comparison"),
    "what": _("what"),
    "when": _("when"),
    "withdrawn_from": _("withdrawn from the month"),
    "withdrawn_on": _("withdrawn on"),
    "withdrawn_reason": _("reason for withdrawing"),
    "word_in_source": _("word in the source"),
    "words": _("words of the programme"),
    "year": _("year"),
    "year_stated": _("year given in the source"),
    "years_stated": _("years given in the source"),
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
