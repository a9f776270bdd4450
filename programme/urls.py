"""Addresses of programme pages."""

from django.urls import path

from programme import views

app_name = "programme"
urlpatterns = [
    path("p/<slug:programme>/about/", views.programme_facts, name="programme_facts"),
    path("p/<slug:programme>/themes/", views.theme_list, name="theme_list"),
    path("p/<slug:programme>/goals/", views.goal_list, name="goal_list"),
    path("p/<slug:programme>/goals/<int:pk>/", views.goal_detail, name="goal_detail"),
    path("p/<slug:programme>/sectors/", views.sector_list, name="sector_list"),
    path("p/<slug:programme>/segments/", views.segment_list, name="segment_list"),
    path("p/<slug:programme>/funding/", views.funding, name="funding"),
    path("p/<slug:programme>/projects/", views.project_list, name="project_list"),
    path("p/<slug:programme>/projects/<slug:slug>/", views.project_detail, name="project_detail"),
    path("p/<slug:programme>/roadmap/", views.roadmap, name="roadmap"),
    path("p/<slug:programme>/governance/", views.governance, name="governance"),
]
