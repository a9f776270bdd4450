"""Blocks that are drawn: the target, the run rate month by month, the bridge to the forecast."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.charts.spec import ChartSpec
from measures.calculations import Figures
from measures.wording import LEVEL_WORDS
from reporting import charts
from reporting.blocks.levels import LEVEL_QUERY, month_ref, quantity_name
from reporting.content import Content
from reporting.selectors import Overview
from reporting.words import month


def target_chart(overview: Overview) -> ChartSpec:
    """How far confirmed, claimed, forecast and plan reach beside the target band, in the active language."""
    target = overview.figures.target
    rows = []
    for level in ("confirmed", "claimed"):
        cents, when = overview.achieved(level)
        name = str(LEVEL_WORDS[level])
        note = month(when) if when else ""
        # What the base holds is confirmed against the accounts only, not because it was in the budget (R2).
        in_base = getattr(overview.figures.total.in_base, level)
        rows.append(charts.TargetRow(name, level, in_base, cents, LEVEL_QUERY[level], note))
    for level in ("forecast", "plan"):
        rows.append(
            charts.TargetRow(
                str(LEVEL_WORDS[level]),
                level,
                overview.base_of(level),
                getattr(overview.main, level),
                LEVEL_QUERY[level],
            )
        )
    return charts.target_chart(
        rows=rows,
        cautious=target.cautious,
        full=target.full,
        stated=target.stated,
        year=overview.year,
        unit="meur",
        ref=f"target.programme.{overview.year}",
    )


def curve(content: Content, overview: Overview) -> None:
    content.add(
        "chart",
        "curve",
        content.say(_("Run rate month by month")),
        span=7,
        small=content.say(_("lasting effect of a month × 12, new measures")),
        chart=content.charts(lambda: curve_chart(overview)),
    )


def _is_by(month: date, end: date | None) -> bool:
    return end is not None and month <= end


def curve_chart(overview: Overview) -> ChartSpec:
    figures = overview.figures
    target = figures.target.stated if figures.target.stated is not None else figures.target.full
    new_target = None if target is None else target - (figures.target.in_base or 0)
    shown = ("confirmed", "claimed", "forecast", "plan")
    # A month with undecided claims is not confirmed yet: the curve of confirmed ends before it (R8).
    ends = {"confirmed": figures.total.run_rate_months.confirmed, "claimed": figures.closed_through}
    months = {
        level: [
            (point.month, None if point.lasting is None else 12 * point.lasting)
            for point in figures.months.get(level, ())
            if level not in ends or _is_by(point.month, ends[level])
        ]
        for level in shown
    }
    return charts.run_rate_chart(
        months=months,
        names={level: str(LEVEL_WORDS[level]) for level in shown},
        target_cents=new_target,
        status=overview.as_of,
        unit="meur",
        ref=f"run-rate.programme.{month_ref(overview.as_of)}",
    )


def bridge(content: Content, overview: Overview) -> None:
    content.add(
        "chart",
        "bridge",
        content.say(_("Where the forecast comes from")),
        span=5,
        small=quantity_name(content, overview),
        chart=content.charts(lambda: bridge_chart(overview)),
    )


def bridge_chart(overview: Overview) -> ChartSpec:
    language = get_language() or "fi"
    steps = [
        (
            getattr(theme, f"name_{language[:2]}", "") or theme.name,
            overview.main_levels(overview.figures.by_theme.get(theme.pk, Figures())).forecast,
            f"themes/{theme.key}/",
        )
        for theme in overview.themes
    ]
    new, base = overview.main.forecast, overview.base_of("forecast")
    total = None if new is None else new + (base or 0)
    return charts.bridge_chart(
        base_cents=None if new is None else base,
        steps=steps,
        total_cents=total,
        year=overview.year,
        unit="meur",
        ref=f"bridge.programme.{overview.year}",
    )
