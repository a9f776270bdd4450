"""What a programme calls its levels, scenario ends and stages; the portal's own word where it says nothing."""

from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.text import LANGUAGES
from programme.models import Programme

#: One thing and several, in the portal's own words.
DEFAULTS: Mapping[str, tuple[Promise, Promise]] = {
    "programme": (_("programme"), _("programmes")),
    "theme": (_("theme"), _("themes")),
    "goal": (_("goal"), _("goals")),
    "sub_goal": (_("sub-goal"), _("sub-goals")),
    "measure": (_("measure"), _("measures")),
    "project": (_("project"), _("projects")),
    "sector": (_("sector"), _("sectors")),
    "segment": (_("client segment"), _("client segments")),
    "cost_type": (_("cost type"), _("cost types")),
    "cautious": (_("cautious"), _("cautious")),
    "full": (_("full"), _("full")),
    "column.base": (_("in the comparison base"), _("in the comparison base")),
    "column.later": (_("to come"), _("to come")),
    "column.total": (_("total"), _("total")),
    "stage.identified": (_("identified"), _("identified")),
    "stage.planned": (_("planned"), _("planned")),
    "stage.decided": (_("decided"), _("decided")),
    "stage.in_delivery": (_("in delivery"), _("in delivery")),
    "stage.closed": (_("closed"), _("closed")),
    "stage.on_hold": (_("on hold"), _("on hold")),
    "stage.withdrawn": (_("withdrawn"), _("withdrawn")),
}
_PLURALS = {
    "programmes": "programme", "themes": "theme", "goals": "goal", "sub_goals": "sub_goal", "measures": "measure",
    "projects": "project", "sectors": "sector", "segments": "segment", "cost_types": "cost_type",
}  # fmt: skip


def word(programme: Programme | None, key: str, *, plural: bool = False, language: str | None = None) -> str:
    """The programme's word for `key` (theme, goal, ..., cautious, full, column.base, stage.decided).

    `themes` is the plural of `theme`. In `language` (default: the active one); a programme that
    has the word in other languages only shows it in fi, sv, en order. Raises KeyError for a key
    the portal does not know.
    """
    if key in _PLURALS:
        key, plural = _PLURALS[key], True
    own = _own(programme.words if programme else {}, key)
    wanted = (language or translation.get_language() or "fi")[:2]
    for code in dict.fromkeys((wanted, *LANGUAGES)):
        text = own.get(f"{code}_plural" if plural else code) or (own.get(code) if plural else None)
        if text:
            return text
    one, several = DEFAULTS[key]
    with translation.override(wanted):
        return str(several if plural else one)


def _own(words: Mapping[str, Any], key: str) -> Mapping[str, str]:
    section, _dot, name = key.partition(".")
    if section == "column":
        return words.get("columns", {}).get(name, {})
    if section == "stage":
        return next((stage for stage in words.get("stages", []) if stage["meaning"] == name), {})
    return words.get(key, {})


def stages(programme: Programme) -> list[str]:
    """The meanings of the programme's stages in its own order; empty when it uses the portal's."""
    return list(dict.fromkeys(stage["meaning"] for stage in programme.words.get("stages", [])))
