"""The ledger against what explains it (R10), as plain arithmetic: no Django, no clock, no database.

Expected = base + transfers + drivers + (confirmed in base - planned in base) + confirmed new; unexplained is what the
ledger holds beyond that. Amounts are signed EUR cents: costs and more cost +, savings and income -. A place is a
sector with a cost type. `None` is a ledger that is awaited, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.periods import months as months_from
from core.periods import next_month


class Place(NamedTuple):
    """A sector and a cost type, by id."""

    sector: int
    cost_type: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The terms of one place, or of several together, over some months, EUR cents.

    `confirmed_new` holds lasting and one-off effects and avoided costs, grants gross. `ledger` is None while the
    books of any of the months are awaited; `waiting` names those months. Beside the sum stand: claims of new lines
    that wait for the controller, internal charges, the amended budget and the base's own months.
    """

    base: int = 0
    transfers: int = 0
    drivers: int = 0
    planned_in_base: int = 0
    confirmed_in_base: int = 0
    confirmed_lasting: int = 0
    confirmed_one_off: int = 0
    confirmed_avoided: int = 0
    ledger: int | None = 0
    undecided: int = 0
    internal: int = 0
    amended: int | None = None
    waiting: frozenset[date] = frozenset()

    @property
    def in_base_shortfall(self) -> int:
        """What the savings that the base counts on lack: + when they were not reached."""
        return self.confirmed_in_base - self.planned_in_base

    @property
    def confirmed_new(self) -> int:
        return self.confirmed_lasting + self.confirmed_one_off + self.confirmed_avoided

    @property
    def expected(self) -> int:
        return self.base + self.transfers + self.drivers + self.in_base_shortfall + self.confirmed_new

    @property
    def unexplained(self) -> int | None:
        return None if self.ledger is None else self.ledger - self.expected

    @property
    def remaining(self) -> int:
        """What costs remain after the measures, before any driver: what a rate is taken of (R17).

        Avoided costs stay in: their driver is gross, they would have come by it.
        """
        saved = self.in_base_shortfall + self.confirmed_lasting + self.confirmed_one_off
        return self.base + self.transfers + saved

    @property
    def is_empty(self) -> bool:
        """Nothing is known of it: neither plan nor budget nor books."""
        return self.amended is None and not any(getattr(self, name) for name in _AMOUNTS)

    def __add__(self, other: Reconciliation) -> Reconciliation:
        sums = {name: getattr(self, name) + getattr(other, name) for name in _AMOUNTS if name != "ledger"}
        both = None if self.ledger is None or other.ledger is None else self.ledger + other.ledger
        return Reconciliation(
            **sums, ledger=both, amended=_known(self.amended, other.amended),
            waiting=self.waiting | other.waiting,
        )  # fmt: skip


_AMOUNTS = tuple(one.name for one in fields(Reconciliation) if one.name not in ("amended", "waiting"))


def _known(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else first + second


def together(rows: Iterable[Reconciliation]) -> Reconciliation:
    """The rows added up; nothing at all is zero everywhere."""
    found = Reconciliation()
    for row in rows:
        found = found + row
    return found


Amounts = Mapping[str, Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything that reconciling needs, by place, term and month.

    `terms` holds the names of `Reconciliation` and `ledger`; `drivers` the same cents by kind of driver.
    `year_end` is the latest year-end forecast by place and year.
    """

    terms: Mapping[Place, Amounts]
    drivers: Mapping[Place, Amounts] = field(default_factory=dict)
    year_end: Mapping[tuple[Place, int], int] = field(default_factory=dict)

    def month(self, place: Place, month: date) -> Reconciliation:
        """One month of one place.

        A month of which the books hold no row of the place is awaited, whatever they hold of other places.
        """
        terms = self.terms.get(place, {})
        known = {name: terms.get(name, {}).get(month, 0) for name in _AMOUNTS if name != "ledger"}
        return Reconciliation(
            **known,
            ledger=self._ledger(place, month),
            amended=terms.get("amended", {}).get(month),
            waiting=frozenset() if self._ledger(place, month) is not None else frozenset([month]),
        )

    def _ledger(self, place: Place, month: date) -> int | None:
        terms = self.terms.get(place, {})
        if month in terms.get("ledger", {}):
            return terms["ledger"][month]
        # Internal charges are left out of the sum, yet the books have come.
        return 0 if month in terms.get("internal", {}) else None

    def awaited(self, month: date) -> list[Place]:
        """Places with a budget or books of the year whose month the books do not hold."""
        return sorted(
            place
            for place, terms in self.terms.items()
            if self._ledger(place, month) is None
            and (
                month in terms.get("base", {})
                or month in terms.get("amended", {})
                or any(other.year == month.year for other in terms.get("ledger", {}))
            )
        )

    def period(self, place: Place, first: date, last: date) -> Reconciliation:
        """The months `first` to `last`, both included, added up."""
        return together(self.month(place, month) for month in months_from(first, next_month(last)))

    def places(self, first: date, last: date) -> dict[Place, Reconciliation]:
        """Every place of which anything is known in the months."""
        rows = {place: self.period(place, first, last) for place in self.terms}
        return {place: row for place, row in rows.items() if not row.is_empty}


def carried_up(books: Amounts, into: Amounts) -> dict[str, dict[date, int]]:
    """The amounts of both, month by month: a part of a cost type whose books are kept with its whole."""
    found = {name: dict(months) for name, months in into.items()}
    for name, months in books.items():
        target = found.setdefault(name, {})
        for month, cents in months.items():
            target[month] = target.get(month, 0) + cents
    return found


def is_beyond(row: Reconciliation, *, euros: int, percent: Decimal) -> bool:
    """Whether the unexplained is more than `euros` and more than `percent` of the base: then it is a finding."""
    if row.unexplained is None:
        return False
    size = abs(row.unexplained)
    return size > euros * 100 and size * 100 > abs(row.base + row.transfers) * percent
