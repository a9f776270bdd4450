"""Entered values: waiting until somebody else approves them, or returned with a reason (docs/adr/0074)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.editing.pages import CHANGED
from core.history import own_context
from kpis.models import Indicator, ManualValue, Observation, SourceLink
from kpis.observing import Reading, store
from kpis.values import telling
from programme.models import Programme

State = ManualValue.State
#: Kinds of sources whose values people bring.
OWN_KINDS = (SourceLink.Kind.MANUAL, SourceLink.Kind.SURVEY, SourceLink.Kind.FILE)
#: A survey of fewer answers would tell what somebody answered.
FEWEST_RESPONDENTS = 5
MANUAL = "manual"

NOT_OWN = _("You entered this value: somebody else approves it.")
NOT_WAITING = _("Somebody has decided on this value meanwhile.")
SAME = _("This very value counts already for the period.")
NO_REASON = _("Write why the value is returned.")
BY_OTHERS = _("Only who entered the value corrects it; others return it with a reason.")


def place_of(row: Any) -> dict[str, Any]:
    """What tells one value of a source from another, as fields of observations and entered values."""
    names = ("year", "term", "month", "region_role", "region", "breakdown")
    return {name: getattr(row, name) for name in names}


def latest_of(value: ManualValue, link: SourceLink | None = None) -> Observation | None:
    """The observation that counts now where the value stands, of the same source."""
    rows = Observation.objects.filter(
        programme=value.programme_id, indicator=value.indicator_id, source_link=link or value.source_link_id,
        **place_of(value),
    )  # fmt: skip
    return rows.order_by("-vintage").first()


def is_same(value: ManualValue, now: Observation | None) -> bool:
    """Whether approving the value would change nothing."""
    return now is not None and now.value == value.value and (now.is_baseline or not value.is_baseline)


# --- entering ---------------------------------------------------------------------------------------------------


@retrying
def enter(*, value: ManualValue, by: Any) -> ManualValue:
    """Stores a value that waits for approval, and tells those who may approve it."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        value.entered_by, value.state = by, State.ENTERED
        value.source_link = value.source_link or default_link(value.indicator, by)
        value.stamp(by).full_clean()
        value.save()
        telling.tell_entered(value, by=by)
        return value


def default_link(indicator: Indicator, by: Any) -> SourceLink:
    """The source under which values are kept that name none: the only one people fill, else one made for it.

    Values of their own source stand beside those of the programme file and of Sotkanet, and replace none of them.
    """
    rows = indicator.source_links.filter(kind__in=OWN_KINDS, is_ended=False)
    links = list(rows.order_by("position", "pk")[:2])
    if len(links) == 1:
        return links[0]
    made, _is_new = SourceLink.objects.get_or_create(
        programme_id=indicator.programme_id, indicator=indicator, key=MANUAL,
        defaults={
            "kind": SourceLink.Kind.MANUAL, "position": indicator.source_links.count() + 1, "created_by": by,
            "updated_by": by,
        },
    )  # fmt: skip
    return made


@retrying
def enter_again(
    *, value: ManualValue, fields: Mapping[str, Any], version: int | None, by: Any
) -> ManualValue:
    """Corrects a waiting or returned value of one's own, as it was at that version: it waits again."""
    if value.entered_by_id != getattr(by, "pk", None):
        raise ValidationError(BY_OTHERS, code="not_yours")
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = _held(value)
        if row.state == State.APPROVED or row.version != version:
            raise ValidationError(NOT_WAITING, code=CHANGED)
        telling.forget_entered(row)
        for name, content in fields.items():
            setattr(row, name, content)
        row.source_link = row.source_link or default_link(row.indicator, by)
        row.state, row.reason, row.decided_by, row.decided_on = State.ENTERED, "", None, None
        row.stamp(by).full_clean()
        row.save()
        row.refresh_from_db(fields=["version"])
        telling.tell_entered(row, by=by)
        return row


def _held(value: ManualValue) -> ManualValue:
    rows = ManualValue.objects.select_for_update(of=("self",))
    return rows.select_related("indicator", "source_link", "programme", "entered_by").get(pk=value.pk)


# --- deciding ---------------------------------------------------------------------------------------------------


@retrying
def approve(*, value: ManualValue, by: Any, on: date) -> Observation:
    """Makes the value count: a new observation, or the next vintage of what was there.

    Raises ValidationError for one's own value (`own`), for one somebody decided on (`changed`) and for one that
    says what counts already (`same`).
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        row = _held(value)
        _may_decide(row, by)
        if row.entered_by_id is not None and row.entered_by_id == getattr(by, "pk", None):
            raise ValidationError(NOT_OWN, code="own")
        link = row.source_link or default_link(row.indicator, by)
        if is_same(row, latest_of(row, link)):
            raise ValidationError(SAME, code="same")
        stored = store(
            indicator=row.indicator, link=link, readings=[reading_of(row)], source=row.source or MANUAL, by=by,
            is_illustrative=row.is_illustrative,
        )  # fmt: skip
        row.source_link, row.observation = link, stored.observations[0]
        row.state, row.decided_by, row.decided_on, row.reason = State.APPROVED, by, on, ""
        row.stamp(by).full_clean()
        row.save()
        telling.tell_approved(row, by=by)
        return stored.observations[0]


def reading_of(row: ManualValue) -> Reading:
    return Reading(
        row.year, row.value, role=row.region_role, region=row.region, breakdown=row.breakdown, term=row.term,
        month=row.month, count=row.count, base_count=row.base_count, is_baseline=row.is_baseline,
    )  # fmt: skip


def _may_decide(row: ManualValue, by: Any) -> None:
    if row.state != State.ENTERED:
        raise ValidationError(NOT_WAITING, code=CHANGED)


@retrying
def give_back(*, value: ManualValue, reason: str, by: Any, on: date) -> ManualValue:
    """Returns the value to who entered it, with the reason."""
    if not reason.strip():
        raise ValidationError({"reason": NO_REASON})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row = _held(value)
        _may_decide(row, by)
        row.state, row.reason, row.decided_by, row.decided_on = State.RETURNED, reason.strip(), by, on
        row.stamp(by).full_clean()
        row.save()
        telling.tell_returned(row, by=by)
        return row


@dataclass
class Approved:
    """What became of many: how many count now, how many are one's own, and how many moved or changed nothing."""

    done: int = 0
    own: int = 0
    left: int = 0
    indicators: set[int] = field(default_factory=set)


def approve_many(*, programme: Programme, versions: Mapping[int, int], by: Any, on: date) -> Approved:
    """Approves the values that still are as they were shown (id -> version); others are left and counted."""
    found = Approved()
    with transaction.atomic():
        rows = ManualValue.objects.filter(programme=programme, pk__in=versions, state=State.ENTERED)
        for row in rows.order_by("indicator", "year", "pk"):
            if row.version != versions[row.pk]:
                continue
            try:
                with transaction.atomic():
                    approve(value=row, by=by, on=on)
            except ValidationError as refused:
                found.own += getattr(refused, "code", "") == "own"
                continue
            found.done += 1
            found.indicators.add(row.indicator_id)
    found.left = len(versions) - found.done - found.own
    return found


def waiting(programmes: Collection[Programme]) -> Any:
    """Values that wait for approval in these programmes, the oldest first."""
    rows = ManualValue.objects.filter(programme__in=programmes, state=State.ENTERED)
    return rows.select_related("indicator", "source_link", "entered_by").order_by("created_at", "pk")
