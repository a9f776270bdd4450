"""Changes of projects, plans and milestones that are more than writing one form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.editing import RowForm, Saved, save_edit, save_new
from core.history import own_context
from programme.models import Milestone, PlanPart, Project, ProjectPlanPart
from programme.projects.calculations import short_name
from programme.projects.selectors import plan_of

# --- projects -----------------------------------------------------------------------------------------


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


# --- plans --------------------------------------------------------------------------------------------


def begin_plan(*, project: Project, by: Any) -> int:
    """Gives the project an empty row for each part that its plan lacks; how many. Runs twice alike."""
    with transaction.atomic(), own_context(user=by.pk):
        begun = project.plan_parts.values("part")
        waiting = PlanPart.objects.filter(programme=project.programme_id).exclude(pk__in=begun)
        rows = [
            ProjectPlanPart(programme_id=project.programme_id, project=project, part=part).stamp(by)
            for part in waiting
        ]
        return len(ProjectPlanPart.objects.bulk_create(rows, ignore_conflicts=True))


def write_plan_part(form: RowForm, by: Any) -> Saved:
    """Saves what was written, with the day; a text that changes is no longer the one that was accepted."""
    also: dict[str, Any] = {"written_on": form.programme.today(), "accepted_on": None, "accepted_by": None}
    with transaction.atomic():
        if form.instance.pk is None:
            begin_plan(project=form.instance.project, by=by)
            form.instance = ProjectPlanPart.objects.get(
                project=form.instance.project, part=form.instance.part
            )
        return save_edit(form, by, also=also)


#: Row of a part -> its version as whoever accepts it has read it; None asks for no check.
Seen = Mapping[int, int] | None


def accept_plan_part(*, row: ProjectPlanPart, by: Any, on: dt.date, seen: Seen = None) -> None:
    """Accepts one written part; ValidationError when it has no text or was rewritten since `seen`.

    One accepted already stays as it was.
    """
    with transaction.atomic():
        kept = ProjectPlanPart.objects.filter(pk=row.pk)
        _accept(kept, list(kept.select_for_update()), by, on, seen)


def accept_plan(*, project: Project, by: Any, on: dt.date, seen: Seen = None) -> None:
    """Accepts the whole plan, that is every part; ValidationError naming the parts that it lacks."""
    with transaction.atomic():
        rows = list(project.plan_parts.select_for_update(of=("self",)).select_related("part"))
        plan = plan_of(project)
        if not plan.is_whole:
            raise ValidationError(
                _("The plan is not whole. It lacks: %(parts)s.") % {"parts": plan.missing_names},
                code="missing",
            )
        _accept(project.plan_parts.all(), rows, by, on, seen)


def _accept(kept: Any, rows: list[ProjectPlanPart], by: Any, on: dt.date, seen: Seen) -> None:
    if not all(row.is_there for row in rows):
        raise ValidationError(_("Only a part that has been written can be accepted."), code="missing")
    waiting = [row for row in rows if row.accepted_on is None]
    if seen is not None and any(seen.get(row.pk) != row.version for row in waiting):
        raise ValidationError(_("Somebody changed it meanwhile."), code="changed")
    with own_context(user=by.pk):
        kept.filter(accepted_on=None).update(accepted_on=on, accepted_by=by, updated_by=by)


# --- milestones ---------------------------------------------------------------------------------------


def add_milestone(form: RowForm, by: Any) -> Milestone:
    """Stores a new milestone under a key made from its name."""
    row: Milestone = form.instance
    row.key = short_name(row.name, set(row.project.milestones.values_list("key", flat=True)))
    stored: Milestone = save_new(form, by)
    return stored


def mark_done(*, milestone: Milestone, by: Any, on: dt.date) -> bool:
    """Notes the day on which the milestone came; False when it was done already."""
    with transaction.atomic(), own_context(user=by.pk):
        waiting = Milestone.objects.filter(pk=milestone.pk, actual_on=None)
        return waiting.update(actual_on=on, updated_by=by) == 1


def remove_milestone(*, milestone: Milestone, by: Any, reason: str) -> None:
    """Takes the milestone away; its history stays."""
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        milestone.delete()
