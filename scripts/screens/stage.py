"""Rows that the demo data leave out and pages speak of: a frozen month, a saved view."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from core.models import SavedView
from core.periods import parse_month
from kpis.demo.runs import write_runs
from kpis.models import Indicator, QuarantinedValue, RefreshRun, SourceLink
from kpis.sotkanet.bundled import load_bundled
from measures.models import ImportKind, ImportRun, Measure, Scenario
from measures.workbooks.export import csv_rows
from measures.workbooks.running import read_run, take_in
from programme.demo.governance import write_governance
from programme.demo.lights import write_updates
from programme.demo.plans import write_plans
from programme.demo.resources import write_resources
from programme.demo.schedule import write_schedule
from programme.models import Programme
from reporting.services import build_status_view, request_status_view
from scripts.screens.pages import FROZEN
from scripts.screens.stage_seasons import bring_seasons
from scripts.screens.stage_strategy import bring_objectives
from scripts.screens.stage_talk import bring_talk
from scripts.screens.stage_values import bring_values


def bring_workbooks(programme: Programme, user: Any) -> None:
    """A workbook with changes and mistakes that waits for a decision, and a county's own list without a mapping."""
    runs = ImportRun.objects.filter(programme=programme)
    if runs.filter(kind__in=[ImportKind.MEASURES, ImportKind.FOREIGN]).exists():
        return
    some = Measure.objects.filter(programme=programme).order_by("code")[:8]
    rows = Measure.objects.filter(pk__in=[row.pk for row in some])
    lines = list(csv_rows(programme, rows, "months", language="fi"))
    for place, line in enumerate(lines[1:], start=1):
        cells = line.rstrip("\r\n").split(";")
        cells[-3:] = {2: ["-12345,60", "-12345,60", "0"], 5: ["?", cells[-2], cells[-1]]}.get(
            place, [cells[-3], cells[-2], cells[-1]]
        )
        lines[place] = ";".join(cells) + "\r\n"
    own = ContentFile("".join(lines).encode(), name="kuukaudet.csv")
    read_run(take_in(programme=programme, file=own, name="kuukaudet.csv", by=user), by=user)
    told = "Hyvinvointialueen toimenpiteet 2024, M€;;;\nToimenpide;Vastuuhenkilö;Toimiala;Säästö 2025\n"
    told += "Toimitilojen tiivistäminen;;Konsernipalvelut;-0,4\nEtävastaanotto iltoihin;;;-0,15\nYhteensä;;;-0,55\n"
    foreign = ContentFile(told.encode(), name="toimenpidelista.csv")
    read_run(take_in(programme=programme, file=foreign, name="toimenpidelista.csv", by=user), by=user)


def link_sotkanet(programme: Programme) -> None:
    """Sotkanet's indicators that come with the portal, and one of ours that reads one of them."""
    load_bundled(programme)
    SourceLink.objects.get_or_create(
        programme=programme,
        indicator=Indicator.objects.filter(programme=programme)[0],
        key="sotkanet-186",
        defaults={"kind": SourceLink.Kind.SOTKANET, "sotkanet_id": 186},
    )
    write_runs(programme)
    run = RefreshRun.objects.filter(programme=programme)[0]
    link = SourceLink.objects.get(programme=programme, key="sotkanet-186")
    QuarantinedValue.objects.get_or_create(
        programme=programme, source_link=link, year=2024, region_role="own", region="HYVINVOINTIALUE:10", value=30,
        defaults={
            "before": 10, "code": "jump", "params": {"before_year": 2023}, "fetched_at": run.started_at, "run": run
        },
    )  # fmt: skip


class Quiet:
    """Progress that nobody reads."""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Nobody reads it."""

    def still_mine(self) -> None:
        """Always."""


def set_stage(programme: Programme, user: Any) -> None:
    """Adds what is missing; safe to repeat."""
    month = parse_month(FROZEN)
    request_status_view(programme=programme, month=month, by=user)
    build_status_view(programme_id=programme.pk, month=month, report=Quiet())
    bring_workbooks(programme, user)
    link_sotkanet(programme)
    bring_objectives(programme, user)
    bring_seasons(programme)
    bring_values(programme, user)
    bring_talk(programme, user)
    write_governance(programme, by=user)
    write_schedule(programme)
    write_plans(programme, by=user)
    write_resources(programme)
    write_updates(programme)
    SavedView.objects.get_or_create(
        programme=programme,
        user=user,
        page="measures:measure_list",
        name="Digipalvelut",
        defaults={"query": "theme=digi"},
    )
    Scenario.objects.get_or_create(
        programme=programme,
        owner=user,
        name="Henkilöstötoimet myöhässä",
        defaults={"changes": [], "is_shared": True},
    )
