"""What waits for a person: updates of the projects they manage, and deviations they own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.periods import format_month, month_key
from core.permissions import can
from core.templatetags.ui import plain_text
from core.waiting import Waiting, register
from programme.deviations.registry import found_kinds
from programme.deviations.selectors import url_of
from programme.deviations.wording import Words, subject_of
from programme.models import Deviation, Programme
from programme.updates.months import cut_off, due_month
from programme.updates.selectors import waiting


def updates_of(user: Any, programmes: Sequence[Programme]) -> list[Waiting]:
    """The month's updates that are not given yet. One statement for each programme the person manages in."""
    found = []
    for programme in programmes:
        month = due_month(programme)
        for row in waiting(programme, month).filter(manager=user):
            row.programme = programme
            if not can(user, "status.give", row):
                continue
            url = reverse("programme:status_give", args=[programme.slug, row.slug, month_key(month)])
            found.append(
                Waiting(
                    plain_text(row), url, cut_off(programme, month), programme, detail=format_month(month),
                    do=_("Give the update"), is_illustrative=row.is_illustrative,
                )
            )  # fmt: skip
    return found


def deviations_of(user: Any, programmes: Sequence[Programme]) -> list[Waiting]:
    """Open deviations that the person owns, the earliest day first. One statement."""
    by_id = {one.pk: one for one in programmes}
    rows = Deviation.objects.filter(
        owner=user, programme__in=by_id, kind__in=found_kinds(), closed_on=None
    ).exclude(state=Deviation.State.EXPLAINED, cause_gone_on=None)
    found = []
    for row in rows.order_by("due_on", "pk"):
        row.programme = by_id[row.programme_id]
        if can(user, "deviation.handle", row):
            found.append(
                Waiting(
                    subject_of(row.params), url_of(row.programme, row), row.due_on, row.programme,
                    since=row.found_on, detail=Words(row.programme).of(row),
                    do=_("Close") if row.cause_gone_on else _("Show"),
                    is_illustrative=bool(row.params.get("illustrative")),
                )
            )  # fmt: skip
    return found


register("status", title=_("Monthly updates of your projects"), function=updates_of, place=15)
register("deviations", title=_("Deviations you own"), function=deviations_of, place=25)
