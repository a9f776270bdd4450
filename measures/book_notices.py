"""Words of the notices about claims that were refused, decisions taken back, findings and months opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.notices import register
from core.money import format_eur
from core.periods import format_month
from core.text import LANGUAGES

CLAIM_REFUSED, CLAIM_WITHDRAWN = "claim.refused", "claim.withdrawn"
FINDING_GIVEN, MONTH_REOPENED = "finding.given", "month.reopened"

Params = Mapping[str, Any]


def names_of(row: Any) -> dict[str, str]:
    """The names of a row by language, as a notice keeps them."""
    return {code: name for code in LANGUAGES if (name := getattr(row, f"name_{code}"))}


def _named(names: Mapping[str, str]) -> str:
    """The name in the active language, else in the first there is."""
    wanted = (get_language() or "")[:2]
    return next((names[code] for code in (wanted, *LANGUAGES) if code in names), "")


def _month(text: Any) -> str:
    return format_month(date.fromisoformat(str(text)))


def _euros(cents: Any) -> str:
    return format_eur(None if cents is None else int(cents), with_unit=True, trim=True)


def _of_measure(params: Params) -> dict[str, Any]:
    told = {"code": str(params["code"]), "name": _named(params["names"]), "reason": str(params["reason"])}
    return told | {"month": _month(params["month"])}


def _claim_refused(params: Params, programme: Any) -> str:
    """One claim refused in full or in part, or how many of the owner's claims were refused at once."""
    if params["count"] > 1:
        several = ngettext(
            "The controller refused %(count)s claim of yours, %(claimed)s in all: %(reason)s",
            "The controller refused %(count)s claims of yours, %(claimed)s in all: %(reason)s",
            params["count"],
        )
        reason, claimed = str(params["reason"]), _euros(params["claimed"])
        return several % {"count": params["count"], "claimed": claimed, "reason": reason}
    told = _of_measure(params) | {
        "claimed": _euros(params["claimed"]),
        "confirmed": _euros(params["confirmed"]),
    }
    if not params["confirmed"]:
        return (
            _("%(code)s %(name)s: the controller refused the claim of %(month)s, %(claimed)s. %(reason)s")
            % told
        )
    return (
        _(
            "%(code)s %(name)s: of the claim of %(month)s, %(claimed)s, the controller confirmed %(confirmed)s"
            " and refused the rest. %(reason)s"
        )
        % told
    )


def _claim_withdrawn(params: Params, programme: Any) -> str:
    return _(
        "%(code)s %(name)s: the controller took back the decision on the claim of %(month)s. %(reason)s"
    ) % _of_measure(params)


def _finding_given(params: Params, programme: Any) -> str:
    amount = _euros(params["amount"])
    if "sector" not in params:
        return _("You look into a difference between totals of the programme (%(amount)s).") % {
            "amount": amount
        }
    return _("You look into %(sector)s, %(cost_type)s, %(first)s–%(last)s: the books do not explain %(amount)s.") % {
        "sector": _named(params["sector"]), "cost_type": _named(params["cost_type"]), "amount": amount,
        "first": _month(params["first"]), "last": _month(params["last"]),
    }  # fmt: skip


def _month_reopened(params: Params, programme: Any) -> str:
    return _("%(who)s opened the books of %(month)s again: %(reason)s") % {
        "who": str(params["who"]), "month": _month(params["month"]), "reason": str(params["reason"]),
    }  # fmt: skip


for code, words in {
    CLAIM_REFUSED: _claim_refused,
    CLAIM_WITHDRAWN: _claim_withdrawn,
    FINDING_GIVEN: _finding_given,
    MONTH_REOPENED: _month_reopened,
}.items():
    register(code, words)
