"""Days of the communication plan as the programme's calendar shows them."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.templatetags.texts import tr_plain
from programme.governance.calendar import Event, register_events
from programme.models import Programme
from programme.projects.stakeholders import communications, line_of, place_of

SHAPES: dict[str, tuple[str, str | Promise]] = {
    "done": ("ok", _("done")),
    "late": ("bad", _("late")),
    "coming": ("none", ""),
}


def told_on(programme: Programme, first: date, last: date) -> list[Event]:
    """What is told to stakeholders between the days. One statement."""
    rows, today = communications(programme).filter(planned_on__range=(first, last)), programme.today()
    found = []
    for row in rows:
        row.programme = programme
        shape, word = SHAPES[line_of(row, today).state]
        found.append(
            Event(
                day=row.planned_on,
                kind="communication",
                title=f"{row.subject}: {tr_plain(row.stakeholder)}",
                url=place_of(row),
                state=shape,
                word=word,
                uid=f"communication-{row.pk}",
                is_illustrative=row.is_illustrative,
            )  # fmt: skip
        )
    return found


register_events(told_on, kinds={"communication": _("communication")}, action="project.view")
