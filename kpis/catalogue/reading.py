"""Reading the catalogue from Sotkanet into our copy, politely: the list weekly, details a few each night.

Every function here may talk to Sotkanet, so none is called while a page is served.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog
from django.db.models import F, Max
from django.utils import timezone

from kpis.catalogue import storing
from kpis.models import CatalogueIndicator, CatalogueRegion, SourceLink
from kpis.sotkanet.client import Seen, Sotkanet
from kpis.sotkanet.failures import Failure, NotModified

log = structlog.get_logger(__name__)

#: Details read in one night: all of some 3 700 come round in about a month.
DETAILS_A_NIGHT = 120
#: Details read at once when somebody asks for the list, for the links that have none yet.
DETAILS_ON_DEMAND = 40
LIST_DAYS = 7
#: Details of linked indicators are read again after so many days, of others when their turn comes.
LINKED_DAYS = 7
#: What the client says when Sotkanet has no such indicator.
GONE = frozenset({"not_found", "gone"})
#: Failures after which asking for the next one would be knocking on a shut door.
SHUT = frozenset({"circuit_open", "busy"})


@dataclass
class Read:
    """What a reading of details came to. `stopped` is the failure that ended it before its end."""

    stored: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    stopped: Failure | None = None


def sync_list(client: Sotkanet, *, at: dt.datetime | None = None) -> storing.Stored:
    """The list of all indicators. Raises Failure, or ListTooShort when the answer cannot be whole."""
    stored = storing.store_list(client.indicators(), at=at or timezone.now())
    log.info("catalogue_listed", new=stored.new, changed=stored.changed, gone=stored.gone)
    return stored


def sync_regions(client: Sotkanet, *, at: dt.datetime | None = None) -> storing.Stored:
    """All regions with today's ids. Raises Failure, or ListTooShort when the answer cannot be whole."""
    stored = storing.store_regions(client.regions(), at=at or timezone.now())
    log.info("regions_listed", new=stored.new, changed=stored.changed, gone=stored.gone)
    return stored


def sync_details(
    client: Sotkanet, number: int, *, at: dt.datetime | None = None
) -> CatalogueIndicator | None:
    """Everything of one indicator. Raises Failure; one that Sotkanet no longer has is marked so first."""
    day = at or timezone.now()
    held = CatalogueIndicator.objects.filter(pk=number, fetched_at__isnull=False, is_bundled=False)
    seen = [Seen(*pair) for pair in held.values_list("etag", "last_modified") if any(pair)]
    try:
        return storing.store_details(client.indicator(number, seen=seen[0] if seen else None), at=day)
    except NotModified:
        CatalogueIndicator.objects.filter(pk=number).update(fetched_at=day, retired_at=None)
        return None
    except Failure as failure:
        if failure.code in GONE:
            storing.mark_gone(number, at=day)
        raise


def read_details(
    client: Sotkanet, numbers: Iterable[int], *, told: Callable[[int], None] = lambda _done: None
) -> Read:
    """Details of several, one after the other. One bad indicator stops nothing; a service that is down does."""
    read = Read()
    for done, number in enumerate(numbers):
        told(done)
        try:
            row = sync_details(client, number)
        except Failure as failure:
            if failure.code in GONE:
                read.gone.append(number)
                continue
            read.failed[number] = failure.code
            log.warning("details_failed", indicator=number, code=failure.code)
            if failure.code in SHUT:
                read.stopped = failure
                break
        else:
            (read.unchanged if row is None else read.stored).append(number)
    return read


def linked_numbers() -> set[int]:
    """Ids of Sotkanet that some programme follows."""
    links = SourceLink.objects.filter(sotkanet_id__isnull=False, is_ended=False)
    return {number for number in links.values_list("sotkanet_id", flat=True) if number}


def due_details(most: int, *, at: dt.datetime | None = None) -> list[int]:
    """Ids whose details are read next: linked ones that are missing or old, then the others, oldest first."""
    before = (at or timezone.now()) - dt.timedelta(days=LINKED_DAYS)
    linked = linked_numbers()
    fresh = set(
        CatalogueIndicator.objects.filter(
            pk__in=linked, fetched_at__gte=before, is_bundled=False
        ).values_list("pk", flat=True)
    )
    first = sorted(linked - fresh)[:most]
    others = CatalogueIndicator.objects.filter(retired_at=None, listed_at__isnull=False).exclude(
        pk__in=linked
    )
    rest = others.order_by(F("fetched_at").asc(nulls_first=True), "id").values_list("pk", flat=True)
    return [*first, *rest[: max(0, most - len(first))]]


def list_is_due(at: dt.datetime | None = None) -> bool:
    """Whether the list or the regions were last read more than a week ago."""
    before = (at or timezone.now()) - dt.timedelta(days=LIST_DAYS)
    newest = [
        model.objects.aggregate(at=Max("listed_at"))["at"] for model in (CatalogueIndicator, CatalogueRegion)
    ]
    return any(read is None or read < before for read in newest)
