"""Reading change requests, and what waits for somebody's decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from core.waiting import Waiting, register
from programme.models import ChangeItem, ChangeRequest, Project
from programme.projects.changes.notices import address_of


def requests() -> QuerySet[ChangeRequest]:
    """Requests with everything that a line about them says."""
    items = ChangeItem.objects.select_related("milestone", "finance__source").order_by("pk")
    rows = ChangeRequest.objects.select_related("project__theme", "asked_by", "decided_by", "decision__body")
    return rows.prefetch_related(Prefetch("items", items))


def requests_of(project: Project) -> list[ChangeRequest]:
    """The project's requests, newest first. Two statements."""
    found = list(requests().filter(project=project))
    for row in found:
        row.project, row.programme = project, project.programme
    return found


def baselines_of(project: Project) -> list[ChangeItem]:
    """Every move of a baseline that was accepted, newest first: the history of the baseline. One statement."""
    rows = ChangeItem.objects.filter(request__project=project, request__state=ChangeRequest.State.ACCEPTED)
    return list(
        rows.select_related("request", "milestone", "finance__source").order_by("-request__decided_on", "-pk")
    )


def waiting(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Requests on which the person may decide, but not their own."""
    by_id = {one.pk: one for one in programmes}
    rows = requests().filter(programme__in=programmes, state=ChangeRequest.State.ASKED).exclude(asked_by=user)
    found = []
    for row in rows.order_by("asked_at"):
        row.programme = by_id[row.programme_id]
        if can(user, "change.decide", row):
            found.append(
                Waiting(
                    f"{row.project.name}: {row.subject}", address_of(row), programme=row.programme,
                    since=timezone.localdate(row.asked_at), do=_("Decide"), is_illustrative=row.is_illustrative,
                )
            )  # fmt: skip
    return found


register("changes", title=_("Change requests"), function=waiting, place=15)
