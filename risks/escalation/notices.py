"""Words of the notices about obstacles, kept as codes with the names of the obstacle in the languages it has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.notices import register
from core.periods import format_date
from core.permissions import programme_ids
from core.templatetags.ui import plain_text
from core.text import LANGUAGES
from risks.models import Obstacle

ASKED, CLOCK, BACK = "obstacle.asked", "obstacle.clock", "obstacle.back"
MOVED, REMINDER, DECIDED, CLOSED = (
    "obstacle.moved",
    "obstacle.reminder",
    "obstacle.decided",
    "obstacle.closed",
)

Params = Mapping[str, Any]


def names_of(row: Any, field: str = "name") -> dict[str, str]:
    """A text in the languages it has."""
    return {code: text for code in LANGUAGES if (text := getattr(row, f"{field}_{code}"))}


def params_of(obstacle: Obstacle, **more: Any) -> dict[str, Any]:
    """What the words are made of: names, the level, the day by which an answer is due."""
    due = obstacle.due_on.isoformat() if obstacle.due_on else ""
    return {"name": names_of(obstacle), "level": obstacle.level, "due": due} | more


def level_word(level: str) -> str:
    """The portal's own word for a level."""
    return str(Obstacle.Level(level).label) if level in Obstacle.Level.values else level


def _hears(user: Any, programme_id: int | None, _params: Params) -> bool:
    """Obstacles are told to those who may read them on the day they are shown or mailed."""
    return programme_id in programme_ids(user, Obstacle.view_action)


def _told(params: Params) -> dict[str, str]:
    due = params.get("due", "")
    return {
        "name": plain_text(params["name"]),
        "level": level_word(str(params.get("level", ""))),
        "day": format_date(date.fromisoformat(due)) if due else "–",
        "who": str(params.get("who", "")),
        "text": str(params.get("text", "")),
    }


def _asked(params: Params, _programme: Any) -> str:
    return _("An obstacle waits for your answer by %(day)s: “%(name)s”.") % _told(params)


def _clock(params: Params, _programme: Any) -> str:
    return _("An obstacle came up to you when its time ran out. Answer by %(day)s: “%(name)s”.") % _told(
        params
    )


def _back(params: Params, _programme: Any) -> str:
    return _("An obstacle was sent back to you. Answer by %(day)s: “%(name)s”. %(text)s") % _told(params)


def _moved(params: Params, _programme: Any) -> str:
    return _("The obstacle “%(name)s” now waits for: %(level)s, by %(day)s.") % _told(params)


def _reminder(params: Params, _programme: Any) -> str:
    return _("The time to answer runs out on %(day)s: “%(name)s”.") % _told(params)


def _decided(params: Params, _programme: Any) -> str:
    return _("The obstacle “%(name)s” was answered: %(text)s") % _told(params)


def _closed(params: Params, _programme: Any) -> str:
    return _("The obstacle “%(name)s” was closed. %(text)s") % _told(params)


for code, words in {
    ASKED: _asked,
    CLOCK: _clock,
    BACK: _back,
    MOVED: _moved,
    REMINDER: _reminder,
    DECIDED: _decided,
    CLOSED: _closed,
}.items():
    register(code, words, hears=_hears)
