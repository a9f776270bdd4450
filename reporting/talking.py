"""Which rows of all apps are talked about beside measures and proposals; their pages by URL name.

A page that is not there yet makes the talk's own page the answer (core.talk.topics).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.talk.topics import talk_allowed


def _by(url_name: str, word: str = "pk") -> Callable[[Any], str]:
    """The page of that name for a row, by the field that fills its address."""
    return lambda row: reverse(url_name, args=[row.programme.slug, getattr(row, word)])


TOPICS: dict[str, tuple[str | Promise, Callable[[Any], str]]] = {
    "programme.project": (_("project"), _by("programme:project_detail", "slug")),
    "programme.deviation": (_("deviation"), _by("programme:deviation_detail")),
    "programme.decision": (_("decision"), _by("programme:decision_detail")),
    "programme.meeting": (_("meeting"), _by("programme:meeting_detail")),
    "risks.risk": (_("risk"), _by("risks:risk_detail")),
    "risks.obstacle": (_("obstacle"), _by("risks:obstacle_detail")),
    "kpis.indicator": (_("indicator"), _by("kpis:indicator_detail")),
    "strategy.annualobjective": (_("annual objective"), _by("strategy:objective_detail", "key")),
}

#: Rows whose page has a list of files of its own.
OWN_FILES = ("programme.meeting",)

for label, (word, page) in TOPICS.items():
    talk_allowed(label, word=word, follow_url=page, takes_files=label not in OWN_FILES)
