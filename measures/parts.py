"""The parts that measures themselves add to their card (measures.card_parts)."""

from django.utils.translation import gettext_lazy as _

from measures.card_parts import register
from measures.views import attachments, budget_shares, funding, gates, projecting
from measures.views.books.corrections import card_context as corrections_context
from programme.projects.parts import register as register_in_project

register(
    "funding", title=_("Cost of the change"), action="funding.view", template="measures/_card_funding.html",
    context=funding.card_context, place=80,
)  # fmt: skip
register(
    "gate", title=_("Gate"), action="measure.view", template="measures/_gate_panel.html", context=gates.gate_part,
    place=10,
)  # fmt: skip
register(
    "corrections", title=_("Corrections of locked years"), action="savings.view",
    template="measures/_card_corrections.html", context=corrections_context, place=70,
)  # fmt: skip
register(
    "files", title=_("Files"), action="measure.view", template="measures/_card_files.html",
    context=attachments.card_context, place=70,
)  # fmt: skip
register(
    "budget", title=_("Taken into the budget"), action="savings.view", template="measures/_card_budget.html",
    context=budget_shares.card_context, place=60,
)  # fmt: skip
register_in_project(
    "measures", title=_("Measures of this project"), action="measure.view",
    template="measures/_project_measures.html", context=projecting.project_part, place=45,
)  # fmt: skip
