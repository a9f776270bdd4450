"""Pages as known at the end of a day: what was recorded later is not there, and nothing can be changed."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from core import asof
from core.history import event_models
from measures import selectors
from measures.models import Confirmation, Measure, MeasureTotal, SavingsEntry, SavingsLine
from measures.selectors.asof import as_known, record_starts
from tests.factories.counties import Api, County, person
from tests.golden import Golden, eur
from tests.integration.reporting.conftest import sign_in
from tests.integration.reporting.test_pages import text_of

TODAY = timezone.localdate()
#: The golden example was written down on this day, at noon.
WRITTEN = TODAY - timedelta(days=10)


def move_history(days: int) -> None:
    """Everything recorded so far happened so many days earlier, as if the clock had stood there."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        for event in event_models():
            cursor.execute(
                f"UPDATE \"{event._meta.db_table}\" SET pgh_created_at = pgh_created_at - %s * interval '1 day'",
                [days],
            )


@pytest.fixture
def changed(golden: Golden) -> Iterator[Golden]:
    """The golden example of ten days ago, much of which was changed four days ago and today."""
    move_history(6)
    line = golden.lines["E1/OST"]
    SavingsEntry.objects.filter(line=line, series="plan").update(amount_eur_cents=eur(-1))
    SavingsEntry.objects.filter(line=golden.lines["E1/HEN"], series="forecast").delete()
    Confirmation.objects.filter(entry__line=golden.lines["E2/OST"]).update(part_eur_cents=eur(-60_000))
    Measure.objects.filter(code="E3").update(name_fi="Aivan toinen", goal=golden.goals["Y"])
    move_history(4)
    golden.programme.end_year = 2026
    golden.programme.save()
    Measure.objects.filter(code="E2").update(name_fi="Tänään muutettu")
    SavingsLine.objects.filter(measure__code="E5").update(in_base=False)
    yield golden


def test_figures_of_the_day_they_were_written(changed: Golden) -> None:
    with as_known(changed.programme, WRITTEN) as programme:
        figures = selectors.savings_figures(programme)
        levels = selectors.measure_levels([changed.measures["E1"].pk], programme)
        measure = Measure.objects.get(code="E3")
        measure.programme = programme
        card = selectors.measure_card(measure)
        names = list(Measure.objects.order_by("code").values_list("name_fi", flat=True))

    assert figures.total.level_change.plan == eur(-252_000)
    assert figures.total.level_change.forecast == eur(-288_000)
    assert figures.total.cumulative.confirmed == eur(-103_000)
    assert figures.total.in_base.confirmed == eur(-48_000)
    assert figures.by_theme[changed.themes["X"].pk].level_change.forecast == eur(-288_000)
    assert figures.ladder.unallocated == eur(-128_000)
    assert levels[changed.measures["E1"].pk].plan == eur(-180_000)
    assert card.figures.level_change.forecast == eur(-96_000)
    assert names == [f"Toimenpide E{number}" for number in range(1, 6)]


def test_a_day_between_knows_the_first_change_only(changed: Golden) -> None:
    with as_known(changed.programme, TODAY - timedelta(days=2)) as programme:
        figures = selectors.savings_figures(programme)
        names = dict(Measure.objects.values_list("code", "name_fi"))

    assert figures.final_year == 2025
    assert figures.total.level_change.plan == eur(
        -12 + 60_000 - 120_000 + 12
    )  # E3 gives back one euro a month
    assert figures.total.cumulative.confirmed == eur(-103_000 - 15_000)
    assert figures.by_theme[changed.themes["Y"].pk].level_change.plan is None  # its lines kept their goal
    assert figures.stage_counts_by_theme[changed.themes["Y"].pk]["in_delivery"] == 2
    assert figures.total.in_base.plan == eur(-120_000)
    assert (names["E3"], names["E2"]) == ("Aivan toinen", "Toimenpide E2")


def test_totals_of_the_past_are_those_that_triggers_would_keep(changed: Golden) -> None:
    """The latest state, read back through the history, equals the totals as they stand."""
    columns = [field.attname for field in MeasureTotal._meta.concrete_fields if field.name != "changed"]
    kept = sorted(MeasureTotal.objects.filter(n__gt=0).values_list(*columns))
    with as_known(changed.programme, TODAY):
        viewed = sorted(MeasureTotal.objects.values_list(*columns))
        asof.prepare()
        again = sorted(MeasureTotal.objects.values_list(*columns))

    assert viewed == kept == again


def test_afterwards_everything_is_as_it_was(changed: Golden) -> None:
    before = selectors.fresh_figures(changed.programme, date(2024, 8, 31))
    with as_known(changed.programme, WRITTEN):
        Measure.objects.count()
    assert asof.past() is None
    assert selectors.fresh_figures(changed.programme, date(2024, 8, 31)) == before
    assert Measure.objects.get(code="E2").name_fi == "Tänään muutettu"


@pytest.fixture
def pmo(changed: Golden) -> Client:
    return sign_in(changed.programme)


PAGES = (
    ("", "−396,000.00"),
    ("measures/", "−180,000.00"),
    ("measures/E1/", "−192,000.00"),
    ("savings/", "−348,000.00"),
    ("themes/x/", "−288,000.00"),
)


def test_pages_show_the_day_say_so_and_offer_no_change(changed: Golden, pmo: Client) -> None:
    for path, amount in PAGES:
        page = pmo.get(f"/en/p/esimerkki/{path}?unit=eur&day={WRITTEN}")
        html = page.content.decode()

        assert page.status_code == 200, path
        assert amount in text_of(page.content), path
        assert f'data-known-on="{WRITTEN}"' in html, path
        assert "back to today" in html, path
        main = html.partition("<main")[2].partition("</main>")[0]
        for control in (
            "/edit/",
            "/add/",
            "/bulk/",
            "/withdraw/",
            "/months/",
            "/target/",
            "/lines/",
            'method="post"',
        ):
            assert control not in main, (path, control)


def test_links_behind_the_figures_keep_the_day(changed: Golden, pmo: Client) -> None:
    html = pmo.get(f"/en/p/esimerkki/?day={WRITTEN}").content.decode()

    assert f"&amp;day={WRITTEN}" in html
    assert f'/en/p/esimerkki/savings/?day={WRITTEN}"' in html
    assert f"/en/p/esimerkki/themes/x/?day={WRITTEN}" in html


def test_parts_of_a_card_are_of_the_day_too(changed: Golden, pmo: Client) -> None:
    html = pmo.get(f"/en/p/esimerkki/measures/E1/?day={WRITTEN}").content.decode()
    parts = re.findall(r'hx-get="([^"]+/more/[^"]+)"', html)

    assert parts
    for part in parts:
        address = part.replace("&amp;", "&")
        assert f"day={WRITTEN}" in address
        answer = pmo.get(address)
        assert answer.status_code == 200, part
        assert "<form" not in answer.content.decode().partition("<main")[2].partition("known-day")[0], part


def test_the_export_of_a_day_holds_that_day(changed: Golden, pmo: Client) -> None:
    answer = pmo.get(f"/en/p/esimerkki/measures/?format=csv&day={WRITTEN}")

    assert "-180000,00" in answer.content.decode()
    assert f"-{WRITTEN}.csv" in answer["Content-Disposition"]


def test_days_without_a_record_are_told(changed: Golden, pmo: Client) -> None:
    assert record_starts(changed.programme) == WRITTEN
    for asked in (WRITTEN - timedelta(days=1), TODAY + timedelta(days=1), "gestern"):
        page = pmo.get(f"/en/p/esimerkki/savings/?day={asked}")
        assert page.status_code == 404
        assert "record starts on" in text_of(page.content)
    assert "data-known-on" not in pmo.get(f"/p/esimerkki/savings/?day={TODAY}").content.decode()


def test_the_summary_of_a_day(changed: Golden) -> None:
    county = County(changed.programme, None, None, changed.sector, None)  # type: ignore[arg-type]
    api = Api(person(county, "controller"))

    then = api.get(f"programmes/esimerkki/summary/?as_of={WRITTEN}").json()

    assert then["level_change"]["plan_eur"] == "-252000.00"
    assert then["cumulative"]["confirmed_eur"] == "-103000.00"
    assert then["final_year"] == 2025
    refused = api.get(f"programmes/esimerkki/summary/?as_of={WRITTEN - timedelta(days=1)}")
    assert refused.status_code == 400
