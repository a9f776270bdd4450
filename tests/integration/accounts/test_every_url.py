"""Every address of the portal, asked by everybody on everything: the table of who gets what.

**Adding an address? Add one row to GUARDS**, else `test_every_address_has_a_row` fails:

    "programme:theme_list": shows("theme.view"),                     a page to read: GET 200, POST 405
    "programme:theme_edit": edits("theme.edit", of="theme"),         a form: GET 200, an empty POST 422
    "programme:theme_add": edits("theme.add"),                       a form that is about no row yet
    "core:job_cancel": acts("job.cancel", of="job"),                 a button: GET 405, POST 302

* The first word is an action of core/permissions.py (or a tuple of them: any opens the address), or
  `OPEN` (everybody), `SIGNED_IN` (everybody with an account), `API_LIST`.
* `of="theme"`: the address is about one row. Its words (`<int:pk>`, `<slug:key>`, `<code>`, `<slug>`) are read
  from that row. It is then asked on an *own* row (the one the narrow roles reach: their theme, sector, segment,
  project, the measure they own), on *another* row of the same programme that they do not reach (a role whose
  scope in the action is narrow must get 403 there), and in another county (404). Known nouns: `THINGS` in
  tests/factories/places.py; a new noun is one line there.
* `words={"name": "stages"}` or `words=lambda side: {...}`: words of the address that are no field of the row.
* `get=`, `post=`: the status whom it lets in gets; 405 where the method is not known. `data=` is what is posted
  (a dict, or `lambda side: {...}` with the side's rows); without it the POST is empty, which a form answers with 422.
* `hidden=404`: the address hides itself from roles without the right instead of refusing them (the API).
* `stranger=(get, post)`: for `OPEN`, when somebody who has not signed in is answered differently.

Run one part of it: `EVERY_URL=programme:theme pytest tests/integration/accounts/test_every_url.py` walks only
addresses whose name starts so.
"""

import os
from functools import partial
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import get_resolver, path

import config.urls
from core.permissions import ACTIONS, ROLES
from tests.factories.accounts import make_person
from tests.factories.places import Place, Side
from tests.integration.accounts.every_url import (
    API_LIST,
    MISSING,
    MONTH,
    OPEN,
    SIGNED_IN,
    Guard,
    Walk,
    acts,
    address,
    addresses,
    answer_of,
    as_read,
    edits,
    is_first_alike,
    shows,
)


def pk_of(noun: str) -> Any:
    """The id of another thing of the side's, in an address that is about its project."""
    return lambda side: {"pk": side.things[noun].pk}


def number_of(noun: str) -> Any:
    """The number of another thing of the side's project."""
    return lambda side: {"number": side.things[noun].number}


def initiative_key(side: Side) -> dict[str, Any]:
    return {"key": side.things["initiative"].key}


def milestone_words(side: Side) -> dict[str, Any]:
    """The milestone of the side's project."""
    return {"pk": side.things["milestone"].pk}


def link_words(side: Side) -> dict[str, Any]:
    """What the side's project waits for."""
    return {"pk": side.things["project_link"].pk}


def event_words(side: Side) -> dict[str, Any]:
    """The first event of the side's measure."""
    event = type(side.measure).events.rel.related_model.objects.filter(pgh_obj_id=side.measure.pk).first()
    return {"kind": "measures.measure", "event": event.pk}


def place_words(side: Side) -> dict[str, Any]:
    """The sector and cost type of the side's line."""
    line = side.measure.lines.get()
    return {"sector": line.sector_id, "cost_type": line.cost_type_id}


def plan_change_words(side: Side) -> dict[str, Any]:
    """The change of the side's measure that waits."""
    return {"pk": side.things["plan_change"].pk}


def promise_check_words(side: Side) -> dict[str, Any]:
    """The promise that was looked at for the side's measure."""
    return {"part": "promises", "pk": side.things["promise_check"].pk}


def hearing_words(side: Side) -> dict[str, Any]:
    """The hearing of staff about the side's measure."""
    return {"kind": "heard", "pk": side.things["hearing"].pk}


def mitigation_words(side: Side) -> dict[str, Any]:
    """What is done about the side's own risk."""
    return {"kind": "mitigations", "line": side.things["mitigation"].pk}


def assessment_words(side: Side) -> dict[str, Any]:
    """The assessment of the side's own risk."""
    return {"assessment": side.things["risk_assessment"].pk}


def source_words(side: Side) -> dict[str, Any]:
    """A source of the side's indicator."""
    link = side.things["source_link"]
    return {"pk": link.indicator_id, "link": link.pk}


def season_words(side: Side) -> dict[str, Any]:
    """The side's season and its unit."""
    return {"pk": side.things["season"].pk, "unit": side.things["okr_unit"].pk}


GUARDS: dict[str, Guard] = {
    # ------------------------------------------------------------------------ outside programmes
    "healthz": shows(OPEN, post=200),
    "readyz": shows(OPEN, post=200),
    "set_language": Guard(OPEN, get=302, post=302, data={"language": "fi"}),
    "account_login": Guard(OPEN, get=302, post=302, stranger=(200, 422)),
    "account_logout": Guard(OPEN, get=200, post=302, stranger=(302, 302)),
    "account_inactive": shows(OPEN),
    "accounts:language_choose": acts(SIGNED_IN, data={"language": "fi"}),
    "accounts:password_set": Guard(OPEN, get=410, post=410, words={"uidb64": "MQ", "token": "a-b"}),
    "reporting:home": shows(SIGNED_IN),
    "accounts:notice_list": shows(SIGNED_IN),
    "accounts:notice_read": acts(SIGNED_IN),
    "accounts:notice_open": acts(
        SIGNED_IN, post=404, words={"pk": MISSING["pk"]}
    ),  # a notice is its reader's own
    "accounts:notice_settings": Guard(SIGNED_IN, get=200, post=422),
    "reporting:waiting_list": shows(SIGNED_IN),
    "reporting:styleguide": shows(OPEN, get=404),  # there in demo mode only
    # ------------------------------------------------------------------------ core
    "core:accessibility": Guard(OPEN, get=200, post=422),
    "csp_report": Guard(OPEN, get=405, post=400),
    "core:draft_keep": Guard(
        OPEN, get=405, post=200, data={"draft_key": "/p/x/", "name": "y"}, stranger=(405, 401)
    ),
    "core:draft_drop": acts(SIGNED_IN, data={"draft_key": "/p/x/"}),
    "core:job_detail": shows("job.view", of="job"),
    "core:talk": shows("talk.view", of="measure", words={"kind": "measure"}),
    "core:follow": acts("talk.view", of="measure", words={"kind": "measure"}, data={"want": "follow"}),
    "core:comment_add": edits("comment.add", of="measure", words={"kind": "measure"}),
    "core:comment_answer": edits("comment.add", of="comment"),
    "core:comment_edit": Guard(
        "comment.add", get=404, post=404, words={"pk": MISSING["pk"]}
    ),  # a writer's own
    "core:comment_settle": acts(
        "comment.add", post=404, words={"pk": MISSING["pk"]}
    ),  # of who asks and is asked
    "core:comment_remove": Guard("comment.moderate", get=200, post=302, of="comment"),
    "core:file_add": edits(
        ("attachment.add", "obstacle.raise"), of="talk_obstacle", words={"kind": "obstacle"}
    ),
    "core:file_remove": Guard(
        "talk.view", get=404, post=404, words={"pk": MISSING["pk"]}
    ),  # a file is its adder's
    "core:job_cancel": acts("job.cancel", of="job"),
    # ------------------------------------------------------------------------ programme
    "programme:programme_facts": shows("programme.view"),
    "programme:theme_list": shows("theme.view"),
    "programme:goal_list": shows("theme.view"),
    "programme:goal_detail": shows("theme.view", of="goal"),
    "programme:sector_list": shows("sector.view"),
    "programme:segment_list": shows("sector.view"),
    "measures:production_list": shows("savings.view"),
    "measures:production_service_add": edits("finding.edit"),
    "measures:production_service_edit": edits("finding.edit", of="service"),
    "measures:production_year_add": edits("finding.edit", of="service"),
    "measures:production_year_edit": edits("finding.edit", of="service_year"),
    "measures:idea_list": shows("talk.view"),
    "measures:idea_detail": shows("talk.view", of="measure"),
    "measures:proposal_list": shows("talk.view"),
    "measures:proposal_add": edits("proposal.add"),
    "measures:proposal_detail": shows("talk.view", of="proposal"),
    "measures:proposal_look": acts("proposal.decide", of="proposal"),
    "measures:proposal_take_up": edits("proposal.decide", of="proposal"),
    "measures:proposal_decline": edits("proposal.decide", of="proposal"),
    "measures:card_part": shows("measure.view", of="measure", words={"part": "funding"}),
    "measures:funding": shows("funding.view"),
    "measures:funding_release": edits("funding.edit", of="reserved"),
    "measures:funding_uses": shows("funding.view"),
    "measures:funding_use_add": edits("funding.edit"),
    "measures:funding_use_edit": edits("funding.edit", of="spending"),
    "programme:status_list": shows("project.view"),
    "programme:status_give": edits("status.give", of="project", words={"month": MONTH}),
    "programme:light_state": edits("light.override", of="project", words={"dimension": "schedule"}),
    "programme:light_take_back": acts("light.override", of="project", words={"dimension": "schedule"}),
    "programme:deviation_list": shows("project.view"),
    "programme:deviation_find": acts("deviation.handle"),
    "programme:deviation_detail": shows("project.view", of="deviation"),
    "programme:deviation_edit": edits("deviation.handle", of="deviation"),
    "programme:deviation_close": acts("deviation.handle", of="deviation", post=422),
    "programme:report_question_rows": shows("settings.edit"),
    "programme:report_question_add": edits("settings.edit"),
    "programme:report_question_edit": edits("settings.edit", of="report_question"),
    "programme:report_question_move": acts("settings.edit", of="report_question"),
    "programme:report_question_delete": edits("settings.edit", of="report_question", post=302),
    "programme:project_list": shows("project.view"),
    "programme:project_detail": shows("project.view", of="project"),
    "programme:project_panel": shows("project.view", of="project", words={"key": "phases"}),
    "programme:project_add": edits("project.add"),
    "programme:project_edit": edits("project.edit", of="project"),
    "programme:project_part": edits("project.edit", of="project", words={"part": "dates"}),
    "programme:plan_part_edit": edits(
        "project.edit", of="project", words=lambda side: {"key": side.things["plan_part"].key}
    ),
    "programme:plan_accept": acts("plan.accept", of="project"),
    "programme:milestone_add": edits("project.edit", of="project"),
    "programme:milestone_edit": edits("project.edit", of="project", words=milestone_words),
    "programme:milestone_done": acts("project.edit", of="project", words=milestone_words),
    "programme:milestone_remove": Guard(
        "project.edit", get=200, post=302, of="project", words=milestone_words
    ),
    "programme:project_close": edits("project.edit", of="project"),
    "programme:plan_detail": shows("project.view", of="project"),
    # The project of the table has a plan that lacks parts: it is refused, and every part named.
    "programme:plan_ready": acts("plan.ready", post=422, of="project"),
    "programme:phase_move": acts("project.edit", post=404, of="project"),
    "programme:phase_answer": edits("project.edit", of="project", words=pk_of("phase_question")),
    "programme:element_check": edits(
        "project.edit", of="project", words=lambda side: {"key": side.things["change_element"].key}
    ),
    "programme:change_list": shows("project.view"),
    "programme:change_ask": edits("change.ask", of="project"),
    "programme:change_detail": shows("project.view", of="project", words=number_of("change_request")),
    "programme:change_decide": edits("change.decide", of="project", words=number_of("change_request")),
    "programme:change_take_back": acts("change.ask", of="project", words=number_of("change_request")),
    "programme:project_person_add": edits("project.edit", of="project"),
    "programme:project_person_edit": edits("project.edit", of="project", words=pk_of("project_person")),
    "programme:project_person_remove": Guard(
        "project.edit", get=200, post=302, of="project", words=pk_of("project_person")
    ),
    "programme:project_finance_add": edits("project.edit", of="project"),
    "programme:project_finance_edit": edits("project.edit", of="project", words=pk_of("project_finance")),
    "programme:project_finance_remove": Guard(
        "project.edit", get=200, post=302, of="project", words=pk_of("project_finance")
    ),
    "programme:load": shows("project.view"),
    "programme:project_finance_list": shows("project.view"),
    "programme:effect_add": edits("project.edit", of="project"),
    "programme:effect_edit": edits("project.edit", of="project", words=pk_of("staff_effect")),
    "programme:lesson_add": edits("project.edit", of="project"),
    "programme:lesson_edit": edits("project.edit", of="project", words=pk_of("lesson")),
    "programme:lesson_list": shows("project.view"),
    "programme:stakeholder_list": shows("project.view"),
    "programme:stakeholder_add": edits("settings.edit"),
    "programme:project_stakeholder_add": edits("project.edit", of="project"),
    "programme:stakeholder_edit": edits("project.edit", of="stakeholder"),
    "programme:communication_add": edits("project.edit", of="stakeholder"),
    "programme:communication_edit": edits("project.edit", of="communication"),
    "programme:communication_done": acts(("communication.keep", "project.edit"), of="communication"),
    "programme:project_templates": shows("settings.edit"),
    "measures:measure_make_project": acts("project.add", of="measure"),
    "measures:project_make": edits("project.add"),
    "measures:project_measures": edits("project.edit", of="project"),
    "measures:measure_take_out": acts(
        "project.edit", of="project", words=lambda side: {"code": side.measure.code}
    ),
    "measures:initiative_measures": shows("measure.view", of="initiative"),
    "measures:initiative_measure": acts("measure.edit", post=422, words=initiative_key),
    "programme:initiative_detail": shows("project.view", of="initiative"),
    "programme:initiative_add": edits("settings.edit"),
    "programme:initiative_edit": edits("settings.edit", of="initiative"),
    "programme:roadmap": shows("project.view"),
    "programme:gantt": shows("project.view"),
    "programme:project_gantt": shows("project.view", of="project"),
    "programme:milestone_move": acts("project.edit"),
    "programme:link_add": edits("project.edit", of="project"),
    "programme:link_edit": edits("project.edit", of="project", words=link_words),
    "programme:link_remove": Guard("project.edit", get=200, post=302, of="project", words=link_words),
    "programme:governance": shows("governance.view"),
    "programme:body_detail": shows("decision.view", of="body"),
    "programme:seat_add": edits("governance.edit", of="body"),
    "programme:seat_edit": edits("governance.edit", of="seat"),
    "programme:seat_end": acts("governance.edit", of="seat"),
    "programme:perspective_task_edit": edits("governance.edit", of="perspective_task"),
    "programme:duty_list": shows("governance.view"),
    "programme:duty_keep": edits("duty.keep", of="due_time"),
    "programme:duty_skip": edits("duty.keep", of="due_time"),
    "programme:duty_undo": acts("duty.keep", of="due_time"),
    "programme:calendar": shows("governance.view"),
    "programme:calendar_feed_make": acts("governance.view"),
    "programme:calendar_feed_revoke": acts("governance.view"),
    "calendar_feed": shows(OPEN, get=404, words={"secret": "nobody-has-this"}),
    "programme:meeting_list": shows("register.view"),
    "programme:meeting_add": edits("meeting.edit"),
    "programme:meeting_detail": shows("register.view", of="meeting"),
    "programme:meeting_edit": edits("meeting.edit", of="meeting"),
    "programme:meeting_minutes": edits("meeting.edit", of="meeting"),
    "programme:meeting_hold": acts("meeting.edit", of="meeting"),
    "programme:meeting_cancel": acts("meeting.edit", of="meeting"),
    "programme:meeting_invite": acts("meeting.edit", of="meeting"),
    "programme:meeting_presence": acts("meeting.edit", of="meeting"),
    "programme:meeting_participant_add": edits("meeting.edit", of="meeting"),
    "programme:meeting_participant_remove": acts("meeting.edit", of="participant"),
    "programme:meeting_item_add": edits("meeting.edit", of="meeting"),
    "programme:meeting_item_edit": edits("meeting.edit", of="agenda_item"),
    "programme:meeting_item_move": acts("meeting.edit", of="agenda_item"),
    "programme:meeting_item_remove": edits("meeting.edit", of="agenda_item", post=302),
    "programme:meeting_item_decide": edits("decision.add", of="agenda_item"),
    "programme:meeting_item_paper_add": edits("meeting.edit", of="agenda_item"),
    "programme:meeting_paper_add": edits("meeting.edit", of="meeting"),
    "programme:meeting_paper_remove": edits("meeting.edit", of="meeting_paper", get=403, post=403),
    "programme:meeting_action_add": edits("decision.add", of="meeting"),
    "programme:decision_list": shows("decision.view"),
    "programme:decision_detail": shows("decision.view", of="decision"),
    "programme:decision_add": edits("decision.add"),
    "programme:decision_edit": edits("governance.edit", of="decision"),
    "programme:decision_done": acts("governance.edit", of="decision"),
    "programme:decision_link_add": edits("governance.edit", of="decision"),
    "programme:decision_link_remove": acts("governance.edit", of="decision_link"),
    "programme:decision_action_add": edits("decision.add", of="decision"),
    "programme:action_list": shows("register.view"),
    "programme:action_add": edits("decision.add"),
    "programme:action_edit": edits("action.edit", of="action_point"),
    "programme:action_done": acts("action.edit", of="action_point"),
    "programme:action_drop": acts("action.edit", of="action_point"),
    "programme:action_reopen": acts("action.edit", of="action_point"),
    # A saved view is its maker's own: for everybody else it is not there.
    "programme:saved_view_add": acts("programme.view", post=422, data={"page": "measures:measure_list"}),
    "programme:saved_view_edit": Guard("programme.view", get=404, post=404, words={"pk": MISSING["pk"]}),
    "programme:saved_view_delete": acts("programme.view", post=404, words={"pk": MISSING["pk"]}),
    "programme:person_list": shows("grant.view"),
    "programme:person_detail": shows("grant.view", of="person"),
    "programme:person_add": edits("grant.edit"),
    "programme:person_invite": edits("grant.edit"),
    "programme:person_edit": edits("grant.edit", of="person"),
    "programme:person_deactivate": edits("grant.edit", of="person"),
    "programme:person_activate": acts("grant.edit", of="person"),
    "programme:person_password": acts("grant.edit", of="person"),
    "programme:grant_add": edits("grant.edit"),
    "programme:grant_edit": edits("grant.edit", of="grant"),
    "programme:grant_remove": edits("grant.edit", of="grant"),
    # ------------------------------------------------------------------------ settings of a programme
    "reporting:set_up": shows("settings.edit"),
    "reporting:set_up_line": shows("settings.edit"),
    "reporting:text_list": shows("text.edit"),
    "reporting:text_kind": shows("text.edit", words={"kind": "programme.statement.name"}),
    "reporting:text_edit": edits("text.edit", of="statement", words={"kind": "programme.statement.name"}),
    "measures:gate_settings": shows("gate.edit"),
    "measures:gate_edit": edits("gate.edit", words={"stage": "decided"}),
    "programme:settings": shows("settings.edit"),
    "programme:settings_texts": edits("settings.edit"),
    "programme:settings_period": edits("settings.edit"),
    "programme:settings_basis": edits("settings.edit"),
    "programme:settings_words": edits("settings.edit"),
    "programme:settings_stages": edits("settings.edit"),
    "programme:parameter_list": shows("settings.edit"),
    "programme:parameter_edit": edits("settings.edit", words={"key": "meetings.big_room_day"}),
    "programme:parameter_cancel": acts("settings.edit", of="setting"),
    "programme:target_list": shows("savings.view"),
    "programme:target_add": edits("target.edit"),
    "programme:target_detail": shows("savings.view", of="target"),
    "programme:target_set": edits("target.edit", of="target"),
    "programme:target_correct": edits("target.edit", of="coming_target"),
    "programme:target_cancel": edits("target.edit", of="coming_target"),
    "programme:plan_template_rows": shows("settings.edit"),
    "programme:plan_template_add": edits("settings.edit"),
    "programme:plan_template_edit": edits("settings.edit", of="plan_part"),
    "programme:plan_template_move": acts("settings.edit", of="plan_part"),
    "programme:plan_template_delete": edits("settings.edit", of="plan_part", post=302),
    "programme:phase_template_rows": shows("settings.edit"),
    "programme:phase_template_add": edits("settings.edit"),
    "programme:phase_template_edit": edits("settings.edit", of="phase"),
    "programme:phase_template_delete": edits("settings.edit", of="phase", post=409),
    "programme:phase_question_rows": shows("settings.edit"),
    "programme:phase_question_add": edits("settings.edit"),
    "programme:phase_question_edit": edits("settings.edit", of="phase_question"),
    "programme:phase_question_move": acts("settings.edit", of="phase_question"),
    "programme:phase_question_delete": edits("settings.edit", of="phase_question", post=302),
    "programme:change_element_rows": shows("settings.edit"),
    "programme:change_element_add": edits("settings.edit"),
    "programme:change_element_edit": edits("settings.edit", of="change_element"),
    "programme:change_element_move": acts("settings.edit", of="change_element"),
    "programme:change_element_delete": edits("settings.edit", of="change_element", post=302),
    "programme:theme_rows": shows("theme.edit"),
    "programme:theme_add": edits("settings.edit"),
    "programme:theme_edit": edits("theme.edit", of="theme"),
    "programme:theme_move": acts("settings.edit", of="theme"),
    "programme:theme_delete": edits("settings.edit", of="theme", post=409),
    "programme:goal_rows": shows("theme.edit"),
    "programme:goal_add": edits("theme.edit"),
    "programme:goal_edit": edits("theme.edit", of="goal"),
    "programme:goal_move": acts("theme.edit", of="goal"),
    "programme:goal_delete": edits("theme.edit", of="goal", post=409),
    "programme:sector_rows": shows("sector.edit"),
    "programme:sector_add": edits("settings.edit"),
    "programme:sector_edit": edits("sector.edit", of="sector"),
    "programme:sector_move": acts("settings.edit", of="sector"),
    "programme:sector_delete": edits("settings.edit", of="sector", post=409),
    "programme:segment_rows": shows("segment.edit"),
    "programme:segment_add": edits("settings.edit"),
    "programme:segment_edit": edits("segment.edit", of="segment"),
    "programme:segment_move": acts("settings.edit", of="segment"),
    "programme:segment_delete": edits("settings.edit", of="segment", post=409),
    "programme:cost_type_rows": shows("settings.edit"),
    "programme:cost_type_add": edits("settings.edit"),
    "programme:cost_type_edit": edits("settings.edit", of="cost_type"),
    "programme:cost_type_move": acts("settings.edit", of="cost_type"),
    "programme:cost_type_delete": edits("settings.edit", of="cost_type", post=302),
    "programme:unit_rows": shows("settings.edit"),
    "programme:unit_add": edits("settings.edit"),
    "programme:unit_edit": edits("settings.edit", of="unit"),
    "programme:unit_move": acts("settings.edit", of="unit"),
    "programme:unit_delete": edits("settings.edit", of="unit", post=302),
    "programme:source_rows": shows("funding.edit"),
    "programme:source_add": edits("funding.edit"),
    "programme:source_edit": edits("funding.edit", of="source"),
    "programme:source_move": acts("funding.edit", of="source"),
    "programme:source_delete": edits("funding.edit", of="source", post=409),
    "programme:allocation_rows": shows("funding.edit"),
    "programme:allocation_add": edits("funding.edit"),
    "programme:allocation_edit": edits("funding.edit", of="allocation"),
    "programme:allocation_move": acts("funding.edit", of="allocation"),
    "programme:allocation_delete": edits("funding.edit", of="allocation", post=302),
    "programme:body_rows": shows("governance.edit"),
    "programme:body_add": edits("governance.edit"),
    "programme:body_edit": edits("governance.edit", of="body"),
    "programme:body_move": acts("governance.edit", of="body"),
    "programme:body_delete": edits("governance.edit", of="body", post=302),
    "programme:duty_rows": shows("governance.edit"),
    "programme:duty_add": edits("governance.edit"),
    "programme:duty_edit": edits("governance.edit", of="duty"),
    "programme:duty_move": acts("governance.edit", of="duty"),
    "programme:duty_delete": edits("governance.edit", of="duty", post=302),
    "programme:perspective_rows": shows("governance.edit"),
    "programme:perspective_add": edits("governance.edit"),
    "programme:perspective_edit": edits("governance.edit", of="perspective"),
    "programme:perspective_move": acts("governance.edit", of="perspective"),
    "programme:perspective_delete": edits("governance.edit", of="perspective", post=302),
    "programme:document_rows": shows("governance.edit"),
    "programme:document_add": edits("governance.edit"),
    "programme:document_edit": edits("governance.edit", of="document"),
    "programme:document_move": acts("governance.edit", of="document"),
    "programme:document_delete": edits("governance.edit", of="document", post=302),
    "programme:statement_rows": shows("text.edit"),
    "programme:statement_add": edits("text.edit"),
    "programme:statement_edit": edits("text.edit", of="statement"),
    "programme:statement_move": acts("text.edit", of="statement"),
    "programme:statement_delete": edits("text.edit", of="statement", post=302),
    "programme:fact_rows": shows("settings.edit"),
    "programme:fact_add": edits("settings.edit"),
    "programme:fact_edit": edits("settings.edit", of="fact"),
    "programme:fact_move": acts("settings.edit", of="fact"),
    "programme:fact_delete": edits("settings.edit", of="fact", post=302),
    # ------------------------------------------------------------------------ measures
    "measures:gate_list": shows("measure.view"),
    "measures:gate_ask": edits("gate.ask", of="measure"),
    "measures:gate_decide": edits("gate.decide", of="measure"),
    "measures:gate_take_back": acts("gate.ask", of="measure"),
    "measures:gate_return": edits("measure.edit", of="measure"),
    "measures:plan_change": shows("measure.view", of="measure"),
    "measures:plan_change_ask": edits("plan.change", of="measure"),
    "measures:plan_change_detail": shows("measure.view", of="measure", words=plan_change_words),
    "measures:plan_change_decide": edits("gate.decide", of="measure", words=plan_change_words),
    "measures:plan_change_take_back": acts("plan.change", of="measure", words=plan_change_words),
    "risks:measure_checks": shows("measure.view", of="measure"),
    "risks:measure_checks_edit": edits("measure.edit", of="measure", words={"part": "promises"}),
    "risks:closure_edit": edits("measure.edit", of="measure"),
    "risks:closure_finish": acts("measure.edit", of="measure"),
    "risks:measure_line_add": edits("measure.edit", of="measure", words={"kind": "heard"}),
    "risks:measure_line_edit": edits("measure.edit", of="measure", words=hearing_words),
    "risks:measure_line_remove": edits("measure.edit", of="measure", post=302, words=hearing_words),
    "risks:measure_check_sign": acts("gate.decide", of="measure", words=promise_check_words),
    "kpis:measure_indicators": edits("measure.edit", of="measure"),
    "kpis:measure_link_edit": edits("measure.edit", of="measure_link"),
    "measures:measure_list": shows("measure.view"),
    "measures:measure_detail": shows("measure.view", of="measure"),
    "measures:measure_add": edits("measure.add"),
    "measures:measure_bulk": edits("measure.bulk"),
    "measures:export_workbook": Guard("measure.view", get=200, post=302),
    "measures:export_csv": shows("measure.view"),
    "measures:export_download": shows(
        "measure.view", get=404, words={"pk": MISSING["pk"]}
    ),  # its maker's own
    "measures:import_list": edits("measure.import"),
    "measures:import_detail": shows("measure.import", of="workbook"),
    "measures:import_mapping": edits("measure.import", of="workbook"),
    "measures:import_choose": acts("measure.import", of="workbook"),
    "measures:import_apply": acts("measure.import", of="workbook"),
    "measures:import_again": acts("measure.import", of="workbook"),
    "measures:import_discard": acts("measure.import", of="workbook"),
    "measures:bulk_changes": shows("measure.bulk"),
    "measures:bulk_undo": edits("measure.bulk", of="bulk_change"),
    "measures:measure_edit": edits("measure.edit", of="measure"),
    "measures:measure_part": edits("measure.edit", of="measure", words={"part": "dates"}),
    "measures:measure_withdraw": edits("measure.edit", of="measure"),
    "measures:measure_merge": edits("measure.edit", of="measure"),
    "measures:measure_split": edits("measure.edit", of="measure"),
    "measures:measure_delete": edits("measure.edit", of="measure"),
    "measures:measure_deleted": edits("measure.edit", post=302, of="deleted_measure"),
    "measures:line_add": edits("savings.edit", of="measure"),
    "measures:line_edit": edits("savings.edit", of="line", words=lambda side: {"code": side.measure.code}),
    "measures:line_remove": edits("savings.edit", of="line", words=lambda side: {"code": side.measure.code}),
    "measures:target_set": edits("target.edit", of="measure"),
    "measures:target_cancel": edits(
        "target.edit", of="measure_target", words=lambda side: {"code": side.measure.code}
    ),
    "measures:deficit_path": shows("savings.view"),
    "measures:deficit_edit": edits("deficit.edit"),
    "measures:deficit_result_add": edits("deficit.edit"),
    "measures:deficit_result_edit": edits("deficit.edit", of="year_result"),
    "measures:deficit_result_remove": acts("deficit.edit", of="year_result"),
    "measures:forecast": shows("savings.view"),
    "measures:forecast_figure": acts("scenario.save"),
    "measures:forecast_whatif": shows("savings.view"),
    "measures:forecast_scenario_add": edits("scenario.save"),
    # A scenario is changed by its owner only: for everybody else it is not there.
    "measures:forecast_scenario_edit": Guard("scenario.save", get=404, post=404, words={"pk": MISSING["pk"]}),
    "measures:forecast_scenario_remove": acts("scenario.save", post=404, words={"pk": MISSING["pk"]}),
    "measures:savings_matrix": shows("savings.view"),
    "measures:budget_shares": shows("savings.view"),
    "measures:budget_share_add": edits("savings.edit", of="measure"),
    "measures:budget_share_edit": edits(
        "savings.edit", of="budget_share", words=lambda side: {"code": side.measure.code}
    ),
    "measures:budget_share_remove": acts(
        "savings.edit", of="budget_share", words=lambda side: {"code": side.measure.code}
    ),
    "measures:unallocated": shows("savings.view"),
    "measures:unallocated_move": edits("target.move"),
    "measures:crossfooting": shows("savings.view"),
    "measures:crossfooting_check": shows("savings.view", words={"key": "by_cost_type_by_sector"}),
    "measures:crossfooting_note": Guard(
        "finding.edit", get=200, post=422, words={"key": "by_cost_type_by_sector"}
    ),
    # the books
    "measures:books": shows("savings.view"),
    "measures:books_close": acts("ledger.edit"),
    "measures:books_reopen": edits("ledger.edit", words={"year": 2019, "month": 1}),
    "measures:books_lock": edits("ledger.edit", words={"year": 2019}),
    "measures:books_unlock": edits("ledger.edit", of="locked_year"),
    "measures:books_sectors": shows("savings.view"),
    "measures:books_rows": shows("savings.view"),
    "measures:books_import": edits("ledger.edit"),
    "measures:books_run": shows("savings.view", of="ledger_file"),
    "measures:books_columns": edits("ledger.edit", of="ledger_file"),
    "measures:books_names": acts("ledger.edit", of="ledger_file"),
    "measures:books_store": acts("ledger.edit", of="ledger_file"),
    "measures:books_discard": acts("ledger.edit", of="ledger_file"),
    "measures:books_drivers": shows("savings.view"),
    "measures:books_driver_add": edits("ledger.edit"),
    "measures:books_driver_edit": edits("ledger.edit", of="cost_driver"),
    "measures:books_driver_remove": edits("ledger.edit", of="cost_driver"),
    "measures:books_transfers": shows("savings.view"),
    "measures:books_transfer_add": edits("ledger.edit"),
    "measures:books_transfer_edit": edits("ledger.edit", of="base_transfer"),
    "measures:books_transfer_remove": edits("ledger.edit", of="base_transfer"),
    "measures:correction_add": edits("correction.add", of="measure"),
    "measures:month_grid": shows("measure.view", of="measure"),
    "measures:months_many": shows("measure.view"),
    "measures:months_write": Guard("savings.edit", get=302, post=422, of="measure"),
    "measures:months_save": acts("savings.edit", post=422),
    "measures:months_draft": acts("savings.edit", post=422),
    "measures:months_spread": Guard("savings.edit", get=422),
    # ------------------------------------------------------------------------ proving savings
    "measures:reconciliation": shows("savings.view"),
    "measures:reconciliation_place": shows("savings.view", words=place_words),
    "measures:reconciliation_open": acts("finding.edit"),
    "measures:reconciliation_findings": shows("savings.view"),
    "measures:reconciliation_finding": edits("finding.edit", of="finding"),
    "measures:reconciliation_finding_close": acts("finding.edit", of="finding"),
    "measures:confirmation_list": shows("savings.view"),
    "measures:confirmation_bulk": edits("claim.confirm"),
    "measures:confirmation_detail": shows("savings.view", of="claim"),
    "measures:confirmation_decide": edits("claim.confirm", of="claim"),
    "measures:confirmation_withdraw": edits("claim.confirm", of="claim"),
    "measures:overlap_list": shows("savings.view"),
    "measures:overlap_add": edits("overlap.edit"),
    "measures:overlap_edit": edits("overlap.edit", of="overlap"),
    "measures:overlap_remove": edits("overlap.edit", of="overlap"),
    "measures:overlap_dismiss": Guard("overlap.edit", get=302, post=302),
    "measures:overlap_suspect": edits("overlap.edit", of="judged_overlap"),
    "measures:income": shows("savings.view"),
    "measures:attachment_add": edits("attachment.add", of="measure"),
    # Only who added a file may remove it.
    "measures:attachment_remove": Guard("attachment.add", get=403, post=403, of="attachment"),
    "core:attachment_download": shows("measure.view", of="attachment"),
    "measures:term_list": shows("programme.view"),
    # ------------------------------------------------------------------------ kpis, risks, strategy
    "kpis:indicator_list": shows("kpi.view"),
    "kpis:indicator_detail": shows("kpi.view", of="indicator"),
    "kpis:baseline_list": shows("kpi.view"),
    "kpis:goal_indicator_list": shows("kpi.view", of="goal"),
    "kpis:goal_indicators": edits("kpi.edit", of="goal"),
    "kpis:goal_link_edit": edits("kpi.edit", of="goal_link"),
    "kpis:indicator_part": shows("kpi.view", of="indicator", words={"part": "values"}),
    "kpis:rule_list": shows("kpi.view", of="indicator"),
    "kpis:rule_add": edits("kpi.edit", of="indicator"),
    "kpis:goal_rule_list": shows("kpi.view", of="goal"),
    "kpis:goal_rule_add": edits("kpi.edit", of="goal"),
    "kpis:rule_change": edits("kpi.edit", of="target_rule"),
    "kpis:rule_end": edits("kpi.edit", of="target_rule"),
    "kpis:rule_take_up": edits("kpi.edit", of="suggested_rule"),
    "kpis:sotkanet_list": shows("kpi.view"),
    "kpis:sotkanet_read": acts("kpi.refresh"),
    "kpis:sotkanet_detail": shows("kpi.view", words={"number": 181}),
    "kpis:sotkanet_read_one": acts("kpi.refresh", words={"number": 181}),
    "kpis:sotkanet_link": edits("kpi.edit", words={"number": 181}),
    "kpis:sotkanet_new": edits("kpi.edit", words={"number": 181}),
    "kpis:source_list": shows("kpi.view", of="indicator"),
    "kpis:source_edit": edits("kpi.edit", of="source_link", words=source_words),
    "kpis:source_confirm": edits("kpi.edit", of="source_link", words=source_words),
    "kpis:source_end": Guard("kpi.edit", of="source_link", get=200, post=302, words=source_words),
    "kpis:indicator_add": edits("kpi.edit"),
    "kpis:indicator_gaps": shows("kpi.view"),
    "kpis:indicator_edit": edits("kpi.edit", of="indicator"),
    "kpis:indicator_move": acts("kpi.edit", of="indicator"),
    "kpis:indicator_delete": edits("kpi.edit", of="indicator"),
    "kpis:group_list": shows("kpi.edit", of="indicator"),
    "kpis:group_add": edits("kpi.edit", of="indicator"),
    "kpis:group_edit": edits("kpi.edit", of="indicator_group"),
    "kpis:group_move": acts("kpi.edit", of="indicator_group"),
    "kpis:group_delete": acts("kpi.edit", of="indicator_group"),
    "kpis:own_source_add": edits("kpi.edit", of="indicator"),
    "kpis:own_source_edit": edits("kpi.edit", of="own_source"),
    "kpis:value_list": shows("kpi.view", of="indicator"),
    "kpis:value_add": edits("kpi.enter", of="indicator"),
    "kpis:value_queue": shows("kpi.approve"),
    "kpis:values_approve": acts("kpi.approve"),
    "kpis:value_detail": shows("kpi.view", of="manual_value"),
    "kpis:value_edit": edits("kpi.enter", of="manual_value"),
    "kpis:value_approve": acts("kpi.approve", of="manual_value"),
    "kpis:value_return": acts("kpi.approve", post=422, of="manual_value"),
    "kpis:judgement_edit": edits("kpi.judge", of="indicator", words={"year": 2023}),
    "kpis:judgement_file_add": edits("kpi.judge", of="indicator", words={"year": 2023}),
    "kpis:judgement_file_remove": Guard("kpi.judge", get=403, post=403, of="judgement_file"),
    "kpis:value_files": edits("kpi.approve"),
    "kpis:value_file": shows("kpi.approve", of="value_file"),
    "kpis:value_file_columns": edits("kpi.approve", of="value_file"),
    "kpis:value_file_take": acts("kpi.approve", of="value_file"),
    "kpis:value_file_discard": acts("kpi.approve", of="value_file"),
    "kpis:stated_list": shows("kpi.view"),
    "kpis:stated_follow": acts("kpi.edit", of="statement"),
    "kpis:refresh_list": shows("kpi.view"),
    "kpis:refresh_detail": shows("kpi.view", of="refresh_run"),
    "kpis:refresh_start": acts("kpi.refresh"),
    "kpis:indicator_refresh": acts("kpi.refresh", of="indicator"),
    "kpis:quarantine_list": shows("kpi.view"),
    "kpis:quarantine_decide": acts("kpi.edit", post=422),
    "risks:risk_list": shows("risk.view"),
    "risks:risk_detail": shows("risk.view", of="risk"),
    "risks:risk_add": edits("risk.edit"),
    "risks:project_risk_add": edits("project_risk.add", of="project"),
    "risks:risk_edit": edits("risk.edit", of="project_risk"),
    "risks:risk_assess": edits("risk.edit", of="project_risk"),
    "risks:risk_assessment_edit": edits("risk.edit", of="project_risk", words=assessment_words),
    "risks:risk_reviewed": acts("risk.edit", of="project_risk"),
    "risks:risk_raise": edits("risk.edit", of="project_risk"),
    "risks:risk_take_back": acts("risk.edit", of="project_risk"),
    "risks:risk_came_true": edits("risk.edit", of="project_risk"),
    "risks:risk_line_add": edits("risk.edit", of="project_risk", words={"kind": "mitigations"}),
    "risks:risk_line_edit": edits("risk.edit", of="project_risk", words=mitigation_words),
    "risks:risk_line_remove": edits("risk.edit", of="project_risk", post=302, words=mitigation_words),
    "risks:mitigation_done": acts("risk.edit", of="project_risk", words=mitigation_words),
    "risks:obstacle_list": shows("risk.view"),
    "risks:obstacle_add": edits("obstacle.raise"),
    "risks:obstacle_detail": shows("risk.view", of="obstacle"),
    "risks:obstacle_edit": edits("obstacle.raise", of="obstacle"),
    "risks:obstacle_up": acts("obstacle.raise", of="obstacle"),
    "risks:obstacle_back": edits("obstacle.decide", of="obstacle"),
    "risks:obstacle_decide": edits("obstacle.decide", of="obstacle"),
    "risks:obstacle_close": edits("obstacle.raise", of="obstacle"),
    "risks:obstacle_reopen": edits("obstacle.raise", of="obstacle"),
    "risks:level_list": shows("risk.view"),
    "risks:level_edit": edits("governance.edit", words={"level": "director"}),
    "risks:weekly_list": shows("risk.view"),
    "risks:weekly_detail": shows("risk.view", words={"monday": "2024-03-25"}),
    "risks:weekly_handled": acts("governance.edit", of="weekly_list"),
    "risks:impact_list": shows("risk.view"),
    "risks:impact_detail": shows("risk.view", of="impact_area"),
    "risks:impact_edit": edits(
        "impact.edit",
        of="impact_area",
        data={"advances": "advances", "advances_reason": "", "name_fi": "Alue"},
    ),
    "risks:impact_statement_add": edits("impact.edit", of="impact_area"),
    "risks:impact_statement_edit": edits("impact.edit", of="impact_statement"),
    "risks:impact_statement_remove": edits("impact.edit", of="impact_statement", post=302),
    "risks:impact_watch_add": edits("impact.edit", of="impact_area"),
    "risks:impact_watch_remove": edits("impact.edit", of="impact_watch", post=302),
    "risks:impact_group_add": edits("impact.edit"),
    "risks:impact_group_edit": edits("impact.edit", of="affected_group"),
    "risks:impact_group_remove": edits("impact.edit", of="affected_group", post=302),
    "risks:promise_list": shows("risk.view"),
    "risks:promise_detail": shows("risk.view", of="promise"),
    "risks:promise_export": shows("risk.view"),
    "strategy:vision": shows("strategy.view"),
    "strategy:theme_add": edits("strategy.edit"),
    "strategy:theme_edit": edits("strategy.edit", of="vision_theme"),
    "strategy:line_add": edits("strategy.edit"),
    "strategy:line_detail": shows("strategy.view", of="main_line"),
    "strategy:line_edit": edits("strategy.edit", of="main_line"),
    "strategy:balancing": shows("strategy.view"),
    "strategy:balancing_edit": edits("strategy.edit", of="balancing"),
    "strategy:principle_edit": edits("strategy.edit", of="principle"),
    "strategy:point_list": shows("strategy.view"),
    "strategy:point_add": edits("strategy.edit"),
    "strategy:point_detail": shows("strategy.view", of="reporting_point"),
    "strategy:point_edit": edits("strategy.edit", of="reporting_point"),
    "strategy:point_year": acts("strategy.edit", words={"year": 2024}),
    "strategy:objective_list": shows("strategy.view"),
    "strategy:objective_add": edits("objective.edit"),
    "strategy:objective_detail": shows("strategy.view", of="annual_objective"),
    "strategy:objective_edit": edits("objective.edit", of="annual_objective"),
    "strategy:metric_add": edits("objective.edit", of="annual_objective"),
    "strategy:metric_edit": edits("objective.edit", of="metric"),
    "strategy:metric_remove": edits("objective.edit", post=302, of="metric"),
    "strategy:answer_edit": edits("objective.answer", of="metric_year"),
    "strategy:answer_file_add": edits("objective.answer", of="metric_year"),
    # Only who added the file may remove it.
    "strategy:answer_file_remove": Guard("objective.answer", get=403, post=403, of="answer_file"),
    "strategy:year_answers": edits("objective.answer", words={"year": 2024}),
    "strategy:year_fixed": shows("strategy.view", words={"year": 2024}),
    "strategy:year_fix": edits("objective.fix", words={"year": 2024}),
    "strategy:season_list": shows("strategy.view"),
    "strategy:season_detail": shows("strategy.view", of="season"),
    "strategy:season_board": shows("strategy.view", of="season"),
    "strategy:season_make": acts("okr.edit", words={"year": 2040}),
    "strategy:season_open": acts("okr.edit", post=422, of="season"),  # it is open
    "strategy:season_close": edits("okr.edit", of="season"),
    "strategy:season_archive": acts("okr.edit", post=422, of="season"),  # it is open
    "strategy:okr_add": edits("okr.own", of="okr_unit", words=season_words),
    "strategy:okr_detail": shows("strategy.view", of="season_objective"),
    "strategy:okr_edit": edits("okr.own", of="season_objective"),
    "strategy:okr_start": acts("okr.own", post=422, of="season_objective"),  # it is under way
    "strategy:okr_drop": edits("okr.own", of="season_objective"),
    "strategy:okr_move": acts("okr.own", of="season_objective"),
    "strategy:okr_carry": acts("okr.own", post=422, of="season_objective"),  # it has not ended
    "strategy:result_add": edits("okr.own", of="season_objective"),
    "strategy:result_edit": edits("okr.own", of="key_result"),
    "strategy:result_remove": acts("okr.own", post=422, of="key_result"),  # the last one stays
    "strategy:check_in": edits("okr.own", of="key_result"),
    "strategy:result_end": edits("okr.own", of="key_result"),
    "strategy:unit_list": shows("strategy.view"),
    "strategy:unit_detail": shows("strategy.view", of="okr_unit"),
    "strategy:unit_add": edits("okr.edit"),
    "strategy:unit_bring": acts("okr.edit"),
    "strategy:unit_edit": edits("okr.edit", of="okr_unit"),
    "strategy:member_add": edits("okr.edit", of="okr_unit"),
    "strategy:member_remove": acts("okr.edit", of="unit_member"),
    "strategy:plan_list": shows("strategy.view"),
    "strategy:plan_add": edits("okr.edit"),
    "strategy:plan_edit": edits("okr.edit", of="plan_item"),
    "strategy:plan_turn": edits("okr.edit", of="plan_item"),
    # ------------------------------------------------------------------------ reporting
    "reporting:theme_css": shows("programme.view"),
    "reporting:dashboard": shows("dashboard.view"),
    "reporting:dashboard_panel": shows("dashboard.view", words={"name": "stages"}),
    "reporting:theme_detail": shows("theme.view", of="theme"),
    "reporting:sector_detail": shows("sector.view", of="sector"),
    "reporting:segment_detail": shows("sector.view", of="segment"),
    "reporting:goal": shows("theme.view", of="goal"),
    "reporting:coverage": shows("theme.view"),
    "reporting:measure_update": edits("update.give", of="measure"),
    "reporting:history": shows("history.view"),
    "reporting:history_row": shows("history.view", of="measure", words={"kind": "measures.measure"}),
    "reporting:history_restore": edits("measure.edit", of="measure", words=event_words),
    "reporting:bigroom_list": shows("bigroom.view"),
    "reporting:bigroom_detail": shows("bigroom.view", words={"month": MONTH}),
    "reporting:bigroom_progress": shows("bigroom.view", get=302, words={"month": MONTH}),
    "reporting:bigroom_build": acts("bigroom.build", data={"month": MONTH}),
    # ------------------------------------------------------------------------ API
    "api_schema": shows(OPEN),
    "api_docs": shows(OPEN),
    "api_programme:programmes": shows(API_LIST),
    "api_programme:programme": shows("programme.view"),
    "api_programme:themes": shows(API_LIST),
    "api_programme:goals": shows(API_LIST),
    "api_programme:sectors": shows(API_LIST),
    "api_programme:cost_types": shows(API_LIST),
    "api_programme:decisions": shows(API_LIST),
    "api_measures:measures": shows(API_LIST),
    "api_measures:measure": shows("measure.view", of="measure", hidden=404),
    "api_measures:ledger": shows(API_LIST),
    "api_measures:savings": shows(API_LIST),
    "api_kpis:indicators": shows(API_LIST),
    "api_kpis:observations": shows(API_LIST),
    "api_kpis:target_rules": shows(API_LIST),
    "api_risks:risks": shows(API_LIST),
    "api_strategy:objectives": shows(API_LIST),
    "api_strategy:seasons": shows(API_LIST),
    "api_reporting:summary": shows("dashboard.view"),
}
#: Answered alike to everybody: nothing is there.
NOWHERE = {"api_reporting:unknown"}

pytestmark = [pytest.mark.usefixtures("taken_back"), pytest.mark.timeout(300)]

ALL = list(addresses(get_resolver().url_patterns))
ONLY = os.environ.get("EVERY_URL", "")
ASKED = [(name, pattern) for name, pattern in ALL if name.startswith(ONLY) and name in GUARDS]


# ---------------------------------------------------------------------------- help
@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without their page: thousands are asked for, and a third of the time went into drawing them."""
    for status in (403, 404):
        bare = partial(_bare, status=status)
        monkeypatch.setattr(config.urls, f"handler{status}", bare, raising=False)


def _bare(request: HttpRequest, exception: Exception, status: int) -> HttpResponse:
    return HttpResponse(status=status)


def client_of(person: Any) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


# ---------------------------------------------------------------------------- the table itself
def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {name for name, _pattern in ALL} - NOWHERE == set(GUARDS)


def test_an_address_without_a_row_would_be_found() -> None:
    extra = [*get_resolver().url_patterns, path("left/open/", partial(print), name="left_open")]

    assert "left_open" in {name for name, _pattern in addresses(extra)} - NOWHERE - set(GUARDS)


# ---------------------------------------------------------------------------- every cell
@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.parametrize("where", ["own", "other", "foreign"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(role: str, where: str, own: Place, foreign: Place) -> None:
    side = {"own": own.own, "other": own.other, "foreign": foreign.own}[where]
    walk = Walk(GUARDS, ASKED, thorough=bool(ONLY))

    assert walk.wrong(client_of(own.people[role]), side, role=role, where=where) == {}
    assert walk.cells >= 2 * len(ASKED) or where != "own"
    assert walk.drawn >= walk.cells / 4


@pytest.mark.nightly
@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.parametrize("where", ["own", "other", "foreign"])
@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_it_on_every_page_drawn(role: str, where: str, own: Place, foreign: Place) -> None:
    side = {"own": own.own, "other": own.other, "foreign": foreign.own}[where]
    walk = Walk(GUARDS, ASKED, thorough=True)

    assert walk.wrong(client_of(own.people[role]), side, role=role, where=where) == {}
    assert walk.drawn == walk.cells


def test_every_page_is_drawn_for_each_reach_and_every_role_draws_some_of_each_kind() -> None:
    walk = Walk(GUARDS, ALL)
    for role in ROLES:
        assert sum(walk.is_drawn(guard, role, at) for at, (_n, _p, guard) in enumerate(walk.rows)) >= 100
        assert {guard.by for _n, _p, guard in walk.asked_by(role, "foreign")} == {
            guard.by for guard in GUARDS.values()
        }
    for guard in GUARDS.values():
        for role in ROLES:
            alike = [one for one in ROLES if all(
                ACTIONS[action].get(one) == ACTIONS[action].get(role) for action in guard.actions
            )]  # fmt: skip
            assert any(is_first_alike(guard, one) for one in alike)


@pytest.mark.usefixtures("bare_refusals")
def test_somebody_who_has_not_signed_in_gets_nothing(own: Place) -> None:
    assert Walk(GUARDS, ASKED).wrong(Client(), own.own, role=None, where="own") == {}


@pytest.mark.usefixtures("bare_refusals")
def test_somebody_without_a_role_sees_no_programme(own: Place) -> None:
    client = client_of(make_person("nobody"))

    assert Walk(GUARDS, ASKED).wrong(client, own.own, role="nobody", where="foreign") == {}


@pytest.mark.usefixtures("bare_refusals")
@pytest.mark.parametrize("role", ["admin", "pmo"])
def test_the_office_of_the_other_county_sees_nothing_here(role: str, own: Place, foreign: Place) -> None:
    client = client_of(foreign.people[role])

    assert Walk(GUARDS, ASKED).wrong(client, own.own, role=role, where="foreign") == {}


# ---------------------------------------------------------------------------- the test of the test
def test_an_address_opened_on_purpose_is_found(
    own: Place, foreign: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard of one address is taken away: the walk must name it, for each way it is open."""
    (pattern,) = [pattern for name, pattern in ALL if name == "measures:savings_matrix"]

    def unguarded(request: HttpRequest, programme: str) -> HttpResponse:
        return HttpResponse("open")

    monkeypatch.setattr(pattern, "callback", unguarded)
    walk = Walk(GUARDS, [(name, pattern) for name, pattern in ALL if name == "measures:savings_matrix"])
    council = client_of(own.people["council"])

    assert walk.wrong(council, own.own, role="council", where="own") == {
        "GET measures:savings_matrix on own": (200, {403}),
        "POST measures:savings_matrix on own": (200, {403, 405}),
    }
    assert set(walk.wrong(council, foreign.own, role="council", where="foreign")) == {
        "GET measures:savings_matrix on foreign", "POST measures:savings_matrix on foreign",
    }  # fmt: skip
    assert set(walk.wrong(Client(), own.own, role=None, where="own")) == {
        "GET measures:savings_matrix on own", "POST measures:savings_matrix on own",
    }  # fmt: skip


def test_a_view_that_forgets_to_ask_about_the_row_is_found(
    own: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A narrow action guarded by its door only: right on an own row, found on another one."""
    guard = shows("theme.edit", of="theme")
    found = [(name, pattern) for name, pattern in ALL if name == "reporting:theme_detail"]
    walk = Walk({"reporting:theme_detail": guard}, found)
    client = client_of(own.people["theme"])

    assert walk.wrong(client, own.own, role="theme", where="own") == {}
    assert walk.wrong(client, own.other, role="theme", where="other") == {
        "GET reporting:theme_detail on other": (200, {403})
    }


# ---------------------------------------------------------------------------- hidden and missing
def test_a_hidden_programme_and_a_missing_one_get_the_same_page(own: Place) -> None:
    client, differing = client_of(own.people["pmo"]), []
    for name, pattern in ASKED:
        guard = GUARDS[name]
        if not guard.actions:
            continue
        for method in ("get", guard.unsafe):
            pages = []
            for slug in ("foreign", "nowhere"):
                answer = answer_of(client, method, address(name, pattern, guard, own.own, programme=slug))
                pages.append((answer.status_code, as_read(answer, f"/{slug}/")))
            if pages[0] != pages[1]:
                differing.append(f"{method} {name}")

    assert differing == []


def test_a_hidden_row_and_a_missing_one_get_the_same_page(own: Place, foreign: Place) -> None:
    """The id of the other county's row, asked under the own programme, against an id nobody has."""
    client, differing, asked = client_of(own.people["admin"]), [], 0
    for name, pattern in ASKED:
        guard = GUARDS[name]
        if not guard.of or "pk" not in pattern.pattern.converters:
            continue
        for method in ("get", guard.unsafe):
            if (guard.get if method == "get" else guard.post) == 405:
                continue
            asked += 1
            pages = []
            for pk in (foreign.own.things[guard.of].pk, MISSING["pk"]):
                answer = answer_of(client, method, address(name, pattern, guard, own.own, pk=pk))
                pages.append((answer.status_code, as_read(answer, f"/{pk}/")))
            if pages[0] != pages[1] or pages[0][0] != 404:
                differing.append(f"{method} {name}: {pages[0][0]}, {pages[1][0]}")

    assert differing == []
    assert asked or ONLY


def test_a_missing_row_is_404_for_whoever_may_see_such_rows(own: Place) -> None:
    client, differing = client_of(own.people["admin"]), []
    for name, pattern in ASKED:
        guard = GUARDS[name]
        words = {word: MISSING[word] for word in pattern.pattern.converters if word in MISSING}
        if not guard.of or not words:
            continue
        for method in ("get", guard.unsafe):
            if (guard.get if method == "get" else guard.post) == 405:
                continue
            status = answer_of(client, method, address(name, pattern, guard, own.own, **words)).status_code
            if status != 404:
                differing.append(f"{method} {name}: {status}")

    assert differing == []


# ---------------------------------------------------------------------------- before signing in
def test_nobody_is_sent_to_sign_in_and_back() -> None:
    answer = Client().get("/p/own/measures/?theme=digi")

    assert answer["Location"] == "/accounts/login/?next=/p/own/measures/%3Ftheme%3Ddigi"


def test_a_part_asked_without_signing_in_is_401() -> None:
    answer = Client().get("/p/own/measures/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (401, b"")
