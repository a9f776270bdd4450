"""Goals against sectors, and a client segment across sectors: where something exists, and where nothing does."""

from datetime import date

import pytest
from django.test import Client

from measures.models import MeasureSegment
from measures.selectors import savings_figures
from programme.models import Goal, Segment
from reporting.coverage import coverage_of, segment_across
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """M-1 in the first sector with a plan of -900 and a forecast of -400 euros in 2025; M-2 in both; no other."""
    ground = make_ground(status_date=date(2024, 4, 15))
    first = make_line(make_measure(ground, "M-1"), ground)
    make_entry(first, date(2025, 3, 1), -90_000)
    make_entry(first, date(2025, 3, 1), -40_000, "forecast")
    second = make_measure(ground, "M-2")
    for sector in ground.sectors:
        make_line(second, ground, sector=sector)
    Goal.objects.create(
        programme=ground.programme, theme=ground.goals[1].theme, parent=ground.goals[1], key="g2-1", number=1,
        name_fi="Alatavoite",
    )  # fmt: skip
    return ground


def test_each_place_has_its_count_money_and_light_and_empty_ones_stand_out(ground: Ground) -> None:
    found = coverage_of(ground.programme)

    assert [row.goal.key for row in found.rows] == ["g1", "g2-1"]
    first, second = found.rows[0].cells
    assert (first.measures, first.plan, first.forecast, first.light) == (2, -90_000, -40_000, "red")
    assert (second.measures, second.plan, second.light) == (1, None, "no_data")
    assert (found.empty, found.combinations) == (2, 4)
    assert [goal.key for goal in found.goals_without] == ["g2-1"]
    whole = savings_figures(ground.programme).by_goal[ground.goals[0].pk].level_change
    assert (whole.plan, whole.forecast) == (first.plan, first.forecast)


def test_the_page_says_nothing_where_nothing_is_and_leads_to_the_measures(ground: Ground) -> None:
    client = Client()
    client.force_login(make_member(ground.programme))

    page = client.get("/en/p/koe/coverage/").content.decode()

    assert page.count('class="is-none"') == 2 and page.count(">nothing<") == 2
    assert 'data-without="g2-1"' in page and 'data-light="red"' in page
    link = "/en/p/koe/measures/?goal=g1&amp;sector=muut"
    assert link in page
    listed = client.get(link.replace("&amp;", "&")).content.decode()
    assert "M-2" in listed and "/M-1/" not in listed


def test_a_segment_manager_sees_and_edits_own_measures_in_several_sectors(ground: Ground) -> None:
    segment = Segment.objects.create(
        programme=ground.programme, key="ikaihmiset", position=1, name_fi="Ikäihmiset"
    )
    measure = ground.goals[0].measures.get(code="M-2")
    MeasureSegment.objects.create(programme=ground.programme, measure=measure, segment=segment)
    client = Client()
    client.force_login(make_member(ground.programme, "segment", segment=segment))

    across = segment_across(segment)
    assert [(one.sector.key, [row.code for row in one.measures]) for one in across] == [
        ("tespa", ["M-2"]),
        ("muut", ["M-2"]),
    ]
    page = client.get("/p/koe/segments/ikaihmiset/").content.decode()
    assert 'data-sector="tespa"' in page and 'data-sector="muut"' in page
    assert client.get("/p/koe/measures/M-2/edit/").status_code == 200
    assert client.get("/p/koe/measures/M-1/edit/").status_code == 403
