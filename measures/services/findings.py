"""Findings: what the books do not explain becomes somebody's question, once for each cause (R10, decision 20)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from core.parameters import parameters_of
from core.periods import month_key
from measures.models import LedgerEntry
from measures.reconciliation import Place, Reconciliation, is_beyond
from measures.selectors.reconciliation import books_of
from measures.services.books import lock_books
from measures.services.common import CHANGED, refuse
from measures.services.telling import tell_finder
from measures.thresholds import FINDING_DAYS, UNEXPLAINED_EUROS, UNEXPLAINED_PERCENT
from programme.models import CostType, Deviation, Programme, Sector

KIND = Deviation.Kind.RECONCILIATION


@dataclass(frozen=True, slots=True)
class Found:
    """What a look for findings did: opened anew, carried on with new figures, and places within the threshold."""

    opened: int = 0
    carried_on: int = 0
    within: int = 0


def beyond_threshold(programme: Programme, row: Reconciliation) -> bool:
    """Whether the unexplained of the row passes both thresholds of the programme."""
    held = parameters_of(programme)
    return is_beyond(row, euros=held[UNEXPLAINED_EUROS], percent=held[UNEXPLAINED_PERCENT])


@retrying
def open_findings(*, programme: Programme, first: date, last: date, by: Any, on: date) -> Found:
    """Opens a finding for each place whose unexplained of the months is beyond the threshold.

    A cause that is open already is carried on: an open finding of the place with the same first month takes
    the later last month and the new figures. One that was closed with the same amount is not asked again.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        lock_books(programme.pk)
        books = books_of(programme)
        sectors = dict(Sector.objects.filter(programme=programme).values_list("pk", "key"))
        types = dict(CostType.objects.filter(programme=programme).values_list("pk", "key"))
        known = list(Deviation.objects.filter(programme=programme, kind=KIND))
        due = on + timedelta(days=parameters_of(programme)[FINDING_DAYS])
        opened = carried = within = 0
        for place, row in sorted(books.places(first, last).items()):
            if row.unexplained is None:
                continue
            if not beyond_threshold(programme, row):
                within += 1
                continue
            stem = f"{sectors[place.sector]}.{types[place.cost_type]}.{month_key(first)}"
            key = f"{stem}.{month_key(last)}"
            same = [one for one in known if one.cause_key.startswith(f"{stem}.")]
            standing = next((one for one in same if one.closed_on is None), None)
            if standing is not None:
                carried += _carry_on(standing, key, row, place, first, last, by)
            elif not any(one.cause_key == key and one.amount_eur_cents == row.unexplained for one in same):
                finding = Deviation(
                    programme=programme, kind=KIND, cause_key=key, found_on=on, due_on=due,
                    amount_eur_cents=row.unexplained, params=_params(row, place, first, last),
                ).stamp(by)  # fmt: skip
                finding.full_clean()
                finding.save()
                opened += 1
        return Found(opened, carried, within)


def _carry_on(
    finding: Deviation, key: str, row: Reconciliation, place: Place, first: date, last: date, by: Any
) -> int:
    """1 when the finding took later months or new figures."""
    if finding.params.get("last", "") > month_key(last):
        return 0
    if finding.cause_key == key and finding.amount_eur_cents == row.unexplained:
        return 0
    finding.cause_key, finding.amount_eur_cents = key, row.unexplained
    finding.params = finding.params | _params(row, place, first, last)
    finding.stamp(by).save()
    return 1


def _params(row: Reconciliation, place: Place, first: date, last: date) -> dict[str, Any]:
    """What the words of the finding are made of; figures as they were found."""
    return {
        "sector": place.sector, "cost_type": place.cost_type, "first": month_key(first), "last": month_key(last),
        "base": row.base, "expected": row.expected, "ledger": row.ledger,
    }  # fmt: skip


def findings_after_closing(*, programme: Programme, month: date, by: Any, on: date) -> Found:
    """Looks at the year up to the month just closed; nothing while that month has no ledger."""
    booked = LedgerEntry.objects.filter(
        programme=programme, kind=LedgerEntry.Kind.ACTUAL, month=month, is_internal=False
    )
    if not booked.exists():
        return Found()
    return open_findings(programme=programme, first=month.replace(month=1), last=month, by=by, on=on)


@retrying
def save_finding(save: Callable[..., Any], form: Any, by: Any, *, url: str) -> Any:
    """Saves the form of a finding or note by `save(form, by)`; who comes to own it is told, with `url`."""
    with transaction.atomic():
        saved = save(form, by)
        tell_finder(getattr(saved, "row", saved), url=url, by=by)
        return saved


# --- closing ------------------------------------------------------------------------------------------------------


@retrying
def close_finding(*, finding: Deviation, by: Any, on: date, version: int | None = None) -> Deviation:
    """Closes what is explained; `version` is that of the finding as the person saw it."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Deviation.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        _require(row, version)
        if not row.explanation.strip():
            refuse("no_explanation", _("Write the explanation before it counts as explained or closed."))
        row.state, row.closed_on, row.closed_by = Deviation.State.CLOSED, max(on, row.found_on), by
        row.stamp(by).full_clean()
        row.save()
        return row


@retrying
def reopen_finding(*, finding: Deviation, by: Any, version: int | None = None) -> Deviation:
    """Takes a closed one up again."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None)):
        row = Deviation.objects.select_for_update(of=("self",)).get(pk=finding.pk)
        _require(row, version)
        row.state, row.closed_on, row.closed_by = Deviation.State.OPEN, None, None
        row.stamp(by).full_clean()
        row.save()
        return row


def _require(row: Deviation, version: int | None) -> None:
    if version is not None and row.version != version:
        refuse(CHANGED, _("Somebody changed it meanwhile. Look at it again."))
