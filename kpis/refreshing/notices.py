"""Words of the notice that statistics came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.notices import register
from core.templatetags.ui import with_unit
from core.text import LANGUAGES

STATISTICS, PUT_ASIDE = "kpi.statistics", "kpi.put_aside"

Params = Mapping[str, Any]


def _statistics(params: Params, programme: Any) -> str:
    """Which indicator, the newest value, what was revised from what, and how many more there are."""
    said = [_named(params["names"]) + ":"]
    if params["latest"]:
        year, value = params["latest"]
        said.append(
            _("new value for %(year)s, %(value)s.")
            % {"year": year, "value": with_unit(value, params["unit"])}
        )
    elif params["came"]:
        count = int(params["came"])
        said.append(
            ngettext(
                "%(count)s new value of other regions or groups.",
                "%(count)s new values of other regions or groups.",
                count,
            )
            % {"count": count}
        )  # fmt: skip
    for role, year, old, new in params["revisions"]:
        told = {"year": year, "old": with_unit(old, params["unit"]), "new": with_unit(new, params["unit"])}
        if role == "national":
            said.append(_("The whole country's %(year)s was revised from %(old)s to %(new)s.") % told)
        else:
            said.append(_("%(year)s was revised from %(old)s to %(new)s.") % told)
    more = int(params["revised"]) - len(params["revisions"])
    if more > 0:
        said.append(
            ngettext("%(count)s more value was revised.", "%(count)s more values were revised.", more)
            % {"count": more}
        )
    return " ".join(said)


def _put_aside(params: Params, programme: Any) -> str:
    count = int(params["count"])
    return ngettext(
        "%(count)s fetched value looks wrong and waits for your decision.",
        "%(count)s fetched values look wrong and wait for your decision.",
        count,
    ) % {"count": count}


def _named(names: Mapping[str, str]) -> str:
    wanted = (get_language() or "")[:2]
    return next((names[code] for code in (wanted, *LANGUAGES) if code in names), "")


register(STATISTICS, _statistics)
register(PUT_ASIDE, _put_aside)
