"""Addresses of programme pages."""

from django.urls import path

from programme.views import facts, funding, governance, projects, structure

app_name = "programme"
urlpatterns = [
    path("p/<slug:programme>/about/", facts.programme_facts, name="programme_facts"),
    path("p/<slug:programme>/themes/", structure.theme_list, name="theme_list"),
    path("p/<slug:programme>/goals/", structure.goal_list, name="goal_list"),
    path("p/<slug:programme>/goals/<int:pk>/", structure.goal_detail, name="goal_detail"),
    path("p/<slug:programme>/sectors/", structure.sector_list, name="sector_list"),
    path("p/<slug:programme>/segments/", structure.segment_list, name="segment_list"),
    path("p/<slug:programme>/funding/", funding.funding, name="funding"),
    path("p/<slug:programme>/projects/", projects.project_list, name="project_list"),
    path("p/<slug:programme>/projects/<slug:slug>/", projects.project_detail, name="project_detail"),
    path("p/<slug:programme>/roadmap/", projects.roadmap, name="roadmap"),
    path("p/<slug:programme>/governance/", governance.governance, name="governance"),
]
