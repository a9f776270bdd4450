"""The portfolio as it would be after changes that are tried out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from measures.calculations import ONE_OFF
from measures.forecasting.effects import KINDS
from measures.forecasting.inputs import Portfolio, without_overlaps
from measures.forecasting.whatif import CONFIDENCE, DELAY, SCALE, WITHDRAW, Change


def tried(found: Portfolio, changes: Iterable[Change]) -> Portfolio:
    """The portfolio as it would be; the one given stays as it is.

    A withdrawal begins with the first open month and ends the overlaps that the measure keeps (R5, R6); delays
    and scales touch open months only, after overlaps.
    """
    changes = list(changes)
    places = {one.code: at for at, one in enumerate(found.measures)}
    first_open = _first_open(found)
    gone = {found.measures[places[one.code]].pk: first_open for one in changes if one.act == WITHDRAW}
    if gone:
        found = without_overlaps(found, gone)
    months, measures = found.lines.months.copy(), list(found.measures)
    kind = found.lines.kind.copy()
    for one in changes:
        at = places[one.code]
        rows = np.flatnonzero(found.lines.measure == at)
        if one.act == WITHDRAW:
            kind[rows] = KINDS.index(ONE_OFF)
        elif one.act == DELAY:
            months[rows] = found.lines.with_months(months).late(one.number)[rows]
        elif one.act == SCALE:
            opened = months[rows, found.lines.closed :] * one.number
            months[rows, found.lines.closed :] = (np.abs(opened) * 2 + 100) // 200 * np.sign(opened)
        elif one.act == CONFIDENCE:
            measures[at] = replace(measures[at], confidence=one.value)
    return replace(found, lines=replace(found.lines, months=months, kind=kind), measures=tuple(measures))


def _first_open(found: Portfolio) -> date:
    months = found.months
    return months[min(found.lines.closed, len(months) - 1)]
