"""A gate by keyboard alone: the owner asks, who decides decides."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from measures.models import GateDecision, Measure
from tests.browser.keyboard import Keyboard
from tests.factories.gates import make_gated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
CARD = "/en/p/koe/measures/M-1/"


def keys_of(context: Any, live_server: Any, person: Any) -> Keyboard:
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.clear_cookies()
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return Keyboard(context.new_page())


def test_a_measure_passes_its_gate_by_keyboard(context: Any, live_server: Any) -> None:
    gated = make_gated()
    owner = keys_of(context, live_server, gated.owner)
    owner.page.goto(f"{live_server.url}{CARD}more/gate/")
    owner.to(f'a[href="{CARD}gate/ask/"]')
    owner.press("Enter")
    expect(owner.page).to_have_url(f"{live_server.url}{CARD}gate/ask/")
    owner.to("textarea[name=note]")
    owner.type("Ready to decide")
    owner.to("main form button[type=submit]")
    owner.press("Enter")
    expect(owner.page.locator("[data-asked]")).to_contain_text("Ready to decide")

    decider = keys_of(context, live_server, gated.steering)
    decider.page.goto(f"{live_server.url}/en/p/koe/gates/")
    decider.to(f'a[href="{CARD}gate/decide/"]')
    decider.press("Enter")
    expect(decider.page).to_have_url(f"{live_server.url}{CARD}gate/decide/")
    decider.to("input[name=answer]")
    decider.press("Space")
    decider.to("select[name=body]")
    decider.type("Joh")
    decider.to("input[name=section]")
    decider.type("§ 14")
    decider.to("main form button[type=submit]")
    decider.press("Enter")
    expect(decider.page.locator("[data-decision=approved]")).to_be_visible()

    assert Measure.objects.get().stage == "decided"
    assert GateDecision.objects.get().decision is not None
