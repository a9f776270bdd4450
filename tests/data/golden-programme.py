"""Writes golden-programme.xlsx: a programme worked out by hand in a spreadsheet.

    python tests/data/golden-programme.py tests/data/golden-programme.xlsx

What is typed stands below: measures, lines, months as (euros a month, first month, last month), overlaps and
what they give back, targets, the ledger of two cells. All else are formulas of the sheet; their values are
worked out here by a small evaluator of spreadsheet formulas. Nothing of the portal is imported: the workbook
says what the portal must say, and a test adds the sheet up a third time.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

FIRST, FINAL = 2024, 2026
CLOSED, STATUS, CONFIRMED_THROUGH = 202507, 202508, 202506
STATED, IN_BASE_TARGET = -2_500_000, -200_000

THEMES = {"a": "Palvelut", "b": "Tilat", "c": "Henkilöstö"}
#: goal: (theme, goal above it)
GOALS = {"a1": ("a", ""), "a2": ("a", ""), "b1": ("b", ""), "c1": ("c", ""), "c2": ("c", "c1")}
SECTORS = {"t": "Terveyspalvelut", "s": "Sosiaalipalvelut", "m": "Muut"}
#: cost type: (name, cost or income)
COST_TYPES = {
    "hen": ("Henkilöstökulut", "cost"), "ost": ("Palvelujen ostot", "cost"), "vuo": ("Tilavuokrat", "cost"),
    "mak": ("Asiakasmaksut", "income"),
}  # fmt: skip

#: code: (goal, stage, first month that is withdrawn, target in euros)
MEASURES: dict[str, tuple[str, str, int | None, int | None]] = {
    "G01": ("a1", "in_delivery", None, -240_000), "G02": ("b1", "in_delivery", None, None),
    "G03": ("a1", "in_delivery", None, -72_000), "G04": ("b1", "withdrawn", 202508, -96_000),
    "G05": ("a1", "in_delivery", None, None), "G06": ("a2", "in_delivery", None, -36_000),
    "G07": ("a2", "in_delivery", None, -45_000), "G08": ("c1", "in_delivery", None, -84_000),
    "G09": ("c1", "in_delivery", None, None), "G10": ("c2", "in_delivery", None, None),
    "G11": ("a1", "in_delivery", None, -108_000), "G12": ("b1", "decided", None, -54_000),
    "G13": ("b1", "in_delivery", None, None), "G14": ("c1", "in_delivery", None, 180_000),
    "G15": ("c2", "in_delivery", None, 0), "G16": ("a2", "in_delivery", None, None),
    "G17": ("b1", "withdrawn", 202501, -60_000), "G18": ("c1", "in_delivery", None, -24_000),
    "G19": ("a2", "planned", None, -132_000), "G20": ("a1", "identified", None, None),
    "G21": ("b1", "on_hold", None, -30_000), "G22": ("b1", "closed", None, -39_600),
    "G23": ("a1", "in_delivery", None, -49_200), "G24": ("a2", "in_delivery", None, -46_800),
    "G25": ("b1", "in_delivery", None, None), "G26": ("c1", "decided", None, -24_000),
    "G27": ("c1", "in_delivery", None, -60_000), "G28": ("a1", "in_delivery", None, 2_000),
    "G29": ("c2", "in_delivery", None, -14_815), "G30": ("a2", "decided", None, -600_006),
    "G31": ("c2", "in_delivery", None, -9_333), "G32": ("b1", "in_delivery", None, -10_800),
}  # fmt: skip

#: line: (measure, sector, cost type, goal, permanence, class, in base, paid from)
LINES: dict[str, tuple[str, str, str, str, str, str, str, str]] = {
    "L01": ("G01", "t", "ost", "a1", "lasting", "cash", "", ""),
    "L02": ("G01", "t", "hen", "a1", "lasting", "cash", "", ""),
    "L03": ("G02", "t", "ost", "b1", "one_off", "cash", "", ""),
    "L04": ("G03", "t", "ost", "a1", "lasting", "cash", "", ""),
    "L05": ("G04", "s", "vuo", "b1", "lasting", "cash", "", ""),
    "L06": ("G05", "t", "ost", "a1", "lasting", "cash", "yes", ""),
    "L07": ("G06", "s", "hen", "a2", "lasting", "cash", "yes", ""),
    "L08": ("G06", "s", "hen", "a2", "lasting", "cash", "", ""),
    "L09": ("G07", "s", "hen", "a2", "seasonal", "cash", "", ""),
    "L10": ("G08", "m", "ost", "c1", "lasting", "cash", "", ""),
    "L11": ("G09", "t", "ost", "c1", "lasting", "avoided", "", ""),
    "L12": ("G10", "s", "ost", "c2", "lasting", "quality", "", ""),
    "L13": ("G11", "t", "ost", "a1", "one_off", "cash", "", "stabilisation"),
    "L14": ("G11", "t", "ost", "a1", "lasting", "cash", "", ""),
    "L15": ("G12", "m", "ost", "b1", "one_off", "cash", "", "project_grant"),
    "L16": ("G12", "m", "vuo", "b1", "lasting", "cash", "", ""),
    "L17": ("G13", "m", "ost", "b1", "one_off", "cash", "", "own"),
    "L18": ("G14", "t", "hen", "c1", "lasting", "cash", "", ""),
    "L19": ("G15", "s", "hen", "c2", "lasting", "cash", "", ""),
    "L20": ("G15", "s", "ost", "c2", "lasting", "cash", "", ""),
    "L21": ("G16", "t", "mak", "a2", "lasting", "cash", "", ""),
    "L22": ("G17", "s", "ost", "b1", "lasting", "cash", "", ""),
    "L23": ("G18", "m", "ost", "c1", "lasting", "cash", "", ""),
    "L24": ("G18", "m", "ost", "c1", "one_off", "cash", "", ""),
    "L25": ("G19", "t", "hen", "a2", "lasting", "cash", "", ""),
    "L26": ("G21", "s", "vuo", "b1", "lasting", "cash", "", ""),
    "L27": ("G22", "m", "vuo", "b1", "lasting", "cash", "", ""),
    "L28": ("G23", "s", "ost", "c1", "lasting", "cash", "", ""),
    "L29": ("G24", "t", "ost", "a2", "lasting", "cash", "", ""),
    "L30": ("G24", "s", "ost", "a2", "lasting", "cash", "", ""),
    "L31": ("G24", "m", "ost", "a2", "lasting", "cash", "", ""),
    "L32": ("G25", "t", "vuo", "b1", "lasting", "cash", "", ""),
    "L33": ("G26", "m", "hen", "c1", "lasting", "cash", "", ""),
    "L34": ("G27", "s", "ost", "c1", "lasting", "cash", "", ""),
    "L35": ("G28", "t", "ost", "a1", "seasonal", "cash", "", ""),
    "L36": ("G29", "s", "hen", "c2", "lasting", "cash", "", ""),
    "L37": ("G30", "m", "ost", "a2", "lasting", "cash", "", ""),
    "L38": ("G31", "t", "ost", "c2", "lasting", "cash", "", ""),
    "L39": ("G32", "s", "vuo", "b1", "lasting", "cash", "", ""),
}

#: Summer months.
SUMMERS = [(202406, 202408), (202506, 202508), (202606, 202608)]
Range = tuple[Any, int, int]

#: line: plan, approved plan ("=": the plan), forecast of open months, claimed, confirmed. Euros a month.
MONTHS: dict[str, tuple[list[Range], Any, list[Range], list[Range], list[Range]]] = {
    "L01": ([(-20_000, 202403, 202612)], [(-22_000, 202403, 202612)],
            [(-19_000, 202508, 202512), (-21_000, 202601, 202612)],
            [(-20_000, 202403, 202507)], [(-18_000, 202403, 202506)]),
    "L02": ([(4_000, 202403, 202612)], "=", [(4_000, 202508, 202612)],
            [(4_000, 202403, 202507)], [(4_000, 202403, 202506)]),
    "L03": ([(-60_000, 202405, 202405)], "=", [], [(-60_000, 202405, 202405)], [(-45_000, 202405, 202405)]),
    "L04": ([(-10_000, 202406, 202612)], "=", [(-10_000, 202508, 202512), (-12_000, 202601, 202612)],
            [(-10_000, 202406, 202507)], [(-6_000, 202406, 202506)]),
    "L05": ([(-8_000, 202501, 202612)], "=", [(-8_000, 202508, 202612)],
            [(-8_000, 202501, 202507)], [(-8_000, 202501, 202506)]),
    "L06": ([(-10_000, 202401, 202612)], "=", [(-9_000, 202508, 202612)],
            [(-9_000, 202401, 202507)], [(-8_000, 202401, 202506)]),
    "L07": ([(-5_000, 202401, 202612)], "=", [(-5_000, 202508, 202612)],
            [(-5_000, 202401, 202507)], [(-5_000, 202401, 202506)]),
    "L08": ([(-3_000, 202501, 202612)], "=", [(-2_800, 202508, 202612)],
            [(-2_500, 202501, 202507)], [(-2_500, 202501, 202506)]),
    "L09": ([(-15_000, first, last) for first, last in SUMMERS], "=",
            [(-14_000, 202508, 202508), (-15_000, 202606, 202608)],
            [(-14_000, 202406, 202408), (-13_000, 202506, 202507)],
            [(-12_000, 202406, 202408), (-13_000, 202506, 202506)]),
    "L10": ([(-7_000, 202407, 202612)], "=", [(-3_500, 202508, 202612)],
            [(-7_000, 202407, 202507)], [(0, 202407, 202412), (-3_500, 202501, 202506)]),
    "L11": ([(-12_000, 202501, 202612)], "=", [(-12_000, 202508, 202612)],
            [(-12_000, 202501, 202507)], [(-10_000, 202501, 202506)]),
    "L12": ([(-1_000, 202501, 202612)], "=", [], [], []),
    "L13": ([(30_000, 202410, 202412)], "=", [], [(30_000, 202410, 202412)], [(30_000, 202410, 202412)]),
    "L14": ([(-9_000, 202501, 202612)], "=", [(-8_800, 202508, 202612)],
            [(-9_000, 202501, 202507)], [(-8_500, 202501, 202506)]),
    "L15": ([(12_000, 202509, 202510)], "=", [(11_000, 202509, 202510)], [], []),
    "L16": ([(-4_500, 202601, 202612)], "=", [(-4_500, 202601, 202612)], [], []),
    "L17": ([(25_000, 202503, 202503)], "=", [], [(25_000, 202503, 202503)], [(25_000, 202503, 202503)]),
    "L18": ([(15_000, 202501, 202612)], "=", [(13_000, 202508, 202612)],
            [(14_000, 202501, 202507)], [(14_000, 202501, 202506)]),
    "L19": ([(6_000, 202507, 202612)], "=", [(6_000, 202508, 202612)], [(6_000, 202507, 202507)], []),
    "L20": ([(-6_000, 202507, 202612)], "=", [(-6_000, 202508, 202612)], [(-6_000, 202507, 202507)], []),
    "L21": ([(-3_000, 202501, 202612)], "=", [(-3_000, 202508, 202612)],
            [(-2_900, 202501, 202507)], [(-2_900, 202501, 202506)]),
    "L22": ([(-5_000, 202407, 202612)], "=", [(-5_000, 202501, 202612)],
            [(-5_000, 202407, 202412)], [(-4_000, 202407, 202412)]),
    "L23": ([(-2_000, 202402, 202612)], "=", [(-2_000, 202508, 202612)],
            [(-2_000, 202402, 202507)], [(-2_000, 202402, 202506)]),
    # A correction of 10/2024, told after that year was locked: it counts in 7/2025, once.
    "L24": ([], [], [], [(1_500, 202507, 202507)], [(1_500, 202507, 202507)]),
    "L25": ([(-11_000, 202601, 202612)], [], [(-11_000, 202601, 202612)], [], []),
    "L26": ([(-2_500, 202509, 202612)], "=", [(-2_500, 202601, 202612)], [], []),
    "L27": ([(-3_300, 202401, 202612)], "=", [(-3_300, 202508, 202612)],
            [(-3_300, 202401, 202507)], [(-3_300, 202401, 202507)]),
    "L28": ([(-4_100, 202502, 202612)], "=", [(-4_000, 202508, 202612)],
            [(-3_900, 202502, 202507)], [(-3_900, 202502, 202506)]),
    "L29": ([(-1_200, 202504, 202612)], "=", [(-1_200, 202508, 202612)],
            [(-1_200, 202504, 202507)], [(-1_100, 202504, 202506)]),
    "L30": ([(-1_300, 202504, 202612)], "=", [(-1_300, 202508, 202612)],
            [(-1_300, 202504, 202507)], [(-1_300, 202504, 202506)]),
    "L31": ([(-1_400, 202504, 202612)], "=", [(-1_400, 202508, 202612)],
            [(-1_400, 202504, 202507)], [(-1_400, 202504, 202506)]),
    "L32": ([(-6_000, 202401, 202512)], "=", [(-6_000, 202508, 202512)],
            [(-6_000, 202401, 202507)], [(-5_500, 202401, 202506)]),
    # Goes on after the programme's last year.
    "L33": ([(-2_000, 202601, 202712)], "=", [(-1_900, 202601, 202712)], [], []),
    "L34": ([(-5_000, 202501, 202612)], "=", [(-5_000, 202508, 202612)],
            [(-5_000, 202501, 202507)], [(-5_000, 202501, 202501), (-1_000, 202502, 202506)]),
    "L35": ([(2_000, 202412, 202412), (2_000, 202512, 202512), (2_000, 202612, 202612)], "=",
            [(2_000, 202512, 202512), (2_500, 202612, 202612)],
            [(1_800, 202412, 202412)], [(1_800, 202412, 202412)]),
    "L36": ([("-1234.56", 202405, 202612)], "=", [("-1234.56", 202508, 202612)],
            [("-1234.56", 202405, 202507)], [("-1000.01", 202405, 202506)]),
    "L37": ([("-50000.50", 202510, 202612)], "=", [("-49999.95", 202511, 202612)], [], []),
    "L38": ([("-777.77", 202408, 202612)], "=", [("-777.77", 202508, 202612)],
            [("-777.77", 202408, 202507)], [("-777.77", 202408, 202506)]),
    "L39": ([(-900, 202505, 202612)], "=", [], [], []),
}  # fmt: skip

#: (yielding line, line that keeps the effect, euros a month, first month, last month)
OVERLAPS: list[tuple[str, str, int, int, int | None]] = [
    ("L04", "L01", -4_000, 202406, None),
    ("L34", "L28", -4_500, 202502, 202512),
    ("L39", "L05", -500, 202505, None),
]
#: What the overlaps give back, at most the smaller effect of each month, worked out by hand: line, series,
#: euros a month, months; and of claims whether the claim is decided (then nothing of it is undecided).
GIVEN: list[tuple[str, str, int, int, int, str]] = [
    ("L04", "plan", 4_000, 202406, 202612, ""), ("L04", "plan_approved", 4_000, 202406, 202612, ""),
    ("L04", "forecast", 4_000, 202508, 202612, ""),
    ("L04", "claimed", 4_000, 202406, 202506, "decided"), ("L04", "claimed", 4_000, 202507, 202507, ""),
    # 4 500 declared, but the line that keeps the effect brings 4 100 by plan, 4 000 by forecast, 3 900 claimed.
    ("L34", "plan", 4_100, 202502, 202512, ""), ("L34", "plan_approved", 4_100, 202502, 202512, ""),
    ("L34", "forecast", 4_000, 202508, 202512, ""),
    ("L34", "claimed", 3_900, 202502, 202506, "decided"), ("L34", "claimed", 3_900, 202507, 202507, ""),
    # The line that keeps it leaves in 8/2025; the approved plan knows no withdrawal.
    ("L39", "plan", 500, 202505, 202507, ""), ("L39", "plan_approved", 500, 202505, 202612, ""),
]  # fmt: skip

#: The ledger of two cells, 1-7/2025: budget of the base year a month, drivers a month, base moved by the
#: transfer a month, actuals of the seven months together. Internal charges of 9 999 stand in the actuals too,
#: flagged, and are outside.
RECONCILED = {
    ("t", "ost"): (600_000, 10_000, -2_000, 4_019_500),
    ("s", "ost"): (300_000, 0, 2_000, 2_071_000),
}


# --- months -------------------------------------------------------------------------------------


def months(first: int, last: int) -> list[int]:
    """Months from the first to the last, both included, as 202403."""
    found = []
    while first <= last:
        found.append(first)
        first += 89 if first % 100 == 12 else 1
    return found


def spread(ranges: list[Range]) -> dict[int, Decimal]:
    return {month: Decimal(amount) for amount, first, last in ranges for month in months(first, last)}


# --- a spreadsheet that evaluates itself --------------------------------------------------------

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*")|(?P<number>\d+(?:\.\d+)?)|(?P<range>(?:\w+!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)"""
    r"""|(?P<name>[A-Z]+)(?=\()|(?P<sign><=|>=|<>|[-+*/()=<>,&]))"""
)


class Book:
    """Cells by sheet and address; formulas are evaluated when they are asked for."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, int, int], Any] = {}
        self.values: dict[tuple[str, int, int], Any] = {}
        self.matches: dict[tuple[Any, Any, str], int] = {}
        self.areas: dict[tuple[str, str], list[tuple[str, int, int]]] = {}

    def matching(self, area: list[tuple[str, int, int]], criterion: Any) -> int:
        """Bits of the cells of an area that a criterion of SUMIFS lets through, found once."""
        key = (area[0], area[-1], str(criterion))
        if key not in self.matches:
            holds = _condition(criterion)
            self.matches[key] = sum(1 << at for at, cell in enumerate(area) if holds(self.value(*cell)))
        return self.matches[key]

    def put(self, sheet: str, row: int, column: int, content: Any) -> None:
        self.cells[sheet, row, column] = content

    def value(self, sheet: str, row: int, column: int) -> Any:
        key = (sheet, row, column)
        if key not in self.values:
            content = self.cells.get(key, "")
            is_formula = isinstance(content, str) and content.startswith("=")
            self.values[key] = Formula(self, sheet, content[1:]).value() if is_formula else content
        return self.values[key]


class Formula:
    """One formula, read from left to right: comparison, sum, product, atom."""

    def __init__(self, book: Book, sheet: str, text: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens = [(m.lastgroup, m[m.lastgroup]) for m in _TOKEN.finditer(text) if m.lastgroup]
        self.at = 0

    def value(self) -> Any:
        found = self.comparison()
        if self.at != len(self.tokens):
            raise ValueError(f"Left over: {self.tokens[self.at :]}")
        return found

    def take(self, *signs: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in signs:
            self.at += 1
            return str(self.tokens[self.at - 1][1])
        return ""

    def comparison(self) -> Any:
        left = self.joined()
        if sign := self.take("<=", ">=", "<>", "=", "<", ">"):
            right = self.joined()
            if isinstance(left, str) != isinstance(right, str):  # a number is below every text; empty is ""
                left, right = (0, 1) if isinstance(right, str) else (1, 0)
            return {
                "=": left == right, "<>": left != right, "<": left < right, "<=": left <= right, ">": left > right,
                ">=": left >= right,
            }[sign]  # fmt: skip
        return left

    def joined(self) -> Any:
        left = self.sum()
        while self.take("&"):
            left = f"{left}{self.sum()}"
        return left

    def sum(self) -> Any:
        left = self.product()
        while sign := self.take("+", "-"):
            right = self.product()
            left = number(left) + number(right) if sign == "+" else number(left) - number(right)
        return left

    def product(self) -> Any:
        left = self.atom()
        while sign := self.take("*", "/"):
            right = self.atom()
            left = number(left) * number(right) if sign == "*" else number(left) / number(right)
        return left

    def atom(self) -> Any:
        kind, text = self.tokens[self.at]
        self.at += 1
        if text == "-":
            return -self.atom()
        if text == "(":
            found = self.comparison()
            self.take(")")
            return found
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return Decimal(text)
        if kind == "name":
            return self.call(text)
        cells = self.area(text)
        return cells if ":" in text else self.book.value(*cells[0])

    def call(self, name: str) -> Any:
        self.take("(")
        given = [self.comparison()]
        while self.take(","):
            given.append(self.comparison())
        self.take(")")
        if name == "IF":
            return given[1] if given[0] else given[2]
        if name in {"AND", "OR"}:
            return all(given) if name == "AND" else any(given)
        if name == "INT":
            return Decimal(int(given[0]))
        if name == "SUM":
            return sum((number(self.book.value(*cell)) for part in given for cell in part), Decimal(0))
        if name == "SUMIFS":
            return self.sumifs(given)
        raise ValueError(name)

    def sumifs(self, given: list[Any]) -> Decimal:
        cells = given[0]
        left = (1 << len(cells)) - 1
        for at in range(1, len(given), 2):
            left &= self.book.matching(given[at], given[at + 1])
        total = Decimal(0)
        while left:
            total += number(self.book.value(*cells[(left & -left).bit_length() - 1]))
            left &= left - 1
        return total

    def area(self, text: str) -> list[tuple[str, int, int]]:
        key = (self.sheet, text)
        if key not in self.book.areas:
            self.book.areas[key] = self._area(text)
        return self.book.areas[key]

    def _area(self, text: str) -> list[tuple[str, int, int]]:
        sheet, _mark, rest = text.rpartition("!")
        ends = [re.fullmatch(r"([A-Z]+)(\d+)", end) for end in rest.replace("$", "").split(":")]
        corners = [(int(end[2]) - 1, column_number(end[1])) for end in ends if end]
        (top, left), (bottom, right) = corners[0], corners[-1]
        return [
            (sheet or self.sheet, row, column)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def number(value: Any) -> Decimal:
    return Decimal(value) if not isinstance(value, str) and value is not None else Decimal(0)


def column_number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def column_letters(at: int) -> str:
    return chr(65 + at) if at < 26 else chr(64 + at // 26) + chr(65 + at % 26)


def _condition(criterion: Any) -> Any:
    """A criterion of SUMIFS: a value, or a text that begins with a comparison."""
    text = str(criterion)
    sign = next((sign for sign in ("<=", ">=", "<>", "<", ">") if text.startswith(sign)), "")
    wanted: Any = text.removeprefix(sign)
    if re.fullmatch(r"-?\d+(\.\d+)?", wanted):
        wanted = Decimal(wanted)

    def holds(value: Any) -> bool:
        if sign in ("", "<>"):
            same = value == wanted if isinstance(wanted, Decimal) == (not isinstance(value, str)) else False
            return same if sign == "" else not same
        if isinstance(value, str) or not isinstance(wanted, Decimal):
            return False
        return bool(
            {"<=": value <= wanted, ">=": value >= wanted, "<": value < wanted, ">": value > wanted}[sign]
        )

    return holds


# --- the sheets ---------------------------------------------------------------------------------

#: Columns of the sheet Rows; those with a formula follow the typed ones.
TYPED = ["line", "measure", "theme", "goal", "above", "sector", "cost_type", "permanence", "class",
         "in_base", "paid_from", "withdrawn", "series", "month", "amount", "confirmed", "what"]  # fmt: skip
WORKED = ["year", "phase", "books", "kind", "book", "undecided", "refused"]
AT = {name: column_letters(at) for at, name in enumerate([*TYPED, *WORKED])}


def entries() -> list[list[Any]]:
    """The typed part of each row: the months of every line, then what overlaps give back."""
    found = []

    def row(line: str, series: str, month: int, amount: Any, confirmed: Any, what: str) -> list[Any]:
        measure, sector, cost_type, goal, permanence, line_class, in_base, paid = LINES[line]
        theme, above = GOALS[goal]
        withdrawn = MEASURES[measure][2] or ""
        return [line, measure, theme, goal, above, sector, cost_type, permanence, line_class, in_base, paid, withdrawn,
                series, month, amount, confirmed, what]  # fmt: skip

    for line, (plan, approved, forecast, claimed, confirmed) in MONTHS.items():
        decided = spread(confirmed)
        for series, ranges in (
            ("plan", plan), ("plan_approved", plan if approved == "=" else approved), ("forecast", forecast),
        ):  # fmt: skip
            found += [row(line, series, month, cents, "", "") for month, cents in spread(ranges).items()]
        found += [
            row(line, "claimed", month, cents, decided.get(month, ""), "")
            for month, cents in spread(claimed).items()
        ]
    for line, series, amount, first, last, state in GIVEN:
        found += [
            row(line, series, month, Decimal(amount), Decimal(0) if state else "", "overlap")
            for month in months(first, last)
        ]
    return found


def worked(at: int) -> list[str]:
    """The formulas of one row of the sheet Rows."""
    cell = {name: f"{letters}{at}" for name, letters in AT.items()}
    return [
        f"=INT({cell['month']}/100)",
        f'=IF(OR({cell["withdrawn"]}="",{cell["series"]}="plan_approved"),"standing",'
        f'IF({cell["month"]}<{cell["withdrawn"]},"before","after"))',
        f'=IF({cell["month"]}<={CLOSED},"closed","open")',
        f'=IF(OR({cell["permanence"]}="one_off",{cell["phase"]}<>"standing"),"one_off",{cell["permanence"]})',
        f'=IF({cell["cost_type"]}="mak","income",IF({cell["class"]}<>"cash",{cell["class"]},'
        f'IF({cell["in_base"]}="yes","in_base","new")))',
        f'=IF(AND({cell["series"]}="claimed",{cell["confirmed"]}=""),{cell["amount"]},0)',
        f'=IF(AND({cell["series"]}="claimed",{cell["confirmed"]}<>""),{cell["amount"]}-{cell["confirmed"]},0)',
    ]


class Rows:
    """Formulas over the sheet Rows."""

    def __init__(self, last: int) -> None:
        self.last = last

    def area(self, column: str) -> str:
        return f"Rows!${AT[column]}$2:${AT[column]}${self.last}"

    def total(self, of: str, **conditions: Any) -> str:
        """SUMIFS of one column. A condition is text or number; text in quotes or a cell's address."""
        parts = [self.area(of)]
        for column, criterion in conditions.items():
            parts += [self.area(column.rstrip("_")), str(criterion)]
        return f"SUMIFS({','.join(parts)})"

    def level(self, level: str, where: dict[str, Any], kinds: tuple[str, ...], when: dict[str, Any]) -> str:
        """One level of a slice over months (`when`), for some kinds of permanence."""
        found = []
        for kind in kinds:
            common = {**where, **when, "kind": f'"{kind}"'}
            if level == "plan_approved":
                found.append(self.total("amount", series='"plan_approved"', **common))
            elif level == "plan":
                found.append(self.total("amount", series='"plan"', phase='"<>after"', **common))
            elif level == "forecast":
                live = {**common, "phase": '"<>after"'}
                found.append(self.total("amount", series='"forecast"', books='"open"', **live))
                found += [
                    self.total(part, series='"claimed"', books='"closed"', **live)
                    for part in ("confirmed", "undecided")
                ]
            else:
                part = "amount" if level == "claimed" else level
                found.append(self.total(part, series='"claimed"', **common))
        return "+".join(found)


LASTING, ALL = ("lasting", "seasonal"), ("lasting", "seasonal", "one_off")
LEVELS = ("plan", "plan_approved", "forecast", "claimed", "confirmed", "undecided", "refused")
PLANS, CLAIMS = LEVELS[:3], LEVELS[3:]


def figures(rows: Rows, where: dict[str, Any]) -> dict[str, str]:
    """Every figure of one slice as a formula; names as `<figure>.<level>`."""
    new = {**where, "book": '"new"'}
    final, to_date = {"year": FINAL}, {"month": f'"<={STATUS}"'}
    found = {}
    for level in PLANS:
        found[f"level_change.{level}"] = rows.level(level, new, LASTING, final)
    for level in LEVELS:
        found[f"cumulative.{level}"] = rows.level(level, new, ALL, to_date)
    for year in (2024, 2025):
        for level in LEVELS:
            found[f"lasting-{year}.{level}"] = rows.level(level, new, LASTING, {"year": year})
            found[f"effect-{year}.{level}"] = rows.level(level, new, ALL, {"year": year})
    for level in PLANS:
        found[f"after-2027.{level}"] = rows.level(level, new, LASTING, {"year": 2027})
    for level, month in (
        ("plan", 202512), ("plan_approved", 202512), ("forecast", 202512), ("claimed", CLOSED),
        ("confirmed", CONFIRMED_THROUGH),
    ):  # fmt: skip
        steady = rows.level(level, new, ("lasting",), {"month": month})
        season = rows.level(
            level, new, ("seasonal",), {"month": f'">{month - 100}"', "month_": f'"<={month}"'}
        )
        found[f"run_rate.{level}"] = f"12*({steady})+{season}"
    for level in PLANS:
        found[f"carry_over.{level}"] = (
            f"{found[f'run_rate.{level}']}-({rows.level(level, new, LASTING, {'year': 2025})})"
        )
    for book in ("in_base", "avoided", "income"):
        beside = {**where, "book": f'"{book}"'}
        for level in PLANS:
            found[f"{book}.{level}"] = rows.level(level, beside, LASTING, final)
        for level in CLAIMS:
            found[f"{book}.{level}"] = rows.level(level, beside, ALL, to_date)
    for level in ("plan", "forecast", "claimed", "confirmed"):
        found[f"funded.{level}"] = "+".join(
            rows.level(level, {**new, "paid_from": f'"{kind}"'}, ("one_off",), to_date)
            for kind in ("stabilisation", "project_grant")
        )
    return found


#: What is worked out of single measures too; the other columns of their rows are zero.
OF_A_MEASURE = ("level_change", "cumulative", "run_rate", "in_base", "avoided", "income", "effect-2025")


def slices() -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, key, condition) of every slice; a goal holds its sub-goals."""
    found: list[tuple[str, str, dict[str, Any]]] = [("programme", "", {})]
    found += [("theme", key, {"theme": f'"{key}"'}) for key in THEMES]
    found += [("goal", key, {"goal": f'"{key}"'}) for key in GOALS]
    found += [("sector", key, {"sector": f'"{key}"'}) for key in SECTORS]
    found += [("cost_type", key, {"cost_type": f'"{key}"'}) for key in COST_TYPES]
    found += [("measure", code, {"measure": f'"{code}"'}) for code in MEASURES]
    return found


def build(path: str) -> Book:
    """Writes the workbook and hands back what is in it."""
    book = Book()
    typed = entries()
    rows = Rows(len(typed) + 1)
    sheets: dict[str, list[list[Any]]] = {
        "Read_me": [
            ["A programme worked out by hand, to the cent. Euros; minus is a saving. Months are written 202403."],
            [f"Years {FIRST}-{FINAL}; status month {STATUS}; books closed through {CLOSED}; 2024 is locked."],
            [f"{CONFIRMED_THROUGH} is the month of the confirmed run rate; 7/2025 has undecided claims."],
            ["Rows: what was typed (line to what), then formulas by the rules. Totals: sums over Rows."],
        ],
        "Settings": [
            ["closed_through", CLOSED], ["status_month", STATUS], ["stated_target", STATED],
            ["in_base_target", IN_BASE_TARGET], ["locked_year", 2024], ["first_year", FIRST], ["final_year", FINAL],
            ["confirmed_through", CONFIRMED_THROUGH],
        ],
        "Structure": [
            ["kind", "key", "name", "above", "theme"],
            *[["theme", key, name, "", ""] for key, name in THEMES.items()],
            *[["goal", key, f"Tavoite {key}", above, theme] for key, (theme, above) in GOALS.items()],
            *[["sector", key, name, "", ""] for key, name in SECTORS.items()],
            *[["cost_type", key, name, kind, ""] for key, (name, kind) in COST_TYPES.items()],
        ],
        "Measures": [
            ["code", "goal", "stage", "withdrawn", "target"],
            *[
                [code, goal, stage, withdrawn or "", "" if target is None else Decimal(target)]
                for code, (goal, stage, withdrawn, target) in MEASURES.items()
            ],
        ],
        "Lines": [
            ["line", "measure", "sector", "cost_type", "goal", "permanence", "class", "in_base", "paid_from"],
            *[[line, *values] for line, values in LINES.items()],
        ],
        "Overlaps": [["yielding", "other", "amount", "first", "last"], *[[*one[:4], one[4] or ""] for one in OVERLAPS]],
        "Rows": [[*TYPED, *WORKED], *[[*one, *worked(at)] for at, one in enumerate(typed, 2)]],
    }  # fmt: skip
    named = figures(rows, {})
    sheets["Totals"] = [["kind", "key", *named]]
    for kind, key, where in slices():
        found = figures(rows, where)
        if kind == "measure":
            found = {
                name: formula if name.split(".")[0] in OF_A_MEASURE else "0"
                for name, formula in found.items()
            }
        if kind == "goal" and any(above == key for _theme, above in GOALS.values()):
            below = figures(rows, {"above": f'"{key}"'})
            found = {name: f"({formula})+({below[name]})" for name, formula in found.items()}
        sheets["Totals"].append([kind, key, *(f"={formula}" for formula in found.values())])
    last = len(MEASURES) + 1
    targets, stages = f"Measures!$E$2:$E${last}", f"Measures!$C$2:$C${last}"
    sheets["Ladder"] = [
        ["stated", "=Settings!B3"],
        ["in_base", "=Settings!B4"],
        ["active", f'=SUMIFS({targets},{stages},"<>withdrawn")'],
        ["released", f'=SUMIFS({targets},{stages},"withdrawn")'],
        ["never_allocated", "=B1-B2-B3-B4"],
        ["unallocated", "=B4+B5"],
    ]
    sheets["Ledger"] = [
        ["sector", "cost_type", "budget_a_month", "drivers_a_month", "transfer_a_month", "ledger", "base", "drivers",
         "confirmed_in_base", "planned_in_base", "confirmed_new", "expected", "unexplained"],
    ]  # fmt: skip
    span = {"month": '">=202501"', "month_": '"<=202507"'}
    for at, ((sector, cost_type), values) in enumerate(RECONCILED.items(), 2):
        where = {"sector": f'"{sector}"', "cost_type": f'"{cost_type}"', **span}
        based, new, avoided = ({**where, "book": f'"{book}"'} for book in ("in_base", "new", "avoided"))
        sheets["Ledger"].append([
            sector, cost_type, *(Decimal(value) for value in values), f"=7*(C{at}+E{at})", f"=7*D{at}",
            "=" + rows.total("confirmed", series='"claimed"', **based),
            "=" + rows.total("amount", series='"plan"', **based),
            # A driver is entered gross, so an avoided cost takes off what it would have brought.
            "=" + "+".join(rows.total("confirmed", series='"claimed"', **book) for book in (new, avoided)),
            f"=G{at}+H{at}+I{at}-J{at}+K{at}",
            f"=F{at}-L{at}",
        ])  # fmt: skip
    for sheet, lines in sheets.items():
        for at, line in enumerate(lines):
            for column, content in enumerate(line):
                book.put(sheet, at, column, content)
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"title": "Golden programme", "created": datetime(2024, 1, 1)})
        bold = workbook.add_format({"bold": True})
        for sheet, lines in sheets.items():
            page = workbook.add_worksheet(sheet)
            page.freeze_panes(1, 2 if sheet == "Totals" else 0)
            for at, line in enumerate(lines):
                for column, content in enumerate(line):
                    value = book.value(sheet, at, column)
                    shown = float(value) if isinstance(value, Decimal) else value
                    if isinstance(content, str) and content.startswith("="):
                        page.write_formula(at, column, content, None, shown)
                    elif content != "":
                        page.write(at, column, shown, bold if at == 0 else None)
    return book


if __name__ == "__main__":
    build(sys.argv[1])
