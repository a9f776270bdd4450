"""The part that indicators add to a measure's card."""

from django.utils.translation import gettext_lazy as _

from kpis.views.following import card_context
from measures.card_parts import register

register(
    "indicators", title=_("Indicators it is meant to move"), action="kpi.view",
    template="kpis/_moved_indicators.html", context=card_context, place=30,
)  # fmt: skip
