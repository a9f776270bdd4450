"""Politeness towards an outside service, shared by all processes through the database.

One request at a time (an advisory lock), a pause between two, and none at all for a while after several failures
in a row. A process that is killed loses its connection and with it the lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from config import limits
from kpis.models import ServiceState
from kpis.sotkanet.failures import Failure, ServiceFailure

#: First key of the advisory lock; the second is the hash of the service's name.
_LOCK = 50_068
_GAP = 0.02  # s between two looks whether it is our turn


@contextmanager
def turn(name: str, *, pause: float, wait: Callable[[float], object] = time.sleep) -> Iterator[None]:
    """The only request to the service for as long as the block lasts.

    Raises Failure "circuit_open" while the service is left alone, "busy" when others talk to it for too long.
    A ServiceFailure of the block is counted; any other end of it is a service that answers. Not to be used in a
    transaction: the others would see the state only after its end.
    """
    with _alone(name, wait):
        _begin(name, pause, wait)
        try:
            yield
        except ServiceFailure as failure:
            note_failure(name, failure)
            raise
        except Failure as failure:
            note_success(name, failure.code)
            raise
        else:
            note_success(name, "")


def open_until(name: str) -> datetime | None:
    """Until when the service is left alone; None when it may be asked."""
    state = ServiceState.objects.filter(pk=name, open_until__gt=Now()).first()
    return state.open_until if state else None


def leave_alone(name: str, seconds: float) -> datetime:
    """Nobody asks the service for so long; until when."""
    until = timezone.now() + timedelta(seconds=seconds)
    ServiceState.objects.filter(pk=name).update(open_until=until)
    return until


@contextmanager
def _alone(name: str, wait: Callable[[float], object]) -> Iterator[None]:
    ends = time.monotonic() + limits.SOTKANET_TURN
    with connection.cursor() as cursor:
        while not _locked(cursor, "pg_try_advisory_lock", name):
            if time.monotonic() > ends:
                raise Failure("busy", is_passing=True, retry_at=_after(limits.SOTKANET_TURN))
            wait(_GAP)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                _locked(cursor, "pg_advisory_unlock", name)


def _locked(cursor: object, function: str, name: str) -> bool:
    cursor.execute(f"SELECT {function}(%s, hashtext(%s))", [_LOCK, name])  # type: ignore[attr-defined]
    return bool(cursor.fetchone()[0])  # type: ignore[attr-defined]


def _begin(name: str, pause: float, wait: Callable[[float], object]) -> None:
    ServiceState.objects.bulk_create([ServiceState(pk=name)], ignore_conflicts=True)
    state = ServiceState.objects.annotate(now=Now()).get(pk=name)
    if state.open_until and state.open_until > state.now:
        raise Failure("circuit_open", is_passing=True, retry_at=state.open_until)
    if pause and state.last_request_at:
        left = pause - (state.now - state.last_request_at).total_seconds()
        if left > 0:
            wait(min(left, pause))  # a clock that was turned back does not stop us for longer than that
    ServiceState.objects.filter(pk=name).update(last_request_at=Now())


def note_success(name: str, code: str) -> None:
    ServiceState.objects.filter(pk=name).update(
        failures=0, open_until=None, last_success_at=Now(), last_code=code
    )


def note_failure(name: str, failure: ServiceFailure) -> None:
    """Counts the failure; the one too many, and each that follows it, opens the circuit."""
    rows = ServiceState.objects.filter(pk=name)
    rows.update(failures=F("failures") + 1, last_code=failure.code)
    rest = Now() + Value(timedelta(seconds=limits.SOTKANET_REST))
    rows.filter(failures__gte=limits.SOTKANET_FAILURES).update(
        open_until=Greatest(F("open_until"), rest), failures=limits.SOTKANET_FAILURES
    )


def _after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)
