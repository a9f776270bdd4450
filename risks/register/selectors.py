"""Reads for the register: risks with where they stand now, then and at other moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from core.parameters import parameters_of
from programme.models import Programme, Project
from risks.calculations import tone_of
from risks.models import Mitigation, MitigationReference, Risk, RiskAssessment
from risks.register.calculations import (
    PART,
    PROGRAMME,
    PROJECT,
    Movement,
    Place,
    Standing,
    counted_where,
    month_before,
    movement,
    place_of,
    review_due,
)
from risks.register.parameters import APPETITE, REVIEW_MONTHS

#: States of what still has to be done.
TO_DO = (Mitigation.State.PLANNED, Mitigation.State.GOING)


def readable(programme: Programme) -> QuerySet[Risk]:
    """Risks with what the register says of them, in a number of statements that does not grow with them."""
    references = MitigationReference.objects.select_related("risk").order_by("risk__number")
    mitigations = Mitigation.objects.select_related("owner").prefetch_related(
        Prefetch("references", queryset=references)
    )
    rows = Risk.objects.filter(programme=programme).select_related("owner", "project__theme", "parent")
    return rows.prefetch_related("assessments", Prefetch("mitigations", queryset=mitigations))


def assessed_by(risk: Risk, day: dt.date) -> RiskAssessment | None:
    """The assessment that held on the day, out of the prefetched ones."""
    known = [row for row in risk.assessments.all() if row.assessed_on <= day]
    return max(known, key=lambda row: (row.assessed_on, row.pk), default=None)


def place_at(row: RiskAssessment | None, moment: str) -> Place | None:
    """Where an assessment puts the risk: `moment` is now, after or target."""
    if row is None:
        return None
    return place_of(getattr(row, f"likelihood_{moment}"), getattr(row, f"impact_{moment}"))


@dataclass
class Line:
    """A risk as the register shows it on a day."""

    row: Risk
    today: dt.date
    appetite: int
    months: int
    where: str = PROGRAMME
    parts: list[Line] = field(default_factory=list)

    @property
    def latest(self) -> RiskAssessment | None:
        return assessed_by(self.row, self.today)

    def place(self, moment: str) -> Place | None:
        return place_at(self.latest, moment)

    def movement(self, moment: str) -> Movement | None:
        """Since the end of the month before."""
        before = assessed_by(self.row, month_before(self.today))
        return movement(place_at(before, moment), self.place(moment))

    @property
    def now(self) -> Place | None:
        return self.place("now")

    @property
    def after(self) -> Place | None:
        return self.place("after")

    @property
    def target(self) -> Place | None:
        return self.place("target")

    @property
    def moved(self) -> Movement | None:
        return self.movement("now")

    @property
    def level(self) -> int | None:
        return None if self.now is None else self.now.level

    @property
    def is_threat(self) -> bool:
        return self.row.kind == Risk.Kind.THREAT

    @property
    def is_above(self) -> bool:
        """An open threat whose level now is more than what is accepted."""
        open_now = self.row.state != Risk.State.CLOSED
        return open_now and self.is_threat and self.level is not None and self.level > self.appetite

    @property
    def tone(self) -> str:
        """Shape of the level; a chance is neither good nor bad news by its size."""
        if self.level is None:
            return "none"
        return tone_of(self.level) if self.is_threat else "info"

    @property
    def review_on(self) -> dt.date | None:
        """By when it is looked at again; None when nobody ever looked at it."""
        latest = self.latest
        return review_due((self.row.reviewed_on, latest.assessed_on if latest else None), self.months)

    @property
    def is_review_due(self) -> bool:
        return self.row.state == Risk.State.OPEN and (self.review_on is None or self.review_on <= self.today)

    @property
    def to_do(self) -> list[Mitigation]:
        """Mitigations of its own that are not done."""
        return [one for one in self.row.mitigations.all() if one.state in TO_DO]

    @property
    def overdue(self) -> list[Mitigation]:
        return [one for one in self.to_do if one.due_on is not None and one.due_on < self.today]

    @property
    def parts_above(self) -> list[Line]:
        """Parts that stand at a higher level than the risk itself says."""
        return [one for one in self.parts if one.level is not None and one.level > (self.level or 0)]


def lines_of(programme: Programme, rows: Iterable[Risk]) -> list[Line]:
    """The risks as lines, in their order. One statement for the parameters."""
    held, today = parameters_of(programme), programme.today()
    return [Line(row, today, held[APPETITE], held[REVIEW_MONTHS]) for row in rows]


def register_of(programme: Programme) -> list[Line]:
    """Every risk, closed ones too, with where it is counted and its parts. A constant number of statements."""
    lines = lines_of(programme, readable(programme))
    placed = counted_where([standing(line.row) for line in lines if line.row.state != Risk.State.CLOSED])
    by_key = {line.row.pk: line for line in lines}
    for line in lines:
        line.where = placed.get(line.row.pk) or (PROGRAMME if line.row.project_id is None else PROJECT)
        if line.where == PART and line.row.parent_id is not None:
            by_key[line.row.parent_id].parts.append(line)
    return lines


def standing(row: Risk) -> Standing:
    return Standing(row.pk, row.project_id, row.parent_id, row.raised_on is not None)


def counted_threats(programme: Programme) -> QuerySet[Risk]:
    """Threats that count in the programme's picture: `counted_where` as a condition of one statement."""
    closed = Risk.State.CLOSED
    alone = Q(parent=None) | Q(parent__state=closed) | Q(parent__project__isnull=False)
    rows = Risk.objects.filter(programme=programme, kind=Risk.Kind.THREAT).exclude(state=closed)
    return rows.filter(Q(project=None) | Q(raised_on__isnull=False) & alone)


def of_project(project: Project) -> list[Line]:
    """Risks of the project that are not closed."""
    rows = readable(project.programme).filter(project=project).exclude(state=Risk.State.CLOSED)
    return lines_of(project.programme, rows)


def possible_parents(programme: Programme) -> QuerySet[Risk]:
    """Risks of the programme itself that are not closed: what a raised risk may become a part of."""
    return Risk.objects.filter(programme=programme, project=None).exclude(state=Risk.State.CLOSED)


@dataclass
class Served:
    """Mitigations of another risk that serve this one too."""

    risk: Risk
    mitigations: list[Mitigation]


def served_by_others(risk: Risk, programme: Programme) -> list[Served]:
    """Mitigations that this risk borrows from other risks, by risk. Its own lines that refer name the others."""
    rows = Mitigation.objects.serving(risk).exclude(risk=risk).select_related("risk__project__theme", "owner")
    groups: dict[int, Served] = {}
    for row in rows.prefetch_related("references__risk").order_by("risk__number", "position", "pk"):
        row.programme = row.risk.programme = programme
        groups.setdefault(row.risk_id, Served(row.risk, [])).mitigations.append(row)
    return list(groups.values())


def serves(risk: Risk) -> list[Risk]:
    """Other risks that the mitigations of this one serve: each says so by a reference."""
    rows = Risk.objects.filter(mitigations__references__risk=risk).exclude(pk=risk.pk)
    return list(rows.distinct().order_by("number"))


def due_mitigations(programmes: Sequence[Programme], user: Any, ahead: int) -> list[Mitigation]:
    """The person's mitigations that are not done and due within so many days, of risks that are not closed."""
    rows = Mitigation.objects.filter(
        programme__in=programmes, owner=user, state__in=TO_DO, due_on__isnull=False
    )
    rows = rows.exclude(risk__state=Risk.State.CLOSED).select_related("risk__project__theme")
    until = {one.pk: one.today() + dt.timedelta(days=ahead) for one in programmes}
    return [
        row for row in rows.order_by("due_on", "pk") if row.due_on and row.due_on <= until[row.programme_id]
    ]
