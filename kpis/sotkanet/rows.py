"""Rows of figures out of an answer: all of them right, or none.

One answer holds every region of the country, some 14 000 rows, of which a programme wants a few hundred. All are
checked, column by column so that it costs no more than parsing; objects are made of the wanted ones only.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import compress
from operator import itemgetter
from typing import Any, NoReturn

from config import limits
from kpis.sotkanet.failures import Failure

GENDERS = frozenset({"total", "male", "female"})
FIRST_YEAR, LAST_YEAR = 1900, 2100
#: What a column of values can hold; anything near it is no statistic.
LARGEST = Decimal(10) ** 13
PLACES = Decimal("0.0001")

CSV_HEAD = ["indicator", "region", "year", "gender", "primary value", "absolute value"]
_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,20})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_KEYS = ("indicator", "region", "year", "gender", "value")


@dataclass(frozen=True, slots=True)
class DataRow:
    """One figure: `region` is Sotkanet's own id; `value` and `abs_value` (the number behind a rate) have at most
    four decimals, as they are stored."""

    region: int
    year: int
    gender: str
    value: Decimal
    abs_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked: rows of other years, genders and regions are checked and left out. None wants every region."""

    indicator: int
    years: frozenset[int]
    genders: frozenset[str]
    regions: frozenset[int] | None = None


# ---------------------------------------------------------------------------- JSON
def parsed(body: bytes) -> Any:
    """The value of a JSON text with exact decimals. Raises Failure on anything that is not plain, finite JSON.

    What it would take in memory is bounded by counting brackets and commas before parsing.
    """
    if not body.strip():
        raise Failure("empty_answer")
    objects = body.count(b"{") + body.count(b"[")
    if objects > limits.SOTKANET_MAX_ROWS or body.count(b",") > limits.SOTKANET_MAX_ROWS * 6:
        if _depth(body) > 100:
            raise Failure("too_deep")
        raise Failure("too_many_rows", {"rows": limits.SOTKANET_MAX_ROWS})
    try:
        text = body.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Failure("wrong_encoding") from error
    if text.startswith("\ufeff"):
        raise Failure("wrong_encoding")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except RecursionError as error:
        raise Failure("too_deep") from error
    except ValueError as error:
        raise Failure("broken_json") from error


def _no_constant(name: str) -> NoReturn:
    raise Failure("not_a_number", {"found": name})


def _depth(body: bytes) -> int:
    """How many brackets the answer opens before it closes one; enough to tell a tower from a list."""
    start = body[:4096].lstrip()
    return len(start) - len(start.lstrip(b"[{ \n\t\r"))


def rows_of_json(body: bytes, wanted: Wanted) -> list[DataRow]:
    """The wanted rows, by region, year and gender. A null value is a value that is not there: it has no row."""
    rows = parsed(body)
    if type(rows) is not list:
        raise Failure("wrong_shape", {"where": "$", "found": _kind(rows)})
    if not rows:
        return []
    if set(map(type, rows)) != {dict}:
        raise Failure(
            "wrong_shape", {"where": "[]", "found": _kind(next(r for r in rows if type(r) is not dict))}
        )
    try:
        columns = [[row[key] for row in rows] for key in _KEYS]
    except KeyError as error:
        raise Failure("missing_key", {"key": str(error.args[0])}) from error
    counts = [row.get("absValue") for row in rows]
    return _checked(columns, counts, wanted)


# ---------------------------------------------------------------------------- CSV
def rows_of_csv(body: bytes, wanted: Wanted) -> list[DataRow]:
    """The wanted rows of the same answer as CSV, whose decimals have a point today and had a comma once."""
    try:
        text = body.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Failure("wrong_encoding") from error
    if not text.strip():
        raise Failure("empty_answer")
    try:
        lines = [
            line for line in csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True) if line
        ]
    except csv.Error as error:
        raise Failure("broken_csv") from error
    if len(lines) > limits.SOTKANET_MAX_ROWS:
        raise Failure("too_many_rows", {"rows": limits.SOTKANET_MAX_ROWS})
    if [cell.strip().casefold() for cell in lines[0]] != CSV_HEAD:
        raise Failure("wrong_shape", {"where": "head", "found": ";".join(lines[0])[:80]})
    if any(len(line) != len(CSV_HEAD) for line in lines):
        raise Failure("broken_csv")
    if len(lines) == 1:
        return []
    cells = list(zip(*lines[1:], strict=True))
    columns: list[Sequence[Any]] = [
        *([_whole(cell, key) for cell in cells[place]] for place, key in enumerate(CSV_HEAD[:3])),
        cells[3],
        [_number(cell, "value") for cell in cells[4]],
    ]
    return _checked(columns, [_number(cell, "absValue") for cell in cells[5]], wanted)


def _whole(cell: str, key: str) -> int:
    if not _WHOLE.fullmatch(cell.strip()):
        raise Failure("wrong_type", {"key": key, "found": cell[:40]})
    return int(cell)


def _number(cell: str, key: str) -> Decimal | None:
    cell = cell.strip()
    if not cell:
        return None
    if not _NUMBER.fullmatch(cell):
        raise Failure("wrong_type", {"key": key, "found": cell[:40]})
    return Decimal(cell.replace(",", "."))


# ---------------------------------------------------------------------------- checks
def _checked(columns: Sequence[Sequence[Any]], counts: Sequence[Any], wanted: Wanted) -> list[DataRow]:
    """Columns indicator, region, year, gender, value as rows of the wanted places."""
    indicators, regions, years, genders, values = columns
    for key, column in (("indicator", indicators), ("region", regions), ("year", years)):
        _of_types(key, column, {int})
    _of_types("gender", genders, {str})
    _of_types("value", values, {int, Decimal, type(None)})
    _of_types("absValue", counts, {int, Decimal, type(None)})
    if others := set(indicators) - {wanted.indicator}:
        raise Failure("other_indicator", {"asked": wanted.indicator, "found": min(others)})
    if min(years) < FIRST_YEAR or max(years) > LAST_YEAR:
        wrong = next(year for year in years if not FIRST_YEAR <= year <= LAST_YEAR)
        raise Failure("impossible_year", {"found": str(wrong)[:20]})
    if strangers := set(genders) - GENDERS:
        raise Failure("unknown_gender", {"found": min(strangers)[:40]})
    places = list(zip(regions, years, genders, strict=True))
    if len(set(places)) != len(places):
        raise Failure("duplicate_row", _first_twice(places))
    _in_range("value", values)
    _in_range("absValue", counts)
    return _chosen(places, values, counts, wanted)


def _of_types(key: str, column: Sequence[Any], allowed: Collection[type]) -> None:
    if strange := set(map(type, column)) - set(allowed):
        found = next(value for value in column if type(value) in strange)
        raise Failure("wrong_type", {"key": key, "found": str(found)[:40]})


def _in_range(key: str, column: Sequence[Any]) -> None:
    known = [value for value in column if value is not None] if None in column else column
    if known and (min(known) <= -LARGEST or max(known) >= LARGEST):
        found = next(value for value in known if abs(value) >= LARGEST)
        raise Failure("out_of_range", {"key": key, "found": f"{Decimal(found):.3E}"})


def _first_twice(places: list[tuple[int, int, str]]) -> dict[str, Any]:
    seen: set[tuple[int, int, str]] = set()
    region, year, gender = next(place for place in places if place in seen or seen.add(place))  # type: ignore[func-returns-value]
    return {"region": region, "year": year, "gender": gender}


def _chosen(
    places: list[tuple[int, int, str]], values: Sequence[Any], counts: Sequence[Any], wanted: Wanted
) -> list[DataRow]:
    everything: Iterable[tuple[tuple[int, int, str], Any, Any]] = zip(places, values, counts, strict=True)
    if wanted.regions is not None:  # most rows go here, without a step of Python for each
        everything = compress(everything, map(wanted.regions.__contains__, map(itemgetter(0), places)))
    rows = [
        DataRow(*place, _stored(value), _stored(count))
        for place, value, count in everything
        if value is not None and place[1] in wanted.years and place[2] in wanted.genders
    ]
    rows.sort(key=lambda row: (row.region, row.year, row.gender))
    return rows


def _stored(value: Any) -> Any:
    return None if value is None else Decimal(value).quantize(PLACES, ROUND_HALF_UP)


def _kind(value: Any) -> str:
    return {dict: "object", list: "list", type(None): "null", str: "text", bool: "true or false"}.get(
        type(value), "number"
    )
