"""Which fields each kind of rule asks for, and what a kind means where the source leaves it open."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpis.models import TargetRule

Kind = TargetRule.Kind

_START = ["versus_year", "versus_value"]
#: Fields of each kind in their order; the first `REQUIRED` of them must be filled.
FIELDS: dict[str, list[str]] = {
    Kind.COMPARE: ["compare", "reference", "value", "unit", "year", "and_onwards"],
    Kind.SHARE: ["compare", "value", "unit", "year", "and_onwards", "is_recurring", "is_approximate"],
    Kind.LEVEL: ["compare", "value", "unit", "year", "and_onwards", "scale_low", "scale_high", *_START],
    Kind.LEVEL_CHANGE: ["compare", "value", "unit", "year", "is_approximate"],
    Kind.ABSOLUTE_CHANGE: ["direction", "value", "unit", "year", *_START, "is_approximate"],
    Kind.RELATIVE_CHANGE: ["direction", "value", "year", *_START, "is_approximate"],
    Kind.RELATIVE_CHANGE_RANGE: ["direction", "low", "high", "year", *_START, "is_approximate"],
    Kind.RATIO_TO_BASELINE: ["compare", "value", "year", "baseline_date"],
    Kind.DIRECTION: ["direction", "magnitude", *_START],
    Kind.RANK: ["value", "population", "population_size", "unit", "year"],
    Kind.SERIES_INCREASE: ["unit"],
    Kind.YES_NO: [],
    Kind.QUALITATIVE: ["word_in_source"],
    Kind.TO_BE_SPECIFIED: [],
}
#: Fields without which a kind cannot be judged.
REQUIRED: dict[str, tuple[str, ...]] = {
    Kind.COMPARE: ("compare",),
    Kind.SHARE: ("compare", "value"),
    Kind.LEVEL: ("compare", "value"),
    Kind.LEVEL_CHANGE: ("compare", "value", "year"),
    Kind.ABSOLUTE_CHANGE: ("direction", "value"),
    Kind.RELATIVE_CHANGE: ("direction", "value"),
    Kind.RELATIVE_CHANGE_RANGE: ("direction", "low", "high"),
    Kind.RATIO_TO_BASELINE: ("compare", "value"),
    Kind.DIRECTION: ("direction",),
    Kind.RANK: ("value",),
}
#: Kinds that may be a part of a combined rule.
PARTS = (Kind.DIRECTION, Kind.COMPARE, Kind.LEVEL, Kind.ABSOLUTE_CHANGE, Kind.RELATIVE_CHANGE, Kind.RANK)
MOST_PARTS = 4

#: How each kind is judged, in a sentence or two: people read it before they choose and beside the rule.
MEANING: dict[str, str | Promise] = {
    Kind.COMPARE: _(
        "Each year's figure stands below or above a stated figure, or the whole country's figure of the same year."
        " Below and above are strict: exactly the limit is not below it."
    ),
    Kind.SHARE: _("A share to be reached in a year. Before that year it is on the way."),
    Kind.LEVEL: _(
        "A level to be reached by its year, else by the end of the programme. With a baseline the share of the way"
        " is shown; until then it is on the way."
    ),
    Kind.LEVEL_CHANGE: _("A change of the cost level to be reached by a year, counted from zero."),
    Kind.ABSOLUTE_CHANGE: _("A change from the baseline in the figure's own unit, euros for example."),
    Kind.RELATIVE_CHANGE: _("A change from the baseline in per cent."),
    Kind.RELATIVE_CHANGE_RANGE: _(
        "A change from the baseline in per cent, stated as a range. The lower end is enough. The source does not say"
        " what exceeding the range means: going beyond it the good way counts as reached."
    ),
    Kind.RATIO_TO_BASELINE: _("The figure compared with its baseline: 0,5 is half of it."),
    Kind.DIRECTION: _(
        "The figure rises or falls from its starting level. “Significant” and “essential” have no threshold in the"
        " source and none is invented: when the direction is right, a person judges whether the change is enough."
    ),
    Kind.RANK: _(
        "Among the best of the 21 wellbeing services counties. Helsinki and Åland are shown but not ranked; equal"
        " figures share a place."
    ),
    Kind.ALL_OF: _("All parts must hold in the same year. When only some do, the rule is partly met."),
    Kind.YES_NO: _("A person answers yes or no for each year, with what the answer rests on."),
    Kind.SERIES_INCREASE: _("Each year's figure is above those of all earlier years."),
    Kind.QUALITATIVE: _(
        "No threshold is stated: the figures are shown and a person judges, with the reason."
    ),
    Kind.TO_BE_SPECIFIED: _("It is still open what is measured, or how."),
}
