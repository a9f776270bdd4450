"""What is typed is kept while it is typed; a session that ended asks for the password and goes on."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import expect

from core.models import Draft
from programme.models import Theme
from tests.factories.accounts import make_member
from tests.factories.loaded import KYMENLAAKSO, load

PASSWORD = "a password of theirs"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]


@pytest.fixture
def editing(context: Any, live_server: Any, client: Any) -> Any:
    """A tab with the form of a theme, and the person."""
    programme = load(KYMENLAAKSO)
    person = make_member(programme, "pmo")
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    theme = Theme.objects.filter(programme=programme).first()
    page.goto(f"/p/{KYMENLAAKSO}/settings/themes/{theme.pk}/")
    return page, person, theme


def test_a_draft_is_offered_when_the_form_is_opened_again(editing: Any) -> None:
    page, person, theme = editing
    page.fill("#id_slogan_fi", "Kesken jäänyt ajatus")
    expect(page.locator("[data-draft-state]")).not_to_be_empty()

    page.goto("/")
    page.goto(f"/p/{KYMENLAAKSO}/settings/themes/{theme.pk}/")

    expect(page.locator("#id_slogan_fi")).to_have_value("Kesken jäänyt ajatus")
    with page.expect_navigation():
        page.click("form#row-form button[type=submit]")
    theme.refresh_from_db()
    assert theme.slogan_fi == "Kesken jäänyt ajatus"
    assert not Draft.objects.filter(user=person).exists()


def test_an_ended_session_asks_for_the_password_and_keeps_the_draft(editing: Any) -> None:
    page, person, _theme = editing
    Session.objects.all().delete()
    cache.clear()

    page.fill("#id_slogan_fi", "Ei saa kadota")
    page.fill("dialog [type=password]", PASSWORD)
    page.press("dialog [type=password]", "Enter")

    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("[data-draft-state]")).not_to_be_empty()
    expect(page.locator("#id_slogan_fi")).to_have_value("Ei saa kadota")
    assert Draft.objects.get(user=person).values["slogan_fi"] == ["Ei saa kadota"]
