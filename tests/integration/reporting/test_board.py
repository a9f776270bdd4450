"""The board of the dashboard, the county's colours and the style guide."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from core.colours import LIGHT, shades
from core.models import Setting
from measures.models import Measure
from programme.models import Milestone, Project, Theme
from reporting.services import build_status_view
from risks.models import Obstacle
from tests.golden import Golden
from tests.integration.reporting.test_pages import text_of

HOME = "/en/p/esimerkki/"


def part_of(page: bytes, key: str) -> str:
    """The text of one block of the page."""
    found = re.search(rf'<section[^>]*id="{key}".*?</section>', page.decode(), flags=re.DOTALL)
    assert found, key
    return text_of(found[0].encode())


@pytest.fixture
def board(golden: Golden, pmo: Client) -> Client:
    """An obstacle past its time, a late milestone of the theme."""
    day = golden.programme.today()
    Obstacle.objects.create(
        programme=golden.programme,
        name_en="The licence is missing",
        name_fi="Lupa puuttuu",
        measure=Measure.objects.get(programme=golden.programme, code="E1"),
        raised_on=day - timedelta(days=20),
        due_on=day - timedelta(days=2),
    )
    project = Project.objects.create(
        programme=golden.programme,
        slug="hanke",
        name_fi="Hanke",
        theme=Theme.objects.get(programme=golden.programme, key="x"),
    )
    Milestone.objects.create(
        programme=golden.programme,
        project=project,
        key="m",
        name_fi="Valmis",
        baseline_on=day - timedelta(days=1),
    )
    return pmo


def test_the_board_says_what_must_be_decided(board: Client) -> None:
    said = part_of(board.get(HOME).content, "decide")

    assert said.index("The licence is missing") < said.index("of the target has no measure")
    assert "past its time" in said
    assert "themes have no owner" in said


def test_the_board_compares_with_the_month_before_when_no_big_room_is_frozen(board: Client) -> None:
    said = part_of(board.get(HOME).content, "changes")

    assert "by the books and in 30 days" in said
    assert re.search(
        r"Confirmed −[\d.]+ M€ [\d.]+ M€ (more|less) saved than in 5/2024|the same as in 5/2024", said
    )


@pytest.mark.django_db(transaction=True)
def test_the_board_compares_with_the_big_room_before(golden: Golden) -> None:
    from tests.integration.reporting.conftest import sign_in

    class Quiet:
        def __call__(self, *_said: object) -> None:
            """Nobody reads it."""

        def still_mine(self) -> None:
            """Always."""

    build_status_view(programme_id=golden.programme.pk, month=date(2024, 7, 1), report=Quiet())
    said = part_of(sign_in(golden.programme).get(HOME).content, "changes")

    assert "since the big room 7/2024" in said
    assert "Forecast −0.40 M€ the same as in 7/2024" in said


def test_each_theme_has_its_lights_and_their_reasons(board: Client) -> None:
    page = board.get(HOME).content
    row = next(
        row for row in re.findall(r"<tr.*?</tr>", page.decode(), flags=re.DOTALL) if "themes/x/" in row
    )
    said = text_of(row.encode())

    assert "% of plan" in said
    assert "at risk 1 late" in said
    assert "at risk 1 open" in said


def test_the_thresholds_are_told_and_a_programme_may_set_its_own(board: Client, golden: Golden) -> None:
    assert "good from 95 %, at risk below 80 %" in text_of(board.get(HOME).content)
    Setting.objects.create(
        scope="esimerkki", key="lights.watch_from", value="0.5", valid_from=date(2024, 1, 1), reason="x"
    )

    assert "good from 95 %, at risk below 50 %" in text_of(board.get(HOME).content)


# --- the county's colours ---------------------------------------------------------------------------------


@pytest.fixture
def plum(golden: Golden, django_capture_on_commit_callbacks) -> str:
    """A programme with a colour of its own."""
    with django_capture_on_commit_callbacks(execute=True):
        Setting.objects.create(
            scope="esimerkki", key="look.accent", value="#7a1f5c", valid_from=timezone.localdate(), reason="x"
        )
    yield "#7a1f5c"
    cache.clear()


def sheet_of(page: bytes) -> str:
    found = re.search(r'<link rel="stylesheet" href="([^"]*theme\.css[^"]*)"', page.decode())
    return found[1] if found else ""


def test_without_a_colour_of_its_own_a_programme_has_no_sheet(pmo: Client) -> None:
    assert sheet_of(pmo.get("/p/esimerkki/").content) == ""
    assert "--accent:#0f4c5c" in pmo.get("/p/esimerkki/theme.css").content.decode()


def test_a_colour_shows_on_the_next_page_and_its_sheet_is_kept_for_good(pmo: Client, plum: str) -> None:
    sheet = sheet_of(pmo.get("/p/esimerkki/").content)
    answer = pmo.get(sheet)

    assert re.fullmatch(r"/p/esimerkki/theme\.css\?v=[0-9a-f]{10}", sheet)
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert f"--accent:{plum};" in answer.content.decode()
    assert f"--accent-4:{shades(plum, LIGHT)['accent-4']};" in answer.content.decode()


def test_a_sheet_of_another_version_is_asked_for_again(pmo: Client, plum: str) -> None:
    assert "immutable" not in pmo.get("/p/esimerkki/theme.css?v=0000000000")["Cache-Control"]


def test_a_foreign_sheet_is_not_found(pmo: Client) -> None:
    from tests.golden import build_golden

    build_golden("naapuri")
    assert pmo.get("/p/naapuri/theme.css").status_code == 404


# --- the style guide ----------------------------------------------------------------------------------------


def test_the_style_guide_is_there_in_demo_mode_only(client: Client, db: None) -> None:
    with override_settings(DEMO=False):
        assert client.get("/styleguide/").status_code == 404
    with override_settings(DEMO=True):
        answer = client.get("/en/styleguide/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "style=" not in page
    for part in (
        "status--bad",
        "error-summary",
        "conflict__side",
        "language-group",
        "bulk-bar",
        "dialog",
        "chart-svg",
    ):
        assert part in page, part
