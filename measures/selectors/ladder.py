"""The unallocated target: which withdrawn measures have released how much, and the log of moves (R9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject

from measures.models import Measure, Stage, Succession, TargetMove
from measures.selectors.targets import measure_targets
from programme.models import Programme


@dataclass(frozen=True)
class Released:
    """A withdrawn measure that still holds target, why it was withdrawn, and what it went on as."""

    measure: Measure
    amount_eur_cents: int
    reason: str
    successors: list[Succession] = field(default_factory=list)


def released(programme: Programme, on: date | None = None) -> list[Released]:
    """Withdrawn measures with the target that no decision has moved from them, the largest first."""
    day = on or programme.today()
    rows = Measure.objects.filter(programme=programme, stage=Stage.WITHDRAWN).select_related("goal__theme")
    measures = {row.pk: row for row in rows}
    targets = {pk: cents for pk, cents in measure_targets(measures, programme, on=day).items() if cents}
    held = [measures[pk] for pk in targets]
    reasons, successors = _reasons(held), _successors(held)
    found = [Released(row, targets[row.pk], reasons.get(row.pk, ""), successors[row.pk]) for row in held]
    return sorted(found, key=lambda one: (-abs(one.amount_eur_cents), one.measure.code))


def _reasons(rows: list[Measure]) -> dict[int, str]:
    """Why each was withdrawn: the reason in the history of the change that made it so."""
    events: Any = Measure.events.rel.related_model  # type: ignore[attr-defined]
    found = events.objects.filter(pgh_obj_id__in=[row.pk for row in rows], stage=Stage.WITHDRAWN).order_by(
        "pgh_id"
    )
    days = {row.pk: (row.withdrawn_on, row.withdrawn_from) for row in rows}
    reasons: dict[int, str] = {}
    for pk, *when, told in found.values_list(
        "pgh_obj_id", "withdrawn_on", "withdrawn_from", "pgh_context__metadata__reason"
    ):
        if tuple(when) == days[pk]:
            reasons.setdefault(pk, told or "")
    return reasons


def _successors(rows: list[Measure]) -> dict[int, list[Succession]]:
    found: dict[int, list[Succession]] = defaultdict(list)
    ids = [row.pk for row in rows]
    for one in Succession.objects.filter(from_measure__in=ids).select_related("to_measure").order_by("pk"):
        found[one.from_measure_id].append(one)
    return found


def released_by(programme: Programme, kind: str, on: date | None = None) -> dict[int, int]:
    """Released target of each theme or goal, where the withdrawn measures lay; sub-goals count in their goal too."""
    day = on or programme.today()
    valid = Q(targets__valid_from__lte=day) & (Q(targets__valid_to=None) | Q(targets__valid_to__gt=day))
    rows = Measure.objects.filter(valid, programme=programme, stage=Stage.WITHDRAWN).order_by()
    found = rows.values_list("goal__theme", "goal", "goal__parent").annotate(
        cents=Sum("targets__value_eur_cents")
    )
    sums: dict[int, int] = defaultdict(int)
    for theme, goal, parent, cents in found:
        for pk in [theme] if kind == "theme" else [goal, parent]:
            if pk is not None:
                sums[pk] += cents
    return dict(sums)


def with_succession(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """Adds `went_on_as` and `came_from`: lists of {kind, code, month} in the same statement, for a card."""

    def links(mine: str, other: str) -> ArraySubquery:
        found = Succession.objects.filter(**{mine: OuterRef("pk")}).order_by("pk")
        told = JSONObject(kind=F("kind"), code=F(f"{other}__code"), month=F("from_month"))
        return ArraySubquery(found.values(told=told))

    return rows.annotate(
        went_on_as=links("from_measure", "to_measure"), came_from=links("to_measure", "from_measure")
    )


def moves_of(programme: Programme) -> QuerySet[TargetMove]:
    """The log of moves, the latest first."""
    rows = TargetMove.objects.filter(programme=programme)
    return rows.select_related("from_measure", "to_measure", "decision__body", "created_by")
