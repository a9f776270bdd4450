"""How much risk is accepted, and how often each risk is looked at."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.parameters import whole

APPETITE = whole(
    "risks.appetite", 8,
    _("Level (likelihood × impact, 1–25) up to which a risk is accepted; the line in the matrix."),
    label=_("Risks accepted up to level"), section="risks", lowest=1, highest=25,
)  # fmt: skip
REVIEW_MONTHS = whole(
    "risks.review_months", 12,
    _("Months after which each open risk is looked at again."),
    label=_("Risks are looked at every"), section="risks", unit=_("months"), lowest=1, highest=60,
)  # fmt: skip
