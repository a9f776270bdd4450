"""Changing many measures at once: what is asked, what it would change, and doing it with the versions shown.

Nothing is overwritten: a measure that somebody changed after the preview is left as it is and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing.saving import unchanged_since
from core.history import own_context
from core.money import DASH
from core.periods import format_date
from core.templatetags.ui import plain_text
from core.text import Named
from measures.models import BulkChange, Measure, MeasureSegment
from measures.models.measures import Confidence
from programme.models import Programme, Segment

SALT = "measures.bulk"
#: Seconds a preview can be carried out.
KEEP_SECONDS = 4 * 3600


@dataclass(frozen=True)
class Changes:
    """What to set, by column, with None or "" to clear; segments to link and to unlink by id."""

    values: Mapping[str, Any] = field(default_factory=dict)
    add_segments: Sequence[int] = ()
    remove_segments: Sequence[int] = ()
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.values or self.add_segments or self.remove_segments)


@dataclass(frozen=True)
class Plan:
    """A preview that can be carried out: the measures with the versions it showed, and the changes."""

    versions: Mapping[int, int]
    changes: Changes

    def signed(self, user: Any, programme: Programme) -> str:
        told = {
            "user": user.pk, "programme": programme.pk, "rows": [list(pair) for pair in self.versions.items()],
            "values": {name: _text(value) for name, value in self.changes.values.items()},
            "add": list(self.changes.add_segments), "remove": list(self.changes.remove_segments),
            "reason": self.changes.reason,
        }  # fmt: skip
        return signing.dumps(told, salt=SALT, compress=True)


def _text(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def read_plan(blob: str, user: Any, programme: Programme) -> Plan | None:
    """The plan that this person was shown in this programme; None when it is not one or is too old."""
    try:
        told = signing.loads(blob, salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        return None
    if (told["user"], told["programme"]) != (user.pk, programme.pk):
        return None
    changes = Changes(read_values(told["values"]), told["add"], told["remove"], told["reason"])
    return Plan({pk: version for pk, version in told["rows"]}, changes)


def read_values(told: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column as they were written down."""
    columns = {column.attname: column for column in Measure._meta.concrete_fields}
    return {name: columns[name].to_python(value) for name, value in told.items()}


# --- preview ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """One field of one measure: before and after in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One measure of the preview: what moves, or why it cannot."""

    measure: Measure
    moves: list[Move]
    problem: str = ""


def preview(measures: Iterable[Measure], changes: Changes) -> list[Line]:
    """What the changes would do to each measure; measures they leave as they are have no moves."""
    words = Words()
    found = []
    for measure in measures:
        moves = [
            Move(label, words.said(column, getattr(measure, column)), words.said(column, wanted))
            for column, label in labels().items()
            if column in changes.values and getattr(measure, column) != (wanted := changes.values[column])
        ]
        linked = {link.segment_id for link in measure.segment_links.all()}
        after = (linked | set(changes.add_segments)) - set(changes.remove_segments)
        if after != linked:
            moves.append(Move(_("Client segments"), words.segments(linked), words.segments(after)))
        found.append(Line(measure, moves, problem_of(measure, changes) if moves else ""))
    return found


def problem_of(measure: Measure, changes: Changes) -> str:
    """Why this measure cannot take the changes, in words; empty when it can."""
    starts = changes.values.get("starts_on", measure.starts_on)
    ends = changes.values.get("ends_on", measure.ends_on)
    if starts and ends and ends < starts:
        return _("It would end before it starts.")
    return ""


def labels() -> dict[str, str]:
    """Columns that a bulk change may set, with their words."""
    return {
        "owner_id": _("Owner"),
        "project_id": _("Project"),
        "linked_initiative_id": _("Linked project"),
        "goal_id": _("Goal"),
        "starts_on": _("Starts on"),
        "ends_on": _("Ends on"),
        "confidence_of_owner": _("Delivery confidence"),
    }


class Words:
    """Values as people read them; a name is read when it is first asked for."""

    def __init__(self) -> None:
        self.names: dict[tuple[Any, int], str] = {}

    def said(self, column: str, value: Any) -> str:
        if value in (None, ""):
            return DASH
        if isinstance(value, date):
            return format_date(value)
        if column == "confidence_of_owner":
            return str(Confidence(value).label)
        return self._name(Measure._meta.get_field(column.removesuffix("_id")).related_model, value)

    def segments(self, ids: Iterable[int]) -> str:
        return ", ".join(sorted(self._name(Segment, key) for key in ids)) or DASH

    def _name(self, model: Any, pk: int) -> str:
        if (model, pk) not in self.names:
            row = model._base_manager.filter(pk=pk).first()
            self.names[model, pk] = plain_text(row) if isinstance(row, Named) else str(row or pk)
        return self.names[model, pk]


# --- doing it --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What came of a plan: how many measures changed, and which were left as they are, with the reason."""

    changed: int
    left: list[tuple[Measure, str]]


@retrying
def carry_out(plan: Plan, *, programme: Programme, by: Any) -> Outcome:
    """Changes the measures of a plan in one transaction, each only if it is still the version that was shown."""
    with (
        transaction.atomic(),
        own_context(user=getattr(by, "pk", None), reason=plan.changes.reason) as context,
    ):
        rows = _locked(programme, plan.versions)
        changed: list[int] = []
        left = []
        for row in rows:
            problem = _("Somebody changed it meanwhile.") if row.version != plan.versions[row.pk] else ""
            problem = problem or problem_of(row, plan.changes)
            if problem:
                left.append((row, problem))
            elif _change(row, plan, by):
                changed.append(row.pk)
        if changed:
            _keep(programme, plan, changed, context.id, by)
        return Outcome(len(changed), left)


def _keep(programme: Programme, plan: Plan, changed: list[int], context_id: Any, by: Any) -> None:
    """One row for the whole change, so that it can be looked up and undone; what was before is in the history."""
    told = {
        "values": {name: _text(value) for name, value in plan.changes.values.items()},
        "add": list(plan.changes.add_segments), "remove": list(plan.changes.remove_segments), "rows": changed,
    }  # fmt: skip
    BulkChange(
        programme=programme,
        context_id=context_id,
        fields=told,
        count=len(changed),
        reason=plan.changes.reason,
    ).stamp(by).save()


def _locked(programme: Programme, versions: Mapping[int, int]) -> QuerySet[Measure]:
    """The measures by id, locked in that order: two bulk changes at once wait for each other, never in a ring."""
    rows = Measure.objects.filter(programme=programme, pk__in=list(versions)).order_by("pk")
    return rows.select_for_update(of=("self",)).prefetch_related("segment_links")


def _change(row: Measure, plan: Plan, by: Any) -> bool:
    """Whether anything of the row moved."""
    changes = plan.changes
    values = {name: value for name, value in changes.values.items() if getattr(row, name) != value}
    if values:
        same = Measure.objects.filter(pk=row.pk).filter(unchanged_since(plan.versions[row.pk]))
        same.update(**values, updated_by=by)
    linked = {link.segment_id for link in row.segment_links.all()}
    fresh = [key for key in changes.add_segments if key not in linked]
    gone = [key for key in changes.remove_segments if key in linked]
    MeasureSegment.objects.bulk_create(
        MeasureSegment(
            programme_id=row.programme_id, measure=row, segment_id=key, created_by=by, updated_by=by
        )
        for key in fresh
    )
    if gone:
        MeasureSegment.objects.filter(measure=row, segment_id__in=gone).delete()
    return bool(values or fresh or gone)
