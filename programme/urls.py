"""Addresses of programme pages."""

from django.urls import path

from programme import settings_urls
from programme.deviations import urls as deviation_urls
from programme.governance import urls as governance_urls
from programme.people import urls as people_urls
from programme.projects import planning_urls, resource_urls
from programme.projects.changes import urls as change_urls
from programme.updates import urls as update_urls
from programme.views import (
    facts,
    gantt,
    governance,
    initiatives,
    links,
    milestones,
    project_plans,
    projects,
    roadmap,
    saved_views,
    structure,
)

app_name = "programme"
urlpatterns = [
    path("p/<slug:programme>/about/", facts.programme_facts, name="programme_facts"),
    path("p/<slug:programme>/themes/", structure.theme_list, name="theme_list"),
    path("p/<slug:programme>/goals/", structure.goal_list, name="goal_list"),
    path("p/<slug:programme>/goals/<int:pk>/", structure.goal_detail, name="goal_detail"),
    path("p/<slug:programme>/sectors/", structure.sector_list, name="sector_list"),
    path("p/<slug:programme>/segments/", structure.segment_list, name="segment_list"),
    path("p/<slug:programme>/projects/", projects.project_list, name="project_list"),
    path("p/<slug:programme>/projects/add/", projects.project_add, name="project_add"),
    path("p/<slug:programme>/projects/<slug:slug>/", projects.project_detail, name="project_detail"),
    path("p/<slug:programme>/projects/<slug:slug>/edit/", projects.project_edit, name="project_edit"),
    path("p/<slug:programme>/projects/<slug:slug>/close/", projects.project_close, name="project_close"),
    path("p/<slug:programme>/projects/<slug:slug>/plan/", project_plans.plan_detail, name="plan_detail"),
    path("p/<slug:programme>/projects/<slug:slug>/plan/ready/", project_plans.plan_ready, name="plan_ready"),
    *planning_urls.patterns,
    *resource_urls.patterns,
    *change_urls.patterns,
    path(
        "p/<slug:programme>/projects/<slug:slug>/part/<slug:key>/",
        projects.project_panel,
        name="project_panel",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/edit/<slug:part>/",
        projects.project_part,
        name="project_part",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/plan/accept/", project_plans.plan_accept, name="plan_accept"
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/plan/part/<slug:key>/",
        project_plans.plan_part_edit,
        name="plan_part_edit",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/milestones/add/",
        milestones.milestone_add,
        name="milestone_add",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/milestones/<int:pk>/",
        milestones.milestone_edit,
        name="milestone_edit",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/milestones/<int:pk>/done/",
        milestones.milestone_done,
        name="milestone_done",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/milestones/<int:pk>/remove/",
        milestones.milestone_remove,
        name="milestone_remove",
    ),
    path("p/<slug:programme>/projects/<slug:slug>/links/add/", links.link_add, name="link_add"),
    path("p/<slug:programme>/projects/<slug:slug>/links/<int:pk>/", links.link_edit, name="link_edit"),
    path(
        "p/<slug:programme>/projects/<slug:slug>/links/<int:pk>/remove/",
        links.link_remove,
        name="link_remove",
    ),
    path("p/<slug:programme>/undertakings/add/", initiatives.initiative_add, name="initiative_add"),
    path(
        "p/<slug:programme>/undertakings/<slug:key>/",
        initiatives.initiative_detail,
        name="initiative_detail",
    ),
    path(
        "p/<slug:programme>/undertakings/<slug:key>/edit/",
        initiatives.initiative_edit,
        name="initiative_edit",
    ),
    path("p/<slug:programme>/gantt/", gantt.gantt, name="gantt"),
    path("p/<slug:programme>/gantt/move/", gantt.milestone_move, name="milestone_move"),
    path("p/<slug:programme>/projects/<slug:slug>/gantt/", gantt.project_gantt, name="project_gantt"),
    path("p/<slug:programme>/roadmap/", roadmap.roadmap, name="roadmap"),
    path("p/<slug:programme>/views/add/", saved_views.saved_view_add, name="saved_view_add"),
    path("p/<slug:programme>/views/<int:pk>/", saved_views.saved_view_edit, name="saved_view_edit"),
    path(
        "p/<slug:programme>/views/<int:pk>/delete/", saved_views.saved_view_delete, name="saved_view_delete"
    ),
    path("p/<slug:programme>/governance/", governance.governance, name="governance"),
    *deviation_urls.patterns,
    *governance_urls.patterns,
    *update_urls.patterns,
    *settings_urls.patterns,
    *people_urls.patterns,
]
