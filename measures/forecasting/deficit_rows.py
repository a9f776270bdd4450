"""Rows and sentences of the deficit path, ready to print. No queries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.money import DASH, Unit, format_eur
from measures.deficit import OUTCOMES, PathYear
from measures.selectors.deficit import Found
from measures.wording import Shown
from programme.models import YearResult


def signed(cents: int | None, unit: Unit) -> Shown:
    """A result or what improves it: + and − with the words of results, not those of costs."""
    if cents is None:
        return Shown(DASH)
    word = _("surplus") if cents > 0 else _("deficit") if cents < 0 else _("in balance")
    return Shown(format_eur(cents, unit=unit), word)


def better(cents: int | None, unit: Unit, unknown: str) -> Shown:
    """What the programme adds to a result."""
    if cents is None:
        return Shown(DASH, unknown)
    word = _("better result") if cents > 0 else _("weaker result") if cents < 0 else _("no change")
    return Shown(format_eur(cents, unit=unit), word)


def plain(cents: int | None, unit: Unit) -> Shown:
    """A deficit left to cover: no sign."""
    if cents is None:
        return Shown(DASH, _("not known"))
    if cents == 0:
        return Shown(format_eur(0, unit=unit, sign=False), _("covered"))
    return Shown(format_eur(cents, unit=unit, sign=False), _("left to cover"))


def year_rows(found: Found, unit: Unit) -> list[dict[str, Any]]:
    """One row for each year after the opening one."""
    assert found.path is not None and found.row is not None
    return [_year_row(found, row, unit) for row in found.path.years]


def _year_row(found: Found, row: PathYear, unit: Unit) -> dict[str, Any]:
    stated = row.stated
    includes = stated is not None and stated.includes_programme
    unknown = _("in the result already") if includes else _("not known")
    together = None
    if stated is not None:
        together = stated.cents + (row.effect["forecast"] or 0)
    notes = []
    assert found.row is not None
    if row.year == found.row.cover_year_by_law:
        notes.append(_("to be covered by law by the end of the year"))
    if row.year == found.row.own_target_year:
        notes.append(_("own target year"))
    if row.year in found.carried and not includes:
        notes.append(_("after the programme's years: its last month's run rate goes on"))
    return {
        "year": row.year,
        "notes": notes,
        "kind": str(YearResult.Kind(stated.kind).label) if stated else _("no result stated"),
        "result": signed(stated.cents if stated else None, unit),
        "effect": better(row.effect["forecast"], unit, unknown),
        "effect_p90": better(row.effect["p90"], unit, ""),
        "effect_p10": better(row.effect["p10"], unit, ""),
        "together": signed(together, unit),
        "left": plain(row.left["forecast"], unit),
        "left_p90": plain(row.left["p90"], unit),
        "left_p10": plain(row.left["p10"], unit),
        "is_covered": row.left["forecast"] == 0,
    }


def answers(found: Found) -> list[dict[str, str]]:
    """When the deficit is covered: by the forecast, and in the weak and the strong outcome, against the years set."""
    assert found.path is not None and found.row is not None
    names = {
        "forecast": _("By the forecast"),
        "p90": _("In the weak outcome (P90)"),
        "p50": _("In the middle outcome (P50)"),
        "p10": _("In the strong outcome (P10)"),
    }
    last = max((row.year for row in found.path.years if row.stated), default=found.row.opening_year)
    rows = []
    for outcome in (OUTCOMES[0], "p90", "p50", "p10"):
        if outcome != "forecast" and found.known is None:
            continue
        year = found.path.covered[outcome]
        rows.append({"key": outcome, "name": names[outcome], **_answer(found, year, last)})
    return rows


def _answer(found: Found, year: int | None, last: int) -> dict[str, str]:
    assert found.row is not None
    law, own = found.row.cover_year_by_law, found.row.own_target_year
    if year is None:
        tone = "bad" if last >= law else "none"
        return {"tone": tone, "text": _("not covered by the end of %(year)s") % {"year": last}, "year": ""}
    said = _("covered in %(year)s") % {"year": year}
    if year > law:
        return {"tone": "bad", "year": str(year), "text": said + ", " + _("later than the law allows")}
    if own is not None and year > own:
        return {
            "tone": "warn",
            "year": str(year),
            "text": said + ", " + _("in time by law, later than the own target"),
        }
    return {"tone": "ok", "year": str(year), "text": said + ", " + _("in time")}
