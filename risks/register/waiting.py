"""What of the register waits for a person: mitigations that they own, risks that they own and should look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.permissions import can
from core.templatetags.ui import plain_text
from core.waiting import Waiting, register
from programme.models import Programme
from risks.models import Risk
from risks.register.selectors import due_mitigations, lines_of

#: Days before its day that a mitigation begins to wait in the list.
AHEAD = 14


def mitigations_of(user: Any, programmes: Sequence[Programme]) -> list[Waiting]:
    """Mitigations of the person that are due within two weeks or past their day. One statement."""
    by_id = {one.pk: one for one in programmes}
    found = []
    for row in due_mitigations(programmes, user, AHEAD):
        row.programme = row.risk.programme = by_id[row.programme_id]
        if can(user, "risk.edit", row):
            page = reverse("risks:risk_detail", args=[row.programme.slug, row.risk_id])
            told = {"number": row.risk.number, "name": plain_text(row.risk)}
            found.append(
                Waiting(
                    plain_text(row), f"{page}#mitigations", row.due_on, row.programme,
                    detail=_("Risk %(number)s: %(name)s") % told, do=_("Show"),
                    is_illustrative=row.is_illustrative,
                )
            )  # fmt: skip
    return found


def reviews_of(user: Any, programmes: Sequence[Programme]) -> list[Waiting]:
    """Open risks that the person owns and nobody has looked at in time. Two statements a programme at most."""
    rows = Risk.objects.filter(programme__in=programmes, owner=user, state=Risk.State.OPEN)
    mine = list(rows.select_related("project__theme").prefetch_related("assessments"))
    found = []
    for programme in programmes:
        own = [row for row in mine if row.programme_id == programme.pk]
        for line in lines_of(programme, own) if own else []:
            line.row.programme = programme
            if line.is_review_due and can(user, "risk.edit", line.row):
                page = reverse("risks:risk_detail", args=[programme.slug, line.row.pk])
                found.append(
                    Waiting(
                        f"{line.row.number}. {plain_text(line.row)}", page, line.review_on, programme,
                        detail=_("Look at the risk and its level."), do=_("Show"),
                        is_illustrative=line.row.is_illustrative,
                    )
                )  # fmt: skip
    return found


register("mitigations", title=gettext_lazy("What you do about risks"), function=mitigations_of, place=30)
register("risk_reviews", title=gettext_lazy("Risks to look at"), function=reviews_of, place=32)
