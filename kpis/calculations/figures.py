"""The figures and the frame that a rule is judged on: plain data, filled by whoever reads the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Point:
    """One value with where it comes from. `period` is "2024", "2024-T1" or "2024-03"; `fetched` an ISO day."""

    year: int
    value: Decimal
    period: str = ""
    vintage: int = 1
    source: str = ""
    sotkanet_id: int | None = None
    fetched: str = ""
    fetched_at: dt.datetime | None = None
    is_baseline: bool = False
    is_illustrative: bool = False

    @property
    def stands_for(self) -> str:
        """The period; a point without one is of its whole year."""
        return self.period or str(self.year)


@dataclass
class Line:
    """One series: the own values and those of the whole country by year, and of the other counties.

    `own` holds for each year its yearly value, or the value of its latest term or month. `periods` holds every
    own value by period, for baselines of a month; `national_periods` the same of the whole country. `peers` holds
    {year: {region key: value}} of ranked counties.
    """

    own: dict[int, Point] = field(default_factory=dict)
    national: dict[int, Point] = field(default_factory=dict)
    periods: dict[str, Point] = field(default_factory=dict)
    national_periods: dict[str, Point] = field(default_factory=dict)
    peers: dict[int, dict[str, Decimal]] = field(default_factory=dict)


@dataclass
class Stream:
    """What one source gives: a line for all together ("") and one for each group it is broken down by.

    `label` names the source among several: "Sotkanet 305", or a name by language.
    """

    key: str = ""
    label: str | dict[str, str] = ""
    is_ended: bool = False
    lines: dict[str, Line] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What a person judged of a year: one of kpis.models.Judgement.Answer, and why."""

    answer: str
    reason: str = ""


@dataclass(frozen=True)
class Frame:
    """What is known of the indicator and its programme beside the figures.

    `groups` are the groups that must each meet the rule, key -> names by language; empty where the figure for
    all together is what counts. A year's value is late `lag_months` after the
    year has ended.
    """

    start_year: int
    end_year: int
    last_year: int
    today: dt.date
    who: str = ""
    better: str = ""
    unit: str = ""
    decimals: int | None = None
    cycle_months: int | None = None
    lag_months: int = 24
    needs_baseline: bool = False
    is_open: bool = False
    every_group: bool = False
    groups: Mapping[str, Any] = field(default_factory=dict)
    judgements: Mapping[int, Judged] = field(default_factory=dict)


@dataclass
class Figures:
    """Everything observed of one indicator, source by source."""

    streams: list[Stream] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        for stream in self.streams:
            yield from stream.lines.values()

    def years(self) -> set[int]:
        """Years with an own value in any series."""
        return {year for line in self.lines() for year in line.own}


def years_to_judge(figures: Figures, frame: Frame) -> list[int]:
    """Every year with a figure or a judgement, and every begun year of the programme without one."""
    begun = range(frame.start_year, min(frame.last_year, frame.today.year) + 1)
    return sorted(figures.years() | set(frame.judgements) | set(begun))
