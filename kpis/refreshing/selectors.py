"""Reads of the pages about refreshing. A constant number of statements each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Job
from core.templatetags.ui import quantity
from kpis.models import (
    Indicator,
    LinkState,
    QuarantinedValue,
    RefreshItem,
    RefreshRun,
    ServiceState,
    SourceLink,
)
from kpis.refreshing.pauses import next_round
from kpis.refreshing.runs import links_of
from kpis.refreshing.words import advice, state_words, told
from kpis.regions import names_of
from kpis.sotkanet.client import SERVICE
from programme.models import Programme

State = RefreshItem.State


# --- runs -------------------------------------------------------------------------------------------------------


def runs_of(programme: Programme) -> QuerySet[RefreshRun]:
    """The runs, latest first, with their counts."""
    sums = {name: Sum(f"items__{name}", default=0) for name in ("new", "revised", "unchanged", "quarantined")}
    return (
        RefreshRun.objects.filter(programme=programme)
        .select_related("indicator", "job", "asked_by")
        .annotate(
            **{f"{name}_values": total for name, total in sums.items()},
            asked=Count("items"),
            left=Count("items", filter=Q(items__state=State.WAITING)),
            failed=Count("items", filter=Q(items__state=State.FAILED)),
            retried=Count("items", filter=Q(items__state=State.RETRY)),
        )
        .order_by("-pk")
    )


def run_state(run: Any) -> tuple[str, str]:
    """Shape and words of a run's state."""
    if run.ended_at is None:
        if run.job is not None and run.job.state in Job.ACTIVE:
            return "info", _("under way") if run.job.state == Job.State.RUNNING else _("waiting for a worker")
        return "bad", _("interrupted")
    if run.failed:
        return "warn", _("done, with failures")
    if run.retried:
        return "warn", _("the rest is tried again later")
    return "ok", _("done")


def is_active(run: RefreshRun) -> bool:
    return run.ended_at is None and run.job is not None and run.job.state in Job.ACTIVE


@dataclass
class ItemLine:
    """One Sotkanet indicator of a run, with the programme's indicators that it is a source of."""

    row: RefreshItem
    indicators: list[Indicator]
    kind: str
    state: Any
    text: str
    advice: str
    next_round: datetime | None


_KINDS = {
    State.WAITING: "none",
    State.UNCHANGED: "ok",
    State.UNJUDGED: "info",
    State.STORED: "ok",
    State.FAILED: "bad",
    State.RETRY: "warn",
}


def items_of(run: RefreshRun) -> list[ItemLine]:
    """The run's items: failures first, then as they were asked."""
    rows = list(run.items.order_by("id"))
    links = SourceLink.objects.filter(
        programme=run.programme_id, sotkanet_id__in=[row.sotkanet_id for row in rows]
    )
    found: dict[int, list[Indicator]] = defaultdict(list)
    for link in links.select_related("indicator").order_by("indicator__position", "pk"):
        if link.sotkanet_id is not None and link.indicator not in found[link.sotkanet_id]:
            found[link.sotkanet_id].append(link.indicator)
    lines = [
        ItemLine(
            row, found[row.sotkanet_id], _KINDS[State(row.state)], state_words(row),
            told(row.code, row.params) if row.code else "", advice(row.code) if row.code else "",
            next_round(row.next_try_at) if row.next_try_at else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line.row.state not in (State.FAILED, State.RETRY))


# --- the service and what fails ---------------------------------------------------------------------------------


@dataclass
class Service:
    """How the conversation with Sotkanet goes."""

    kind: str
    word: str
    open_until: datetime | None = None
    last_success_at: datetime | None = None
    text: str = ""
    advice: str = ""


def _failure_in_words(code: str) -> tuple[str, str]:
    """What happened and what can be done; its figures are those of the latest source that met the same."""
    met = RefreshItem.objects.filter(code=code).order_by("-pk").values_list("params", flat=True).first() or {}
    host = urlsplit(settings.SOTKANET_BASE_URL).hostname
    return told(code, {"host": host} | met), advice(code)


def service() -> Service:
    row = ServiceState.objects.filter(pk=SERVICE).first()
    if row is None or (row.last_success_at is None and not row.failures):
        return Service("none", _("not asked yet"))
    text, help_text = _failure_in_words(row.last_code) if row.last_code else ("", "")
    if row.open_until is not None and row.open_until > timezone.now():
        return Service(
            "bad", _("left alone for a while"), row.open_until, row.last_success_at, text, help_text
        )
    if row.failures:
        return Service("warn", _("does not answer as it should"), None, row.last_success_at, text, help_text)
    return Service("ok", _("answers"), None, row.last_success_at)


@dataclass
class FailingLine:
    """A source whose figures could not be read: since when they are what they are, and when it is tried."""

    link: SourceLink
    state: LinkState
    text: str
    advice: str
    next_round: datetime | None


def failing(programme: Programme) -> list[FailingLine]:
    """Sources that failed when they were last read."""
    rows = links_of(programme).exclude(state=None).exclude(state__failure_code="")
    return [
        FailingLine(
            link, link.state, told(link.state.failure_code, link.state.failure_params),
            advice(link.state.failure_code),
            next_round(link.state.next_try_at) if link.state.next_try_at else None,
        )
        for link in rows.select_related("indicator", "state").order_by("indicator__position", "pk")
    ]  # fmt: skip


# --- values that wait -------------------------------------------------------------------------------------------


@dataclass
class WaitingLine:
    """A value that waits for a decision, in words."""

    row: QuarantinedValue
    indicator: Indicator
    region: str
    group: str
    why: str


def waiting_values(programme: Programme) -> QuerySet[QuarantinedValue]:
    return (
        QuarantinedValue.objects.filter(programme=programme, state=QuarantinedValue.State.WAITING)
        .select_related("source_link__indicator")
        .order_by(
            "source_link__indicator__position", "source_link", "-region_role", "region", "breakdown", "year"
        )
    )


def decided_values(programme: Programme) -> QuerySet[QuarantinedValue]:
    rows = QuarantinedValue.objects.filter(programme=programme).exclude(state=QuarantinedValue.State.WAITING)
    return rows.select_related("source_link__indicator", "decided_by").order_by("-decided_on", "-pk")


def as_lines(rows: Iterable[QuarantinedValue]) -> list[WaitingLine]:
    rows = list(rows)
    names = names_of({row.region for row in rows if row.region})
    return [
        WaitingLine(
            row, row.source_link.indicator, names.get(row.region, row.get_region_role_display()),
            _group(row.breakdown), why_aside(row),
        )
        for row in rows
    ]  # fmt: skip


def why_aside(row: QuarantinedValue) -> str:
    """Why somebody is asked, in the active language."""
    if row.code == "range":
        low, high = row.params.get("low"), row.params.get("high")
        if low is None:
            return _("above the highest value possible, %(high)s") % {"high": quantity(high)}
        if high is None:
            return _("below the lowest value possible, %(low)s") % {"low": quantity(low)}
        return _("outside what is possible, %(low)s–%(high)s") % {
            "low": quantity(low),
            "high": quantity(high),
        }
    if row.before:
        change = (row.value - row.before) / abs(row.before) * 100
        told_change = f"{'+' if change > 0 else '−'}{quantity(abs(change).quantize(Decimal(1)))}"
        return _("%(change)s %% from the value before") % {"change": told_change}
    return _("not plausible")


def _group(key: str) -> str:
    words = {"": "", "male": _("men"), "female": _("women")}
    return words.get(key, key)
