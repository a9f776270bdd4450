"""Days that obstacles put into the programme's calendar: due days of answers, and weekly lists."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.ui import plain_text
from programme.governance.calendar import Event, register_events
from programme.models import Programme
from risks.escalation.services import WAITING
from risks.models import Obstacle, WeeklyList

OBSTACLE, LIST = "obstacle", "weekly_list"


def events(programme: Programme, first: date, last: date) -> list[Event]:
    """Due days of open obstacles, and Mondays whose list was given. Two statements."""
    today = programme.today()
    rows = Obstacle.objects.filter(programme=programme, state__in=WAITING, due_on__range=(first, last))
    lists = WeeklyList.objects.filter(programme=programme, monday__range=(first, last)).defer("document")
    return [
        *(_due(programme, row, today) for row in rows),
        *(_given(programme, row) for row in lists),
    ]


def _due(programme: Programme, row: Obstacle, today: date) -> Event:
    assert row.due_on is not None
    is_over = row.due_on < today
    return Event(
        row.due_on, OBSTACLE, plain_text(row), reverse("risks:obstacle_detail", args=[programme.slug, row.pk]),
        state="bad" if is_over else "info", word=_("past its time") if is_over else _("waits for an answer"),
        uid=f"obstacle-{row.pk}", is_illustrative=row.is_illustrative,
    )  # fmt: skip


def _given(programme: Programme, row: WeeklyList) -> Event:
    return Event(
        row.monday, LIST, _("Weekly list of obstacles"),
        reverse("risks:weekly_detail", args=[programme.slug, row.monday.isoformat()]),
        state="ok", word=_("given"), uid=f"weekly-list-{row.pk}",
    )  # fmt: skip


register_events(
    events,
    kinds={OBSTACLE: gettext_lazy("obstacle to be answered"), LIST: gettext_lazy("weekly list of obstacles")},
    action="risk.view",
)
