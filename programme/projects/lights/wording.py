"""Lights in words: a code and what it is made of, said in the language of whoever reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.money import format_eur
from core.periods import format_date
from core.templatetags.ui import plain_text
from programme.models import Dimension, Light

#: Shape of the status component for each light.
SHAPES = {"green": "ok", "yellow": "warn", "red": "bad", "no_data": "none"}
Params = Mapping[str, Any]
Words = str | Promise


def light_word(light: str) -> str:
    return str(dict(Light.choices).get(light, dict(Light.choices)["no_data"]))


def dimension_word(dimension: str) -> str:
    return str(dict(Dimension.choices).get(dimension, dimension))


def sentence(code: str, params: Params) -> str:
    """Why the light is as it is; empty for a code that nobody knows any more."""
    say = _SENTENCES.get(code)
    try:
        return say(params) if say else ""
    except (KeyError, TypeError, ValueError):
        return ""


def _name(params: Params) -> str:
    return plain_text(dict(params["names"]))


def _day(text: str) -> str:
    return format_date(dt.date.fromisoformat(text)) if text else "–"


def _eur(cents: Any) -> str:
    return format_eur(cents, decimals=0, sign=False, with_unit=True)


def _saved(cents: Any) -> str:
    """A saving in words that need no sign."""
    return _eur(-int(cents))


def _days(params: Params) -> dict[str, Any]:
    return {"name": _name(params), "n": params["days"]}


def _late(params: Params) -> str:
    return ngettext(
        "%(name)s should have come on %(day)s: %(n)s day late.",
        "%(name)s should have come on %(day)s: %(n)s days late.",
        params["days"],
    ) % (_days(params) | {"day": _day(params["on"])})


def _moved(params: Params) -> str:
    return ngettext(
        "%(name)s is now expected on %(day)s, %(n)s day after the first plan.",
        "%(name)s is now expected on %(day)s, %(n)s days after the first plan.",
        params["days"],
    ) % (_days(params) | {"day": _day(params["on"])})


def _pushed(params: Params) -> str:
    return ngettext(
        "%(name)s pushes the plan by %(n)s day.", "%(name)s pushes the plan by %(n)s days.", params["days"]
    ) % _days(params)


def _done(params: Params) -> str:
    text = ngettext("Its %(n)s milestone is done.", "All %(n)s milestones are done.", params["count"])
    return text % {"n": params["count"]}


def _on_time(params: Params) -> str:
    text = ngettext(
        "%(n)s milestone is open, within the limits.", "%(n)s milestones are open, all within the limits.",
        params["count"],
    )  # fmt: skip
    return text % {"n": params["count"]}


def _money(text: Words) -> Callable[[Params], str]:
    def say(params: Params) -> str:
        return str(text) % {"expected": _eur(params["expected"]), "budget": _eur(params["budget"])}

    return say


def _load(params: Params) -> str:
    told = {"name": params["name"], "percent": params["percent"]}
    return _("%(name)s has %(percent)s %% of working time over all projects.") % told


def _substitutes(params: Params) -> str:
    told = {"n": params["lacking"], "all": params["count"]}
    return (
        ngettext(
            "%(n)s of %(all)s people has no substitute.",
            "%(n)s of %(all)s people have no substitute.",
            told["n"],
        )
        % told
    )


def _people(params: Params) -> str:
    text = ngettext(
        "%(n)s person, with a substitute and not overloaded.",
        "%(n)s people, with substitutes and not overloaded.",
        params["count"],
    )
    return text % {"n": params["count"]}


def _savings(params: Params) -> str:
    told = {"forecast": _saved(params["forecast"]), "plan": _saved(params["plan"])}
    said = _("The forecast saves %(forecast)s of the planned %(plan)s.") % told
    unknown = params.get("unknown", 0)
    if unknown:
        text = ngettext("%(n)s measure has no forecast yet.", "%(n)s measures have no forecast yet.", unknown)
        said = f"{said} {text % {'n': unknown}}"
    return said


def _missed(params: Params) -> str:
    text = ngettext(
        "%(n)s of %(all)s judged indicators misses its target, for example %(name)s.",
        "%(n)s of %(all)s judged indicators miss their target, for example %(name)s.",
        params["missed"],
    )
    return text % {"n": params["missed"], "all": params["judged"], "name": _name(params)}


def _partly(params: Params) -> str:
    text = _("%(n)s of %(all)s judged indicators meets its target only partly: %(name)s.")
    return text % {"n": params["partly"], "all": params["judged"], "name": _name(params)}


def _reached(params: Params) -> str:
    text = ngettext(
        "%(n)s judged indicator has met its target or is on the way.",
        "%(n)s judged indicators have met their targets or are on the way.",
        params["judged"],
    )
    return text % {"n": params["judged"]}


def _waiting(params: Params) -> str:
    text = ngettext(
        "%(n)s indicator cannot show the effect yet.", "%(n)s indicators cannot show the effect yet.",
        params["waiting"],
    )  # fmt: skip
    return text % {"n": params["waiting"]}


def _risk(text: Words) -> Callable[[Params], str]:
    def say(params: Params) -> str:
        return str(text) % {"name": _name(params), "level": params["level"], "appetite": params["appetite"]}

    return say


def _plain(text: Words) -> Callable[[Params], str]:
    return lambda params: str(text)


_SENTENCES: dict[str, Callable[[Params], str]] = {
    "nothing": _plain(gettext_lazy("Nothing is known of it yet.")),
    "schedule_none": _plain(gettext_lazy("The project has no milestones yet.")),
    "schedule_done": _done,
    "schedule_late": _late,
    "schedule_moved": _moved,
    "schedule_pushed": _pushed,
    "schedule_green": _on_time,
    "money_none": _plain(gettext_lazy("The project has no budget yet.")),
    "money_unforecast": _plain(gettext_lazy("Nobody has forecast the costs yet.")),
    "money_unbudgeted": _money(gettext_lazy("%(expected)s is expected and nothing is budgeted.")),
    "money_within": _money(gettext_lazy("%(expected)s is expected of a budget of %(budget)s.")),
    "money_over": _money(gettext_lazy("%(expected)s is expected, more than the budget of %(budget)s.")),
    "resources_none": _plain(gettext_lazy("Nobody is named to work in the project.")),
    "resources_load": _load,
    "resources_substitutes": _substitutes,
    "resources_green": _people,
    "savings_none": _plain(gettext_lazy("The project's measures plan no savings.")),
    "savings_unforecast": _plain(gettext_lazy("The planned savings have no forecast yet.")),
    "savings_short": _savings,
    "savings_reached": _savings,
    "kpis_none": _plain(gettext_lazy("No indicator of the project's measures has been judged yet.")),
    "kpis_waiting": _waiting,
    "kpis_missed": _missed,
    "kpis_partly": _partly,
    "kpis_reached": _reached,
    "risks_none": _plain(gettext_lazy("No risks are named for the project yet.")),
    "risks_unassessed": _plain(gettext_lazy("Nobody has assessed the project's risks yet.")),
    "risks_above": _risk(gettext_lazy("%(name)s: level %(level)s, more than the accepted %(appetite)s.")),
    "risks_within": _risk(gettext_lazy("The greatest open risk is %(name)s: level %(level)s.")),
}
