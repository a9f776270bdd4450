"""How the vision stands: themes with sub-themes, and each indicator with its value, answer and line to the horizon."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from kpis.models import Evaluation, Indicator, IndicatorSummary
from kpis.sentences import Badge, explanation, outcome_badge
from programme.models import Programme
from strategy.models import VisionIndicator, VisionTheme


@dataclass
class Followed:
    """An indicator of the vision: latest figures, what its rule says, and its values up to the horizon."""

    indicator: Indicator
    summary: IndicatorSummary | None
    badge: Badge
    why: str
    values: list[Decimal | None]
    national: list[Decimal | None]
    first_year: int | None
    last_year: int | None

    @property
    def known(self) -> int:
        return sum(value is not None for value in self.values)


@dataclass
class ThemeStatus:
    """A theme: its sub-themes, the indicators of each, and those of the theme itself."""

    theme: VisionTheme
    rows: list[Followed] = field(default_factory=list)
    sub_themes: list[ThemeStatus] = field(default_factory=list)

    @property
    def all_rows(self) -> list[Followed]:
        return [*self.rows, *(row for sub in self.sub_themes for row in sub.rows)]


def vision_status(programme: Programme) -> list[ThemeStatus]:
    """Themes of the vision in order, with everything that follows them. Three statements, however many rows."""
    themes = list(VisionTheme.objects.filter(programme=programme).order_by("position", "number"))
    links = (
        VisionIndicator.objects.filter(programme=programme)
        .select_related("indicator__owner", "indicator__summary__evaluation__rule")
        .order_by("position", "indicator__position")
    )
    until = programme.horizon_year or programme.end_year
    followed: dict[int, list[Followed]] = defaultdict(list)
    for link in links:
        followed[link.theme_id].append(followed_by(link.indicator, until))
    made = {theme.pk: ThemeStatus(theme, followed[theme.pk]) for theme in themes}
    for theme in themes:
        if theme.parent_id in made:
            made[theme.parent_id].sub_themes.append(made[theme.pk])
    return [made[theme.pk] for theme in themes if theme.parent_id is None]


def followed_by(indicator: Indicator, until: int) -> Followed:
    """The indicator as the vision shows it, its values running to the year `until`."""
    summary = getattr(indicator, "summary", None)
    told = summary.evaluation if summary else None
    own, national = _by_year(summary, 1), _by_year(summary, 2)
    first = min(own, default=None)
    years = range(first, max(until, *own) + 1) if first is not None else range(0)
    return Followed(
        indicator, summary, outcome_badge(summary.outcome if summary else ""), _why(told),
        [own.get(year) for year in years], [national.get(year) for year in years],
        first, max(own, default=None),
    )  # fmt: skip


def _why(told: Evaluation | None) -> str:
    return explanation(told) if told is not None else ""


def _by_year(summary: IndicatorSummary | None, at: int) -> dict[int, Decimal]:
    """Values of the summary's series by year: 1 the own ones, 2 the national ones."""
    rows = summary.series if summary else []
    return {int(row[0]): Decimal(row[at]) for row in rows if row[at] is not None}
