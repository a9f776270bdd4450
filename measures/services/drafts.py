"""Measures that come and go: the next free code, taking away a draft and bringing it back."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from core.db import retrying
from core.history import own_context
from measures.models import (
    Measure,
    MeasureGoal,
    MeasureSegment,
    MeasureTarget,
    SavingsEntry,
    SavingsLine,
    Stage,
)
from measures.services.common import refuse
from programme.models import Programme

#: What goes with a measure and comes back with it, in the order of bringing back.
PARTS: tuple[tuple[Any, str], ...] = (
    (SavingsLine, "lines"),
    (MeasureGoal, "goal_links"),
    (MeasureSegment, "segment_links"),
    (MeasureTarget, "targets"),
)
_NUMBERED = re.compile(r"^(.*?)(\d+)$")


def next_code(programme: Programme) -> str:
    """The code after the highest one of the most common kind: T-118 gives T-119. T-001 in an empty programme."""
    codes = Measure.objects.filter(programme=programme).order_by().values_list("code", flat=True)
    found = [match.groups() for match in map(_NUMBERED.match, codes) if match]
    if not found:
        return "T-001"
    prefix = Counter(prefix for prefix, _number in found).most_common(1)[0][0]
    highest = max((number for start, number in found if start == prefix), key=int)
    return f"{prefix}{int(highest) + 1:0{len(highest)}d}"


def why_kept(measure: Measure) -> str:
    """Why a measure is not deleted, for people; empty for a draft that may go."""
    if measure.stage != Stage.IDENTIFIED:
        return str(_("Only a measure that is still “identified” is deleted. Withdraw this one instead."))
    if SavingsEntry.objects.filter(programme_id=measure.programme_id, line__measure=measure).exists():
        return str(_("The measure has months of money. Take them away first, or withdraw the measure."))
    for relation in Measure._meta.related_objects:
        own = relation.get_accessor_name() in ("events", *(name for _model, name in PARTS))
        if not own and relation.related_model._base_manager.filter(**{relation.field.name: measure}).exists():
            return str(_("Updates, obstacles or other notes hang on the measure. Withdraw it instead."))
    return ""


@retrying
def delete_draft(*, measure: Measure, by: Any, reason: str) -> None:
    """Takes a draft away with its lines, links and targets. History keeps all of it; `restore_draft` undoes it."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row = Measure.objects.select_for_update().get(pk=measure.pk)
        kept = why_kept(row)
        if kept:
            refuse("not_a_draft", kept)
        row.delete()


def deleted_event(programme: Programme, pk: int) -> Any:
    """The last event of a measure that was deleted and has not come back; None otherwise."""
    if Measure.objects.filter(pk=pk).exists():
        return None
    events = Measure.events.rel.related_model  # type: ignore[attr-defined]
    last = events.objects.filter(pgh_obj_id=pk, programme=programme).order_by("-pgh_id").first()
    return last if last is not None and last.pgh_label == "delete" else None


def as_deleted(event: Any) -> Measure:
    """The measure that the event tells of, not stored, with its parts at hand: rights ask where it lay."""
    measure = Measure(**_values(Measure, event))
    measure._prefetched_objects_cache = {  # type: ignore[attr-defined]
        name: [model(**_values(model, part)) for part in _parts_gone_with(event, model)]
        for model, name in PARTS
    }
    return measure


def _parts_gone_with(event: Any, model: Any) -> Any:
    events = model.events.rel.related_model.objects
    gone = events.filter(measure_id=event.pgh_obj_id, pgh_context_id=event.pgh_context_id, pgh_label="delete")
    return gone.order_by("pgh_obj_id")


@retrying
def restore_draft(*, programme: Programme, pk: int, by: Any, reason: str = "") -> Measure:
    """Brings a deleted draft back as it was, with what went with it; it goes on counting its versions."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        event = deleted_event(programme, pk)
        if event is None:
            refuse("not_deleted", _("This measure is there already."))
        if Measure.objects.filter(programme=programme, code=event.code).exists():
            refuse("code_taken", _("Another measure has taken the code since then."))
        measure: Measure = _as_it_was(Measure, event, by)
        for model, _name in PARTS:
            for part in _parts_gone_with(event, model):
                _as_it_was(model, part, by)
        return measure


def _as_it_was(model: type[models.Model], event: Any, by: Any) -> Any:
    """The row that the event tells of, stored again under its own number as its next version."""
    row = model(
        **_values(model, event) | {"version": event.version + 1, "updated_by_id": getattr(by, "pk", None)}
    )
    row.save(force_insert=True)
    return row


def _values(model: type[models.Model], event: Any) -> dict[str, Any]:
    kept = {field.attname for field in type(event)._meta.concrete_fields}
    names = (field.attname for field in model._meta.concrete_fields)
    return {name: getattr(event, name) for name in names if name in kept}
