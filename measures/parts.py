"""The parts that measures themselves add to their card (measures.card_parts)."""

from django.utils.translation import gettext_lazy as _

from measures.card_parts import register
from measures.views import funding

register(
    "funding", title=_("Cost of the change"), action="funding.view", template="measures/_card_funding.html",
    context=funding.card_context, place=80,
)  # fmt: skip
