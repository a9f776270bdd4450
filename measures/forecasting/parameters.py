"""What the weighted forecast and the simulation assume: values that the programme office sets, with defaults.

The defaults are stated in docs/adr/0064-probability.md. They are judgements, to be replaced by the programme's own
experience: the forecast page shows how earlier forecasts came true.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parameters import Parameter, Parameters, choice, parameters_of, share, whole
from measures.models import Confidence, Stage
from programme.models import Programme

SECTION = "probability"


def _share(key: str, default: str, label: str | Promise, about: str | Promise, highest: int = 1) -> Any:
    return share(
        f"probability.{key}",
        default,
        about,
        label=label,
        section=SECTION,
        lowest=Decimal(0),
        highest=Decimal(highest),
    )


DRAWS = whole(
    "probability.draws",
    10_000,
    _(
        "How many times the future is drawn. More draws make the edges of the range steadier and the work slower."
    ),
    label=_("Number of draws"),
    section=SECTION,
    lowest=1_000,
    highest=50_000,
)
SEED = whole(
    "probability.seed",
    1,
    _("Start of the random numbers. The same seed and the same data give the same figures."),
    label=_("Seed"),
    section=SECTION,
    lowest=0,
    highest=2**31 - 1,
)

_CHANCE_ABOUT = _("How probable it is that a measure in this stage is carried out at all.")
#: Closed measures are carried out; withdrawn ones have no months left to vary.
CHANCES: dict[str, Parameter[Decimal]] = {
    Stage.IDENTIFIED: _share(
        "chance.identified", "0.40", _("Chance that an identified measure happens"), _CHANCE_ABOUT
    ),
    Stage.PLANNED: _share("chance.planned", "0.65", _("Chance that a planned measure happens"), _CHANCE_ABOUT),
    Stage.DECIDED: _share("chance.decided", "0.90", _("Chance that a decided measure happens"), _CHANCE_ABOUT),
    Stage.IN_DELIVERY: _share(
        "chance.in_delivery", "0.97", _("Chance that a measure in delivery is carried through"), _CHANCE_ABOUT
    ),
    Stage.ON_HOLD: _share("chance.on_hold", "0.25", _("Chance that a measure on hold happens"), _CHANCE_ABOUT),
}  # fmt: skip

_FRACTION_ABOUT = _(
    "How much of the savings that its forecast adds to what runs already a measure brings when it is carried out: "
    "1 is all of it. The fraction is drawn between the lowest and the highest, most often near the likeliest. Costs "
    "come in full."
)
#: Confidence -> lowest, likeliest and highest fraction.
FRACTIONS: dict[str, tuple[Parameter[Decimal], Parameter[Decimal], Parameter[Decimal]]] = {
    Confidence.HIGH: (
        _share("fraction.high.low", "0.85", _("High confidence: lowest fraction"), _FRACTION_ABOUT, 2),
        _share("fraction.high.likely", "1.00", _("High confidence: likeliest fraction"), _FRACTION_ABOUT, 2),
        _share("fraction.high.high", "1.10", _("High confidence: highest fraction"), _FRACTION_ABOUT, 2),
    ),
    Confidence.MEDIUM: (
        _share("fraction.medium.low", "0.50", _("Medium confidence: lowest fraction"), _FRACTION_ABOUT, 2),
        _share(
            "fraction.medium.likely", "0.90", _("Medium confidence: likeliest fraction"), _FRACTION_ABOUT, 2
        ),
        _share("fraction.medium.high", "1.10", _("Medium confidence: highest fraction"), _FRACTION_ABOUT, 2),
    ),
    Confidence.LOW: (
        _share("fraction.low.low", "0.00", _("Low confidence: lowest fraction"), _FRACTION_ABOUT, 2),
        _share("fraction.low.likely", "0.60", _("Low confidence: likeliest fraction"), _FRACTION_ABOUT, 2),
        _share("fraction.low.high", "1.00", _("Low confidence: highest fraction"), _FRACTION_ABOUT, 2),
    ),
}
UNSAID = choice(
    "probability.unsaid_confidence",
    Confidence.MEDIUM.value,
    _("How a measure counts for which neither the owner nor the programme office has said a confidence."),
    of=tuple(Confidence.values),
    labels=tuple(Confidence.labels),
    label=_("Confidence when nobody has said"),
    section=SECTION,
)
LATE = _share(
    "late.chance",
    "0.45",
    _("Chance that a measure is late"),
    _("How probable it is that what a measure has not begun yet comes later than its forecast says."),
)
LATE_MONTHS = share(
    "probability.late.months",
    "3",
    _(
        "How many months late measures come on average. Short delays are commonest; none is longer than a year."
    ),
    label=_("Average delay of late measures in months"),
    section=SECTION,
    lowest=Decimal(1),
    highest=Decimal(11),
)
SHOCK = _share(
    "theme_shock",
    "0.10",
    _("How much measures of a theme move together"),
    _(
        "Measures of one theme depend on the same people and systems, so they fail and succeed together. 0.10: in "
        "two draws out of three the savings of a theme are within 10 % of what its measures would bring alone."
    ),
)
LAST_YEAR = _share(
    "back_loading.share",
    "0.50",
    _("Warn when so much begins in the final year"),
    _(
        "From this share of the saving still to come on, when it begins in the final year only, the page warns."
    ),
)
PACE = share(
    "probability.back_loading.pace",
    "2",
    _("How many times the pace so far the forecast may ask before the page warns."),
    label=_("Warn when so many times the pace is needed"),
    section=SECTION,
    lowest=Decimal(1),
    highest=Decimal(20),
)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The values that hold on a day, as floats; `fractions` by confidence, `chances` by stage."""

    draws: int
    seed: int
    chances: dict[str, float]
    fractions: dict[str, tuple[float, float, float]]
    unsaid: str
    late: float
    late_months: float
    shock: float
    last_year: float
    pace: float

    def fraction(self, confidence: str) -> tuple[float, float, float]:
        return self.fractions[confidence or self.unsaid]

    def chance(self, stage: str) -> float:
        return self.chances.get(stage, 1.0)

    def delays(self, longest: int) -> list[float]:
        """Chance of 0, 1, ... `longest` months: on time, else a falling series with the given mean."""
        if not self.late:
            return [1.0] + [0.0] * longest
        falls = _ratio(self.late_months, longest)
        parts = [falls**month for month in range(longest)]
        return [1 - self.late, *(self.late * part / sum(parts) for part in parts)]


def _ratio(mean: float, longest: int) -> float:
    """The ratio of a falling (or rising) series of `longest` terms whose mean place, from 1, is `mean`."""
    low, high = 0.0, 10.0
    for _step in range(60):
        middle = (low + high) / 2
        parts = [middle**month for month in range(longest)]
        found = sum(place * part for place, part in enumerate(parts, 1)) / sum(parts)
        low, high = (middle, high) if found < mean else (low, middle)
    return (low + high) / 2


def assumptions_of(programme: Programme) -> Assumptions:
    """The values that hold in the programme on its own day."""
    held = parameters_of(programme)
    return Assumptions(
        draws=held[DRAWS], seed=held[SEED],
        chances={str(stage): float(held[one]) for stage, one in CHANCES.items()},
        fractions={str(name): _ordered(held, three) for name, three in FRACTIONS.items()},
        unsaid=held[UNSAID], late=float(held[LATE]), late_months=float(held[LATE_MONTHS]), shock=float(held[SHOCK]),
        last_year=float(held[LAST_YEAR]), pace=float(held[PACE]),
    )  # fmt: skip


def _ordered(held: Parameters, three: tuple[Parameter[Decimal], ...]) -> tuple[float, float, float]:
    """The ends and the middle in order of size, whichever way they were set."""
    low, likely, high = sorted(float(held[one]) for one in three)
    return low, likely, high
