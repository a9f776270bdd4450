"""Plans of projects: begun, written part by part, accepted, and said to be ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.editing import RowForm, Saved, save_edit
from core.history import own_context
from programme.models import PlanPart, Project, ProjectPlanPart
from programme.projects.selectors import plan_of

#: Why a plan that was ready is not ready any more, as the history keeps it (reporting.history.labels).
PART_EMPTIED = "a part of the plan was emptied"


def begin_plan(*, project: Project, by: Any) -> int:
    """Gives the project an empty row for each part that its plan lacks; how many. Runs twice alike."""
    with transaction.atomic(), own_context(user=by.pk):
        begun = project.plan_parts.values("part")
        asked = PlanPart.objects.filter(programme=project.programme_id, is_closed=False)
        waiting = asked.exclude(pk__in=begun)
        rows = [
            ProjectPlanPart(programme_id=project.programme_id, project=project, part=part).stamp(by)
            for part in waiting
        ]
        return len(ProjectPlanPart.objects.bulk_create(rows, ignore_conflicts=True))


def write_plan_part(form: RowForm, by: Any) -> Saved:
    """Saves what was written, with the day; a text that changes is no longer the one that was accepted.

    A part whose text is taken away makes the plan one that is not ready.
    """
    also: dict[str, Any] = {"written_on": form.programme.today(), "accepted_on": None, "accepted_by": None}
    with transaction.atomic():
        project, part = form.instance.project, form.instance.part
        if form.instance.pk is None:
            begin_plan(project=project, by=by)
            form.instance = ProjectPlanPart.objects.get(project=project, part=part)
        saved = save_edit(form, by, also=also)
        if saved.row.state is ProjectPlanPart.State.MISSING and not part.is_closed:
            _no_longer_ready(project, by, PART_EMPTIED)
        return saved


#: Row of a part -> its version as whoever accepts it has read it; None asks for no check.
Seen = Mapping[int, int] | None


def accept_plan_part(*, row: ProjectPlanPart, by: Any, on: dt.date, seen: Seen = None) -> None:
    """Accepts one written part; ValidationError when it has no text or was rewritten since `seen`.

    One accepted already stays as it was.
    """
    with transaction.atomic():
        _accept(list(ProjectPlanPart.objects.filter(pk=row.pk).select_for_update()), by, on, seen)


def accept_plan(*, project: Project, by: Any, on: dt.date, seen: Seen = None) -> None:
    """Accepts the whole plan, that is every part; ValidationError naming the parts that it lacks."""
    with transaction.atomic():
        kept = project.plan_parts.filter(part__is_closed=False)
        rows = list(kept.select_for_update(of=("self",)).select_related("part"))
        _whole_or_named(project)
        _accept(rows, by, on, seen)


def _whole_or_named(project: Project) -> None:
    """ValidationError that names every part which the plan lacks."""
    plan = plan_of(project)
    if not plan.is_whole:
        raise ValidationError(
            _("The plan is not whole. It lacks: %(parts)s."),
            code="missing",
            params={"parts": plan.missing_names},
        )


def _accept(rows: list[ProjectPlanPart], by: Any, on: dt.date, seen: Seen) -> None:
    if not all(row.is_there for row in rows):
        raise ValidationError(_("Only a part that has been written can be accepted."), code="missing")
    waiting = [row for row in rows if row.accepted_on is None]
    if seen is not None and any(seen.get(row.pk) != row.version for row in waiting):
        raise ValidationError(_("Somebody changed it meanwhile."), code="changed")
    with own_context(user=by.pk):
        ids = [row.pk for row in waiting]
        ProjectPlanPart.objects.filter(pk__in=ids).update(accepted_on=on, accepted_by=by, updated_by=by)


# --- ready --------------------------------------------------------------------------------------------


def declare_ready(*, project: Project, by: Any, on: dt.date) -> bool:
    """Says that the plan is ready; ValidationError naming the parts that it lacks. False when it was ready already."""
    with transaction.atomic(), own_context(user=by.pk):
        # The parts are locked, so that none is emptied between the look and the word.
        list(project.plan_parts.select_for_update().order_by("pk").values_list("pk"))
        _whole_or_named(project)
        waiting = Project.objects.filter(pk=project.pk, plan_ready_on=None)
        # From now on the end is a baseline: it moves by a change request (programme.projects.changes).
        baseline = Coalesce("baseline_ends_on", "ends_on")
        return (
            waiting.update(plan_ready_on=on, plan_ready_by=by, baseline_ends_on=baseline, updated_by=by) == 1
        )


def take_back_ready(*, project: Project, by: Any, reason: str = "") -> bool:
    """The plan is worked on again; False when it was not ready."""
    return _no_longer_ready(project, by, reason)


def _no_longer_ready(project: Project, by: Any, reason: str) -> bool:
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        ready = Project.objects.filter(pk=project.pk, plan_ready_on__isnull=False)
        return ready.update(plan_ready_on=None, plan_ready_by=None, updated_by=by) == 1
