"""In a real browser: hostile texts do not run, a session that ended asks for the password and nothing is lost.

Every browser test also fails on any report of the content security policy (tests/conftest.py).
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.urls import get_resolver
from playwright.sync_api import expect

from core.jobs import run_job
from programme.models import Theme
from tests.browser.axe import faults_at
from tests.factories.accounts import make_member, make_programme
from tests.factories.core import make_job
from tests.factories.hostile import PAYLOADS, spoil
from tests.factories.places import Place, furnish
from tests.integration.accounts.every_url import address, addresses
from tests.integration.accounts.test_every_url import GUARDS
from tests.policy import VIOLATIONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PASSWORD = "a password of hers"
DIALOG = "dialog[open]"


@pytest.fixture(autouse=True)
def _forget_tries() -> None:
    cache.clear()


@pytest.fixture
def open_as(context: Any, live_server: Any) -> Callable[[Any], Any]:
    """A tab of somebody who is signed in."""

    def open_tab(person: Any) -> Any:
        from django.test import Client

        client = Client()
        client.force_login(person)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return context.new_page()

    return open_tab


# ---------------------------------------------------------------------------- hostile texts
#: Opened with every text hostile: lists, cards, forms, history, charts, the big room.
HOSTILE_PAGES = (
    "reporting:home", "reporting:dashboard", "reporting:theme_detail", "reporting:bigroom_detail",
    "measures:measure_list", "measures:measure_detail", "measures:savings_matrix", "measures:measure_edit",
    "programme:programme_facts", "programme:goal_list", "programme:project_detail", "programme:governance",
    "programme:theme_edit", "programme:project_edit", "kpis:indicator_detail", "risks:risk_list",
    "strategy:objective_list", "reporting:history",
)  # fmt: skip


@pytest.mark.parametrize("turn", range(2))
def test_hostile_texts_do_not_run(open_as: Callable[[Any], Any], turn: int) -> None:
    place: Place = furnish("own")
    assert list(spoil(turn))
    run_job(
        make_job(kind="status_view", key="2024-02", params={"month": "2024-02"}, programme=place.programme).pk
    )
    page = open_as(place.people["admin"])
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.expose_function("zqx", lambda number=None: ran.append(f"payload {number}"))
    shown = 0
    patterns = dict(addresses(get_resolver().url_patterns))
    for name in HOSTILE_PAGES:
        answer = page.goto(address(name, patterns[name], GUARDS[name], place.own))
        assert answer.status < 500, name
        for region in page.locator("summary").all()[:3]:
            region.dispatch_event("click")
        shown += "zqx" in page.content()

    assert ran == []
    assert shown >= 12
    assert len(PAYLOADS) == 40


def test_the_watch_would_see_a_payload_that_runs(open_as: Callable[[Any], Any]) -> None:
    """The watch itself is tried: an inline handler put into a page is refused by the browser, and told."""
    page = open_as(make_member(make_programme("own"), "pmo"))
    page.goto("/p/own/about/")
    page.evaluate(
        """async () => {
            const refused = new Promise((told) => addEventListener("securitypolicyviolation", told));
            document.querySelector("main").innerHTML = "<img src=x onerror=alert(1)>";
            await refused;
            await window.policyViolated("told after it"); // what is told is heard in its order
        }"""
    )

    assert [told for told in VIOLATIONS if "script-src-attr" in told]
    VIOLATIONS.clear()


# ---------------------------------------------------------------------------- a session that ended
@pytest.fixture
def theme() -> Theme:
    return Theme.objects.create(programme=make_programme("own"), key="digi", number=1, name_fi="Digi")


def member(theme: Theme) -> Any:
    person = make_member(theme.programme, "pmo")
    person.set_password(PASSWORD)
    person.save()
    return person


def end_session(page: Any) -> None:
    """The session row goes, as when it was too old."""
    (cookie,) = [found for found in page.context.cookies() if found["name"] == settings.SESSION_COOKIE_NAME]
    SessionStore(cookie["value"]).delete()


def test_a_form_sent_after_the_session_ended_is_shown_again(
    open_as: Callable[[Any], Any], theme: Theme
) -> None:
    person = member(theme)
    page = open_as(person)
    page.goto(f"/p/own/settings/themes/{theme.pk}/")
    page.fill("[name=name_fi]", "Digitaalinen arki")
    end_session(page)
    page.locator("#row-form [type=submit]").press("Enter")
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", person.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**/p/own/settings/themes/{theme.pk}/")
    expect(page.locator("[name=name_fi]")).to_have_value("Digitaalinen arki")
    page.locator("#row-form [type=submit]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith(f"/{theme.pk}/"))

    theme.refresh_from_db()
    assert theme.name_fi == "Digitaalinen arki"


def put_part(page: Any) -> None:
    """A form that htmx sends, as pages have them: it posts the language one reads."""
    page.evaluate(
        """() => {
            const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const form = document.createElement("form");
            form.id = "part";
            form.setAttribute("hx-post", "/accounts/language/");
            form.setAttribute("hx-swap", "none");
            form.innerHTML = `<input type="hidden" name="csrfmiddlewaretoken" value="${token}">
                <label>x <input name="language" value="fi" id="typed"></label><button>send</button>`;
            document.querySelector("main").append(form);
            htmx.process(form);
        }"""
    )


def test_the_dialog_asks_by_keyboard_and_repeats_what_was_refused(
    open_as: Callable[[Any], Any], theme: Theme
) -> None:
    person = member(theme)
    page = open_as(person)
    page.goto("/p/own/about/")
    put_part(page)
    page.fill("#typed", "sv")
    end_session(page)
    old = page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value")
    page.press("#typed", "Enter")
    expect(page.locator(f"{DIALOG} [type=password]")).to_be_focused()
    expect(page.locator(f"{DIALOG} [name=login]")).to_have_value(person.username)
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{DIALOG} .field__error")
    expect(page.locator(f"{DIALOG} [type=password]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    with page.expect_response(
        lambda answer: answer.url.endswith("/accounts/language/") and answer.status != 401
    ):
        page.keyboard.press("Enter")
    page.wait_for_selector("dialog", state="detached")

    expect(page.locator("#typed")).to_be_focused()
    expect(page.locator("#typed")).to_have_value("sv")  # nothing typed is lost
    person.refresh_from_db()
    assert person.language == "sv", "what was refused was done after all"
    tokens = page.evaluate("[...document.querySelectorAll('[name=csrfmiddlewaretoken]')].map((e) => e.value)")
    assert len(set(tokens)) == 1 and tokens[0] != old
    assert page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']") == tokens[0]


def test_saying_not_now_leaves_everything_where_it_was(open_as: Callable[[Any], Any], theme: Theme) -> None:
    page = open_as(member(theme))
    page.goto("/p/own/about/")
    put_part(page)
    page.fill("#typed", "sv")
    end_session(page)
    page.press("#typed", "Enter")
    expect(page.locator(f"{DIALOG} [type=password]")).to_be_focused()
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")

    expect(page.locator("#typed")).to_be_focused()
    expect(page.locator("#typed")).to_have_value("sv")
    expect(page.locator("#notice")).not_to_be_empty()


def test_a_script_that_fetches_repeats_too(open_as: Callable[[Any], Any], theme: Theme) -> None:
    page = open_as(member(theme))
    page.goto("/p/own/about/")
    end_session(page)
    page.evaluate(
        """async () => {
            const portal = document.querySelector("script[src*='portal']").src;
            const { fetchSignedIn } = await import(portal.replace("portal", "signin"));
            window.answered = fetchSignedIn("/accounts/language/", {
                method: "POST", body: new URLSearchParams({ language: "fi", next: "/p/own/about/" }),
            }).then((answer) => `${answer.status} ${new URL(answer.url).pathname}`);
        }"""
    )
    expect(page.locator(f"{DIALOG} [type=password]")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    assert page.evaluate("window.answered") == "200 /p/own/about/"


def test_the_dialog_has_no_accessibility_fault(open_as: Callable[[Any], Any], theme: Theme) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_as(member(theme))
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/p/own/about/")
        put_part(page)
        end_session(page)
        page.press("#typed", "Enter")
        expect(page.locator(f"{DIALOG} [type=password]")).to_be_focused()
        found = Axe().run(page, context=DIALOG).response["violations"]
        assert [fault["id"] for fault in found] == []
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog", state="detached")


# ---------------------------------------------------------------------------- pages of this area
@pytest.mark.parametrize("path", ["/accessibility/", "/sv/accessibility/", "/accounts/login/"])
def test_pages_for_everybody_are_accessible_at_three_widths(context: Any, path: str) -> None:
    page = context.new_page()
    page.goto(path)

    assert faults_at(page, (1440, 390, 320)) == []
