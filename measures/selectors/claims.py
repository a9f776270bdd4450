"""Where a claim stands: what it is after overlaps, what became of it, whether its month is closed (R3, R5, R7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from measures.models import Measure, SavingsEntry
from measures.selectors.clock import books_closed_through
from measures.selectors.overlaps import corrections
from programme.models import Programme


@dataclass(frozen=True, slots=True)
class Standing:
    """One claim: claimed less what its line yields = confirmed + undecided + refused, in EUR cents."""

    claimed: int
    yielded: int
    decided: int | None
    is_closed: bool

    @property
    def net(self) -> int:
        """What may be confirmed of it: the same euro is never confirmed twice (R5)."""
        return self.claimed + self.yielded

    @property
    def confirmed(self) -> int:
        return self.decided or 0

    @property
    def undecided(self) -> int:
        return self.net if self.decided is None else 0

    @property
    def refused(self) -> int:
        return 0 if self.decided is None else self.net - self.decided


def yielded_claims(programme: Programme) -> dict[tuple[int, date], int]:
    """What declared overlaps take off claims, by line and month; the opposite sign of the claim. Two statements."""
    found: dict[tuple[int, date], int] = {}
    for correction, line in corrections(programme):
        if correction.series == "claimed":
            for number, cents in enumerate(correction.months, 1):
                if cents:
                    key = (line["line_id"], date(correction.year, number, 1))
                    found[key] = found.get(key, 0) + cents
    return found


def standing_of(
    programme: Programme,
    claims: Iterable[SavingsEntry],
    yielded: Mapping[tuple[int, date], int] | None = None,
) -> dict[int, Standing]:
    """The standing of each claim by its id. Three statements, however many there are."""
    given = yielded_claims(programme) if yielded is None else yielded
    closed = books_closed_through(programme)
    return {
        claim.pk: Standing(
            claim.amount_eur_cents, given.get((claim.line_id, claim.month), 0), claim.decided_eur_cents,
            closed is not None and claim.month <= closed,
        )
        for claim in claims
    }  # fmt: skip


#: Claims that got their present amount while the person owned the measure: history tells of both.
_OWNED = """
    SELECT DISTINCT claim.id
    FROM measures_savingsentry claim
    JOIN measures_savingsline line ON line.id = claim.line_id
    JOIN measures_savingsentryevent made ON made.pgh_obj_id = claim.id
        AND made.amount_eur_cents = claim.amount_eur_cents
    JOIN LATERAL (
        SELECT event.owner_id FROM measures_measureevent event
        WHERE event.pgh_obj_id = line.measure_id AND event.pgh_created_at <= made.pgh_created_at
        ORDER BY event.pgh_id DESC LIMIT 1
    ) was ON was.owner_id = %s
    WHERE claim.id = ANY(%s)
"""


def owned_when_claimed(claims: Iterable[SavingsEntry], by: Any) -> set[int]:
    """Those of the claims that were made while this person owned their measure; who owns it now is not asked (R7).

    `claims` come with their lines. One statement for a person who never owned any of the measures, else two.
    """
    rows = list(claims)
    if by is None or not rows:
        return set()
    events: Any = Measure.events.rel.related_model  # type: ignore[attr-defined]
    measures = {claim.line.measure_id for claim in rows}
    once = set(
        events.objects.filter(pgh_obj_id__in=measures, owner_id=by.pk).values_list("pgh_obj_id", flat=True)
    )
    if not once:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(_OWNED, [by.pk, [claim.pk for claim in rows if claim.line.measure_id in once]])
        return {pk for (pk,) in cursor.fetchall()}
