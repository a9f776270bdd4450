"""What the programme app itself can count: goals, projects, parties, substitutes (programme.counts)."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programme.counts import register_count
from programme.models import Goal, Programme, Project, ProjectPerson, Stakeholder
from programme.projects.lights.own import working_on

#: Projects that are over need nobody any more.
OVER = (Project.State.DONE, Project.State.STOPPED)


def goals(programme: Programme) -> int:
    return Goal.objects.filter(programme=programme).count()


def projects(programme: Programme) -> int:
    """Projects that are not over."""
    return Project.objects.filter(programme=programme).exclude(state__in=OVER).count()


def stakeholders(programme: Programme) -> int:
    """Parties named in projects or for the programme; the same party in two projects is one."""
    rows = Stakeholder.objects.filter(programme=programme).exclude(project__state__in=OVER)
    return rows.order_by().values("name_fi", "name_sv", "name_en").distinct().count()


def _people(programme: Programme) -> QuerySet[ProjectPerson]:
    """Who works now in projects that are not over."""
    rows = ProjectPerson.objects.filter(working_on(programme.today()), programme=programme)
    return rows.exclude(project__state__in=OVER)


_NOBODY = Q(substitute=None, substitute_name="")


def substitutes(programme: Programme) -> int:
    """Tasks in projects that have a substitute."""
    return _people(programme).exclude(_NOBODY).count()


def missing_substitutes(programme: Programme) -> int:
    """Tasks in projects that need a substitute and have none."""
    return _people(programme).filter(_NOBODY, needs_substitute=True).count()


def _page(name: str) -> Callable[[Programme], str]:
    return lambda programme: reverse(name, args=[programme.slug])


register_count("goals", _("goals"), goals, url=_page("programme:goal_list"))
register_count("projects", _("projects under way or planned"), projects, url=_page("programme:project_list"))
register_count("stakeholders", _("stakeholder parties"), stakeholders)
register_count("substitutes", _("substitutes in projects"), substitutes)
register_count("missing_substitutes", _("missing substitutes in projects"), missing_substitutes)
