"""Undoing a change of many measures, once: what it wrote and still stands goes back to what was before it.

History says what was before. A field that somebody has changed since is left as it is and named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from measures.bulk import Changes, Move, Words, labels, problem_of, read_values
from measures.models import BulkChange, Measure, MeasureSegment
from measures.services.common import CHANGED, refuse

#: The event that a change made of each row, and the one just before it, found by the index on (object, event).
_EVENTS = """
    SELECT made.pgh_obj_id, made.pgh_id, (
        SELECT max(was.pgh_id) FROM measures_measureevent was
        WHERE was.pgh_obj_id = made.pgh_obj_id AND was.pgh_id < made.pgh_id
    )
    FROM measures_measureevent made
    WHERE made.pgh_obj_id = ANY(%s) AND made.pgh_context_id = %s
"""


@dataclass
class Back:
    """What goes back on one measure, and what is left because it was changed since."""

    measure: Measure
    values: dict[str, Any] = field(default_factory=dict)
    unlink: list[int] = field(default_factory=list)
    link: list[int] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        return bool(self.values or self.unlink or self.link)


def plan_undo(change: BulkChange, *, lock: bool = False) -> list[Back]:
    """What undoing the change would do to each of its measures that are still there, by id."""
    rows = Measure.objects.filter(programme_id=change.programme_id, pk__in=change.fields["rows"]).order_by(
        "pk"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    measures = list(rows.prefetch_related("segment_links"))
    wrote = read_values(change.fields["values"])
    before = _before(change, list(wrote))
    linked = _links_made(change, [row.pk for row in measures])
    words, names = Words(), labels()
    alive = _alive(wrote, before)
    return [
        _back(row, wrote, before.get(row.pk, {}), linked.get(row.pk, {}), words, names, alive)
        for row in measures
    ]


def _before(change: BulkChange, columns: list[str]) -> dict[int, dict[str, Any]]:
    """Values just before the change, of the columns that it really changed: measure -> column -> value."""
    if not columns:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [change.fields["rows"], change.context_id])
        pairs = cursor.fetchall()
    events: Any = Measure.events.rel.related_model  # type: ignore[attr-defined]
    ids = {event for _pk, *both in pairs for event in both if event}
    told = {row["pgh_id"]: row for row in events.objects.filter(pgh_id__in=ids).values("pgh_id", *columns)}
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for pk, made, was in pairs:
        if was is not None:
            for column in columns:
                if told[made][column] != told[was][column]:
                    found[pk][column] = told[was][column]
    return found


def _links_made(change: BulkChange, ids: list[int]) -> dict[int, dict[int, bool]]:
    """Client segments that the change linked (True) or took away (False): measure -> segment -> which."""
    if not (change.fields["add"] or change.fields["remove"]):
        return {}
    events: Any = MeasureSegment.events.rel.related_model  # type: ignore[attr-defined]
    rows = events.objects.filter(pgh_context_id=change.context_id, measure_id__in=ids)
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for measure, segment, label in rows.values_list("measure_id", "segment_id", "pgh_label"):
        found[measure][segment] = label == "insert"
    return found


def _alive(wrote: Mapping[str, Any], before: Mapping[int, Mapping[str, Any]]) -> dict[str, set[int]]:
    """Rows that earlier values name and that are still there, by column."""
    found = {}
    for column in wrote:
        model = Measure._meta.get_field(column.removesuffix("_id")).related_model
        if isinstance(model, type):
            wanted = {values[column] for values in before.values() if values.get(column)}
            found[column] = set(model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    return found


def _back(
    row: Measure, wrote: Mapping[str, Any], before: Mapping[str, Any], links: Mapping[int, bool], words: Words,
    names: Mapping[str, str], alive: Mapping[str, set[int]],
) -> Back:  # fmt: skip
    back = Back(row)
    for column, was in before.items():
        now = getattr(row, column)
        if now != wrote[column]:
            back.left.append(_("%(field)s was changed since.") % {"field": names[column]})
        elif was and column in alive and was not in alive[column]:
            back.left.append(_("%(field)s: what stood there is gone.") % {"field": names[column]})
        else:
            back.values[column] = was
            back.moves.append(Move(names[column], words.said(column, now), words.said(column, was)))
    problem = problem_of(row, Changes(back.values))
    if problem:
        for column in ("starts_on", "ends_on"):
            back.values.pop(column, None)
        back.moves = [move for move in back.moves if move.label not in (names["starts_on"], names["ends_on"])]
        back.left.append(problem)
    standing = {link.segment_id for link in row.segment_links.all()}
    for segment, was_linked in links.items():
        if was_linked == (segment in standing):
            (back.unlink if was_linked else back.link).append(segment)
    if back.unlink or back.link:
        after = (standing - set(back.unlink)) | set(back.link)
        back.moves.append(Move(_("Client segments"), words.segments(standing), words.segments(after)))
    return back


@retrying
def undo_change(*, change: BulkChange, by: Any, reason: str) -> list[Back]:
    """Undoes the change in one transaction and answers what came of each measure. Once only, with a reason."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the change is undone.")})
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        row = BulkChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        if row.undone_at is not None:
            refuse(CHANGED, _("This change was undone already."))
        found = plan_undo(row, lock=True)
        for back in found:
            _carry_out(back, by)
        row.undone_at, row.undone_by = timezone.now(), by
        row.stamp(by).save()
        return found


def _carry_out(back: Back, by: Any) -> None:
    row = back.measure
    if back.values:
        Measure.objects.filter(pk=row.pk).update(**back.values, updated_by=by)
    if back.unlink:
        MeasureSegment.objects.filter(measure=row, segment_id__in=back.unlink).delete()
    MeasureSegment.objects.bulk_create(_links(row, back.link, by))


def _links(row: Measure, segments: Iterable[int], by: Any) -> list[MeasureSegment]:
    return [
        MeasureSegment(
            programme_id=row.programme_id, measure=row, segment_id=pk, created_by=by, updated_by=by
        )
        for pk in segments
    ]
