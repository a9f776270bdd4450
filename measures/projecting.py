"""Measures made into projects: one or several at once, taken in later, taken out again; and measures that an
undertaking beside the programme carries out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from measures.models import Measure
from measures.models.measures import Stage
from programme.models import LinkedInitiative, Programme, Project, Theme
from programme.projects.calculations import short_name
from programme.projects.plans import begin_plan


class InAProject(ValidationError):
    """Measures that belong to a project already; `measures` are they."""

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = measures
        codes = ", ".join(row.code for row in measures)
        super().__init__(_("In a project already: %(codes)s."), code="taken", params={"codes": codes})


def without_project(programme: Programme) -> QuerySet[Measure]:
    """Measures that may be made into a project: in none yet, and not withdrawn."""
    rows = Measure.objects.filter(programme=programme, project=None).exclude(stage=Stage.WITHDRAWN)
    return rows.select_related("goal__theme", "owner", "linked_initiative").order_by("code")


def names_of(measures: Sequence[Measure]) -> dict[str, str]:
    """The names of a project made of them: those of the first one."""
    first = measures[0]
    return {f"name_{code}": getattr(first, f"name_{code}") for code in ("fi", "sv", "en")}


def theme_of(measures: Iterable[Measure]) -> Theme | None:
    """The theme of their goals when they have the same one."""
    themes = {row.goal.theme for row in measures}
    return themes.pop() if len(themes) == 1 else None


def manager_of(measures: Iterable[Measure]) -> Any:
    """Their owner when they have the same one."""
    owners = {row.owner for row in measures}
    return owners.pop() if len(owners) == 1 else None


@retrying
def make_project(
    *,
    measures: Sequence[Measure],
    by: Any,
    names: dict[str, str] | None = None,
    theme: Theme | None = None,
    manager: Any = None,
) -> Project:
    """Makes the measures into one new project, with its plan begun; what is not given is taken from them.

    One measure that is in a project already answers that project: asked twice, one is made. Raises InAProject
    when several are asked and some are in one.
    """
    programme = measures[0].programme
    with transaction.atomic(), own_context(user=by.pk):
        rows = _locked(measures)
        if len(rows) == 1 and rows[0].project is not None:
            return rows[0].project
        _none_in_another(rows, None)
        taken = Project.objects.filter(programme=programme).values_list("slug", flat=True)
        told = names or names_of(rows)
        days = [row.starts_on for row in rows if row.starts_on], [row.ends_on for row in rows if row.ends_on]
        project = Project(
            programme=programme,
            slug=short_name(next((name for name in told.values() if name), ""), set(taken)),
            theme=theme or theme_of(rows),
            manager=manager or manager_of(rows),
            starts_on=min(days[0], default=None),
            ends_on=max(days[1], default=None),
            baseline_ends_on=max(days[1], default=None),
            is_illustrative=all(row.is_illustrative for row in rows),
            **told,
        )
        project.stamp(by).save()
        begin_plan(project=project, by=by)
        _put(rows, project, by)
        return project


@retrying
def add_to_project(*, project: Project, measures: Sequence[Measure], by: Any) -> int:
    """Takes measures into a project that is there; how many came. InAProject names those of another project."""
    with transaction.atomic(), own_context(user=by.pk):
        rows = _locked(measures)
        _none_in_another(rows, project)
        new = [row for row in rows if row.project_id is None]
        _put(new, project, by)
        return len(new)


def take_out(*, measure: Measure, project: Project, by: Any) -> bool:
    """The measure belongs to no project any more; False when it was not in this one."""
    with transaction.atomic(), own_context(user=by.pk):
        inside = Measure.objects.filter(pk=measure.pk, project=project)
        return inside.update(project=None, updated_by=by) == 1


def carry_out_by(*, initiative: LinkedInitiative, measure: Measure, by: Any) -> bool:
    """The undertaking carries the measure out; False when it did already."""
    with transaction.atomic(), own_context(user=by.pk):
        waiting = Measure.objects.filter(pk=measure.pk).exclude(linked_initiative=initiative)
        return waiting.update(linked_initiative=initiative, updated_by=by) == 1


def no_longer_by(*, initiative: LinkedInitiative, measure: Measure, by: Any) -> bool:
    """The undertaking carries the measure out no longer; False when it did not."""
    with transaction.atomic(), own_context(user=by.pk):
        carried = Measure.objects.filter(pk=measure.pk, linked_initiative=initiative)
        return carried.update(linked_initiative=None, updated_by=by) == 1


def _locked(measures: Sequence[Measure]) -> list[Measure]:
    """The measures as they stand now, locked in the order of their ids, shown in that of their codes."""
    rows = Measure.objects.filter(pk__in=[row.pk for row in measures])
    list(rows.order_by("pk").select_for_update().values_list("pk"))
    return list(rows.select_related("goal__theme", "owner", "project").order_by("code"))


def _none_in_another(rows: Iterable[Measure], project: Project | None) -> None:
    own = None if project is None else project.pk
    elsewhere = [row for row in rows if row.project_id not in (None, own)]
    if elsewhere:
        raise InAProject(elsewhere)


def _put(rows: Iterable[Measure], project: Project, by: Any) -> None:
    Measure.objects.filter(pk__in=[row.pk for row in rows]).update(project=project, updated_by=by)
