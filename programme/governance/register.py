"""The decision register: which decisions a person may see, how they are found, what became of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.permissions import can
from programme.models import AgendaItem, Body, Decision, Programme

#: Bodies whose minutes are public: who sees nothing else of governance sees their decisions (demand 70).
PUBLIC = (Body.Kind.COUNTY_COUNCIL, Body.Kind.COUNTY_BOARD)
VIEW = "decision.view"


def decisions_for(programme: Programme, user: Any) -> QuerySet[Decision]:
    """Decisions of the programme that the person may see, the latest first.

    Council members and staff see those of the council and the board: others quote measures, obstacles and requests
    that are not for them. A decision prepared for a day to come is not theirs yet.
    """
    rows = Decision.objects.filter(programme=programme).select_related("body", "meeting__body")
    if not can(user, "register.view", programme):
        rows = rows.filter(body__kind__in=PUBLIC, decided_on__lte=programme.today())
    return rows


def late(programme: Programme, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Those that should have been carried out by now and are not."""
    return rows.filter(carried_out_by__lt=programme.today(), carried_out_on=None)


def found(
    rows: QuerySet[Decision], *, text: str = "", body: Any = None, year: int | None = None
) -> QuerySet[Decision]:
    """Decisions whose words, section or case number hold the text, of a body, of a year."""
    for word in text.split():
        rows = rows.filter(
            Q(subject__icontains=word)
            | Q(reason__icontains=word)
            | Q(case_number__icontains=word)
            | Q(section__icontains=word.lstrip("§"))
        )
    if body is not None:
        rows = rows.filter(body=body)
    return rows if year is None else rows.filter(decided_on__year=year)


@retrying
def decide(*, item: AgendaItem, decision: Decision, by: Any) -> Decision:
    """Stores a decision made on a matter of a meeting: by its body, on its day, joined to what the matter is about."""
    from programme.governance.joined import join

    meeting = item.meeting
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        decision.programme_id, decision.agenda_item, decision.meeting = meeting.programme_id, item, meeting
        decision.body = decision.body or meeting.body
        decision.decided_on = decision.decided_on or meeting.held_on
        decision.stamp(by)
        decision.full_clean()
        decision.save()
        if item.about is not None:
            join(decision=decision, about=item.about, by=by)
        return decision


@retrying
def carried_out(*, decision: Decision, on: date, by: Any) -> Decision:
    """Notes that the decision was carried out; said again on another day the day is moved."""
    if on < decision.decided_on:
        raise ValidationError(_("A decision is not carried out before it is made."))
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        decision.carried_out_on = on
        decision.stamp(by)
        decision.full_clean()
        decision.save(update_fields=["carried_out_on", "updated_by"])
        return decision
