"""A risk that nobody has looked at for a year: its owner and the programme office are told once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import notify, register
from core.periods import format_date
from core.permissions import can
from core.templatetags.ui import plain_text
from core.text import LANGUAGES
from programme.models import Programme
from risks.models import Risk

REVIEW = "risk.review"


def review_key(risk: Risk) -> str:
    """Names the asking by the day on which the risk was last looked at, so that each is told once."""
    latest = max((row.assessed_on for row in risk.assessments.all()), default=None)
    looked = max((day for day in (risk.reviewed_on, latest) if day is not None), default=None)
    return f"risk-review-{risk.pk}-{looked.isoformat() if looked else 'never'}"


def remind(programme: Programme) -> int:
    """How many notices were made: for each risk that is due its owner and the office, once each time."""
    from risks.register.selectors import lines_of, readable

    due = [line for line in lines_of(programme, readable(programme)) if line.is_review_due]
    if not due:
        return 0
    office = list(get_user_model().objects.filter(grants__programme=programme, grants__role="pmo").distinct())
    told = 0
    for line in due:
        risk = line.row
        owner = [risk.owner] if risk.owner is not None else []
        names = {code: text for code in LANGUAGES if (text := getattr(risk, f"name_{code}"))}
        told += notify(
            [*owner, *office], REVIEW,
            params={
                "risk": risk.pk, "number": risk.number, "name": names,
                "due": line.review_on.isoformat() if line.review_on else "",
            },
            url=reverse("risks:risk_detail", args=[programme.slug, risk.pk]),
            dedupe_key=review_key(risk), programme=programme, about=risk,
        )  # fmt: skip
    return told


def _review(params: Mapping[str, Any], _programme: Any) -> str:
    from datetime import date

    told = {"number": params["number"], "name": plain_text(dict(params["name"]))}
    if not params.get("due"):
        return _("Risk %(number)s has never been assessed: %(name)s.") % told
    day = format_date(date.fromisoformat(params["due"]))
    return _("Risk %(number)s was due to be looked at on %(day)s: %(name)s.") % (told | {"day": day})


def _hears(user: Any, programme_id: int | None, params: Mapping[str, Any]) -> bool:
    risk = Risk.objects.filter(pk=params.get("risk", 0), programme=programme_id).first()
    return risk is not None and can(user, "risk.view", risk)


register(REVIEW, _review, _hears)
