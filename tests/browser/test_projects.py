"""Projects in a real browser: facts edited in place, a plan written, milestones; all of it without scripts too."""

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from core.models import Draft
from programme.models import Project, ProjectPlanPart
from tests.browser.waiting import wait_settled
from tests.factories.loaded import client_of
from tests.factories.projects import PARTS, make_milestone, make_planning, make_project, write_part

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

CARD = "/en/p/ohjelma/projects/sahkoinen-asiointi/"


@pytest.fixture
def project() -> Project:
    return make_project(make_planning())


def sign_in(context: Any, live_server: Any, project: Project, role: str = "pmo") -> Any:
    value = client_of(project.programme, role).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return context.new_page()


def test_a_fact_is_changed_in_place_and_said_aloud(context: Any, live_server: Any, project: Project) -> None:
    page = sign_in(context, live_server, project)
    page.goto(CARD)
    state = page.locator("#project-state")

    state.locator(".cell-edit").click()
    expect(state.locator("select[name=state]")).to_be_focused()
    state.locator("select[name=state]").select_option("running")
    state.get_by_role("button", name="Save").click()

    expect(state.locator(".cell-edit")).to_be_focused()
    expect(state).to_contain_text("Under way")
    expect(page.locator("#announce")).to_have_text("Saved.")
    assert Project.objects.get().state == "running"


def test_two_people_in_one_fact_both_see_what_happened(
    context: Any, live_server: Any, project: Project
) -> None:
    page = sign_in(context, live_server, project)
    page.goto(CARD)
    state = page.locator("#project-state")
    state.locator(".cell-edit").click()
    expect(state.locator("select[name=state]")).to_be_focused()
    state.locator("select[name=state]").select_option("running")
    Project.objects.update(state="done")

    state.get_by_role("button", name="Save").click()

    expect(state.locator("[data-conflict=state]")).to_contain_text("done")
    wait_settled(page)
    assert Project.objects.get().state == "done"
    state.get_by_role("button", name="Save").click()
    expect(state.locator(".cell-edit")).to_be_visible()  # the form had the word among its choices
    expect(state).to_contain_text("Under way")
    assert Project.objects.get().state == "running"


def test_a_plan_is_written_kept_as_a_draft_and_accepted(
    context: Any, live_server: Any, project: Project
) -> None:
    for key in PARTS[1:]:
        write_part(project, key)
    page = sign_in(context, live_server, project)
    page.goto(CARD)
    expect(page.locator("[data-plan]")).to_contain_text(f"missing: {PARTS[0]}")

    page.locator(f"[data-part={PARTS[0]}] .plan__acts a").click()
    page.locator("#id_text_fi").fill("Lyhyemmät jonot")
    expect(page.locator("[data-draft-state]")).to_contain_text("kept")
    assert Draft.objects.get().values["text_fi"] == ["Lyhyemmät jonot"]
    page.reload()
    expect(page.locator("#id_text_fi")).to_have_value("Lyhyemmät jonot")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Accept the plan").click()

    expect(page.locator("[data-plan=accepted]")).to_be_visible()
    assert Draft.objects.count() == 0
    assert ProjectPlanPart.objects.exclude(accepted_on=None).count() == 6


def test_everything_works_without_scripts(browser: Any, live_server: Any, project: Project) -> None:
    milestone = make_milestone(project)
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fi-FI")
    page = sign_in(plain, live_server, project)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(CARD)
    page.locator("#project-dates .cell-edit").click()
    page.locator("#id_starts_on").fill("1.2.2024")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#project-dates")).to_contain_text("1.2.2024")

    page.locator("[data-milestone=kayttoonotto] button").click()

    expect(page.locator("[data-milestone=kayttoonotto]")).to_have_attribute("data-standing", "done_late")
    milestone.refresh_from_db()
    assert milestone.is_done
    plain.close()
