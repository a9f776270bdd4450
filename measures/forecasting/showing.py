"""Rows of the forecast pages, ready to print. No queries but the names of measures, which the views hand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.money import DASH, NBSP, Unit, format_decimal, format_eur
from measures.calculations import TargetFigures
from measures.forecasting.results import Result
from measures.forecasting.shapes import BEFORE, LEVEL_CHANGE, Mover, Outlook, Range, biases
from measures.forecasting.whatif import DELAY, SCALE, WITHDRAW, Change
from measures.models import Confidence, Stage
from measures.wording import Shown, shown
from programme.models import Programme
from programme.words import word

#: The figures of a range in printing order: name, term of the registry, what it means.
FIGURES: dict[str, tuple[Promise, str, Promise]] = {
    "forecast": (
        gettext_lazy("Forecast"),
        "forecast",
        gettext_lazy("if everything goes as the owners expect"),
    ),
    "weighted": (
        gettext_lazy("Weighted forecast"),
        "weighted_forecast",
        gettext_lazy("each measure by its stage and confidence, nothing late"),
    ),
    "p10": (
        gettext_lazy("Strong outcome (P10)"),
        "p10",
        gettext_lazy("10 % chance of saving at least this much"),
    ),
    "p50": (
        gettext_lazy("Middle outcome (P50)"),
        "p50",
        gettext_lazy("50 % chance of saving at least this much"),
    ),
    "p90": (
        gettext_lazy("Weak outcome (P90)"),
        "p90",
        gettext_lazy("90 % chance of saving at least this much"),
    ),
}
TARGETS: dict[str, Promise] = {
    "cautious": gettext_lazy("Cautious target"),
    "full": gettext_lazy("Full target"),
    "stated": gettext_lazy("Stated target"),
}


def quantity(programme: Programme) -> str:
    """What the target speaks of, and so the figures that stand first."""
    if programme.basis == LEVEL_CHANGE:
        return _("change in cost level %(year)s") % {"year": programme.final_year}
    return _("cumulative effect %(first)s–%(last)s") % {
        "first": programme.start_year,
        "last": programme.final_year,
    }


def chance_text(chance: float | None) -> str:
    """A chance as per cent; never a certainty that draws cannot give."""
    if chance is None:
        return DASH
    if chance < 0.01:
        return _("under 1 %")
    if chance > 0.99:
        return _("over 99 %")
    return per_cent(chance)


def per_cent(share: float, decimals: int = 0) -> str:
    return f"{format_decimal(Decimal(str(share)) * 100, decimals=decimals)}{NBSP}%"


# --- the answer --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureRow:
    key: str
    name: Promise
    term: str
    meaning: Promise
    new: Shown
    with_base: Shown | None


def figure_rows(found: Outlook, unit: Unit) -> list[FigureRow]:
    """Forecast, weighted forecast and percentiles of what the target speaks of, alone and with the base."""
    rows = []
    for key, (name, term, meaning) in FIGURES.items():
        cents: int = getattr(found.main, key)
        together = None if found.base is None else shown(cents + found.base, unit)
        rows.append(FigureRow(key, name, term, meaning, shown(cents, unit), together))
    return rows


@dataclass(frozen=True)
class ChanceRow:
    """`beyond` is what the target asks of new measures, the base's part taken off."""

    key: str
    name: str
    target: Shown
    beyond: Shown
    chance: float | None
    text: str
    drawn: str
    tone: str


def ends_of(target: TargetFigures) -> list[str]:
    """The targets to speak of: both ends when they differ, and the stated one when it is none of them."""
    ends = ["cautious", "full"] if target.cautious != target.full else []
    if target.stated not in (target.cautious, target.full) or not ends:
        ends.append("full" if target.stated is None else "stated")
    return [end for end in ends if getattr(target, end) is not None]


def chance_rows(found: Outlook, target: Any, programme: Programme, unit: Unit) -> list[ChanceRow]:
    """Each target there is with what it asks beyond the base and its chance."""
    rows = []
    for end in ends_of(target):
        cents = getattr(target, end)
        chance = found.chances.get(end)
        drawn = ""
        if chance is not None:
            drawn = _("%(hits)s of %(draws)s draws") % {
                "hits": format_decimal(round(chance * found.draws)),
                "draws": format_decimal(found.draws),
            }
        rows.append(
            ChanceRow(
                end, _name_of(end, programme), shown(cents, unit, trim=True),
                shown(cents - (found.base or 0), unit), chance, chance_text(chance), drawn, tone_of(chance),
            )
        )  # fmt: skip
    return rows


def _name_of(end: str, programme: Programme) -> str:
    own = word(programme, end) if end != "stated" else ""
    return (own[:1].upper() + own[1:]) if own else str(TARGETS[end])


def tone_of(chance: float | None) -> str:
    """Probable, open or improbable: words beside the shape say the same."""
    if chance is None:
        return "none"
    return "ok" if chance >= 0.75 else "warn" if chance >= 0.25 else "bad"


def tone_word(tone: str) -> str:
    return {"ok": _("probable"), "warn": _("open"), "bad": _("improbable")}.get(tone, _("cannot be said"))


# --- by year, movers, back-loading -------------------------------------------------------------------------


def year_rows(found: Outlook, unit: Unit, years: Mapping[int, Range] | None = None) -> list[dict[str, Any]]:
    """Whole effect of each year, lasting and one-off; all figures of the range."""
    return [
        {
            "year": year,
            "cells": [shown(getattr(row, key), unit, label=str(FIGURES[key][0])) for key in FIGURES],
        }
        for year, row in (years or found.years).items()
    ]


def mover_rows(movers: list[Mover], names: Mapping[int, Any], unit: Unit) -> list[dict[str, Any]]:
    """Measures by how much of the uncertainty they bring, with what makes them unsure."""
    most = max((one.share for one in movers), default=0) or 1
    return [
        {
            "code": one.code,
            "name": names.get(one.pk, ""),
            "share": per_cent(one.share, 1),
            "bar": round(100 * one.share / most),
            "forecast": shown(one.forecast, unit),
            "stage": str(Stage(one.stage).label),
            "confidence": str(Confidence(one.confidence).label) if one.confidence else _("not said"),
        }
        for one in movers
    ]


def back_loading_words(result: Result, unit: Unit) -> list[str]:
    """What of the forecast has yet to begin, how late and how fast, in sentences."""
    back = result.outlook.back
    if back is None or back.share_to_come is None:
        return []
    said = [
        _(
            "Of the run rate that the forecast ends with, %(end)s, effects of %(running)s run now and %(share)s have "
            "yet to begin."
        ) % {
            "end": _euros(back.end, unit), "running": _euros(back.running, unit), "share": per_cent(back.share_to_come),
        }
    ]  # fmt: skip
    if back.last_share is not None:
        said.append(
            _("%(share)s of what is still to come begins in %(year)s.")
            % {"share": per_cent(back.last_share), "year": result.final_year}
        )
    if back.times_as_fast is not None:
        said.append(
            _(
                "So far the run rate has grown by %(so_far)s a month; from now on the forecast asks %(needed)s a "
                "month, %(times)s times as much."
            ) % {
                "so_far": _euros(back.pace_so_far, unit), "needed": _euros(back.pace_needed, unit),
                "times": format_decimal(Decimal(str(back.times_as_fast)), decimals=1),
            }
        )  # fmt: skip
    return said


def _euros(cents: int | None, unit: Unit) -> str:
    return format_eur(cents, unit=unit, with_unit=True)


# --- earlier forecasts -------------------------------------------------------------------------------------


def past_rows(result: Result, unit: Unit) -> list[dict[str, Any]]:
    """Closed months: what earlier forecasts said of them, and what was realised."""
    return [
        {
            "month": row.month,
            "said": [shown(row.said.get(before), unit, unknown=_("none kept")) for before in BEFORE],
            "realised": shown(row.realised, unit),
        }
        for row in reversed(result.past)
    ]


def bias_words(result: Result, unit: Unit) -> list[str]:
    """How forecasts of each distance came true, in words."""
    found = []
    for before, bias in biases(result.past).items():
        when = _("%(count)s months before") % {"count": before} if before > 1 else _("A month before")
        if bias.share is None:
            text = _("%(when)s: said %(said)s, realised %(realised)s.")
        elif bias.share < 0.95:
            text = _("%(when)s: too hopeful. Of %(said)s that was said, %(realised)s (%(share)s) came.")
        elif bias.share > 1.05:
            text = _("%(when)s: too careful. %(said)s was said and %(realised)s (%(share)s) came.")
        else:
            text = _("%(when)s: right within 5 %%. %(said)s was said and %(realised)s came.")
        found.append(
            text % {
                "when": when, "said": _euros(bias.said, unit), "realised": _euros(bias.realised, unit),
                "share": per_cent(bias.share) if bias.share is not None else "",
            }
        )  # fmt: skip
    return found


# --- assumptions -------------------------------------------------------------------------------------------


def assumption_rows(result: Result) -> list[tuple[str, str]]:
    """The values that the result was figured with, in words."""
    held = result.assumptions
    rows = [
        (
            _("Chance that a measure happens"),
            ", ".join(
                f"{Stage(stage).label} {per_cent(share)}"
                for stage, share in _in_order(held["chances"], Stage.values)
            ),
        )
    ]
    for level, ends in _in_order(held["fractions"], reversed(Confidence.values)):
        rows.append(
            (
                _("Share of its savings, %(level)s confidence") % {"level": Confidence(level).label},
                _("%(low)s to %(high)s, likeliest %(likely)s")
                % {"low": per_cent(ends[0]), "likely": per_cent(ends[1]), "high": per_cent(ends[2])},
            )
        )
    return [
        *rows,
        (_("Confidence when nobody has said"), str(Confidence(held["unsaid"]).label)),
        (
            _("Delay"),
            _("%(share)s of measures are late, on average %(months)s months")
            % {
                "share": per_cent(held["late"]),
                "months": format_decimal(Decimal(str(held["late_months"])), decimals=1),
            },
        ),
        (
            _("Shock shared by a theme"),
            _("±%(share)s (standard deviation)") % {"share": per_cent(held["shock"])},
        ),
    ]


def _in_order(held: Mapping[str, Any], order: Iterable[str]) -> list[tuple[str, Any]]:
    """A stored mapping has lost its order."""
    return [(key, held[key]) for key in order if key in held]


# --- what-if -----------------------------------------------------------------------------------------------


def change_words(change: Change) -> str:
    """What is tried out, in words."""
    if change.act == WITHDRAW:
        return _("withdrawn from the first open month on")
    if change.act == DELAY:
        return ngettext("%(n)s month later", "%(n)s months later", change.number) % {"n": change.number}
    if change.act == SCALE:
        return _("%(n)s %% of its forecast") % {"n": change.number}
    return _("confidence %(level)s") % {"level": Confidence(change.value).label}


def compared_figures(now: Outlook, then: Outlook, unit: Unit) -> list[dict[str, Any]]:
    """Each figure of the range now, as tried, and what the changes do to it (with the base left out of both)."""
    return [
        {
            "key": key,
            "name": name,
            "term": term,
            "meaning": meaning,
            **_compared(now.main, then.main, key, unit),
        }
        for key, (name, term, meaning) in FIGURES.items()
    ]


def compared_years(now: Outlook, then: Outlook, unit: Unit) -> list[dict[str, Any]]:
    """Forecast and middle outcome of each year, now and as tried."""
    return [
        {"year": year, "cells": [
            cell
            for key in ("forecast", "p50")
            for cell in (shown(getattr(now.years[year], key), unit), shown(getattr(row, key), unit))
        ]}
        for year, row in then.years.items()
    ]  # fmt: skip


def _compared(now: Range, then: Range, key: str, unit: Unit) -> dict[str, Any]:
    before, after = getattr(now, key), getattr(then, key)
    change = after - before
    words = _("more saved") if change < 0 else _("less saved") if change > 0 else _("the same")
    return {
        "now": shown(before, unit),
        "then": shown(after, unit),
        "change": Shown(format_eur(change, unit=unit) if change else DASH, words),
    }


def compared_chances(
    now: Outlook, then: Outlook, target: Any, programme: Programme, unit: Unit
) -> list[dict[str, Any]]:
    """Chance of each target now and as tried."""
    before = {row.key: row for row in chance_rows(now, target, programme, unit)}
    return [
        {
            "key": row.key,
            "name": row.name,
            "target": row.target,
            "now": before[row.key].text,
            "then": row.text,
        }
        for row in chance_rows(then, target, programme, unit)
    ]
