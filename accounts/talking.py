"""Words of the notices about comments, and what tells people of them (core.talk stands left of notices)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.notices import notify, register
from core.talk.telling import ANSWERED, ASKED, COMMENTED, MENTIONED, UPDATED, tell_with
from core.talk.topics import title_from, topic_named

Params = Mapping[str, Any]


@dataclass(frozen=True)
class _In:
    """A programme by its number: what rights of whole programmes are asked about."""

    programme_id: int | None


def hears(user: Any, programme_id: int | None, params: Params) -> bool:
    """Whether the person may read, today, the talk of rows of the kind that the notice is about."""
    topic = topic_named(str(params.get("kind", "")))
    return topic is not None and topic.seen_by(user, _In(programme_id))


def _told(params: Params) -> dict[str, str]:
    return {"who": str(params["who"]), "row": title_from(dict(params))}


def _asked(params: Params, programme: Any) -> str:
    return _("%(who)s asks you about %(row)s and needs an answer.") % _told(params)


def _mentioned(params: Params, programme: Any) -> str:
    return _("%(who)s mentioned you in a comment on %(row)s.") % _told(params)


def _answered(params: Params, programme: Any) -> str:
    return _("%(who)s answered your comment on %(row)s.") % _told(params)


def _commented(params: Params, programme: Any) -> str:
    return _("%(who)s commented on %(row)s.") % _told(params)


def _updated(params: Params, programme: Any) -> str:
    return _("%(who)s gave the monthly update of %(row)s.") % _told(params)


for code, words in {
    ASKED: _asked,
    MENTIONED: _mentioned,
    ANSWERED: _answered,
    COMMENTED: _commented,
    UPDATED: _updated,
}.items():
    register(code, words, hears=hears)

tell_with(notify)
