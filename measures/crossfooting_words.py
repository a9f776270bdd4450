"""How the cross-footing of totals is said: names of totals, states, sizes. Active language, no queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import DASH, Pair, Unit, format_eur
from measures.calculations import Difference
from measures.crossfooting import (
    AGREES,
    BASES,
    DIFFERS,
    HANDED_DOWN,
    OPEN_ENDED,
    OTHER_BASIS,
    SOURCE,
    Check,
    Footing,
)
from measures.selectors.crossfooting import Noted
from measures.wording import LEVEL_WORDS, difference_words, pair_text, share_text

#: Cents below which M€ need more than one decimal.
TENTH_OF_MILLION = 10_000_000

GROUPS: dict[str, Promise] = {
    SOURCE: gettext_lazy("The programme's own figures"),
    HANDED_DOWN: gettext_lazy("Targets handed down"),
    BASES: gettext_lazy("Two bases"),
}
#: Totals, as headings of the rows behind them.
SIDES: dict[str, Promise] = {
    "cost_type": gettext_lazy("Cost types"),
    "sector": gettext_lazy("Sectors"),
    "theme": gettext_lazy("Themes"),
    "goal": gettext_lazy("Goals"),
    "table_full": gettext_lazy("Target table, full end"),
    "table": gettext_lazy("Total of the target table"),
    "stated": gettext_lazy("Stated target"),
    "composition": gettext_lazy("Parts of the stated target"),
    "printed": gettext_lazy("Total as printed"),
    "base_and_later": gettext_lazy("In the base and to come"),
    "annual": gettext_lazy("Target of the year"),
    "base": gettext_lazy("In the comparison base"),
    "shares": gettext_lazy("Shares"),
    "final_shares": gettext_lazy("Final shares"),
    "whole": gettext_lazy("The whole"),
    "ladder": gettext_lazy("Rungs of the ladder"),
    "carried": gettext_lazy("In the base and on active measures"),
    "target_theme": gettext_lazy("Targets of themes"),
    "target_goal": gettext_lazy("Targets of goals"),
    "measures": gettext_lazy("Targets of measures"),
    "in_base_lines": gettext_lazy("Plans of lines in the base"),
    "basis_level": gettext_lazy("Change in the cost level"),
    "basis_sum": gettext_lazy("Deficit to cover, sum of the years"),
}
#: Parts that are no rows of the programme.
PARTS: dict[str, Promise] = {
    "column_base": gettext_lazy("In the comparison base"),
    "column_later": gettext_lazy("To come"),
    "in_base": gettext_lazy("Already in the comparison base"),
    "active": gettext_lazy("Carried by active measures"),
    "released": gettext_lazy("Released by withdrawn measures"),
    "never_allocated": gettext_lazy("Never allocated"),
    "plan_level": gettext_lazy("Plan, change in the cost level"),
    "forecast_level": gettext_lazy("Forecast, change in the cost level"),
    "plan_sum": gettext_lazy("Plan, sum of the years"),
    "forecast_sum": gettext_lazy("Forecast, sum of the years"),
}
BREAKDOWNS: dict[str, Promise] = {
    "theme": gettext_lazy("Themes"),
    "goal": gettext_lazy("Goals"),
    "sector": gettext_lazy("Sectors"),
    "cost_type": gettext_lazy("Cost types"),
}
STATES: dict[str, tuple[str, Promise]] = {
    DIFFERS: ("warn", gettext_lazy("differ")),
    AGREES: ("ok", gettext_lazy("agree")),
    OPEN_ENDED: ("none", gettext_lazy("nothing to compare")),
    OTHER_BASIS: ("info", gettext_lazy("speak of different things")),
}


@dataclass(frozen=True)
class CheckWords:
    """One check ready to print."""

    key: str
    title: str
    detail: str
    first: dict[str, Any]
    second: dict[str, Any]
    size: str
    kind: str
    state: str
    is_open: bool
    note: Any
    has_moved: bool
    was: str


def check_words(one: Noted, unit: Unit) -> CheckWords:
    """The check with its totals, its size now and what its note says."""
    check = one.check
    found = check.difference or Difference(check.key, (None, None), (None, None), None, None, check.params)
    told = difference_words(found, unit)
    kind, state = STATES[check.state]
    was = ""
    if one.has_moved and one.note is not None:
        was = size_text((one.note.params.get("cautious"), one.note.params.get("full")), check, unit)
    return CheckWords(
        check.key, told.title, told.detail, _side(check, "first", unit), _side(check, "second", unit),
        size_text((found.cautious, found.full), check, unit) if check.is_comparable else DASH,
        kind, str(state), one.is_open, one.note, one.has_moved, was,
    )  # fmt: skip


def _side(check: Check, which: str, unit: Unit) -> dict[str, Any]:
    side = getattr(check, which)
    return {
        "name": SIDES[side.code],
        "text": ends_text(side.ends, check, unit),
        "parts": [
            {
                "name": PARTS.get(part.name, part.name) if isinstance(part.name, str) else part.name,
                "text": ends_text(part.ends, check, unit),
                "href": part.href,
            }
            for part in side.parts
        ],
    }


def ends_text(ends: tuple[int | None, int | None], check: Check, unit: Unit) -> str:
    """Both ends of a total as the programme prints a pair; one figure where they are the same."""
    if check.unit == "share":
        return share_text(ends)
    cautious, full = ends
    if cautious is None and full is None:
        return DASH
    if cautious == full or cautious is None:
        return format_eur(full or 0, unit=unit, trim=True)
    return pair_text(Pair(cautious, full), unit)


def size_text(ends: tuple[int | None, int | None], check: Check, unit: Unit) -> str:
    """How far apart two totals are, first less second, with the end named where they differ."""
    cautious, full = ends
    if not cautious and not full:
        return "0"
    if check.unit == "share":
        names = {_("lowest shares"): cautious, _("highest shares"): full}
        told = {
            name: f"{'+' if cents > 0 else '−'}{share_text((abs(cents), None))}"
            for name, cents in names.items()
            if cents
        }
    else:
        names = {_("cautious end"): cautious, _("full end"): full} if cautious is not None else {"": full}
        plain = unit == "meur" and all((cents or 0) % TENTH_OF_MILLION == 0 for cents in ends)
        told = {
            name: format_eur(cents, unit=unit, decimals=1 if plain else None, trim=True, with_unit=True)
            for name, cents in names.items()
            if cents
        }
    return " · ".join(f"{text} {name}".strip() for name, text in told.items())


def footing_rows(footings: list[Footing], unit: Unit) -> list[dict[str, Any]]:
    """Sums by breakdown against the programme's total, level by level, with the gap where there is one."""
    return [
        {
            "level": footing.level,
            "name": LEVEL_WORDS[footing.level],
            "total": _cents(footing.total, unit),
            "cells": [
                {
                    "label": BREAKDOWNS[name],
                    "text": _cents(cents, unit),
                    "gap": _cents(gap, unit) if (gap := footing.gap(name)) else "",
                }
                for name, cents in footing.sums.items()
            ],
            "agrees": footing.agrees,
        }
        for footing in footings
    ]


def _cents(cents: int | None, unit: Unit) -> str:
    return DASH if cents is None else format_eur(cents, unit=unit)
