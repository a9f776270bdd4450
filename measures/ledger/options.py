"""What a person says of a file of the books before it is read: which budget or which actuals it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from measures.models import LedgerEntry

Kind = LedgerEntry.Kind


@dataclass(frozen=True)
class Wanted:
    """Kind and year of the rows; number, day and § of an amended budget; the sum they must have, in cents.

    `only_sectors`: rows of sectors that the file does not name stay; otherwise a month is replaced as a whole.
    """

    kind: str
    year: int
    number: int = 0
    name: str = ""
    decided_on: date | None = None
    section: str = ""
    control_eur_cents: int | None = None
    reason: str = ""
    only_sectors: bool = False

    @property
    def is_budget(self) -> bool:
        return self.kind in (Kind.ORIGINAL_BUDGET, Kind.AMENDED_BUDGET)

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"decided_on": self.decided_on.isoformat() if self.decided_on else None}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> Wanted:
        known = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        day = known.get("decided_on")
        return cls(**(known | {"decided_on": date.fromisoformat(day) if day else None}))
