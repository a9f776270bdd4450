"""Money targets change by versions: what held on a day is closed, never written over.

A version holds for `valid_from <= day < valid_to`. Which fields make a row "the same target" its model
says in `version_of`, which hold the figures in `version_amounts`; targets of the programme and of
measures are both kept so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CheckConstraint, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.history import own_context
from core.models import Row
from core.periods import format_date

T = TypeVar("T", bound=Row)

ALREADY_HOLDS = gettext_lazy("This value already holds and is kept. Give a new value from a later day.")


@dataclass(frozen=True)
class NewValue:
    """What a version says: figures by field name in EUR cents, its first day, why, and who decided."""

    amounts: Mapping[str, int | None]
    valid_from: dt.date
    reason: str
    decision_reference: str = ""


def versions_of(row: T) -> QuerySet[T]:
    """All versions of the same target, the latest first."""
    same = {name: getattr(row, _column(row, name)) for name in _identity(row)}
    return type(row)._base_manager.filter(programme_id=row.programme_id, **same).order_by("-valid_from")


def identity_of(row: Any) -> tuple[Any, ...]:
    """What tells the target of a version from all others, for grouping versions."""
    return tuple(getattr(row, _column(row, name)) for name in _identity(row))


def version_on(row: T, day: dt.date) -> T | None:
    """The version of the same target that holds on the day."""
    return next((version for version in versions_of(row) if holds_on(version, day)), None)


def holds_on(version: Any, day: dt.date) -> bool:
    return version.valid_from <= day and (version.valid_to is None or day < version.valid_to)


def is_future(version: Any, today: dt.date) -> bool:
    """Whether the version has yet to begin: only then may it be corrected or taken away."""
    return bool(version.valid_from > today)


def figures_of(version: Any) -> dict[str, int | None]:
    return {name: getattr(version, name) for name in version.version_amounts}


def becomes_cost(old: Mapping[str, int | None] | None, new: Mapping[str, int | None]) -> bool:
    """Whether a figure is a cost that was a saving or unknown before: worth asking about (+ is investment)."""
    for name, value in new.items():
        if value is not None and value > 0:
            before = (old or {}).get(name)
            if before is None or before <= 0:
                return True
    return False


def set_value(row: T, value: NewValue, *, by: Any) -> T:
    """A new version of the target of which `row` is any version, from `value.valid_from` on.

    The version that held that day is closed; a version that begins later stays and ends the new one.
    Raises ValidationError with the field named when a version already begins on that day.
    """
    _check(value)
    with transaction.atomic(), own_context(reason=value.reason):
        versions = _locked(row)
        if any(version.valid_from == value.valid_from for version in versions):
            day = format_date(value.valid_from)
            raise ValidationError({"valid_from": _already(day)})
        before = next((v for v in versions if holds_on(v, value.valid_from)), None)
        later = [v.valid_from for v in versions if v.valid_from > value.valid_from]
        ends_on = min(later, default=None)
        if before is not None:
            _end(before, value.valid_from, by)
        model = before or (versions[-1] if versions else row)
        return _begin(model, value, ends_on, by)


def _already(day: str) -> str:
    return _("A value already begins on %(day)s. Choose another day, or correct that value.") % {"day": day}


def correct_future(row: T, value: NewValue, *, by: Any, today: dt.date, seen: int | None = None) -> T:
    """Changes a version that has not begun, its first day included. Raises ValidationError when it has.

    `seen` is the row's version that the person saw: somebody else's correction is not written over.
    """
    _check(value)
    with transaction.atomic(), own_context(reason=value.reason):
        versions = _locked(row)
        version = _future(versions, row, today)
        if seen is not None and version.version != seen:
            raise ValidationError(_("Somebody corrected this value meanwhile. Open it again and compare."))
        others = [other for other in versions if other.pk != version.pk]
        if value.valid_from <= today:
            raise ValidationError({"valid_from": _("A value to come begins after today.")})
        if any(other.valid_from == value.valid_from for other in others):
            raise ValidationError({"valid_from": _already(format_date(value.valid_from))})
        before, after = _around(others, version)
        if (
            before is not None
            and value.valid_from <= before.valid_from
            or (after is not None and value.valid_from >= after.valid_from)
        ):
            raise ValidationError(
                {"valid_from": _("Another value lies between. Keep the order of the values.")}
            )
        if before is not None and before.valid_to == version.valid_from:
            _end(before, value.valid_from, by)
        for name, cents in value.amounts.items():
            setattr(version, name, cents)
        version.valid_from, version.reason = value.valid_from, value.reason
        version.decision_reference = value.decision_reference
        version.full_clean(validate_constraints=False)
        _check_rows(version)
        version.stamp(by).save()
        return version


def cancel_future(row: T, *, reason: str, by: Any, today: dt.date, seen: int | str | None = None) -> None:
    """Takes away a version that has not begun; the one before it goes on. Raises ValidationError when it has.

    `seen` is the row's version that the person saw: a value that moved meanwhile is refused ("changed").
    """
    with transaction.atomic(), own_context(reason=reason):
        versions = _locked(row)
        version = _future(versions, row, today)
        if seen is not None and str(version.version) != str(seen):
            raise ValidationError(
                _("Somebody changed this value meanwhile. Look at it as it is now before you take it away."),
                code="changed",
            )
        before, _after = _around([other for other in versions if other.pk != version.pk], version)
        if before is not None and before.valid_to == version.valid_from:
            _end(before, version.valid_to, by)
        version.delete()


def begin_target(row: T, value: NewValue, *, by: Any) -> T:
    """The first version of a target that `row`, not saved, names. Raises ValidationError when there is one."""
    if versions_of(row).exists():
        raise ValidationError(_("This target already exists. Give it a new value instead."))
    with own_context(reason=value.reason):
        return set_value(row, value, by=by)


# ---------------------------------------------------------------------------- parts
def _identity(row: Any) -> tuple[str, ...]:
    return tuple(row.version_of)


def _column(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).attname)


def _locked(row: Row) -> list[Any]:
    """The versions by day, locked, so that two changes of one target come one after the other."""
    list(versions_of(row).order_by("pk").select_for_update().values_list("pk"))
    # Read again: whoever held the locks may have added a version that the locking statement did not see.
    return list(versions_of(row).order_by("valid_from"))


def _check(value: NewValue) -> None:
    if not value.reason.strip():
        raise ValidationError({"reason": _("Say why the target changes.")})


def _future(versions: list[Any], row: Row, today: dt.date) -> Any:
    version = next((found for found in versions if found.pk == row.pk), None)
    if version is None or not is_future(version, today):
        raise ValidationError(ALREADY_HOLDS)
    return version


def _around(others: list[Any], version: Any) -> tuple[Any, Any]:
    """The versions just before and after."""
    before = [other for other in others if other.valid_from < version.valid_from]
    after = [other for other in others if other.valid_from > version.valid_from]
    return (before[-1] if before else None), (after[0] if after else None)


def _end(version: Any, day: dt.date | None, by: Any) -> None:
    version.valid_to = day
    version.stamp(by).save(update_fields=["valid_to", "updated_by"])


def _begin(model: T, value: NewValue, ends_on: dt.date | None, by: Any) -> T:
    kept = {name: getattr(model, _column(model, name)) for name in (*_identity(model), *_labels(model))}
    kept = {_column(model, name): found for name, found in kept.items()}
    row = type(model)(
        programme_id=model.programme_id, **kept, **value.amounts, valid_from=value.valid_from, valid_to=ends_on,
        reason=value.reason, decision_reference=value.decision_reference,
    )  # fmt: skip
    row.full_clean(validate_constraints=False)
    _check_rows(row)
    row.stamp(by).save()
    return row


def _check_rows(row: Any) -> None:
    """The rules of one row; the rule on overlapping versions is the database's, checked at the end."""
    for constraint in row._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            constraint.validate(type(row), row)


def _labels(row: Any) -> tuple[str, ...]:
    return tuple(name for name in ("label_fi", "label_sv", "label_en") if hasattr(row, name))
