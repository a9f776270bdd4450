"""Addresses of what a project's plan holds beside its texts: phases, leading the change, stakeholders."""

from django.urls import path

from programme.views import leading, phases, project_templates, stakeholders

PROGRAMME = "p/<slug:programme>"
PROJECT = f"{PROGRAMME}/projects/<slug:slug>"
patterns = [
    path(f"{PROJECT}/phase/", phases.phase_move, name="phase_move"),
    path(f"{PROJECT}/answer/<int:pk>/", phases.phase_answer, name="phase_answer"),
    path(f"{PROJECT}/element/<slug:key>/", leading.element_check, name="element_check"),
    path(f"{PROJECT}/effects/add/", leading.effect_add, name="effect_add"),
    path(f"{PROJECT}/effects/<int:pk>/", leading.effect_edit, name="effect_edit"),
    path(f"{PROJECT}/lessons/add/", leading.lesson_add, name="lesson_add"),
    path(f"{PROJECT}/lessons/<int:pk>/", leading.lesson_edit, name="lesson_edit"),
    path(
        f"{PROJECT}/stakeholders/add/",
        stakeholders.project_stakeholder_add,
        name="project_stakeholder_add",
    ),
    path(f"{PROGRAMME}/lessons/", leading.lesson_list, name="lesson_list"),
    path(f"{PROGRAMME}/stakeholders/", stakeholders.stakeholder_list, name="stakeholder_list"),
    path(f"{PROGRAMME}/stakeholders/add/", stakeholders.stakeholder_add, name="stakeholder_add"),
    path(f"{PROGRAMME}/stakeholders/<int:pk>/", stakeholders.stakeholder_edit, name="stakeholder_edit"),
    path(
        f"{PROGRAMME}/stakeholders/<int:pk>/tell/", stakeholders.communication_add, name="communication_add"
    ),
    path(f"{PROGRAMME}/communications/<int:pk>/", stakeholders.communication_edit, name="communication_edit"),
    path(
        f"{PROGRAMME}/communications/<int:pk>/done/",
        stakeholders.communication_done,
        name="communication_done",
    ),
    path(f"{PROGRAMME}/settings/projects/", project_templates.project_templates, name="project_templates"),
]
