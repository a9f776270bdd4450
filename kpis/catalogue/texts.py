"""Comparing texts of Sotkanet, whose titles get edited in their spaces."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")


def squeezed(text: str) -> str:
    """The text with single spaces and none at its ends."""
    return _SPACE.sub(" ", text.replace("\x00", "")).strip()
