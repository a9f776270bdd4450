"""The dashboard, the big room and the measure pages in a browser: accessible, no overflow, panels and progress."""

from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import User
from core.jobs import run_job
from core.models import Job
from measures.models import Measure
from programme.models import Programme, RoleGrant
from reporting.models import StatusView
from tests.browser.axe import faults_at
from tests.browser.waiting import wait_settled
from tests.golden import build_golden

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = [
    "",
    "savings/",
    "measures/",
    "measures/E3/",
    "themes/x/",
    "coverage/",
    "bigroom/",
    "bigroom/2024-08/",
]
WIDTHS = (320, 390, 1440)


@pytest.fixture
def programme(transactional_db: None) -> Programme:
    golden = build_golden()
    Measure.objects.filter(code="E1").update(is_illustrative=True)
    return golden.programme


@pytest.fixture
def signed_in(context: Any, client: Any, programme: Programme, live_server: Any) -> Any:
    """A tab of somebody of the programme office."""
    user = User.objects.create_user("paula", first_name="Paula", last_name="Muutos")
    RoleGrant.objects.create(programme=programme, user=user, role="pmo")
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def freeze(programme: Programme) -> None:
    from datetime import date

    from reporting.services import build_status_view

    class Quiet:
        def __call__(self, *_said: Any) -> None:
            """Nobody reads it."""

        def still_mine(self) -> None:
            """Always."""

    build_status_view(programme_id=programme.pk, month=date(2024, 8, 1), report=Quiet())


def test_pages_are_accessible_and_fit_every_width(signed_in: Any, programme: Programme) -> None:
    freeze(programme)
    errors: list[str] = []
    signed_in.on("pageerror", lambda error: errors.append(str(error)))
    signed_in.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    problems = []
    for path in PATHS:
        signed_in.goto(f"/p/esimerkki/{path}")
        wait_settled(signed_in)
        problems += [f"{path} {fault}" for fault in faults_at(signed_in, WIDTHS)]

    assert problems == []
    assert errors == []


def test_panels_come_after_the_page(signed_in: Any) -> None:
    signed_in.goto("/p/esimerkki/")

    signed_in.locator("#curve svg:visible").first.wait_for()
    signed_in.locator("#bridge svg:visible").first.wait_for()
    signed_in.locator("#stages").wait_for()
    expect(signed_in.locator(".panel--waiting")).to_have_count(0)


def test_without_scripts_every_panel_is_a_link(browser: Any, signed_in: Any, live_server: Any) -> None:
    state = signed_in.context.storage_state()
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    page = plain.new_page()
    page.goto("/p/esimerkki/")

    links = page.locator(".panel--waiting a")
    expect(links).to_have_count(7)
    links.first.click()
    expect(page.locator("#curve svg").first).to_be_attached()
    expect(page.locator("h1")).to_have_count(1)
    plain.close()


def test_the_button_builds_and_the_page_follows(signed_in: Any) -> None:
    signed_in.goto("/p/esimerkki/bigroom/")
    signed_in.locator("tr", has_text="8/2024").locator("button").click()
    signed_in.locator("#progress progress").wait_for()

    run_job(Job.objects.get().pk)

    signed_in.wait_for_url("**/bigroom/2024-08/")
    assert StatusView.objects.get().sha256 in signed_in.content()
