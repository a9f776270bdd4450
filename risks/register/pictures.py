"""What the page draws of the matrices: cells with the risks that stand in them and how they moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from risks.models import Risk
from risks.register.calculations import (
    PART,
    PROGRAMME,
    PROJECT,
    SIDES,
    Cell,
    Movement,
    levels_counted,
    matrix,
)
from risks.register.selectors import Line

#: A matrix of chances has no line: nothing in it is too much.
NO_LINE = SIDES[-1] ** 2


@dataclass(frozen=True)
class Mark:
    """A risk in a cell and how it came there."""

    line: Line
    moved: Movement | None


@dataclass(frozen=True)
class CellShown:
    cell: Cell
    marks: list[Mark]


@dataclass(frozen=True)
class Picture:
    """A 5 x 5 matrix of risks or of chances at one moment, the most likely row first."""

    kind: str
    moment: str
    rows: list[tuple[int, list[CellShown]]]
    sides: tuple[int, ...]
    appetite: int | None
    marks: list[Mark]
    unplaced: list[Line]


def pictures_of(lines: Sequence[Line], moment: str) -> list[Picture]:
    """One matrix for threats, and one for chances where there are any."""
    found = []
    for kind in Risk.Kind:
        own = [line for line in lines if line.row.kind == kind]
        if own or kind == Risk.Kind.THREAT:
            found.append(_picture(own, kind, moment))
    return found


def _picture(lines: Sequence[Line], kind: str, moment: str) -> Picture:
    by_key: Mapping[int, Line] = {line.row.pk: line for line in lines}
    appetite = lines[0].appetite if lines and kind == Risk.Kind.THREAT else None
    marks = {line.row.pk: Mark(line, line.movement(moment)) for line in lines if line.place(moment)}
    drawn = matrix({key: line.place(moment) for key, line in by_key.items()}, appetite or NO_LINE)
    rows = [
        (row.likelihood, [CellShown(cell, [marks[key] for key in cell.keys]) for cell in row.cells])
        for row in drawn
    ]
    unplaced = [line for line in lines if line.place(moment) is None]
    return Picture(kind, moment, rows, SIDES, appetite, list(marks.values()), unplaced)


def summary_of(lines: Sequence[Line]) -> dict[str, int]:
    """Open threats counted once each: above, within and not assessed in the programme's picture, then the rest."""
    threats = [line for line in lines if line.is_threat and line.row.state != Risk.State.CLOSED]
    own = [line for line in threats if line.where == PROGRAMME]
    counts = levels_counted((line.level for line in own), own[0].appetite if own else NO_LINE)
    return counts | {
        "counted": len(own),
        "parts": sum(line.where == PART for line in threats),
        "projects": sum(line.where == PROJECT for line in threats),
        "due": sum(line.is_review_due for line in threats),
    }
