"""A rule on all series of an indicator in one year: parts, groups and sources put together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpis.calculations.data import RuleData
from kpis.calculations.figures import Figures, Frame, Judged, Line, Point, Stream
from kpis.calculations.kinds import BY_A_PERSON, KINDS
from kpis.calculations.outcomes import JUDGED, Answer, Said, worst
from kpis.calculations.params import figure, sources
from kpis.calculations.waiting import missing

_OF_JUDGEMENT = {
    "met": Said.MET,
    "yes": Said.MET,
    "partly": Said.PARTLY,
    "on_the_way": Said.ON_THE_WAY,
    "not_met": Said.NOT_MET,
    "no": Said.NOT_MET,
}


def judge(rule: RuleData, figures: Figures, year: int, frame: Frame) -> Answer | None:
    """What the rule says of the year. None where the rule is about other years."""
    if not _concerns(rule, year):
        return None
    if rule.kind == "to_be_specified" or frame.is_open:
        return Answer(Said.TO_BE_SPECIFIED, "to_be_specified", {"year": year})
    if year < frame.start_year:
        return _starting_level(figures, year, frame)
    judged = frame.judgements.get(year)
    if judged is not None and _answers(rule):
        return _by_person(judged, figures, year, frame)
    named = _lines(figures, year, frame)
    if len(named) <= 1:
        answer = _on_line(rule, named[0][1] if named else Line(), year, frame)
        return _groups_unknown(answer, frame) if frame.every_group and not frame.groups else answer
    return _all_lines(rule, named, year, frame)


def judge_numbers(
    rule: RuleData, values: Mapping[int, Decimal], year: int, frame: Frame, *, source: str = ""
) -> Answer | None:
    """`judge` on one plain series {year: value}: figures that stand in no table of observations."""
    own = {one: Point(year=one, value=value, period=str(one), source=source) for one, value in values.items()}
    line = Line(own=own, periods={point.period: point for point in own.values()})
    return judge(rule, Figures([Stream(lines={"": line})]), year, frame)


# ---------------------------------------------------------------------------- one line
def _on_line(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    if rule.kind == "all_of":
        return _all_parts(rule, line, year, frame)
    return KINDS[rule.kind](rule, line, year, frame)


def _all_parts(rule: RuleData, line: Line, year: int, frame: Frame) -> Answer:
    """Every part has to hold: met when all do, partly when some do, unknown when the rest cannot be told."""
    if not rule.parts:
        return Answer(Said.CANNOT_JUDGE, "no_limit", {"year": year})
    answers = [_on_line(part, line, year, frame) for part in rule.parts]
    said = [answer.outcome for answer in answers]
    if year not in line.own:
        return next((one for one in answers if one.outcome == Said.BASELINE_MISSING), answers[0])
    outcome = Said.PARTLY if Said.MET in said and Said.NOT_MET in said else worst(said)
    params = {"year": year, "who": frame.who, "parts": [_part(answer) for answer in answers]}
    return Answer(outcome, "parts", params | _sources(answers), _least(answers))


def _part(answer: Answer, **named: Any) -> dict[str, Any]:
    params = {name: value for name, value in answer.params.items() if name != "sources"}
    return {"outcome": answer.outcome.value, "code": answer.code, "params": params, **named}


def _sources(answers: list[Answer]) -> dict[str, Any]:
    """The sources of all answers, each once."""
    found: dict[Any, dict[str, Any]] = {}
    for answer in answers:
        for row in answer.params.get("sources", []):
            held = found.setdefault(row.get("id") or row.get("text", ""), dict(row))
            held["fetched"] = max(held.get("fetched", ""), row.get("fetched", ""))
    rows = [{name: value for name, value in row.items() if value} for row in found.values()]
    return {"sources": rows} if rows else {}


def _least(answers: list[Answer]) -> Decimal | None:
    """The shortest of the ways, where each answer has one."""
    ways = [answer.progress for answer in answers]
    return min(way for way in ways if way is not None) if ways and None not in ways else None


# ---------------------------------------------------------------------------- several lines
def _lines(figures: Figures, year: int, frame: Frame) -> list[tuple[dict[str, Any], Line]]:
    """The lines that must each meet the rule, with their names: groups where each counts, and every source.

    A source that has ended and has nothing for the year is not waited for.
    """
    live = [one for one in figures.streams if not one.is_ended or _has(one, year)] or figures.streams[:1]
    several = len(live) > 1
    found: list[tuple[dict[str, Any], Line]] = []
    seen: set[str] = set()
    for stream in live:
        source = {"source": stream.label} if several else {}
        known = [key for key in frame.groups if key in stream.lines] if frame.every_group else []
        seen.update(known)
        found += [(source | {"group": frame.groups[key]}, stream.lines[key]) for key in known]
        if not known:
            found.append((source, stream.lines.get("", Line())))
    if seen:  # a group nobody has a figure of does not meet the rule by its silence
        found += [({"group": names}, Line()) for key, names in frame.groups.items() if key not in seen]
    return found


def _has(stream: Stream, year: int) -> bool:
    return any(year in line.own for line in stream.lines.values())


def _all_lines(rule: RuleData, named: list[tuple[dict[str, Any], Line]], year: int, frame: Frame) -> Answer:
    """Each line has to meet the rule. One group that does not is enough for "not met"; sources may be partly met."""
    if not any(year in line.own for _name, line in named) and rule.kind != "ratio_to_baseline":
        return _on_line(rule, named[0][1], year, frame)
    answers = [_on_line(rule, line, year, frame) for _name, line in named]
    said = [answer.outcome for answer in answers]
    outcome = worst(said)
    if outcome == Said.PARTLY and frame.every_group:
        outcome = Said.NOT_MET
    if outcome == Said.NOT_MET and not frame.every_group and Said.MET in said:
        outcome = Said.PARTLY
    rows = [_part(answer, **name) for (name, _line), answer in zip(named, answers, strict=True)]
    params = {"year": year, "who": frame.who, "lines": rows, "count": len(rows)}
    return Answer(outcome, "lines", params | _sources(answers), _least(answers))


def _groups_unknown(answer: Answer, frame: Frame) -> Answer:
    """Every group has to meet the rule and none is known: all together may show a failure, never a success."""
    if answer.outcome not in (Said.MET, Said.ON_THE_WAY):
        return answer
    whole = _part(answer)
    params = {name: answer.params[name] for name in ("year", "who", "sources") if name in answer.params}
    return Answer(Said.CANNOT_JUDGE, "groups_unknown", params | {"lines": [whole]})


# ---------------------------------------------------------------------------- years and persons
def _concerns(rule: RuleData, year: int) -> bool:
    """A rule of one year says nothing of later years, unless it goes on."""
    return rule.year is None or year <= rule.year or rule.and_onwards or rule.is_recurring


def _answers(rule: RuleData) -> bool:
    """Whether a person's judgement answers the rule: where no figure can."""
    if rule.kind == "direction":
        return rule.magnitude != "any"
    return rule.kind in BY_A_PERSON


def _by_person(judged: Judged, figures: Figures, year: int, frame: Frame) -> Answer:
    params = {"year": year, "unit": frame.unit, "who": frame.who, "reason": judged.reason}
    own = next((line.own[year] for line in figures.lines() if year in line.own), None)
    params |= figure("own", own)
    if found := sources(own):
        params["sources"] = found
    code = "answered" if judged.answer in ("yes", "no") else "judged"
    return Answer(_OF_JUDGEMENT[judged.answer], code, params)


def _starting_level(figures: Figures, year: int, frame: Frame) -> Answer:
    line = next((line for line in figures.lines() if year in line.own), None)
    if line is None:
        return Answer(
            Said.STARTING_LEVEL, "starting_level_only", {"year": year, "from_year": frame.start_year}
        )
    own, country = line.own[year], line.national.get(year)
    params = {"year": year, "unit": frame.unit, "who": frame.who, "from_year": frame.start_year}
    params |= figure("own", own) | figure("country", country)
    if found := sources(own, country):
        params["sources"] = found
    return Answer(Said.STARTING_LEVEL, "starting_level", params)


def is_judged(answer: Answer) -> bool:
    """Whether the answer says how far one is."""
    return answer.outcome in JUDGED


__all__ = ["is_judged", "judge", "judge_numbers", "missing"]
