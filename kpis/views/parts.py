"""Parts of an indicator's page that come after it: where it stands, groups, all values, judging, what moves it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.ui import unit as unit_words
from kpis.cards import aged, decimals_of, figure
from kpis.catalogue.credit import credit
from kpis.catalogue.flags import flags_of
from kpis.charts import Dot, strip_svg, wall_spark
from kpis.models import CatalogueIndicator, GoalIndicator, Indicator, ManualValue, MeasureIndicator
from kpis.regions import COUNTIES, own_key
from kpis.selectors import counting, observed, period_text
from kpis.selectors.ranking import YearOfRanks, ranks_by_year
from kpis.selectors.series import Observed
from kpis.selectors.vintages import Told, with_vintages
from kpis.selectors.wall import all_evaluations
from kpis.sentences import explanation, outcome_badge
from kpis.values.derived import stated_inputs
from kpis.views.shared import RULE_ACTS, SOURCE_ACTS, VALUE_ACTS, chosen_peers, group_name, links_to
from programme.models import Programme

Context = Callable[[HttpRequest, Programme, Indicator], dict[str, Any]]


@dataclass(frozen=True)
class PagePart:
    """One part: its name in the address, its heading, and how it is filled."""

    name: str
    title: str | Promise
    template: str
    context: Context


def part_named(name: str) -> PagePart | None:
    return next((part for part in PARTS if part.name == name), None)


# --- where the county stands -----------------------------------------------------------------------------


def _distribution(request: HttpRequest, programme: Programme, indicator: Indicator) -> dict[str, Any]:
    """All counties of one year, the latest unless the address names another, and the rank over the years."""
    own = own_key(programme)
    rows = [row for row in observed(indicator.pk, with_all=True) if not row.breakdown]
    years = ranks_by_year(rows, own_key=own, better=indicator.better)
    asked = request.GET.get("year", "")
    chosen = next((year for year in years if str(year.year) == asked), _latest(years))
    if chosen is None:
        return {"chosen": None}
    names = {county.key: county.name for county in COUNTIES}
    highest = max(abs(place.value) for place in chosen.places) or 1
    picked = set(request.GET.getlist("peer"))
    places = decimals_of(indicator, (row.value for row in rows))
    return {
        "chosen": chosen,
        "years": years,
        "strip": _strip(chosen, names, places),
        "unit": unit_words(indicator.unit),
        "rows": [
            {
                "name": names.get(place.key, place.key),
                "value": figure(place.value, places),
                "share": round(abs(float(place.value)) / float(highest) * 100, 1),
                "place": place,
                "is_picked": place.key.partition(":")[2] in picked,
            }
            for place in chosen.places
        ],
        "national": figure(chosen.national, places),
        "middle": figure(chosen.middle, places),
        "over_time": [
            {
                "year": year.year, "rank": year.own.rank, "of": year.ranked_count,
                "value": figure(year.own.value, places),
                "middle": figure(year.middle, places),
            }
            for year in reversed(years)
            if year.own
        ],
        "rank_line": wall_spark(
            [[year.year, -year.own.rank, None] for year in years if year.own and year.own.rank], None
        ),
        "is_illustrative": any(row.is_illustrative for row in rows),
    }  # fmt: skip


def _latest(years: list[YearOfRanks]) -> YearOfRanks | None:
    """The latest year in which the own county is among the others, else the latest of all."""
    return next((year for year in reversed(years) if year.own), years[-1] if years else None)


def _strip(chosen: YearOfRanks, names: dict[str, str], places: int) -> SafeString:
    dots = [
        Dot(place.value, "own" if place.is_own else "peer" if place.is_ranked else "apart", place.key)
        for place in chosen.places
    ]
    lowest, highest = min(dots, key=lambda dot: dot.value), max(dots, key=lambda dot: dot.value)
    ends = tuple(f"{names.get(dot.name, dot.name)} {figure(dot.value, places)}" for dot in (lowest, highest))
    told = {
        "low": ends[0], "high": ends[1], "year": chosen.year,
        "own": figure(chosen.own.value, places) if chosen.own else "–",
    }  # fmt: skip
    label = _("Counties in %(year)s from %(low)s to %(high)s; own county %(own)s.") % told
    return strip_svg(dots, national=chosen.national, label=label, texts=(ends[0], ends[1]))


# --- groups ------------------------------------------------------------------------------------------------


def _groups(_request: HttpRequest, _programme: Programme, indicator: Indicator) -> dict[str, Any]:
    """Own values by gender, age group or area, newest year first; the country's in brackets."""
    rows = counting(row for row in observed(indicator.pk) if row.breakdown)
    own = {(row.period, row.breakdown): row for row in rows if row.role == "own"}
    national = {(row.period, row.breakdown): row for row in rows if row.role == "national"}
    keys = sorted({key for _period, key in own})
    places = decimals_of(indicator, (row.value for row in rows))
    return {
        "names": [group_name(indicator, key) for key in keys],
        "rows": [
            {
                "period": period_text(period),
                "cells": [_pair(own.get((period, key)), national.get((period, key)), places) for key in keys],
            }
            for period in sorted({period for period, _key in own}, reverse=True)
        ],
        "unit": unit_words(indicator.unit),
    }


def _pair(own: Observed | None, national: Observed | None, places: int) -> dict[str, str]:
    return {
        "own": figure(own.value if own else None, places),
        "national": figure(national.value, places) if national else "",
    }


# --- every value with its vintages ------------------------------------------------------------------------


def _values(request: HttpRequest, programme: Programme, indicator: Indicator) -> dict[str, Any]:
    """All values of the own county, the country and the chosen counties, with what they took the place of.

    A row for each period, a column for each place; groups have a part of their own.
    """
    peers = chosen_peers(request)
    names = {county.key: county.name for county in COUNTIES}
    rows = [row for row in observed(indicator.pk, peers=peers) if not row.breakdown]
    columns = [
        ("own", _("Own county")),
        ("national", _("Whole country")),
        *((key, names[key]) for key in peers),
    ]
    places = decimals_of(indicator, (row.value for row in rows))
    cells: dict[Any, dict[str, Told]] = defaultdict(dict)
    for one in with_vintages(rows, counting(rows)):
        cells[one.latest.period][one.latest.region if one.latest.role == "peer" else one.latest.role] = one
    waiting = ManualValue.objects.filter(indicator=indicator, state=ManualValue.State.ENTERED)
    return {
        "columns": [name for _key, name in columns],
        "rows": [
            {
                "period": period_text(period),
                "cells": [_cell(held[key], places) if key in held else None for key, _name in columns],
            }
            for period, held in cells.items()
        ],
        "waiting": list(waiting.select_related("entered_by")),
        "unit": unit_words(indicator.unit),
        "links": links_to(request, programme, indicator, VALUE_ACTS),
    }


def _cell(one: Told, places: int) -> dict[str, Any]:
    """One value: how it came here, and the earlier ones of its period."""
    return {
        "value": figure(one.latest.value, places),
        "how": _how(one.latest),
        "is_baseline": one.latest.is_baseline or any(row.is_baseline for row in one.earlier),
        "is_illustrative": one.latest.is_illustrative,
        "earlier": [{"value": figure(row.value, places), "how": _how(row)} for row in one.earlier],
    }


def _how(row: Observed) -> str:
    period = (
        f"{row.year}-{row.month:02d}"
        if row.month
        else f"{row.year}-T{row.term}"
        if row.term
        else str(row.year)
    )
    return aged(period, row.source, row.fetched_at, is_illustrative=row.is_illustrative)


# --- judging -------------------------------------------------------------------------------------------------


def _evaluations(_request: HttpRequest, _programme: Programme, indicator: Indicator) -> dict[str, Any]:
    """What the rule said of each year, newest first; answers that no longer hold are told under them."""
    rows = all_evaluations(indicator.pk)
    return {
        "now": [_said(row) for row in rows if row.is_current],
        "earlier": [_said(row) for row in rows if not row.is_current],
        "links": links_to(_request, _programme, indicator, RULE_ACTS),
        "judgements": list(indicator.judgements.select_related("judged_by").order_by("-year")),
    }


def _said(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "year": row.year,
        "badge": outcome_badge(row.outcome),
        "sentence": explanation(row),
        "rule": row.rule,
        "until": timezone.localdate(row.superseded_at) if row.superseded_at else None,
    }


# --- what is meant to move it, and where its figures come from ---------------------------------------------


def _following(request: HttpRequest, programme: Programme, indicator: Indicator) -> dict[str, Any]:
    measures = MeasureIndicator.objects.filter(programme=programme, indicator=indicator)
    goals = GoalIndicator.objects.filter(programme=programme, indicator=indicator)
    return {
        "measures": list(measures.select_related("measure").order_by("measure__code")),
        "goals": list(goals.select_related("goal").order_by("goal__number")),
    }


def _sources(_request: HttpRequest, programme: Programme, indicator: Indicator) -> dict[str, Any]:
    links = list(indicator.source_links.all())
    for link in links:
        link.indicator, link.programme = indicator, programme
    flags = flags_of(links)
    known = CatalogueIndicator.objects.in_bulk([link.sotkanet_id for link in links if link.sotkanet_id])
    day = timezone.localdate()
    return {
        "links": [
            {
                "link": link, "flags": flags[link.pk], "entry": known.get(link.sotkanet_id),
                "credit": credit(link, day, known.get(link.sotkanet_id), is_looked_up=True),
            }
            for link in links
        ],
        "acts": links_to(_request, programme, indicator, SOURCE_ACTS),
        "inputs": stated_inputs(indicator),
    }  # fmt: skip


PARTS = (
    PagePart(
        "distribution", gettext_lazy("Among the counties"), "kpis/_part_distribution.html", _distribution
    ),
    PagePart("groups", gettext_lazy("By group"), "kpis/_part_groups.html", _groups),
    PagePart("judging", gettext_lazy("Year by year"), "kpis/_part_judging.html", _evaluations),
    PagePart("following", gettext_lazy("What is meant to move it"), "kpis/_part_following.html", _following),
    PagePart("values", gettext_lazy("All values"), "kpis/_part_values.html", _values),
    PagePart("sources", gettext_lazy("Where the figures come from"), "kpis/_part_sources.html", _sources),
)
