"""Figures, frames and answers of target rules for tests that need no database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpis.calculations import Answer, Figures, Frame, Line, Point, RuleData, Stream, judge

Values = Mapping[int, str | int | Decimal]


def frame(**fields: Any) -> Frame:
    """A programme of 2023-2025 with a vision to 2030, looked at in November 2026."""
    own = {
        "start_year": 2023,
        "end_year": 2025,
        "last_year": 2030,
        "today": dt.date(2026, 11, 22),
        "unit": "%",
    }
    return Frame(**(own | {"who": "E-K"} | fields))  # type: ignore[arg-type]


def point(year: int, value: Any, *, period: str = "", is_baseline: bool = False, vintage: int = 1) -> Point:
    return Point(
        year=year,
        value=Decimal(str(value)),
        period=period or str(year),
        sotkanet_id=4280,
        fetched="2026-11-03",
        is_baseline=is_baseline,
        vintage=vintage,
    )


def line(
    own: Values,
    national: Values | None = None,
    *,
    baseline: int = 0,
    peers: Mapping[int, Mapping[str, Decimal]] | None = None,
) -> Line:
    """A series; `baseline` is the year whose value is marked as the baseline."""
    points = {year: point(year, value, is_baseline=year == baseline) for year, value in own.items()}
    return Line(
        own=points,
        national={year: point(year, value) for year, value in (national or {}).items()},
        periods={one.period: one for one in points.values()},
        peers={year: dict(found) for year, found in (peers or {}).items()},
    )


def figures(*lines: Line) -> Figures:
    """One source for each line; several are named Sotkanet 1, 2 and so on."""
    return Figures(
        [
            Stream(key=str(number), label=f"Sotkanet {number}", lines={"": one})
            for number, one in enumerate(lines, start=1)
        ]
    )


def groups(**lines: Line) -> Figures:
    """One source with a line for each group."""
    return Figures([Stream(lines=dict(lines))])


def rule(kind: str, **fields: Any) -> RuleData:
    """A rule as plain data; numbers may be written as text."""
    numbers = {"value", "low", "high", "versus_value"}
    return RuleData(
        kind,
        **{name: Decimal(str(v)) if name in numbers and v is not None else v for name, v in fields.items()},
    )


def answer(said: RuleData, of: Figures | Line, year: int, **more: Any) -> Answer:
    """What the rule says of the year; fails where it says nothing."""
    found = judge(
        said, of if isinstance(of, Figures) else Figures([Stream(lines={"": of})]), year, frame(**more)
    )
    assert found is not None
    return found
