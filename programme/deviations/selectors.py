"""Reads for the pages of deviations and for the parts of other pages that show theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from programme.deviations.registry import found_kinds
from programme.deviations.wording import Words, subject_of
from programme.models import Deviation, Programme

#: Kinds that are handled on pages of their own (measures): the page that lists them.
ELSEWHERE = {
    Deviation.Kind.RECONCILIATION: "measures:reconciliation_findings",
    Deviation.Kind.DIFFERENCE: "measures:crossfooting",
    Deviation.Kind.OVERLAP: "measures:overlap_list",
}
SHAPES = {"open": "bad", "in_progress": "warn", "explained": "info", "closed": "none"}


@dataclass(frozen=True)
class Line:
    """A deviation as it is listed: what it is about, why it is there, and where it is handled."""

    row: Deviation
    subject: str
    why: str
    url: str
    is_overdue: bool

    @property
    def shape(self) -> str:
        return "ok" if self.is_gone else SHAPES[self.row.state]

    @property
    def is_gone(self) -> bool:
        """The cause is gone and a person is waited for."""
        return self.row.closed_on is None and self.row.cause_gone_on is not None

    @property
    def is_illustrative(self) -> bool:
        return bool(self.row.params.get("illustrative"))


def rows_of(programme: Programme) -> QuerySet[Deviation]:
    """Every deviation of the programme, of all kinds."""
    return Deviation.objects.filter(programme=programme).select_related("owner", "closed_by")


def handled(programme: Programme) -> QuerySet[Deviation]:
    """Those with a page of their own here: what the finders find."""
    return rows_of(programme).filter(kind__in=found_kinds())


def lines(programme: Programme, rows: Iterable[Deviation], today: dt.date) -> list[Line]:
    """The rows in words. No statement for what is found here, two for findings of the books."""
    words = Words(programme)
    return [
        Line(
            row,
            subject_of(row.params) if row.kind not in ELSEWHERE else "",
            words.of(row),
            url_of(programme, row),
            row.closed_on is None and row.due_on is not None and row.due_on < today,
        )
        for row in rows
    ]


def url_of(programme: Programme, row: Deviation) -> str:
    """The page on which the row is handled."""
    if row.kind in ELSEWHERE:
        return reverse(ELSEWHERE[Deviation.Kind(row.kind)], args=[programme.slug])
    return reverse("programme:deviation_detail", args=[programme.slug, row.pk])


def about(programme: Programme, *, place: str, pk: int, today: dt.date) -> list[Line]:
    """What is open about a project or measure (`place`), the earliest day first; then the last three closed."""
    rows = handled(programme).filter(**{f"params__{place}": pk})
    standing = rows.filter(closed_on=None).order_by("due_on", "pk")
    closed = rows.filter(closed_on__isnull=False).order_by("-closed_on", "-pk")[:3]
    return lines(programme, [*standing, *closed], today)
