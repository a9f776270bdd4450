"""Reconciliation on its pages: the golden figures, the rows behind them, books that are awaited, findings."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.charts import to_plotly, to_svg
from core.models import Setting
from measures.models import (
    BaseTransfer,
    BaseTransferRow,
    BudgetVersion,
    Confirmation,
    CostDriver,
    LedgerEntry,
    SavingsLine,
)
from measures.reconciliation import Place
from measures.selectors.reconciliation import books_of
from measures.selectors.reconciliation_rows import TERMS, rows_behind
from measures.services.findings import close_finding, findings_after_closing, open_findings
from programme.models import CostType, Deviation, RoleGrant
from tests.factories.accounts import make_person
from tests.factories.measures import make_confirmation, make_entry
from tests.golden import Golden, eur
from tests.integration.measures.test_known_days import move_history

JAN, JULY, AUGUST = date(2024, 1, 1), date(2024, 7, 1), date(2024, 8, 1)
PAGE = "/p/esimerkki/savings/reconciliation/"
FINDINGS = "/p/esimerkki/savings/findings/"
GOLDEN = {
    "base": 3_500_000, "transfers": 0, "drivers": 60_000, "in_base_shortfall": 22_000, "confirmed_new": -123_000,
    "expected": 3_459_000, "ledger": 3_463_000, "unexplained": 4_000,
}  # fmt: skip


@pytest.fixture
def client(golden: Golden) -> Client:
    person = make_person("kirjanpito")
    RoleGrant.objects.create(programme=golden.programme, user=person, role="controller")
    client = Client()
    client.force_login(person)
    return client


def place_of(golden: Golden, cost_type: str = "OST") -> Place:
    return Place(golden.sector.pk, golden.cost_types[cost_type].pk)


def cents_of(line: Any) -> dict[str, int | None]:
    return {cell["key"]: cell["cents"] for cell in line.cells}


def ledger(
    golden: Golden, cents: int, month: date = JULY, cost_type: str = "OST", **fields: Any
) -> LedgerEntry:
    values = {
        "programme": golden.programme, "kind": "actual", "month": month, "sector": golden.sector,
        "cost_type": golden.cost_types[cost_type], "amount_eur_cents": cents, "booked_on": date(2024, 8, 16),
    }  # fmt: skip
    return LedgerEntry.objects.create(**values | fields)


# --- figures --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_golden_reconciliation(golden: Golden, client: Client) -> None:
    answer = client.get(PAGE)

    (table,) = answer.context["tables"]
    lines = {line.name[1].key: line for line in table["lines"]}
    assert (answer.context["first"], answer.context["last"]) == (
        JAN,
        JULY,
    )  # the year to the last closed month
    assert cents_of(lines["ost"]) == {key: eur(amount) for key, amount in GOLDEN.items()}
    # The books know nothing of staff costs: awaited, not 0.
    assert (lines["hen"].row.ledger, lines["hen"].row.unexplained) == (None, None)
    assert table["total"].row.confirmed_new == eur(-103_000)


def test_one_place_draws_the_bridge_and_opens_each_term(golden: Golden, client: Client) -> None:
    url = f"{PAGE}{golden.sector.pk}/{golden.cost_types['OST'].pk}/"

    answer = client.get(f"{url}?first=2024-01&last=2024-07&show=confirmed_new&unit=eur")

    spec = answer.context["chart"]
    assert spec.series[0].y[-1] == eur(3_463_000 - 3_500_000)
    assert to_svg(spec, language="fi").startswith("<svg")
    assert to_plotly(spec, language="fi")["data"][0]["type"] == "bar"
    assert answer.context["behind_total"] == eur(-123_000)
    assert {one.name.split()[0] for one in answer.context["behind"]} == {"E1", "E2", "E3"}
    months = [cents_of(line) for _month, line in answer.context["months"]]
    assert [one["unexplained"] for one in months] == [
        months[at]["ledger"] - months[at]["expected"] for at in range(7)
    ]
    assert sum(one["unexplained"] for one in months) == eur(4_000)


def test_the_rows_behind_come_to_their_term(golden: Golden) -> None:
    transfer = BaseTransfer.objects.create(
        programme=golden.programme, name="Siirto", from_month=date(2024, 5, 1)
    )
    BaseTransferRow.objects.bulk_create(
        BaseTransferRow(
            programme=golden.programme, transfer=transfer, sector=golden.sector, monthly_eur_cents=eur(cents),
            cost_type=golden.cost_types[key],
        )
        for key, cents in (("OST", -1_000), ("HEN", 1_000))
    )  # fmt: skip
    CostDriver.objects.create(
        programme=golden.programme, kind="prices", sector=golden.sector, cost_type=golden.cost_types["OST"],
        first_month=date(2024, 6, 1), monthly_eur_cents=0, rate_percent="1.5", source="Indeksi",
    )  # fmt: skip
    ledger(golden, eur(7), is_internal=True)
    version = BudgetVersion.objects.create(
        programme=golden.programme, year=2024, number=1, decided_on=date(2024, 6, 10)
    )
    ledger(golden, eur(480_000), kind="amended_budget", budget=version)
    books, place = books_of(golden.programme), place_of(golden)
    row = books.period(place, JAN, JULY)

    for term in TERMS:
        found = rows_behind(golden.programme, books, place, term, JAN, JULY)
        assert sum(one.eur_cents for one in found) == (getattr(row, term) or 0), term

    assert row.transfers == eur(-3_000)
    # 1.5 % of what remains: June 500 000 - 1 000 + 2 000 - 24 000, July 500 000 - 1 000 + 10 000 (undecided).
    assert row.drivers == eur(60_000) + eur(477_000) * 15 // 1000 + eur(509_000) * 15 // 1000
    assert (row.internal, row.amended) == (eur(7), eur(480_000))
    assert row.ledger == eur(3_463_000)  # internal charges stay outside (R19)


def test_a_year_end_forecast_is_the_latest_one(golden: Golden) -> None:
    for day, cents in ((date(2024, 6, 1), 5_900_000), (date(2024, 8, 1), 6_000_000)):
        ledger(golden, eur(cents), month=date(2024, 12, 1), kind="year_end_forecast", booked_on=day)

    assert books_of(golden.programme).year_end == {(place_of(golden), 2024): eur(6_000_000)}


def test_avoided_costs_meet_their_gross_driver(golden: Golden) -> None:
    line = SavingsLine.objects.create(
        programme=golden.programme, measure=golden.measures["E1"], sector=golden.sector,
        cost_type=golden.cost_types["OST"], goal=golden.goals["X"], line_class="avoided",
    )  # fmt: skip
    make_confirmation(make_entry(line, JULY, eur(-5_000), "claimed"), eur(-5_000))
    CostDriver.objects.create(
        programme=golden.programme, kind="avoided", sector=golden.sector, cost_type=golden.cost_types["OST"],
        first_month=JULY, last_month=JULY, monthly_eur_cents=eur(5_000), source="Arvio",
    )  # fmt: skip

    row = books_of(golden.programme).period(place_of(golden), JAN, JULY)

    assert (row.confirmed_avoided, row.unexplained) == (eur(-5_000), eur(4_000))


def test_a_withdrawn_saving_stays_in_the_base(golden: Golden) -> None:
    measure = golden.measures["E5"]
    measure.stage, measure.withdrawn_on, measure.withdrawn_from = "withdrawn", date(2024, 6, 15), JULY
    measure.save()

    assert books_of(golden.programme).period(place_of(golden), JAN, JULY).in_base_shortfall == eur(22_000)


def test_income_stands_apart_with_the_same_sign(golden: Golden, client: Client) -> None:
    fees = CostType.objects.create(programme=golden.programme, key="maksut", name_fi="Maksut", kind="income")
    golden.cost_types["MAKSUT"] = fees
    ledger(golden, eur(-1_000), cost_type="MAKSUT", kind="original_budget")
    ledger(golden, eur(-1_200), cost_type="MAKSUT")

    tables = client.get(PAGE).context["tables"]

    assert [table["key"] for table in tables] == ["cost", "income"]
    assert tables[0]["total"].row.base == eur(3_500_000)
    assert client.get("/p/esimerkki/savings/income/").status_code == 200


def test_the_books_are_read_with_as_many_statements_however_many_rows_they_have(golden: Golden) -> None:
    def statements() -> int:
        ledger(golden, 1, account=str(LedgerEntry.objects.count()))  # the figures are worked out anew
        with CaptureQueriesContext(connection) as found:
            books_of(golden.programme)
        return len(found)

    few = statements()
    for number in range(30):
        ledger(golden, 1, account=f"A{number}", cost_type="VUO")

    assert statements() == few < 12


def test_the_reconciliation_of_a_past_day_is_what_was_known_then(golden: Golden, client: Client) -> None:
    move_history(6)
    Confirmation.objects.filter(entry__line=golden.lines["E2/OST"]).update(part_eur_cents=eur(-60_000))

    told = {
        day: client.get(f"{PAGE}?cost_type=ost{day}").context["tables"][0]["lines"][0].row.confirmed_new
        for day in ("", f"&day={timezone.localdate() - timedelta(days=5)}")
    }

    assert list(told.values()) == [eur(-138_000), eur(-123_000)]


# --- findings -------------------------------------------------------------------------------------------------------


def low_threshold(golden: Golden) -> None:
    for key, value in (("threshold_eur", 3_000), ("threshold_percent", "0.1")):
        Setting.objects.create(
            scope="esimerkki", key=f"reconciliation.{key}", value=value, valid_from=JAN, reason="Testi"
        )


def test_a_finding_is_opened_once_for_each_cause(golden: Golden, client: Client) -> None:
    assert client.post(f"{PAGE}open/", {"first": "1/2024", "last": "7/2024"}).status_code == 302
    assert not Deviation.objects.exists()  # 4 000 is within the threshold
    low_threshold(golden)

    for _time in range(2):
        client.post(f"{PAGE}open/", {"first": "1/2024", "last": "7/2024"})

    row = Deviation.objects.get()
    assert (row.cause_key, row.amount_eur_cents) == ("n.ost.2024-01.2024-07", eur(4_000))
    assert (row.owner, row.state) == (None, "open")
    assert client.get(PAGE).context["findings"] == 1


def test_closing_a_later_month_carries_the_finding_on(golden: Golden) -> None:
    low_threshold(golden)
    options = {"by": None, "on": date(2024, 9, 15)}
    open_findings(programme=golden.programme, first=JAN, last=JULY, **options)

    assert findings_after_closing(programme=golden.programme, month=AUGUST, **options).opened == 0
    ledger(golden, eur(10_000), month=AUGUST)  # as expected: 10 000 not reached inside the base
    found = findings_after_closing(programme=golden.programme, month=AUGUST, **options)

    row = Deviation.objects.get()
    assert found.carried_on == 1
    assert (row.cause_key, row.amount_eur_cents) == ("n.ost.2024-01.2024-08", eur(4_000))


def test_a_person_closes_what_went_away_and_the_same_is_not_asked_again(
    golden: Golden, client: Client
) -> None:
    low_threshold(golden)
    options = {"first": JAN, "last": JULY, "by": None, "on": date(2024, 8, 31)}
    open_findings(programme=golden.programme, **options)
    row = Deviation.objects.get()
    assert client.post(f"{FINDINGS}{row.pk}/close/", {"version": row.version})["Location"].endswith(
        f"/{row.pk}/"
    )
    late = ledger(golden, eur(-4_000))

    (told,) = client.get(FINDINGS).context["standing"]
    assert (told["now"], told["is_gone"]) == (0, True)
    Deviation.objects.update(explanation="Jaksotus korjattu")
    row.refresh_from_db()
    client.post(f"{FINDINGS}{row.pk}/close/", {"version": row.version})
    late.delete()

    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("closed", date(2024, 8, 31))
    assert open_findings(programme=golden.programme, **options).opened == 0
    assert client.get(FINDINGS).context["closed"][0]["row"] == row


def test_a_finding_is_edited_with_its_owner_and_explanation(golden: Golden, client: Client) -> None:
    low_threshold(golden)
    open_findings(programme=golden.programme, first=JAN, last=JULY, by=None, on=date(2024, 8, 31))
    row = Deviation.objects.get()
    url = f"{FINDINGS}{row.pk}/"
    was = client.get(url).context["form"].initial["was"]

    refused = client.post(url, {"was": was, "state": "explained"})
    saved = client.post(url, {"was": was, "state": "explained", "explanation": "Lasku tuli kahdesti"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    row.refresh_from_db()
    assert (row.state, row.explanation) == ("explained", "Lasku tuli kahdesti")
    assert close_finding(finding=row, by=None, on=date(2024, 9, 1)).state == "closed"
