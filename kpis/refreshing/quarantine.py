"""Values that were put aside because they are not plausible: somebody takes or refuses them, and says why."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.db import retrying
from core.history import own_context
from kpis.models import QuarantinedValue, SourceLink
from kpis.observing import Reading, store
from programme.models import Programme

State = QuarantinedValue.State


@dataclass(frozen=True)
class Decided:
    """How many values were decided on, and how many somebody else (or the source) had decided on before."""

    decided: int
    gone: int


@retrying
def decide(
    *, programme: Programme, values: Collection[int], take: bool, reason: str, by: Any, on: dt.date
) -> Decided:
    """Takes the values as observations, or refuses them so that the same ones are not asked about again."""
    waiting = QuarantinedValue.objects.filter(programme=programme, pk__in=values, state=State.WAITING)
    with transaction.atomic(), own_context(user=by.pk, reason=reason):
        # The order in which a refresh takes its locks: the source first, then its values.
        links = SourceLink.objects.filter(programme=programme, quarantined__in=waiting.values("pk"))
        held = {
            link.pk: link
            for link in SourceLink.objects.filter(pk__in=links.values("pk"))
            .select_for_update(no_key=True, of=("self",))
            .select_related("indicator")
            .order_by("pk")
        }
        rows = list(waiting.filter(source_link__in=held).select_for_update().order_by("pk"))
        if take:
            _store(rows, held, by)
        QuarantinedValue.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=State.TAKEN if take else State.REFUSED,
            reason=reason,
            decided_by=by,
            decided_on=on,
            updated_by=by,
        )
    return Decided(len(rows), len(set(values)) - len(rows))


def _store(rows: list[QuarantinedValue], held: dict[int, SourceLink], by: Any) -> None:
    """The values as they were fetched: one call for each source and answer."""
    answers: dict[tuple[int, dt.datetime, str], list[QuarantinedValue]] = defaultdict(list)
    for row in rows:
        answers[row.source_link_id, row.fetched_at, row.sha256].append(row)
    for (number, fetched_at, sha256), values in sorted(answers.items()):
        link = held[number]
        readings = [
            Reading(row.year, row.value, row.region_role, row.region, row.breakdown, count=row.count)
            for row in values
        ]
        store(
            indicator=link.indicator, link=link, readings=readings, source=f"Sotkanet {link.sotkanet_id}",
            fetched_at=fetched_at, sha256=sha256, run=values[0].run, by=by,
            is_illustrative=any(row.params.get("is_illustrative") for row in values),
        )  # fmt: skip
