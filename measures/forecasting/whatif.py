"""Changes that are tried out: measures withdrawn, delayed, scaled or judged anew. Nothing is stored here.

A change is written `T-041.delay.6` in an address and {"measure": id, "act": "delay", "value": 6} in a scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from measures.models import Confidence

WITHDRAW, DELAY, SCALE, CONFIDENCE = ACTS = ("withdraw", "delay", "scale", "confidence")
LONGEST, LARGEST = 36, 300
#: More changes than this are no longer a scenario that somebody reads.
MOST_CHANGES = 50


class BadChange(ValueError):
    """Words that are no change; `code` says what is wrong: measure, act, or the act whose value is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Change:
    """`value`: months for a delay, per cent of the forecast for a scale, a confidence level; else ""."""

    code: str
    act: str
    value: str = ""

    def __str__(self) -> str:
        return ".".join(part for part in (self.code, self.act, self.value) if part)

    @property
    def number(self) -> int:
        return int(self.value)


def checked(code: str, act: str, value: str, codes: Iterable[str]) -> Change:
    """The change that the words say; raises BadChange."""
    code, value = code.strip().upper(), value.strip()
    if code not in codes:
        raise BadChange("measure")
    if act == WITHDRAW:
        return Change(code, act)
    if act == CONFIDENCE and value in Confidence.values:
        return Change(code, act, value)
    limits = {DELAY: (1, LONGEST), SCALE: (0, LARGEST)}
    if act in limits:
        low, high = limits[act]
        digits = value.removesuffix("%").strip()
        if digits.isascii() and digits.isdigit() and len(digits) < 6 and low <= int(digits) <= high:
            return Change(code, act, str(int(digits)))
    raise BadChange(act if act in ACTS else "act")


def parsed(texts: Iterable[str], codes: Iterable[str]) -> list[Change]:
    """The changes of an address; words that say none are left out, and a later change of the same kind wins."""
    known = set(codes)
    found: dict[tuple[str, str], Change] = {}
    for text in list(texts)[:MOST_CHANGES]:
        # A code may hold full stops; acts and values never do.
        parts = text.rsplit(".", 2)
        if text.endswith(f".{WITHDRAW}"):
            parts = [text.removesuffix(f".{WITHDRAW}"), WITHDRAW, ""]
        if len(parts) != 3:
            continue
        try:
            change = checked(parts[0], parts[1], parts[2], known)
        except BadChange:
            continue
        found.pop((change.code, change.act), None)
        found[change.code, change.act] = change
    return list(found.values())


def as_rows(changes: Iterable[Change], pks: Mapping[str, int]) -> list[dict[str, Any]]:
    """The changes as a scenario keeps them: by the measure's id, which outlives its code."""
    return [
        {"measure": pks[one.code], "act": one.act} | ({"value": one.value} if one.value else {})
        for one in changes
    ]


def from_rows(rows: Iterable[Any], codes: Mapping[int, str]) -> list[Change]:
    """The changes of a scenario; those of measures that are gone are left out."""
    texts = [
        str(Change(codes[row["measure"]], str(row.get("act", "")), str(row.get("value", ""))))
        for row in rows if isinstance(row, dict) and row.get("measure") in codes
    ]  # fmt: skip
    return parsed(texts, codes.values())
