"""Proposing a measure, and the answer that goes back: it became a measure, or why it did not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notices import notify
from core.db import retrying
from core.editing import RowForm, save_new
from core.editing.pages import CHANGED
from core.history import own_context
from core.permissions import can
from core.talk.people import readers_of
from core.talk.topics import topic_of
from measures.models import Measure, Proposal
from measures.proposals.notices import ACCEPTED, DECLINED, NEW

OPEN = (Proposal.State.NEW, Proposal.State.LOOKED_AT)
ANSWERED = _("The proposal was answered meanwhile. Look at the answer.")


def propose(form: RowForm, by: Any) -> Proposal:
    """Keeps the proposal of a valid form and tells those who may answer it."""
    with transaction.atomic():
        row: Proposal = form.instance
        row.proposed_by, row.proposed_on = by, form.programme.today()
        save_new(form, by)
        topic = topic_of(row)
        assert topic is not None
        deciders = [one for one in readers_of(row, topic) if can(one, "proposal.decide", row) and one != by]
        _tell(row, deciders, NEW, {"who": str(by)})
        return row


@retrying
def look_at(*, proposal: Proposal, by: Any) -> None:
    """Says that somebody is looking into it."""
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        rows = Proposal.objects.filter(pk=proposal.pk, state=Proposal.State.NEW)
        rows.update(state=Proposal.State.LOOKED_AT, updated_by=by)


@retrying
def decline(*, proposal: Proposal, by: Any, answer: str) -> Proposal:
    """Answers that it is not taken up, with words that go back to who proposed it."""
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        row = _open(proposal)
        row.state, row.answer = Proposal.State.DECLINED, answer.strip()
        return _answered(row, by, DECLINED, {"answer": row.answer})


@retrying
def take_up(*, proposal: Proposal, measure: Measure, by: Any, answer: str = "") -> Proposal:
    """Notes the measure that the proposal became; it is told to who proposed it. Part of the measure's making."""
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        row = _open(proposal)
        row.state, row.measure, row.answer = Proposal.State.ACCEPTED, measure, answer.strip()
        return _answered(row, by, ACCEPTED, {"code": measure.code})


def _open(proposal: Proposal) -> Proposal:
    """The proposal as it stands, locked; refused when somebody has answered it."""
    row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if row.state not in OPEN:
        raise ValidationError(ANSWERED, code=CHANGED)
    row.programme = proposal.programme
    return row


def _answered(row: Proposal, by: Any, code: str, params: dict[str, Any]) -> Proposal:
    row.answered_by, row.answered_on = by, row.programme.today()
    row.stamp(by)
    row.full_clean()
    row.save()
    topic = topic_of(row)
    assert topic is not None
    if row.proposed_by_id is not None and row.proposed_by_id != by.pk:
        _tell(row, readers_of(row, topic, [row.proposed_by_id]), code, params)
    return row


def _tell(row: Proposal, people: list[Any], code: str, params: dict[str, Any]) -> None:
    notify(
        people, code, params={"kind": "proposal", "row": row.pk, "subject": row.subject} | params,
        url=reverse("measures:proposal_detail", args=[row.programme.slug, row.pk]),
        dedupe_key=f"{code}-{row.pk}", programme=row.programme,
    )  # fmt: skip
