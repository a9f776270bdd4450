"""Values of parameters over time: what holds, what is to come, who set it and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.editing.pages import CHANGED
from core.history import own_context
from core.models import Setting
from core.money import format_decimal
from core.parameters import PORTAL, REGISTRY, BadParameter, Parameter
from core.periods import format_date
from programme.models import Programme

#: Headings of the page, in order; a section that none names comes last under its own word.
SECTIONS: dict[str, str | Promise] = {
    "meetings": gettext_lazy("Meeting days"),
    "projects": gettext_lazy("Projects"),
    "look": gettext_lazy("Look"),
    "thresholds": gettext_lazy("Thresholds"),
    "lights": gettext_lazy("Lights of projects and deviations"),
    "risks": gettext_lazy("Risks"),
    "probability": gettext_lazy("Probability of the forecast"),
    "general": gettext_lazy("Other values"),
}


@dataclass(frozen=True)
class Held:
    """One value of a parameter from a day on. `row` is None for the portal's own default."""

    parameter: Parameter[Any]
    value: Any
    row: Setting | None
    who: str = ""

    @property
    def text(self) -> str:
        return shown(self.parameter, self.value)

    @property
    def typed(self) -> Any:
        """The value as a form shows it."""
        try:
            return self.value if self.row is None else self.parameter.read(self.value)
        except BadParameter:
            return None


@dataclass(frozen=True)
class Line:
    """One parameter with the value that holds today and those to come."""

    parameter: Parameter[Any]
    now: Held
    coming: list[Held]


@dataclass(frozen=True)
class Event:
    """One act on a parameter of the programme: who did what to which value, when and why."""

    at: dt.datetime
    what: str
    who: str
    value: str
    valid_from: dt.date
    reason: str


def shown(parameter: Parameter[Any], value: Any) -> str:
    """A value as people read it, with its unit."""
    try:
        known = parameter.read(value) if not isinstance(value, type(parameter.default)) else value
    except BadParameter:
        return str(value)
    if parameter.kind == "choice":
        return str(dict(parameter.choices).get(known, known))
    if parameter.kind in ("whole", "share"):
        return f"{format_decimal(known)}\u00a0{parameter.unit}".strip()
    return str(known)


def parameter_of(key: str) -> Parameter[Any] | None:
    return REGISTRY.get(key)


def lines(programme: Programme, *sections: str) -> list[tuple[str, list[Line]]]:
    """All registered parameters by section with what holds and what is to come. Three queries."""
    rows = list(Setting.objects.filter(scope__in=[PORTAL, programme.slug]).order_by("valid_from"))
    who = _setters([row.pk for row in rows])
    by_section: dict[str, list[Line]] = {name: [] for name in SECTIONS}
    for parameter in REGISTRY.values():
        if not sections or parameter.section in sections:
            own = [row for row in rows if row.key == parameter.key]
            by_section.setdefault(parameter.section, []).append(_line(programme, parameter, own, who))
    return [(str(SECTIONS.get(name, name)), found) for name, found in by_section.items() if found]


def line_of(programme: Programme, parameter: Parameter[Any]) -> Line:
    """One parameter with what holds and what is to come."""
    rows = list(
        Setting.objects.filter(scope__in=[PORTAL, programme.slug], key=parameter.key).order_by("valid_from")
    )
    return _line(programme, parameter, rows, _setters([row.pk for row in rows]))


def _line(programme: Programme, parameter: Parameter[Any], rows: list[Setting], who: dict[int, str]) -> Line:
    today = programme.today()
    begun = [row for row in rows if row.valid_from <= today]
    own = [row for row in begun if row.scope == programme.slug]
    current = next(reversed(own or begun), None)
    now = Held(parameter, parameter.default, None)
    if current is not None:
        now = Held(parameter, current.value, current, who.get(current.pk, ""))
    coming = [
        Held(parameter, row.value, row, who.get(row.pk, ""))
        for row in rows
        if row.valid_from > today and row.scope == programme.slug
    ]
    return Line(parameter, now, coming)


def changes_of(programme: Programme, parameter: Parameter[Any]) -> dict[str, str]:
    """The programme's own values by their first day, each as the number of its last change. One query."""
    rows = Setting.objects.filter(scope=programme.slug, key=parameter.key)
    found = rows.annotate(change=Max("events__pgh_id")).values_list("valid_from", "change")
    return {day.isoformat(): str(change) for day, change in found}


def set_value(
    programme: Programme,
    parameter: Parameter[Any],
    value: Any,
    *,
    valid_from: dt.date,
    reason: str,
    by: Any,
    seen: Mapping[str, str] | None = None,
) -> Setting:
    """The parameter's value from a day on. What held before stays as it was.

    `value` is as it is stored. A value that begins today or later may be set anew (history keeps both);
    one that has begun earlier is never touched. `seen` are `changes_of` as the person saw them: a value that
    somebody set for the day since is not written over. Raises ValidationError with the field named.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the value changes.")})
    if valid_from < programme.today():
        text = _("Values of days that have passed are kept. Choose %(day)s or a later day.")
        raise ValidationError({"valid_from": text % {"day": format_date(programme.today())}})
    try:
        parameter.read(value)
    except BadParameter as error:
        raise ValidationError({"value": str(error)}) from error
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row, is_new = Setting.objects.select_for_update().get_or_create(
            scope=programme.slug,
            key=parameter.key,
            valid_from=valid_from,
            defaults={"value": value, "reason": reason},
        )
        if not is_new:
            if seen is not None:
                _require_seen(programme, parameter, row, value, seen)
            row.value, row.reason = value, reason
            row.save()
        return row


def _require_seen(
    programme: Programme, parameter: Parameter[Any], row: Setting, mine: Any, seen: Mapping[str, str]
) -> None:
    """Raises ValidationError, naming both values, when the locked row changed since it was shown."""
    day = row.valid_from.isoformat()
    if seen.get(day) == changes_of(programme, parameter)[day]:
        return
    text = _(
        "Somebody set %(theirs)s from %(day)s on while you were writing; yours is %(mine)s. Nothing was written "
        "over. Save again to set yours, or choose another day."
    )
    values = {"theirs": shown(parameter, row.value), "mine": shown(parameter, mine)}
    raise ValidationError(text % (values | {"day": format_date(row.valid_from)}), code=CHANGED)


def cancel_value(programme: Programme, row: Setting, *, by: Any, reason: str = "") -> bool:
    """Takes away a value that has not begun; False when it has."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        coming = Setting.objects.filter(pk=row.pk, scope=programme.slug, valid_from__gt=programme.today())
        return bool(coming.delete()[0])


def events_of(programme: Programme, parameter: Parameter[Any]) -> list[Event]:
    """Everything that was done to the parameter in this programme, the latest first."""
    words = {"insert": _("set"), "update": _("set anew"), "delete": _("cancelled")}
    rows = apps.get_model("core.SettingEvent").objects.filter(scope=programme.slug, key=parameter.key)
    found = list(rows.select_related("pgh_context").order_by("-pgh_id"))
    people = _names({_user_of(row) for row in found})
    return [
        Event(
            row.pgh_created_at,
            words.get(row.pgh_label, row.pgh_label),
            people.get(_user_of(row), ""),
            shown(parameter, row.value),
            row.valid_from,
            row.reason,
        )
        for row in found
    ]


def _setters(ids: list[int]) -> dict[int, str]:
    """Who last wrote each of the rows, by name. Two queries."""
    rows = (
        apps.get_model("core.SettingEvent").objects.filter(pgh_obj_id__in=ids).select_related("pgh_context")
    )
    users = {row.pgh_obj_id: _user_of(row) for row in rows.order_by("pgh_id")}
    people = _names(set(users.values()))
    return {pk: people.get(user, "") for pk, user in users.items()}


def _user_of(event: Any) -> int | None:
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def _names(ids: set[int | None]) -> dict[int | None, str]:
    users = get_user_model()._default_manager.filter(pk__in=[pk for pk in ids if pk is not None])
    return {user.pk: user.get_full_name() or user.get_username() for user in users}
