"""Each kind of rule on one series in one year. All figures are Decimals in the indicator's own unit."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from kpis.calculations.data import RuleData
from kpis.calculations.figures import Frame, Line, Point
from kpis.calculations.outcomes import Answer, Said
from kpis.calculations.params import figure, plain, sources
from kpis.calculations.starts import start_of
from kpis.calculations.waiting import missing

RANKED = 21  # wellbeing services counties; Helsinki and Åland are shown beside them
_LIMIT = Decimal(99999)
_PLACES = Decimal("0.0001")
_WAYS = ("up", "down")  # that may be better; without one nobody is ranked


# ---------------------------------------------------------------------------- parts
def holds(compare: str, own: Decimal, limit: Decimal) -> bool:
    """Whether own stands to the limit as the rule says; below and above are strict."""
    return {
        "below": own < limit,
        "above": own > limit,
        "at_most": own <= limit,
        "at_least": own >= limit,
    }[compare]


def share_of_way(own: Decimal, start: Decimal, target: Decimal) -> Decimal | None:
    """Share of the way from start to target: 0 at the start, 1 there, below 0 when going away. None without a way."""
    if target == start:
        return None
    return _kept((own - start) / (target - start))


def _kept(share: Decimal) -> Decimal:
    return max(-_LIMIT, min(_LIMIT, share)).quantize(_PLACES, ROUND_FLOOR)


def _params(rule: RuleData, frame: Frame, year: int, **points: Point | None) -> dict[str, Any]:
    """The figures of an answer under the names its sentence uses, with where they come from."""
    params: dict[str, Any] = {"year": year, "unit": frame.unit or rule.unit, "who": frame.who}
    if frame.decimals is not None:
        params["decimals"] = frame.decimals
    for name, point in points.items():
        params |= figure(name, point)
    if found := sources(*points.values()):
        params["sources"] = found
    if rule.is_approximate:
        params["approximate"] = True
    return params


def _way(compare: str, own: Decimal, start: Point | None, limit: Decimal) -> Decimal | None:
    """Share of the way from a start that is not there yet; None where no way leads to the limit."""
    if start is None or holds(compare, start.value, limit):
        return None
    return share_of_way(own, start.value, limit)


def _lost(compare: str, own: Decimal, start: Point | None, limit: Decimal) -> bool:
    """Whether the start was there and the figure is not any more."""
    return start is not None and holds(compare, start.value, limit) and not holds(compare, own, limit)


def _judged(done: bool, *, final: bool, progress: Decimal | None) -> Said:
    """Met; on the way while there is time and it does not go the wrong way; else not met."""
    if done:
        return Said.MET
    if final or progress is not None and progress <= 0:
        return Said.NOT_MET
    return Said.ON_THE_WAY


def _deadline(rule: RuleData, frame: Frame) -> int:
    return rule.year or frame.end_year


# ---------------------------------------------------------------------------- levels
def compare(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Below, above, at least or at most: a stated value, or the whole country's value of the same year."""
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    if rule.reference == "national_average":
        return _against_country(rule, line, own, frame)
    if rule.value is None:
        return Answer(Said.CANNOT_JUDGE, "no_limit", _params(rule, frame, year, own=own))
    start = start_of(rule, line, frame)
    params = _params(rule, frame, year, own=own) | {"limit": plain(rule.value), "compare": rule.compare}
    progress = _way(rule.compare, own.value, start, rule.value)
    if early := _before_its_year(rule, year, params, progress, own.value):
        return early
    done = holds(rule.compare, own.value, rule.value)
    return Answer(Said.MET if done else Said.NOT_MET, "limit", params, progress)


def _against_country(rule: RuleData, line: Line, own: Point, frame: Frame) -> Answer:
    country = _country_of(own.stands_for, own.year, line)
    if country is None:
        return _no_country(rule, line, own, frame)
    params = _params(rule, frame, own.year, own=own, country=country) | {"compare": rule.compare}
    done = holds(rule.compare, own.value, country.value)
    return Answer(Said.MET if done else Said.NOT_MET, "country", params)


def _country_of(period: str, year: int, line: Line) -> Point | None:
    """The country's value of the very same period: a month is never compared with a whole year."""
    held = line.national.get(year)
    return held if held and held.stands_for == period else line.national_periods.get(period)


def _no_country(rule: RuleData, line: Line, own: Point, frame: Frame) -> Answer:
    """Says which figure of the country there is instead: of the same year, else the latest, else none."""
    if not line.national:
        return Answer(Said.CANNOT_JUDGE, "country_missing", _params(rule, frame, own.year, own=own))
    of_year = line.national.get(own.year)
    params = _params(rule, frame, own.year, own=own, country=of_year or line.national[max(line.national)])
    return Answer(Said.CANNOT_JUDGE, "country_other_period" if of_year else "country_other_year", params)


def _before_its_year(
    rule: RuleData, year: int, params: dict[str, Any], progress: Decimal | None, own: Decimal
) -> Answer | None:
    """A target of a later year is not judged yet: it is on the way, unless the figure goes the wrong way."""
    if rule.year is None or year >= rule.year:
        return None
    there = rule.value is not None and holds(rule.compare, own, rule.value)
    outcome = Said.NOT_MET if not there and progress is not None and progress <= 0 else Said.ON_THE_WAY
    more = {"target_year": rule.year, "there": there}
    return Answer(outcome, "limit_later", params | more, progress)


def level(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """A level or share to be reached by its year, else by the end of the programme; then it has to be kept."""
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    if rule.value is None:
        return Answer(Said.CANNOT_JUDGE, "no_limit", _params(rule, frame, year, own=own))
    start = None if rule.kind == "share" else start_of(rule, line, frame)
    compared = rule.compare or "at_least"
    if rule.kind == "level_change":  # counted from the base year, where it is nothing
        start = Point(year=frame.start_year, value=Decimal(0))
    progress = _way(compared, own.value, start, rule.value)
    shown = start if progress is not None and rule.kind == "level" else None
    params = _params(rule, frame, year, own=own, start=shown) | {
        "limit": plain(rule.value),
        "compare": compared,
    }
    if rule.year is not None:
        early = _before_its_year(rule, year, params, progress, own.value)
        if early:
            return early
    done = holds(compared, own.value, rule.value)
    final = year >= _deadline(rule, frame) or _lost(compared, own.value, start, rule.value)
    outcome = _judged(done, final=final, progress=progress)
    if outcome == Said.ON_THE_WAY:
        params |= {"target_year": _deadline(rule, frame)}
    return Answer(outcome, "level", params, progress)


# ---------------------------------------------------------------------------- changes
def change(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """A change of so much, or of so many percent, or by a range of percents, from the baseline."""
    start = start_of(rule, line, frame)
    if start is None:
        return _no_start(rule, line, year, frame)
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    is_range = rule.kind == "relative_change_range"
    wanted = rule.low if is_range else rule.value
    if wanted is None or not wanted:
        return Answer(Said.CANNOT_JUDGE, "no_limit", _params(rule, frame, year, own=own))
    params = _params(rule, frame, year, own=own, start=start) | {"direction": rule.direction}
    moved = (start.value - own.value) if rule.direction == "down" else (own.value - start.value)
    if rule.kind != "absolute_change":
        if not start.value:
            return Answer(Said.CANNOT_JUDGE, "start_is_zero", params)
        moved = moved / abs(start.value) * 100
    params |= {"moved": plain(_fine(moved)), "wanted": plain(wanted)}
    if is_range and rule.high is not None:
        params["high"] = plain(rule.high)
        params["beyond"] = moved > rule.high
    progress = _kept(moved / wanted)
    done = moved >= wanted
    if early := _change_before_its_year(rule, year, params, progress):
        return early
    outcome = _judged(done, final=year >= _deadline(rule, frame), progress=progress)
    codes = {"absolute_change": "change", "relative_change": "change_percent"}
    return Answer(outcome, codes.get(rule.kind, "change_range"), params, progress)


def _change_before_its_year(
    rule: RuleData, year: int, params: dict[str, Any], progress: Decimal
) -> Answer | None:
    if rule.year is None or year >= rule.year:
        return None
    outcome = Said.ON_THE_WAY if progress > 0 else Said.NOT_MET
    codes = {"absolute_change": "change", "relative_change": "change_percent"}
    return Answer(
        outcome, codes.get(rule.kind, "change_range"), params | {"target_year": rule.year}, progress
    )


def _fine(value: Decimal) -> Decimal:
    """Enough places for a sentence, and never up to the target; judging itself uses the exact figure."""
    return value.quantize(Decimal("0.000001"), ROUND_FLOOR)


def ratio(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """A share of the baseline: halved, for example."""
    start = start_of(rule, line, frame)
    if start is None or rule.value is None:
        return _no_start(rule, line, year, frame)
    target = start.value * rule.value
    own = line.own.get(year)
    if own is None:
        gap = missing(line, year, frame)
        return Answer(gap.outcome, gap.code, gap.params | {"target": plain(target)})
    params = _params(rule, frame, year, own=own, start=start) | {
        "target": plain(target),
        "share": plain(rule.value),
        "compare": rule.compare or "at_most",
    }
    compared = rule.compare or "at_most"
    progress = _way(compared, own.value, start, target)
    done = holds(compared, own.value, target)
    final = year >= _deadline(rule, frame) or _lost(compared, own.value, start, target)
    return Answer(_judged(done, final=final, progress=progress), "ratio", params, progress)


def _no_start(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    params = _params(rule, frame, year, own=line.own.get(year))
    if rule.baseline_date:
        params["start_date"] = rule.baseline_date
    return Answer(Said.BASELINE_MISSING, "baseline_missing", params)


# ---------------------------------------------------------------------------- directions and series
def direction(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Rises or falls from its start. How much is "significant" no rule may invent: a person is asked."""
    start, own = start_of(rule, line, frame), line.own.get(year)
    if start is None and (frame.needs_baseline or line.own):
        return _no_start(rule, line, year, frame)
    if own is None or start is None:
        return missing(line, year, frame)
    moved = start.value - own.value if rule.direction == "down" else own.value - start.value
    params = _params(rule, frame, year, own=own, start=start) | {"direction": rule.direction}
    if moved <= 0:
        return Answer(Said.NOT_MET, "direction", params | {"same": moved == 0})
    if rule.magnitude == "any":
        return Answer(Said.MET, "direction", params)
    return Answer(Said.TO_BE_JUDGED, "direction_open", params | {"magnitude": rule.magnitude})


def series(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Each year's figure above those of all earlier years; the year before has to be known.

    A month or term is compared with the same one of earlier years, never with a whole year.
    """
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    part = own.period.removeprefix(str(year))
    known = [*line.own.values(), *line.periods.values()]
    earlier = {
        one.year: one
        for one in known
        if one.year < year and (one.period or str(one.year)) == f"{one.year}{part}"
    }
    if year - 1 not in earlier:
        params = _params(rule, frame, year, own=own) | {
            "before_year": f"{year - 1}{part}" if part else year - 1
        }
        return Answer(Said.CANNOT_JUDGE, "series_gap", params)
    highest = max(earlier.values(), key=lambda point: (point.value, point.year))
    done = own.value > highest.value
    params = _params(rule, frame, year, own=own, highest=highest)
    return Answer(Said.MET if done else Said.NOT_MET, "series", params)


# ---------------------------------------------------------------------------- rank
def rank(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Among the N best of a stated population. A rank entered by hand is the value itself."""
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    limit = int(rule.value or 1)
    of = rule.population_size or RANKED
    params = _params(rule, frame, year, own=own) | {"best": limit, "of": of, "population": rule.population}
    if "rank" in (rule.unit, frame.unit):
        done = own.value <= limit
        return _ranked(rule, frame, year, params | {"rank": plain(own.value), "entered": True}, done)
    if frame.better not in _WAYS:
        return Answer(Said.CANNOT_JUDGE, "rank_no_direction", params)
    others = [] if "-" in own.period else list(line.peers.get(year, {}).values())  # theirs are whole years
    place = place_of(own.value, others, frame.better)
    if place is None:
        return Answer(Said.CANNOT_JUDGE, "rank_unknown", params)
    params |= {"rank": str(place), "known": len(line.peers[year]) + 1}
    absent = max(0, of - len(line.peers[year]) - 1)
    if place <= limit < place + absent:
        return Answer(Said.CANNOT_JUDGE, "rank_incomplete", params)
    return _ranked(rule, frame, year, params, place <= limit)


def _ranked(rule: RuleData, frame: Frame, year: int, params: dict[str, Any], done: bool) -> Answer:
    if rule.year is not None and year < rule.year:
        return Answer(Said.ON_THE_WAY, "rank", params | {"target_year": rule.year})
    return Answer(Said.MET if done else Said.NOT_MET, "rank", params)


def place_of(own: Decimal, others: list[Decimal], better: str) -> int | None:
    """Place among the others, 1 is best; equals share a place. None without others or a better direction."""
    if not others or better not in _WAYS:
        return None
    ahead = sum(1 for other in others if (other > own if better == "up" else other < own))
    return ahead + 1


# ---------------------------------------------------------------------------- persons
def person(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """No threshold is stated: the trend is shown and a person is asked."""
    own = line.own.get(year)
    if own is None:
        return missing(line, year, frame)
    earlier = [one for one in line.own if one < year]
    before = line.own[max(earlier)] if earlier else None
    params = _params(rule, frame, year, own=own, before=before)
    if rule.word_in_source:
        params["word"] = rule.word_in_source
    return Answer(Said.TO_BE_JUDGED, "qualitative", params)


def yes_no(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Answered by a person; until then there is no answer."""
    return Answer(Said.TO_BE_JUDGED, "yes_no_open", {"year": year})


def open_rule(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    return Answer(Said.TO_BE_SPECIFIED, "to_be_specified", {"year": year})


KINDS: dict[str, Callable[[RuleData, Line, int, Frame], Answer]] = {
    "level_change": level,
    "share": level,
    "rank": rank,
    "level": level,
    "absolute_change": change,
    "relative_change": change,
    "relative_change_range": change,
    "ratio_to_baseline": ratio,
    "compare": compare,
    "direction": direction,
    "yes_no": yes_no,
    "series_increase": series,
    "qualitative": person,
    "to_be_specified": open_rule,
}
#: Kinds to which a person's judgement of a year may answer.
BY_A_PERSON = ("yes_no", "qualitative", "direction")
