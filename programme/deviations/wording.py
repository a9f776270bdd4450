"""A deviation in words: its kind and what it is made of, said in the language of whoever reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.money import format_eur
from core.periods import format_date, format_month, parse_month
from core.templatetags.ui import plain_text
from programme.models import CostType, Deviation, Programme, Sector
from programme.projects.lights.wording import dimension_word, light_word
from programme.projects.lights.wording import sentence as light_sentence

Params = Mapping[str, Any]


class Words:
    """Says deviations of one programme; names that are not in a row itself are read once for all of them."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._places: dict[str, dict[int, str]] = {}

    def of(self, row: Deviation) -> str:
        """Why the row is there, one sentence; the name of its kind where nothing more is known."""
        say = _SENTENCES.get(row.kind)
        try:
            if say:
                return say(row.params)
            if row.kind == Deviation.Kind.RECONCILIATION:
                return self._unexplained(row)
        except (KeyError, TypeError, ValueError):
            pass
        amount = f": {_eur(row.amount_eur_cents)}" if row.amount_eur_cents is not None else ""
        return f"{row.get_kind_display()[:1].upper()}{row.get_kind_display()[1:]}{amount}"

    def _unexplained(self, row: Deviation) -> str:
        told = {
            "cost_type": self._name("cost_type", CostType, row.params["cost_type"]),
            "sector": self._name("sector", Sector, row.params["sector"]),
            "amount": _eur(row.amount_eur_cents),
        }
        return _("%(amount)s unexplained in the books: %(cost_type)s, %(sector)s.") % told

    def _name(self, kind: str, model: Any, pk: int) -> str:
        if kind not in self._places:
            self._places[kind] = {
                one.pk: plain_text(one) for one in model.objects.filter(programme=self.programme)
            }
        return self._places[kind].get(pk, "–")


def subject_of(params: Params) -> str:
    """What the row is about, by the names it keeps: a measure by code and name, else a project."""
    if params.get("measure"):
        return f"{params['code']} {plain_text(dict(params['names']))}"
    return plain_text(dict(params.get("of") or params.get("names") or {}))


def _eur(cents: Any) -> str:
    return format_eur(cents, decimals=0, sign=False, with_unit=True)


def _day(text: Any) -> str:
    return format_date(dt.date.fromisoformat(str(text)))


def _slipped(params: Params) -> str:
    told = {
        "name": plain_text(dict(params["names"])), "baseline": _day(params["baseline"]),
        "expected": _day(params["expected"]),
    }  # fmt: skip
    if params["expected"] == params["baseline"]:
        return _("%(name)s was planned for %(baseline)s and is not done.") % told
    days = (dt.date.fromisoformat(params["expected"]) - dt.date.fromisoformat(params["baseline"])).days
    text = ngettext(
        "%(name)s was planned for %(baseline)s and is now expected on %(expected)s, %(n)s day later.",
        "%(name)s was planned for %(baseline)s and is now expected on %(expected)s, %(n)s days later.",
        days,
    )
    return text % (told | {"n": days})


def _missed(params: Params) -> str:
    plan, forecast = -int(params["plan"]), -int(params["forecast"])
    told = {
        "forecast": _eur(forecast),
        "plan": _eur(plan),
        "gap": _eur(plan - forecast),
    }
    return _("The forecast saves %(forecast)s of the planned %(plan)s, %(gap)s short.") % told


def _turned(params: Params) -> str:
    told = {
        "light": dimension_word(params["dimension"]), "now": light_word(params["light"]),
        "before": light_word(params["before"]) if params.get("before") else "",
    }  # fmt: skip
    if params.get("before") and params["before"] != params["light"]:
        said = _("%(light)s: from “%(before)s” to “%(now)s”.") % told
    else:
        said = pgettext("a light", "%(light)s: “%(now)s”.") % told
    said = said[:1].upper() + said[1:]
    why = light_sentence(params.get("why", ""), params.get("of_light") or {})
    return f"{said} {why}".strip()


def _unsaid(params: Params) -> str:
    return _("No update for %(month)s has been given.") % {
        "month": format_month(parse_month(params["month"]))
    }


_SENTENCES: dict[str, Callable[[Params], str]] = {
    Deviation.Kind.MILESTONE_SLIPPED: _slipped,
    Deviation.Kind.FORECAST_MISSED: _missed,
    Deviation.Kind.LIGHT_TURNED: _turned,
    Deviation.Kind.UPDATE_MISSING: _unsaid,
}
