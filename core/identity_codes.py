"""Finnish personal identity codes do not belong in the portal: they are noticed in what people write.

A code is the day of birth (ddmmyy), a sign of the century, a number of three digits and a check character.
Only a day that exists with the right check character is taken for one, so that case numbers, telephone
numbers and dates pass; one such number in thirty-one fits by chance when it also begins with a day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"
#: First two digits of the year by century sign; letters beside + and - came into use in 2023.
CENTURIES = {"+": 18} | dict.fromkeys("-UVWXY", 19) | dict.fromkeys("ABCDEF", 20)
#: What word processors make of a hyphen.
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
SMALLEST = 2  # individual numbers begin here; 900 and above are temporary ones of hospitals

_CODE = re.compile(
    rf"(?<!\d)(\d{{2}})(\d{{2}})(\d{{2}})(?:[ \u00a0]?([+{DASHES}])[ \u00a0]?|([A-FU-Ya-fu-y]))"
    r"(\d{3})([0-9A-Ya-y])(?![0-9A-Za-z])",
    re.ASCII,
)


def found_in(text: str) -> list[str]:
    """Every personal identity code in the text, as it is written there."""
    return [match.group() for match in _CODE.finditer(unicodedata.normalize("NFKC", text)) if _is_code(match)]


def _is_code(match: re.Match[str]) -> bool:
    day, month, year, dash, letter, number, check = match.groups()
    sign = letter.upper() if letter else ("+" if dash == "+" else "-")
    if int(number) < SMALLEST or check_character(f"{day}{month}{year}", number) != check.upper():
        return False
    try:
        date(CENTURIES[sign] * 100 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def check_character(day: str, number: str) -> str:
    """The last character of the code with this day (ddmmyy) and individual number (three digits)."""
    return CHECK[int(day + number) % len(CHECK)]


def refuse(text: Any) -> None:
    """Raises ValidationError when the text holds a personal identity code; what is no text passes."""
    if isinstance(text, str) and found_in(text):
        raise ValidationError(
            _(
                "The text holds a personal identity code. Take it out: the portal keeps no such data. "
                "Write about the matter without naming the person."
            ),
            code="identity_code",
        )


class WithoutCodes(forms.Form):
    """A form whose texts may hold no personal identity code. RowForm has the same rule."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            try:
                refuse(value)
            except ValidationError as refused:
                self.add_error(name, refused)
        return cleaned
