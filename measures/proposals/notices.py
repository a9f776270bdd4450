"""Words of the notices about proposals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.notices import register
from accounts.talking import hears

NEW, ACCEPTED, DECLINED = "proposal.new", "proposal.accepted", "proposal.declined"

Params = Mapping[str, Any]


def _told(params: Params) -> dict[str, str]:
    return {name: str(params.get(name, "")) for name in ("who", "subject", "code", "answer")}


def _new(params: Params, programme: Any) -> str:
    return _("%(who)s proposes a measure: %(subject)s") % _told(params)


def _accepted(params: Params, programme: Any) -> str:
    return _("Your proposal “%(subject)s” became the measure %(code)s.") % _told(params)


def _declined(params: Params, programme: Any) -> str:
    return _("Your proposal “%(subject)s” was not taken up: %(answer)s") % _told(params)


for code, words in {NEW: _new, ACCEPTED: _accepted, DECLINED: _declined}.items():
    register(code, words, hears=hears)
