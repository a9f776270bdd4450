"""A rule as plain data, so that rules which are not stored can be judged as well."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class RuleData:
    """The fields of `kpis.models.TargetRule` that judging reads, and its parts."""

    kind: str
    compare: str = ""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    year: int | None = None
    and_onwards: bool = False
    is_recurring: bool = False
    direction: str = ""
    magnitude: str = ""
    versus: str = ""
    versus_year: int | None = None
    versus_value: Decimal | None = None
    reference: str = ""
    baseline_date: str = ""
    population: str = ""
    population_size: int | None = None
    applies_to: str = ""
    word_in_source: str = ""
    is_approximate: bool = False
    parts: tuple[RuleData, ...] = ()

    @property
    def needs_national(self) -> bool:
        return self.reference == "national_average" or any(part.needs_national for part in self.parts)


_FIELDS = [name for name in RuleData.__dataclass_fields__ if name != "parts"]


def rule_data(row: Any, parts: tuple[Any, ...] | None = None) -> RuleData:
    """The rule of a row of `TargetRule`, saved or not; its parts are those given, else none."""
    found = {name: getattr(row, name) for name in _FIELDS}
    for name in ("value", "low", "high", "versus_value"):
        if found[name] is not None:
            found[name] = Decimal(str(found[name]))
    return RuleData(**found, parts=tuple(rule_data(part) for part in parts or ()))
