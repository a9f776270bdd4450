"""Money: whole EUR cents inside, one parser for input and one writer for output.

Cents are signed `int`: minus is less cost (a saving), plus is more cost (an investment). M€ and
1 000 € exist only here, at the edge. Nothing in this module uses a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Unit = Literal["eur", "keur", "meur"]

MINUS = "\u2212"
NBSP = "\u00a0"
DASH = "\u2013"
ELLIPSIS = "\u2026"

#: Power of ten between a cent and one of the unit.
SHIFT: dict[str, int] = {"eur": 2, "keur": 5, "meur": 8}
#: Cents in one of the unit.
EUR_CENTS_PER_UNIT: dict[str, int] = {unit: 10**shift for unit, shift in SHIFT.items()}
#: Largest amount either way, in cents: nine thousand milliard euros, still exact in a browser.
MAX_CENTS = 900_000_000_000_000
#: From here on M€ are shown with one decimal instead of two.
ONE_DECIMAL_FROM_CENTS = 1_000_000_000

_GROUP_OUT = {"fi": NBSP, "sv": NBSP, "en": ","}
_POINT = {"fi": ",", "sv": ",", "en": "."}
_SPACES = re.compile("[ \u00a0\u202f\u2009\t]")

MESSAGES = {
    "empty": _("Give an amount."),
    "not_a_number": _("This is not an amount. Write for example %(example)s."),
    "separator": _("Write %(example)s."),
    "exponent": _("Write the amount without an exponent, for example %(example)s."),
    "too_precise": _("The amount may not be more precise than a cent."),
    "too_large": _("The amount is too large."),
}


class MoneyError(ValueError):
    """Text that is not an amount. `code` is a key of MESSAGES; the message is translated when read."""

    def __init__(self, code: str, params: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = params or {}

    @property
    def template(self) -> StrPromise:
        """The lazy message with its placeholders, as ValidationError wants it beside `params`."""
        return MESSAGES[self.code]

    @property
    def message(self) -> str:
        return str(self.template) % self.params if self.params else str(self.template)

    def __str__(self) -> str:
        return self.message


def language_code(language: str | None) -> str:
    """One of fi, sv, en; the active language when None, Finnish when unknown."""
    code = (language or get_language() or "fi")[:2]
    return code if code in _POINT else "fi"


# --- reading -------------------------------------------------------------------------------------

_THOUSANDS = r"(?:[tk]\s?€|tuhatta euroa|tusen euro|thousand euros?)"
_MILLIONS = r"(?:m\s?€|milj\.?\s?(?:€|euroa|euro)|miljoonaa euroa|mn euro|miljoner euro|million euros?)"
_EUROS = r"(?:€|euroa|euros|euro|eur)"
# "250 1 000 €" names the unit as table headings do; a lone digit before three zeros is never a group.
_SUFFIXES: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("meur", re.compile(rf"\s?{_MILLIONS}$", re.IGNORECASE)),
    ("keur", re.compile(rf"(?:\s?{_THOUSANDS}|(?<=[0-9]) 1[ ,]000 ?€)$", re.IGNORECASE)),
    ("eur", re.compile(rf"\s?{_EUROS}$", re.IGNORECASE)),
)
_SIGNS = {"-": -1, MINUS: -1, DASH: -1, "+": 1}
_EXPONENT = re.compile(r"[0-9][eE][+\-]?[0-9]")


def parse_eur(text: str, *, language: str | None = None, unit: Unit = "eur") -> int:
    """Cents that a person meant by `text`, written in `unit` unless the text names its own unit.

    Reads the groupings of Finnish, Swedish and English, every minus that Word, Excel and PDF make,
    and the units €, t€, k€, 1 000 €, M€, milj. euroa. Raises MoneyError.
    """
    code = language_code(language)
    plain = _SPACES.sub(" ", text).strip()
    if not plain:
        raise MoneyError("empty")
    plain, unit = _take_unit(plain, unit)
    sign, digits = _take_sign(plain)
    if _EXPONENT.search(digits):
        raise MoneyError("exponent", {"example": _example(code)})
    whole, fraction = _split_number(digits, code)
    cents = _to_cents(whole, fraction, SHIFT[unit])
    if cents > MAX_CENTS:
        raise MoneyError("too_large")
    return sign * cents


def _take_unit(text: str, unit: Unit) -> tuple[str, Unit]:
    for name, pattern in _SUFFIXES:
        found = pattern.search(text)
        if found and found.start():
            return text[: found.start()], name
    return text, unit


def _take_sign(text: str) -> tuple[int, str]:
    if text[0] in _SIGNS:
        return _SIGNS[text[0]], text[1:].removeprefix(" ")
    return 1, text


def _split_number(digits: str, code: str) -> tuple[str, str]:
    point = _POINT[code]
    group = "[ ,]" if code == "en" else "[ ]"
    pattern = rf"([0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)(?:{re.escape(point)}([0-9]+))?"
    found = re.fullmatch(pattern, digits)
    if found:
        return re.sub(group, "", found[1]), found[2] or ""
    hint = _rewritten(digits, code)
    if hint:
        raise MoneyError("separator", {"example": hint})
    raise MoneyError("not_a_number", {"example": _example(code)})


def _rewritten(digits: str, code: str) -> str | None:
    """The amount as this language writes it, when only its separators are foreign."""
    if not re.fullmatch(r"[0-9]+(?:[ .,'][0-9]+)*", digits):
        return None
    *head, tail = re.split(r"[ .,']", digits)
    if not head:
        return None
    last = re.findall(r"[ .,']", digits)[-1]
    grouped = len(tail) == 3 and all(len(part) == 3 for part in head[1:])
    is_fraction = last in ".," and not (grouped and digits.count(last) == len(head) and last != _POINT[code])
    whole, fraction = ("".join(head), tail) if is_fraction else ("".join([*head, tail]), "")
    point = _POINT[code] if fraction else ""
    return f"{_grouped(whole.lstrip('0') or '0', code)}{point}{fraction}"


def _to_cents(whole: str, fraction: str, shift: int) -> int:
    if fraction[shift:].strip("0"):
        raise MoneyError("too_precise")
    if len(whole) > 20:
        raise MoneyError("too_large")
    return int(whole + fraction[:shift].ljust(shift, "0"))


def _example(code: str) -> str:
    return f"1{_GROUP_OUT[code]}234{_POINT[code]}50"


# --- writing -------------------------------------------------------------------------------------


def format_eur(
    cents: int | None,
    *,
    language: str | None = None,
    unit: Unit = "eur",
    decimals: int | None = None,
    sign: bool = True,
    trim: bool = False,
    with_unit: bool = False,
) -> str:
    """The amount as people read it, rounded half up, once; a dash for None.

    `decimals` defaults to 2 for €, 0 for 1 000 €, and for M€ to 2 under ten million and 1 from there.
    `sign` puts + before an investment (off for gross amounts such as budgets); minus is always shown.
    `trim` leaves the decimals out when the amount is whole in its unit: targets read −78, not −78,0.
    `with_unit` adds the unit after a no-break space.
    """
    if cents is None:
        return DASH
    code = language_code(language)
    if decimals is None:
        decimals = default_decimals(cents, unit)
    if trim and cents % EUR_CENTS_PER_UNIT[unit] == 0:
        decimals = 0
    text = format_decimal(
        rounded(cents, unit=unit, decimals=decimals), language=code, decimals=decimals, sign=sign
    )
    return f"{text}{NBSP}{unit_label(unit, language=code)}" if with_unit else text


def rounded(cents: int, *, unit: Unit, decimals: int) -> Decimal:
    """The amount in `unit`, rounded half up (away from zero) to `decimals`."""
    return Decimal(cents).scaleb(-SHIFT[unit]).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def default_decimals(cents: int, unit: Unit) -> int:
    if unit == "meur":
        return 2 if abs(cents) < ONE_DECIMAL_FROM_CENTS else 1
    return 2 if unit == "eur" else 0


def format_decimal(
    value: Decimal | int | None,
    *,
    language: str | None = None,
    decimals: int | None = None,
    sign: bool = False,
) -> str:
    """Any number as people read it: true minus, groups of three, the language's decimal sign."""
    if value is None:
        return DASH
    code = language_code(language)
    number = Decimal(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _point, fraction = f"{abs(number):f}".partition(".")
    lead = MINUS if number < 0 else "+" if sign and number > 0 else ""
    tail = f"{_POINT[code]}{fraction}" if fraction else ""
    return f"{lead}{_grouped(whole, code)}{tail}"


def _grouped(whole: str, code: str) -> str:
    return re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", _GROUP_OUT[code], whole)


def unit_label(unit: Unit, *, language: str | None = None, words: bool = False) -> str:
    """€, 1 000 € or M€ as a table heading; with `words` as running text says it (milj. euroa)."""
    code = language_code(language)
    if words:
        texts = {
            "fi": ("euroa", "tuhatta euroa", "milj. euroa"),
            "sv": ("euro", "tusen euro", "milj. euro"),
            "en": ("euros", "thousand euros", "million euros"),
        }[code]
    else:
        texts = ("€", f"1{_GROUP_OUT[code]}000{NBSP}€", "M€")
    return texts[("eur", "keur", "meur").index(unit)]


def sign_word(cents: int | None) -> str | StrPromise:
    """The word that stands beside every sign; empty for None."""
    if cents is None:
        return ""
    if cents == 0:
        return pgettext_lazy("money", "no change in cost")
    return pgettext_lazy("money", "saving") if cents < 0 else pgettext_lazy("money", "investment")


# --- the API speaks euros as decimal strings --------------------------------------------------------

_EUR_STRING = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")


def eur_string(cents: int | None) -> str | None:
    """-7800000000 -> "-78000000.00"; None stays None."""
    if cents is None:
        return None
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole}.{part:02d}"


def parse_eur_string(text: str) -> int:
    """Cents of the API's decimal string; raises MoneyError."""
    found = _EUR_STRING.fullmatch(text)
    if not found:
        raise MoneyError("not_a_number", {"example": "-1234.50"})
    cents = int(found[2] + (found[3] or "").ljust(2, "0"))
    if cents > MAX_CENTS:
        raise MoneyError("too_large")
    return -cents if found[1] else cents


# --- arithmetic --------------------------------------------------------------------------------------


def saving_of(cents: int) -> int:
    """The saving in an effect: positive when cost falls. All comparisons of achievement use it."""
    return -cents


@dataclass(frozen=True, slots=True)
class Total:
    """A sum that knows what it lacks: `cents` is None when no part is known."""

    cents: int | None
    known: int
    unknown: int

    @property
    def complete(self) -> bool:
        return self.unknown == 0


def sum_known(parts: Iterable[int | None]) -> Total:
    """Exact sum of the known parts, with the count of the unknown ones. Nothing known is not zero."""
    values = list(parts)
    known = [value for value in values if value is not None]
    return Total(sum(known) if known else None, len(known), len(values) - len(known))


@dataclass(frozen=True, slots=True)
class Pair:
    """A scenario pair in cents. No order between the ends: -28…-89 and +12…+16 are both right."""

    cautious: int | None
    full: int | None

    def __add__(self, other: Pair) -> Pair:
        """End by end; an end that either side lacks stays unknown."""
        return Pair(_add(self.cautious, other.cautious), _add(self.full, other.full))

    def __neg__(self) -> Pair:
        return Pair(_negate(self.cautious), _negate(self.full))

    def __sub__(self, other: Pair) -> Pair:
        return self + -other

    def __bool__(self) -> bool:
        return self.cautious is not None or self.full is not None

    @classmethod
    def sum_known(cls, pairs: Iterable[Pair]) -> tuple[Pair, int]:
        """The sum of the known ends and how many ends were unknown."""
        rows = list(pairs)
        cautious = sum_known(pair.cautious for pair in rows)
        full = sum_known(pair.full for pair in rows)
        return cls(cautious.cents, full.cents), cautious.unknown + full.unknown

    def format(
        self,
        *,
        language: str | None = None,
        unit: Unit = "meur",
        decimals: int | None = None,
        with_unit: bool = False,
    ) -> str:
        """−28…−89; one figure when the ends are equal; whole units without decimals."""
        ends = [end for end in (self.cautious, self.full) if end is not None]
        if not ends:
            return DASH
        if decimals is None:
            whole = all(end % EUR_CENTS_PER_UNIT[unit] == 0 for end in ends)
            decimals = 0 if whole else min(default_decimals(end, unit) for end in ends)
        texts = [
            format_eur(end, language=language, unit=unit, decimals=decimals)
            for end in (self.cautious, self.full)
        ]
        text = texts[0] if self.cautious == self.full else ELLIPSIS.join(texts)
        return f"{text}{NBSP}{unit_label(unit, language=language)}" if with_unit else text


def _add(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def _negate(a: int | None) -> int | None:
    return None if a is None else -a


def rounded_parts_differ(
    parts: Iterable[int | None], total: int | None, *, unit: Unit = "meur", decimals: int | None = None
) -> bool:
    """True when the shown parts do not add up to the shown total, so that the note must be printed."""
    if total is None:
        return False
    places = default_decimals(total, unit) if decimals is None else decimals
    shown = sum(
        (
            rounded(part, unit=unit, decimals=default_decimals(part, unit) if decimals is None else decimals)
            for part in parts
            if part is not None
        ),
        Decimal(0),
    )
    return shown.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) != rounded(
        total, unit=unit, decimals=places
    )


def rounding_note() -> str:
    """The note under a table whose rounded figures do not add up."""
    return gettext("The figures are rounded, so they may not add up to the total.")


def spread(total_cents: int, parts: int | Sequence[int]) -> list[int]:
    """The amount over months: equally over `parts` months, or by whole-number weights.

    Largest remainder, ties to the earlier month, sign kept; the parts sum to the total exactly.
    """
    weights = [1] * parts if isinstance(parts, int) else list(parts)
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be whole numbers of zero or more, at least one above zero")
    sign = -1 if total_cents < 0 else 1
    size = abs(total_cents)
    shares = [size * weight // whole for weight in weights]
    remainders = [size * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda month: (-remainders[month], month))
    for month in by_remainder[: size - sum(shares)]:
        shares[month] += 1
    return [sign * share for share in shares]
