"""Every page of the portal, in one place.

`make screens` takes its pictures from here and tests/browser/test_look.py opens each one. A test compares the
list with the URL configuration: a page that is added there is added here, in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.urls import get_resolver, reverse

from core.periods import month_key
from programme.updates.months import due_month

#: Month that `scripts.screens.stage` freezes.
FROZEN = "2024-02"
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """One page: the name of its address and how its words are found.

    `of` names the model of the row that the address is about (the programme's first; `pick` narrows), whose
    fields fill the address. `words` are the others. `who` is the demo account, "" nobody. Pages that are
    another's twin with other fields are opened but not pictured.
    """

    name: str
    of: str = ""
    pick: Words = field(default_factory=dict)
    words: Words | Callable[[Any, Any], Words] = field(default_factory=dict)
    who: str = "pmo"
    query: str = ""
    is_pictured: bool = True

    @property
    def file(self) -> str:
        return self.name.replace(":", "-").replace("_", "-")


def _line(programme: Any, measure: Any) -> Words:
    return {"code": measure.code, "pk": measure.lines.order_by("pk").first().pk}


def _target(programme: Any, measure: Any) -> Words:
    return {"code": measure.code, "pk": measure.targets.order_by("-valid_from").first().pk}


def _place(programme: Any, measure: Any) -> Words:
    line = measure.lines.order_by("pk").first()
    return {"sector": line.sector_id, "cost_type": line.cost_type_id}


def _judgement(programme: Any, row: Any) -> Words:
    return {"pk": row.indicator_id, "year": row.year}


def _list_day(programme: Any, row: Any) -> Words:
    return {"monday": row.monday.isoformat()}


def _open_season(programme: Any, row: Any) -> Words:
    """The open season and a unit that uses OKR."""
    season = apps.get_model("strategy.Season").objects.get(programme=programme, state="open")
    unit = apps.get_model("strategy.Unit").objects.filter(programme=programme, uses_okr_from__isnull=False)[0]
    return {"pk": season.pk, "unit": unit.pk}


def _mitigation(programme: Any, row: Any) -> Words:
    return {"pk": row.risk_id, "kind": "mitigations", "line": row.pk}


def _assessment(programme: Any, row: Any) -> Words:
    return {"pk": row.risk_id, "assessment": row.pk}


def _milestone(programme: Any, row: Any) -> Words:
    return {"slug": row.project.slug, "pk": row.pk}


def _numbered(programme: Any, row: Any) -> Words:
    return {"slug": row.project.slug, "number": row.number}


def _due_month(programme: Any, project: Any) -> Words:
    return {"slug": project.slug, "month": month_key(due_month(programme))}


def _plan_part(programme: Any, project: Any) -> Words:
    part = apps.get_model("programme", "PlanPart").objects.filter(programme=programme)[0]
    return {"slug": project.slug, "key": part.key}


def _question(programme: Any, project: Any) -> Words:
    question = apps.get_model("programme", "PhaseQuestion").objects.filter(programme=programme)[0]
    return {"slug": project.slug, "pk": question.pk}


def _element(programme: Any, project: Any) -> Words:
    element = apps.get_model("programme", "ChangeElement").objects.filter(programme=programme)[0]
    return {"slug": project.slug, "key": element.key}


def _person(programme: Any, grant: Any) -> Words:
    return {"pk": grant.user_id}


def _event(programme: Any, measure: Any) -> Words:
    events = type(measure).events.rel.related_model.objects  # type: ignore[attr-defined]
    return {
        "kind": "measures.measure",
        "pk": measure.pk,
        "event": events.filter(pgh_obj_id=measure.pk).order_by("pgh_id").first().pk,
    }


def _of_change(programme: Any, change: Any) -> Words:
    return {"code": change.measure.code, "pk": change.pk}


def _source(programme: Any, link: Any) -> Words:
    return {"pk": link.indicator_id, "link": link.pk}


def _source_list(programme: Any, link: Any) -> Words:
    return {"pk": link.indicator_id}


def _hearing(programme: Any, hearing: Any) -> Words:
    return {"code": hearing.measure.code, "kind": "heard", "pk": hearing.pk}


T = {"code": "T-001"}
UNDECIDED = {"series": "claimed", "decided_eur_cents": None}
DECIDED = {"series": "claimed", "decided_eur_cents__isnull": False}
OWNER = {"role": "measure"}
MEASURE = "measures.Measure"
SOURCE = "kpis.SourceLink"
SOTKANET = {"kind": "sotkanet"}
PROJECT = "programme.Project"
SLIPPED = {"kind": "milestone_slipped"}

#: Tables of the settings: each has a list, a form to add, a form to edit and a page that asks before deleting.
SETTINGS = {
    "theme": "Theme", "goal": "Goal", "sector": "Sector", "segment": "Segment", "cost_type": "CostType",
    "unit": "OrganisationUnit", "source": "FundingSource", "allocation": "Allocation", "body": "Body",
    "duty": "ReportingDuty", "perspective": "Perspective", "document": "StrategyDocument",
    "statement": "Statement", "fact": "BaselineFact", "plan_template": "PlanPart", "phase_template": "ProjectPhase",
    "phase_question": "PhaseQuestion", "change_element": "ChangeElement", "report_question": "ReportQuestion",
}  # fmt: skip
PICTURED_SETTINGS = ("theme",)


def _settings_pages() -> Iterator[Page]:
    for noun, model in SETTINGS.items():
        shown = noun in PICTURED_SETTINGS
        row = f"programme.{model}"
        yield Page(f"programme:{noun}_rows", is_pictured=shown)
        yield Page(f"programme:{noun}_add", is_pictured=shown)
        yield Page(f"programme:{noun}_edit", of=row, is_pictured=shown)
        yield Page(f"programme:{noun}_delete", of=row, is_pictured=shown)


PAGES: tuple[Page, ...] = (
    Page("account_login", who=""),
    Page("account_logout"),
    Page("account_inactive", who=""),
    Page("core:accessibility"),
    Page("core:job_detail", of="core.Job"),
    Page("reporting:home", who="measure"),
    Page("reporting:waiting_list", who="measure"),
    Page("core:talk", of=MEASURE, pick=T, words={"kind": "measure"}),
    Page("core:comment_add", of=MEASURE, pick=T, words={"kind": "measure"}, is_pictured=False),
    Page("core:comment_answer", of="core.Comment", pick={"answers": None, "removed_at": None}),
    Page("core:comment_remove", of="core.Comment", pick={"removed_at": None}, is_pictured=False),
    Page("core:file_add", of=PROJECT, words={"kind": "project"}, is_pictured=False),
    Page("accounts:notice_settings"),
    Page("measures:idea_list", who="staff"),
    Page("measures:idea_detail", of=MEASURE, pick=T, who="staff"),
    Page("measures:proposal_list", who="staff"),
    Page("measures:proposal_add", who="staff"),
    Page("measures:proposal_detail", of="measures.Proposal", pick={"state": "declined"}, who="staff"),
    Page("measures:proposal_take_up", of="measures.Proposal", pick={"state": "new"}),
    Page("measures:proposal_decline", of="measures.Proposal", pick={"state": "new"}, is_pictured=False),
    Page("reporting:styleguide", who=""),
    # --- the programme ------------------------------------------------------------------------------
    Page("reporting:dashboard"),
    Page("reporting:dashboard_panel", words={"name": "stages"}),
    Page("reporting:theme_detail", of="programme.Theme"),
    Page("reporting:sector_detail", of="programme.Sector"),
    Page("reporting:segment_detail", of="programme.Segment"),
    Page("reporting:goal", of="programme.Goal"),
    Page("reporting:coverage"),
    Page("reporting:bigroom_list"),
    Page("reporting:bigroom_detail", words={"month": FROZEN}),
    Page("reporting:history"),
    Page("reporting:history_row", of=MEASURE, pick=T, words={"kind": "measures.measure"}),
    Page("reporting:history_restore", of=MEASURE, pick=T, words=_event),
    Page("programme:programme_facts"),
    Page("programme:theme_list"),
    Page("programme:goal_list"),
    Page("programme:goal_detail", of="programme.Goal"),
    Page("programme:sector_list"),
    Page("programme:segment_list"),
    Page("measures:funding"),
    Page("measures:funding_release", of="programme.Allocation", pick={"state": "reserved"}),
    Page("measures:funding_uses"),
    Page("measures:funding_use_add", is_pictured=False),
    Page("measures:funding_use_edit", of="measures.Spending", is_pictured=False),
    Page("measures:production_list"),
    Page("measures:production_service_add", is_pictured=False),
    Page("measures:production_service_edit", of="measures.Service", is_pictured=False),
    Page("measures:production_year_add", of="measures.Service", is_pictured=False),
    Page("measures:production_year_edit", of="measures.ServiceYear", is_pictured=False),
    Page("programme:governance"),
    Page("programme:body_detail", of="programme.Body", pick={"key": "johtoryhma"}),
    Page("programme:seat_add", of="programme.Body", pick={"key": "johtoryhma"}, is_pictured=False),
    Page("programme:seat_edit", of="programme.Membership", is_pictured=False),
    Page("programme:perspective_task_edit", of="programme.PerspectiveTask", is_pictured=False),
    Page("programme:duty_list"),
    Page("programme:duty_keep", of="programme.DutyOccurrence", pick={"state": "due"}),
    Page("programme:duty_skip", of="programme.DutyOccurrence", pick={"state": "due"}, is_pictured=False),
    Page("programme:calendar"),
    Page("programme:meeting_list"),
    Page("programme:meeting_add"),
    Page("programme:meeting_detail", of="programme.Meeting", pick={"state": "held"}),
    Page("programme:meeting_edit", of="programme.Meeting", is_pictured=False),
    Page("programme:meeting_minutes", of="programme.Meeting", is_pictured=False),
    Page("programme:meeting_participant_add", of="programme.Meeting", is_pictured=False),
    Page("programme:meeting_item_add", of="programme.Meeting"),
    Page("programme:meeting_item_edit", of="programme.AgendaItem", is_pictured=False),
    Page("programme:meeting_item_remove", of="programme.AgendaItem", is_pictured=False),
    Page("programme:meeting_item_decide", of="programme.AgendaItem", pick={"meeting__state": "held"}),
    Page("programme:meeting_item_paper_add", of="programme.AgendaItem", is_pictured=False),
    Page("programme:meeting_paper_add", of="programme.Meeting", is_pictured=False),
    Page("programme:meeting_action_add", of="programme.Meeting", is_pictured=False),
    Page("programme:decision_list"),
    Page("programme:decision_add", is_pictured=False),
    Page("programme:decision_detail", of="programme.Decision", pick={"meeting__isnull": False}),
    Page("programme:decision_edit", of="programme.Decision", is_pictured=False),
    Page("programme:decision_link_add", of="programme.Decision", is_pictured=False),
    Page("programme:decision_action_add", of="programme.Decision", is_pictured=False),
    Page("programme:action_list"),
    Page("programme:action_add", is_pictured=False),
    Page("programme:action_edit", of="programme.ActionPoint", is_pictured=False),
    Page("programme:status_list"),
    Page("programme:status_give", of=PROJECT, pick={"state": "running"}, words=_due_month),
    Page("programme:light_state", of=PROJECT, pick={"state": "running"}, words={"dimension": "schedule"}),
    Page("programme:deviation_list"),
    Page("programme:deviation_detail", of="programme.Deviation", pick=SLIPPED),
    Page("programme:deviation_edit", of="programme.Deviation", pick=SLIPPED),
    Page("programme:roadmap"),
    Page("programme:gantt"),
    Page("programme:project_gantt", of=PROJECT),
    # --- measures and money -------------------------------------------------------------------------
    Page("measures:measure_list"),
    Page("measures:measure_detail", of=MEASURE, pick=T),
    Page("measures:card_part", of=MEASURE, pick=T, words={"part": "funding"}),
    Page("measures:measure_add"),
    Page("measures:measure_bulk", query="all=1"),
    Page("measures:import_list"),
    Page("measures:import_detail", of="measures.ImportRun", pick={"kind": "measures"}),
    Page("measures:import_mapping", of="measures.ImportRun", pick={"kind": "foreign"}),
    Page("measures:bulk_changes"),
    Page("measures:measure_edit", of=MEASURE, pick=T),
    Page("measures:measure_part", of=MEASURE, pick=T, words={"part": "dates"}),
    Page("measures:measure_withdraw", of=MEASURE, pick=T),
    Page("measures:measure_merge", of=MEASURE, pick=T),
    Page("measures:measure_split", of=MEASURE, pick=T),
    Page("measures:measure_delete", of=MEASURE, pick={"stage": "identified"}),
    Page("measures:line_add", of=MEASURE, pick=T),
    Page("measures:line_edit", of=MEASURE, pick=T, words=_line),
    Page("measures:line_remove", of=MEASURE, pick=T, words=_line),
    Page("measures:target_set", of=MEASURE, pick=T),
    Page("measures:gate_list", who="steering"),
    Page("measures:gate_ask", of=MEASURE, pick={"stage": "planned"}),
    Page("measures:gate_decide", of=MEASURE, pick={"stage": "planned"}, who="steering"),
    Page("measures:gate_return", of=MEASURE, pick=T),
    Page("measures:gate_settings"),
    Page("measures:gate_edit", words={"stage": "decided"}),
    Page("measures:plan_change", of=MEASURE, pick={"stage": "in_delivery"}),
    Page("measures:plan_change_ask", of=MEASURE, pick={"stage": "in_delivery"}),
    Page("measures:plan_change_detail", of="measures.PlanChange", words=_of_change),
    Page("measures:plan_change_decide", of="measures.PlanChange", words=_of_change, who="steering"),
    Page("risks:measure_checks", of=MEASURE, pick={"stage": "planned"}),
    Page("risks:measure_checks_edit", of=MEASURE, pick={"stage": "planned"}, words={"part": "promises"}),
    Page("kpis:measure_indicators", of=MEASURE, pick=T),
    Page("accounts:notice_list", who="steering"),
    Page("measures:savings_matrix"),
    Page("measures:deficit_path"),
    Page("measures:deficit_edit", is_pictured=False),
    Page("measures:deficit_result_add", is_pictured=False),
    Page("measures:deficit_result_edit", of="programme.YearResult", is_pictured=False),
    Page("measures:forecast"),
    Page("measures:forecast_whatif", query="change=T-003.delay.6&change=T-007.withdraw"),
    Page("measures:forecast_scenario_add", query="change=T-003.delay.6", is_pictured=False),
    Page("measures:forecast_scenario_edit", of="measures.Scenario", is_pictured=False),
    Page("measures:budget_shares"),
    Page("measures:budget_share_add", of=MEASURE, pick=T),
    Page("measures:unallocated"),
    Page("measures:unallocated_move"),
    Page("measures:crossfooting"),
    Page("measures:crossfooting_check", words={"key": "by_cost_type_by_sector"}),
    Page("measures:crossfooting_note", words={"key": "by_cost_type_by_sector"}),
    Page("measures:books"),
    Page("measures:books_sectors"),
    Page("measures:books_rows", query="kind=actual"),
    Page("measures:books_import", who="controller"),
    Page("measures:books_reopen", words={"year": 2024, "month": 2}, who="controller"),
    Page("measures:books_lock", words={"year": 2024}, who="controller", is_pictured=False),
    Page("measures:books_unlock", words={"year": 2023}, who="controller", is_pictured=False),
    Page("measures:books_drivers"),
    Page("measures:books_driver_add", who="controller"),
    Page("measures:books_driver_edit", of="measures.CostDriver", who="controller", is_pictured=False),
    Page("measures:books_driver_remove", of="measures.CostDriver", who="controller", is_pictured=False),
    Page("measures:books_transfers"),
    Page("measures:books_transfer_add", who="controller"),
    Page("measures:books_transfer_edit", of="measures.BaseTransfer", who="controller"),
    Page("measures:books_transfer_remove", of="measures.BaseTransfer", who="controller", is_pictured=False),
    Page("measures:correction_add", of=MEASURE, pick=T),
    Page("measures:reconciliation"),
    Page("measures:reconciliation_place", of=MEASURE, pick=T, words=_place),
    Page("measures:reconciliation_findings"),
    Page("measures:reconciliation_finding", of="programme.Deviation", pick={"kind": "reconciliation"}),
    Page("measures:confirmation_list", who="controller"),
    Page("measures:confirmation_bulk", who="controller", query="all=1"),
    Page("measures:confirmation_detail", of="measures.SavingsEntry", pick=UNDECIDED, who="controller"),
    Page(
        "measures:confirmation_decide", of="measures.SavingsEntry", pick=UNDECIDED, who="controller",
        is_pictured=False,
    ),
    Page("measures:confirmation_withdraw", of="measures.SavingsEntry", pick=DECIDED, who="controller"),
    Page("measures:overlap_list"),
    Page("measures:overlap_add"),
    Page("measures:overlap_edit", of="measures.Overlap"),
    Page("measures:overlap_remove", of="measures.Overlap", is_pictured=False),
    Page("measures:income"),
    Page("measures:attachment_add", of=MEASURE, pick=T),
    Page("measures:term_list"),
    Page("measures:month_grid", of=MEASURE, pick=T),
    Page("measures:months_many", query="theme=digi"),
    Page("reporting:measure_update", of=MEASURE, pick=T),
    # --- projects -----------------------------------------------------------------------------------
    Page("programme:project_list"),
    Page("programme:project_detail", of=PROJECT),
    Page("programme:project_panel", of=PROJECT, words={"key": "phases"}),
    Page("programme:project_add"),
    Page("programme:project_edit", of=PROJECT),
    Page("programme:project_part", of=PROJECT, words={"part": "dates"}),
    Page("programme:plan_part_edit", of=PROJECT, words=_plan_part),
    Page("programme:milestone_add", of=PROJECT),
    Page("programme:milestone_edit", of="programme.Milestone", words=_milestone),
    Page("programme:milestone_remove", of="programme.Milestone", words=_milestone),
    Page("programme:link_add", of=PROJECT),
    Page("programme:link_edit", of="programme.Dependency", words=_milestone),
    Page("programme:link_remove", of="programme.Dependency", words=_milestone),
    Page("programme:project_close", of=PROJECT),
    Page("programme:plan_detail", of=PROJECT),
    Page("programme:phase_answer", of=PROJECT, words=_question),
    Page("programme:element_check", of=PROJECT, words=_element),
    Page("programme:change_list"),
    Page("programme:change_ask", of=PROJECT),
    Page("programme:change_detail", of="programme.ChangeRequest", words=_numbered),
    Page("programme:change_decide", of="programme.ChangeRequest", pick={"state": "asked"}, words=_numbered),
    Page("programme:project_person_add", of=PROJECT),
    Page("programme:project_person_edit", of="programme.ProjectPerson", words=_milestone, is_pictured=False),
    Page("programme:project_person_remove", of="programme.ProjectPerson", words=_milestone, is_pictured=False),
    Page("programme:project_finance_add", of=PROJECT),
    Page("programme:project_finance_edit", of="programme.ProjectFinance", words=_milestone, is_pictured=False),
    Page("programme:project_finance_remove", of="programme.ProjectFinance", words=_milestone, is_pictured=False),
    Page("programme:load"),
    Page("programme:project_finance_list"),
    Page("programme:effect_add", of=PROJECT),
    Page("programme:effect_edit", of="programme.StaffEffect", words=_milestone, is_pictured=False),
    Page("programme:lesson_add", of=PROJECT),
    Page("programme:lesson_edit", of="programme.LessonLearned", words=_milestone, is_pictured=False),
    Page("programme:lesson_list"),
    Page("programme:stakeholder_list"),
    Page("programme:stakeholder_add"),
    Page("programme:project_stakeholder_add", of=PROJECT, is_pictured=False),
    Page("programme:stakeholder_edit", of="programme.Stakeholder", is_pictured=False),
    Page("programme:communication_add", of="programme.Stakeholder"),
    Page("programme:communication_edit", of="programme.CommunicationItem", is_pictured=False),
    Page("programme:project_templates"),
    Page("measures:project_make"),
    Page("measures:project_measures", of=PROJECT),
    Page("measures:initiative_measures", of="programme.LinkedInitiative"),
    Page("programme:initiative_detail", of="programme.LinkedInitiative"),
    Page("programme:initiative_add", is_pictured=False),
    Page("programme:initiative_edit", of="programme.LinkedInitiative"),
    # --- indicators, risks, strategy ----------------------------------------------------------------
    Page("kpis:indicator_list"),
    Page("kpis:indicator_detail", of="kpis.Indicator"),
    Page("kpis:baseline_list"),
    Page("kpis:goal_indicator_list", of="programme.Goal", is_pictured=False),
    Page("kpis:goal_indicators", of="programme.Goal"),
    Page("kpis:measure_link_edit", of="kpis.MeasureIndicator"),
    Page("kpis:indicator_part", of="kpis.Indicator", words={"part": "distribution"}),
    Page("kpis:rule_list", of="kpis.Indicator"),
    Page("kpis:rule_add", of="kpis.Indicator"),
    Page("kpis:goal_rule_list", of="programme.Goal", is_pictured=False),
    Page("kpis:goal_rule_add", of="programme.Goal", is_pictured=False),
    Page("kpis:rule_change", of="kpis.TargetRule", pick={"indicator__isnull": False}, is_pictured=False),
    Page("kpis:rule_end", of="kpis.TargetRule", pick={"indicator__isnull": False}, is_pictured=False),
    Page("kpis:sotkanet_list"),
    Page("kpis:sotkanet_detail", words={"number": 186}),
    Page("kpis:sotkanet_link", words={"number": 186}),
    Page("kpis:sotkanet_new", words={"number": 186}, is_pictured=False),
    Page("kpis:source_list", of=SOURCE, pick=SOTKANET, words=_source_list),
    Page("kpis:source_edit", of=SOURCE, pick=SOTKANET, words=_source, is_pictured=False),
    Page("kpis:source_confirm", of=SOURCE, pick=SOTKANET, words=_source),
    Page("kpis:source_end", of=SOURCE, pick=SOTKANET, words=_source, is_pictured=False),
    Page("kpis:indicator_add", is_pictured=False),
    Page("kpis:indicator_gaps"),
    Page("kpis:indicator_edit", of="kpis.Indicator"),
    Page("kpis:indicator_delete", of="kpis.Indicator", is_pictured=False),
    Page("kpis:group_list", of="kpis.Indicator", pick={"groups__isnull": False}),
    Page("kpis:group_add", of="kpis.Indicator", is_pictured=False),
    Page("kpis:group_edit", of="kpis.IndicatorGroup", is_pictured=False),
    Page("kpis:own_source_add", of="kpis.Indicator", query="kind=derived"),
    Page("kpis:own_source_edit", of="kpis.SourceLink", pick={"kind": "survey"}, is_pictured=False),
    Page("kpis:value_list", of="kpis.Indicator", pick={"manual_values__isnull": False}),
    Page("kpis:value_add", of="kpis.Indicator"),
    Page("kpis:value_queue"),
    Page("kpis:value_detail", of="kpis.ManualValue", pick={"state": "entered"}),
    Page("kpis:judgement_edit", of="kpis.Judgement", words=_judgement),
    Page("kpis:judgement_file_add", of="kpis.Judgement", words=_judgement, is_pictured=False),
    Page("kpis:value_files"),
    Page("kpis:value_file", of="measures.ImportRun", pick={"kind": "values"}),
    Page("kpis:value_file_columns", of="measures.ImportRun", pick={"kind": "values"}),
    Page("kpis:stated_list"),
    Page("kpis:refresh_list"),
    Page("kpis:refresh_detail", of="kpis.RefreshRun"),
    Page("kpis:quarantine_list"),
    Page("risks:risk_list"),
    Page("risks:risk_detail", of="risks.Risk"),
    Page("risks:risk_add"),
    Page("risks:project_risk_add", of="programme.Project", is_pictured=False),
    Page("risks:risk_edit", of="risks.Risk", is_pictured=False),
    Page("risks:risk_assess", of="risks.Risk"),
    Page("risks:risk_assessment_edit", of="risks.RiskAssessment", words=_assessment, is_pictured=False),
    Page("risks:risk_raise", of="risks.Risk", pick={"project__isnull": False}),
    Page("risks:risk_came_true", of="risks.Risk"),
    Page("risks:risk_line_add", of="risks.Risk", words={"kind": "factors"}, is_pictured=False),
    Page("risks:risk_line_edit", of="risks.Mitigation", words=_mitigation),
    Page("risks:risk_line_remove", of="risks.Mitigation", words=_mitigation, is_pictured=False),
    Page("risks:obstacle_list"),
    Page("risks:obstacle_add"),
    Page("risks:obstacle_detail", of="risks.Obstacle"),
    Page("risks:obstacle_edit", of="risks.Obstacle", is_pictured=False),
    Page("risks:obstacle_decide", of="risks.Obstacle", pick={"level": "theme_owner"}, who="theme"),
    Page("risks:obstacle_back", of="risks.Obstacle", is_pictured=False),
    Page("risks:obstacle_close", of="risks.Obstacle", is_pictured=False),
    Page("risks:obstacle_reopen", of="risks.Obstacle", is_pictured=False),
    Page("risks:level_list"),
    Page("risks:level_edit", words={"level": "director"}),
    Page("risks:weekly_list"),
    Page("risks:weekly_detail", of="risks.WeeklyList", words=_list_day),
    Page("risks:impact_list"),
    Page("risks:impact_detail", of="risks.ImpactArea"),
    Page("risks:impact_edit", of="risks.ImpactArea", is_pictured=False),
    Page("risks:impact_statement_add", of="risks.ImpactArea", is_pictured=False),
    Page("risks:impact_statement_edit", of="risks.ImpactStatement", is_pictured=False),
    Page("risks:impact_statement_remove", of="risks.ImpactStatement", is_pictured=False),
    Page("risks:impact_watch_add", of="risks.ImpactArea", is_pictured=False),
    Page("risks:impact_watch_remove", of="risks.ImpactWatch", is_pictured=False),
    Page("risks:impact_group_add", is_pictured=False),
    Page("risks:impact_group_edit", of="risks.AffectedGroup", is_pictured=False),
    Page("risks:impact_group_remove", of="risks.AffectedGroup", is_pictured=False),
    Page("risks:promise_list"),
    Page("risks:promise_detail", of="risks.Promise"),
    Page("risks:closure_edit", of=MEASURE, pick={"closes_service_point": True}),
    Page("risks:measure_line_add", of=MEASURE, words={"kind": "heard"}, is_pictured=False),
    Page("risks:measure_line_edit", of="risks.StaffHearing", words=_hearing, is_pictured=False),
    Page("risks:measure_line_remove", of="risks.StaffHearing", words=_hearing, is_pictured=False),
    Page("strategy:vision"),
    Page("strategy:theme_add", is_pictured=False),
    Page("strategy:theme_edit", of="strategy.VisionTheme"),
    Page("strategy:line_add", is_pictured=False),
    Page("strategy:line_detail", of="strategy.MainLine"),
    Page("strategy:line_edit", of="strategy.MainLine", is_pictured=False),
    Page("strategy:balancing"),
    Page("strategy:balancing_edit", of="strategy.BalancingProgramme", is_pictured=False),
    Page("strategy:principle_edit", of="strategy.BalancingPrinciple"),
    Page("strategy:point_list"),
    Page("strategy:point_add", is_pictured=False),
    Page("strategy:point_detail", of="strategy.ReportingPoint", pick={"kind": "accounts"}),
    Page("strategy:point_edit", of="strategy.ReportingPoint", is_pictured=False),
    Page("strategy:objective_list"),
    Page("strategy:objective_add", is_pictured=False),
    Page("strategy:objective_detail", of="strategy.AnnualObjective"),
    Page("strategy:objective_edit", of="strategy.AnnualObjective"),
    Page("strategy:metric_add", of="strategy.AnnualObjective", is_pictured=False),
    Page("strategy:metric_edit", of="strategy.ObjectiveMetric"),
    Page("strategy:metric_remove", of="strategy.ObjectiveMetric", is_pictured=False),
    Page("strategy:answer_edit", of="strategy.MetricYear"),
    Page("strategy:answer_file_add", of="strategy.MetricYear", is_pictured=False),
    Page("strategy:year_answers", words={"year": 2024}),
    Page("strategy:year_fixed", words={"year": 2024}),
    Page("strategy:year_fix", words={"year": 2024}),
    Page("strategy:season_list"),
    Page("strategy:season_detail", of="strategy.Season", pick={"state": "closed"}, is_pictured=False),
    Page("strategy:season_board", of="strategy.Season", pick={"state": "open"}),
    Page("strategy:season_close", of="strategy.Season", pick={"state": "open"}),
    Page("strategy:okr_add", words=_open_season),
    Page("strategy:okr_detail", of="strategy.Objective", pick={"state": "started"}),
    Page("strategy:okr_edit", of="strategy.Objective", pick={"state": "started"}, is_pictured=False),
    Page("strategy:okr_drop", of="strategy.Objective", pick={"state": "started"}, is_pictured=False),
    Page("strategy:result_add", of="strategy.Objective", pick={"state": "started"}, is_pictured=False),
    Page("strategy:result_edit", of="strategy.KeyResult", is_pictured=False),
    Page("strategy:check_in", of="strategy.KeyResult", pick={"objective__state": "started"}),
    Page("strategy:result_end", of="strategy.KeyResult", pick={"objective__state": "started"}),
    Page("strategy:unit_list"),
    Page("strategy:unit_detail", of="strategy.Unit", pick={"uses_okr_from__isnull": False}),
    Page("strategy:unit_add", is_pictured=False),
    Page("strategy:unit_edit", of="strategy.Unit", is_pictured=False),
    Page("strategy:member_add", of="strategy.Unit", is_pictured=False),
    Page("strategy:plan_list"),
    Page("strategy:plan_add", is_pictured=False),
    Page("strategy:plan_edit", of="strategy.PlanItem", is_pictured=False),
    Page("strategy:plan_turn", of="strategy.PlanItem", pick={"state": "open"}),
    # --- people, texts, settings ----------------------------------------------------------------------
    Page("programme:person_list"),
    Page("programme:person_add"),
    Page("programme:person_invite"),
    Page("programme:person_detail", of="programme.RoleGrant", pick=OWNER, words=_person),
    Page("programme:person_edit", of="programme.RoleGrant", pick=OWNER, words=_person),
    Page("programme:person_deactivate", of="programme.RoleGrant", pick=OWNER, words=_person),
    Page("programme:grant_add"),
    Page("programme:grant_edit", of="programme.RoleGrant", pick=OWNER),
    Page("programme:grant_remove", of="programme.RoleGrant", pick=OWNER),
    Page("programme:saved_view_edit", of="core.SavedView"),
    Page("programme:target_list"),
    Page("programme:target_add"),
    Page("programme:target_detail", of="programme.Target"),
    Page("programme:target_set", of="programme.Target"),
    Page("reporting:set_up"),
    Page("reporting:text_list"),
    Page("reporting:text_kind", words={"kind": "programme.statement.name"}),
    Page("reporting:text_edit", of="programme.Statement", words={"kind": "programme.statement.name"}),
    Page("programme:settings"),
    Page("programme:settings_texts"),
    Page("programme:settings_period"),
    Page("programme:settings_basis"),
    Page("programme:settings_words"),
    Page("programme:settings_stages"),
    Page("programme:parameter_list"),
    Page("programme:parameter_edit", words={"key": "look.accent"}),
    *_settings_pages(),
)  # fmt: skip

#: Addresses that are not pages of their own, and why.
WITHOUT: dict[str, str] = {
    "calendar_feed": "a file that calendar programs read",
    "programme:calendar_feed_make": "a button",
    "programme:calendar_feed_revoke": "a button",
    "programme:seat_end": "a button",
    "programme:duty_undo": "a button",
    "programme:meeting_hold": "a button",
    "programme:meeting_cancel": "a button",
    "programme:meeting_invite": "a button",
    "programme:meeting_presence": "a button",
    "programme:meeting_participant_remove": "a button",
    "programme:meeting_item_move": "a button",
    "programme:meeting_paper_remove": "asks before a file of one's own is removed, like a measure's",
    "programme:decision_done": "a button",
    "programme:decision_link_remove": "a button",
    "programme:action_done": "a button",
    "programme:action_drop": "a button",
    "programme:action_reopen": "a button",
    "programme:light_take_back": "a button",
    "programme:change_take_back": "a button",
    "programme:deviation_find": "a button",
    "programme:deviation_close": "a button",
    "strategy:answer_file_remove": "asks before a file of one's own is removed, like a measure's",
    "strategy:point_year": "a button of the list of reporting points",
    "strategy:season_make": "a button",
    "strategy:season_open": "a button",
    "strategy:season_archive": "a button",
    "strategy:okr_start": "a button",
    "strategy:okr_move": "a button",
    "strategy:okr_carry": "a button",
    "strategy:result_remove": "a button",
    "strategy:unit_bring": "a button",
    "strategy:member_remove": "a button",
    "kpis:rule_take_up": "the form of a new version, for the one programme that has a suggestion",
    "kpis:goal_link_edit": "the same form as kpis:measure_link_edit",
    "kpis:indicator_move": "a button",
    "kpis:group_move": "a button",
    "kpis:group_delete": "a button",
    "kpis:value_approve": "a button",
    "kpis:values_approve": "a button of the queue",
    "kpis:value_return": "a button",
    "kpis:value_edit": "one's own value that waits, like entering one",
    "kpis:value_file_take": "a button",
    "kpis:value_file_discard": "a button",
    "kpis:judgement_file_remove": "asks before a file of one's own is removed, like a measure's",
    "kpis:stated_follow": "a button",
    "kpis:refresh_start": "a button",
    "kpis:indicator_refresh": "a button of an indicator with a source in Sotkanet",
    "kpis:quarantine_decide": "a button of the values that were put aside",
    "kpis:sotkanet_read": "a button",
    "kpis:sotkanet_read_one": "a button",
    "measures:deficit_result_remove": "a button of the page of the deficit path",
    "measures:forecast_figure": "a button of the forecast page",
    "measures:forecast_scenario_remove": "a button of the what-if page",
    "healthz": "read by machines",
    "readyz": "read by machines",
    "csp_report": "written by browsers",
    "set_language": "a button",
    "accounts:language_choose": "a button",
    "accounts:notice_open": "a button",
    "accounts:notice_read": "a button",
    "measures:gate_take_back": "a button",
    "measures:export_workbook": "a file",
    "measures:export_csv": "a file",
    "measures:export_download": "a file",
    "measures:import_choose": "a button",
    "measures:import_apply": "a button",
    "measures:import_again": "a button",
    "measures:import_discard": "a button",
    "measures:plan_change_take_back": "a button",
    "risks:measure_check_sign": "a button",
    "risks:closure_finish": "a button",
    "risks:promise_export": "a file",
    "risks:risk_reviewed": "a button",
    "risks:risk_take_back": "a button",
    "risks:mitigation_done": "a button",
    "risks:obstacle_up": "a button",
    "risks:weekly_handled": "a button",
    "accounts:password_set": "opened by a link that works once",
    "core:draft_keep": "written by a script",
    "core:draft_drop": "a button",
    "core:job_cancel": "a button",
    "reporting:theme_css": "a style sheet",
    "reporting:bigroom_build": "a button",
    "reporting:bigroom_progress": "there while a worker works",
    "reporting:set_up_line": "a part of a page",
    "core:follow": "a button",
    "core:comment_edit": "open for half an hour after writing",
    "core:comment_settle": "a button",
    "core:file_remove": "a file is its adder's own",
    "measures:proposal_look": "a button",
    "programme:plan_accept": "a button",
    "programme:plan_ready": "a button",
    "programme:phase_move": "a button",
    "programme:communication_done": "a button",
    "measures:measure_make_project": "a button",
    "measures:measure_take_out": "a button",
    "measures:initiative_measure": "a button",
    "programme:milestone_done": "a button",
    "programme:milestone_move": "a button",
    "programme:saved_view_add": "a button",
    "programme:saved_view_delete": "a button",
    "programme:parameter_cancel": "a button",
    "programme:target_correct": "there while a value waits for its day",
    "programme:target_cancel": "there while a value waits for its day",
    "programme:person_activate": "a button",
    "programme:person_password": "a button",
    "measures:budget_share_edit": "there once an amount is entered",
    "measures:budget_share_remove": "a button",
    "measures:bulk_undo": "there after a change of many measures",
    "measures:measure_deleted": "there after a draft was deleted",
    "measures:target_cancel": "there while a value waits for its day",
    "measures:reconciliation_open": "a button",
    "measures:reconciliation_finding_close": "a button",
    "measures:overlap_dismiss": "about two lines that its address names",
    "measures:overlap_suspect": "there after a pair was judged no overlap",
    "measures:attachment_remove": "there after a file was added",
    "core:attachment_download": "a file",
    "measures:books_close": "a button",
    "measures:books_run": "there after a file was brought",
    "measures:books_columns": "there after a file was brought",
    "measures:books_names": "a button",
    "measures:books_store": "a button",
    "measures:books_discard": "a button",
    "measures:months_write": "written by the grid",
    "measures:months_save": "written by the grid",
    "measures:months_draft": "written by the grid",
    "measures:months_spread": "asked by the grid",
    **{f"programme:{noun}_move": "a button" for noun in SETTINGS if noun != "phase_template"},
}

#: Parts of the URL configuration that are not pages of the portal.
ELSEWHERE = ("admin", "api_")


def names_of_addresses(patterns: Any = None, space: str = "") -> Iterator[str]:
    """Every named address of the URL configuration, without the administration and the API."""
    pattern: Any
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(pattern, "url_patterns"):
            inner = ":".join(part for part in (space, pattern.namespace) if part)
            if not inner.startswith(ELSEWHERE):
                yield from names_of_addresses(pattern.url_patterns, inner)
        elif pattern.name and not pattern.name.startswith(ELSEWHERE):
            yield f"{space}:{pattern.name}" if space else pattern.name


def address_of(page: Page, programme: Any) -> str:
    """The page's address in the programme. Raises LookupError when the row it is about is not there."""
    words: dict[str, Any] = {}
    wanted = _wanted(page.name)
    if "programme" in wanted:
        words["programme"] = programme.slug
    row = _row(page, programme) if page.of else None
    words |= page.words(programme, row) if callable(page.words) else page.words
    words |= {word: getattr(row, word) for word in wanted if word not in words}
    address = reverse(page.name, kwargs=words)
    return f"{address}?{page.query}" if page.query else address


def _wanted(name: str) -> set[str]:
    """Words that the address is made of."""
    space, _colon, own = name.rpartition(":")
    resolver = get_resolver()
    for part in filter(None, space.split(":")):
        resolver = resolver.namespace_dict[part][1]
    found = resolver.reverse_dict.getlist(own)
    return set(found[0][0][0][1]) if found else set()


def _row(page: Page, programme: Any) -> Any:
    model = apps.get_model(page.of)
    row = model.objects.filter(programme=programme, **page.pick).order_by("pk").first()
    if row is None:
        raise LookupError(f"{page.name}: the programme has no {page.of} {dict(page.pick) or ''}")
    return row
