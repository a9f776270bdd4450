"""Which of the things that move a risk's level the portal counts itself (programme.counts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from programme.counts import count_named, counted, known_counts
from programme.models import Programme
from risks.models import LevelFactor, Risk

#: Words of programme files and the count that they mean, in small letters.
KNOWN: Mapping[str, str] = {
    "tavoitteiden lukumäärä": "goals",
    "number of goals set": "goals",
    "projektien lukumäärä": "projects",
    "hankkeiden lukumäärä": "projects",
    "number of projects": "projects",
    "mittareiden lukumäärä": "indicators",
    "number of metrics": "indicators",
    "taloudellisten mittareiden lukumäärä": "financial_indicators",
    "number of financial metrics": "financial_indicators",
    "sidosryhmäosapuolten lukumäärä": "stakeholders",
    "number of stakeholder parties": "stakeholders",
    "projektin varahenkilöstön lukumäärä": "substitutes",
    "number of project substitutes": "substitutes",
}


def known_in(*texts: str | None) -> str:
    """The key of the count that one of the texts names; empty where the portal counts no such thing."""
    found = (KNOWN.get(" ".join((text or "").split()).lower()) for text in texts)
    return next((key for key in found if key), "")


def choices() -> list[tuple[str, str | Promise]]:
    """What may be chosen for a factor."""
    return [("", "–"), *((count.key, count.label) for count in known_counts())]


@dataclass(frozen=True)
class Factor:
    """A factor as the page shows it: its figure now, at the last assessment, and where its rows are.

    `now` is None for a factor that nobody counts; `before` where the last assessment did not keep it.
    """

    row: LevelFactor
    label: str | Promise = ""
    now: int | None = None
    before: int | None = None
    url: str = ""

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.before is None else self.now - self.before


def counts_of(programme: Programme, factors: Iterable[LevelFactor]) -> dict[str, int]:
    """The counted factors' figures now, by key: what an assessment keeps."""
    return counted(programme, (row.counted for row in factors if row.counted))


def factors_of(risk: Risk, counts: Mapping[str, int]) -> list[Factor]:
    """The risk's factors in order; `counts` are the figures now. Compared with the latest assessment."""
    latest = risk.assessment
    kept: Mapping[str, int] = latest.counts if latest is not None else {}
    return [_factor(risk, row, counts, kept) for row in risk.level_factors.all()]


def _factor(risk: Risk, row: LevelFactor, counts: Mapping[str, int], kept: Mapping[str, int]) -> Factor:
    count = count_named(row.counted)
    if count is None:
        return Factor(row)
    url = count.address(risk.programme)
    return Factor(row, count.label, counts.get(count.key), kept.get(count.key), url)
