"""Target rules as sentences. A rule is stored as data; what people read is made here, in their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.money import NBSP
from core.templatetags.ui import quantity, unit

if TYPE_CHECKING:
    from kpis.models import TargetRule

POPULATIONS: dict[str, str | Promise] = {
    "wellbeing_services_counties": gettext_lazy("wellbeing services counties")
}
STARTS: dict[str, str | Promise] = {
    "start_of_term": gettext_lazy("the start of the council term"),
    "current level": gettext_lazy("the current level"),
}


def rule_in_words(rule: TargetRule) -> str:
    """The rule in one sentence without a full stop; parts of a combined rule are joined by "and"."""
    sentence = _WRITERS.get(rule.kind, _unknown)(rule)
    if rule.applies_to == "each_id":
        sentence = _("%(rule)s, each source separately") % {"rule": sentence}
    return sentence


def _figure(rule: TargetRule) -> str:
    name = unit(rule.unit)
    text = f"{quantity(rule.value)}{NBSP}{name}" if name else quantity(rule.value)
    return _("about %(figure)s") % {"figure": text} if rule.is_approximate else text


def _compared(rule: TargetRule, figure: str) -> str:
    forms = {
        "below": _("below %(figure)s"),
        "above": _("above %(figure)s"),
        "at_least": _("at least %(figure)s"),
        "at_most": _("at most %(figure)s"),
    }
    return forms.get(rule.compare, "%(figure)s") % {"figure": figure}


def _when(rule: TargetRule, sentence: str) -> str:
    if rule.year is None:
        return sentence
    form = _("%(rule)s from %(year)s on") if rule.and_onwards else _("%(rule)s in %(year)s")
    return form % {"rule": sentence, "year": rule.year}


def _level_change(rule: TargetRule) -> str:
    change = _compared(rule, _figure(rule))
    return _("Change in the cost level %(change)s by %(year)s") % {"change": change, "year": rule.year or "?"}


def _level(rule: TargetRule) -> str:
    return _capital(_when(rule, _compared(rule, _figure(rule))))


def _rank(rule: TargetRule) -> str:
    names = {"best": quantity(rule.value), "population": POPULATIONS.get(rule.population, rule.population)}
    return _("Among the %(best)s best %(population)s") % names


def _change(rule: TargetRule) -> str:
    form = _("Falls by %(figure)s") if rule.direction == "down" else _("Rises by %(figure)s")
    return _when(rule, form % {"figure": _figure(rule)})


def _change_range(rule: TargetRule) -> str:
    figure = f"{quantity(rule.low)}–{quantity(rule.high)}{NBSP}{unit(rule.unit) or '%'}"
    if rule.is_approximate:
        figure = _("about %(figure)s") % {"figure": figure}
    form = _("Falls by %(figure)s") if rule.direction == "down" else _("Rises by %(figure)s")
    return _("%(rule)s from the current level") % {"rule": form % {"figure": figure}}


def _ratio(rule: TargetRule) -> str:
    if rule.value is not None and rule.value * 2 == 1:
        sentence = _("Falls to half")
    else:
        share = f"{quantity((rule.value or 0) * 100)}{NBSP}%"
        sentence = _capital(_("%(share)s of the baseline") % {"share": _compared(rule, share)})
    if not rule.baseline_date:
        return sentence
    year, _dash, month = rule.baseline_date.partition("-")
    start = f"{int(month)}/{year}" if month else year
    return _("%(rule)s of the level of %(start)s") % {"rule": sentence, "start": start}


def _compare(rule: TargetRule) -> str:
    if rule.reference == "national_average":
        average = _("the national average of the same year")
        return _capital(_compared(rule, average))
    sentence = _compared(rule, _figure(rule) if rule.value is not None else rule.reference)
    if rule.rule_text == "stays_below":
        return _("Stays %(rule)s") % {"rule": sentence}
    return _capital(_when(rule, sentence))


def _direction(rule: TargetRule) -> str:
    down = rule.direction == "down"
    verb = {
        "significant": _("Falls significantly") if down else _("Rises significantly"),
        "essential": _("Falls essentially") if down else _("Rises essentially"),
    }.get(rule.magnitude, _("Falls") if down else _("Rises"))
    start = _start(rule)
    return _("%(rule)s from %(start)s") % {"rule": verb, "start": start} if start else verb


def _start(rule: TargetRule) -> str:
    if rule.versus_value is not None and rule.versus_year is not None:
        name = unit(rule.unit)
        figure = f"{quantity(rule.versus_value)}{NBSP}{name}" if name else quantity(rule.versus_value)
        return _("%(figure)s of %(year)s") % {"figure": figure, "year": rule.versus_year}
    return str(STARTS.get(rule.versus, rule.versus))


def _all_of(rule: TargetRule) -> str:
    first, *others = [rule_in_words(part) for part in rule.parts.all() if not part.is_suggestion] or [""]
    for other in others:
        first = _("%(first)s and %(second)s") % {"first": first, "second": other[:1].lower() + other[1:]}
    return first


def _yes_no(rule: TargetRule) -> str:
    return _("Answered yes")


def _series(rule: TargetRule) -> str:
    return _("Each year's figure is above those of the earlier years")


def _qualitative(rule: TargetRule) -> str:
    if rule.word_in_source:
        return _("Judged by a person; the source says “%(word)s” and gives no threshold") % {
            "word": rule.word_in_source
        }
    return _("Judged by a person from the results; the source gives no threshold")


def _open(rule: TargetRule) -> str:
    return _("Still to be specified")


def _unknown(rule: TargetRule) -> str:
    return str(rule.get_kind_display())


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


_WRITERS = {
    "level_change": _level_change,
    "share": _level,
    "level": _level,
    "rank": _rank,
    "absolute_change": _change,
    "relative_change": _change,
    "relative_change_range": _change_range,
    "ratio_to_baseline": _ratio,
    "compare": _compare,
    "direction": _direction,
    "all_of": _all_of,
    "yes_no": _yes_no,
    "series_increase": _series,
    "qualitative": _qualitative,
    "to_be_specified": _open,
}
BETTER: dict[str, str | Promise] = {
    "up": pgettext_lazy("better when", "higher is better"),
    "down": pgettext_lazy("better when", "lower is better"),
}
