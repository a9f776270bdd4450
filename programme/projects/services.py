"""Changes of projects that are more than writing one form."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.editing import RowForm, Saved, save_edit, save_new
from programme.models import Project
from programme.projects.calculations import ENDED
from programme.projects.links.services import watching
from programme.projects.plans import begin_plan


def add_project(form: RowForm, by: Any) -> Project:
    """Stores a new project together with its plan, whose parts wait to be written."""
    try:
        with transaction.atomic():
            project: Project = save_new(form, by)
            begin_plan(project=project, by=by)
    except IntegrityError as taken:  # somebody took the short name after the form had been checked
        raise ValidationError(
            {"slug": _("The programme already has a project with this short name.")}
        ) from taken
    return project


def save_project(form: RowForm, by: Any) -> Saved:
    """Saves an edited project; one that ends gets the day on which it closed, one that goes on loses it.

    Tells the people whose milestones are late because the project's end moved.
    """
    also: dict[str, Any] = {}
    state = form.cleaned_data.get("state")
    if state and (state in ENDED) != (form.instance.closed_on is not None):
        also["closed_on"] = form.programme.today() if state in ENDED else None
    with transaction.atomic(), watching(form.programme, by):
        return save_edit(form, by, also=also)
