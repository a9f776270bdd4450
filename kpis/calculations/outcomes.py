"""What a rule can answer, and an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Said(StrEnum):
    """The answer of a rule for a year; the same words as `kpis.models.Outcome`."""

    MET = "met"
    PARTLY = "partly"
    ON_THE_WAY = "on_the_way"
    NOT_MET = "not_met"
    CANNOT_JUDGE = "cannot_judge"
    BASELINE_MISSING = "baseline_missing"
    NOT_PUBLISHED = "not_published"
    STARTING_LEVEL = "starting_level"
    TO_BE_JUDGED = "to_be_judged"
    TO_BE_SPECIFIED = "to_be_specified"


#: Answers that say how far one is, the worst first; the others say why nobody can tell.
JUDGED = (Said.NOT_MET, Said.PARTLY, Said.ON_THE_WAY, Said.MET)
#: Why nobody can tell, the one that hides the others first.
UNKNOWN = (
    Said.TO_BE_SPECIFIED,
    Said.BASELINE_MISSING,
    Said.CANNOT_JUDGE,
    Said.NOT_PUBLISHED,
    Said.TO_BE_JUDGED,
    Said.STARTING_LEVEL,
)


@dataclass(frozen=True)
class Answer:
    """What a rule says of a year: the outcome, which sentence explains it and with what figures.

    `params` is plain JSON: figures are decimal strings in the indicator's own unit, never rounded.
    `progress` is the share of the way, 1 is there; None where a way cannot be told.
    """

    outcome: Said
    code: str
    params: dict[str, Any] = field(default_factory=dict)
    progress: Decimal | None = None


def worst(outcomes: list[Said]) -> Said:
    """The worst of some outcomes; what cannot be told stands only where nothing is judged as not met.

    A whole of which one part is unknown and the rest is met is not met yet: it is unknown.
    """
    if Said.NOT_MET in outcomes:
        return Said.NOT_MET
    if Said.PARTLY in outcomes:
        return Said.PARTLY
    for unknown in UNKNOWN:
        if unknown in outcomes:
            return unknown
    return Said.ON_THE_WAY if Said.ON_THE_WAY in outcomes else Said.MET
