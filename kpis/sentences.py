"""Each answer of a rule in one sentence: made from its code and figures when it is read, never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.money import NBSP, format_decimal
from core.periods import format_date
from core.templatetags.ui import quantity, unit
from core.text import LANGUAGES

if TYPE_CHECKING:
    from kpis.models import Evaluation

Params = dict[str, Any]
#: Decimals of figures in sentences, where nobody has set them and telling two figures apart needs no more.
DECIMALS = 1
#: A figure with more has been worked out and not given.
GIVEN_DECIMALS = 2
MOST_DECIMALS = 6


# ---------------------------------------------------------------------------- the whole sentence
def sentence(evaluation: Evaluation) -> str:
    """The answer of an evaluation, with its figures, years, source and day of fetching, in the active language."""
    return sentence_of(evaluation.outcome, evaluation.code, evaluation.params)


def sentence_of(outcome: str, code: str, params: Params) -> str:
    """The same from an answer that is not stored."""
    told = clause(code, params)
    verdict = str(VERDICTS[outcome])
    body = f"{verdict}: {told}" if told else verdict
    return f"{body}{_sources(params)}."


def explanation(evaluation: Evaluation) -> str:
    """The sentence without its verdict, for a place where the light beside it has said that already."""
    told = clause(evaluation.code, evaluation.params)
    said = f"{told}{_sources(evaluation.params)}" if told else ""
    return f"{said[0].upper()}{said[1:]}." if said else ""


def clause(code: str, params: Params) -> str:
    """What the answer rests on, without verdict, sources and full stop; empty for a code without figures."""
    return _CLAUSES[code](params)


VERDICTS: dict[str, str | Promise] = {
    "met": pgettext_lazy("verdict", "Met"),
    "partly": pgettext_lazy("verdict", "Partly met"),
    "on_the_way": pgettext_lazy("verdict", "On the way"),
    "not_met": pgettext_lazy("verdict", "Not met"),
    "cannot_judge": pgettext_lazy("verdict", "Cannot be judged"),
    "baseline_missing": pgettext_lazy("verdict", "Baseline missing"),
    "not_published": pgettext_lazy("verdict", "Not yet published"),
    "starting_level": pgettext_lazy("verdict", "Starting level"),
    "to_be_judged": pgettext_lazy("verdict", "Waits for a person's judgement"),
    "to_be_specified": pgettext_lazy("verdict", "To be specified"),
}


@dataclass(frozen=True)
class Badge:
    """How an outcome looks: `kind` of the status component (its shape and colour), and the word."""

    kind: str
    word: str


NO_LIGHT = Badge("none", "")
_KINDS = {
    "met": "ok",
    "partly": "warn",
    "on_the_way": "info",
    "not_met": "bad",
    "cannot_judge": "none",
    "baseline_missing": "warn",
    "not_published": "none",
    "starting_level": "none",
    "to_be_judged": "info",
    "to_be_specified": "none",
}


def outcome_badge(outcome: str) -> Badge:
    """Kind and word of an outcome; a rule that is not there has no light: kind "none" and no word."""
    if not outcome:
        return NO_LIGHT
    return Badge(_KINDS[outcome], str(VERDICTS[outcome]))


# ---------------------------------------------------------------------------- figures
def _decimals(params: Params, *values: Any) -> int:
    """So many decimals that figures which differ look different (99.96 is not shown as 100.0), and none look like 0."""
    numbers = {Decimal(0), *(Decimal(str(value)) for value in values if value is not None)}
    wanted = params.get("decimals")
    if wanted is None:
        wanted = max(map(_places_needed, numbers))
    for places in range(int(wanted), MOST_DECIMALS):
        if len({_rounded(number, places) for number in numbers}) == len(numbers):
            return places
    return MOST_DECIMALS


def _places_needed(number: Decimal) -> int:
    """The decimals of a figure as it was given; those of one that was worked out to many are cut to one."""
    places = -int(number.normalize().as_tuple().exponent)
    return DECIMALS if places > GIVEN_DECIMALS else max(places, 0)


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _shown(value: Any, places: int) -> str:
    """An observed figure: with the same decimals as those it is compared with."""
    return format_decimal(Decimal(str(value)), decimals=places)


def _with_unit(text: str, params: Params) -> str:
    if params.get("unit") == "rank":
        return _("rank %(rank)s") % {"rank": text}
    name = unit(params.get("unit"))
    return f"{text}{NBSP}{name}" if name else text


def period_in_words(period: str) -> str:
    """2024, "1/2024" for a month, "term 1/2024" for a term."""
    year, _dash, part = period.partition("-")
    if not part:
        return year
    if part.startswith("T"):
        return _("term %(term)s/%(year)s") % {"term": part[1:], "year": year}
    return f"{int(part)}/{year}"


def _own(params: Params, places: int, name: str = "own") -> str:
    """48,3 % (E-K 2024)."""
    value, period = params[name]
    who = params.get("who") or _("own county")
    return f"{_with_unit(_shown(value, places), params)} ({who} {period_in_words(period)})"


def _alone(params: Params) -> str:
    """The own figure where it stands beside no other."""
    return _own(params, _decimals(params, params["own"][0]))


def _dated(params: Params, name: str, places: int) -> str:
    """51,0 % (2024)."""
    value, period = params[name]
    figure = _with_unit(_shown(value, places), params)
    return f"{figure} ({period_in_words(period)})" if period else figure


def _stated(value: Any, params: Params) -> str:
    """A figure of the rule, as it was given."""
    return _with_unit(quantity(value), params)


def _about(text: str, params: Params) -> str:
    return _("about %(figure)s") % {"figure": text} if params.get("approximate") else text


def _way(done: Decimal) -> str:
    """Share of the way in whole percents, rounded down: nothing is called done before it is."""
    percent = int((done * 100).to_integral_value(rounding=ROUND_FLOOR))
    return f"{format_decimal(percent)}{NBSP}%"


# ---------------------------------------------------------------------------- sources
def _sources(params: Params) -> str:
    """ "; source Sotkanet 4280, fetched 3.11.2026", several joined; nothing where none is known."""
    named = [text for row in params.get("sources", []) if (text := _source(row))]
    if not named:
        return ""
    told = ngettext("source %(sources)s", "sources %(sources)s", len(named)) % {"sources": "; ".join(named)}
    return f"; {told}"


def _source(row: Params) -> str:
    name = f"Sotkanet{NBSP}{row['id']}" if row.get("id") else source_in_words(row.get("text", ""))
    if name and row.get("vintage", 1) > 1:
        name = _("%(source)s (revision %(number)s)") % {"source": name, "number": row["vintage"]}
    if name and row.get("fetched"):
        day = _day(row["fetched"])
        return _("%(source)s, fetched %(day)s") % {"source": name, "day": day}
    return name


def _day(text: str) -> str:
    return format_date(dt.date.fromisoformat(text))


SOURCES: dict[str, str | Promise] = {
    "programme file": gettext_lazy("programme document"),
    "bundled": gettext_lazy("values that came with the portal"),
    "manual": gettext_lazy("entered by hand"),
    "derived": gettext_lazy("derived from others"),
    "havainnollistava": gettext_lazy("illustrative example"),  # as the demo stores it
}


def source_in_words(text: str) -> str:
    """Where a value without a Sotkanet id comes from; what people wrote stays as they wrote it."""
    return str(SOURCES.get(text.casefold().rstrip("."), text))


# ---------------------------------------------------------------------------- levels
def _limit_clause(params: Params) -> str:
    """48,3 % (E-K 2024) is below 50 %: how the figure truly stands, whatever the rule wanted."""
    places = _decimals(params, params["own"][0], params["limit"])
    words = {"own": _own(params, places), "limit": _about(_stated(params["limit"], params), params)}
    own, limit = Decimal(params["own"][0]), Decimal(params["limit"])
    if own == limit:
        form = {
            "below": _("%(own)s is exactly %(limit)s, and the target is below it"),
            "above": _("%(own)s is exactly %(limit)s, and the target is above it"),
        }.get(params["compare"], _("%(own)s is exactly the target %(limit)s"))
    elif own < limit:
        form = {
            "below": _("%(own)s is below the limit %(limit)s"),
            "at_most": _("%(own)s is below the limit %(limit)s"),
        }.get(params["compare"], _("%(own)s falls short of the target %(limit)s"))
    else:
        form = {
            "below": _("%(own)s is above the limit %(limit)s"),
            "at_most": _("%(own)s is above the limit %(limit)s"),
        }.get(params["compare"], _("%(own)s is above the target %(limit)s"))
    return form % words


def _level_clause(params: Params) -> str:
    told = _limit_clause(params)
    if "target_year" in params:
        told = _("%(told)s, which is to be reached in %(year)s") % {
            "told": told,
            "year": params["target_year"],
        }
    return _and_way(told, params)


def _and_way(told: str, params: Params) -> str:
    """Adds the share of the way from the start, where there is one."""
    if "start" not in params or "own" not in params or "limit" not in params:
        return told
    start, own, limit = (
        Decimal(params["start"][0]),
        Decimal(params["own"][0]),
        Decimal(params["limit"]),
    )
    done = (own - start) / (limit - start) if start != limit else Decimal(0)
    if not 0 < done < 1:
        return told
    places = _decimals(params, start, own, limit)
    return _("%(told)s; %(share)s of the way from %(start)s") % {
        "told": told,
        "share": _way(done),
        "start": _dated(params, "start", places),
    }


def _limit_later(params: Params) -> str:
    places = _decimals(params, params["own"][0], params["limit"])
    words = {
        "own": _own(params, places),
        "target": _compared(params, _about(_stated(params["limit"], params), params)),
        "year": params["target_year"],
    }
    if params.get("there"):
        told = _("%(own)s; the target, %(target)s, is for %(year)s, and the level is already there") % words
    else:
        told = _("%(own)s; the target, %(target)s, is for %(year)s") % words
    return _and_way(told, params)


def _compared(params: Params, figure: str) -> str:
    return {
        "below": _("below %(figure)s"),
        "above": _("above %(figure)s"),
        "at_least": _("at least %(figure)s"),
        "at_most": _("at most %(figure)s"),
    }[params["compare"]] % {"figure": figure}


def _country(params: Params) -> str:
    own, country = Decimal(params["own"][0]), Decimal(params["country"][0])
    places = _decimals(params, own, country)
    words = {"own": _own(params, places), "country": _dated(params, "country", places)}
    if own == country:
        return _("%(own)s is the same as the whole country's %(country)s") % words
    if own < country:
        return _("%(own)s is below the whole country's %(country)s") % words
    return _("%(own)s is above the whole country's %(country)s") % words


def _country_other_year(params: Params) -> str:
    places = _decimals(params, params["own"][0], params["country"][0])
    return _(
        "%(own)s; the latest figure of the whole country is %(country)s, and figures of different years"
        " are not compared"
    ) % {"own": _own(params, places), "country": _dated(params, "country", places)}


def _country_other_period(params: Params) -> str:
    places = _decimals(params, params["own"][0], params["country"][0])
    return _(
        "%(own)s; the figure of the whole country is %(country)s, and figures of different periods"
        " are not compared"
    ) % {"own": _own(params, places), "country": _dated(params, "country", places)}


def _country_missing(params: Params) -> str:
    return _("%(own)s; there is no figure of the whole country for the same year") % {"own": _alone(params)}


# ---------------------------------------------------------------------------- changes
def _move(params: Params) -> str:
    """Has fallen from A to B."""
    start, own = Decimal(params["start"][0]), Decimal(params["own"][0])
    places = _decimals(params, start, own)
    words = {"start": _dated(params, "start", places), "own": _own(params, places)}
    if own == start:
        return _("unchanged: %(own)s, at the start %(start)s") % words
    form = _("fallen from %(start)s to %(own)s") if own < start else _("risen from %(start)s to %(own)s")
    return form % words


def _change(params: Params) -> str:
    moved, wanted = Decimal(params["moved"]), Decimal(params["wanted"])
    places = _decimals(params, abs(moved), wanted)
    target = _about(_stated(wanted, params), params)
    return _change_told(params, _with_unit(_shown(abs(moved), places), params), target, moved, wanted)


def _change_percent(params: Params) -> str:
    moved, wanted = Decimal(params["moved"]), Decimal(params["wanted"])
    places = _decimals(params, abs(moved), wanted)
    target = _about(f"{quantity(wanted)}{NBSP}%", params)
    return _change_told(params, f"{_shown(abs(moved), places)}{NBSP}%", target, moved, wanted)


def _change_told(params: Params, amount: str, target: str, moved: Decimal, wanted: Decimal) -> str:
    words = {"move": _move(params), "amount": amount, "target": target}
    if params["direction"] == "down":
        told = _("%(move)s, a change of %(amount)s; the target is a fall of %(target)s") % words
    else:
        told = _("%(move)s, a change of %(amount)s; the target is a rise of %(target)s") % words
    told = _by_year(told, params)
    if 0 < moved < wanted:
        told = _("%(told)s, %(share)s of the way") % {"told": told, "share": _way(moved / wanted)}
    return told


def _by_year(told: str, params: Params) -> str:
    if "target_year" not in params:
        return told
    return _("%(told)s, by %(year)s") % {"told": told, "year": params["target_year"]}


def _change_range(params: Params) -> str:
    moved, low, high = Decimal(params["moved"]), Decimal(params["wanted"]), Decimal(params.get("high", "0"))
    places = _decimals(params, abs(moved), low, high)
    span = f"{quantity(low)}–{quantity(high)}{NBSP}%"
    told = _change_told(params, f"{_shown(abs(moved), places)}{NBSP}%", _about(span, params), moved, low)
    if params.get("beyond"):
        return _("%(told)s; beyond the range the good way counts as reached") % {"told": told}
    return told


def _ratio(params: Params) -> str:
    start, own, target = (Decimal(params["start"][0]), Decimal(params["own"][0]), Decimal(params["target"]))
    told = _("%(move)s; the target is %(target)s, %(share)s of the baseline") % {
        "move": _move(params),
        "target": _compared(params, _stated(target, params)),
        "share": f"{quantity(Decimal(params['share']) * 100)}{NBSP}%",
    }
    done = (own - start) / (target - start) if start != target else Decimal(0)
    if not 0 < done < 1:
        return told
    return _("%(told)s, %(share)s of the way") % {"told": told, "share": _way(done)}


def _direction(params: Params) -> str:
    form = (
        _("%(move)s; the target is a fall")
        if params["direction"] == "down"
        else _("%(move)s; the target is a rise")
    )
    return form % {"move": _move(params)}


def _direction_open(params: Params) -> str:
    word = {
        "significant": _("significantly"),
        "essential": _("essentially"),
    }.get(params.get("magnitude", ""))
    if word is None:
        return _("%(move)s; no threshold is stated, so a person judges whether that is enough") % {
            "move": _move(params)
        }
    return _(
        "%(move)s; no threshold is stated for “%(word)s”, so a person judges whether the change is enough"
    ) % {"move": _move(params), "word": word}


def _series(params: Params) -> str:
    own, highest = Decimal(params["own"][0]), Decimal(params["highest"][0])
    places = _decimals(params, own, highest)
    words = {"own": _own(params, places), "highest": _dated(params, "highest", places)}
    if own > highest:
        return _("%(own)s is above every earlier year; the highest was %(highest)s") % words
    return _("%(own)s is not above every earlier year; the highest was %(highest)s") % words


def _series_gap(params: Params) -> str:
    return _("%(own)s; the figure of the year before (%(year)s) is missing") % {
        "own": _alone(params),
        "year": period_in_words(str(params["before_year"])),
    }


# ---------------------------------------------------------------------------- rank
def _rank(params: Params) -> str:
    words = {"rank": params["rank"], "of": params["of"], "best": params["best"]}
    words["year"] = period_in_words(params["own"][1])
    if params.get("entered"):
        told = _("rank %(rank)s of %(of)s (%(year)s); the target is among the %(best)s best") % words
    else:
        words["own"] = _alone(params)
        told = _("%(own)s, rank %(rank)s of %(of)s counties; the target is among the %(best)s best") % words
        if params.get("known", params["of"]) < params["of"]:
            told = _("%(told)s (%(known)s counties have a figure)") % {
                "told": told,
                "known": params["known"],
            }
    return _by_year(told, params)


def _rank_unknown(params: Params) -> str:
    return _("%(own)s; there are no figures of other counties for the same year") % {"own": _alone(params)}


def _rank_no_direction(params: Params) -> str:
    return _("%(own)s; no direction is better, so nobody is ranked") % {"own": _alone(params)}


def _rank_incomplete(params: Params) -> str:
    return _(
        "%(own)s, rank %(rank)s of the %(known)s counties that have a figure; the %(missing)s that have none"
        " could still come before"
    ) % {
        "own": _alone(params),
        "rank": params["rank"],
        "known": params["known"],
        "missing": params["of"] - params["known"],
    }


# ---------------------------------------------------------------------------- without figures
def _latest(params: Params) -> str:
    """The year's figure is missing; the latest earlier one, when there is any, with its year."""
    if "own" not in params:
        return _("no figure for %(year)s, and none of earlier years") % {"year": params["year"]}
    return _("no figure for %(year)s; the latest is %(own)s") % {
        "year": params["year"],
        "own": _alone(params),
    }


def _between_rounds(params: Params) -> str:
    years = int(params["every"]) // 12
    return ngettext(
        "the figure is made every %(n)s year, and none is due for %(year)s; the latest is %(own)s",
        "the figure is made every %(n)s years, and none is due for %(year)s; the latest is %(own)s",
        years,
    ) % {"n": years, "year": params["year"], "own": _alone(params)}


def _baseline_missing(params: Params) -> str:
    if date := params.get("start_date"):
        told = _("the level of %(date)s is not known") % {"date": period_in_words(date)}
    else:
        told = _("the level that the change is counted from is not known")
    if "own" in params:
        return f"{told}; {_alone(params)}"
    return told


def _starting_level(params: Params) -> str:
    values = [params[name][0] for name in ("own", "country") if name in params]
    places = _decimals(params, *values)
    told = _own(params, places)
    if "country" in params:
        told = _("%(own)s, the whole country %(country)s") % {
            "own": told,
            "country": _dated(params, "country", places),
        }
    return _("%(told)s; judged from %(year)s on") % {"told": told, "year": params["from_year"]}


def _starting_level_only(params: Params) -> str:
    return _("%(year)s is before the programme; judged from %(from)s on") % {
        "year": params["year"],
        "from": params["from_year"],
    }


def _start_is_zero(params: Params) -> str:
    return _("%(move)s; a change from zero has no percentage") % {"move": _move(params)}


def _no_limit(params: Params) -> str:
    told = _("the rule names no figure to compare with")
    return f"{_alone(params)}; {told}" if "own" in params else told


# ---------------------------------------------------------------------------- persons
def _qualitative(params: Params) -> str:
    values = [params[name][0] for name in ("own", "before") if name in params]
    places = _decimals(params, *values)
    told = _own(params, places)
    if "before" in params:
        told = _("%(own)s, before that %(before)s") % {
            "own": told,
            "before": _dated(params, "before", places),
        }
    if "word" in params:
        return _("%(told)s; the source says “%(word)s” and gives no threshold") % {
            "told": told,
            "word": params["word"],
        }
    return _("%(told)s; the source gives no threshold") % {"told": told}


def _yes_no_open(params: Params) -> str:
    return _("%(year)s has not been answered yes or no") % {"year": params["year"]}


def _judged(params: Params) -> str:
    told = _("judged by a person for %(year)s: %(reason)s") % {
        "year": params["year"],
        "reason": params.get("reason", "").strip().rstrip("."),
    }
    return f"{_alone(params)}; {told}" if "own" in params else told


def _answered(params: Params) -> str:
    return _("answered for %(year)s: %(reason)s") % {
        "year": params["year"],
        "reason": params.get("reason", "").strip().rstrip("."),
    }


def _open(params: Params) -> str:
    return _("what is measured, or how, is still open")


# ---------------------------------------------------------------------------- several
def _parts(params: Params) -> str:
    """Each part with its own answer: "met: …; not met: …"; without them where all parts say what the whole says."""
    rows = params["parts"]
    if len({row["outcome"] for row in rows}) == 1:
        return "; ".join(clause(row["code"], row["params"]) for row in rows)
    return "; ".join(_said(row) for row in rows)


def _said(row: Params) -> str:
    verdict = _small(str(VERDICTS[row["outcome"]]))
    told = clause(row["code"], row["params"])
    return f"{verdict}: {told}" if told else verdict


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _lines(params: Params) -> str:
    """Who does not meet the rule, by name with the figures; when all do, each with its figures."""
    rows = params["lines"]
    failing = [row for row in rows if row["outcome"] != "met"]
    if not failing:
        told = "; ".join(_named(row) for row in rows)
        return _("all %(n)s meet the rule: %(told)s") % {"n": len(rows), "told": told}
    return _("%(met)s of %(n)s meet the rule; %(told)s") % {
        "met": len(rows) - len(failing),
        "n": len(rows),
        "told": "; ".join(f"{_line_name(row)} – {_said(row)}" for row in failing),
    }


def _named(row: Params) -> str:
    return f"{_line_name(row)} – {clause(row['code'], row['params'])}"


def _line_name(row: Params) -> str:
    """The group and the source of a series: "65-74-vuotiaat", "Sotkanet 305"."""
    return ", ".join(
        name for name in (_in_language(row.get("group")), _in_language(row.get("source"))) if name
    )


def _in_language(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value or "")
    wanted = (translation.get_language() or "fi")[:2]
    return next((str(value[code]) for code in (wanted, *LANGUAGES) if value.get(code)), "")


def _groups_unknown(params: Params) -> str:
    whole = params["lines"][0]
    return _("all together: %(told)s; the figures of the groups are missing, and each must meet the rule") % {
        "told": clause(whole["code"], whole["params"])
    }


_CLAUSES: dict[str, Callable[[Params], str]] = {
    "limit": _limit_clause,
    "limit_later": _limit_later,
    "level": _level_clause,
    "country": _country,
    "country_other_year": _country_other_year,
    "country_other_period": _country_other_period,
    "country_missing": _country_missing,
    "change": _change,
    "change_percent": _change_percent,
    "change_range": _change_range,
    "ratio": _ratio,
    "direction": _direction,
    "direction_open": _direction_open,
    "series": _series,
    "series_gap": _series_gap,
    "rank": _rank,
    "rank_unknown": _rank_unknown,
    "rank_no_direction": _rank_no_direction,
    "rank_incomplete": _rank_incomplete,
    "not_published": _latest,
    "no_value": _latest,
    "between_rounds": _between_rounds,
    "baseline_missing": _baseline_missing,
    "starting_level": _starting_level,
    "starting_level_only": _starting_level_only,
    "start_is_zero": _start_is_zero,
    "no_limit": _no_limit,
    "qualitative": _qualitative,
    "yes_no_open": _yes_no_open,
    "judged": _judged,
    "answered": _answered,
    "to_be_specified": _open,
    "parts": _parts,
    "lines": _lines,
    "groups_unknown": _groups_unknown,
}
#: Every code that an answer can have.
CODES = tuple(_CLAUSES)
