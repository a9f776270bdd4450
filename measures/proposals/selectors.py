"""Measures as staff read them, proposals by state, and proposals that wait for somebody's answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Comment
from core.permissions import ACTIONS, PROGRAMME, grants_of, may_somewhere
from core.waiting import Waiting, register
from measures.models import Measure, Proposal, Stage
from measures.models.measures import searched_text
from measures.proposals.services import OPEN
from programme.models import Programme

#: What a page without money reads of a measure; amounts are not among it.
READ = (
    "programme", "code", "name_fi", "name_sv", "name_en", "description_fi", "description_sv", "description_en",
    "stage", "is_illustrative", "starts_on", "ends_on", "version",
)  # fmt: skip


def open_measures(programme: Programme, search: str = "") -> QuerySet[Measure]:
    """Measures that go on or have been done, by goal (sub-goals under theirs), with how many comments each has.

    No money is read."""
    comments = (
        Comment.objects.filter(
            programme=programme,
            content_type=ContentType.objects.get_for_model(Measure),
            object_id=OuterRef("pk"),
            removed_at=None,
        )
        .order_by()
        .values("object_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows: QuerySet[Measure] = Measure.objects.filter(programme=programme).exclude(stage=Stage.WITHDRAWN)
    if search:
        rows = rows.alias(searched=searched_text())
    for term in search.split()[:8]:
        rows = rows.filter(Q(searched__icontains=term))
    return (
        rows.select_related("goal__theme", "goal__parent")
        .only(*READ, "goal__name_fi", "goal__name_sv", "goal__name_en", "goal__number", "goal__theme__number",
              "goal__theme__name_fi", "goal__theme__name_sv", "goal__theme__name_en", "goal__parent__number",
              "goal__parent__name_fi", "goal__parent__name_sv", "goal__parent__name_en")
        .annotate(comments=Coalesce(Subquery(comments, output_field=IntegerField()), 0))
        .order_by("goal__theme__number", Coalesce("goal__parent__number", "goal__number"), "code")
    )  # fmt: skip


def decidable(user: Any, programmes: Sequence[Programme]) -> Q:
    """The proposals that the person may answer: in the whole programme, or of a theme or sector they lead."""
    roles = ACTIONS["proposal.decide"]
    ids = {one.pk for one in programmes}
    found = Q(pk__in=[])
    for grant in grants_of(user):
        scope = roles.get(grant.role)
        if scope is None or grant.programme_id not in ids:
            continue
        if scope == PROGRAMME:
            found |= Q(programme=grant.programme_id)
        elif scope == "theme" and grant.theme_id:
            found |= Q(programme=grant.programme_id, goal__theme=grant.theme_id)
        elif scope == "sector" and grant.sector_id:
            found |= Q(programme=grant.programme_id, sector=grant.sector_id)
    return found


def proposals_for(user: Any, programmes: Sequence[Programme]) -> list[Waiting]:
    """Proposals that wait for the person's answer, the oldest first. One statement."""
    by_id = {one.pk: one for one in programmes if may_somewhere(user, "proposal.decide", one)}
    if not by_id:
        return []
    rows = Proposal.objects.filter(decidable(user, list(by_id.values())), state__in=OPEN)
    found = []
    for row in rows.exclude(proposed_by=user).select_related("proposed_by").order_by("proposed_on", "id"):
        programme = by_id[row.programme_id]
        found.append(
            Waiting(
                row.subject, reverse("measures:proposal_detail", args=[programme.slug, row.pk]), None, programme,
                since=row.proposed_on, detail=str(row.proposed_by or ""), do=pgettext_lazy("button", "Answer"),
                is_illustrative=row.is_illustrative,
            )
        )  # fmt: skip
    return found


register("proposals", title=_("Proposals that wait for your answer"), function=proposals_for, place=40)
