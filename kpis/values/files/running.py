"""A file of values on its way in: kept, read by its columns, shown, and taken over by somebody else, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.db import retrying
from core.editing.pages import CHANGED
from core.history import own_context
from core.tables import Refused, Sheet, read_stored
from kpis.models import Indicator, Observation, SourceLink
from kpis.observing import Reading, store
from kpis.values.entering import default_link
from kpis.values.files.mapping import ValueMapping, guess
from kpis.values.files.reading import Read, read_values
from kpis.values.periods import parse_period
from measures.ledger.mapping import COLUMNS, HEAD_CHARACTERS, told
from measures.models import ImportKind, ImportMapping, ImportRun
from measures.workbooks.running import take_in
from programme.models import Programme

State = ImportRun.State
#: Of each sheet so much is kept for choosing columns.
_SAMPLE_ROWS, _SAMPLE_SHEETS = 30, 20

NOT_OWN = _("You brought this file: somebody else takes its values over.")
NOT_READ = _("The file does not wait to be taken over.")
PROBLEMS = _("Correct the problems first: the file is taken over as a whole or not at all.")
MOVED = _("Values changed after the preview was made. It was made anew: look at it again.")


def bring(*, programme: Programme, file: Any, link: SourceLink | None, by: Any) -> ImportRun:
    """Keeps the file and reads it; with columns that are known it is compared at once.

    Raises Refused for a file that cannot be read, ValidationError for one that holds personal identity codes; neither
    is kept.
    """
    run = take_in(programme=programme, file=file, name=file.name, by=by, kind=ImportKind.VALUES)
    try:
        sheets = read_stored(run.file, run.file_name)
        _refuse_codes(sheets)
    except (Refused, ValidationError):
        run.file.delete(save=False)
        run.delete()
        raise
    run.options = {
        "link": link.pk if link else None,
        "sheets": [_sample(one) for one in sheets[:_SAMPLE_SHEETS]],
    }
    kept, mapping, sheet = _known(run, sheets)
    run.mapping = kept
    if mapping is None or sheet is None:
        mapping = guess(sheets)
        run.options |= {"mapping": mapping.as_json()}
        run.save()
        return run
    return _compare(run, sheet, mapping)


def _refuse_codes(sheets: Iterable[Sheet]) -> None:
    """Rows of single people do not belong here, in no column of the file."""
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                identity_codes.refuse(cell)


def _forget_content(run: ImportRun) -> None:
    """Once the file is decided on, its values are observations or nothing: the file itself is not kept."""
    run.options = {name: value for name, value in run.options.items() if name not in ("sheets", "values")}
    if run.file:
        name, storage = str(run.file.name), run.file.storage
        run.file = ""
        transaction.on_commit(lambda: storage.delete(name))


def _sample(sheet: Sheet) -> dict[str, Any]:
    rows = [[told(value)[:HEAD_CHARACTERS] for value in row[:COLUMNS]] for row in sheet.rows[:_SAMPLE_ROWS]]
    return {"name": sheet.name, "rows": rows, "count": len(sheet.rows)}


def _known(
    run: ImportRun, sheets: list[Sheet]
) -> tuple[ImportMapping | None, ValueMapping | None, Sheet | None]:
    """The kept mapping whose headings are the file's; one of the same source first, then the latest."""
    rows = list(
        ImportMapping.objects.filter(programme=run.programme, kind=ImportKind.VALUES).order_by("-updated_at")
    )
    for row in sorted(rows, key=lambda row: row.mapping.get("link") != run.options["link"]):
        mapping = ValueMapping.of_json(row.mapping)
        sheet = mapping.fits(sheets)
        if sheet is not None and not mapping.lacks(has_indicator=run.options["link"] is not None):
            return row, mapping, sheet
    return None, None, None


def link_of(run: ImportRun) -> SourceLink | None:
    """The source whose values the whole file holds; None when its rows name the indicators."""
    pk = run.options.get("link")
    return SourceLink.objects.filter(programme=run.programme_id, pk=pk).first() if pk else None


@retrying
def choose_columns(*, run: ImportRun, mapping: ValueMapping, name: str, by: Any) -> ImportRun:
    """Keeps the mapping under its name, for the source and the programme, and reads the file by it."""
    sheets = read_stored(run.file, run.file_name)
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        held = ImportRun.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
        if held.state not in (State.UPLOADED, State.READ):
            raise ValidationError(NOT_READ, code=CHANGED)
        if name:
            row = ImportMapping.objects.filter(
                programme=held.programme, kind=ImportKind.VALUES, name=name
            ).first()
            row = row or ImportMapping(programme=held.programme, kind=ImportKind.VALUES, name=name)
            row.mapping = mapping.as_json() | {"link": held.options.get("link")}
            row.stamp(by).full_clean()
            row.save()
            held.mapping = row
        sheet = mapping.fits(sheets)
        if sheet is None:
            raise ValidationError(
                _("The file has no sheet with these headings any more."), code="no_such_sheet"
            )
        held.stamp(by)
        return _compare(held, sheet, mapping)


def _compare(run: ImportRun, sheet: Sheet, mapping: ValueMapping) -> ImportRun:
    """Reads the rows and keeps them with their problems; the preview is worked out when it is shown."""
    found = read_values(run.programme, sheet, mapping, link_of(run))
    run.options = run.options | {
        "mapping": mapping.as_json(), "values": [one.as_json() for one in found.values],
    }  # fmt: skip
    run.counts = {"values": len(found.values), "problems": found.problem_count}
    run.problems, run.state = found.problems, State.READ
    run.save()
    return run


# --- what would change --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One value of the file beside what counts now."""

    read: Read
    indicator: Indicator
    now: Decimal | None

    @property
    def kind(self) -> str:
        if self.now is None:
            return "new"
        return "same" if self.now == self.read.value else "revised"

    @property
    def period(self) -> str:
        return str(parse_period(self.read.period))


@dataclass(frozen=True)
class Preview:
    """What taking the file over would do, and its print: another state of the values has another one."""

    changes: list[Change]

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.changes)

    @property
    def print(self) -> str:
        rows = [
            [*one.read.place, str(one.read.value), None if one.now is None else str(one.now)]
            for one in self.changes
        ]
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def preview(run: ImportRun) -> Preview:
    """Every value of the file beside what counts now in the same source. Two statements."""
    reads = [Read.of_json(one) for one in run.options.get("values", [])]
    indicators = Indicator.objects.in_bulk({one.indicator for one in reads})
    now = _counting(reads)
    return Preview([
        Change(one, indicators[one.indicator], now.get((one.link, *one.place)) if one.link else None)
        for one in reads
        if one.indicator in indicators
    ])  # fmt: skip


def _counting(reads: Iterable[Read]) -> dict[tuple[Any, ...], Decimal]:
    rows = Observation.objects.filter(indicator__in={one.indicator for one in reads}).exclude(
        region_role=Observation.Region.PEER
    )
    found: dict[tuple[Any, ...], Decimal] = {}
    names = ("source_link", "indicator", "year", "term", "month", "region_role", "breakdown", "value")
    for link, indicator, year, term, month, role, breakdown, value in rows.order_by("vintage").values_list(
        *names
    ):
        key = f"{year}-{month:02d}" if month else f"{year}-T{term}" if term else str(year)
        found[link, indicator, key, role, breakdown] = value
    return found


# --- taking over --------------------------------------------------------------------------------------------------


@retrying
def take_over(*, run: ImportRun, by: Any, seen: str) -> dict[str, int]:
    """Stores every value of the file as the preview `seen` said, in one transaction; equal values make no vintage.

    Raises ValidationError for one's own file, for one with problems and when values changed since the preview.
    """
    context = own_context(
        user=getattr(by, "pk", None),
        reason=run.file_name,
        file=run.file_name,
        sha256=run.sha256,
        import_run=run.pk,
    )
    with transaction.atomic(), context:
        held = ImportRun.objects.select_for_update(of=("self",)).select_related("programme").get(pk=run.pk)
        if held.state != State.READ:
            raise ValidationError(NOT_READ, code=CHANGED)
        if held.created_by_id is not None and held.created_by_id == getattr(by, "pk", None):
            raise ValidationError(NOT_OWN, code="own")
        if held.problems:
            raise ValidationError(PROBLEMS, code="problems")
        found = preview(held)
        if found.print != seen:
            raise ValidationError(MOVED, code=CHANGED)
        counts = _store(held, found, by)
        held.state, held.applied_at, held.counts = State.APPLIED, timezone.now(), held.counts | counts
        _forget_content(held)
        held.stamp(by).save()
        return counts


def _store(run: ImportRun, found: Preview, by: Any) -> dict[str, int]:
    by_source: dict[tuple[int, int | None], list[Change]] = defaultdict(list)
    for one in found.changes:
        by_source[one.read.indicator, one.read.link].append(one)
    links = SourceLink.objects.in_bulk({link for _indicator, link in by_source if link})
    counts = {"new": 0, "revised": 0, "same": 0}
    for (_indicator, link), changes in sorted(
        by_source.items(), key=lambda item: (item[0][0], item[0][1] or 0)
    ):
        indicator = changes[0].indicator
        stored = store(
            indicator=indicator, link=links[link] if link else default_link(indicator, by),
            readings=[_reading(one.read) for one in changes], source=run.file_name, sha256=run.sha256, by=by,
        )  # fmt: skip
        counts["new"] += stored.new
        counts["revised"] += stored.revised
        counts["same"] += stored.unchanged
    return counts


def _reading(read: Read) -> Reading:
    period = parse_period(read.period)
    return Reading(
        period.year, read.value, role=read.role, breakdown=read.breakdown, term=period.term, month=period.month,
        count=read.count, base_count=read.base, is_baseline=read.is_baseline,
    )  # fmt: skip


@retrying
def discard(*, run: ImportRun, by: Any) -> None:
    """Puts the file aside; nothing of it was stored."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if held.state not in (State.UPLOADED, State.READ):
            raise ValidationError(NOT_READ, code=CHANGED)
        held.state = State.DISCARDED
        _forget_content(held)
        held.stamp(by).save()
