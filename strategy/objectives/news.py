"""The report outside the yearly cycle: new national statistics on the indicators of the vision (demand 81)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.notices import notify, register
from kpis.models import Evaluation, Indicator, Observation, RefreshRun
from programme.models import Programme
from strategy.models import ReportingPoint, StatisticsNews, VisionIndicator
from strategy.objectives.points import council, names_of

NEWS = "strategy.statistics"
NAMES = {
    "fi": "Uudet kansalliset tilastot {day}", "sv": "Ny nationell statistik {day}",
    "en": "New national statistics {day}",
}  # fmt: skip
#: Who hears of the report beside the owners of the indicators.
OFFICE = ("pmo", "director")
_SERIES = ("indicator_id", "source_link_id", "region_role", "region", "breakdown")


def _words(params: Mapping[str, Any], _programme: Any) -> str:
    return ngettext(
        "New statistics on %(n)s indicator of the vision: a report outside the cycle is ready.",
        "New statistics on %(n)s indicators of the vision: a report outside the cycle is ready.",
        int(params["indicators"]),
    ) % {"n": params["indicators"]}


register(NEWS, _words)


def report_statistics(run: RefreshRun, observations: QuerySet[Observation]) -> ReportingPoint | None:
    """Makes the report on the run's news of the vision, once for each run; None where there is none.

    News are revised values, and of a series with new years the latest one; groups only where there is no figure for
    all together. What the rules said of the values is kept with them: later values and judgements leave the
    report as it was.
    """
    programme = run.programme
    news = _news(observations.filter(indicator__in=_vision(programme)).exclude(region_role="peer"))
    if not news or ReportingPoint.objects.filter(run=run).exists():
        return None
    day = timezone.localdate()
    point = ReportingPoint.objects.create(
        programme=programme, kind=ReportingPoint.Kind.STATISTICS, year=max(row.year for row in news), run=run,
        body=council(programme), **names_of(NAMES, day=f"{day.day}.{day.month}.{day.year}"),
    )  # fmt: skip
    before, said = _before(news), _said(programme, news)
    StatisticsNews.objects.bulk_create(
        [
            StatisticsNews(
                programme=programme, point=point, observation=row, before=before.get(row.pk),
                evaluation=said[row.pk][0], evaluation_before=said[row.pk][1],
            )
            for row in news
        ]
    )  # fmt: skip
    _tell(programme, point, {row.indicator_id for row in news})
    return point


def take_up(run: RefreshRun, observations: QuerySet[Observation]) -> None:
    """What kpis.observing calls when a run ends that brought something."""
    report_statistics(run, observations)


def _vision(programme: Programme) -> QuerySet[Indicator]:
    linked = VisionIndicator.objects.filter(programme=programme).values("indicator")
    rows = Indicator.objects.filter(programme=programme)
    return rows.filter(Q(pk__in=linked) | Q(scope=Indicator.Scope.VISION))


def _series(row: Observation) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _SERIES)


def _news(observations: Iterable[Observation]) -> list[Observation]:
    rows = list(observations)
    whole = {row.indicator_id for row in rows if not row.breakdown}
    rows = [row for row in rows if not row.breakdown or row.indicator_id not in whole]
    latest: dict[tuple[Any, ...], int] = {}
    for row in rows:
        latest[_series(row)] = max(row.year, latest.get(_series(row), 0))
    return [row for row in rows if row.vintage > 1 or row.year == latest[_series(row)]]


def _before(news: list[Observation]) -> dict[int, Observation]:
    """Of a revised value the one that it replaces, of a new one the value of the period before in its series."""
    found: dict[int, Observation] = {}
    rows = Observation.objects.filter(indicator__in={row.indicator_id for row in news})
    by_series: dict[tuple[Any, ...], list[Observation]] = {}
    for one in rows.exclude(region_role="peer"):
        by_series.setdefault(_series(one), []).append(one)
    for row in news:
        place = (row.year, row.term or 0, row.month or 0)
        earlier = [
            one
            for one in by_series.get(_series(row), [])
            if (_place(one) == place and one.vintage < row.vintage)
            or (row.vintage == 1 and _place(one) < place)
        ]
        if earlier:
            found[row.pk] = max(earlier, key=lambda one: (_place(one), one.vintage))
    return found


def _place(row: Observation) -> tuple[int, int, int]:
    return (row.year, row.term or 0, row.month or 0)


def _said(
    programme: Programme, news: list[Observation]
) -> dict[int, tuple[Evaluation | None, Evaluation | None]]:  # fmt: skip
    """What the rules say of each value's year now, and before: of a revised year itself, else of the last one."""
    rows = Evaluation.objects.filter(
        programme=programme, indicator__in={row.indicator_id for row in news}, rule__parent=None,
        rule__is_suggestion=False,
    ).order_by("year", "pk")  # fmt: skip
    by_indicator: dict[int, list[Evaluation]] = {}
    for one in rows:
        by_indicator.setdefault(one.indicator_id or 0, []).append(one)
    found: dict[int, tuple[Evaluation | None, Evaluation | None]] = {}
    for row in news:
        told = by_indicator.get(row.indicator_id, [])
        now = next((one for one in told if one.year == row.year and one.superseded_at is None), None)
        same = [one for one in told if one.year == row.year and one.superseded_at is not None]
        past = [one for one in told if one.year < row.year and one.superseded_at is None]
        revised = row.vintage > 1
        earlier = (same or past) if revised else past
        found[row.pk] = (now, earlier[-1] if earlier else None)
    return found


def _tell(programme: Programme, point: ReportingPoint, indicators: set[int]) -> None:
    people = get_user_model().objects.filter(
        Q(grants__programme=programme, grants__role__in=OFFICE) | Q(indicators__in=indicators), is_active=True
    )
    notify(
        people.distinct(), NEWS, params={"indicators": len(indicators)},
        url=reverse("strategy:point_detail", args=[programme.slug, point.pk]),
        dedupe_key=f"statistics-report-{point.pk}", programme=programme,
    )  # fmt: skip
