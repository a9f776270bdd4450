"""The part that risks adds to a measure's card."""

from django.utils.translation import gettext_lazy as _

from measures.card_parts import register
from risks.impact.views.checks import checks_part

register(
    "checks", title=_("Risks, promises and impacts"), action="measure.view", template="risks/_measure_checks.html",
    context=checks_part, place=20,
)  # fmt: skip
