"""Rules change by versions: what held on a day is closed with its answers, never written over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, QuerySet
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from core.periods import format_date
from kpis.evaluating import evaluate
from kpis.models import Indicator, TargetRule
from programme.models import Decision, Goal

Owner = Indicator | Goal


@dataclass(frozen=True)
class NewRule:
    """What a version says: the rule's fields, its parts when it is combined, from when, why, and who decided."""

    fields: Mapping[str, Any]
    valid_from: dt.date
    reason: str
    decision_reference: str = ""
    decision: Decision | None = None
    parts: Sequence[Mapping[str, Any]] = ()


def versions_of(rule: TargetRule) -> QuerySet[TargetRule]:
    """All versions of the same rule, the latest first."""
    rows = TargetRule.objects.filter(programme=rule.programme_id, key=rule.key, parent=None)
    return rows.order_by("-valid_from")


@retrying
def begin_rule(owner: Owner, new: NewRule, *, by: Any) -> TargetRule:
    """A further rule of an indicator or a goal. Raises ValidationError with the field it means."""
    _check(new)
    is_goal = isinstance(owner, Goal)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=new.reason):
        type(owner).objects.select_for_update(no_key=True).get(pk=owner.pk)
        own = TargetRule.objects.filter(
            programme=owner.programme_id, parent=None, **{"goal" if is_goal else "indicator": owner}
        )
        row = TargetRule(
            programme_id=owner.programme_id,
            key=_free_key(owner, {one.key for one in own}),
            position=max((one.position for one in own), default=0) + 1 if own else 0,
            goal=owner if isinstance(owner, Goal) else None,
            indicator=owner if isinstance(owner, Indicator) else None,
        )
        made = _write(row, new, None, by)
        _judge_again(made)
        return made


@retrying
def set_rule(rule: TargetRule, new: NewRule, *, by: Any) -> TargetRule:
    """A new version of the rule of which `rule` is any version, from `new.valid_from` on.

    The version that held that day is closed and keeps its answers; one that begins later ends the new one.
    Raises ValidationError with the field named when a version already begins on that day.
    """
    _check(new)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=new.reason):
        versions = _locked(rule)
        if any(one.valid_from == new.valid_from for one in versions):
            raise ValidationError({"valid_from": _already(new.valid_from)})
        before = next((one for one in versions if _holds(one, new.valid_from)), None)
        if before is not None:
            _close(before, new.valid_from, by)
        later = [one.valid_from for one in versions if one.valid_from > new.valid_from]
        latest = versions[-1]
        row = TargetRule(
            programme_id=rule.programme_id,
            key=rule.key,
            position=latest.position,
            goal_id=latest.goal_id,
            indicator_id=latest.indicator_id,
            statement_id=latest.statement_id,
        )
        made = _write(row, new, min(later, default=None), by)
        _judge_again(made)
        return made


@retrying
def end_rule(rule: TargetRule, *, on: dt.date, reason: str, by: Any) -> TargetRule:
    """The rule holds no longer from the day on; it stays with its answers. Raises ValidationError."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        versions = _locked(rule)
        version = next(one for one in versions if one.pk == rule.pk)
        if version.valid_to is not None:
            raise ValidationError(_("This version of the rule has already ended."))
        if on <= version.valid_from:
            day = format_date(version.valid_from)
            raise ValidationError(
                {
                    "on": _("The rule begins on %(day)s: it can end the day after at the earliest.")
                    % {"day": day}
                }
            )
        _close(version, on, by)
        _judge_again(version)
        return version


def take_up(
    suggestion: TargetRule, *, valid_from: dt.date, reason: str, by: Any, **decided: Any
) -> TargetRule:
    """The suggested rule becomes a version of the rule it was suggested for; the source's own words stay readable."""
    parent = suggestion.parent
    assert suggestion.is_suggestion and parent is not None
    names = ("kind", "compare", "value", "low", "high", "unit", "year", "direction", "magnitude", "reference")
    fields = {name: getattr(suggestion, name) for name in names}
    fields["word_in_source"] = parent.word_in_source
    new = NewRule(fields, valid_from, reason, **decided)
    return set_rule(parent, new, by=by)


# ---------------------------------------------------------------------------- parts
def _check(new: NewRule) -> None:
    if not new.reason.strip():
        raise ValidationError({"reason": _("Say why the rule changes.")})
    if new.fields["kind"] == TargetRule.Kind.ALL_OF and len(new.parts) < 2:
        raise ValidationError(_("A combined rule has at least two parts."))


def _already(day: dt.date) -> str:
    return _("Another version of this rule starts on %(day)s. Choose another day.") % {
        "day": format_date(day)
    }


def _locked(rule: TargetRule) -> list[TargetRule]:
    """The versions by day, locked, so that two changes of one rule come one after the other."""
    list(versions_of(rule).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    return list(versions_of(rule).order_by("valid_from"))


def _holds(version: TargetRule, day: dt.date) -> bool:
    return version.valid_from <= day and (version.valid_to is None or day < version.valid_to)


def _close(version: TargetRule, day: dt.date, by: Any) -> None:
    """Ends a version and its parts."""
    for row in (version, *version.parts.filter(valid_to=None)):
        row.valid_to = max(day, row.valid_from + dt.timedelta(days=1)) if row is not version else day
        row.stamp(by).save(update_fields=["valid_to", "updated_by"])


def _write(row: TargetRule, new: NewRule, ends_on: dt.date | None, by: Any) -> TargetRule:
    """Saves a version and its parts."""
    for name, value in new.fields.items():
        setattr(row, name, value)
    _dated(row, new, ends_on)
    _save(row, by)
    for number, fields in enumerate(new.parts, start=1):
        part = TargetRule(
            programme_id=row.programme_id,
            key=f"{row.key}/{number}"[:150],
            position=number,
            parent=row,
            **fields,
        )
        _dated(part, new, ends_on)
        _save(part, by)
    return row


def _dated(row: TargetRule, new: NewRule, ends_on: dt.date | None) -> None:
    row.valid_from, row.valid_to, row.reason = new.valid_from, ends_on, new.reason
    row.decision_reference, row.decision = new.decision_reference, new.decision


def _save(row: TargetRule, by: Any) -> None:
    row.full_clean(validate_constraints=False)
    for constraint in row._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            constraint.validate(TargetRule, row)
    row.stamp(by).save()


def _free_key(owner: Owner, taken: set[str]) -> str:
    """The next key of the owner's rules, as the programme file would name them."""
    kind = "goal" if isinstance(owner, Goal) else "indicator"
    base = f"{kind}/{owner.key}"
    number = 1
    key = base
    while key in taken:
        number += 1
        key = f"{base}/rule-{number}"
    return key


def _judge_again(rule: TargetRule) -> None:
    """Judges what the rule is about: its indicator, or those that its goal shows."""
    evaluate(judged_on(rule))


def judged_on(rule: TargetRule) -> list[Indicator]:
    """The indicators whose answers a change of the rule may change."""
    rows = Indicator.objects.filter(programme=rule.programme_id)
    if rule.indicator_id:
        return list(rows.filter(pk=rule.indicator_id))
    if rule.goal_id:
        return list(rows.filter(goal_links__goal=rule.goal_id).distinct())
    return []
