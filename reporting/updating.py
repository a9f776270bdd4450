"""The monthly update of a measure: what is asked, how an answer becomes months, and who is asked next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.history import own_context
from core.money import DASH, spread
from core.periods import add_months, format_date, months, next_month
from measures.models import Measure, MonthlyUpdate, SavingsEntry, SavingsLine, Series
from measures.selectors import books_closed_through
from measures.selectors.updates import without_update
from measures.services import Cell, record_entries
from programme.models import Programme
from programme.updates.months import due_month
from risks.escalation.services import raise_obstacle

#: How far back "last month" is looked for.
MONTHS_BACK = 12


def waiting_measures(programmes: Sequence[Programme]) -> QuerySet[Measure]:
    """Measures of the programmes whose due month nobody has answered or claimed yet, by programme and code.

    The programmes' own days count; one statement, whatever their number.
    """
    rows = Measure.objects.none()
    found: QuerySet[Measure] = rows
    by_month: dict[date, list[int]] = {}
    for programme in programmes:
        by_month.setdefault(due_month(programme), []).append(programme.pk)
    for month, ids in by_month.items():
        part = without_update(month, ids)
        found = part if found is rows else found | part
    return found.order_by("programme_id", "code")


def next_measure(programme: Programme, user: Any, after: Measure) -> Measure | None:
    """The next measure of this person that waits for an answer, round from the one just answered."""
    mine = list(
        waiting_measures([programme]).filter(owner=user).exclude(pk=after.pk).only("code", "programme_id")
    )
    later = [row for row in mine if row.code > after.code]
    return next(iter(later or mine), None)


# ---------------------------------------------------------------------------- what is asked
@dataclass(frozen=True)
class LineNow:
    """One savings line as the owner sees it: cents of last month's claim, of the due month, and its versions."""

    line: SavingsLine
    last_eur_cents: int | None
    claimed: SavingsEntry | None
    forecast_eur_cents: int | None
    plan_eur_cents: int | None

    @property
    def weight(self) -> int:
        """The line's share of an amount that is given for the whole measure."""
        known = (self.last_eur_cents, self.forecast_eur_cents, self.plan_eur_cents)
        return abs(next((cents for cents in known if cents), 0))

    @property
    def version(self) -> int:
        return 0 if self.claimed is None else self.claimed.version


@dataclass
class Question:
    """Everything the one screen needs of a measure and its due month."""

    measure: Measure
    programme: Programme
    month: date
    last_month: date | None
    lines: list[LineNow]
    given: MonthlyUpdate | None
    closed_through: date | None
    #: (line, month after the due one) -> its forecast.
    forecasts: Mapping[tuple[int, date], SavingsEntry] = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        """Whether the books of the month are closed, so that a change needs its reason."""
        return self.closed_through is not None and self.month <= self.closed_through

    @cached_property
    def last_eur_cents(self) -> int | None:
        return _known(line.last_eur_cents for line in self.lines)

    @cached_property
    def claimed_eur_cents(self) -> int | None:
        return _known(line.claimed.amount_eur_cents for line in self.lines if line.claimed is not None)

    @cached_property
    def forecast_eur_cents(self) -> int | None:
        return _known(line.forecast_eur_cents for line in self.lines)

    @property
    def is_cost(self) -> bool:
        """Whether the measure is expected to cost rather than save, so that a bare number is a cost."""
        plan = _known(one.plan_eur_cents for one in self.lines)
        expected = (self.last_eur_cents, self.forecast_eur_cents, plan)
        return next((cents for cents in expected if cents), -1) > 0

    @property
    def rest(self) -> list[date]:
        """Months after the due one to the end of the programme or of the measure."""
        last = date(self.programme.end_year, 12, 1)
        if self.measure.ends_on is not None:
            last = min(last, self.measure.ends_on.replace(day=1))
        return list(months(next_month(self.month), next_month(last)))

    def shares(self, cents: int) -> list[int]:
        """The amount over the lines: by last month's shares, equally where nothing is known."""
        weights = [line.weight for line in self.lines]
        return spread(cents, weights if any(weights) else len(weights))


def _known(parts: Any) -> int | None:
    values = [cents for cents in parts if cents is not None]
    return sum(values) if values else None


def question_of(measure: Measure, programme: Programme, month: date | None = None) -> Question:
    """What the update asks of the measure. Four statements."""
    month = month or due_month(programme)
    lines = list(measure.lines.select_related("sector", "cost_type").order_by("pk"))
    entries = SavingsEntry.objects.filter(
        programme_id=measure.programme_id,
        line_id__in=[line.pk for line in lines],
    ).filter(
        Q(
            series__in=[Series.CLAIMED, Series.FORECAST, Series.PLAN],
            month__gte=add_months(month, -MONTHS_BACK),
            month__lte=month,
        )
        | Q(series=Series.FORECAST, month__gt=month)
    )
    cells = {(entry.line_id, entry.series, entry.month): entry for entry in entries}
    last = max(
        (day for _line, series, day in cells if series == Series.CLAIMED and day < month), default=None
    )

    def cents(line: SavingsLine, series: str, day: date | None) -> int | None:
        entry = cells.get((line.pk, series, day)) if day else None
        return entry.amount_eur_cents if entry is not None else None

    return Question(
        measure=measure,
        programme=programme,
        month=month,
        last_month=last,
        lines=[
            LineNow(
                line,
                cents(line, Series.CLAIMED, last),
                cells.get((line.pk, Series.CLAIMED, month)),
                cents(line, Series.FORECAST, month),
                cents(line, Series.PLAN, month),
            )
            for line in lines
        ],
        given=MonthlyUpdate.objects.filter(
            programme_id=measure.programme_id, measure=measure, month=month
        ).first(),
        closed_through=books_closed_through(programme),
        forecasts={
            (line, day): entry
            for (line, series, day), entry in cells.items()
            if series == Series.FORECAST and day > month
        },
    )


# ---------------------------------------------------------------------------- what is answered
#: What an owner may change of the measure beside the figures.
FACTS = ("confidence_of_owner", "starts_on", "ends_on")


CHANGED_MEANWHILE = _("Somebody changed it meanwhile.")


class AnswerChanged(ValidationError):
    """Somebody changed what the answer would replace since the page was shown; nothing was written."""


@dataclass(frozen=True)
class Shown:
    """What the page showed: the version of the answer given before (0: none), last month's cents, the facts.

    `forecasts` holds version and cents of each forecast after the due month that there was, by line and month.
    """

    given_version: int
    last_eur_cents: int | None
    facts: Mapping[str, str]
    forecasts: Mapping[tuple[int, date], tuple[int, int]] = field(default_factory=dict)


def shown_of(question: Question) -> Shown:
    """What a page that is made now shows."""
    return Shown(
        0 if question.given is None else question.given.version,
        question.last_eur_cents,
        {name: fact_text(getattr(question.measure, name)) for name in FACTS},
        {key: (entry.version, entry.amount_eur_cents) for key, entry in question.forecasts.items()},
    )


def fact_text(value: Any) -> str:
    """A fact as one text, the same for equal values."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@dataclass(frozen=True)
class Answered:
    """What the owner said. Cents are signed; `by_line` goes before `amount_eur_cents`."""

    answer: str
    amount_eur_cents: int | None = None
    by_line: Mapping[int, int | None] = field(default_factory=dict)
    forecast_eur_cents: int | None = None
    obstacle: str = ""
    note: str = ""
    reason: str = ""
    seen: Mapping[int, int] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    shown: Shown | None = None


def give_update(*, question: Question, said: Answered, by: Any) -> MonthlyUpdate:
    """Writes one month's answer: claims, new forecast, obstacle, facts of the measure. All or nothing.

    Given again it replaces the answer. A closed month needs a reason, a decided claim refuses (both said by
    `record_entries`), and so does a claim or a forecast to be replaced that somebody else changed since it was
    shown. Raises AnswerChanged for an answer, a last month or a fact that is no longer as shown.
    """
    measure, programme = question.measure, question.programme
    with transaction.atomic(), own_context(user=by.pk, reason=said.reason or said.note):
        _check_last(question, said)
        cells = [*_claims(question, said), *_forecasts(question, said)]
        record_entries(cells=cells, by=by, reason=said.reason)
        _change_measure(measure, said, by)
        if said.obstacle.strip():
            raise_obstacle(
                programme=programme, name=said.obstacle, by=by, on=programme.today(), measure=measure
            )
        values = {"answer": said.answer, "note": said.note, "given_by": by, "updated_by": by}
        row, is_new = MonthlyUpdate.objects.select_for_update().get_or_create(
            programme=programme, measure=measure, month=question.month, defaults=values | {"created_by": by}
        )
        if not is_new:
            if said.shown is not None and row.version != said.shown.given_version:
                raise AnswerChanged(CHANGED_MEANWHILE)
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
        return row


def _check_last(question: Question, said: Answered) -> None:
    """ "The same" means the figure that stood on the page."""
    if said.shown is None or said.answer != MonthlyUpdate.Answer.SAME:
        return
    if question.last_eur_cents != said.shown.last_eur_cents:
        raise AnswerChanged(CHANGED_MEANWHILE)


def _claims(question: Question, said: Answered) -> list[Cell]:
    amounts = _claimed(question, said)
    return [
        Cell(line.line, Series.CLAIMED, question.month, amounts[line.line.pk], said.seen.get(line.line.pk, 0))
        for line in question.lines
        if line.line.pk in amounts
    ]


def _claimed(question: Question, said: Answered) -> dict[int, int | None]:
    """Line -> cents of the due month; only lines that the answer says something of."""
    if said.answer == MonthlyUpdate.Answer.SAME:
        return {one.line.pk: one.last_eur_cents for one in question.lines if one.last_eur_cents is not None}
    own = {pk: cents for pk, cents in said.by_line.items() if cents is not None}
    if own or said.amount_eur_cents is None:
        return dict(own)
    if not question.lines:
        raise ValidationError(
            _("The measure has no savings lines yet, so an amount has no place."), code="no_lines"
        )
    shares = question.shares(said.amount_eur_cents)
    return {one.line.pk: share for one, share in zip(question.lines, shares, strict=True)}


def _forecasts(question: Question, said: Answered) -> list[Cell]:
    """The new forecast a month, for every month that is left."""
    if said.forecast_eur_cents is None or not question.lines:
        return []
    shares = question.shares(said.forecast_eur_cents)
    return [
        Cell(one.line, Series.FORECAST, month, share, *_forecast_shown(said, one.line, month))
        for one, share in zip(question.lines, shares, strict=True)
        for month in question.rest
    ]


def _forecast_shown(said: Answered, line: SavingsLine, month: date) -> tuple[int | None, int | None]:
    """Version and cents of the forecast as the page had it; version 0 where there was none."""
    return (None, None) if said.shown is None else said.shown.forecasts.get((line.pk, month), (0, None))


def _fact_words(measure: Measure, name: str) -> str:
    """How the fact stands now, for people."""
    value = getattr(measure, name)
    if isinstance(value, date):
        return format_date(value)
    return str(getattr(measure, f"get_{name}_display")()) if value else DASH


def _change_measure(measure: Measure, said: Answered, by: Any) -> None:
    """The facts that the owner gave otherwise than shown; AnswerChanged for one that somebody else changed too."""
    if not said.changes:
        return
    row = Measure.objects.select_for_update().get(pk=measure.pk)
    for name, value in said.changes.items():
        now = fact_text(getattr(row, name))
        if said.shown is not None and now not in (said.shown.facts[name], fact_text(value)):
            raise AnswerChanged({name: f"{CHANGED_MEANWHILE} {_fact_words(row, name)}"})
        setattr(row, name, value)
    row.full_clean(exclude=["programme", "goal", "owner"])
    Measure.objects.filter(pk=measure.pk).update(**said.changes, updated_by=by)
