"""The month grid in a real browser: keys, blocks, saving by itself, conflicts, drafts, narrow screens."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from measures.models import SavingsEntry, SavingsLine
from measures.services import close_month, record_entry
from tests.browser.axe import faults_at
from tests.factories.accounts import make_member
from tests.factories.loaded import client_of
from tests.factories.measures import (
    Ground,
    make_confirmation,
    make_entry,
    make_ground,
    make_line,
    make_measure,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]

PASSWORD = "salasana-on-pitka-7"
PATH = "/p/koe/measures/M-1/months/"


@pytest.fixture
def ground() -> Ground:
    return make_ground(status_date=date(2024, 3, 31))


@pytest.fixture
def line(ground: Ground) -> SavingsLine:
    return make_line(make_measure(ground), ground)


@pytest.fixture
def grid(context: Any, live_server: Any, ground: Ground, line: SavingsLine) -> Iterator[Any]:
    """The measure's grid, opened by the programme office."""
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []


def open_tab(
    context: Any, live_server: Any, ground: Ground, role: str = "pmo", client: Client | None = None
) -> Any:
    session = (client or client_of(ground.programme, role)).cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session.value, "url": live_server.url}]
    )
    return context.new_page()


def cell(page: Any, month: int, series: str = "plan") -> Any:
    return page.locator(f"input[name$='.{series}.2024-{month:02d}']")


def texts(page: Any, series: str = "plan") -> list[str]:
    values = page.locator(f"tr[data-row$='.{series}'] td input").evaluate_all(
        "all => all.map(one => one.value)"
    )
    return [value.replace("\u00a0", " ") for value in values]


def write(page: Any, month: int, text: str, series: str = "plan") -> None:
    cell(page, month, series).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def wait_saved(page: Any) -> None:
    expect(page.locator("[data-state-text]")).to_have_text(re.compile(r"^(Tallennettu|Sparat|Saved) \d"))
    expect(page.locator("td[data-state=saving]")).to_have_count(0)


def row_sum(page: Any, series: str = "plan") -> Any:
    return page.locator(f"tr[data-row$='.{series}'] .months-sum")


def wait_unsaved(page: Any) -> None:
    page.wait_for_selector("[data-held]:not([hidden])")


def is_draft(answer: Any) -> bool:
    return "/draft/" in answer.url


def put_back(page: Any) -> None:
    """What was held goes out of the cells and out of the server's drafts."""
    with page.expect_response(is_draft):
        page.locator("[data-do=back]").click()


def focused(page: Any) -> str:
    """Series and month of the cell that has the focus."""
    name = page.evaluate("document.activeElement.name || ''")
    return re.sub(r"^\d+\.", "", name)


def stored(line: SavingsLine, series: str = "plan") -> dict[int, int]:
    rows = SavingsEntry.objects.filter(line=line, series=series).values_list("month", "amount_eur_cents")
    return {month.month: cents for month, cents in rows}


def paste(page: Any, text: str) -> None:
    """What the browser does on Ctrl+V, without the machine's clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def copied(page: Any, kind: str = "copy") -> str:
    return page.evaluate(
        """kind => {
            const data = new DataTransfer();
            document.activeElement.dispatchEvent(
                new ClipboardEvent(kind, { clipboardData: data, bubbles: true, cancelable: true }));
            return data.getData("text/plain");
        }""",
        kind,
    )


# --- keys ----------------------------------------------------------------------------------------------------


def test_keys_move_about_as_in_a_spreadsheet(grid: Any) -> None:
    cell(grid, 1).focus()
    for key, where in [
        ("ArrowRight", "plan.2024-02"), ("ArrowDown", "forecast.2024-02"), ("ArrowLeft", "forecast.2024-01"),
        ("ArrowUp", "plan.2024-01"), ("End", "plan.2024-12"), ("Home", "plan.2024-01"),
        ("Control+ArrowRight", "plan.2024-12"), ("Control+ArrowDown", "claimed.2024-12"),
        ("Control+Home", "plan.2024-01"), ("Enter", "forecast.2024-01"), ("Shift+Enter", "plan.2024-01"),
        ("Tab", "plan.2024-02"), ("Shift+Tab", "plan.2024-01"), ("Control+End", "claimed.2024-12"),
    ]:  # fmt: skip
        grid.keyboard.press(key)
        assert focused(grid) == where, key


def test_tab_goes_on_to_the_next_row_and_leaves_after_escape(grid: Any) -> None:
    cell(grid, 12).focus()
    grid.keyboard.press("Tab")
    assert focused(grid) == "forecast.2024-01"
    grid.keyboard.press("Escape")
    grid.keyboard.press("Tab")
    assert focused(grid) == ""
    grid.keyboard.press("Shift+Tab")
    assert focused(grid) == "forecast.2024-01", "the table is one stop of the Tab key"


def test_typing_replaces_f2_edits_and_escape_brings_back(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "-100")
    wait_saved(grid)
    cell(grid, 1).focus()
    grid.keyboard.type("7")
    assert cell(grid, 1).input_value() == "7"
    grid.keyboard.press("Escape")
    assert cell(grid, 1).input_value() == "−100"
    grid.keyboard.press("F2")
    grid.keyboard.type("0")
    grid.keyboard.press("ArrowLeft")
    assert focused(grid) == "plan.2024-01", "in the text the arrow moves the caret"
    grid.keyboard.press("Enter")
    wait_saved(grid)
    assert stored(line) == {1: -100_000}


def test_arrows_end_what_was_typed(grid: Any, line: SavingsLine) -> None:
    cell(grid, 1).focus()
    grid.keyboard.type("-1")
    grid.keyboard.press("ArrowRight")
    grid.keyboard.type("-2")
    grid.keyboard.press("Tab")
    grid.keyboard.type("-3")
    grid.keyboard.press("ArrowDown")
    wait_saved(grid)
    expect(grid.locator("td[data-state=saved]")).to_have_count(3)
    assert stored(line) == {1: -100, 2: -200, 3: -300}
    expect(row_sum(grid)).to_have_text("−6")


def test_delete_makes_a_month_unknown(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "5")
    write(grid, 2, "6")
    wait_saved(grid)
    cell(grid, 1).focus()
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Delete")
    expect(row_sum(grid, "plan")).to_have_text("–")
    assert stored(line) == {}


# --- blocks --------------------------------------------------------------------------------------------------


def test_a_block_of_finnish_numbers_is_pasted_and_copied_out(grid: Any, line: SavingsLine) -> None:
    cell(grid, 3).focus()
    paste(grid, "−1 234,5\t1\u00a0000,00 €\t0,1 M€\r\n\t-2\u202f000\t3\r\n")
    wait_saved(grid)

    assert stored(line) == {3: -123_450, 4: 100_000, 5: 10_000_000}
    assert stored(line, "forecast") == {4: -200_000, 5: 300}
    assert texts(grid)[2:5] == ["−1 234,50", "1 000", "100 000"]
    assert copied(grid) == "-1234,50\t1000\t100000\r\n\t-2000\t3"


def test_nothing_of_a_block_with_a_refused_cell_is_stored_and_mending_it_saves_all(
    grid: Any, line: SavingsLine
) -> None:
    cell(grid, 1).focus()
    paste(grid, "1\t12e3\t3")
    wait_unsaved(grid)
    assert stored(line) == {}
    expect(grid.locator("[data-held-list]")).to_contain_text("2/2024")
    expect(grid.locator("tr.months-trouble")).to_have_count(1)
    expect(cell(grid, 2)).to_have_attribute("aria-invalid", "true")
    write(grid, 2, "12000")
    wait_saved(grid)
    assert stored(line) == {1: 100, 2: 1_200_000, 3: 300}
    expect(grid.locator("tr.months-trouble")).to_have_count(0)


def test_a_refused_block_can_be_put_back(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "5")
    wait_saved(grid)
    cell(grid, 1).focus()
    paste(grid, "1\tx\t3")
    wait_unsaved(grid)
    put_back(grid)
    assert texts(grid)[:3] == ["5", "", ""]
    grid.reload()
    assert texts(grid)[:3] == ["5", "", ""]
    assert stored(line) == {1: 500}


def test_a_block_larger_than_the_table_is_refused_whole(grid: Any) -> None:
    cell(grid, 12).focus()
    paste(grid, "1\t2")
    expect(grid.locator(".months-state.is-bad")).to_have_count(1)
    assert texts(grid) == [""] * 12


def test_one_value_fills_the_selection_and_cut_empties_it(grid: Any, line: SavingsLine) -> None:
    cell(grid, 1).focus()
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Shift+ArrowDown")
    expect(grid.locator("td[aria-selected=true]")).to_have_count(4)
    paste(grid, "-7")
    wait_saved(grid)
    assert (stored(line), stored(line, "forecast")) == ({1: -700, 2: -700}, {1: -700, 2: -700})
    assert copied(grid, "cut") == "-7\t-7\r\n-7\t-7"
    expect(row_sum(grid, "forecast")).to_have_text("–")
    assert stored(line) == {}


def test_filling_right_by_key_and_to_the_end_of_the_year(grid: Any, line: SavingsLine) -> None:
    write(grid, 2, "-5")
    cell(grid, 2).focus()
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Control+r")
    wait_saved(grid)
    assert texts(grid)[:6] == ["", "−5", "−5", "−5", "", ""]
    cell(grid, 4).focus()
    grid.keyboard.press("Escape")
    cell(grid, 9).focus()
    grid.keyboard.type("-9")
    grid.locator("[data-do=fill]").click()
    wait_saved(grid)
    assert texts(grid)[8:] == ["−9"] * 4


def test_the_last_value_is_copied_to_open_months_only(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine
) -> None:
    make_entry(line, date(2023, 12, 1), -3_00, "forecast")
    close_month(programme=ground.programme, month=date(2024, 1, 1), by=None, on=date(2024, 2, 20))
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    cell(page, 5, "forecast").focus()
    page.locator("[data-do=carry]").click()
    wait_saved(page)
    assert texts(page, "forecast") == ["", *["−3"] * 11]


def test_a_years_sum_is_spread_to_the_cent(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "-10")
    cell(grid, 10).focus()
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Shift+ArrowRight")
    grid.locator("[data-do=spread]").click()
    grid.keyboard.type("oops")
    grid.keyboard.press("Enter")
    grid.wait_for_selector("dialog [data-error]:not([hidden])")
    grid.keyboard.press("Control+a")
    grid.keyboard.type("-110")
    grid.keyboard.press("Enter")
    grid.wait_for_selector("dialog[open]", state="hidden")
    wait_saved(grid)
    assert stored(line) == {1: -1000, 10: -3334, 11: -3333, 12: -3333}
    assert focused(grid) == "plan.2024-10"
    expect(row_sum(grid)).to_have_text("−110")


def test_undo_and_redo_are_new_writes(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "5")
    cell(grid, 1).focus()
    paste(grid, "1\t2\t3")
    wait_saved(grid)
    grid.keyboard.press("Control+z")
    expect(row_sum(grid, "plan")).to_have_text("5")
    assert stored(line) == {1: 500}
    grid.keyboard.press("Control+z")
    expect(row_sum(grid, "plan")).to_have_text("–")
    grid.keyboard.press("Control+y")
    grid.keyboard.press("Control+y")
    expect(row_sum(grid, "plan")).to_have_text("6")
    assert stored(line) == {1: 100, 2: 200, 3: 300}
    expect(grid.locator("[data-do=redo]")).to_be_disabled()


# --- other people --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "cents"), [(0, -600), (1, -700), (2, -500)])
def test_mine_theirs_and_the_original_stand_side_by_side(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine, choice: int, cents: int
) -> None:
    make_entry(line, date(2024, 1, 1), -500)
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    record_entry(line=line, month=date(2024, 1, 1), series="plan", amount_eur_cents=-700, by=None)
    write(page, 1, "-6")
    wait_unsaved(page)
    sides = page.locator("tr.months-trouble button")
    expect(sides.locator("strong")).to_have_text(["-6", "−7", "−5"])
    sides.nth(choice).click()
    wait_saved(page)
    assert stored(line) == {1: cents}
    assert focused(page) == "plan.2024-01"


def test_a_change_of_another_cell_is_no_conflict(grid: Any, line: SavingsLine) -> None:
    record_entry(line=line, month=date(2024, 2, 1), series="plan", amount_eur_cents=-700, by=None)
    write(grid, 1, "-6")
    wait_saved(grid)
    assert stored(line) == {1: -600, 2: -700}
    expect(row_sum(grid)).to_have_text("−13")


def test_a_closed_month_asks_for_the_reason_once(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine
) -> None:
    for month in (1, 2):
        close_month(programme=ground.programme, month=date(2024, month, 1), by=None, on=date(2024, 3, 20))
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    cell(page, 1, "claimed").focus()
    paste(page, "-1\t-2\t-3")
    page.wait_for_selector("dialog[open]")
    page.keyboard.type("Lasku tuli myöhään")
    page.locator("dialog[open] button.button").first.click()
    wait_saved(page)
    assert stored(line, "claimed") == {1: -100, 2: -200, 3: -300}
    events = SavingsEntry.events.rel.related_model.objects.select_related("pgh_context")
    assert {event.pgh_context.metadata["reason"] for event in events} == {"Lasku tuli myöhään"}


def test_decided_claims_and_withdrawn_months_are_marked(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine
) -> None:
    make_confirmation(make_entry(line, date(2024, 1, 1), -500, "claimed"), -500)
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    expect(cell(page, 1, "claimed")).to_have_count(0)
    fixed = page.locator("tr[data-row$='.claimed'] td[data-fixed=decided]")
    expect(fixed).to_contain_text("−5")
    fixed.focus()
    paste(page, "9\t9")
    wait_unsaved(page)
    assert stored(line, "claimed") == {1: -500}


def test_a_reader_may_move_and_copy_but_not_write(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine
) -> None:
    make_entry(line, date(2024, 1, 1), -500)
    page = open_tab(context, live_server, ground, "steering")
    page.goto(PATH)
    expect(page.locator(".months input:not([type=hidden])")).to_have_count(0)
    page.locator("tr[data-row$='.plan'] td").first.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert copied(page) == "-5\t"
    expect(page.locator("[data-bar]")).to_have_count(0)


# --- nothing typed is lost -----------------------------------------------------------------------------------


def test_unsaved_cells_survive_a_reload(grid: Any, line: SavingsLine) -> None:
    cell(grid, 1).focus()
    paste(grid, "1\tx")
    wait_unsaved(grid)
    grid.reload()
    wait_unsaved(grid)
    assert texts(grid)[:2] == ["1", "x"]
    write(grid, 2, "2")
    wait_saved(grid)
    assert stored(line) == {1: 100, 2: 200}
    grid.reload()
    expect(grid.locator("[data-held]")).to_be_hidden()


def test_half_typed_text_is_kept_when_the_page_goes(grid: Any, line: SavingsLine) -> None:
    cell(grid, 1).focus()
    with grid.expect_response(lambda answer: is_draft(answer) and "-12" in answer.request.post_data):
        grid.keyboard.type("-12")
    grid.reload()
    wait_unsaved(grid)
    assert texts(grid)[0] == "-12"
    grid.locator("[data-do=again]").click()
    wait_saved(grid)
    assert stored(line) == {1: -1200}


def test_an_ended_session_keeps_what_was_typed(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine
) -> None:
    person = make_member(ground.programme, "pmo")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.force_login(person)
    page = open_tab(context, live_server, ground, client=client)
    page.goto(PATH)
    Session.objects.all().delete()
    cache.clear()
    write(page, 1, "-6")
    page.locator("dialog[open] [type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    wait_saved(page)
    assert stored(line) == {1: -600}
    write(page, 2, "-7")
    wait_saved(page)
    assert stored(line) == {1: -600, 2: -700}


def test_a_lost_connection_is_told_and_the_cell_saved_afterwards(
    context: Any, grid: Any, line: SavingsLine
) -> None:
    context.set_offline(True)
    write(grid, 1, "-6")
    grid.wait_for_selector(".months-state.is-bad")
    context.set_offline(False)
    grid.evaluate("dispatchEvent(new Event('online'))")
    wait_saved(grid)
    assert stored(line) == {1: -600}


def test_the_unit_switch_changes_no_amount(grid: Any, line: SavingsLine) -> None:
    write(grid, 1, "-123456,78")
    wait_saved(grid)
    for unit, shown in (("keur", "−123,45678"), ("meur", "−0,12345678"), ("eur", "−123 456,78")):
        grid.goto(f"{PATH}?unit={unit}")
        assert texts(grid)[0] == shown
    grid.goto(f"{PATH}?unit=keur")
    write(grid, 2, "-1,5")
    grid.locator(".months-switches a", has_text="M€").click()
    grid.wait_for_url(re.compile("unit=meur"))
    assert texts(grid)[1] == "−0,0015"
    assert stored(line) == {1: -12_345_678, 2: -150_000}


# --- without scripts, narrow, for everybody -------------------------------------------------------------------


def test_the_plain_form_saves(browser: Any, live_server: Any, ground: Ground, line: SavingsLine) -> None:
    context = browser.new_context(base_url=live_server.url, locale="fi-FI", java_script_enabled=False)
    page = open_tab(context, live_server, ground)
    page.goto(PATH)
    cell(page, 1).fill("−1 234,5")
    page.locator("button[value=save]").click()
    expect(cell(page, 1)).to_have_value(re.compile(r"^−1\s234,50$"))
    assert stored(line) == {1: -123_450}
    context.close()


@pytest.mark.parametrize("path", [PATH, "/p/koe/months/"])
def test_pages_are_accessible_and_never_scroll_sideways(
    context: Any, live_server: Any, ground: Ground, line: SavingsLine, path: str
) -> None:
    make_confirmation(make_entry(line, date(2024, 1, 1), -500, "claimed"), -500)
    make_entry(line, date(2024, 1, 1), -500, "plan_approved")
    close_month(programme=ground.programme, month=date(2024, 1, 1), by=None, on=date(2024, 2, 20))
    page = open_tab(context, live_server, ground)
    broken = []
    for width, prefix in ((390, ""), (1440, "/sv")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{prefix}{path}")
        cell(page, 5, "forecast").focus()
        paste(page, "1\tx")
        wait_unsaved(page)
        broken += faults_at(page, (1440, 390, 320))
        put_back(page)
    assert broken == []


def test_a_cell_says_its_line_series_and_month(grid: Any) -> None:
    found = grid.get_by_role("textbox", name="palvelujen-ostot, tespa Suunnitelma 3/2024")

    assert found.get_attribute("name").endswith(".plan.2024-03")
