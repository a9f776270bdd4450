"""Judging again where only the day has changed: a value has become late, a rule begins or ends, a year begins."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from kpis.evaluating.writing import evaluate
from kpis.models import Evaluation, Indicator, Outcome, TargetRule
from programme.models import Programme


def evaluate_due(*, today: dt.date | None = None) -> int:
    """Judges again the indicators whose answer may depend on the day; how many there were."""
    count = 0
    for programme in Programme.objects.all():
        rows = list(due_for(programme, today or programme.today()))
        evaluate(rows, today=today)
        count += len(rows)
    return count


def due_for(programme: Programme, day: dt.date) -> list[Indicator]:
    """Indicators with an answer that waits for publication, without one for the year that has begun, or with a
    rule that began or ended since it was judged.
    """
    current = Evaluation.objects.filter(indicator=OuterRef("pk"), superseded_at=None)
    rules = TargetRule.objects.filter(indicator=OuterRef("pk"), parent=None, is_suggestion=False)
    unsaid = rules.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day).exclude(
        Exists(Evaluation.objects.filter(rule=OuterRef("pk"), superseded_at=None))
    )
    return list(
        Indicator.objects.filter(programme=programme).filter(
            Exists(current.filter(outcome=Outcome.NOT_PUBLISHED))
            | Exists(current.filter(rule__valid_to__lte=day))
            | Exists(unsaid)
            | (Exists(rules) & ~Exists(current.filter(year=day.year)))
        )
    )
