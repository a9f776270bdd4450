"""Words of the notices about gates and about changes of a locked plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.notices import register, who_may
from programme.words import word

GATE_ASKED, GATE_APPROVED, GATE_REFUSED = "gate.asked", "gate.approved", "gate.refused"
PLAN_ASKED, PLAN_APPROVED, PLAN_REFUSED = "plan.asked", "plan.approved", "plan.refused"

Params = Mapping[str, Any]


def _told(params: Params, programme: Any) -> dict[str, str]:
    """Code and name of the measure, the stage in the programme's words, the reason."""
    stage = str(params.get("stage", ""))
    return {
        "code": str(params["code"]),
        "name": str(params.get("name", "")),
        "stage": word(programme, f"stage.{stage}") if stage else "",
        "who": str(params.get("who", "")),
        "reason": str(params.get("reason", "")),
    }


def _gate_asked(params: Params, programme: Any) -> str:
    return _("%(who)s asks you to decide: %(code)s %(name)s to the stage “%(stage)s”.") % _told(
        params, programme
    )


def _gate_approved(params: Params, programme: Any) -> str:
    return _("%(code)s %(name)s was approved to the stage “%(stage)s”.") % _told(params, programme)


def _gate_refused(params: Params, programme: Any) -> str:
    return _("%(code)s %(name)s was not approved to the stage “%(stage)s”: %(reason)s") % _told(
        params, programme
    )


def _plan_asked(params: Params, programme: Any) -> str:
    return _("%(who)s asks you to decide on a change of the locked plan of %(code)s %(name)s.") % _told(
        params, programme
    )


def _plan_approved(params: Params, programme: Any) -> str:
    return _("The change of the plan of %(code)s %(name)s was approved. The new plan holds.") % _told(
        params, programme
    )


def _plan_refused(params: Params, programme: Any) -> str:
    return _("The change of the plan of %(code)s %(name)s was refused: %(reason)s") % _told(params, programme)


for code, words in {
    GATE_ASKED: _gate_asked,
    GATE_APPROVED: _gate_approved,
    GATE_REFUSED: _gate_refused,
    PLAN_ASKED: _plan_asked,
    PLAN_APPROVED: _plan_approved,
    PLAN_REFUSED: _plan_refused,
}.items():
    register(code, words, hears=who_may("measure.view"))
