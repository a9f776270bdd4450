"""One Sotkanet indicator of a run: asked for, compared, stored. All of it in one transaction, or nothing.

The rules are asked a little later, of several at a time (judging.py); until then the item says so.

Between two runs that meet at the same indicator a lock of the session decides: whoever comes second leaves it to the
first. A process that is killed loses its connection, and with it the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from config import limits
from core.db import retrying
from kpis.catalogue.storing import mark_gone, store_details, store_regions
from kpis.models import CatalogueIndicator, CatalogueRegion, LinkState, RefreshItem, RefreshRun, SourceLink
from kpis.observing import store
from kpis.refreshing.pauses import next_try
from kpis.refreshing.plans import EACH, TOTAL, Plan, has_own, plan_of, readings_of, years_of
from kpis.refreshing.runs import links_of
from kpis.regions import ids_by_key
from kpis.sotkanet.client import Answer, Seen, Sotkanet
from kpis.sotkanet.failures import Failure, NotModified

State = RefreshItem.State
GONE = ("not_found", "gone")
#: Regions are given new ids now and then; older than this they are read anew.
REGIONS_AGE = timedelta(days=7)


class Elsewhere(Exception):
    """Another run reads, or has just read, this very indicator."""


@dataclass
class Counts:
    """What came of one indicator, over all sources that name it."""

    new: int = 0
    revised: int = 0
    unchanged: int = 0
    quarantined: int = 0


class Reader:
    """Reads the items of one run, one after another."""

    def __init__(self, run: RefreshRun, client: Sotkanet, still_mine: Any) -> None:
        self.run, self.client, self.still_mine = run, client, still_mine
        self._ids: dict[str, int] | None = None

    def read(self, item: RefreshItem) -> None:
        """The item with what came of it. Raises Failure when nothing did, and nothing is stored then."""
        with alone(self.run.programme_id, item.sotkanet_id):
            links = self._links(item)
            details = self._details(item.sotkanet_id)
            wanted = [link for link in links if _is_to_be_read(link, details)]
            if not wanted:
                self._note_unchanged(item, links, details)
                return
            plans = self._plans(wanted)
            answer = self._answer(item.sotkanet_id, plans, details)
            self._keep(item, links, plans, answer, details)

    def _links(self, item: RefreshItem) -> list[SourceLink]:
        rows = links_of(self.run.programme, self.run.indicator).filter(sotkanet_id=item.sotkanet_id)
        links = list(rows.select_related("indicator", "group", "state").order_by("pk"))
        for link in links:
            link.programme = self.run.programme  # its organisation and parameters are read once for each run
        if all(_read_since(link, self.run.started_at) for link in links):
            raise Elsewhere
        return links

    def _details(self, number: int) -> CatalogueIndicator:
        """What Sotkanet says of the indicator today, kept in the catalogue."""
        known = CatalogueIndicator.objects.filter(pk=number, is_bundled=False, retired_at=None).first()
        seen = (
            Seen(known.etag, known.last_modified) if known and (known.etag or known.last_modified) else None
        )
        try:
            details = self.client.indicator(number, seen=seen)
        except NotModified:
            assert known is not None
            return known
        except Failure as failure:
            if failure.code in GONE:
                mark_gone(number, at=timezone.now())
            raise
        if known is not None and known.sha256 and known.sha256 == details.sha256:
            CatalogueIndicator.objects.filter(pk=number).update(fetched_at=timezone.now())
            return known
        row = store_details(details, at=timezone.now())
        assert row is not None  # only a bundled copy may be turned away
        return row

    # ------------------------------------------------------------------------ the question
    def _plans(self, links: Sequence[SourceLink]) -> list[Plan]:
        plans = [plan_of(link, self._regions()) for link in links]
        if None in plans:
            raise Failure("own_region_unknown")
        return [plan for plan in plans if plan is not None]

    def _regions(self) -> dict[str, int]:
        """Today's ids of the regions, once for each run; an old list will do while there is no newer one."""
        if self._ids is None:
            listed = CatalogueRegion.objects.aggregate(at=Max("listed_at"))["at"]
            if listed is None or listed < timezone.now() - REGIONS_AGE:
                try:
                    store_regions(self.client.regions(), at=timezone.now())
                except Failure:
                    if not CatalogueRegion.objects.exists():
                        raise
            self._ids = ids_by_key()
        return self._ids

    def _answer(self, number: int, plans: Sequence[Plan], details: CatalogueIndicator) -> Answer:
        regions = {region for plan in plans for region in plan.regions}
        genders = {gender for plan in plans for gender in plan.groups}
        years = years_of(details.range_start, details.range_end, timezone.localdate().year)
        answer = self.client.rows(number, years, genders, regions=regions)
        if not answer.rows and genders == {TOTAL}:  # some give all together only beside the others
            answer = self.client.rows(number, years, EACH, regions=regions)
        if not answer.rows:
            raise Failure("no_rows")
        return answer

    # ------------------------------------------------------------------------ the end
    @retrying
    def _keep(
        self, item: RefreshItem, links: Sequence[SourceLink], plans: Sequence[Plan], answer: Answer,
        details: CatalogueIndicator,
    ) -> None:  # fmt: skip
        counts, states = Counts(), []
        is_without_own = False
        with transaction.atomic():
            self.still_mine()
            for plan in plans:
                link, said = plan.link, plan.fingerprint(answer.sha256)
                state = _state_of(link)
                if state is None or state.sha256 != said:
                    owned = self._store(plan, answer, details, counts)
                else:
                    owned = bool(state.has_own_region)
                    counts.unchanged += _kept(link)
                is_without_own = is_without_own or not owned
                states.append(
                    LinkState(
                        link=link, checked_at=answer.fetched_at, fetched_at=answer.fetched_at,
                        data_updated=details.data_updated, sha256=said, has_own_region=owned,
                    )
                )  # fmt: skip
            read = {plan.link.pk for plan in plans}
            states += [_checked(link, answer.fetched_at) for link in links if link.pk not in read]
            write_states(states)
            _end(
                item, _state_after(counts), new=counts.new, revised=counts.revised,
                unchanged=counts.unchanged, quarantined=counts.quarantined, size=answer.size, sha256=answer.sha256,
                fetched_at=answer.fetched_at, code="no_own_rows" if is_without_own else "",
            )  # fmt: skip

    def _store(self, plan: Plan, answer: Answer, details: CatalogueIndicator, counts: Counts) -> bool:
        """Stores what the source takes of the answer; whether its own region is in it."""
        readings = readings_of(plan, answer.rows)
        stored = store(
            indicator=plan.link.indicator, link=plan.link, readings=readings,
            source=f"Sotkanet {plan.link.sotkanet_id}",
            fetched_at=answer.fetched_at, sha256=answer.sha256, run=self.run, check_plausible=True,
            judge=False, value_type=details.value_type,
        )  # fmt: skip
        counts.new += stored.new
        counts.revised += stored.revised
        counts.unchanged += stored.unchanged
        counts.quarantined += stored.quarantined
        return has_own(readings)

    @retrying
    def _note_unchanged(
        self, item: RefreshItem, links: Sequence[SourceLink], details: CatalogueIndicator
    ) -> None:
        now = timezone.now()
        with transaction.atomic():
            self.still_mine()
            write_states([_checked(link, now) for link in links])
            _end(item, State.UNCHANGED, unchanged=sum(_kept(link) for link in links))


def _state_after(counts: Counts) -> State:
    """Where there are new observations, their rules are asked afterwards (kpis.refreshing.judging)."""
    if counts.new or counts.revised:
        return State.UNJUDGED
    return State.STORED if counts.quarantined else State.UNCHANGED


# --- one at a time ----------------------------------------------------------------------------------------------


@contextmanager
def alone(programme_id: int, number: int) -> Iterator[None]:
    """Nobody else reads the indicator for the programme meanwhile. Raises Elsewhere when somebody does."""
    name = f"kpis.refresh {programme_id} {number}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            raise Elsewhere
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


# --- what is known of a source ----------------------------------------------------------------------------------


def _state_of(link: SourceLink) -> LinkState | None:
    return getattr(link, "state", None)


def _read_since(link: SourceLink, moment: datetime) -> bool:
    state = _state_of(link)
    return (
        state is not None
        and state.checked_at is not None
        and state.checked_at > moment
        and not state.failures
    )


def _is_to_be_read(link: SourceLink, details: CatalogueIndicator) -> bool:
    """Whether the figures changed since they were read, or somebody changed what the source takes.

    The day of the change is all that Sotkanet tells: what was read on that very day may have changed after it.
    """
    state = _state_of(link)
    if state is None or state.fetched_at is None or details.data_updated is None:
        return True
    if state.data_updated != details.data_updated or link.updated_at > state.fetched_at:
        return True
    return timezone.localdate(state.fetched_at) <= details.data_updated


def _kept(link: SourceLink) -> int:
    """How many values of the source there are."""
    return int(link.observations.filter(vintage=1).count())


def _checked(link: SourceLink, at: datetime) -> LinkState:
    """The state of a source whose figures are what they were."""
    state = _state_of(link) or LinkState(link=link)
    state.checked_at, state.failures, state.failure_code, state.failure_params = at, 0, "", {}
    state.next_try_at = None
    return state


_FIELDS = [field.name for field in LinkState._meta.concrete_fields if not field.primary_key]


def write_states(states: Sequence[LinkState]) -> None:
    """Writes the states of sources, whether they had one or not. One statement."""
    LinkState.objects.bulk_create(
        sorted(states, key=lambda state: state.link_id), update_conflicts=True, unique_fields=["link"],
        update_fields=_FIELDS,
    )  # fmt: skip


def _end(item: RefreshItem, state: str, **values: Any) -> None:
    RefreshItem.objects.filter(pk=item.pk).update(state=state, **values)


# --- failures ---------------------------------------------------------------------------------------------------


@retrying
def note_failure(run: RefreshRun, item: RefreshItem, failure: Failure) -> None:
    """The item and its sources with what went wrong and when it is asked again."""
    now, states = timezone.now(), []
    later = None
    with transaction.atomic():
        rows = links_of(run.programme, run.indicator).filter(sotkanet_id=item.sotkanet_id)
        for link in rows.select_related("state").order_by("pk"):
            state = _state_of(link) or LinkState(link=link)
            state.failures = min(state.failures + 1, 1000)
            state.checked_at, state.failure_code, state.failure_params = now, failure.code, failure.params
            state.next_try_at = later = next_try(
                now, state.failures, is_passing=failure.is_passing, wished=failure.retry_at
            )
            states.append(state)
        write_states(states)
        kind = State.RETRY if failure.is_passing else State.FAILED
        _end(item, kind, code=failure.code, params=failure.params, next_try_at=later)


@retrying
def leave_rest(run: RefreshRun, failure: Failure) -> None:
    """Nothing more is asked in this run: the service is left alone. No source is to blame for that."""
    later = failure.retry_at or timezone.now() + timedelta(seconds=limits.SOTKANET_REST)
    with transaction.atomic():
        rest = RefreshItem.objects.filter(run=run, state=State.WAITING)
        numbers = list(rest.values_list("sotkanet_id", flat=True))
        states = []
        for link in (
            links_of(run.programme, run.indicator).filter(sotkanet_id__in=numbers).select_related("state")
        ):
            state = _state_of(link) or LinkState(link=link)
            state.failure_code, state.failure_params, state.next_try_at = failure.code, failure.params, later
            states.append(state)
        write_states(states)
        rest.update(state=State.RETRY, code=failure.code, params=failure.params, next_try_at=later)
