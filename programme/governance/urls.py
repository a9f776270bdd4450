"""Addresses of governance."""

from django.urls import path

from programme.governance.views import actions, bodies, calendar, decisions, duties, meetings

P = "p/<slug:programme>/"
G, M, D, A = f"{P}governance/", f"{P}meetings/", f"{P}decisions/", f"{P}actions/"
patterns = [
    # bodies, seats, sides of leading
    path(f"{G}bodies/<slug:key>/", bodies.body_detail, name="body_detail"),
    path(f"{G}bodies/<slug:key>/seats/add/", bodies.seat_add, name="seat_add"),
    path(f"{G}seats/<int:pk>/", bodies.seat_edit, name="seat_edit"),
    path(f"{G}seats/<int:pk>/end/", bodies.seat_end, name="seat_end"),
    path(f"{G}tasks/<int:pk>/", bodies.task_edit, name="perspective_task_edit"),
    # duties and the calendar
    path(f"{G}duties/", duties.duty_list, name="duty_list"),
    path(f"{G}duties/<int:pk>/keep/", duties.duty_keep, name="duty_keep"),
    path(f"{G}duties/<int:pk>/skip/", duties.duty_skip, name="duty_skip"),
    path(f"{G}duties/<int:pk>/undo/", duties.duty_undo, name="duty_undo"),
    path(f"{P}calendar/", calendar.calendar, name="calendar"),
    path(f"{P}calendar/feed/", calendar.calendar_feed_make, name="calendar_feed_make"),
    path(f"{P}calendar/feed/revoke/", calendar.calendar_feed_revoke, name="calendar_feed_revoke"),
    # meetings
    path(M, meetings.meeting_list, name="meeting_list"),
    path(f"{M}add/", meetings.meeting_add, name="meeting_add"),
    path(f"{M}<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
    path(f"{M}<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path(f"{M}<int:pk>/minutes/", meetings.meeting_minutes, name="meeting_minutes"),
    path(f"{M}<int:pk>/hold/", meetings.meeting_hold, name="meeting_hold"),
    path(f"{M}<int:pk>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path(f"{M}<int:pk>/invite/", meetings.meeting_invite, name="meeting_invite"),
    path(f"{M}<int:pk>/presence/", meetings.meeting_presence, name="meeting_presence"),
    path(f"{M}<int:pk>/people/add/", meetings.meeting_participant_add, name="meeting_participant_add"),
    path(
        f"{M}people/<int:pk>/remove/", meetings.meeting_participant_remove, name="meeting_participant_remove"
    ),
    path(f"{M}<int:pk>/matters/add/", meetings.meeting_item_add, name="meeting_item_add"),
    path(f"{M}matters/<int:pk>/", meetings.meeting_item_edit, name="meeting_item_edit"),
    path(f"{M}matters/<int:pk>/move/", meetings.meeting_item_move, name="meeting_item_move"),
    path(f"{M}matters/<int:pk>/remove/", meetings.meeting_item_remove, name="meeting_item_remove"),
    path(f"{M}matters/<int:pk>/decide/", meetings.meeting_item_decide, name="meeting_item_decide"),
    path(f"{M}matters/<int:pk>/papers/add/", meetings.meeting_item_paper_add, name="meeting_item_paper_add"),
    path(f"{M}<int:pk>/papers/add/", meetings.meeting_paper_add, name="meeting_paper_add"),
    path(f"{M}papers/<int:pk>/remove/", meetings.meeting_paper_remove, name="meeting_paper_remove"),
    path(f"{M}<int:pk>/actions/add/", meetings.meeting_action_add, name="meeting_action_add"),
    # decisions
    path(D, decisions.decision_list, name="decision_list"),
    path(f"{D}add/", decisions.decision_add, name="decision_add"),
    path(f"{D}<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path(f"{D}<int:pk>/edit/", decisions.decision_edit, name="decision_edit"),
    path(f"{D}<int:pk>/done/", decisions.decision_done, name="decision_done"),
    path(f"{D}<int:pk>/links/add/", decisions.decision_link_add, name="decision_link_add"),
    path(f"{D}links/<int:pk>/remove/", decisions.decision_link_remove, name="decision_link_remove"),
    path(f"{D}<int:pk>/actions/add/", decisions.decision_action_add, name="decision_action_add"),
    # action points
    path(A, actions.action_list, name="action_list"),
    path(f"{A}add/", actions.action_add, name="action_add"),
    path(f"{A}<int:pk>/", actions.action_edit, name="action_edit"),
    path(f"{A}<int:pk>/done/", actions.action_done, name="action_done"),
    path(f"{A}<int:pk>/drop/", actions.action_drop, name="action_drop"),
    path(f"{A}<int:pk>/reopen/", actions.action_reopen, name="action_reopen"),
]
