"""Single cells: amounts, days, months and texts as people write them into tables.

Each reader returns None for an empty cell and raises CellError for one that it cannot read.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.money import MAX_CENTS, SHIFT, MoneyError, Unit, parse_eur
from core.periods import MonthError, parse_month
from core.tables.sheets import Fault, Value

MESSAGES: dict[str, Any] = {
    "formula": _("The formula has no result. Open the workbook in Excel and save it."),
    "fault": _("The cell shows the error %(text)s."),
    "not_a_number": _("“%(text)s” is not a number."),
    "too_large": _("The amount is too large."),
    "too_precise": _("The amount may not be more precise than a cent."),
    "not_a_day": _("“%(text)s” is not a day. Write for example 31.12.2025."),
    "not_a_month": _("“%(text)s” is not a month. Write for example 3/2024."),
    "not_a_choice": _("“%(text)s” is not one of the choices."),
}

#: Every space that a spreadsheet, a document or a web page puts into figures, and marks that have no width.
_SPACES = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_NO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_FINNISH_DAY = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4}|[0-9]{2})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+)?")
_SHOWN_CHARACTERS = 40


class CellError(ValueError):
    """A cell that cannot be read as what it should be; `code` is a key of MESSAGES."""

    def __init__(self, code: str, text: object = "") -> None:
        super().__init__(code)
        self.code, self.params = code, {"text": str(text)[:_SHOWN_CHARACTERS]}

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code]) % self.params

    def __str__(self) -> str:
        return self.message


def _checked(value: Value) -> Value:
    if isinstance(value, Fault):
        raise CellError("formula") if value.is_formula else CellError("fault", value)
    return value


def text_of(value: Value) -> str:
    """The cell as text on one or more lines; whole numbers without a point; "" when empty."""
    value = _checked(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def plain(text: str) -> str:
    """The text with one plain space for each run of spaces and without marks that cannot be seen."""
    return _SPACES.sub(" ", _NO_WIDTH.sub("", text)).strip()


def cents_of(value: Value, *, unit: Unit = "eur", is_rounded: bool = True) -> int | None:
    """Whole cents of an amount in `unit`; figures that are more precise (a twelfth) are rounded half up.

    Raises CellError. `is_rounded=False` refuses them instead.
    """
    value = _checked(value)
    if value is None or (isinstance(value, str) and not plain(value)):
        return None
    if isinstance(value, (bool, date)):
        raise CellError("not_a_number", value)
    if isinstance(value, str):
        return _cents_of_text(value, unit)
    try:
        exact = Decimal(repr(value)).scaleb(SHIFT[unit])
        cents = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError):
        raise CellError("too_large" if value == value else "not_a_number", value) from None
    if abs(cents) > MAX_CENTS:
        raise CellError("too_large")
    # A double carries fifteen figures or so: a trace beyond them is no precision of the writer's.
    if not is_rounded and abs(exact - cents) > max(Decimal("0.0001"), abs(exact) * Decimal("1e-14")):
        raise CellError("too_precise")
    return cents


def _cents_of_text(value: str, unit: Unit) -> int:
    written = plain(value)
    if written.startswith("(") and written.endswith(")"):
        written = f"-{written[1:-1].strip()}"
    if written.endswith(("-", "\u2212")) and len(written) > 1:
        written = f"-{written[:-1].strip()}"
    for language in ("fi", "en"):
        try:
            return parse_eur(written, language=language, unit=unit)
        except MoneyError as error:
            if error.code in {"too_large", "too_precise"}:
                raise CellError(error.code) from None
    raise CellError("not_a_number", value)


def day_of(value: Value) -> date | None:
    """A day: a date cell, 31.12.2025, 1.4.25 (of this century) or 2025-12-31."""
    value = _checked(value)
    if value is None or (isinstance(value, str) and not plain(value)):
        return None
    if isinstance(value, date):
        return value
    written = plain(str(value))
    try:
        if found := _FINNISH_DAY.fullmatch(written):
            year = int(found[3])
            return date(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))
        if found := _ISO_DAY.fullmatch(written):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise CellError("not_a_day", value)


_MONTH_NAMES = {
    name: number
    for names in (
        "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
        "jan feb mar apr maj jun jul aug sep okt nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
}
_NAMED_MONTH = re.compile(
    r"([a-zåäö]+?)(?:kuu|uari|ruari|uary|ruary|s|il|i|e|usti|ust|tember|ember|ober|y|t)?\.? ?([0-9]{4})"
)


def month_of_cell(value: Value) -> date | None:
    """First day of a month: a date cell, 3/2024, 2024-03, 03.2024, maaliskuu 2024, 202403."""
    value = _checked(value)
    if value is None or (isinstance(value, str) and not plain(value)):
        return None
    if isinstance(value, date):
        return value.replace(day=1)
    written = plain(text_of(value)).lower()
    if re.fullmatch(r"20[0-9]{4}", written):
        written = f"{written[:4]}-{written[4:]}"
    try:
        return parse_month(written)
    except MonthError:
        pass
    if found := _NAMED_MONTH.fullmatch(written):
        number = _MONTH_NAMES.get(found[1]) or _MONTH_NAMES.get(found[1][:3])
        if number:
            return date(int(found[2]), number, 1)
    if _FINNISH_DAY.fullmatch(written) or _ISO_DAY.fullmatch(written):
        day = day_of(written)
        return day.replace(day=1) if day else None
    raise CellError("not_a_month", value)
