"""Twelve tasks of every day by keyboard alone: Tab, arrows, Enter, Space, Escape, typing; the focus is never lost."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from core.models import SavedView
from measures.models import Measure, SavingsEntry
from programme.models import PlanPart, Project, ProjectPlanPart, RoleGrant, Target
from risks.models import Obstacle
from tests.browser.keyboard import Keyboard
from tests.factories.projects import make_project
from tests.golden import Golden, build_golden

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

HOME = "/en/p/esimerkki/"
PASSWORD = "kevat-aurinko-lampi-9"


@pytest.fixture
def golden() -> Golden:
    made = build_golden()
    project = make_project(made.programme, slug="asiointi", theme=made.themes["X"])
    PlanPart.objects.create(programme=made.programme, key="aikataulu", position=1, name_fi="aikataulu")
    Measure.objects.filter(code="E4").update(project=project)
    return made


@pytest.fixture
def paula(golden: Golden) -> User:
    """Somebody of the programme office."""
    person = User.objects.create_user(
        "paula", email="paula@example.org", first_name="Paula", last_name="Muutos", password=PASSWORD
    )
    RoleGrant.objects.create(programme=golden.programme, user=person, role="pmo")
    return person


@pytest.fixture
def anna(golden: Golden) -> User:
    """Somebody who could own a measure."""
    person = User.objects.create_user("anna", first_name="Anna", last_name="Omistaja")
    RoleGrant.objects.create(programme=golden.programme, user=person, role="measure")
    return person


@pytest.fixture
def keys(context: Any, live_server: Any, paula: User) -> Keyboard:
    """Paula's keyboard, signed in."""
    client = Client()
    client.force_login(paula)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    return Keyboard(context.new_page())


def open_at(keys: Keyboard, path: str) -> Any:
    """Opens a page and goes past its menus."""
    page = keys.page
    page.goto(f"{HOME}{path}")
    keys.skip()
    return page


def test_signing_in(page: Any, paula: User) -> None:
    keys = Keyboard(page)
    page.goto("/en/accounts/login/")
    keys.to("[name=login]")
    keys.type("paula")
    keys.to("[name=password]")
    keys.type(PASSWORD)
    keys.go()

    expect(page.locator(".site-header")).to_contain_text("Paula Muutos")
    paula.refresh_from_db()
    assert paula.last_login is not None


def test_finding_a_measure_and_opening_its_card(keys: Keyboard) -> None:
    page = open_at(keys, "measures/")
    keys.to("[name=q]")
    keys.type("E4")
    keys.go()
    keys.skip()
    keys.to("#measure-table tbody a[href$='/measures/E4/']")
    keys.go()

    expect(page.locator("h1")).to_contain_text("E4")


def test_editing_a_text_and_saving(keys: Keyboard) -> None:
    page = open_at(keys, "measures/E4/")
    keys.to("a[href$='/measures/E4/edit/']")
    keys.go()
    keys.skip()
    keys.to("[name=name_fi]")
    keys.type("Uusi nimi")
    keys.go()

    expect(page.locator("h1")).to_contain_text("Uusi nimi")
    assert Measure.objects.get(code="E4").name_fi == "Uusi nimi"


def test_a_refused_form_takes_the_focus_to_what_must_be_mended(keys: Keyboard) -> None:
    page = open_at(keys, "projects/asiointi/milestones/add/")
    keys.to("[name=name_fi]")
    keys.type("Pilotti")
    keys.go()

    expect(page.locator(".error-summary")).to_be_focused()
    assert keys.focus(".error-summary")["is"]
    keys.to(".error-summary a")
    keys.press("Enter")
    expect(page.locator("[name=baseline_on]")).to_be_focused()
    assert keys.focus("[name=baseline_on]")["is"]
    keys.type("1.10.2024")
    keys.go()
    assert Project.objects.get().milestones.get().name_fi == "Pilotti"
    expect(page.locator("[data-milestone=pilotti]")).to_be_visible()


def test_changing_the_owner_where_it_stands(keys: Keyboard, anna: User) -> None:
    page = open_at(keys, "measures/")
    keys.to("a.cell-edit[href$='/measures/E4/part/owner/']")
    keys.press("Enter")
    expect(page.locator(".cell-form select")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("a.cell-edit[href$='/measures/E4/part/owner/']")).to_be_focused()

    keys.press("Enter")
    expect(page.locator(".cell-form select")).to_be_focused()
    keys.choose("Anna")
    keys.to(".cell-form button")
    keys.press("Enter")

    expect(page.locator("a.cell-edit[href$='/measures/E4/part/owner/']")).to_be_focused()
    assert keys.focus(".cell-edit")["is"]
    expect(page.locator("#announce")).to_have_text("Saved.")
    assert Measure.objects.get(code="E4").owner == anna


def test_filling_months_in_the_grid(keys: Keyboard) -> None:
    page = open_at(keys, "measures/E4/months/?year=2025&unit=eur")
    keys.to(".months-table td input")
    first = page.evaluate("document.activeElement.name")
    keys.type("-1,234.56")
    keys.press("ArrowRight")
    keys.focus(".months-table td input")
    keys.type("-2000")
    keys.press("Enter")
    expect(page.locator("td[data-state=saved]")).to_have_count(2)
    expect(page.locator("[data-state-text]")).to_contain_text("Saved")

    saved = SavingsEntry.objects.filter(line__measure__code="E4", amount_eur_cents__in=[-123456, -200000])
    assert saved.count() == 2
    assert first


def test_giving_the_monthly_update(keys: Keyboard) -> None:
    page = open_at(keys, "measures/E1/")
    keys.to("a[href*='/update']")
    keys.go()
    keys.skip()
    keys.to("[name=amount]")
    keys.type("14500")
    keys.to("[name=obstacle]")
    keys.type("Rekrytointi ei onnistu")
    keys.go()

    claims = SavingsEntry.objects.filter(line__measure__code="E1", series="claimed", month="2024-08-01")
    assert sum(claims.values_list("amount_eur_cents", flat=True)) == -1_450_000

    assert Obstacle.objects.get(measure__code="E1").name == "Rekrytointi ei onnistu"
    expect(page.locator("#content")).to_be_visible()


def test_resolving_a_conflict(keys: Keyboard) -> None:
    page = open_at(keys, "measures/E4/edit/")
    keys.to("[name=name_fi]")
    keys.type("Minun nimi")
    Measure.objects.filter(code="E4").update(name_fi="Toisen nimi")
    keys.go()

    expect(page.locator(".conflict")).to_be_focused()
    assert keys.focus(".conflict")["is"]
    expect(page.locator("[data-conflict=name_fi]")).to_contain_text("Toisen nimi")
    keys.to("[name=take-name_fi]")
    keys.press("Space")
    keys.to("#row-form button[type=submit]")
    keys.go()

    assert Measure.objects.get(code="E4").name_fi == "Toisen nimi"


def test_saving_a_view(keys: Keyboard, paula: User) -> None:
    page = open_at(keys, "measures/?theme=x")
    keys.to(".menu--views summary")
    keys.press("Enter")
    keys.to("#saved-view-name")
    keys.type("Teema X")
    keys.go()

    view = SavedView.objects.get()
    assert (view.name, view.query, view.user) == ("Teema X", "theme=x", paula)
    expect(page.locator(".menu--views summary")).to_contain_text("Teema X")


def test_changing_a_target(keys: Keyboard, golden: Golden) -> None:
    row = Target.objects.filter(programme=golden.programme, value_eur_cents__isnull=False).order_by("pk")[0]
    page = open_at(keys, f"targets/{row.pk}/")
    keys.to("a[href$='/new/']")
    keys.go()
    keys.skip()
    keys.to("#row-form input[name*=value]")
    keys.type("-2.5")
    keys.to("[name=valid_from]")
    keys.type("1.9.2024")
    keys.to("[name=reason]")
    keys.type("Päätös syyskuussa")
    keys.to("#row-form button[type=submit]")
    keys.go()

    changed = Target.objects.get(programme=golden.programme, valid_from="2024-09-01")
    assert changed.value_eur_cents == -250_000_000
    expect(page.locator("#content")).to_contain_text("1.9.2024")


def test_writing_a_part_of_a_plan(keys: Keyboard) -> None:
    page = open_at(keys, "projects/asiointi/")
    keys.to("[data-part=aikataulu] a")
    keys.go()
    keys.skip()
    keys.to("[name=text_fi]")
    keys.type("Suunnittelu, pilotti, käyttöönotto")
    keys.to("#row-form button[type=submit]")
    keys.go()
    assert ProjectPlanPart.objects.get().text_fi == "Suunnittelu, pilotti, käyttöönotto"

    keys.skip()
    keys.to("[data-part=aikataulu] button")
    keys.go()

    assert ProjectPlanPart.objects.get().state == "accepted"
    expect(page.locator("[data-plan=accepted]")).to_be_visible()


def test_reading_history_and_bringing_a_version_back(keys: Keyboard) -> None:
    project = Project.objects.get()
    before = project.name_fi
    project.name_fi = "Väärä nimi"
    project.save()
    page = open_at(keys, "projects/asiointi/")
    keys.to(".history-link")
    keys.go()
    keys.skip()
    keys.to("a[href*='/restore/']")
    keys.go()
    keys.skip()
    keys.to("[name=reason]")
    keys.type("Nimi oli väärä")
    keys.to("main form button[type=submit]")
    keys.go()

    project.refresh_from_db()
    assert (project.name_fi, project.version) == (before, 3)
    expect(page.locator("#content")).to_be_visible()


def test_inviting_people(keys: Keyboard) -> None:
    page = open_at(keys, "people/invite/")
    keys.to("[name=people]")
    keys.type("Maija Meikäläinen; maija@example.org; controller")
    keys.to("main form button[type=submit]")
    keys.go()
    keys.skip()
    keys.to("form:has([name=confirm]) button")
    keys.go()

    grant = RoleGrant.objects.get(user__email="maija@example.org")
    assert grant.role == "controller"
    expect(page.locator("#content")).to_contain_text("Meikäläinen")
