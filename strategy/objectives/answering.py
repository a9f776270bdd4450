"""Answers of the metrics: what a person says, what follows from a number, and what was said before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.attachments import allow
from core.db import retrying
from core.editing import RowForm, Saved, save_edit
from core.editing.pages import CHANGED
from core.history import own_context
from programme.models import Programme
from strategy.models import MetricYear, ObjectiveMetric
from strategy.objectives.judging import OF_EARLIER, is_numeric, judged, numbers_of

Answer = MetricYear.Answer
#: In a form: the answer is what follows from the number.
FOLLOWS = ""

allow("strategy.metricyear")


@dataclass(frozen=True)
class Settled:
    """An answer as it is stored: what it is, and whether a person judged what a number could tell."""

    answer: str
    number: Decimal | None
    is_judged: bool
    note: str

    @property
    def columns(self) -> dict[str, Any]:
        return {
            "answer": self.answer, "number": self.number, "is_judged": self.is_judged, "note": self.note
        }  # fmt: skip


def settle(
    metric: ObjectiveMetric, year: int, *, chosen: str, number: Decimal | None, note: str
) -> Settled:  # fmt: skip
    """The answer that is stored for what a person filled in. `chosen` is FOLLOWS or an answer.

    Raises ValidationError at `note` where a reason is missing: for no, for partly, and for an answer that a
    person gives although the number says something else or nothing.
    """
    note = note.strip()
    if not is_numeric(metric):
        answer = chosen or Answer.OPEN
        found = Settled(answer, number, False, note)
    else:
        numbers = {at: one for at, one in numbers_of(metric).items() if at != year}
        if number is not None:
            numbers[year] = number
        worked = judged(metric.rule, numbers, year).answer
        own = chosen not in (FOLLOWS, worked)
        found = Settled(chosen if own else worked, number, own and chosen != Answer.OPEN, note)
    if found.note or found.answer in (Answer.OPEN, Answer.YES) and not found.is_judged:
        return found
    if found.is_judged:
        raise ValidationError({"note": _("Write why you judge it so: the figure alone does not say it.")})
    raise ValidationError({"note": _("Write the reason: a “no” or “partly” is read with it.")})


def _given(answer: str, by: Any, on: date) -> dict[str, Any]:
    """Who answered and when; nobody while it is open."""
    is_open = answer == Answer.OPEN
    return {"answered_on": None if is_open else on, "answered_by": None if is_open else by}


@retrying
def store_answer(form: RowForm, by: Any) -> Saved:
    """Saves the answer of a valid form, and works out again what follows from the number in later years."""
    settled: Settled = form.settled  # type: ignore[attr-defined]
    row: MetricYear = form.instance
    given = _given(settled.answer, by, row.programme.today())
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=settled.note[:1000]):
        saved = save_edit(form, by, {"is_judged": settled.is_judged} | given)
        _follow_on([row.metric_id], by)
        return saved


@retrying
def store_answers(
    programme: Programme, answers: Iterable[tuple[MetricYear, Settled, int]], by: Any
) -> int:  # fmt: skip
    """Stores the answers of a whole year, all or none; how many. Each comes with the version its writer saw.

    Raises ValidationError (CHANGED) when somebody answered one of them meanwhile.
    """
    rows = list(answers)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        for row, settled, version in rows:
            given = _given(settled.answer, by, programme.today())
            values = settled.columns | given | {"updated_by": by}
            if not MetricYear.objects.filter(pk=row.pk, version=version).update(**values):
                raise ValidationError(
                    _("Somebody answered “%(metric)s” meanwhile. Look at it and send the form again.")
                    % {"metric": row.metric.name},
                    code=CHANGED,
                )
        _follow_on([row.metric_id for row, _settled, _version in rows], by)
    return len(rows)


def _follow_on(metrics: Iterable[int], by: Any) -> None:
    """A number that changes may change what follows from the numbers of later years; judged answers stay."""
    found = ObjectiveMetric.objects.filter(pk__in=set(metrics), rule__kind__in=OF_EARLIER)
    for metric in found.select_related("rule").prefetch_related("years"):
        follow_numbers(metric, by)


def follow_numbers(metric: ObjectiveMetric, by: Any) -> None:
    """Works out again the answers that follow from the metric's numbers."""
    numbers = numbers_of(metric)
    for row in metric.years.all():
        answer = judged(metric.rule, numbers, row.year).answer
        if row.number is not None and not row.is_judged and row.answer != answer:
            MetricYear.objects.filter(pk=row.pk, version=row.version).update(
                answer=answer, updated_by=by, **_given(answer, by, metric.programme.today())
            )


# --- what was said before ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What an answer was from some day on."""

    answer: str
    word: str
    number: Decimal | None
    note: str
    on: Any
    by: str
    is_judged: bool


def said_before(row: MetricYear) -> list[Said]:
    """Every answer that was given, the newest first, as the history keeps them. One statement."""
    events = MetricYear.events.rel.related_model.objects.filter(pgh_obj_id=row.pk)  # type: ignore[attr-defined]
    words = dict(Answer.choices)
    found: list[Said] = []
    last: Mapping[str, Any] = {}
    fields = ("answer", "number", "note", "is_judged")
    for event in events.select_related("answered_by").order_by("pgh_id"):
        now = {name: getattr(event, name) for name in fields}
        if now != last and (last or now["answer"] != Answer.OPEN):
            person = event.answered_by
            found.append(
                Said(now["answer"], str(words[now["answer"]]), now["number"], now["note"], event.pgh_created_at,
                     str(person) if person else "", now["is_judged"])
            )  # fmt: skip
        last = now
    return found[::-1]


def answerable(programme: Programme, year: int) -> list[MetricYear]:
    """The year's answers with metric, rule, numbers of other years and owner, in the order of the matrix."""
    rows = (
        MetricYear.objects.filter(programme=programme, year=year)
        .select_related("metric__objective__owner", "metric__rule", "metric__follows", "answered_by")
        .prefetch_related("metric__years")
        .order_by("metric__objective__number", "metric__position", F("metric_id"))
    )
    return list(rows)
