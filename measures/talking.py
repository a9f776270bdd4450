"""Talk beside measures and proposals: where it stands on the card, and the page on which staff read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.talk.topics import talk_allowed, topic_named
from core.talk.views import context_of
from measures import card_parts
from measures.models import Measure
from measures.proposals import notices, selectors  # noqa: F401  words of notices, what waits for an answer
from programme.models import Programme


def _card(row: Any) -> str:
    return f"{row.get_absolute_url()}#part-talk"


# Staff read what is said about measures on a page without money; files are evidence and stand on the card.
talk_allowed(
    "measures.measure", word=_("measure"), follow_url=_card, view="talk.view", takes_files=False,
    other_url=lambda row: reverse("measures:idea_detail", args=[row.programme.slug, row.code]),
)  # fmt: skip
talk_allowed(
    "measures.proposal", word=_("proposal"),
    follow_url=lambda row: reverse("measures:proposal_detail", args=[row.programme.slug, row.pk]),
)  # fmt: skip


def _part(request: HttpRequest, programme: Programme, measure: Measure) -> dict[str, Any]:
    topic = topic_named("measure")
    assert topic is not None
    proposals = list(measure.proposals.select_related("proposed_by"))
    context = context_of(request, measure, topic)
    if getattr(request, "known_on", None):  # a past day is read, not spoken to
        context["talk"] = replace(context["talk"], may_comment=False, may_attach=False, may_follow=False)
    return context | {"proposals": proposals}


card_parts.register(
    "talk",
    title=_("Comments"),
    action="talk.view",
    template="measures/_card_talk.html",
    context=_part,
    place=90,
)
