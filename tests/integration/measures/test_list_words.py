"""Words of the list of measures and their targets: an open end, marked examples, the day that is proposed."""

from datetime import date

import pytest
from django.test import Client

from measures.list_rows import _dates
from measures.models import Measure
from tests.factories.accounts import make_member
from tests.factories.measures import make_ground, make_measure

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [
        (date(2024, 4, 1), None, "1.4.2024–"),
        (None, date(2024, 5, 31), "–31.5.2024"),
        (date(2024, 4, 1), date(2024, 5, 31), "1.4.2024–31.5.2024"),
        (None, None, "–"),
    ],
)
def test_an_open_end_is_left_open(starts: date | None, ends: date | None, shown: str) -> None:
    text = str(_dates(Measure(starts_on=starts, ends_on=ends), None))  # type: ignore[arg-type]
    assert text.replace("<wbr>", "") == shown


def test_no_page_tells_its_own_count_of_examples_as_the_whole(client: Client) -> None:
    ground = make_ground()
    for at in range(60):
        make_measure(ground, code=f"E-{at:03}", is_illustrative=True)
    client.force_login(make_member(ground.programme))

    several = client.get(f"/en/p/{ground.programme.slug}/measures/").content.decode()
    one = client.get(f"/en/p/{ground.programme.slug}/measures/?q=E-001").content.decode()

    assert "50 measures are illustrative" not in several
    assert 'class="illustrative"' in several
    assert "1 measure is an illustrative example" in one


def test_a_target_is_proposed_from_the_day_of_the_programme(client: Client) -> None:
    ground = make_ground(status_date=date(2024, 3, 31))
    measure = make_measure(ground)
    client.force_login(make_member(ground.programme))

    page = client.get(f"/p/{ground.programme.slug}/measures/{measure.code}/target/")

    assert page.context["form"].initial["valid_from"] == date(2024, 3, 31)
