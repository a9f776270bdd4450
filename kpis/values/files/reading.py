"""The rows of a file of values, read by a mapping: what each says, and what is wrong with it where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from core.tables import Sheet
from core.tables.cells import CellError, plain, text_of
from core.tables.sheets import Value
from core.text import LANGUAGES
from kpis.models import Indicator, Observation, SourceLink
from kpis.values.entering import FEWEST_RESPONDENTS, MANUAL, OWN_KINDS
from kpis.values.figures import part_of, scale_of
from kpis.values.files.mapping import (
    BASE,
    BASELINE,
    COUNT,
    GROUP,
    INDICATOR,
    MONTH,
    PERIOD,
    REGION,
    TERM,
    VALUE,
    YEAR,
    ValueMapping,
)
from kpis.values.periods import Period, PeriodError, parse_period
from programme.models import Programme

#: Values that one file may hold, and problems of it that are kept.
MOST_VALUES, PROBLEMS_KEPT = 5_000, 200
_LARGEST = Decimal(10) ** 13
_OWN = {"", "own", "oma", "oma alue", "egen", "own county"}
_NATIONAL = {"national", "koko maa", "maa", "suomi", "hela landet", "finland", "whole country"}
_NO = {"", "0", "ei", "nej", "no", "false"}


class Wrong(Exception):
    """One cell that cannot be taken: a code of `kpis.values.files.words` and the column's role."""

    def __init__(self, code: str, role: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.role, self.params = code, role, params


@dataclass(frozen=True)
class Read:
    """One value of the file, with its row as on the screen."""

    row: int
    indicator: int
    link: int | None
    period: str
    role: str
    breakdown: str
    value: Decimal
    count: Decimal | None = None
    base: Decimal | None = None
    is_baseline: bool = False

    @property
    def place(self) -> tuple[Any, ...]:
        return self.indicator, self.period, self.role, self.breakdown

    def as_json(self) -> list[Any]:
        figures = [None if one is None else str(one) for one in (self.value, self.count, self.base)]
        return [
            self.row,
            self.indicator,
            self.link,
            self.period,
            self.role,
            self.breakdown,
            *figures,
            self.is_baseline,
        ]

    @classmethod
    def of_json(cls, stored: list[Any]) -> Read:
        row, indicator, link, period, role, breakdown, value, count, base, is_baseline = stored
        return cls(
            row, indicator, link, period, role, breakdown, Decimal(value),
            None if count is None else Decimal(count), None if base is None else Decimal(base), is_baseline,
        )  # fmt: skip


@dataclass
class Found:
    """What a file says: its values, and its problems as an import run keeps them."""

    values: list[Read] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    problem_count: int = 0

    def refuse(
        self, code: str, sheet: str = "", row: int = 0, column: int | None = None, **params: Any
    ) -> None:
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(
                {"code": code, "params": params, "sheet": sheet, "row": row, "column": column}
            )


def read_values(
    programme: Programme, sheet: Sheet, mapping: ValueMapping, link: SourceLink | None = None
) -> Found:
    """Every value of the sheet. `link` is the source of the whole file; without it a column names the indicators."""
    reader, found = _Reader(programme, mapping, link), Found()
    seen: dict[tuple[Any, ...], int] = {}
    for at in range(mapping.header_row + 1, len(sheet.rows)):
        cells = sheet.rows[at]
        if not any(value is not None and str(value).strip() for value in cells):
            continue
        for column, make in reader.values_of(cells):
            try:
                value = make(at + 1)
            except Wrong as wrong:
                where = mapping.column(wrong.role) if wrong.role else column
                found.refuse(wrong.code, sheet.name, at + 1, where, **wrong.params)
                continue
            except CellError as wrong_cell:
                found.refuse(wrong_cell.code, sheet.name, at + 1, column, **wrong_cell.params)
                continue
            if value is None:
                continue
            if value.place in seen:
                found.refuse("twice", sheet.name, at + 1, column, first=seen[value.place])
            seen.setdefault(value.place, at + 1)
            found.values.append(value)
            if len(found.values) > MOST_VALUES:
                found.refuse("too_many", most=MOST_VALUES)
                return found
    if not found.values and not found.problems:
        found.refuse("no_rows")
    return found


class _Reader:
    """Reads one row after the other; what the programme knows is fetched once."""

    def __init__(self, programme: Programme, mapping: ValueMapping, link: SourceLink | None) -> None:
        self.mapping, self.link, self.today = mapping, link, programme.today()
        rows = Indicator.objects.filter(programme=programme).prefetch_related("groups", "source_links")
        self.indicators = {row.pk: row for row in rows}
        self.named: dict[str, Indicator | None] = {}
        for row in self.indicators.values():
            names = {row.key, *(getattr(row, f"name_{code}") for code in LANGUAGES)} - {""}
            for name in {plain(one).casefold() for one in names}:
                self.named[name] = None if name in self.named else row  # two of one name: neither

    def values_of(self, cells: list[Value]) -> Iterator[tuple[int | None, Any]]:
        """(column, how its value is made from the number of the row) of each value in the row."""
        if self.mapping.year_columns:
            for column, year in self.mapping.year_columns:
                if column < len(cells) and cells[column] not in (None, ""):
                    yield column, partial(self._of_year, cells, column, year)
            return
        at = self.mapping.column(VALUE)
        yield at, lambda row: self._one(cells, row, self._period(cells), at)

    def _of_year(self, cells: list[Value], column: int, year: int, row: int) -> Read | None:
        return self._one(cells, row, Period(year), column)

    def _cell(self, cells: list[Value], role: str) -> Value:
        at = self.mapping.column(role)
        return cells[at] if at is not None and at < len(cells) else None

    def _text(self, cells: list[Value], role: str) -> str:
        return plain(text_of(self._cell(cells, role)))

    def _figure(self, cells: list[Value], role: str) -> Decimal | None:
        try:
            return figure_of(self._cell(cells, role))
        except CellError as wrong:
            raise Wrong(wrong.code, role, **wrong.params) from wrong

    def _one(self, cells: list[Value], row: int, period: Period, at: int | None) -> Read | None:
        indicator = self._indicator(cells)
        value = figure_of(cells[at]) if at is not None and at < len(cells) else None
        count, base = self._figure(cells, COUNT), self._figure(cells, BASE)
        if value is None and (count is None or base is None):
            return None  # an unknown value is no value
        link = self.link or _link_of(indicator)
        value = self._checked(indicator, link, value, count, base)
        if period.start > self.today:
            raise Wrong("not_begun", PERIOD if self.mapping.column(PERIOD) is not None else YEAR)
        return Read(
            row, indicator.pk, link.pk if link else None, period.key, self._role(cells),
            self._group(indicator, cells), value, count, base,
            self._text(cells, BASELINE).casefold() not in _NO,
        )  # fmt: skip

    def _checked(
        self, indicator: Indicator, link: SourceLink | None, value: Decimal | None, count: Decimal | None,
        base: Decimal | None,
    ) -> Decimal:  # fmt: skip
        """The value, worked out from its parts where the unit is a share; raises Wrong."""
        scale = scale_of(indicator.unit)
        if count is not None and base is not None and scale:
            if base <= 0 or count < 0 or count > base:
                raise Wrong("more_than_all", COUNT)
            value = part_of(count, base, scale=scale)
        if value is None:
            raise Wrong("no_value", VALUE)
        is_survey = link is not None and link.kind == SourceLink.Kind.SURVEY
        if is_survey and base is not None and base < FEWEST_RESPONDENTS:
            raise Wrong("too_few", BASE, few=FEWEST_RESPONDENTS)
        low, high = indicator.low, indicator.high
        if (low is not None and value < low) or (high is not None and value > high):
            raise Wrong("out_of_range", VALUE, low=str(low), high=str(high))
        if abs(value) >= _LARGEST:
            raise Wrong("too_large", VALUE)
        return value

    def _indicator(self, cells: list[Value]) -> Indicator:
        if self.link is not None:
            return self.indicators[self.link.indicator_id]
        name = self._text(cells, INDICATOR)
        found = self.named.get(name.casefold())
        if found is None:
            code = "unknown_indicator" if name else "no_indicator"
            raise Wrong(code, INDICATOR, name=name[:60])
        return found

    def _period(self, cells: list[Value]) -> Period:
        if self.mapping.column(PERIOD) is not None:
            text = self._text(cells, PERIOD)
            try:
                return parse_period(text)
            except PeriodError:
                raise Wrong("not_a_period" if text else "no_period", PERIOD, text=text[:40]) from None
        numbers: dict[str, int] = {}
        for role, most in ((YEAR, 2100), (TERM, 3), (MONTH, 12)):
            text = self._text(cells, role)
            if text and not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= most):
                raise Wrong("not_a_period", role, text=text[:40])
            numbers[role] = int(text) if text else 0
        if numbers[YEAR] < 1900:
            raise Wrong("no_period", YEAR)
        if numbers[TERM] and numbers[MONTH]:
            raise Wrong("term_and_month", MONTH)
        return Period(numbers[YEAR], numbers[TERM] or None, numbers[MONTH] or None)

    def _group(self, indicator: Indicator, cells: list[Value]) -> str:
        name = self._text(cells, GROUP).casefold()
        if not name:
            return ""
        for group in indicator.groups.all():
            if name in {group.key, *(getattr(group, f"name_{code}").casefold() for code in LANGUAGES)}:
                return group.key
        raise Wrong("unknown_group", GROUP, name=name[:60])

    def _role(self, cells: list[Value]) -> str:
        name = self._text(cells, REGION).casefold()
        if name in _OWN:
            return Observation.Region.OWN.value
        if name in _NATIONAL:
            return Observation.Region.NATIONAL.value
        raise Wrong("unknown_region", REGION, name=name[:60])


def _link_of(indicator: Indicator) -> SourceLink | None:
    """The source that people fill, when the indicator has just one; else the one made for values without a source."""
    links = [one for one in indicator.source_links.all() if one.kind in OWN_KINDS and not one.is_ended]
    if len(links) == 1:
        return links[0]
    return next((one for one in links if one.key == MANUAL), None)


def figure_of(value: Value) -> Decimal | None:
    """A figure as people write it: 48,3, 48.3, 1 234,5, 48,3 %, −9; None for an empty cell. Raises CellError."""
    if isinstance(value, bool):
        raise CellError("not_a_number", value)
    if isinstance(value, int | float):
        return Decimal(repr(value))
    text = plain(text_of(value)).removesuffix("%").strip()
    if not text:
        return None
    try:
        exact = Decimal(text.replace(" ", "").replace("\u2212", "-").replace(",", "."))
    except InvalidOperation:
        raise CellError("not_a_number", value) from None
    if not exact.is_finite():
        raise CellError("not_a_number", value)
    return exact
