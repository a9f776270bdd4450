"""Looking for deviations: one open row for each cause, however often and by however many it is looked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from core.db import retrying
from core.history import own_context
from core.parameters import parameters_of
from core.workdays import add_workdays
from programme.deviations.notices import tell_owners
from programme.deviations.registry import Cause, finders
from programme.models import Deviation, Programme
from programme.projects.lights.thresholds import DEVIATION_DAYS


@dataclass(frozen=True, slots=True)
class Found:
    """What a look did: rows opened, causes that came back before their row was closed, causes that are gone."""

    opened: int = 0
    returned: int = 0
    gone: int = 0


@retrying
def find(
    programme: Programme, today: dt.date, *, kinds: Collection[str] | None = None, by: Any = None
) -> Found:
    """Runs the finders (all, or of those kinds) and keeps the rows in step with what stands today.

    A new cause opens a row and its owner is told; one that is gone is marked, for a person to close; one that comes
    back before that is no longer marked. Two who look at once wait for each other.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        _take_turns(programme)
        opened, returned, gone = [], 0, 0
        for kind, functions in finders(kinds).items():
            causes = {cause.key: cause for function in functions for cause in function(programme, today)}
            standing = {row.cause_key: row for row in _open(programme, kind)}
            opened += [
                _row(programme, kind, cause, today) for key, cause in causes.items() if key not in standing
            ]
            for key, row in standing.items():
                returned += key in causes and row.cause_gone_on is not None
                gone += key not in causes and row.cause_gone_on is None
                _keep_in_step(row, causes.get(key), today)
        Deviation.objects.bulk_create(opened)
        tell_owners(programme, opened)
        return Found(len(opened), returned, gone)


def _take_turns(programme: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('programme.deviations'), %s)", [programme.pk % 2**31]
        )


def _open(programme: Programme, kind: str) -> list[Deviation]:
    return list(Deviation.objects.filter(programme=programme, kind=kind, closed_on=None))


def _row(programme: Programme, kind: str, cause: Cause, today: dt.date) -> Deviation:
    due = cause.due_on or add_workdays(today, parameters_of(programme)[DEVIATION_DAYS])
    return Deviation(
        programme=programme, kind=kind, cause_key=cause.key, params=cause.kept,
        content_type=ContentType.objects.get_for_model(cause.about) if cause.about is not None else None,
        object_id=getattr(cause.about, "pk", None), amount_eur_cents=cause.amount_eur_cents,
        owner=cause.owner, found_on=today, due_on=due,
    )  # fmt: skip


def _keep_in_step(row: Deviation, cause: Cause | None, today: dt.date) -> None:
    """Writes what changed of the cause and nothing else; what people wrote stays."""
    if cause is None:
        now: dict[str, Any] = {"cause_gone_on": row.cause_gone_on or today}
    else:
        now = {"cause_gone_on": None, "params": cause.kept, "amount_eur_cents": cause.amount_eur_cents}
    changed = {name: value for name, value in now.items() if getattr(row, name) != value}
    if changed:
        Deviation.objects.filter(pk=row.pk, closed_on=None).update(**changed)
