"""The page of one indicator: the answer first, its values over time, then the parts that come after it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from core.charts import ChartSpec
from core.pages import is_part
from core.statements import Statement, give
from core.templatetags.ui import unit as unit_words
from core.text import translated
from kpis.cards import age_text, change_of, decimals_of, figure, plain, starts_shown
from kpis.charts import Named, indicator_chart
from kpis.lateness import expected_by, is_late
from kpis.models import Indicator, Observation, SourceLink, TargetRule
from kpis.regions import COUNTIES, own_key
from kpis.selectors import (
    Baseline,
    Lines,
    baselines,
    lines_of,
    observed,
    start_is_missing,
)
from kpis.selectors.series import Line, until_known
from kpis.selectors.wall import with_shown
from kpis.sentences import explanation, outcome_badge
from kpis.views.parts import PARTS, part_named
from kpis.views.shared import HEAD_ACTS, RULE_ACTS, chosen_peers, group_name, link_name, links_to, peer_codes
from measures.views.known import shows_known_day
from programme.access import programme_view
from programme.models import Programme

#: Looks of chosen counties, told apart by their dashes.
PEER_ROLES = ("peer", "refused", "plan_approved", "undecided", "plan", "step")


@require_safe
@programme_view("kpi.view")
@shows_known_day
def indicator_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    indicator = _found(programme, pk)
    (indicator,) = with_shown([indicator])
    own, peers = own_key(programme), chosen_peers(request)
    links = list(indicator.source_links.all())
    lines = lines_of(observed(indicator.pk, peers=peers), links=[link.pk for link in links])
    shown, starts = indicator.shown, baselines(indicator.baseline_rows)
    today, places = programme.today(), decimals_of(indicator, _figures(lines))
    context = {
        "indicator": indicator,
        "shown": shown,
        "rules": [rule for rule in indicator.rules.all() if not rule.parent_id],
        "badge": outcome_badge(shown.outcome),
        "sentence": explanation(shown.evaluation) if shown.evaluation else "",
        "value": figure(shown.own, places),
        "national": figure(shown.national, places) if shown.national is not None else "",
        "change": change_of(indicator),
        "age": age_text(shown) if shown.own is not None else "",
        "late": is_late(indicator, shown.latest_period, today),
        "due": expected_by(indicator, shown.latest_period),
        "start_missing": start_is_missing(indicator, starts),
        "starts": starts_shown(indicator, starts, places),
        "chart": chart_of(programme, indicator, lines, peers, starts),
        "is_illustrative": lines.is_illustrative,
        "counties": [(county, county.key in peers) for county in COUNTIES if county.key != own],
        "chosen": peers,
        "parts": _parts(request, programme, indicator, lines, peers),
        "links": links_to(request, programme, indicator, HEAD_ACTS),
        "rule_links": links_to(request, programme, indicator, RULE_ACTS),
        "has_source": any(link.sotkanet_id for link in links),
    }
    return TemplateResponse(request, "kpis/indicator_detail.html", context)


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("kpi.view")
@shows_known_day
def indicator_part(request: HttpRequest, programme: Programme, pk: int, part: str) -> HttpResponse:
    """One part of the page: a piece of it for htmx, a page of its own for a plain link."""
    found = part_named(part)
    if found is None:
        raise Http404
    indicator = _found(programme, pk)
    context = {"indicator": indicator, "part": found} | found.context(request, programme, indicator)
    return TemplateResponse(
        request, found.template if is_part(request) else "kpis/indicator_part.html", context
    )


_INDICATOR = Statement(
    lambda programme, pk: Indicator.objects.filter(programme=programme, pk=pk).select_related(
        "summary__evaluation__rule", "level", "owner", "related_cost_type", "derived_from"
    )
)
_RULES = Statement(
    lambda pk: TargetRule.objects.filter(
        Q(indicator=pk, valid_to=None) | Q(parent__indicator=pk, parent__valid_to=None)
    )
)
_SOURCES = Statement(lambda pk: SourceLink.objects.filter(indicator=pk))
_STARTS = Statement(lambda pk: until_known(Observation.objects.filter(indicator=pk, is_baseline=True)))


def _found(programme: Programme, pk: int) -> Any:
    """The indicator with its rules in force and their parts, its sources and its `baseline_rows`. Four queries."""
    indicator: Any = _INDICATOR.one_or_404(programme=programme.pk, pk=pk)
    indicator.programme = programme
    _give_rules(indicator, _RULES.all(pk=pk))
    give(indicator, "source_links", _SOURCES.all(pk=pk))
    indicator.baseline_rows = _STARTS.all(pk=pk)
    return indicator


def _give_rules(indicator: Indicator, found: list[TargetRule]) -> None:
    rules = [rule for rule in found if rule.indicator_id == indicator.pk and rule.valid_to is None]
    parts: dict[int | None, list[TargetRule]] = defaultdict(list)
    for rule in found:
        parts[rule.parent_id].append(rule)
    for rule in rules:
        give(rule, "parts", parts[rule.pk])
    give(indicator, "rules", rules)


# --- the chart -----------------------------------------------------------------------------------------


def chart_of(
    programme: Programme, indicator: Any, lines: Lines, peers: list[str], starts: list[Baseline]
) -> ChartSpec | None:
    """Own values, the country, the chosen counties; None without a value."""
    names = {county.key: county.name for county in COUNTIES}
    drawn = [Named(str(_("Own county")), "actual", _points(lines.own))] if lines.own else []
    drawn += [Named(link_name(indicator, pk), "claimed", _points(line)) for pk, line in lines.others.items()]
    if not lines.own:
        looks = ("actual", "claimed", "plan")
        drawn += [
            Named(group_name(indicator, key), looks[index % 3], _points(line))
            for index, (key, line) in enumerate(sorted(lines.groups.items()))
        ]
    if lines.national:
        drawn.append(Named(str(_("Whole country")), "reference", _points(lines.national)))
    with_values = [key for key in peers if key in lines.peers]
    drawn += [
        Named(names[key], role, _points(lines.peers[key]))
        for key, role in zip(with_values, PEER_ROLES, strict=False)
    ]
    if not drawn:
        return None
    target = indicator.shown.target
    title = translated(indicator, "name").text
    return indicator_chart(
        title=title, unit=unit_words(indicator.unit), lines=drawn, alt=_alt(indicator, title, drawn),
        target=None if target is None else plain(target), band=target_band(indicator, starts),
        marks=_marks(programme, starts),
        target_label=_("target"), ref=f"kpi.{indicator.key}",
    )  # fmt: skip


def _points(line: Line) -> dict[Any, Decimal]:
    return {period: plain(row.value) for period, row in line.items()}


def _figures(lines: Lines) -> list[Decimal]:
    """Every figure of the lines that stand beside each other on the page."""
    found = (lines.own, lines.national, *lines.peers.values(), *lines.others.values(), *lines.groups.values())
    return [row.value for line in found for row in line.values()]


def _alt(indicator: Any, title: str, drawn: list[Named]) -> str:
    places = decimals_of(indicator, (value for line in drawn for value in line.points.values()))
    said = []
    for line in drawn:
        last = max(line.points)
        said.append(f"{line.name} {figure(line.points[last], places)} ({last[0]})")
    return f"{title}: {', '.join(said)}."


def _marks(programme: Programme, starts: list[Baseline]) -> list[tuple[str, str]]:
    """The baseline, the first and last year of the programme, and the horizon of its vision."""
    found: dict[str, list[str]] = {}
    if starts:
        found.setdefault(str(starts[-1].year), []).append(_("baseline"))
    found.setdefault(str(programme.start_year), []).append(_("programme starts"))
    found.setdefault(str(programme.end_year), []).append(_("programme ends"))
    if programme.horizon_year:
        found.setdefault(str(programme.horizon_year), []).append(_("vision"))
    return [(place, f"{', '.join(words)} {place[:4]}") for place, words in sorted(found.items())]


def target_band(indicator: Any, starts: list[Baseline]) -> tuple[Decimal, Decimal] | None:
    """From where to where a change within a range leads from the baseline; None for other rules."""
    values = [start.own for start in starts if start.own is not None]
    for rule in indicator.rules.all():
        if rule.kind == TargetRule.Kind.RELATIVE_CHANGE_RANGE and values and rule.low and rule.high:
            sign = -1 if rule.direction == "down" else 1
            low, high = (plain(values[-1] * (100 + sign * share) / 100) for share in (rule.low, rule.high))
            return low, high
    return None


# --- the parts after it, and what may be done ----------------------------------------------------------


def _parts(
    request: HttpRequest, programme: Programme, indicator: Any, lines: Lines, peers: list[str]
) -> list[dict[str, str]]:
    query = "?" + "&".join(f"peer={code}" for code in peer_codes(peers)) if peers else ""
    return [
        {
            "name": part.name,
            "title": str(part.title),
            "url": reverse("kpis:indicator_part", args=[programme.slug, indicator.pk, part.name]) + query,
        }
        for part in PARTS
        if not (part.name == "groups" and not lines.groups)
    ]
