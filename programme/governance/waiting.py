"""What of governance waits for a person: duties they see to, action points of theirs (core.waiting)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.permissions import can
from core.templatetags.ui import plain_text
from core.waiting import Waiting, register
from programme.models import ActionPoint, DutyOccurrence

#: How long before its day a duty begins to wait for who sees to it.
NOTICED = timedelta(days=14)
#: Missed duties that nobody answers stop asking after a while; the page of duties keeps them.
FORGOTTEN = timedelta(days=92)


def duties_of(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Due and missed times of duties that the person sees to. One statement."""
    rows = (
        DutyOccurrence.objects.filter(
            programme__in=programmes, duty__owner=user,
            state__in=(DutyOccurrence.State.DUE, DutyOccurrence.State.MISSED),
        )
        .select_related("duty")
        .order_by("due_on", "id")
    )  # fmt: skip
    by_id = {programme.pk: programme for programme in programmes}
    found = []
    for row in rows:
        programme = by_id[row.programme_id]
        today = programme.today()
        if today - FORGOTTEN <= row.due_on <= today + NOTICED and can(user, "duty.keep", row):
            found.append(
                Waiting(
                    plain_text(row.duty, "what"), reverse("programme:duty_keep", args=[programme.slug, row.pk]),
                    row.due_on, programme, do=_("Mark as done"), detail=row.get_state_display(),
                )
            )  # fmt: skip
    return found


def actions_of(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Open action points of the person. One statement."""
    rows = (
        ActionPoint.objects.filter(programme__in=programmes, owner=user, state=ActionPoint.State.OPEN)
        .select_related("meeting__body")
        .order_by(F("due_on").asc(nulls_last=True), "id")
    )
    by_id = {programme.pk: programme for programme in programmes}
    return [
        Waiting(
            row.subject,
            f"{reverse('programme:action_list', args=[by_id[row.programme_id].slug])}#action-{row.pk}",
            row.due_on, by_id[row.programme_id], do=_("Show"),
            detail=plain_text(row.meeting.body) if row.meeting else "", is_illustrative=row.is_illustrative,
        )
        for row in rows
        if can(user, "register.view", by_id[row.programme_id])
    ]  # fmt: skip


register("duties", title=_("Duties you see to"), function=duties_of, place=40)
register("actions", title=_("Your action points"), function=actions_of, place=45)
