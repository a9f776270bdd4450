"""Addresses of the people and the money of projects."""

from django.urls import path

from programme.views import resources

PROGRAMME = "p/<slug:programme>"
PROJECT = f"{PROGRAMME}/projects/<slug:slug>"
patterns = [
    path(f"{PROJECT}/people/add/", resources.project_person_add, name="project_person_add"),
    path(f"{PROJECT}/people/<int:pk>/", resources.project_person_edit, name="project_person_edit"),
    path(f"{PROJECT}/people/<int:pk>/remove/", resources.project_person_remove, name="project_person_remove"),
    path(f"{PROJECT}/money/add/", resources.project_finance_add, name="project_finance_add"),
    path(f"{PROJECT}/money/<int:pk>/", resources.project_finance_edit, name="project_finance_edit"),
    path(
        f"{PROJECT}/money/<int:pk>/remove/", resources.project_finance_remove, name="project_finance_remove"
    ),
    path(f"{PROGRAMME}/load/", resources.load, name="load"),
    path(f"{PROGRAMME}/project-money/", resources.project_finance_list, name="project_finance_list"),
]
