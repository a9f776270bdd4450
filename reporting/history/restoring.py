"""Bringing back an earlier version of a row, or a row that was deleted. Either is a new version with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Field, ForeignKey
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.changes import Change, Kind, Scope, Values, changes, differences, latest, stored
from core.db import retrying
from core.history import own_context
from core.permissions import can
from measures.services import check_stage, restore_draft
from programme.kinds import KINDS
from programme.models import Goal, Programme, Theme
from reporting.history.kinds import in_programme

_OBJECTIVE = _("What the council may have fixed is changed on its own page: that can take another decision.")
_ANSWER = _("An answer or a value is given again, not put back.")
_SOURCE = _("Sources are changed on the pages of their indicator.")
_SEASON = _("Seasons, objectives and check-ins are changed on their own pages.")
#: Kinds whose rows are never put back by hand, and why.
REFUSED: Mapping[str, Promise] = {
    "programme.target": _("A target is not overwritten: give a new version of it with a reason."),
    "measures.measuretarget": _("A target is not overwritten: give a new version of it with a reason."),
    "kpis.targetrule": _("A target rule is not overwritten: give a new version of it with a reason."),
    "measures.savingsentry": _("Months are corrected in the month grid."),
    "measures.confirmation": _("A confirmation is withdrawn, not put back."),
    "measures.ledgerentry": _("The ledger comes from accounting and is not changed here."),
    "measures.booksclosed": _("Books are closed and opened by the controller."),
    "measures.monthlyupdate": _("A monthly update is given again, not put back."),
    "measures.savingsline": _("A savings line is changed on the page of its measure."),
    "measures.gatedecision": _("A decision at a gate stays as it was given."),
    "measures.planchange": _("A change of the plan is asked for again, not put back."),
    "measures.planchangecell": _("A change of the plan is asked for again, not put back."),
    "risks.promisecheck": _("Promises are looked at again on the page of the measure."),
    "risks.impactassessment": _("Impacts are assessed again on the page of the measure."),
    "measures.overlap": _("An overlap is declared again, not put back."),
    "measures.correction": _("A correction is answered by another one, not put back."),
    "measures.yearlocked": _("Years are locked and opened by the controller."),
    "measures.budgetversion": _("The ledger comes from accounting and is not changed here."),
    "measures.basetransfer": _("A transfer is made anew, not put back: its rows belong together."),
    "measures.basetransferrow": _("A transfer is made anew, not put back: its rows belong together."),
    "measures.costdriver": _("Cost drivers are changed on the pages of the books."),
    "measures.succession": _("Merging and splitting stay as they were done."),
    "measures.targetmove": _("A target is moved by a decision, not put back."),
    "measures.bulkchange": _("A change of many measures is undone on its own page, once."),
    "measures.importrun": _("A file is brought again, not put back."),
    "measures.scenario": _("Only its owner changes a scenario."),
    "programme.fundingrelease": _("Funding is released by a decision, not put back."),
    "programme.deviation": _("A finding is explained and closed on its own page."),
    "core.attachment": _("A file is added again, not put back: its content is gone."),
    "programme.rolegrant": _("Roles are given on the page of users."),
    "core.setting": _("Settings are changed on their own page."),
    # What the council fixed, and answers that carry who gave them and what follows from them.
    "strategy.annualobjective": _OBJECTIVE,
    "strategy.objectivemetric": _OBJECTIVE,
    "strategy.objectiveset": _OBJECTIVE,
    "strategy.metricyear": _ANSWER,
    "kpis.judgement": _ANSWER,
    "kpis.manualvalue": _ANSWER,
    "kpis.quarantinedvalue": _ANSWER,
    "kpis.sourcelink": _SOURCE,
    "kpis.derivedinput": _SOURCE,
    # Seasons end with scores and lessons: their steps have conditions.
    "strategy.season": _SEASON,
    "strategy.objective": _SEASON,
    "strategy.keyresult": _SEASON,
    "strategy.checkin": _SEASON,
}
#: Fields that stay as they are: addresses and numbers that others refer to, and what acts of their own change.
KEPT = {
    "measures.measure": {"code", "withdrawn_on", "withdrawn_from"},
    "programme.project": {"slug"},
    "programme.programme": {"slug", "file_key", "organisation"},
    "programme.projectplanpart": {"accepted_on", "accepted_by", "written_on"},
}
ALWAYS_KEPT = {"key", "is_illustrative"}

CHANGED_MEANWHILE = _("Somebody changed the row meanwhile. Look at what would change now.")
NOTHING_TO_DO = _("The row is already like this.")


class RestoreRefused(ValidationError):
    """A version that may not come back; the message is for people, the code for programs."""


@dataclass(frozen=True)
class Restoring:
    """What bringing the version back would do: the row now (the chosen state when it was deleted), what would change.

    `last` is the row as it stands, or stood when it was deleted: whoever may change that may bring back.
    """

    kind: Kind
    row: Any
    last: Any
    change: Change
    found: list[tuple[Field, Any, Any]]
    is_back: bool

    @property
    def version(self) -> int:
        return self.row.version if not self.is_back else 0


def why_refused(kind: Kind) -> str:
    """Why rows of the kind are not put back; empty when they may be."""
    if kind.label in REFUSED:
        return str(REFUSED[kind.label])
    return "" if edit_action(kind) else str(_("Rows of this kind are not changed on these pages."))


def edit_action(kind: Kind) -> str:
    """The action that lets a person change rows of the kind; empty when nobody may."""
    if kind.label == "programme.programme":
        return "settings.edit"
    return getattr(kind.model, "edit_action", "")


def may_restore(user: Any, kind: Kind, row: Any) -> bool:
    """Whether the person may change this very row."""
    action = edit_action(kind)
    return bool(action) and not why_refused(kind) and can(user, action, row)


def row_of(kind: Kind, pk: int, values: Values) -> tuple[Any, bool]:
    """The row as it stands, or a copy of its last state when it was deleted; and whether it was."""
    row = kind.model._base_manager.filter(pk=pk).first()
    return (row, False) if row is not None else (_built(kind, pk, values), True)


def _built(kind: Kind, pk: int, values: Values) -> Any:
    row = kind.model(pk=pk)
    for field in kind.model._meta.concrete_fields:
        if field.column in values and not field.primary_key:
            setattr(row, field.attname, _python(field, values[field.column]))
    return row


def _python(field: Field, value: Any) -> Any:
    """A value of an event as the model holds it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    return field.target_field.to_python(value) if isinstance(field, ForeignKey) else field.to_python(value)


def prepared(programme: Programme, kind: Kind, pk: int, pgh_id: int, *, by: Any) -> Restoring | None:
    """What bringing back the state after event `pgh_id` would do; None when the row has no such event.

    Only fields that the person could change by hand come back.
    """
    own = in_programme(kind, programme)
    where = f"{own.where} AND e.pgh_obj_id = %s AND e.pgh_id = %s"
    found = changes([Scope(kind, where, (*own.params, pk, pgh_id))])
    if not found:
        return None
    change = found[0]
    row, is_back = row_of(kind, pk, change.values)
    last = _built(kind, pk, latest({kind.label: [pk]})[kind.label, pk][0]) if is_back else row
    now = None if is_back else stored(kind, pk)
    held = ALWAYS_KEPT | KEPT.get(kind.label, set()) | _not_theirs(by, kind, last)
    different = [one for one in differences(kind, now, change.values) if is_back or one[0].name not in held]
    return Restoring(kind, row, last, change, different, is_back)


def _not_theirs(user: Any, kind: Kind, row: Any) -> set[str]:
    """Fields of the row that the forms do not let this person change."""
    if kind.label == "measures.measure" and not can(user, "measure.override", row):
        return {"confidence_of_pmo"}
    pages = next((one for one in KINDS if one.model is kind.model), None)
    form = None if pages is None else pages.form_for(user, row)
    if form is None or pages is None or form is pages.form:
        return set()
    return {field.name for field in kind.model._meta.concrete_fields} - set(form._meta.fields or ())


def _check_place(wanted: Restoring, by: Any) -> None:
    """A row goes back to another theme only where the person may change such rows too."""
    places: list[Theme] = []
    for field, _old, new in wanted.found:
        old = getattr(wanted.last, field.attname)
        if new is None or new == old:
            continue
        if field.related_model is Theme:
            places += Theme.objects.filter(pk=new)
        elif field.related_model is Goal:
            goals = Goal.objects.filter(pk__in=[key for key in (old, new) if key is not None])
            themes = {goal.pk: goal.theme for goal in goals.select_related("theme")}
            if new in themes and themes[new] != themes.get(old):
                places.append(themes[new])
    if not all(can(by, edit_action(wanted.kind), place) for place in places):
        raise RestoreRefused(_("Your role does not include this."), code="place")


@retrying
def restore(*, wanted: Restoring, version: int, by: Any, reason: str) -> Any:
    """Writes the earlier values as a new version of the row, or brings the deleted row back with its id.

    `version` is that of the row as the person saw it. Raises RestoreRefused when a rule of today forbids it or
    somebody was faster.
    """
    if refused := why_refused(wanted.kind):
        raise RestoreRefused(refused, code="kind")
    if not reason.strip():
        raise RestoreRefused(_("Give the reason."), code="no_reason")
    try:
        with transaction.atomic(), own_context(user=by.pk, reason=reason.strip()):
            if wanted.is_back:
                return _bring_back(wanted, by, reason)
            return _write(wanted, version, by, reason)
    except IntegrityError as error:
        raise RestoreRefused(
            _(
                "Another row stands in the way: it has the same key, or the rows this one belongs to are gone."
            ),
            code="in_the_way",
        ) from error


def _write(wanted: Restoring, version: int, by: Any, reason: str) -> Any:
    row, model = wanted.row, wanted.kind.model
    if not wanted.found:
        raise RestoreRefused(NOTHING_TO_DO, code="nothing")
    values = {field.attname: _python(field, new) for field, _old, new in wanted.found}
    _check_rules(wanted, values, reason, by)
    _check_place(wanted, by)
    for name, value in values.items():
        setattr(row, name, value)
    _check(row)
    if any(field.name == "updated_by" for field in model._meta.concrete_fields):
        values["updated_by_id"] = by.pk
    if model._base_manager.filter(pk=row.pk, version=version).update(**values) != 1:
        raise RestoreRefused(CHANGED_MEANWHILE, code="changed")
    return model._base_manager.get(pk=row.pk)


def _check_rules(wanted: Restoring, values: dict[str, Any], reason: str, by: Any) -> None:
    """Rules that one row does not show: the stage of a measure moves only as it may today."""
    if wanted.kind.label == "measures.measure" and "stage" in values:
        check_stage(wanted.row, values["stage"], reason, by)
        values |= {"withdrawn_on": None, "withdrawn_from": None}


def _bring_back(wanted: Restoring, by: Any, reason: str) -> Any:
    if wanted.kind.label == "measures.measure":
        return restore_draft(programme=wanted.row.programme, pk=wanted.row.pk, by=by, reason=reason)
    row = wanted.row
    _check_place(wanted, by)
    _check(row)
    row.version = (wanted.change.values.get("version") or 0) + 1
    row.updated_by_id = by.pk
    row.save(force_insert=True)
    return row


def _check(row: Any) -> None:
    """The rules of today, as for a form; what refuses is said field by field."""
    try:
        row.full_clean(exclude=["programme"])
    except ValidationError as refused:
        raise RestoreRefused(
            [message for one in refused.message_dict.values() for message in one]
        ) from refused
