"""Pages of the books: months closed and opened, years locked, drivers, transfers, corrections (R3, R18 to R20)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from measures.models import (
    BaseTransfer,
    BooksClosed,
    Correction,
    CostDriver,
    LedgerEntry,
    SavingsEntry,
    YearLocked,
)
from measures.selectors import books_closed_through
from measures.selectors.books import book_years, place_rows, transfer_amounts
from measures.services import (
    SavingsError,
    TransferPart,
    close_month,
    lock_year,
    make_transfer,
    record_correction,
    record_entry,
    reopen_month,
    unlock_year,
)
from programme.models import Deviation
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

JAN, FEB, MARCH, DEC = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), date(2023, 12, 1)
BOOKS = "/en/p/koe/savings/books/"


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground(status_date=date(2024, 4, 30))


@pytest.fixture
def client(ground: Ground) -> Client:
    client = Client()
    client.force_login(make_member(ground.programme, "controller"))
    return client


def book(
    ground: Ground, month: date, cents: int, kind: str = "actual", place: int = 0, **more: Any
) -> LedgerEntry:
    return LedgerEntry.objects.create(
        programme=ground.programme, kind=kind, month=month, sector=ground.sectors[place],
        cost_type=ground.cost_types[1], amount_eur_cents=cents, booked_on=date(2024, 2, 15), **more,
    )  # fmt: skip


def states(ground: Ground) -> dict[str, str]:
    return {f"{row.month:%Y-%m}": row.state for year in book_years(ground.programme) for row in year.months}


def locked(ground: Ground) -> None:
    close_month(programme=ground.programme, month=DEC, by=None, on=date(2024, 1, 20))
    lock_year(programme=ground.programme, year=2023, by=None, on=date(2024, 3, 20))


def test_months_wait_close_and_open_again(ground: Ground, client: Client) -> None:
    book(ground, JAN, 100)
    make_entry(make_line(make_measure(ground), ground), JAN, -1, "claimed")
    assert client.post(f"{BOOKS}close/", {"month": "2024-01"}).status_code == 302
    client.post(f"{BOOKS}close/", {"month": "2024-02"})
    page = client.get(BOOKS).content.decode()
    assert "waits for the books" in page and "1 claim of the month is still undecided" in page
    assert states(ground)["2024-01"] == states(ground)["2024-02"] == "closed"
    assert (states(ground)["2024-03"], states(ground)["2023-12"]) == ("waiting", "closed")
    reopen = f"{BOOKS}2024/1/reopen/"
    assert client.post(reopen, {"reason": ""}).status_code == 422
    assert client.post(reopen, {"reason": "Lasku puuttui"}).status_code == 302
    # February's row stays, but counts as open until January is closed anew.
    assert books_closed_through(ground.programme) is None
    assert BooksClosed.objects.get(month=FEB).reopened_on is None
    assert (
        states(ground)["2024-01"] == "open" and 'data-state="waiting"' in client.get(BOOKS).content.decode()
    )
    client.post(f"{BOOKS}close/", {"month": "2024-01"})
    assert books_closed_through(ground.programme) == FEB


def test_closing_names_the_pairs_that_the_books_do_not_hold(ground: Ground, client: Client) -> None:
    for place in (0, 1):
        book(ground, JAN, 900_000_00, place=place)
    book(ground, FEB, 900_000_00)
    for month in (JAN, FEB):
        book(ground, month, 100_00, "original_budget", place=1)
    client.post(f"{BOOKS}close/", {"month": "2024-02"})
    page = client.get(BOOKS).content.decode()
    assert "No rows of the month are in the books yet, so these wait for them" in page
    found = Deviation.objects.values_list("params__sector", flat=True)
    assert list(found) == [ground.sectors[0].pk]  # what is awaited is no finding


def test_a_month_to_come_is_not_closed(ground: Ground, client: Client) -> None:
    client.post(f"{BOOKS}close/", {"month": "2024-05"})
    assert not BooksClosed.objects.exists() and "not over" in client.get(BOOKS).content.decode()


def test_a_locked_year_changes_no_more(ground: Ground, client: Client) -> None:
    line = make_line(make_measure(ground), ground)
    assert client.post(f"{BOOKS}2023/lock/", {"reason": "Kokous"}).status_code == 422
    close_month(programme=ground.programme, month=DEC, by=None, on=date(2024, 1, 20))
    assert client.post(f"{BOOKS}2023/lock/", {"reason": "Kokous"}).status_code == 302
    assert YearLocked.objects.get().note == "Kokous"
    for act in (
        lambda: reopen_month(programme=ground.programme, month=DEC, by=None, on=DEC, reason="x"),
        lambda: record_entry(
            line=line, month=DEC, series="claimed", amount_eur_cents=-1, by=None, reason="x"
        ),
    ):
        with pytest.raises(SavingsError) as refused:
            act()
        assert refused.value.code == "locked_year"
    unlock_year(programme=ground.programme, year=2023, by=None, reason="Erehdys")
    assert record_entry(line=line, month=DEC, series="claimed", amount_eur_cents=-1, by=None, reason="x")


def test_a_correction_of_a_locked_year_is_counted_in_the_open_one(ground: Ground, client: Client) -> None:
    measure = make_measure(ground)
    line = make_line(measure, ground)
    with pytest.raises(SavingsError) as refused:
        record_correction(
            line=line,
            effect_month=DEC,
            amount_eur_cents=-500,
            by=None,
            on=date(2024, 4, 30),
            reason="Hyvitys",
        )
    assert refused.value.code == "not_locked"
    locked(ground)
    close_month(programme=ground.programme, month=FEB, by=None, on=date(2024, 3, 20))
    url = f"/en/p/koe/measures/{measure.code}/corrections/add/"
    pmo = Client()
    pmo.force_login(make_member(ground.programme, "pmo"))
    said = {"line": line.pk, "effect_month": "12/2023", "amount_eur_cents": "-5.00", "reason": "Hyvitys"}
    shown = pmo.get(url).context["form"]
    assert (
        pmo.post(url, said | {"token": shown["token"].value(), "was": shown["was"].value()}).status_code
        == 302
    )
    correction = Correction.objects.get()
    assert (correction.booked_month, correction.effect_month) == (MARCH, DEC)
    assert correction.recorded_on == date(2024, 4, 30)
    booked = correction.booked_line
    assert (booked.permanence, booked.sector, booked.cost_type) == ("one_off", line.sector, line.cost_type)
    cells = (
        SavingsEntry.objects.filter(line=booked).order_by("series").values_list("series", "amount_eur_cents")
    )
    assert list(cells) == [("claimed", -500), ("forecast", -500)]
    record_correction(
        line=line, effect_month=DEC, amount_eur_cents=-100, by=None, on=date(2024, 4, 30), reason="Lisää"
    )
    assert SavingsEntry.objects.get(line=booked, series="claimed").amount_eur_cents == -600
    part = pmo.get(f"/en/p/koe/measures/{measure.code}/more/corrections/")
    assert "12/2023" in part.content.decode() and "3/2024" in part.content.decode()


def test_a_transfer_sums_to_zero_and_earlier_months_stay(ground: Ground, client: Client) -> None:
    parts = [
        TransferPart(ground.sectors[0], ground.cost_types[1], -100),
        TransferPart(ground.sectors[1], ground.cost_types[1], 90),
    ]
    with pytest.raises(SavingsError, match="0,10"):
        make_transfer(programme=ground.programme, name="Siirto", from_month=FEB, parts=parts, by=None)
    url = "/en/p/koe/savings/transfers/add/"
    said = {
        "name": "Siirto", "from_month": "2/2024", "sector1": ground.sectors[0].pk, "amount1": "-100",
        "cost_type1": ground.cost_types[1].pk, "sector2": ground.sectors[1].pk, "amount2": "99",
        "cost_type2": ground.cost_types[1].pk,
    }  # fmt: skip
    answer = client.post(url, said)
    assert answer.status_code == 422 and "sum to zero" in answer.content.decode()
    assert client.post(url, said | {"amount2": "100"}).status_code == 302
    place = (ground.sectors[0].pk, ground.cost_types[1].pk)
    assert transfer_amounts(ground.programme, JAN, JAN) == {}
    assert transfer_amounts(ground.programme, JAN, MARCH)[place] == -20_000
    book(ground, date(2023, 2, 1), 700_00, "original_budget")
    book(ground, date(2023, 2, 1), 999_00, "original_budget", is_internal=True)
    rows = {
        (row.sector.key, row.cost_type.key): row.cents["base"]
        for row in place_rows(ground.programme, FEB, FEB)
    }
    assert rows == {("tespa", "palvelujen-ostot"): 600_00, ("muut", "palvelujen-ostot"): 100_00}
    transfer = BaseTransfer.objects.get()
    assert "Siirto" in client.get("/en/p/koe/savings/transfers/").content.decode()
    client.post(f"/en/p/koe/savings/transfers/{transfer.pk}/remove/", {"reason": "Peruttu"})
    assert not BaseTransfer.objects.exists()


def test_a_driver_has_a_source_and_either_an_amount_or_a_rate(ground: Ground, client: Client) -> None:
    url = "/en/p/koe/savings/drivers/add/"
    said = {
        "kind": "wages", "sector": ground.sectors[0].pk, "cost_type": ground.cost_types[0].pk, "first_month": "1/2024",
        "rate_percent": "2,5", "source": "Sopimus",
    }  # fmt: skip
    for wrong in (
        {"source": ""},
        {"rate_percent": ""},
        {"monthly_eur_cents": "5"},
        {"last_month": "12/2023"},
    ):
        assert client.post(url, said | wrong).status_code == 422, wrong
    finnish = url.replace("/en/", "/")
    assert client.post(finnish, said).status_code == 302
    driver = CostDriver.objects.get()
    assert (driver.monthly_eur_cents, str(driver.rate_percent)) == (0, "2.500")
    assert "Sopimus" in client.get("/en/p/koe/savings/drivers/").content.decode()
    gone = f"/en/p/koe/savings/drivers/{driver.pk}/remove/"
    assert client.post(gone, {"reason": "Väärä", "version": driver.version + 1}).status_code == 409
    assert client.post(gone, {"reason": "Väärä", "version": driver.version}).status_code == 302


def test_each_figure_opens_its_rows(ground: Ground, client: Client) -> None:
    book(ground, JAN, 1_000_00)
    book(ground, JAN, 500, is_internal=True)
    page = client.get("/en/p/koe/savings/books/sectors/?first=1/2024&last=1/2024").context
    (row,) = page["rows"]
    actual = next(cell for cell in row["cells"] if cell["column"] == "actual")
    rows = client.get(actual["href"]).context
    assert (rows["page"].paginator.count, rows["total"]) == (1, 100_000) == (1, actual["cents"])


def test_the_controller_records_a_correction(ground: Ground, client: Client) -> None:
    measure = make_measure(ground)
    make_line(measure, ground)
    locked(ground)

    assert client.get(f"/en/p/koe/measures/{measure.code}/corrections/add/").status_code == 200
    assert client.get(f"/en/p/koe/measures/{measure.code}/edit/").status_code == 403
