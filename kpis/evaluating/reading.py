"""Reads all that judging a batch of indicators needs, in as many statements for one indicator as for hundreds."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils import timezone

from kpis.calculations import Figures, Frame, Judged, Line, Point, Stream
from kpis.lateness import USUAL_LAG_MONTHS, cycle_of
from kpis.models import (
    GoalIndicator,
    Indicator,
    IndicatorGroup,
    Judgement,
    Moving,
    Observation,
    SourceLink,
    TargetRule,
)
from kpis.regions import is_ranked
from programme.models import Programme

_PLACE = ("indicator_id", "source_link_id", "year", "term", "month", "region_role", "region", "breakdown")
_GROUPS_OF = {"age_group": IndicatorGroup.Dimension.AGE, "gender": IndicatorGroup.Dimension.GENDER,
              "area": IndicatorGroup.Dimension.AREA}  # fmt: skip


@dataclass
class Read:
    """One indicator with what it is judged on. `rules` are those in force, each with its parts."""

    indicator: Indicator
    frame: Frame
    figures: Figures
    rules: list[tuple[TargetRule, tuple[TargetRule, ...]]] = field(default_factory=list)


def read(indicators: Sequence[Indicator], today: dt.date | None) -> list[Read]:
    """What each indicator is judged on, in their order. `today` stands in for the day of every programme."""
    pks = [indicator.pk for indicator in indicators]
    links = _by(SourceLink.objects.filter(indicator__in=pks).order_by("position", "id"), "indicator_id")
    groups = _by(IndicatorGroup.objects.filter(indicator__in=pks), "indicator_id")
    judgements = _by(Judgement.objects.filter(indicator__in=pks), "indicator_id")
    rules = _rules(indicators, today)
    values = _values(pks)
    peers = _peers(pks)
    found = []
    for indicator in indicators:
        own_links = links.get(indicator.pk, [])
        figures = _figures(indicator, own_links, values.get(indicator.pk, []), peers.get(indicator.pk, []))
        frame = _frame(
            indicator,
            today or indicator.programme.today(),
            figures,
            groups.get(indicator.pk, []),
            judgements.get(indicator.pk, []),
        )
        found.append(Read(indicator, frame, figures, rules.get(indicator.pk, [])))
    return found


def _by(rows: Iterable[Any], name: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


# ---------------------------------------------------------------------------- values
def _values(pks: Sequence[int]) -> dict[int, list[Observation]]:
    """The latest vintage of every own and national value. Those of other counties come apart, as there are many."""
    rows = (
        Observation.objects.filter(indicator__in=pks)
        .exclude(region_role=Observation.Region.PEER)
        .order_by(*_PLACE, "-vintage")
        .distinct(*_PLACE)
    )
    return _by(rows, "indicator_id")


def _peers(pks: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """The latest vintage of the yearly values of the other counties: (source, breakdown, year, region, value)."""
    rows = (
        Observation.objects.filter(
            indicator__in=pks,
            region_role=Observation.Region.PEER,
            term=None,
            month=None,
        )
        .order_by(*_PLACE, "-vintage")
        .distinct(*_PLACE)
        .values_list("indicator_id", "source_link_id", "breakdown", "year", "region", "value")
    )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for indicator, *rest in rows:
        found[indicator].append(tuple(rest))
    return found


def period_of(row: Any) -> str:
    """ "2024", "2024-T1" or "2024-03"."""
    if row.month:
        return f"{row.year}-{row.month:02d}"
    return f"{row.year}-T{row.term}" if row.term else str(row.year)


def _point(row: Observation, links: dict[int, SourceLink]) -> Point:
    link = links.get(row.source_link_id or 0)
    return Point(
        year=row.year,
        value=row.value,
        period=period_of(row),
        vintage=row.vintage,
        source=row.source,
        sotkanet_id=link.sotkanet_id if link else None,
        fetched=timezone.localdate(row.fetched_at).isoformat() if row.fetched_at else "",
        fetched_at=row.fetched_at,
        is_baseline=row.is_baseline,
        is_illustrative=row.is_illustrative,
    )


def _figures(
    indicator: Indicator, links: list[SourceLink], rows: list[Observation], peers: list[tuple[Any, ...]]
) -> Figures:
    """A stream for each source that has own values; values without a source fill the gaps of the first one.

    So do values entered by hand beside another source: one of them (a baseline, a year that source lacks) is not a
    further series that must meet the rule each year. A Sotkanet id that has given nothing yet is one.
    """
    by_link: dict[int | None, list[Observation]] = defaultdict(list)
    for row in rows:
        by_link[row.source_link_id].append(row)
    live = [link for link in links if any(row.region_role == "own" for row in by_link[link.pk])]
    known = {link.pk: link for link in links}
    series = [link for link in live if link.kind != SourceLink.Kind.MANUAL] or live
    streams = [
        Stream(str(link.pk), _label(link), link.is_ended, _lines(by_link[link.pk], known)) for link in series
    ]
    loose = _lines(by_link[None], known)
    if not streams:
        streams = [Stream(lines=loose)] if loose else []
    else:
        filled = next((stream for stream in streams if not stream.is_ended), streams[0])
        for link in live:
            if link not in series:
                _fill(filled, _lines(by_link[link.pk], known))
        _fill(streams[0], loose)
    streams += [Stream(str(link.pk), _label(link)) for link in _silent(links, live)]
    for link, breakdown, year, region, value in peers:
        if is_ranked(region):
            stream = next((one for one in streams if one.key == str(link or "")), None)
            stream = stream or (streams[0] if streams and link is None else None)
            if stream and breakdown in stream.lines:
                stream.lines[breakdown].peers.setdefault(year, {})[region] = value
    for stream in streams:
        _main_line(stream)
    return Figures(streams)


def _silent(links: list[SourceLink], live: list[SourceLink]) -> list[SourceLink]:
    """Sotkanet ids without a value beside others that have some: the rule waits for them, too."""
    if not any(link.sotkanet_id for link in live):
        return []
    return [link for link in links if link.sotkanet_id and not link.is_ended and link not in live]


def _label(link: SourceLink) -> str | dict[str, str]:
    if link.sotkanet_id:
        return f"Sotkanet {link.sotkanet_id}"
    names = {"fi": link.name_fi, "sv": link.name_sv, "en": link.name_en}
    return {code: name for code, name in names.items() if name} or link.key


def _lines(rows: Iterable[Observation], links: dict[int, SourceLink]) -> dict[str, Line]:
    lines: dict[str, Line] = defaultdict(Line)
    for row in rows:
        line, point = lines[row.breakdown], _point(row, links)
        is_own = row.region_role == Observation.Region.OWN
        of = line.own if is_own else line.national
        held = of.get(row.year)
        if held is None or _stands_before(point.period, held.period):
            of[row.year] = point
        (line.periods if is_own else line.national_periods)[point.period] = point
    return dict(lines)


def _stands_before(period: str, held: str) -> bool:
    """Whether a value stands for its year rather than another: the yearly one, else the latest part of the year."""
    return "-" not in period or ("-" in held and period > held)


def _fill(stream: Stream, loose: dict[str, Line]) -> None:
    """A value with a source goes before one without; baselines keep their mark."""
    for breakdown, line in loose.items():
        held = stream.lines.setdefault(breakdown, Line())
        for name in ("own", "national", "periods", "national_periods"):
            mine = getattr(held, name)
            for key, point in getattr(line, name).items():
                before = mine.setdefault(key, point)
                if point.is_baseline and not before.is_baseline:
                    mine[key] = replace(before, is_baseline=True)


def _main_line(stream: Stream) -> None:
    """A source read for one group only has its series there: it stands for all together."""
    if "" not in stream.lines and len(stream.lines) == 1:
        stream.lines[""] = next(iter(stream.lines.values()))


# ---------------------------------------------------------------------------- frame
def _frame(
    indicator: Indicator,
    today: dt.date,
    figures: Figures,
    groups: list[IndicatorGroup],
    judgements: list[Judgement],
) -> Frame:
    programme = indicator.programme
    is_vision = indicator.scope == Indicator.Scope.VISION
    last = (programme.horizon_year if is_vision else None) or programme.end_year
    every_group = indicator.breakdown_rule == "all"
    return Frame(
        start_year=programme.start_year,
        end_year=max(last, programme.end_year),
        last_year=max(last, programme.end_year),
        today=today,
        who=short_name(programme),
        better=indicator.better,
        unit=indicator.unit,
        decimals=indicator.decimals,
        cycle_months=cycle_of(indicator),
        lag_months=USUAL_LAG_MONTHS if indicator.lag_months is None else indicator.lag_months,
        needs_baseline=indicator.needs_baseline,
        is_open=bool(indicator.to_be_specified),
        every_group=every_group,
        groups=_that_count(indicator, groups, figures) if every_group else {},
        judgements={row.year: Judged(row.answer, row.reason) for row in judgements},
    )


def _that_count(
    indicator: Indicator, groups: list[IndicatorGroup], figures: Figures
) -> dict[str, dict[str, str]]:
    """Groups of the indicator's own breakdown in their order, with names by language; none while none has figures."""
    wanted = _GROUPS_OF.get(indicator.breakdown_by)
    observed = {key for stream in figures.streams for key in stream.lines if key}
    found = {
        group.key: {code: name for code in ("fi", "sv", "en") if (name := getattr(group, f"name_{code}"))}
        for group in groups
        if wanted is None or group.dimension == wanted
    }
    return found if found.keys() & observed else {}


def short_name(programme: Programme) -> str:
    """The county in few letters: "E-K" of Etelä-Karjala; empty where its name has one part."""
    name = programme.organisation.name_fi.split(" ")[0]
    parts = name.split("-")
    return "-".join(part[:1].upper() for part in parts) if len(parts) > 1 else ""


# ---------------------------------------------------------------------------- rules
def _rules(
    indicators: Sequence[Indicator], today: dt.date | None
) -> dict[int, list[tuple[TargetRule, tuple[TargetRule, ...]]]]:
    """The rules in force by indicator: its own, and that of a goal it shows."""
    pks = {indicator.pk: indicator for indicator in indicators}
    goals = _goals(pks)
    wanted = Q(indicator__in=pks) | Q(goal__in=goals)
    tops = list(
        TargetRule.objects.filter(wanted, parent=None, is_suggestion=False).order_by("position", "id")
    )
    parts = _by(
        TargetRule.objects.filter(parent__in=[row.pk for row in tops], is_suggestion=False).order_by(
            "position", "id"
        )
        if any(row.kind == TargetRule.Kind.ALL_OF for row in tops)
        else [],
        "parent_id",
    )
    found: dict[int, list[tuple[TargetRule, tuple[TargetRule, ...]]]] = defaultdict(list)
    for row in tops:
        pk = row.indicator_id or goals.get(row.goal_id or 0)
        if pk is None:
            continue
        indicator = pks[pk]
        programme = indicator.programme
        day = today or programme.today()
        if in_force(row, programme, day) and (row.indicator_id or _fits(row, indicator)):
            held = tuple(part for part in parts.get(row.pk, []) if in_force(part, programme, day))
            found[pk].append((row, held))
    return found


def in_force(rule: TargetRule, programme: Programme, day: dt.date) -> bool:
    """Whether the version holds on the day. A rule that begins with the programme holds before it, too."""
    begun = rule.valid_from <= day or rule.valid_from <= dt.date(programme.start_year, 1, 1)
    return begun and (rule.valid_to is None or day < rule.valid_to)


def _fits(rule: TargetRule, indicator: Indicator) -> bool:
    """A goal's rule is judged on an indicator in its own unit."""
    return not rule.unit or not indicator.unit or rule.unit == indicator.unit


def _goals(pks: dict[int, Indicator]) -> dict[int, int]:
    """Goal -> the indicator its own target is judged on: the first that it moves directly, else the first of all."""
    programmes = {indicator.programme_id for indicator in pks.values()}
    chosen: dict[int, tuple[bool, int, int]] = {}
    links = GoalIndicator.objects.filter(programme__in=programmes).order_by("id")
    for goal, indicator, effect, pk in links.values_list("goal", "indicator", "effect", "id"):
        place = (effect != Moving.Effect.DIRECT, pk, indicator)
        chosen[goal] = min(chosen.get(goal, place), place)
    return {goal: indicator for goal, (_indirect, _pk, indicator) in chosen.items() if indicator in pks}
