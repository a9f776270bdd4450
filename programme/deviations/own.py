"""What the programme app looks for itself: slipped milestones, lights that turned, updates of projects not given."""

from __future__ import annotations

import datetime as dt

from core.parameters import parameters_of
from core.periods import month_key
from programme.deviations.owners import Owners
from programme.deviations.registry import Cause, register_finder
from programme.models import Deviation, Milestone, Programme, Project, StatusUpdate
from programme.projects.lights import lights_of
from programme.projects.lights.calculations import RED, is_worse, worse_of
from programme.projects.lights.own import names_of
from programme.projects.lights.selectors import frozen
from programme.projects.lights.thresholds import MILESTONE_DAYS
from programme.updates.months import due_month, is_late
from programme.updates.selectors import asked, waiting

ENDED = (Project.State.DONE, Project.State.STOPPED)


def slipped(programme: Programme, today: dt.date) -> list[Cause]:
    """Milestones not done whose expected day, or today when that has gone by, is late enough. One statement."""
    limit, owners = parameters_of(programme)[MILESTONE_DAYS], Owners(programme)
    rows = Milestone.objects.filter(programme=programme, actual_on=None, baseline_on__isnull=False)
    rows = rows.exclude(project__state__in=ENDED).select_related(
        "owner", "project__manager", "project__theme__owner"
    )
    causes = []
    for row in rows:
        assert row.baseline_on is not None
        expected = row.forecast_on or row.baseline_on
        if (max(expected, today) - row.baseline_on).days < limit:
            continue
        params = {
            "names": names_of(row), "of": names_of(row.project), "baseline": row.baseline_on.isoformat(),
            "expected": expected.isoformat(),
        }  # fmt: skip
        causes.append(
            Cause(
                f"milestone.{row.pk}", row, params, owners.of_project(row.project, row.owner),
                theme=row.project.theme_id, project=row.project_id,
            )
        )  # fmt: skip
    return causes


def turned(programme: Programme, today: dt.date) -> list[Cause]:
    """Lights of projects under way that are red, or worse than in their latest monthly update.

    The worse of computed and stated counts: stating a light otherwise hides no deviation.
    """
    projects = list(asked(programme).select_related("manager", "theme__owner"))
    owners, before, lights = Owners(programme), _before(projects), lights_of(projects, programme=programme)
    causes = []
    for project in projects:
        for name, shown in lights[project.pk].items():
            now = worse_of(shown.computed, shown.stated)
            was = before.get(project.pk, {}).get(name)
            if now != RED and not is_worse(now, was):
                continue
            params = {
                "of": names_of(project), "dimension": name, "light": now, "before": was, "why": shown.code,
                "of_light": dict(shown.params),
            }  # fmt: skip
            causes.append(
                Cause(
                    f"light.{project.pk}.{name}", project, params, owners.of_project(project),
                    theme=project.theme_id, project=project.pk,
                )
            )  # fmt: skip
    return causes


def _before(projects: list[Project]) -> dict[int, dict[str, str]]:
    """By project, the lights of its latest monthly update: the worse of computed and stated. One statement."""
    rows = (
        StatusUpdate.objects.filter(project__in=projects)
        .order_by("project_id", "-month")
        .distinct("project_id")
    )
    return {
        row.project_id: {
            name: worse_of(shown.computed, shown.stated) for name, shown in frozen(row.lights).items()
        }
        for row in rows
    }


def unsaid(programme: Programme, today: dt.date) -> list[Cause]:
    """Projects under way without an update for the due month after its last day. Nothing before that day."""
    month = due_month(programme, today)
    if not is_late(programme, month, today):
        return []
    owners = Owners(programme)
    rows = waiting(programme, month).select_related("manager", "theme__owner")
    return [
        Cause(
            f"project.{row.pk}", row, {"of": names_of(row), "month": month_key(month)}, owners.of_project(row),
            theme=row.theme_id, project=row.pk,
        )
        for row in rows
    ]  # fmt: skip


register_finder(Deviation.Kind.MILESTONE_SLIPPED, slipped)
register_finder(Deviation.Kind.LIGHT_TURNED, turned)
register_finder(Deviation.Kind.UPDATE_MISSING, unsaid)
