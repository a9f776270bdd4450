"""The one door through which values become observations (docs/adr/0070-storing-statistics.md).

Append-only: a value that differs from the latest vintage of the same period, region and group is a new vintage; an
equal one stores nothing, and neither does an answer that is older than what is there. An unknown value is no reading.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeVar, overload

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.db import retrying
from kpis.models import CatalogueIndicator, Indicator, Observation, QuarantinedValue, RefreshRun, SourceLink

#: Called when a refresh ends that stored something: `(run, its new and revised observations)`. Apps to the right
#: of this one hang their own reports there.
on_new_statistics: list[Callable[[RefreshRun, QuerySet[Observation]], None]] = []
#: Called within the transaction of `store`, before the rules are asked: `(indicator, what was stored)`.
after_store: list[Callable[[Indicator, Sequence[Observation]], None]] = []

#: A value this much away from the one before, as a share of it, is looked at by somebody.
JUMP = Decimal("0.5")
#: Kinds of values that cannot be negative; a share ends at 100 as well.
_SHARES = frozenset({"PROS", "%"})
_RATES = frozenset({"PER1000", "PER10000", "PER100000"})
_STEP = Decimal("0.0001")
_TOO_LARGE = Decimal(10) ** 14  # digits that the column holds before the point
T = TypeVar("T")


class BadReading(ValueError):
    """Readings that cannot be stored: two values for one place, or no number that the table could hold."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One value for one period, region and group. `count` is the number behind a rate, `base_count` out of how many.

    A year alone, or a four-month `term` of it, or a `month`. `role` is own, national or peer; `region` its category
    and code; `breakdown` the key of a group, empty for all together.
    """

    year: int
    value: Decimal
    role: str = Observation.Region.OWN.value
    region: str = ""
    breakdown: str = ""
    term: int | None = None
    month: int | None = None
    count: Decimal | None = None
    base_count: Decimal | None = None
    is_baseline: bool = False


class Place(NamedTuple):
    """What one value stands for, besides its indicator and source."""

    year: int
    term: int | None
    month: int | None
    role: str
    region: str
    breakdown: str


@dataclass(frozen=True, slots=True)
class _Held:
    """The latest vintage of a place."""

    value: Decimal
    count: Decimal | None
    base_count: Decimal | None
    is_baseline: bool
    vintage: int
    fetched_at: datetime | None


class _Made(Sequence[T]):
    """Rows that are made into objects only when somebody looks at them: a refresh stores thousands."""

    def __init__(self, length: int, make: Callable[[], list[T]]) -> None:
        self._length, self._make = length, make
        self._rows: list[T] | None = None

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if self._rows is None:
            self._rows = self._make()
        return self._rows[index]


@dataclass(frozen=True)
class Revision:
    """A value that was there and is another now."""

    place: Place
    old: Decimal
    new: Decimal


@dataclass(frozen=True)
class Stored:
    """What became of the readings. `observations` are the new rows in the order of the readings."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0
    observations: Sequence[Observation] = ()
    #: Places that had no value before, and revisions, of the own county and the whole country.
    news: tuple[tuple[Place, Decimal], ...] = ()
    revisions: tuple[Revision, ...] = ()


@dataclass
class _Sorted:
    """Readings by what is to be done with them."""

    rows: list[tuple[Place, Reading, int]] = field(default_factory=list)  # place, reading, vintage
    news: list[tuple[Place, Decimal]] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    doubtful: list[QuarantinedValue] = field(default_factory=list)
    outdated: list[int] = field(
        default_factory=list
    )  # values that wait but are no longer what the source says
    revised: int = 0
    unchanged: int = 0


@retrying
def store(
    *,
    indicator: Indicator,
    link: SourceLink | None,
    readings: Iterable[Reading],
    source: str,
    fetched_at: datetime | None = None,
    sha256: str = "",
    run: RefreshRun | None = None,
    by: Any = None,
    check_plausible: bool = False,
    is_illustrative: bool = False,
    judge: bool = True,
    value_type: str | None = None,
) -> Stored:
    """Stores what differs from what is known, in one transaction with the answers of the rules.

    `check_plausible` puts values aside for somebody to look at (yearly values of a link only). Without `judge` the
    caller keeps a mark, in the same transaction, that the indicator's rules are still to be asked; what is worked
    out from it is judged all the same. `value_type` is what Sotkanet says of the indicator today, for a caller that
    has just asked; else our copy is read. A constant number of statements however many readings. Raises BadReading
    before anything is stored.
    """
    wanted = _by_place(readings)
    if check_plausible and (link is None or any(place.term or place.month for place in wanted)):
        raise BadReading("Only yearly values of a source are held against those before.")
    with transaction.atomic(savepoint=False):  # what fails half-way takes the caller's transaction with it
        _hold(indicator, link)
        held = _latest(indicator, link)
        aside = (
            _Plausible(indicator, link, held, value_type) if check_plausible and link is not None else None
        )
        found = _sorted(wanted, held, aside, fetched_at)
        told = _Told(indicator, link, source, fetched_at, sha256, run, by, is_illustrative)
        observations = _insert(found.rows, told)
        if aside is not None:
            _put_aside(found, told)
        if observations:
            for act in after_store:
                act(indicator, observations)
            if judge:
                _judge(indicator)
    return Stored(
        new=len(found.rows) - found.revised, revised=found.revised, unchanged=found.unchanged,
        quarantined=len(found.doubtful), observations=observations, news=tuple(found.news),
        revisions=tuple(found.revisions),
    )  # fmt: skip


# --- what is there ----------------------------------------------------------------------------------------------


def _hold(indicator: Indicator, link: SourceLink | None) -> None:
    """Whoever else stores values of the same source waits until this transaction ends."""
    if link is not None:
        SourceLink.objects.select_for_update(no_key=True).values_list("pk").get(pk=link.pk)
    else:
        Indicator.objects.select_for_update(no_key=True).values_list("pk").get(pk=indicator.pk)


def _latest(indicator: Indicator, link: SourceLink | None) -> dict[Place, _Held]:
    """The latest vintage of every place of the source. One statement."""
    places = ("year", "term", "month", "region_role", "region", "breakdown")
    rows = (
        Observation.objects.filter(programme=indicator.programme_id, indicator=indicator, source_link=link)
        .order_by(*places, "-vintage")
        .distinct(*places)
        .values_list(*places, "value", "count", "base_count", "is_baseline", "vintage", "fetched_at")
    )
    return {Place(*row[:6]): _Held(*row[6:]) for row in rows}


def _by_place(readings: Iterable[Reading]) -> dict[Place, Reading]:
    """The readings by place, values rounded as the table keeps them; the same twice is once."""
    found: dict[Place, Reading] = {}
    for one in readings:
        place = Place(one.year, one.term, one.month, str(one.role), one.region, one.breakdown)
        value = _as_kept(one.value)
        if value is not one.value:
            one = _with_value(one, value)
        if (other := found.setdefault(place, one)) is not one and other.value != one.value:
            raise BadReading(f"Two values for {place}: {other.value} and {one.value}.")
    return found


def _as_kept(value: Decimal) -> Decimal:
    """The value with at most four decimals, the very object where it has no more."""
    if not value.is_finite() or abs(value) >= _TOO_LARGE:
        raise BadReading(f"{value} is no value that could be kept.")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -4:
        return value
    try:
        return value.quantize(_STEP, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise BadReading(f"{value} is no value that could be kept.") from None


def _with_value(one: Reading, value: Decimal) -> Reading:
    return Reading(
        one.year, value, one.role, one.region, one.breakdown, one.term, one.month, one.count, one.base_count,
        one.is_baseline,
    )  # fmt: skip


# --- what is new ------------------------------------------------------------------------------------------------


def _sorted(
    wanted: dict[Place, Reading],
    held: dict[Place, _Held],
    aside: _Plausible | None,
    fetched_at: datetime | None,
) -> _Sorted:
    found = _Sorted()
    for place, one in wanted.items():
        before = held.get(place)
        if before is not None and _is_older(fetched_at, before):
            found.unchanged += 1
            continue
        if aside is not None and aside.waiting:
            found.outdated += aside.waiting_at(place, but=one.value)
        if before is not None and not _differs(one, before):
            found.unchanged += 1
            continue
        if aside is not None:
            if aside.is_decided(place, one.value):
                found.unchanged += 1
                continue
            if (doubt := aside.doubt(place, one)) is not None:
                found.doubtful.append(doubt)
                continue
        found.rows.append((place, one, before.vintage + 1 if before else 1))
        if before is not None:
            found.revised += 1
        if place.role != Observation.Region.PEER:
            if before is None:
                found.news.append((place, one.value))
            elif before.value != one.value:
                found.revisions.append(Revision(place, before.value, one.value))
    return found


def _differs(one: Reading, held: _Held) -> bool:
    """Whether the reading says something else. A number behind a rate that merely became known does not count."""
    if one.value != held.value or (one.is_baseline and not held.is_baseline):
        return True
    pairs = ((one.count, held.count), (one.base_count, held.base_count))
    return any(new is not None and old is not None and new != old for new, old in pairs)


def _is_older(fetched_at: datetime | None, held: _Held) -> bool:
    """Whether what is there was fetched later: an answer that comes late must not turn it back."""
    return fetched_at is not None and held.fetched_at is not None and fetched_at < held.fetched_at


class _Plausible:
    """What is known of a source against which a new value is held."""

    def __init__(
        self, indicator: Indicator, link: SourceLink, held: dict[Place, _Held], value_type: str | None
    ) -> None:
        self.indicator, self.link, self.held = indicator, link, held
        self.low, self.high = _ends(indicator, link, value_type)
        self.years: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for place in sorted(held, key=lambda place: place.year):
            if not (place.term or place.month):
                self.years[place[3:]].append(place.year)
        self.waiting: dict[Place, list[tuple[int, Decimal]]] = defaultdict(list)
        self.decided: set[tuple[Place, Decimal]] = set()
        rows = QuarantinedValue.objects.filter(
            ~Q(state="taken"), programme=indicator.programme_id, source_link=link
        )
        for pk, year, role, region, breakdown, value, state in rows.values_list(
            "pk", "year", "region_role", "region", "breakdown", "value", "state"
        ):
            place = Place(year, None, None, role, region, breakdown)
            self.decided.add((place, value))
            if state == QuarantinedValue.State.WAITING:
                self.waiting[place].append((pk, value))

    def is_decided(self, place: Place, value: Decimal) -> bool:
        """Whether this very value waits already, or was refused: nobody is asked again."""
        return (place, value) in self.decided

    def waiting_at(self, place: Place, but: Decimal | None = None) -> list[int]:
        """Ids of the values that wait for a decision there, `but` the one that the source still says."""
        return [pk for pk, value in self.waiting.get(place, ()) if value != but]

    def doubt(self, place: Place, one: Reading) -> QuarantinedValue | None:
        """The value as one that waits, with the reason; None when it is plausible."""
        if (self.low is not None and one.value < self.low) or (
            self.high is not None and one.value > self.high
        ):
            ends = {"low": _text(self.low), "high": _text(self.high)}
            return self._doubtful(place, one, "range", ends, self._before(place))
        before = self._before(place)
        if before is not None and before[1] and abs(one.value - before[1]) > JUMP * abs(before[1]):
            return self._doubtful(place, one, "jump", {}, before)
        return None

    def _before(self, place: Place) -> tuple[int, Decimal] | None:
        """Year and value that a new one is compared with: the same year's, else the nearest earlier year's."""
        if (same := self.held.get(place)) is not None:
            return place.year, same.value
        years = self.years.get(place[3:], [])
        nearest = bisect_left(years, place.year) - 1
        if nearest < 0:
            return None
        year = years[nearest]
        return year, self.held[place._replace(year=year)].value

    def _doubtful(
        self,
        place: Place,
        one: Reading,
        code: str,
        params: dict[str, Any],
        before: tuple[int, Decimal] | None,
    ) -> QuarantinedValue:
        return QuarantinedValue(
            programme_id=self.indicator.programme_id, source_link=self.link, year=place.year,
            region_role=place.role, region=place.region, breakdown=place.breakdown, value=one.value, count=one.count,
            before=before[1] if before else None, code=code,
            params=params | ({"before_year": before[0]} if before else {}),
        )  # fmt: skip


def _ends(
    indicator: Indicator, link: SourceLink, value_type: str | None
) -> tuple[Decimal | None, Decimal | None]:
    """The lowest and highest value that can be: the indicator's own ends, else those of its kind of value."""
    if indicator.low is not None or indicator.high is not None:
        return indicator.low, indicator.high
    kind = value_type or ""
    if value_type is None and link.sotkanet_id is not None:
        kinds = CatalogueIndicator.objects.filter(pk=link.sotkanet_id).values_list("value_type", flat=True)
        kind = kinds.first() or ""
    kind = kind or (link.confirmed_unit or indicator.unit).strip()
    low = Decimal(0) if kind in _SHARES | _RATES else None
    high = Decimal(100) if kind in _SHARES else None
    return low, high


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


# --- writing ----------------------------------------------------------------------------------------------------


class _Told(NamedTuple):
    """What all rows of one call have in common."""

    indicator: Indicator
    link: SourceLink | None
    source: str
    fetched_at: datetime | None
    sha256: str
    run: RefreshRun | None
    by: Any
    is_illustrative: bool


_INSERT = """
    INSERT INTO kpis_observation (
        programme_id, indicator_id, source_link_id, source, fetched_at, sha256, run_id, created_by_id, updated_by_id,
        is_illustrative, version, year, term, month, region_role, region, breakdown, value, count, base_count,
        is_baseline, vintage)
    SELECT %s, %s, %s::bigint, %s, %s::timestamptz, %s, %s::bigint, %s::bigint, %s::bigint, %s, 1,
           r.year, r.term, r.month, r.role, r.region, r.breakdown, r.value, r.count, r.base_count, r.is_baseline,
           r.vintage
    FROM unnest(%s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::numeric[], %s::numeric[],
                %s::numeric[], %s::bool[], %s::int[]) WITH ORDINALITY
         AS r (year, term, month, role, region, breakdown, value, count, base_count, is_baseline, vintage, position)
    ORDER BY r.position
    RETURNING id
"""


def _insert(rows: list[tuple[Place, Reading, int]], told: _Told) -> Sequence[Observation]:
    """The rows as observations, in one statement."""
    if not rows:
        return []
    person = getattr(told.by, "pk", None)
    common: list[Any] = [
        told.indicator.programme_id, told.indicator.pk, told.link and told.link.pk, told.source, told.fetched_at,
        told.sha256, told.run and told.run.pk, person, person, told.is_illustrative,
    ]  # fmt: skip
    places = [place for place, _, _ in rows]
    columns = [
        *(_array(column) for column in zip(*(place[:3] for place in places), strict=True)),
        *(_texts(column) for column in zip(*(place[3:] for place in places), strict=True)),
        _array([one.value for _, one, _ in rows]),
        _array([one.count for _, one, _ in rows]),
        _array([one.base_count for _, one, _ in rows]),
        _array([one.is_baseline for _, one, _ in rows]),
        _array([vintage for _, _, vintage in rows]),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*common, *columns])
        ids = sorted(pk for (pk,) in cursor.fetchall())  # numbers are given in the order of the rows
    return _Made(len(ids), lambda: [_row(pk, *row, told) for pk, row in zip(ids, rows, strict=True)])


def _array(values: Sequence[Any]) -> str:
    """Numbers as PostgreSQL writes an array; a text is sent many times faster than a list of values."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def _texts(values: Sequence[str]) -> str:
    quoted = {text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in set(values)}
    return "{" + ",".join([quoted[text] for text in values]) + "}"


def _row(pk: int, place: Place, one: Reading, vintage: int, told: _Told) -> Observation:
    row = Observation(
        pk=pk, programme_id=told.indicator.programme_id, indicator=told.indicator, source_link=told.link,
        year=place.year, term=place.term, month=place.month, region_role=place.role, region=place.region,
        breakdown=place.breakdown, value=one.value, count=one.count, base_count=one.base_count, vintage=vintage,
        is_baseline=one.is_baseline, source=told.source, fetched_at=told.fetched_at, sha256=told.sha256, run=told.run,
        is_illustrative=told.is_illustrative,
    )  # fmt: skip
    row._state.adding, row._state.db = False, "default"
    return row


def _put_aside(found: _Sorted, told: _Told) -> None:
    """Keeps doubtful values for somebody to look at; those the source has taken back need nobody any more."""
    if found.outdated:
        QuarantinedValue.objects.filter(pk__in=found.outdated).delete()
    for row in found.doubtful:
        row.fetched_at, row.sha256 = told.fetched_at or timezone.now(), told.sha256
        row.run, row.created_by, row.updated_by = told.run, told.by, told.by
    QuarantinedValue.objects.bulk_create(found.doubtful, ignore_conflicts=True)


def _judge(indicator: Indicator) -> None:
    """Asks the indicator's rules anew."""
    from kpis.evaluating import evaluate  # evaluating reads what is stored here

    evaluate([indicator])
