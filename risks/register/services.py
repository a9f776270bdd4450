"""What is done to risks: added, assessed, looked at, raised to the programme, closed, come true."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.notices import forget_asked
from core.db import retrying
from core.editing import RowForm, Saved, save_edit, save_new
from core.history import own_context
from programme.models import Programme
from risks.factors import counts_of
from risks.models import Mitigation, Obstacle, Risk, RiskAssessment
from risks.register.notices import review_key


def next_number(programme: Programme) -> int:
    """Risks of the programme and of its projects are numbered in one row, so that a number names one of them."""
    Programme.objects.select_for_update().get(pk=programme.pk)  # of two at once the later waits
    return int(Risk.objects.filter(programme=programme).aggregate(last=Max("number"))["last"] or 0) + 1


@retrying
def add_risk(form: RowForm, by: Any) -> Risk:
    """A new risk with the next number. Its level stays empty until somebody assesses it."""
    with transaction.atomic():
        row: Risk = form.instance
        row.number = next_number(row.programme)
        row.key = f"risk-{row.number}"
        while Risk.objects.filter(programme=row.programme, key=row.key).exists():
            row.key += "b"
        row.full_clean(exclude=["programme"])
        saved: Risk = save_new(form, by)
        return saved


def edit_risk(form: RowForm, by: Any) -> Saved:
    """Saves the form; a risk that is closed now has its day, an open one has none."""
    closed = form.cleaned_data.get("state") == Risk.State.CLOSED
    day = (form.instance.closed_on or form.instance.programme.today()) if closed else None
    return save_edit(form, by, also={"closed_on": day})


@retrying
def add_assessment(form: RowForm, by: Any) -> RiskAssessment:
    """A new row for the day, with what the portal counts on it of the risk's own factors.

    An assessment is a look at the risk: a reminder of the yearly one is answered.
    """
    row: RiskAssessment = form.instance
    with transaction.atomic():
        asked = review_key(row.risk)
        row.counts = counts_of(row.programme, row.risk.level_factors.all())
        saved: RiskAssessment = save_new(form, by)
        forget_asked(asked)
        return saved


@retrying
def mark_reviewed(*, risk: Risk, by: Any, on: dt.date) -> Risk:
    """Looked at, and its level stays. Raises ValidationError for a closed risk."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Risk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
        if row.state == Risk.State.CLOSED:
            raise ValidationError(_("The risk is closed."), code="closed")
        forget_asked(review_key(row))
        row.reviewed_on = max(on, row.reviewed_on or on)
        row.stamp(by).save()
        return row


# --- programme and projects ------------------------------------------------------------------------------------


def raise_risk(form: RowForm, by: Any) -> Saved:
    """A project's risk stands in the programme's register from today, alone or as a part of one of its risks."""
    row: Risk = form.instance
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        saved = save_edit(form, by)
        found = Risk.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if found.raised_on is None:
            found.raised_on = row.programme.today()
            found.stamp(by).save()
        return Saved(found, saved.changed or [_("raised to the programme")], saved.merged)


@retrying
def take_back(*, risk: Risk, by: Any) -> Risk:
    """The risk is its project's only again."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Risk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
        row.raised_on, row.parent = None, None
        row.stamp(by).save()
        return row


# --- mitigations -----------------------------------------------------------------------------------------------


def add_line(form: RowForm, by: Any) -> Any:
    """A new mitigation, factor or example under its risk, after those that are there."""
    row = form.instance
    with transaction.atomic():
        last = type(row)._base_manager.filter(risk=row.risk).aggregate(last=Max("position"))["last"] or 0
        row.position = last + 1
        noun, number = row._meta.model_name, last + 1
        row.key = f"{row.risk.key}/{noun}-{number}"
        while type(row)._base_manager.filter(programme=row.programme, key=row.key).exists():
            number += 1
            row.key = f"{row.risk.key}/{noun}-{number}"
        return save_new(form, by)


def edit_mitigation(form: RowForm, by: Any) -> Saved:
    """Saves the form; what is done now has its day, what is not has none."""
    done = form.cleaned_data.get("state") == Mitigation.State.DONE
    day = (form.instance.done_on or form.instance.programme.today()) if done else None
    return save_edit(form, by, also={"done_on": day})


@retrying
def mark_done(*, mitigation: Mitigation, by: Any, on: dt.date) -> bool:
    """Whether it was not done before."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Mitigation.objects.select_for_update(of=("self",)).get(pk=mitigation.pk)
        if row.state == Mitigation.State.DONE:
            return False
        row.state, row.done_on = Mitigation.State.DONE, on
        row.stamp(by).save()
        return True


# --- a risk that came true -------------------------------------------------------------------------------------


@retrying
def come_true(*, risk: Risk, text: str, by: Any, on: dt.date, measure: Any = None) -> Obstacle:
    """The risk turned into an obstacle: the obstacle goes up the levels, the risk says that it came true.

    Raises ValidationError for an empty text or a closed risk.
    """
    from risks.escalation.services import raise_obstacle

    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Risk.objects.select_for_update(of=("self",)).select_related("project").get(pk=risk.pk)
        if row.state == Risk.State.CLOSED:
            raise ValidationError(_("The risk is closed."), code="closed")
        obstacle = raise_obstacle(
            name=text, by=by, on=on, programme=risk.programme, measure=measure, project=row.project, risk=row
        )
        row.state = Risk.State.REALISED
        row.stamp(by).save()
        return obstacle
