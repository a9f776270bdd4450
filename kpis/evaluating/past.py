"""What the rules had said by an earlier day: for reports, which keep the rules and figures of their day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from kpis.models import Evaluation
from programme.models import Programme


def evaluations_on(programme: Programme, day: dt.date) -> QuerySet[Evaluation]:
    """The answers that were the current ones at the end of the local day."""
    end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time()))
    return Evaluation.objects.filter(programme=programme, evaluated_at__lt=end).filter(
        Q(superseded_at=None) | Q(superseded_at__gte=end)
    )
