"""Illustrative answers, decisions and reporting points of the annual objectives.

Nothing here comes from the county: reasons and wordings say so. Written once for a programme; what people change
afterwards stays.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from core.history import own_context
from core.models import Setting
from kpis.models import Observation, RefreshItem, RefreshRun, SourceLink
from programme.models import Programme, StrategyDocument, Theme
from strategy.models import (
    AnnualObjective,
    MainLine,
    MetricYear,
    ObjectiveMetric,
    ReportingPoint,
    StatisticsNews,
)
from strategy.objectives.answering import settle
from strategy.objectives.fixing import fix_year
from strategy.objectives.news import report_statistics
from strategy.objectives.points import add_year, council

SETTING = "strategy_demo"
REASON = "Havainnollistavat vuositavoitteiden vastaukset"
MARK = "Havainnollistava: "
#: Objectives whose wording is entered, invented and marked so; of the others it is missing.
WORDED = (1, 3, 9, 11)
#: Metric, year -> answer ("" follows from the figure), figure, reason.
ANSWERS: dict[tuple[str, int], tuple[str, str, str]] = {
    ("o1-a", 2023): ("yes", "", "tavoitetaso ja mittarit hyväksyttiin johtoryhmässä"),
    ("o2-a", 2023): ("yes", "", ""),
    ("o3-a", 2023): ("yes", "", ""),
    ("o4-a", 2023): ("partly", "", "kokonaisuus parani yläkouluissa, ei lukioissa"),
    ("o6-a", 2023): ("yes", "", ""),
    ("o6-b", 2023): ("partly", "", "mitoitus alittui kahdessa yksikössä kesäkuukausina"),
    ("o6-c", 2023): ("", "5.3", ""),
    ("o7-a", 2023): ("yes", "", ""),
    ("o7-b", 2023): ("yes", "", ""),
    ("o7-c", 2023): ("no", "", "kiireettömään hoitoon pääsy ylitti määräajan suun terveydenhuollossa"),
    ("o8-a", 2023): ("yes", "", ""),
    ("o8-b", 2023): (
        "yes",
        "1240",
        "vuoden 2022 lukua ei ole koottu; lähetteitä arvioitiin olleen noin 1 000",
    ),
    ("o9-a", 2023): ("yes", "", ""),
    ("o10-a", 2023): ("no", "", "linjaukset siirtyivät vuodelle 2024"),
    ("o11-a", 2023): ("yes", "", ""),
    ("o11-b", 2023): ("partly", "", "toimenpiteistä toteutui noin kaksi kolmasosaa"),
    ("o1-b", 2024): ("partly", "", "kahdeksan yksikköä kymmenestä on tavoitetasolla"),
    ("o2-b", 2024): ("yes", "", ""),
    ("o3-a", 2024): ("yes", "", ""),
    ("o5-a", 2024): ("yes", "", ""),
    ("o6-c", 2024): ("", "5.5", "raja ei alitu, kun osuus on täsmälleen 5,5 %"),
    ("o7-c", 2024): ("yes", "", ""),
    ("o8-b", 2024): ("", "1385", ""),
    ("o9-b", 2024): ("yes", "", ""),
    ("o10-b", 2024): ("partly", "", "malli on käytössä kahdessa hankinnassa"),
    ("o11-a", 2024): ("yes", "", ""),
}
#: Year -> day of the council's decision and of the answers.
FIXED = {2023: date(2022, 12, 14), 2024: date(2023, 12, 13)}
ANSWERED = {2023: date(2024, 3, 15), 2024: date(2025, 3, 14)}
GIVEN = (("budget", 2023), ("interim", 2023), ("accounts", 2023), ("wellbeing", 2023), ("budget", 2024))
LINES = ("Palvelut lähellä arkea", "Sujuvat palveluketjut", "Henkilöstö mukana uudistamassa")


def is_illustrated(programme: Programme) -> bool:
    """Whether answers of the programme were invented to show the pages."""
    return Setting.objects.filter(scope=programme.slug, key=SETTING).exists()


def write_objectives(programme: Programme) -> int:
    """Writes the illustrative rows once; how many answers."""
    metrics = {
        row.key: row for row in ObjectiveMetric.objects.filter(programme=programme).select_related("rule")
    }
    if "o1-a" not in metrics:
        return 0
    if is_illustrated(programme):
        _statistics(programme)
        return 0
    people = get_user_model().objects.filter(grants__programme=programme, grants__role="pmo").order_by("pk")
    by = people.first()
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=REASON):
        Setting.objects.create(
            scope=programme.slug, key=SETTING, value=True, valid_from=date(2023, 1, 1), reason=REASON
        )
        _word(programme)
        for year, day in FIXED.items():
            decision = {"body": council(programme), "decided_on": day}
            fix_year(programme=programme, year=year, decision=decision, reason=REASON, by=by)
        for (key, year), given in ANSWERS.items():
            _answer(metrics[key].pk, year, given, by)
        _lines(programme, by)
        _points(programme, by)
        _statistics(programme)
    return len(ANSWERS)


def _word(programme: Programme) -> None:
    """Wordings that nobody decided, so that a report has something to print."""
    for objective in AnnualObjective.objects.filter(programme=programme, number__in=WORDED, text_fi=""):
        AnnualObjective.objects.filter(pk=objective.pk).update(
            text_fi=f"{MARK}{objective.aim_fi or objective.name_fi}"
        )
        for metric in objective.metrics.filter(text_fi=""):
            ObjectiveMetric.objects.filter(pk=metric.pk).update(text_fi=f"{MARK}{metric.name_fi}")


def _answer(metric: int, year: int, given: tuple[str, str, str], by: Any) -> None:
    chosen, figure, note = given
    row = MetricYear.objects.select_related("metric__rule").get(metric=metric, year=year)
    settled = settle(
        row.metric, year, chosen=chosen, number=Decimal(figure) if figure else None, note=MARK + note if note else MARK
    )  # fmt: skip
    columns = settled.columns | ({"note": ""} if not note else {})
    MetricYear.objects.filter(pk=row.pk).update(
        **columns, answered_on=ANSWERED[year], answered_by=by, updated_by=by
    )


def _lines(programme: Programme, by: Any) -> None:
    document = StrategyDocument.objects.filter(programme=programme, main_lines__isnull=False).first()
    spearheads = list(Theme.objects.filter(programme=programme).order_by("number"))
    for at, name in enumerate(LINES[: len(spearheads)]):
        MainLine.objects.get_or_create(
            programme=programme, number=at + 1,
            defaults={
                "name_fi": f"{MARK}{name.lower()}", "document": document, "spearhead": spearheads[at], "updated_by": by
            },
        )  # fmt: skip


def _points(programme: Programme, by: Any) -> None:
    for year in range(programme.start_year, programme.end_year + 1):
        add_year(programme=programme, year=year, by=by)
    for kind, year in GIVEN:
        for point in ReportingPoint.objects.filter(programme=programme, kind=kind, year=year, state="coming"):
            ReportingPoint.objects.filter(pk=point.pk).update(state="given", given_on=point.due_on)


def _statistics(programme: Programme) -> None:
    """A report on the values that are there, as if the latest of each series had been fetched now."""
    rows = Observation.objects.filter(programme=programme, is_baseline=False)
    is_told = ReportingPoint.objects.filter(programme=programme, kind=ReportingPoint.Kind.STATISTICS).exists()
    if not is_told and rows.filter(indicator__vision_links__isnull=False).exists():
        run = RefreshRun.objects.create(programme=programme, ended_at=timezone.now(), is_illustrative=True)
        report_statistics(run, rows)
        _tell_run(run)


def _tell_run(run: RefreshRun) -> None:
    """What each series of the run brought, so that the page of runs tells the same as the report."""
    links = SourceLink.objects.filter(programme=run.programme, sotkanet_id__isnull=False).order_by(
        "-position"
    )
    numbers = {link.indicator_id: link.sotkanet_id for link in links if link.sotkanet_id is not None}
    told = Counter(
        StatisticsNews.objects.filter(point__run=run).values_list("observation__indicator", flat=True)
    )
    RefreshItem.objects.bulk_create(
        RefreshItem(run=run, sotkanet_id=numbers[indicator], state=RefreshItem.State.STORED, new=count)
        for indicator, count in told.items()
        if indicator in numbers
    )


def forget_statistics(programme: Programme) -> None:
    """Takes the illustrative report away, so that the values it tells of can be written anew."""
    told = StatisticsNews.objects.filter(programme=programme, observation__is_illustrative=True)
    points = ReportingPoint.objects.filter(pk__in=told.values("point"))
    runs = list(points.values_list("run", flat=True))
    points.delete()
    RefreshRun.objects.filter(pk__in=runs, is_illustrative=True).delete()
