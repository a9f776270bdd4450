"""What a figure shows, apart from how it is drawn: held as it is in frozen documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.money import DASH, Unit, format_decimal, format_eur, unit_label
from core.periods import format_month

Value = int | Decimal | None

#: line: series over time. band: the same with a scenario band (a series with `low`).
#: bar, stacked: categories or months. bridge: steps from one total to another.
#: target: rows of what is achieved against the target band.
KINDS = ("line", "band", "bar", "stacked", "bridge", "target")
ANNOTATIONS = ("line", "band", "mark")
EUR_CENTS = "eur_cents"


@dataclass(frozen=True, slots=True)
class Series:
    """One line, one set of bars, or one row of a target figure.

    `x` are ISO dates (a month is its first day), years ("2024") or category names; `y` are cents when the unit
    of the chart is eur_cents, else Decimals in that unit; None is unknown and leaves a gap.
    `role` chooses the look (plan, forecast, claimed, confirmed, base, target, reference ...).
    `low` with `y` makes a band; `low` and `high` in a target row are the ends of the likely range.
    `roles` gives points roles of their own (bridge: base, step, total). `start` is where a target row
    begins: the part already in the base, named apart. `links` lead from the table to the rows behind.
    """

    name: str
    x: tuple[str, ...]
    y: tuple[Value, ...]
    role: str = "plan"
    low: tuple[Value, ...] = ()
    high: tuple[Value, ...] = ()
    roles: tuple[str, ...] = ()
    start: Value = None
    note: str = ""
    links: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("x", "y", "low", "high", "roles", "links"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
        if len(self.x) != len(self.y):
            raise ValueError(f"series {self.name!r}: {len(self.x)} places for {len(self.y)} values")
        for field in ("low", "high", "roles", "links"):
            if getattr(self, field) and len(getattr(self, field)) != len(self.y):
                raise ValueError(f"series {self.name!r}: {field} must be as long as y")
        for value in (*self.y, *self.low, *self.high, self.start):
            _require_exact(value)

    def points(self) -> list[tuple[str, int | Decimal]]:
        """Known points only."""
        return [(x, y) for x, y in zip(self.x, self.y, strict=True) if y is not None]


@dataclass(frozen=True, slots=True)
class Annotation:
    """A line at `value`, a band from `value` to `upto`, or a mark at the place `x`."""

    kind: str
    label: str
    value: Value = None
    upto: Value = None
    x: str = ""
    upto_label: str = ""
    role: str = "target"

    def __post_init__(self) -> None:
        if self.kind not in ANNOTATIONS:
            raise ValueError(f"unknown annotation {self.kind!r}")
        _require_exact(self.value)
        _require_exact(self.upto)


@dataclass(frozen=True, slots=True)
class TableRow:
    header: str
    cells: tuple[str, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart as text, ready to show: the unit is in the caption."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """One figure. `alt` says what it shows in a sentence with the figures that matter; it is required.

    `unit`: eur_cents, percent (21.4 is 21.4 %), count, or a unit in words. `display` is the money unit.
    `ref` is the figure reference, such as "forecast.theme-digi.2025".
    """

    kind: str
    title: str
    alt: str
    series: tuple[Series, ...]
    annotations: tuple[Annotation, ...] = ()
    unit: str = EUR_CENTS
    display: Unit = "meur"
    x_heading: str = ""
    note: str = ""
    ref: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "series", tuple(self.series))
        object.__setattr__(self, "annotations", tuple(self.annotations))
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of chart {self.kind!r}")
        if not self.alt.strip():
            raise ValueError("a chart needs a text alternative")

    @property
    def has_data(self) -> bool:
        return any(series.points() for series in self.series)

    def to_dict(self) -> dict[str, Any]:
        """Whole numbers, strings and null only: cents stay ints, Decimals become strings."""
        return {"schema": "chart/1", **_plain(asdict(self))}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChartSpec:
        if data.get("schema") != "chart/1":
            raise ValueError(f"unknown chart schema {data.get('schema')!r}")
        rest = {key: value for key, value in data.items() if key not in ("schema", "series", "annotations")}
        return cls(
            series=tuple(_series_from(row) for row in data["series"]),
            annotations=tuple(
                Annotation(**{**row, "value": _value_from(row["value"]), "upto": _value_from(row["upto"])})
                for row in data["annotations"]
            ),
            **rest,
        )

    # --- numbers as text --------------------------------------------------------------------------

    def text(self, value: Value, *, language: str, with_unit: bool = False) -> str:
        """A value as shown beside its mark and in the table."""
        if self.unit == EUR_CENTS:
            cents = None if value is None else int(value)
            return format_eur(cents, language=language, unit=self.display, with_unit=with_unit)
        text = format_decimal(value, language=language)
        if self.unit == "percent" and value is not None:
            return f"{text}\u00a0%"
        return (
            f"{text}\u00a0{self.unit}" if with_unit and self.unit != "count" and value is not None else text
        )

    def unit_text(self, *, language: str) -> str:
        """The unit as it stands once above a chart or table."""
        if self.unit == EUR_CENTS:
            return unit_label(self.display, language=language)
        return {"percent": "%", "count": ""}.get(self.unit, self.unit)

    def table(self, *, language: str) -> Table:
        """The same figures as a table."""
        unit = self.unit_text(language=language)
        caption = f"{self.title}, {unit}" if unit else self.title
        with translation.override(language):
            if self.kind == "target":
                headings, rows = self._target_rows(language)
            elif self.kind == "bridge":
                headings, rows = self._bridge_rows(language)
            else:
                headings, rows = self._place_rows(language)
            rows += self._annotation_rows(language, width=len(headings) - 1)
        return Table(caption, tuple(headings), tuple(rows))

    def _place_rows(self, language: str) -> tuple[list[str], list[TableRow]]:
        columns: list[tuple[str, dict[str, Value]]] = []
        for series in self.series:
            if series.low:
                columns.append(
                    (_("%(name)s, lower end") % {"name": series.name}, _by_place(series, series.low))
                )
                columns.append(
                    (_("%(name)s, upper end") % {"name": series.name}, _by_place(series, series.y))
                )
            else:
                columns.append((series.name, _by_place(series, series.y)))
        links = {x: link for series in self.series for x, link in zip(series.x, series.links, strict=False)}
        rows = [
            TableRow(
                place_text(place),
                tuple(self.text(values.get(place), language=language) for _name, values in columns),
                links.get(place, ""),
            )
            for place in places(self.series)
        ]
        dated = any(parse_place(series.x[0]) for series in self.series if series.x)
        first = self.x_heading or (_("Period") if dated else _("Item"))
        return [first, *(name for name, _values in columns)], rows

    def _bridge_rows(self, language: str) -> tuple[list[str], list[TableRow]]:
        rows = [
            TableRow(
                step.label,
                (
                    DASH if step.role == "total" else self.text(step.value, language=language),
                    self.text(step.end, language=language),
                ),
                step.href,
            )
            for step in bridge_steps(self)
        ]
        return [self.x_heading or _("Item"), _("Effect"), _("Running total")], rows

    def _target_rows(self, language: str) -> tuple[list[str], list[TableRow]]:
        rows = []
        for series in self.series:
            value = series.y[0]
            together = None if value is None else value + (series.start or 0)
            ends = [part[0] for part in (series.low, series.high) if part and part[0] is not None]
            spread = "\u2026".join(self.text(end, language=language) for end in ends) or DASH
            cells = (
                self.text(series.start, language=language),
                self.text(value, language=language),
                self.text(together, language=language),
                spread,
            )
            rows.append(TableRow(series.name, cells, series.links[0] if series.links else ""))
        headings = [
            self.x_heading or _("Level of certainty"),
            _("Already in the base"),
            _("New effect"),
            _("Together"),
            _("Likely range"),
        ]
        return headings, rows

    def _annotation_rows(self, language: str, *, width: int) -> list[TableRow]:
        rows = []
        for note in self.annotations:
            if note.kind == "mark" or note.value is None:
                continue
            pairs: list[tuple[str, Value]] = [(note.label, note.value)]
            if note.kind == "band":
                pairs.append((note.upto_label or note.label, note.upto))
            for label, value in pairs:
                cells = [""] * width
                cells[min(2, width - 1) if self.kind == "target" else width - 1] = self.text(
                    value, language=language
                )
                rows.append(TableRow(label, tuple(cells)))
        return rows


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a bridge: from `begin` to `end`; `value` is the step itself."""

    label: str
    role: str
    value: int | Decimal
    begin: int | Decimal
    end: int | Decimal
    href: str = ""


def bridge_steps(spec: ChartSpec) -> list[Step]:
    """The steps with their running totals; a `total` begins at zero and takes the running total."""
    steps: list[Step] = []
    level: int | Decimal = 0
    series = spec.series[0]
    for index, (label, value) in enumerate(zip(series.x, series.y, strict=True)):
        role = series.roles[index] if series.roles else "step"
        href = series.links[index] if series.links else ""
        if role == "total":
            steps.append(Step(label, role, level, 0, level, href))
        elif value is not None:
            steps.append(Step(label, role, value, level, level + value, href))
            level += value
    return steps


def bar_role(role: str, value: Value) -> str:
    """An upward step or bar of net effect is an investment and looks like one."""
    return "investment" if role in ("step", "saving") and value is not None and value > 0 else role


def places(series: tuple[Series, ...]) -> list[str]:
    """All places of all series: dates in order of time, names in order of first appearance."""
    found = list(dict.fromkeys(x for one in series for x in one.x))
    return sorted(found) if found and all(parse_place(x) for x in found) else found


def parse_place(text: str) -> date | None:
    """The day of an ISO date or a year; None for a category name."""
    if len(text) == 4 and text.isascii() and text.isdigit():
        return date(int(text), 1, 1)
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return None


def place_text(place: str) -> str:
    """A month as 3/2024, another day as 31.3.2024, a year or a name as it is."""
    day = parse_place(place)
    if day is None or len(place) == 4:
        return place
    return format_month(day) if day.day == 1 else f"{day.day}.{day.month}.{day.year}"


def _by_place(series: Series, values: tuple[Value, ...]) -> dict[str, Value]:
    return dict(zip(series.x, values, strict=True))


def _require_exact(value: object) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | Decimal)):
        raise TypeError(f"charts hold whole cents or Decimals, not {value!r}")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return f"{value:f}" if isinstance(value, Decimal) else value


def _value_from(value: Any) -> Value:
    return Decimal(value) if isinstance(value, str) else value


def _series_from(row: dict[str, Any]) -> Series:
    values = {key: [_value_from(value) for value in row[key]] for key in ("y", "low", "high")}
    return Series(**{**row, **values, "start": _value_from(row["start"])})
