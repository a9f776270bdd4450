"""Asking for a change of a project and deciding on it. An accepted change moves the baseline, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing.pages import CHANGED
from core.history import own_context
from programme.decisions import make_decision
from programme.models import ChangeItem, ChangeRequest, Milestone, Project, ProjectFinance
from programme.projects.changes import notices
from programme.projects.links.services import Watched, watching

State = ChangeRequest.State


@dataclass(frozen=True)
class Wanted:
    """One thing to be moved: a milestone's baseline, a year's budget, or (neither) the end of the project."""

    milestone: Milestone | None = None
    finance: ProjectFinance | None = None
    new_on: date | None = None
    new_eur_cents: int | None = None


def _held(request: ChangeRequest) -> ChangeRequest:
    """The request, locked with its project: whoever else decides or takes back waits."""
    Project.objects.select_for_update(no_key=True).get(pk=request.project_id)
    held: ChangeRequest = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    held.programme, held.project = request.programme, request.project
    return held


def _refuse(condition: bool, text: str, code: str = CHANGED) -> None:
    if condition:
        raise ValidationError(text, code=code)


@retrying
def ask(
    *, project: Project, by: Any, subject: str, reason: str, effect: str = "", is_scope: bool = False,
    wanted: Sequence[Wanted] = (),
) -> ChangeRequest:  # fmt: skip
    """Stores a request with what it would move; those who decide are told. Raises ValidationError."""
    with transaction.atomic(), own_context(user=by.pk):
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        last = ChangeRequest.objects.filter(project=project).order_by("-number").first()
        row = ChangeRequest(
            programme=project.programme, project=project, number=last.number + 1 if last else 1,
            changes_scope=is_scope, changes_time=any(one.new_on is not None for one in wanted),
            changes_money=any(one.finance is not None for one in wanted), subject=subject, reason=reason,
            effect=effect, asked_by=by,
        ).stamp(by)  # fmt: skip
        row.full_clean()
        row.save()
        for one in wanted:
            _item(row, one, by).save()
        notices.tell_asked(row)
        return row


def _item(row: ChangeRequest, one: Wanted, by: Any) -> ChangeItem:
    old_on = None
    if one.finance is None:
        old_on = one.milestone.baseline_on if one.milestone else row.project.ends_on
    return ChangeItem(
        programme=row.programme, request=row, milestone=one.milestone, finance=one.finance, old_on=old_on,
        new_on=one.new_on, old_eur_cents=one.finance.budget_eur_cents if one.finance else None,
        new_eur_cents=one.new_eur_cents,
    ).stamp(by)  # fmt: skip


@retrying
def decide(
    *,
    request: ChangeRequest,
    accept: bool,
    by: Any,
    on: date,
    answer: str,
    values: Mapping[str, Any] | None = None,
) -> Watched | None:
    """Accepts or refuses; an accepted one moves what it says, all of it or nothing.

    Raises PermissionDenied for one's own request, ValidationError (code CHANGED) when it is decided already or what
    it would move has moved since it was asked for. Gives who is warned down the chain by an accepted one.
    """
    if request.asked_by_id == by.pk:
        raise PermissionDenied(_("Nobody decides on their own request."))
    _refuse(not accept and not answer.strip(), _("Say why the change is refused."), code="reason")
    with transaction.atomic(), own_context(user=by.pk, reason=answer):
        held = _held(request)
        _refuse(held.state != State.ASKED, _("The request was decided or taken back meanwhile."))
        watched = _move(held, by) if accept else None
        held.state = State.ACCEPTED if accept else State.REFUSED
        held.decided_by, held.decided_on, held.answer = by, on, answer
        held.decision = make_decision(
            programme=held.programme, values=dict(values or {}) | {"decided_on": on}, subject=held.subject, by=by,
            reason=answer,
        ) if values and any(values.values()) else None  # fmt: skip
        held.stamp(by).save()
        notices.tell_decided(held)
        return watched


def _move(held: ChangeRequest, by: Any) -> Watched:
    with watching(held.programme, by) as watched:
        # In the order of their ids, as days are moved on a time line: two that meet wait and do not block each other.
        for item in held.items.select_related("milestone", "finance").order_by("milestone", "finance"):
            if item.finance is not None:
                _set(ProjectFinance, item.finance_id, {"budget_eur_cents": item.old_eur_cents},
                     {"budget_eur_cents": item.new_eur_cents}, by)  # fmt: skip
            elif item.milestone is not None:
                _set(
                    Milestone,
                    item.milestone_id,
                    {"baseline_on": item.old_on},
                    {"baseline_on": item.new_on},
                    by,
                )
            else:
                new = {"ends_on": item.new_on, "baseline_ends_on": item.new_on}
                _set(Project, held.project_id, {"ends_on": item.old_on}, new, by)
    return watched


def _set(model: Any, pk: int | None, old: Mapping[str, Any], new: Mapping[str, Any], by: Any) -> None:
    """Writes the new values where the old ones still stand."""
    row = model.objects.select_for_update().get(pk=pk)
    moved = any(getattr(row, name) != value for name, value in old.items())
    _refuse(moved, _("What the request would move has moved since: %(name)s.") % {"name": row})
    for name, value in new.items():
        setattr(row, name, value)
    row.stamp(by).full_clean()
    row.save()


@retrying
def take_back(*, request: ChangeRequest, by: Any) -> None:
    """Takes a request back before it is decided."""
    with transaction.atomic(), own_context(user=by.pk):
        held = _held(request)
        _refuse(held.state != State.ASKED, _("The request was decided or taken back meanwhile."))
        held.state = State.WITHDRAWN
        held.stamp(by).save()
        notices.forget(held)
