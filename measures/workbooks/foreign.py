"""Lists of measures that a county keeps in a workbook of its own: which column holds what, in which unit and sign.

A mapping is kept under a name and used again: its columns are found by their heads first, then by their places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.identity_codes import found_in
from core.money import Unit, format_eur, spread
from core.periods import format_date, month_key, parse_month
from core.tables import Fault, Sheet
from core.tables.cells import CellError, cents_of, day_of, month_of_cell, plain, text_of
from measures.models import Measure
from measures.models.measures import CODE
from measures.services import next_code
from measures.workbooks.applying import free_codes
from measures.workbooks.choices import Lists
from measures.workbooks.columns import folded
from measures.workbooks.measure_rows import MeasureRow
from measures.workbooks.month_rows import MonthRow, MonthTable
from measures.workbooks.problems import problem
from programme.models import Programme

#: What a column may hold; `year:2025` and `month:2025-03` are amounts of the plan.
FIELDS: Mapping[str, Any] = {
    "code": _("code"),
    "name_fi": _("name"),
    "description_fi": _("description"),
    "goal": _("goal"),
    "owner": _("owner"),
    "sector": _("sector"),
    "cost_type": _("cost type"),
    "starts_on": _("starts"),
    "ends_on": _("ends"),
    "municipality": _("municipality"),
    "service_point": _("service point"),
    "target": _("target (change in cost level)"),
}
UNITS: Mapping[str, Any] = {
    "eur": _("euros"),
    "keur": _("thousands of euros"),
    "meur": _("millions of euros"),
}
#: Heads by which a column is recognised before anybody has chosen; the longest match counts.
GUESSES: Mapping[str, Sequence[str]] = {
    "code": ("koodi", "tunnus", "tunniste", "nro", "numero", "id", "kod", "nr", "code", "no"),
    "name_fi": (
        "toimenpide", "toimenpiteen nimi", "nimi", "otsikko", "åtgärd", "namn", "measure", "name", "title",
    ),
    "description_fi": ("kuvaus", "sisältö", "selite", "beskrivning", "description"),
    "goal": ("tavoitekokonaisuus", "päämäärä", "kärki", "teema", "mål", "goal", "theme"),
    "owner": ("vastuuhenkilö", "omistaja", "vastuu", "ansvarig", "ägare", "owner", "responsible"),
    "sector": ("toimiala", "sektori", "vastuualue", "sektor", "sector"),
    "cost_type": ("kululaji", "kustannuslaji", "menolaji", "kostnadsslag", "cost type"),
    "starts_on": ("alkaa", "alku", "aloitus", "alkupäivä", "börjar", "start", "starts"),
    "ends_on": ("päättyy", "loppu", "lopetus", "valmis", "slutar", "end", "ends"),
    "municipality": ("kunta", "kommun", "municipality"),
    "service_point": ("palvelupiste", "toimipiste", "toimipaikka", "service point"),
    "target": ("tavoite", "säästötavoite", "vaikutus", "säästö", "sparmål", "target", "saving"),
}  # fmt: skip
_TOTALS = re.compile(r"(yhteensä|summa|kaikki yhteensä|total|totalt|sammanlagt)\b.*", re.IGNORECASE)
_YEAR = re.compile(r"\b(20[0-9]{2})\b")
_SAMPLES = 4
#: Amounts all below this are hardly euros.
_SMALL_CENTS = 100_000


@dataclass
class Reading:
    """How a foreign sheet is read. Rows count from 1 as on the screen, columns from 0."""

    sheet: str = ""
    head_from: int = 1
    head_to: int = 1
    columns: dict[int, str] = field(default_factory=dict)
    unit: Unit = "eur"
    is_saving_positive: bool = False
    goal: int | None = None
    sector: int | None = None
    cost_type: int | None = None
    heads: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return vars(self) | {"columns": {str(at): name for at, name in self.columns.items()}}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Reading:
        known = {name: told[name] for name in cls.__dataclass_fields__ if name in told}
        return cls(**known | {"columns": {int(at): name for at, name in told.get("columns", {}).items()}})


def sheet_named(sheets: Sequence[Sheet], name: str) -> Sheet:
    """The sheet of that name; the one with most rows when there is none."""
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    return max(sheets, key=lambda sheet: (not sheet.is_hidden, len(sheet.rows)))


def heads_of(sheet: Sheet, first: int, last: int) -> list[str]:
    """The head of each column: what its cells say from above, merged ones over all they cover."""
    rows = [list(row) for row in sheet.rows[: last + 1]]
    for top, left, bottom, right in sheet.merged:
        if top < last and left < 250 and top < len(rows) and left < len(rows[top]):
            for at in range(top, min(bottom, last - 1) + 1):
                if at < len(rows):
                    rows[at] += [None] * (min(right, 249) + 1 - len(rows[at]))
                    for column in range(left, min(right, 249) + 1):
                        rows[at][column] = rows[top][left]
    width = max((len(row) for row in sheet.rows[: last + 50]), default=0)
    heads = []
    for column in range(width):
        parts = [rows[at][column] for at in range(first - 1, min(last, len(rows))) if column < len(rows[at])]
        words = [plain(_as_text(part)) for part in parts if part is not None]
        heads.append(" / ".join(dict.fromkeys(word for word in words if word))[:200])
    return heads


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return month_key(value)
    return str(value) if isinstance(value, Fault) else text_of(value)


def guess(sheet: Sheet, programme: Programme) -> Reading:
    """A first mapping of a sheet that nobody has mapped: the heads are where most cells are known words."""
    best, hits = 1, 0
    for at in range(1, min(len(sheet.rows), 20) + 1):
        found = sum(bool(_field_of(head, programme)) for head in heads_of(sheet, at, at))
        if found > hits:
            best, hits = at, found
    last = best
    while (
        last < min(len(sheet.rows), best + 3)
        and not _has_amounts(sheet.rows[last])
        and _reads_on(sheet, last, programme)
    ):
        last += 1
    first = best
    while first > 1 and _is_above(sheet, first - 2):
        first -= 1
    mapping = Reading(sheet.name, first, last)
    _fill(mapping, sheet, programme)
    return mapping


def _has_amounts(row: Sequence[Any]) -> bool:
    return any(
        isinstance(value, (int, float)) and not isinstance(value, bool) and not _is_year(value)
        for value in row
    )


def _is_year(value: float) -> bool:
    return float(value).is_integer() and 1990 <= value <= 2100


def _reads_on(sheet: Sheet, at: int, programme: Programme) -> bool:
    """Whether the row at `at` (from 0) is a second head: years, months or known words, or under a merged head."""
    words = [value for value in sheet.rows[at] if value is not None]
    return bool(words) and all(
        (isinstance(value, (int, float)) and _is_year(value)) or _field_of(_as_text(value), programme)
        for value in words
    )


def _is_above(sheet: Sheet, at: int) -> bool:
    """Whether the row above the heads spans several of them."""
    return any(
        top <= at <= bottom and right > left + 0 and bottom - top < 3
        for top, left, bottom, right in sheet.merged
    ) and (sum(value is not None for value in sheet.rows[at]) > 1)


def _fill(mapping: Reading, sheet: Sheet, programme: Programme) -> None:
    heads = heads_of(sheet, mapping.head_from, mapping.head_to)
    used: set[str] = set()
    for column, head in enumerate(heads):
        name = _field_of(head, programme)
        if name and name not in used:
            mapping.columns[column] = name
            used.add(name)
    mapping.heads = {name: heads[column] for column, name in mapping.columns.items()}
    told = " ".join(folded(head) for head in heads)
    above = " ".join(
        folded(_as_text(value)) for row in sheet.rows[: mapping.head_to] for value in row if value is not None
    )
    if re.search(r"m€|milj|meur|mn euro", f"{told} {above}"):
        mapping.unit = "meur"
    elif re.search(r"k€|t€|1 ?000 ?€|teur|tuhat|tusen|keur", f"{told} {above}"):
        mapping.unit = "keur"
    amounts = [at for at, name in mapping.columns.items() if name.startswith(("year:", "month:", "target"))]
    values = [
        _cents_or_none(row[at]) for row in sheet.rows[mapping.head_to :] for at in amounts if at < len(row)
    ]
    signs = [cents for cents in values if cents]
    mapping.is_saving_positive = bool(signs) and sum(cents > 0 for cents in signs) * 2 > len(signs)


def _cents_or_none(value: Any) -> int | None:
    try:
        return cents_of(value)
    except CellError:
        return None


def _field_of(head: str, programme: Programme) -> str:
    """What a head seems to announce; "" when it says nothing known."""
    text = folded(head)
    if not text:
        return ""
    last = text.rpartition(" / ")[2]
    try:
        month = month_of_cell(last)
    except CellError:
        month = None
    if month is not None and programme.start_year - 1 <= month.year <= programme.final_year + 10:
        return f"month:{month_key(month)}"
    year = _YEAR.search(text)
    if year and programme.start_year - 1 <= int(year[1]) <= programme.final_year + 10:
        return f"year:{year[1]}"
    found = [
        (len(word), name)
        for name, words in GUESSES.items()
        for word in words
        if text == word or re.search(rf"(^|[\s/(]){re.escape(word)}($|[\s/,(:])", text)
    ]
    return max(found)[1] if found else ""


def fields_for(programme: Programme, heads: Sequence[str]) -> list[tuple[str, Any]]:
    """What the select of a column offers: the fields, the plan of each year, and of the months that heads name."""
    offered: list[tuple[str, Any]] = [("", _("not used")), *FIELDS.items()]
    for year in range(programme.start_year - 1, programme.final_year + 4):
        offered.append((f"year:{year}", _("plan of the year %(year)s") % {"year": year}))
    for head in heads:
        name = _field_of(head, programme)
        if name.startswith("month:") and name not in dict(offered):
            offered.append((name, _("plan of %(month)s") % {"month": name.removeprefix("month:")}))
    return offered


def refit(mapping: Reading, sheets: Sequence[Sheet]) -> Reading:
    """A kept mapping for another file: the sheet by its name, each column by its head, else where it was."""
    sheet = sheet_named(sheets, mapping.sheet)
    heads = [folded(head) for head in heads_of(sheet, mapping.head_from, mapping.head_to)]
    columns: dict[int, str] = {}
    for column, name in mapping.columns.items():
        wanted = folded(mapping.heads.get(name, ""))
        place = heads.index(wanted) if wanted and wanted in heads else column
        if place < len(heads):
            columns[place] = name
    return Reading.from_json(mapping.as_json() | {"sheet": sheet.name, "columns": columns})


@dataclass(frozen=True)
class Shown:
    """One column of the mapping page: its letters, its head, some of its cells and what it is taken for."""

    column: int
    letters: str
    head: str
    samples: list[str]
    chosen: str


def shown_columns(sheet: Sheet, mapping: Reading) -> list[Shown]:
    from core.tables import column_name

    rows = sheet.rows[mapping.head_to : mapping.head_to + _SAMPLES]
    return [
        Shown(
            at, column_name(at), head,
            [_sample(row[at]) for row in rows if at < len(row) and row[at] is not None],
            mapping.columns.get(at, ""),
        )
        for at, head in enumerate(heads_of(sheet, mapping.head_from, mapping.head_to))
    ]  # fmt: skip


def _sample(value: Any) -> str:
    text = (
        format_date(value)
        if isinstance(value, date)
        else str(value)
        if isinstance(value, Fault)
        else text_of(value)
    )
    return text[:40]


# --- rows ------------------------------------------------------------------------------------------------


def faults_of(mapping: Reading) -> list[Any]:
    """Why the mapping cannot be used, in words; empty when it can."""
    found: list[Any] = []
    names = list(mapping.columns.values())
    if "name_fi" not in names:
        found.append(_("Choose the column that holds the name of the measure."))
    twice = sorted({name for name in names if names.count(name) > 1})
    found += [_("“%(name)s” is chosen for two columns.") % {"name": FIELDS.get(name, name)} for name in twice]
    if mapping.goal is None and "goal" not in names:
        found.append(_("Choose a goal for the measures, or the column that holds it."))
    if any(name.startswith(("year:", "month:")) for name in names):
        if mapping.sector is None and "sector" not in names:
            found.append(_("Choose a sector for the amounts, or the column that holds it."))
        if mapping.cost_type is None and "cost_type" not in names:
            found.append(_("Choose a cost type for the amounts, or the column that holds it."))
    return found


def read_foreign(
    sheet: Sheet, mapping: Reading, programme: Programme, language: str
) -> tuple[list[MeasureRow], MonthTable | None]:
    """New measures, and a plan row for each that has amounts."""
    return _Reader(sheet, mapping, programme, Lists(programme, language)).read()


class _Reader:
    def __init__(self, sheet: Sheet, mapping: Reading, programme: Programme, lists: Lists) -> None:
        self.sheet, self.mapping, self.programme, self.lists = sheet, mapping, programme, lists
        self.at = {name: column for column, name in mapping.columns.items()}
        names = Measure.objects.filter(programme=programme).values_list("code", "name_fi")
        self.codes = {code for code, _name in names}
        self.names = {folded(name): code for code, name in names}
        self.given: dict[str, MeasureRow] = {}
        self.years = sorted({
            int(re.findall(r"[0-9]{4}", name)[0]) for name in self.at if name.startswith(("year:", "month:"))
        })  # fmt: skip

    def read(self) -> tuple[list[MeasureRow], MonthTable | None]:
        measures: list[MeasureRow] = []
        months: list[MonthRow] = []
        for number, cells in enumerate(
            self.sheet.rows[self.mapping.head_to :], start=self.mapping.head_to + 1
        ):
            if not any(at < len(cells) and cells[at] is not None for at in self.mapping.columns):
                continue
            row = self._measure(number, cells)
            measures.append(row)
            if self.years:
                line = self._months(number, cells, row)
                if line is not None:
                    months.append(line)
        self._number(measures, months)
        if not self.years:
            return measures, None
        first, last = self.years[0], self.years[-1]
        columns = [
            self.at.get(f"month:{year}-{month:02d}", self.at.get(f"year:{year}"))
            for year in range(first, last + 1)
            for month in range(1, 13)
        ]
        return measures, MonthTable(months, first, last, columns)

    def _number(self, measures: list[MeasureRow], months: list[MonthRow]) -> None:
        """Gives a code to each measure that has none, and to its line the same."""
        free = free_codes(next_code(self.programme), self.codes | self.given.keys())
        by_row = {line.row: line for line in months}
        for row in measures:
            if not row.code and not row.problems:
                row.code = next(free)
                row.values["code"] = row.code
            line = by_row.get(row.row)
            if line is not None:
                line.code = row.code
                if row.problems:
                    line.problems.append(problem("no_measure"))
                elif row.asks:
                    line.asks.append(row.asks[0])
                if line.new_line is not None:
                    line.new_line["code"] = row.code

    def _cell(self, cells: Sequence[Any], name: str) -> Any:
        at = self.at.get(name)
        return cells[at] if at is not None and at < len(cells) else None

    def _measure(self, number: int, cells: Sequence[Any]) -> MeasureRow:
        row = MeasureRow(self.sheet.name[:100], number)
        name = self._text(row, cells, "name_fi", 500)
        if not name and not row.problems:
            row.problems.append(problem("no_name", self.at["name_fi"]))
        if _TOTALS.fullmatch(name):
            row.asks.append(problem("totals", self.at["name_fi"]))
        elif folded(name) in self.names:
            row.asks.append(problem("same_name", self.at["name_fi"], text=self.names[folded(name)]))
        self._code(row, cells)
        for key, longest in (("description_fi", 0), ("municipality", 100), ("service_point", 200)):
            self._text(row, cells, key, longest)
        self._choose(row, cells, "goal", "goals", "goal_id", "unknown_goals", self.mapping.goal)
        self._choose(row, cells, "owner", "people", "owner_id", "unknown_people", None)
        for key in ("starts_on", "ends_on"):
            self._day(row, cells, key)
        starts, ends = row.values.get("starts_on"), row.values.get("ends_on")
        if starts and ends and ends < starts:
            row.problems.append(problem("ends_before", self.at["ends_on"]))
        cents = self._cents(row, cells, "target")
        if cents is not None:
            row.values["target"] = cents
            self._told(row, "target", format_eur(cents))
        return row

    def _told(self, row: MeasureRow, key: str, new: str) -> None:
        row.changes.append({"column": self.at.get(key), "key": f"foreign.{key}", "old": "", "new": new})

    def _text(self, row: MeasureRow, cells: Sequence[Any], key: str, longest: int) -> str:
        try:
            text = text_of(self._cell(cells, key))
        except CellError as error:
            row.problems.append(problem(error.code, self.at[key], **error.params))
            return ""
        if longest and len(text) > longest:
            row.problems.append(problem("too_long", self.at[key], most=longest))
        elif found_in(text):
            row.problems.append(problem("identity_code", self.at[key]))
        elif text:
            row.values[key] = text
            self._told(row, key, text)
        return text

    def _code(self, row: MeasureRow, cells: Sequence[Any]) -> None:
        code = plain(self._text(row, cells, "code", 0)).upper().replace(" ", "-").replace("/", "-")
        row.values.pop("code", None)
        if not code:
            return
        if not re.match(CODE, code) or len(code) > 20:
            row.problems.append(problem("bad_code", self.at["code"]))
        elif code in self.codes:
            row.problems.append(problem("code_taken", self.at["code"], text=code))
        elif code in self.given:
            row.problems.append(problem("twice", self.at["code"], other=self.given[code].row))
        else:
            row.code = code
            row.values["code"] = code
            self.given[code] = row

    def _choose(
        self, row: Any, cells: Sequence[Any], key: str, kind: str, stored: str, unknown: str, default: Any
    ) -> None:
        try:
            text = text_of(self._cell(cells, key))
        except CellError as error:
            row.problems.append(problem(error.code, self.at[key], **error.params))
            return
        meant = self.lists[kind].meant(text) if text else default
        if text and meant is None:
            row.problems.append(problem(unknown, self.at[key], text=text[:60]))
        elif meant is not None:
            row.values[stored] = meant
            if text:
                self._told(row, key, self.lists[kind].shown.get(meant, text))
        elif key == "goal":
            row.problems.append(problem("no_goal", self.at.get("goal")))

    def _day(self, row: MeasureRow, cells: Sequence[Any], key: str) -> None:
        try:
            day = day_of(self._cell(cells, key))
        except CellError as error:
            row.problems.append(problem(error.code, self.at[key], **error.params))
            return
        if day is not None:
            row.values[key] = day.isoformat()
            self._told(row, key, format_date(day))

    def _cents(self, row: Any, cells: Sequence[Any], key: str) -> int | None:
        try:
            cents = cents_of(self._cell(cells, key), unit=self.mapping.unit)
        except CellError as error:
            row.problems.append(problem(error.code, self.at[key], **error.params))
            return None
        return -cents if cents and self.mapping.is_saving_positive else cents

    def _months(self, number: int, cells: Sequence[Any], measure: MeasureRow) -> MonthRow | None:
        """The plan of one measure; an amount of a year is spread over its months."""
        row = MonthRow(self.sheet.name[:100], number, series="plan")
        amounts: list[int | None] = []
        for year in range(self.years[0], self.years[-1] + 1):
            whole = self._cents(row, cells, f"year:{year}") if f"year:{year}" in self.at else None
            parts: Sequence[int | None] = spread(whole, 12) if whole is not None else [None] * 12
            for month in range(1, 13):
                key = f"month:{year}-{month:02d}"
                amounts.append(self._cents(row, cells, key) if key in self.at else parts[month - 1])
        known = [cents for cents in amounts if cents is not None]
        if not known and not row.problems:
            return None
        row.amounts = amounts
        values = _Values(row.problems)
        self._choose_line(values, cells)
        row.new_line = {
            "code": measure.code, "sector_id": values.values.get("sector_id"),
            "cost_type_id": values.values.get("cost_type_id"), "permanence": "lasting", "line_class": "cash",
            "in_base": False,
        }  # fmt: skip
        for key, code in (("sector", "no_sector"), ("cost_type", "no_cost_type")):
            if row.new_line[f"{key}_id"] is None and not row.problems:
                row.problems.append(problem(code, self.at.get(key)))
        if row.problems:
            row.new_line = None
        self._ask(row, known)
        return row

    def _choose_line(self, values: Any, cells: Sequence[Any]) -> None:
        told = (
            ("sector", "sectors", "unknown_sectors", self.mapping.sector),
            ("cost_type", "cost_types", "unknown_cost_types", self.mapping.cost_type),
        )
        for key, kind, unknown, default in told:
            self._choose(values, cells, key, kind, f"{key}_id", unknown, default)

    def _ask(self, row: MonthRow, known: list[int]) -> None:
        first = min(
            column for column, name in self.mapping.columns.items() if name.startswith(("year:", "month:"))
        )
        if any(known) and all(cents >= 0 for cents in known):
            row.asks.append(problem("positive", first))
        total = sum(abs(cents) for cents in known)
        if 0 < total < _SMALL_CENTS:
            row.asks.append(problem("small", first, most=_SMALL_CENTS // 100))


@dataclass
class _Values:
    """Enough of a row for choosing a line's sector and cost type."""

    problems: list[dict[str, Any]]
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)


def chosen_from(post: Mapping[str, Any], sheets: Sequence[Sheet]) -> Reading:
    """The mapping that a posted form says; what is nonsense falls back to the first of its kind."""
    sheet = sheet_named(sheets, str(post.get("sheet", "")))
    first = _number(post.get("head_from"), 1)
    last = max(first, _number(post.get("head_to"), first))
    mapping = Reading(sheet.name, first, min(last, first + 9))
    heads = heads_of(sheet, mapping.head_from, mapping.head_to)
    for column in range(len(heads)):
        name = str(post.get(f"column-{column}", ""))
        if name in FIELDS or re.fullmatch(r"year:20[0-9]{2}", name) or _is_month(name):
            mapping.columns[column] = name
    mapping.heads = {name: heads[column] for column, name in mapping.columns.items()}
    unit = str(post.get("unit", "eur"))
    mapping.unit = unit if unit in UNITS else "eur"  # type: ignore[assignment]
    mapping.is_saving_positive = str(post.get("sign", "")) == "positive"
    for name in ("goal", "sector", "cost_type"):
        setattr(mapping, name, _number(post.get(name), 0) or None)
    return mapping


def _is_month(name: str) -> bool:
    try:
        return name.startswith("month:") and bool(parse_month(name.removeprefix("month:")))
    except ValueError:
        return False


def _number(value: Any, default: int) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else default
