"""Words of the notices of governance, kept as codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.notices import register, who_may
from core.periods import format_date
from core.text import LANGUAGES

MISSED, ACTION, ACTION_LATE = "duty.missed", "action.given", "action.late"

Params = Mapping[str, Any]


def texts_of(row: Any, field: str) -> dict[str, str]:
    """A text in the languages it has, for params of a notice."""
    return {code: text for code in LANGUAGES if (text := getattr(row, f"{field}_{code}"))}


def _said(texts: Mapping[str, str]) -> str:
    wanted = (get_language() or "")[:2]
    return next((texts[code] for code in (wanted, *LANGUAGES) if code in texts), "")


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))


def _missed(params: Params, _programme: Any) -> str:
    return _("Missed: “%(what)s” was due on %(day)s.") % {
        "what": _said(params["what"]), "day": _day(params["day"])
    }  # fmt: skip


def _action(params: Params, _programme: Any) -> str:
    if not params.get("day"):
        return _("You were given an action point: “%(what)s”.") % {"what": params["what"]}
    return _("You were given an action point, due on %(day)s: “%(what)s”.") % {
        "what": params["what"], "day": _day(params["day"])
    }  # fmt: skip


def _late(params: Params, _programme: Any) -> str:
    return _("Your action point “%(what)s” was due on %(day)s.") % {
        "what": params["what"], "day": _day(params["day"])
    }  # fmt: skip


register(MISSED, _missed, hears=who_may("governance.view"))
register(ACTION, _action, hears=who_may("register.view"))
register(ACTION_LATE, _late, hears=who_may("register.view"))
