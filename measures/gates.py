"""What a gate can ask of a measure: a registry of named checks (decision 30).

A check looks at many measures at once and answers for those that do not meet it, with the parts that are
missing by name. Apps to the right register theirs in `AppConfig.ready()`. Which checks a gate asks for, and
who decides, is data (`GateDefinition`); a name that no check has any more is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from measures.models import Measure
from programme.models import Programme

Text = str | Promise
#: Measures that do not meet a check, by id, with the missing parts by name; an empty list where the check's
#: own sentence says it all.
Unmet = Mapping[int, list[str]]


@dataclass(frozen=True)
class Check:
    """One thing a gate can ask for.

    `label` is what it asks for, `missing` the sentence said where it is not met, `find` answers for many
    measures in a number of statements that does not grow with them. `url_name` and `part` are the page on which it
    is mended. What `is_hard` is not passed over by a reason either. What `is_always` asks at every gate, named by
    it or not, and is told only where it is not met.
    """

    key: str
    label: Text
    missing: Text
    find: Callable[[Programme, Sequence[Measure]], Unmet]
    url_name: str = "measures:measure_edit"
    part: str = ""
    anchor: str = ""
    is_hard: bool = False
    is_always: bool = False

    def url(self, measure: Measure) -> str:
        """The page on which it is mended; empty where there is none."""
        args = [measure.programme.slug, measure.code, *([self.part] if self.part else [])]
        try:
            return reverse(self.url_name, args=args) + (f"#{self.anchor}" if self.anchor else "")
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Answer:
    """One check for one measure."""

    check: Check
    is_met: bool
    details: tuple[str, ...]
    url: str


REGISTRY: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Adds checks; a name stands for one check only."""
    for check in checks:
        if check.key in REGISTRY:
            raise ValueError(f"The check {check.key} is registered twice.")
        REGISTRY[check.key] = check


def known(keys: Iterable[str]) -> list[Check]:
    """The checks of these names in the order of the registry."""
    wanted = set(keys)
    return [check for key, check in REGISTRY.items() if key in wanted]


def words_of(keys: Iterable[str]) -> list[str]:
    """What these checks ask for, in the active language; a name of a check that is gone stays as it is."""
    return [str(REGISTRY[key].label) if key in REGISTRY else key for key in keys]


def answers(
    programme: Programme, measures: Sequence[Measure], keys: Iterable[str]
) -> dict[int, list[Answer]]:
    """Every check of these names for every measure, those that are not met first told with what is missing."""
    for measure in measures:
        measure.programme = programme
    found: dict[int, list[Answer]] = defaultdict(list)
    wanted = set(keys)
    for check in [one for one in REGISTRY.values() if one.key in wanted or one.is_always]:
        unmet = check.find(programme, measures)
        for measure in measures:
            lacks = unmet.get(measure.pk)
            if lacks is None and check.key not in wanted:
                continue
            found[measure.pk].append(
                Answer(check, lacks is None, tuple(lacks or ()), "" if lacks is None else check.url(measure))
            )
    return dict(found)


def hard_ones(keys: Iterable[str]) -> list[str]:
    """Those of the names that no reason passes over."""
    return [key for key in keys if key in REGISTRY and REGISTRY[key].is_hard]


def unmet_names(programme: Programme, measure: Measure, keys: Iterable[str]) -> list[str]:
    """Names of the checks that the measure does not meet."""
    return [
        one.check.key for one in answers(programme, [measure], keys).get(measure.pk, []) if not one.is_met
    ]


def simply(lacks: Callable[[Measure], Any]) -> Callable[[Programme, Sequence[Measure]], Unmet]:
    """A check of one row alone: what `lacks` says of it is missing, a list of parts or True."""

    def find(programme: Programme, measures: Sequence[Measure]) -> Unmet:
        said = {measure.pk: lacks(measure) for measure in measures}
        return {pk: ([] if what is True else list(what)) for pk, what in said.items() if what}

    return find
