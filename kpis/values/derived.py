"""Indicators that are worked out from others: whenever an input gets a value, and only where every input is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from kpis import observing
from kpis.models import DerivedInput, Indicator, Observation, SourceLink
from kpis.observing import Reading
from kpis.selectors.series import counting, observed
from kpis.values.figures import Unknown, derived
from kpis.values.periods import Period

Formula, Part = SourceLink.Formula, DerivedInput.Part
#: What observations say of their source; the pages say it in words.
SOURCE = "derived"
WITH_BOTTOM = (Formula.RATIO, Formula.PER_1000, Formula.SHARE)

CYCLE = _("The indicator would be worked out from itself.")
NO_TOP = _("Choose what is counted.")
NO_BOTTOM = _("Choose what it is divided by.")
ONE_TOP = _("A change is that of one indicator.")
NOT_BOTTOM = _("This formula divides by nothing: leave it empty.")


class Place(NamedTuple):
    """A period of a region and group; own county and country are told apart by their role alone."""

    period: Period
    role: str
    region: str
    breakdown: str


def place_of(row: Any) -> Place:
    role = row.role if hasattr(row, "role") else row.region_role
    return Place(Period.of(row), role, row.region if role == Observation.Region.PEER else "", row.breakdown)


# --- making -------------------------------------------------------------------------------------------------------


@retrying
def add_derived(
    *, link: SourceLink, top: Sequence[Indicator], bottom: Sequence[Indicator], by: Any
) -> SourceLink:
    """Stores a derived source with its inputs and works out everything that is known already.

    Raises ValidationError for inputs that the formula cannot have and for cycles.
    """
    _check(link, top, bottom)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        _one_at_a_time(link.programme_id)
        if reaches([*top, *bottom], link.indicator_id, _inputs_of(link.programme_id)):
            raise ValidationError({"top": CYCLE})
        link.kind = SourceLink.Kind.DERIVED
        link.stamp(by).full_clean()
        link.save()
        rows = [(Part.TOP, one) for one in top] + [(Part.BOTTOM, one) for one in bottom]
        for position, (part, indicator) in enumerate(rows, start=1):
            DerivedInput(
                programme_id=link.programme_id, link=link, indicator=indicator, part=part, position=position
            ).stamp(by).save()  # fmt: skip
        work_out(link)
        return link


def _check(link: SourceLink, top: Sequence[Indicator], bottom: Sequence[Indicator]) -> None:
    if not top:
        raise ValidationError({"top": NO_TOP})
    if link.formula == Formula.CHANGE and len(top) > 1:
        raise ValidationError({"top": ONE_TOP})
    if link.formula in WITH_BOTTOM and not bottom:
        raise ValidationError({"bottom": NO_BOTTOM})
    if link.formula not in WITH_BOTTOM and bottom:
        raise ValidationError({"bottom": NOT_BOTTOM})


def _one_at_a_time(programme_id: int) -> None:
    """Two people who add sources at once could close a circle that neither of them sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kpis.derived'), %s)", [programme_id])


def _inputs_of(programme_id: int) -> Mapping[int, set[int]]:
    """Derived indicator -> the indicators it is worked out from."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = DerivedInput.objects.filter(programme=programme_id, link__is_ended=False)
    for made, of in rows.values_list("link__indicator", "indicator"):
        found[made].add(of)
    return found


def reaches(start: Iterable[Indicator], goal: int, inputs: Mapping[int, Collection[int]]) -> bool:
    """Whether one of the indicators is the goal or is, over however many steps, worked out from it."""
    seen: set[int] = set()
    todo = [one.pk for one in start]
    while todo:
        at = todo.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            todo.extend(inputs.get(at, ()))
    return False


def closes_circle(link: SourceLink) -> bool:
    """Whether using an ended source again would work its indicator out from itself."""
    inputs = [one.indicator for one in link.inputs.select_related("indicator")]
    return reaches(inputs, link.indicator_id, _inputs_of(link.programme_id))


# --- working out --------------------------------------------------------------------------------------------------


def follow(indicator: Indicator, observations: Sequence[Observation]) -> None:
    """Works out anew what hangs on these new values. Called by `observing.store`, within its transaction."""
    if not DerivedInput.objects.filter(indicator=indicator).exists():
        return
    rows = SourceLink.objects.filter(
        programme=indicator.programme_id,
        kind=SourceLink.Kind.DERIVED,
        is_ended=False,
        inputs__indicator=indicator,
    )
    links = list(rows.select_related("indicator").order_by("pk").distinct())
    if not links:
        return
    places = {place_of(row) for row in observations}
    after = {place._replace(period=place.period.after) for place in places}
    for link in links:
        work_out(link, only=places | after if link.formula == Formula.CHANGE else places)


def work_out(link: SourceLink, *, only: Collection[Place] | None = None) -> observing.Stored:
    """Stores what the formula gives wherever every input is known; equal values make no new vintage.

    The source is held first: whoever stores another input at the same time waits, and then sees this one.
    """
    with transaction.atomic():
        SourceLink.objects.select_for_update(no_key=True).values_list("pk").get(pk=link.pk)
        inputs = list(link.inputs.select_related("indicator"))
        known = {one.indicator_id: known_of(one.indicator_id) for one in inputs}
        places = set(known[inputs[0].indicator_id]) if inputs else set()
        readings = [
            reading
            for place in sorted(places if only is None else places & set(only))
            if (reading := _reading(link.formula, inputs, known, place)) is not None
        ]
        return observing.store(indicator=link.indicator, link=link, readings=readings, source=SOURCE)


def known_of(indicator_id: int) -> dict[Place, Decimal]:
    """The value that counts at each place."""
    rows = observed(indicator_id, with_all=True)
    links = {row.link for row in rows if row.link}
    return {place_of(row): row.value for row in counting(rows, first_link=min(links, default=None))}


def _reading(
    formula: str, inputs: Sequence[DerivedInput], known: Mapping[int, Mapping[Place, Decimal]], place: Place
) -> Reading | None:
    """The value at the place; None where something is unknown."""
    values = [(one.part, known[one.indicator_id].get(place)) for one in inputs]
    if any(value is None for _part, value in values):
        return None
    top = [value for part, value in values if part == Part.TOP and value is not None]
    bottom = [value for part, value in values if part == Part.BOTTOM and value is not None]
    before = known[inputs[0].indicator_id].get(place._replace(period=place.period.before))
    try:
        value = derived(formula, top, bottom, before)
    except Unknown:
        return None
    return Reading(
        place.period.year, value, role=place.role, region=place.region, breakdown=place.breakdown,
        term=place.period.term, month=place.period.month, count=sum(top, Decimal(0)) if bottom else None,
        base_count=sum(bottom, Decimal(0)) if bottom else None,
    )  # fmt: skip


# --- showing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stated:
    """One derived source: how it is worked out, and its inputs with their values of the latest period."""

    link: SourceLink
    period: Period | None
    value: Decimal | None
    rows: list[tuple[DerivedInput, Decimal | None]]


def stated_inputs(indicator: Indicator) -> list[Stated]:
    """The inputs of each derived source of the indicator, with the own county's values of the latest period that
    any of them has; None where an input is unknown."""
    links = indicator.source_links.filter(kind=SourceLink.Kind.DERIVED, is_ended=False)
    found = []
    for link in links.prefetch_related("inputs__indicator"):
        inputs = list(link.inputs.all())
        known = {one.indicator_id: known_of(one.indicator_id) for one in inputs}
        periods = {
            place.period
            for values in known.values()
            for place in values
            if place.role == Observation.Region.OWN and not place.breakdown
        }
        period = max(periods, key=lambda one: (one.end, one.months), default=None)
        if period is None:
            found.append(Stated(link, None, None, [(one, None) for one in inputs]))
            continue
        place = Place(period, Observation.Region.OWN.value, "", "")
        reading = _reading(link.formula, inputs, known, place)
        rows = [(one, known[one.indicator_id].get(place)) for one in inputs]
        found.append(Stated(link, period, reading.value if reading else None, rows))
    return found


observing.after_store.append(follow)
