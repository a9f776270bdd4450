"""Files of the books: understood, compared, stored whole, told apart when they come twice (R3, R18 to R20)."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from core.jobs import run_job
from core.models import Job
from measures.ledger.files import discard
from measures.ledger.jobs import ask_to_store
from measures.ledger.words import problem_text
from measures.models import BudgetVersion, ImportMapping, ImportRun, LedgerEntry
from measures.services import SavingsError, close_month, lock_year
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_ground

JAN, FEB = date(2024, 1, 1), date(2024, 2, 1)
HEAD = "Toimiala;Kululaji;Kuukausi;Tili;Summa"
ACTUALS = f"""Toteuma 2024;;;;
{HEAD}
tespa;palvelujen-ostot;1/2024;4300;1 000,50
tespa;henkilostokulut;1/2024;4000;2 000
muut;tilavuokrat;1/2024;4800;300,25
Yhteensä;;;;3 300,75
"""


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground(status_date=date(2024, 4, 30))


@pytest.fixture
def controller(ground: Ground) -> User:
    return make_member(ground.programme, "controller")


@pytest.fixture
def client(controller: User) -> Client:
    client = Client()
    client.force_login(controller)
    return client


def bring(client: Client, content: bytes | str, name: str = "toteuma.csv", **said: Any) -> ImportRun:
    """The file as it stands after a worker has read it."""
    data = content if isinstance(content, bytes) else ("\ufeff" + content).encode()
    asked = {"kind": "actual", "year": 2024, "file": SimpleUploadedFile(name, data)} | said
    answer = client.post("/p/koe/savings/books/import/", asked)
    assert answer.status_code == 302, answer.context["form"].errors
    return work()


def work() -> ImportRun:
    """Does the work that waits; the latest file."""
    for job in Job.objects.filter(state="queued").order_by("pk"):
        assert run_job(job.pk) == "done"
    return ImportRun.objects.latest("pk")


def choose(client: Client, run: ImportRun, **changes: Any) -> ImportRun:
    """Sends the columns as they are guessed, with changes."""
    url = f"/p/koe/savings/books/import/{run.pk}/columns/"
    shown = client.get(url).context
    said = {field.name: field.value() for form in (shown["form"], shown["wanted_form"]) for field in form}
    said = {name: value for name, value in said.items() if value not in (None, False)}
    said |= {"sheet": shown["sheet"], "row": shown["row"]} | changes
    answer = client.post(url, said)
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["wanted_form"].errors)
    return work()


def store(client: Client, run: ImportRun) -> ImportRun:
    client.post(f"/p/koe/savings/books/import/{run.pk}/store/")
    work()
    run.refresh_from_db()
    return run


def amounts(**narrowed: Any) -> dict[tuple[Any, ...], int]:
    rows = LedgerEntry.objects.filter(**narrowed).order_by("pk")
    return {
        (row.month, row.sector.key, row.cost_type.key, row.account): row.amount_eur_cents
        for row in rows.select_related("sector", "cost_type")
    }


def codes(run: ImportRun) -> list[str]:
    return [problem["code"] for problem in run.problems]


def test_a_file_is_understood_shown_and_stored_whole(
    ground: Ground, client: Client, controller: User
) -> None:
    run = bring(client, ACTUALS)
    assert run.state == "uploaded" and run.options["mapping"]["header_row"] == 1
    run = choose(client, run, name="Pääkirja", control_eur_cents="3 300,75")
    assert (run.state, codes(run), run.counts["rows"], run.counts["left_out"]) == ("read", [], 3, 1)
    assert run.counts["total"] == 330_075 and not LedgerEntry.objects.exists()
    page = client.get(f"/en/p/koe/savings/books/import/{run.pk}/").content.decode()
    assert "agrees with the total" in page and 'data-total="330075"' in page
    run = store(client, run)
    assert run.state == "applied"
    assert amounts() == {
        (JAN, "tespa", "palvelujen-ostot", "4300"): 100_050,
        (JAN, "tespa", "henkilostokulut", "4000"): 200_000,
        (JAN, "muut", "tilavuokrat", "4800"): 30_025,
    }
    event = LedgerEntry.events.rel.related_model.objects.latest("pgh_id")
    told = event.pgh_context.metadata
    assert told["sha256"] == run.sha256 and told["user"] == controller.pk and told["import_run"] == run.pk


def test_a_second_file_with_the_same_headings_needs_no_columns(ground: Ground, client: Client) -> None:
    store(client, choose(client, bring(client, ACTUALS), name="Pääkirja"))
    untouched = LedgerEntry.objects.get(cost_type__key="henkilostokulut")
    changed = ACTUALS.replace("1 000,50", "1 111,50").replace("muut;tilavuokrat", "muut;palvelujen-ostot")
    run = bring(client, changed, "toteuma2.csv")
    assert run.state == "read" and run.mapping == ImportMapping.objects.get(name="Pääkirja")
    counted = {name: run.counts[name] for name in ("added", "changed", "removed", "same")}
    assert counted == {"added": 1, "changed": 1, "removed": 1, "same": 1}
    run = choose(client, run, control_eur_cents="3 411,75")
    assert run.counts["changed"] == 1 and codes(run) == []
    store(client, run)
    assert amounts() == {
        (JAN, "tespa", "palvelujen-ostot", "4300"): 111_150,
        (JAN, "tespa", "henkilostokulut", "4000"): 200_000,
        (JAN, "muut", "palvelujen-ostot", "4800"): 30_025,
    }
    assert LedgerEntry.objects.get(pk=untouched.pk).version == untouched.version
    events = LedgerEntry.events.rel.related_model.objects.filter(
        pgh_label="update", cost_type__key="palvelujen-ostot"
    )
    assert events.count() == 1
    again = bring(client, changed, "toteuma2.csv")
    page = client.get(f"/en/p/koe/savings/books/import/{again.pk}/").content.decode()
    assert "The very same file was stored" in page and again.counts["same"] == 3


def test_a_total_that_differs_and_rows_that_cannot_be_read_stand_in_the_way(
    ground: Ground, client: Client
) -> None:
    bad = (
        ACTUALS.replace("2 000", "kaksi")
        .replace("muut;", "Vanhukset;")
        .replace("1/2024;4300", "13/2024;4300")
    )
    run = choose(client, bring(client, bad), control_eur_cents="5 000")
    assert codes(run) == ["no_rows", "control", "not_a_month", "not_a_number", "unknown_sector"]
    places = {
        problem["code"]: (problem["row"], problem["column"]) for problem in run.problems if "row" in problem
    }
    assert places == {"not_a_month": (3, 2), "not_a_number": (4, 4), "unknown_sector": (5, 0)}
    assert "5" in problem_text(run.problems[1])
    page = client.get(f"/en/p/koe/savings/books/import/{run.pk}/").content.decode()
    assert "row 4, column E" in page and "Store the rows" not in page
    assert store(client, run).state == "read" and not LedgerEntry.objects.exists()


def test_names_are_learned_once(ground: Ground, client: Client) -> None:
    named = ACTUALS.replace("tespa;", "Terveyspalvelut;").replace("tilavuokrat", "Vuokrat yht.")
    run = choose(client, bring(client, named), name="Pääkirja")
    assert run.counts["unknown"] == {"sector": ["Terveyspalvelut"], "cost_type": ["Vuokrat yht."]}
    client.post(f"/p/koe/savings/books/import/{run.pk}/names/", {"sector-0": "tespa", "cost_type-0": "-"})
    run = work()
    assert codes(run) == [] and (run.counts["rows"], run.counts["left_out_eur_cents"]) == (2, 30_025)
    again = bring(client, named.replace("2 000", "2 001"))
    assert codes(again) == [] and again.counts["total"] == 300_150


def test_closed_months_change_only_as_corrections_with_a_reason(ground: Ground, client: Client) -> None:
    store(client, choose(client, bring(client, ACTUALS), name="Pääkirja"))
    close_month(programme=ground.programme, month=JAN, by=None, on=date(2024, 2, 20))
    later = ACTUALS.replace("1 000,50", "1 100,50")
    run = bring(client, later)
    assert codes(run) == ["no_reason"] and run.counts["corrected"] == 1
    run = choose(client, run, reason="Lasku saapui myöhässä")
    assert codes(run) == [] and store(client, run).state == "applied"
    plain, correction = LedgerEntry.objects.filter(cost_type__key="palvelujen-ostot").order_by("pk")
    assert (plain.amount_eur_cents, plain.version, plain.is_correction) == (100_050, 1, False)
    assert (correction.amount_eur_cents, correction.is_correction) == (10_000, True)
    assert (correction.reason, correction.booked_on) == ("Lasku saapui myöhässä", date(2024, 4, 30))
    assert bring(client, later).counts["same"] == 3


def test_a_locked_year_takes_nothing(ground: Ground, client: Client) -> None:
    close_month(programme=ground.programme, month=date(2023, 12, 1), by=None, on=date(2024, 1, 20))
    with pytest.raises(SavingsError, match="12/2024"):
        lock_year(programme=ground.programme, year=2024, by=None, on=date(2024, 3, 20))
    lock_year(programme=ground.programme, year=2023, by=None, on=date(2024, 3, 20))
    old = ACTUALS.replace("1/2024", "1/2023")
    run = choose(client, bring(client, old, year=2023), reason="Oikaisu")
    assert codes(run) == ["locked_year"] and not LedgerEntry.objects.exists()


def test_the_books_that_moved_meanwhile_are_compared_anew(ground: Ground, client: Client) -> None:
    run = choose(client, bring(client, ACTUALS), name="Pääkirja")
    LedgerEntry.objects.create(
        programme=ground.programme, kind="actual", month=JAN, sector=ground.sectors[0], cost_type=ground.cost_types[0],
        amount_eur_cents=1, booked_on=JAN,
    )  # fmt: skip
    run = store(client, run)
    assert run.state == "read" and codes(run) == ["changed"] and run.counts["removed"] == 1
    run = choose(client, run)
    assert store(client, run).state == "applied" and len(amounts()) == 3


def test_a_workbook_with_a_column_for_each_month_becomes_an_amended_budget(
    ground: Ground, client: Client
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Talousarvion muutos", None])
    sheet.append(["Toimiala", "Kululaji", *[f"{month}/2024" for month in range(1, 13)], "Sisäinen"])
    sheet.append(["tespa", "henkilostokulut", *range(100, 112), None])
    sheet.append([None, "tilavuokrat", *[1.5] * 12, None])
    sheet.append(["muut", "palvelujen-ostot", *[7] * 12, "x"])
    sheet.append(["Yhteensä", None, *[0] * 12, None])
    file = BytesIO()
    book.save(file)
    told = {"kind": "amended_budget", "number": "1", "decided_on": "26.2.2024", "section": "14"}
    run = bring(client, file.getvalue(), "muutos.xlsx", **told)
    run = choose(client, run, unit="keur", fills_down="on")
    assert codes(run) == [] and run.counts["internal"] == [0, 8_400_000]
    store(client, run)
    budget = BudgetVersion.objects.get()
    assert (budget.year, budget.number, budget.section) == (2024, 1, "14")
    rows = LedgerEntry.objects.filter(budget=budget, kind="amended_budget")
    assert rows.count() == 36 and rows.filter(is_internal=True).count() == 12
    assert rows.get(month=FEB, cost_type__key="henkilostokulut").amount_eur_cents == 10_100_000
    shown = client.get("/p/koe/savings/books/sectors/?first=1/2024&last=2/2024&unit=keur").content.decode()
    assert 'data-column="amended_budget"><a' in shown


def test_yearly_amounts_are_spread_exactly(ground: Ground, client: Client) -> None:
    text = "Toimiala;Kululaji;Talousarvio\ntespa;tilavuokrat;100,00\n"
    run = choose(client, bring(client, text, kind="original_budget"))
    store(client, run)
    cents = list(LedgerEntry.objects.order_by("month").values_list("amount_eur_cents", flat=True))
    assert cents == [834] * 4 + [833] * 8 and sum(cents) == 10_000
    run = choose(client, bring(client, text, kind="actual"))
    assert (run.state, codes(run)) == ("uploaded", ["actual_of_year"])


def test_a_file_that_is_no_table_is_refused_in_words(ground: Ground, client: Client) -> None:
    run = bring(client, b"%PDF-1.7 ...", "toteuma.xlsx")
    assert run.state == "refused"
    page = client.get(f"/en/p/koe/savings/books/import/{run.pk}/").content.decode()
    assert "PDF" in page and "Bring another file" in page


def test_what_is_exported_can_be_read_in_again(ground: Ground, client: Client) -> None:
    store(client, choose(client, bring(client, ACTUALS)))
    answer = client.get("/p/koe/savings/books/rows/?kind=actual&format=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert 'tespa;palvelujen-ostot;1/2024;4300;"";1000,50' in text
    LedgerEntry.objects.all().delete()
    run = choose(client, bring(client, text, "takaisin.csv"))
    assert codes(run) == [] and run.counts["total"] == 330_075


def test_the_api_lists_the_rows(ground: Ground, client: Client) -> None:
    store(client, choose(client, bring(client, ACTUALS)))
    found = client.get("/api/v1/ledger/?programme=koe&sector=tespa&cost_type=palvelujen-ostot").json()[
        "results"
    ]
    assert [(row["month"], row["amount_eur"], row["is_correction"]) for row in found] == [
        ("2024-01", "1000.50", False)
    ]
    assert client.get("/api/v1/ledger/?programme=koe&month_from=2024-02-01").json()["results"] == []


def test_a_file_put_aside_is_not_stored_any_more(ground: Ground, client: Client, controller: User) -> None:
    run = bring(client, ACTUALS)
    ask_to_store(run, controller)
    discard(run=run, by=controller)
    assert work().state == ImportRun.State.DISCARDED
    assert not LedgerEntry.objects.exists()
