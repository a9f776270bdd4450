"""Milestones as days of the programme's calendar, and as what waits for their owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from core.templatetags.texts import tr_plain
from core.waiting import Waiting, register
from programme.governance.calendar import Event, register_events
from programme.models import Milestone, Programme
from programme.projects.selectors import line_of

#: How long before its day a milestone begins to wait for its owner.
NOTICED = timedelta(days=14)


def milestones_on(programme: Programme, first: date, last: date) -> list[Event]:
    """Milestones by the day they came or are expected. One statement."""
    rows = (
        Milestone.objects.filter(programme=programme)
        .annotate(comes_on=Coalesce("actual_on", "forecast_on", "baseline_on"))
        .filter(comes_on__range=(first, last))
        .select_related("project")
    )
    found, today = [], programme.today()
    for row in rows:
        line = line_of(row, today)
        found.append(
            Event(
                day=row.comes_on,
                kind="milestone",
                title=f"{tr_plain(row)} ({tr_plain(row.project)})",
                url=reverse("programme:project_detail", args=[programme.slug, row.project.slug])
                + "#milestones",
                state=line.shape,
                word=line.words,
                uid=f"milestone-{row.pk}",
                is_illustrative=row.is_illustrative,
            )
        )
    return found


def milestones_of(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Milestones of the person that are to come within two weeks or late; without an owner, the manager's. One
    statement."""
    by_id = {programme.pk: programme for programme in programmes}
    rows = (
        Milestone.objects.filter(Q(owner=user) | Q(owner=None, project__manager=user), programme__in=by_id)
        .filter(actual_on=None)
        .annotate(comes_on=Coalesce("forecast_on", "baseline_on"))
        .select_related("project__theme")
        .order_by("comes_on", "id")
    )
    found = []
    for row in rows:
        programme = by_id[row.programme_id]
        if row.comes_on > programme.today() + NOTICED or not can(user, "project.edit", row):
            continue
        found.append(
            Waiting(
                f"{tr_plain(row)} ({tr_plain(row.project)})",
                reverse("programme:milestone_edit", args=[programme.slug, row.project.slug, row.pk]),
                row.comes_on,
                programme,
                detail=line_of(row, programme.today()).words,
                do=_("Update"),
                is_illustrative=row.is_illustrative,
            )
        )
    return found


register_events(milestones_on, kinds={"milestone": _("milestone")}, action="project.view")
register("milestones", title=_("Milestones of mine"), function=milestones_of, place=45)
