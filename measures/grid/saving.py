"""From typed texts to saved months: reading, refusing, and telling what somebody else did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.money import MoneyError, Unit
from core.periods import format_month
from measures.grid.drafts import read_known
from measures.grid.rows import Theirs, line_name
from measures.grid.texts import cell_key, cell_text, read_cell, read_key, row_key, sum_text
from measures.models import MeasureTotal, SavingsEntry, SavingsLine
from measures.services import Cell, CellsRefused, Problem, record_entries
from measures.wording import LEVEL_WORDS
from programme.models import Programme

#: A block larger than this is not a month grid.
CELLS_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Change:
    """A cell as somebody wants it: the text as typed, and how the cell was when they typed it."""

    key: str
    text: str
    version: int
    was_cents: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a cell was not saved, in words that name it."""

    key: str
    code: str
    message: str
    where: str
    theirs: Theirs | None = None


class NotSaved(Exception):
    """Nothing was saved; `refused` names the cells in the way."""

    def __init__(self, refused: Sequence[Refused]) -> None:
        super().__init__("not saved")
        self.refused = list(refused)

    @property
    def is_conflict(self) -> bool:
        """Whether nothing but other people's changes stands in the way."""
        return all(one.theirs is not None for one in self.refused)

    @property
    def status(self) -> int:
        return 409 if self.is_conflict else 422


def change_of(key: str, text: str, known: str) -> Change:
    """A change from what a page sends: the cell's name, its text, "version:cents" as first shown."""
    return Change(key, text, *read_known(known))


def save_changes(
    *,
    programme: Programme,
    lines: Mapping[int, SavingsLine],
    changes: Sequence[Change],
    unit: Unit,
    by: Any,
    reason: str = "",
) -> dict[str, SavingsEntry | None]:
    """Saves all the changes or none; the cells by their keys as they stand afterwards.

    `lines` are those the person may write. Raises NotSaved with every cell that stands in the way.
    """
    cells, refused = _read(lines, changes, unit)
    try:
        identity_codes.refuse(reason)
    except ValidationError as error:
        refused.append(Refused("reason", "identity_code", error.messages[0], str(_("Reason"))))
    if refused:
        raise NotSaved(refused)
    try:
        entries = record_entries(cells=cells, by=by, reason=reason)
    except CellsRefused as problem:
        raise NotSaved(_told(problem.problems)) from problem
    return {change.key: entry for change, entry in zip(changes, entries, strict=True)}


def _read(
    lines: Mapping[int, SavingsLine], changes: Sequence[Change], unit: Unit
) -> tuple[list[Cell], list[Refused]]:
    cells, refused = [], []
    for change in changes:
        named = read_key(change.key)
        line = lines.get(named[0]) if named else None
        if named is None or line is None:
            refused.append(Refused(change.key, "gone", str(_("This line is no longer there.")), change.key))
            continue
        _line, series, month = named
        try:
            cents = read_cell(change.text, unit)
        except MoneyError as error:
            refused.append(Refused(change.key, error.code, error.message, where(line, series, month)))
            continue
        cells.append(Cell(line, series, month, cents, change.version, change.was_cents))
    return cells, refused


def where(line: SavingsLine, series: str, month: date) -> str:
    """A cell in words: line, series, month."""
    return f"{line_name(line)}, {LEVEL_WORDS.get(series, series)}, {format_month(month)}"


def _told(problems: Sequence[Problem]) -> list[Refused]:
    prefetch_related_objects([one.cell.line for one in problems], "cost_type", "sector")
    changed = [one for one in problems if one.code == "changed"]
    theirs = _theirs(changed)
    return [
        Refused(
            cell_key(*one.cell.key), one.code, str(one.message),
            where(one.cell.line, one.cell.series, one.cell.month), theirs.get(one.cell.key),
        )
        for one in problems
    ]  # fmt: skip


def _theirs(problems: Iterable[Problem]) -> dict[Any, Theirs]:
    """How the cells stand now, who left them so and when. Two statements."""
    found = {one.cell.key: one.theirs for one in problems}
    ids = [entry.pk for entry in found.values() if entry is not None]
    event_model: Any = SavingsEntry.events.rel.related_model  # type: ignore[attr-defined]
    events = {
        event.pgh_obj_id: event
        for event in event_model.objects.filter(pgh_obj_id__in=ids)
        .select_related("pgh_context")
        .order_by("pgh_obj_id", "pgh_id")
    }
    people = get_user_model().objects.in_bulk({_person(event) for event in events.values()} - {None})
    told = {}
    for key, entry in found.items():
        event = None if entry is None else events.get(entry.pk)
        told[key] = Theirs(
            None if entry is None else entry.amount_eur_cents,
            0 if entry is None else entry.version,
            str(people.get(_person(event), "")) if event else "",
            clock(event.pgh_created_at) if event else "",
        )
    return told


def _person(event: Any) -> Any:
    context = getattr(event, "pgh_context", None)
    return None if context is None else context.metadata.get("user")


def clock(moment: Any = None) -> str:
    """The local time of day as the language writes it; with the date when it is not today's."""
    local = timezone.localtime(moment)
    time = formats.date_format(local, "TIME_FORMAT")
    return (
        time
        if local.date() == timezone.localdate()
        else f"{formats.date_format(local, 'SHORT_DATE_FORMAT')} {time}"
    )


# --- telling a page -----------------------------------------------------------------------------------------


def saved_answer(
    programme: Programme, saved: Mapping[str, SavingsEntry | None], unit: Unit
) -> dict[str, Any]:
    """What a page needs after saving: texts and versions of the cells, new sums of their rows, the time."""
    return {
        "at": clock(),
        "cells": {
            key: {
                "text": cell_text(None if entry is None else entry.amount_eur_cents, unit),
                "known": "0:" if entry is None else f"{entry.version}:{entry.amount_eur_cents}",
            }
            for key, entry in saved.items()
        },
        "sums": row_sums(programme, saved, unit),
    }


def row_sums(programme: Programme, keys: Iterable[str], unit: Unit) -> dict[str, str]:
    """Year sums of the rows that the cells lie in, by row and year. One statement."""
    wanted = {(line, series, month.year) for line, series, month in filter(None, map(read_key, keys))}
    sums = {key: sum_text(None, unit) for key in wanted}
    lines, series, years = (set(part) for part in zip(*wanted, strict=True))
    totals = MeasureTotal.objects.filter(
        programme_id=programme.pk, line_id__in=lines, series__in=series, year__in=years, n__gt=0
    )
    for line, name, year, cents in totals.values_list("line_id", "series", "year", "total_eur_cents"):
        if (line, name, year) in sums:
            sums[line, name, year] = sum_text(cents, unit)
    return {f"{row_key(line, name)}.{year}": text for (line, name, year), text in sums.items()}


def refused_answer(error: NotSaved, unit: Unit) -> dict[str, Any]:
    """What a page needs to show why nothing was saved."""
    return {
        "problems": [
            {
                "key": one.key,
                "code": one.code,
                "message": one.message,
                "where": one.where,
                "theirs": None
                if one.theirs is None
                else {
                    "text": cell_text(one.theirs.cents, unit),
                    "known": f"{one.theirs.version}:{'' if one.theirs.cents is None else one.theirs.cents}",
                    "by": one.theirs.by,
                    "at": one.theirs.at,
                },
            }
            for one in error.refused
        ]
    }
