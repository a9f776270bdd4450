"""The light of a project's indicators: those by which its measures are followed. A lagging one is not red."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.parameters import parameters_of
from core.periods import add_months
from kpis.lateness import is_late
from kpis.models import Indicator, MeasureIndicator, Outcome
from measures.models import Stage
from programme.models import Dimension, Programme, Project
from programme.projects.lights import Computed, register_light
from programme.projects.lights.calculations import Followed, kpis_light
from programme.projects.lights.own import names_of
from programme.projects.lights.thresholds import KPIS_RED

REACHED = (Outcome.MET, Outcome.ON_THE_WAY)


@dataclass
class _Counted:
    """The indicators of one project by how they stand."""

    reached: set[int] = field(default_factory=set)
    partly: list[Indicator] = field(default_factory=list)
    missed: list[Indicator] = field(default_factory=list)
    waiting: set[int] = field(default_factory=set)
    unjudged: set[int] = field(default_factory=set)

    @property
    def followed(self) -> Followed:
        worst = next(iter([*self.missed, *self.partly]), None)
        return Followed(
            len(self.reached), len(self.partly), len(self.missed), len(self.waiting), len(self.unjudged),
            names_of(worst) if worst else {},
        )  # fmt: skip


def kpis(programme: Programme, projects: Sequence[Project]) -> dict[int, Computed]:
    """By the outcomes of the indicators that the projects' measures are followed by. One statement."""
    held, today = parameters_of(programme), programme.today()
    links = (
        MeasureIndicator.objects.filter(measure__project__in=[one.pk for one in projects])
        .exclude(measure__stage=Stage.WITHDRAWN)
        .select_related("measure", "indicator__summary")
        .order_by("indicator__position", "indicator", "pk")
    )
    of_project: dict[int, dict[int, list[MeasureIndicator]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        assert link.measure.project_id is not None
        of_project[link.measure.project_id][link.indicator_id].append(link)
    return {
        one.pk: kpis_light(followed(of_project[one.pk].values(), today), red_share=held[KPIS_RED])
        for one in projects
    }


def followed(indicators: Iterable[list[MeasureIndicator]], today: dt.date) -> Followed:
    """How indicators stand, each given by its links to measures with `measure` and `indicator.summary` read."""
    found = _Counted()
    for links in indicators:
        indicator = links[0].indicator
        summary = getattr(indicator, "summary", None)
        outcome = summary.outcome if summary else ""
        if outcome in REACHED:
            found.reached.add(indicator.pk)
        elif summary is None or outcome not in (Outcome.PARTLY, Outcome.NOT_MET):
            found.unjudged.add(indicator.pk)
        elif is_late(indicator, summary.latest_period, today) or not any(
            _shows(link, today) for link in links
        ):
            found.waiting.add(indicator.pk)
        else:
            (found.partly if outcome == Outcome.PARTLY else found.missed).append(indicator)
    return found.followed


def _shows(link: MeasureIndicator, today: dt.date) -> bool:
    """Whether the measure's effect can show by now: it has begun, and the months it takes have gone by."""
    begins = link.measure.starts_on
    if begins is None or begins > today:
        return False
    return add_months(begins.replace(day=1), link.lag_months or 0) <= today


register_light(Dimension.KPIS, kpis)
