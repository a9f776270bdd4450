"""Rows of the programme app that decisions are joined to (programme.governance.joined)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.periods import format_date
from core.templatetags.money import meur
from core.templatetags.ui import plain_text
from programme.governance.joined import linkable, register


def _project_url(project: Any) -> str:
    return reverse("programme:project_detail", args=[project.programme.slug, project.slug])


def _target_words(target: Any) -> str:
    """What the target is of, its amount or pair, and from which day it holds."""
    if target.value_eur_cents is not None:
        amount = meur(target.value_eur_cents)
    else:
        amount = f"{meur(target.cautious_eur_cents)}…{meur(target.full_eur_cents)}"
    words = [target.get_kind_display(), plain_text(target.sector) if target.sector else "", amount]
    return ", ".join(word for word in [*words, format_date(target.valid_from)] if word)


def _release_words(release: Any) -> str:
    return _("Set free of %(allocation)s: %(amount)s") % {
        "allocation": plain_text(release.allocation), "amount": meur(release.amount_eur_cents)
    }  # fmt: skip


linkable(
    "programme.Project", title=gettext_lazy("Projects"), action="project.view", words=plain_text, url=_project_url,
    order=("name_fi", "pk"),
)  # fmt: skip
linkable(
    "programme.Target", title=gettext_lazy("Targets"), action="savings.view", words=_target_words,
    url=lambda row: reverse("programme:target_detail", args=[row.programme.slug, row.pk]), related=("sector",),
    order=("kind", "valid_from", "pk"),
)  # fmt: skip
linkable(
    "programme.Goal", title=gettext_lazy("Goals"), action="theme.view",
    words=plain_text, url=lambda row: reverse("programme:goal_detail", args=[row.programme.slug, row.pk]),
    order=("number", "pk"),
)  # fmt: skip
register(
    "programme.FundingRelease", title=gettext_lazy("Funding set free"), action="funding.view", words=_release_words,
    url=lambda row: reverse("measures:funding", args=[row.programme.slug]), related=("programme", "allocation"),
)  # fmt: skip
register(
    "programme.ChangeRequest", title=gettext_lazy("Change requests"), action="project.view",
    words=lambda row: f"{plain_text(row.project)}: {row.subject}", url=lambda row: _project_url(row.project),
    related=("programme", "project__programme"),
)  # fmt: skip
