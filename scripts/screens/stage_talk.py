"""Comments and proposals that the pages of the talk speak of."""

from __future__ import annotations

from typing import Any

from core.models import Comment
from core.talk import services
from measures.models import Measure, Proposal
from programme.models import Programme


def bring_talk(programme: Programme, user: Any) -> None:
    """A question with an answer about the first measure, a proposal that waits and one that was declined."""
    if not Comment.objects.filter(programme=programme).exists():
        about = Measure.objects.get(programme=programme, code="T-001")
        about.programme = programme
        asked = services.comment(about=about, by=user, text="Milloin aloitetaan?")
        services.comment(about=about, by=user, text="Maaliskuussa.", answers=asked)
    rows = Proposal.objects.filter(programme=programme)
    today = programme.today()
    if not rows.filter(state="new").exists():
        rows.create(programme=programme, subject="Yhteiset ajot", proposed_by=user, proposed_on=today)
    if not rows.filter(state="declined").exists():
        rows.create(
            programme=programme, subject="Toinen tulostuspalvelu", proposed_by=user, proposed_on=today,
            state="declined", answer="Sopimus on voimassa.", answered_by=user, answered_on=today,
        )  # fmt: skip
