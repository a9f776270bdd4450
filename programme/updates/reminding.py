"""After the last day for updates the managers are reminded once, and the programme office is told who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.notices import notify, register, who_may
from core.periods import format_month, month_key, parse_month
from core.templatetags.ui import plain_text
from programme.models import Programme
from programme.projects.lights.own import names_of
from programme.updates.months import due_month, is_late
from programme.updates.selectors import waiting

MISSING, CHASE = "status.missing", "status.chase"


def remind(programme: Programme) -> int:
    """How many notices were made: one for each manager and project, one for the office; once for each month."""
    today = programme.today()
    month = due_month(programme, today)
    if not is_late(programme, month, today):
        return 0
    rows = list(waiting(programme, month).select_related("manager"))
    key, told = month_key(month), 0
    for project in rows:
        if project.manager is not None:
            told += notify(
                [project.manager], MISSING, params={"names": names_of(project), "month": key},
                url=reverse("programme:status_give", args=[programme.slug, project.slug, key]),
                dedupe_key=f"status-{project.pk}-{key}", programme=programme,
            )  # fmt: skip
    if rows:
        office = get_user_model().objects.filter(grants__programme=programme, grants__role="pmo").distinct()
        told += notify(
            office, CHASE, params={"count": len(rows), "month": key},
            url=reverse("programme:status_list", args=[programme.slug]),
            dedupe_key=f"status-chase-{programme.pk}-{key}", programme=programme,
        )  # fmt: skip
    return told


def _month(params: Mapping[str, Any]) -> str:
    return format_month(parse_month(params["month"]))


def _missing(params: Mapping[str, Any], programme: Any) -> str:
    told = {"name": plain_text(dict(params["names"])), "month": _month(params)}
    return _("The update of %(name)s for %(month)s is late. It takes two minutes.") % told


def _chase(params: Mapping[str, Any], programme: Any) -> str:
    text = ngettext(
        "%(n)s project has not given its update for %(month)s.",
        "%(n)s projects have not given their updates for %(month)s.",
        params["count"],
    )
    return text % {"n": params["count"], "month": _month(params)}


register(MISSING, _missing, hears=who_may("project.view"))
register(CHASE, _chase, hears=who_may("project.view"))
