"""Finnish personal identity codes do not belong in the portal: they are noticed in what people write."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_CODE = re.compile(
    r"(?<![0-9A-Za-z])(\d{2})(\d{2})(\d{2})[-+ABCDEFUVWXYabcdefuvwxy](\d{3})([0-9A-Ya-y])(?![0-9A-Za-z])"
)
_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def found_in(text: str) -> list[str]:
    """Every well-formed personal identity code in the text: a day that may exist and the right check character."""
    return [
        match.group()
        for match in _CODE.finditer(text)
        if 1 <= int(match[1]) <= 31
        and 1 <= int(match[2]) <= 12
        and _CHECK[int(match[1] + match[2] + match[3] + match[4]) % 31] == match[5].upper()
    ]


def refuse(text: str) -> None:
    """Raises ValidationError when the text holds a personal identity code."""
    if found_in(text):
        raise ValidationError(
            _("This text holds a personal identity code. Write it without: the portal keeps no such data."),
            code="identity_code",
        )
