"""Giving a project's monthly update: once a month, with the lights as they stand, changed until the month closes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import Saved, save_edit
from core.editing.pages import CHANGED
from core.history import own_context
from core.talk.services import tell_updated
from programme.models import Project, StatusAnswer, StatusUpdate
from programme.projects.lights.selectors import Lights
from programme.updates import kept
from programme.updates.months import due_month
from programme.updates.selectors import Asked, asked_of


def _lock(project: Project) -> None:
    """One writer of a project's updates at a time."""
    Project.objects.select_for_update(of=("self",), no_key=True).get(pk=project.pk)


def require_open(asked: Asked) -> None:
    """Refuses a month that has closed, or one that is not due yet."""
    if asked.month != due_month(asked.programme):
        raise ValidationError(
            _("This month has closed. Give the update of the month that is due now."), code="closed"
        )


def _stored_lights(lights: Lights) -> dict[str, Any]:
    return {name: shown.as_stored for name, shown in lights.items()}


@retrying
def give_update(form: Any, by: Any) -> Saved:
    """Saves the form of a month: texts merged field by field, answers, and the lights as they stand now.

    ValidationError when the month has closed, or when somebody else changed an answer meanwhile (409).
    """
    asked: Asked = form.asked
    require_open(asked)
    with transaction.atomic(), own_context(user=by.pk):
        _lock(asked.project)
        row, is_new = StatusUpdate.objects.get_or_create(
            programme=asked.programme, project=asked.project, month=asked.month,
            defaults={"given_by": by, "created_by": by, "updated_by": by},
        )  # fmt: skip
        _answer(row, form.answers, form.answers_shown, by)
        form.instance = row
        saved = save_edit(form, by)
        StatusUpdate.objects.filter(pk=row.pk).update(
            lights=_stored_lights(asked.lights), given_by=by, given_at=Now(), updated_by=by
        )
        if is_new:
            kept.look(asked.programme, asked.month, by=by)
            tell_updated(asked.project, by=by, key=asked.month.isoformat())
        return saved


def _answer(row: StatusUpdate, answers: Mapping[int, str], shown: Mapping[int, str], by: Any) -> None:
    """Writes the answers that the person changed; an emptied one goes."""
    there = {one.question_id: one for one in row.answers.select_for_update(of=("self",))}
    for question, text in answers.items():
        stored = there[question].text if question in there else ""
        if text in (stored, shown.get(question, "")):
            continue
        if stored != shown.get(question, ""):
            raise _answered_meanwhile(question, stored)
        if not text:
            there[question].delete()
        elif question in there:
            StatusAnswer.objects.filter(pk=there[question].pk).update(text=text, updated_by=by)
        else:
            StatusAnswer(programme_id=row.programme_id, update=row, question_id=question, text=text).stamp(
                by
            ).save()


def _answered_meanwhile(question: int, stored: str) -> ValidationError:
    """Told at the question, with what stands there now; sent again it is meant."""
    told = _("Somebody else answered this meanwhile: %(text)s") % {"text": stored}
    refused = ValidationError({f"question_{question}": told})
    refused.code = CHANGED  # a ValidationError of fields takes none
    return refused


@retrying
def give_same(asked: Asked, by: Any, *, is_illustrative: bool = False) -> StatusUpdate:
    """ "No change" in one click: last month's words and answers hold, the lights are those of today.

    Given twice it is there once. ValidationError when there is nothing to keep or the month has closed.
    """
    require_open(asked)
    with transaction.atomic(), own_context(user=by.pk if by else None):
        _lock(asked.project)
        now = asked_of(asked.project, asked.programme, asked.month)
        if now.given is not None:
            return now.given
        if not now.may_keep or now.before is None:
            raise ValidationError(
                _("There is no earlier update that answers every question. Write this one."), code="no_last"
            )
        row = StatusUpdate(
            programme=asked.programme, project=asked.project, month=asked.month, text=now.before.text,
            next_steps=now.before.next_steps, lights=_stored_lights(asked.lights), given_by=by,
            is_illustrative=is_illustrative,
        ).stamp(by)  # fmt: skip
        row.save()
        open_still = {one.pk for one in now.questions}
        StatusAnswer.objects.bulk_create(
            StatusAnswer(programme=asked.programme, update=row, question_id=pk, text=answer.text).stamp(by)
            for pk, answer in now.answers_before.items()
            if pk in open_still
        )
        kept.look(asked.programme, asked.month, by=by)
        tell_updated(asked.project, by=by, key=asked.month.isoformat())
        return row
