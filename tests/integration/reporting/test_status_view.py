"""The main job: one moment of the data, a draft, then frozen for good; the page comes from the document alone."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from core.jobs import run_job
from core.models import Job
from measures.models import Confirmation, Measure, Overlap, SavingsEntry, SavingsLine
from reporting.documents import canonical, collect, sha256_of
from reporting.models import StatusView
from reporting.services import build_status_view, request_due_status_views, request_status_view, save_draft
from tests.golden import Golden, build_golden
from tests.integration.reporting.conftest import sign_in
from tests.integration.reporting.test_pages import figure_of, text_of

pytestmark = pytest.mark.django_db(transaction=True)

AUGUST = date(2024, 8, 1)


class Quiet:
    """A report that nobody reads; keeps the steps."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        self.steps.append(step)

    def still_mine(self) -> None:
        """Always."""


@pytest.fixture
def golden(transactional_db: None) -> Iterator[Golden]:
    yield build_golden()


def build(golden: Golden, month: date = AUGUST) -> StatusView:
    return build_status_view(programme_id=golden.programme.pk, month=month, report=Quiet())


FROZEN = {
    "forecast-with-base.programme.2025": -39_600_000,
    "plan.programme.2025": -25_200_000,
    "plan_approved.programme.2025": -34_800_000,
    "forecast.programme.2025": -28_800_000,
    "confirmed.programme.2025": None,
    "run-rate-confirmed.programme.2024-06": -22_800_000,
    "run-rate-claimed.programme.2024-06": -25_200_000,
    "run-rate-forecast.programme.2024-06": -22_800_000,
    "cumulative-claimed.programme.2024-08": -14_700_000,
    "cumulative-confirmed.programme.2024-08": -10_300_000,
    "cumulative-undecided.programme.2024-08": -2_100_000,
    "cumulative-refused.programme.2024-08": -2_300_000,
    "in-base-plan.programme.2025": -12_000_000,
    "in-base-forecast.programme.2025": -10_800_000,
    "in-base-claimed.programme.2025": -6_300_000,
    "in-base-confirmed.programme.2025": -4_800_000,
    "ladder-released.programme.2025": -9_600_000,
    "ladder-never-allocated.programme.2025": -3_200_000,
    "unallocated.programme.2025": -12_800_000,
    "stated.target.2025": -50_000_000,
    "forecast.cost-type-ost.2025": -34_800_000,
    "forecast.cost-type-hen.2025": 6_000_000,
    "forecast.theme-x.2025": -28_800_000,
    "forecast.sector-n.2025": -28_800_000,
}


def test_the_document_holds_the_golden_example_to_the_cent(golden: Golden) -> None:
    document = json.loads(build(golden).document)

    figures = {ref: document["figures"][ref]["cents"] for ref in FROZEN}

    assert figures == FROZEN
    assert document["schema"] == "status-view/1"
    assert document["period"] == "2024-08"
    assert document["as_of"] == "2024-08-31"
    assert document["books_closed_through"] == "2024-07"
    assert document["basis"] == "level_change"


def test_texts_and_charts_are_kept_in_three_languages(golden: Golden) -> None:
    document = json.loads(build(golden).document)

    assert set(document["figures"]["forecast.programme.2025"]["label"]) == {"fi", "sv", "en"}
    charts = [block["chart"] for block in document["blocks"] if "chart" in block]
    assert len(charts) >= 3
    assert all(set(chart) == {"fi", "sv", "en"} for chart in charts)


def test_the_hash_is_of_the_stored_bytes_and_the_text_is_canonical(golden: Golden) -> None:
    view = build(golden)

    assert view.sha256 == hashlib.sha256(view.document.encode()).hexdigest()
    assert canonical(json.loads(view.document)) == view.document
    assert "." not in "".join(re.findall(r":(-?\d[\d.eE]*)", view.document))


def test_it_is_a_draft_first_and_then_frozen(golden: Golden) -> None:
    document = collect(golden.programme.pk, AUGUST)
    draft = save_draft(programme_id=golden.programme.pk, month=AUGUST, document=document)
    assert (draft.state, draft.frozen_at) == ("draft", None)

    report = Quiet()
    view = build_status_view(programme_id=golden.programme.pk, month=AUGUST, report=report)

    assert view.pk == draft.pk
    assert view.state == "frozen"
    assert view.frozen_at is not None
    assert report.steps == ["collect", "draft", "freeze", "frozen"]


def test_a_second_run_returns_the_same_view(golden: Golden) -> None:
    first = build(golden)
    Measure.objects.filter(programme=golden.programme).update(is_illustrative=True)
    second = build(golden)

    assert (second.pk, second.sha256, second.frozen_at) == (first.pk, first.sha256, first.frozen_at)
    assert StatusView.objects.count() == 1


def test_same_data_gives_the_same_document(golden: Golden) -> None:
    texts = {canonical(collect(golden.programme.pk, AUGUST)) for _time in range(3)}
    assert len(texts) == 1


def test_eight_at_once_make_one_view(golden: Golden) -> None:
    found, failed = [], []
    start = threading.Barrier(8)

    def work() -> None:
        try:
            start.wait(60)
            found.append(build(golden))
        except Exception as error:  # noqa: BLE001
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failed == []
    assert len({(view.pk, view.sha256) for view in found}) == 1
    assert [view.state for view in found] == ["frozen"] * 8
    assert StatusView.objects.count() == 1


@pytest.mark.parametrize("role", ["", "portal_app"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_statusview SET document = '{}'",
        "UPDATE reporting_statusview SET state = 'draft', frozen_at = NULL",
        "UPDATE reporting_statusview SET sha256 = 'x'",
        "DELETE FROM reporting_statusview",
    ],
)
def test_the_database_refuses_to_change_a_frozen_view(golden: Golden, statement: str, role: str) -> None:
    view = build(golden)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        if role:
            cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute(statement)

    assert StatusView.objects.get(pk=view.pk).sha256 == view.sha256


def test_a_document_needs_a_transaction_of_its_own(golden: Golden) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError):
        collect(golden.programme.pk, AUGUST)


def test_a_change_while_it_is_collected_is_not_seen(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another session commits in the middle; every figure is still of the first moment."""
    from reporting import layout

    before = canonical(collect(golden.programme.pk, AUGUST))
    blocks = list(layout.STATUS_VIEW)

    def meddle(_content: object, _overview: object) -> None:
        def write() -> None:
            SavingsEntry.objects.filter(series="plan").update(amount_eur_cents=-1)
            connections.close_all()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(60)

    monkeypatch.setattr(layout, "STATUS_VIEW", [blocks[0], meddle, *blocks[1:]])

    assert canonical(collect(golden.programme.pk, AUGUST)) == before
    assert SavingsEntry.objects.filter(series="plan", amount_eur_cents=-1).exists()


# --- the page --------------------------------------------------------------------------------------------


def _frozen_part(client: Client, unit: str = "eur") -> str:
    page = client.get(f"/en/p/esimerkki/bigroom/2024-08/?unit={unit}")
    assert page.status_code == 200
    found = re.search(r'<div class="grid" id="frozen">.*</main>', page.content.decode(), flags=re.DOTALL)
    assert found
    return found[0]


def test_the_page_shows_the_golden_example_to_the_cent(golden: Golden) -> None:
    build(golden)
    page = sign_in(golden.programme).get("/en/p/esimerkki/bigroom/2024-08/?unit=eur").content

    assert figure_of(page, "forecast-with-base.programme.2025").startswith("−396,000.00")
    assert figure_of(page, "run-rate-confirmed.programme.2024-06") == "−228,000.00 saving"
    assert figure_of(page, "forecast.cost-type-hen.2025") == "+60,000.00 investment"
    assert figure_of(page, "unallocated.programme.2025") == "−128,000 saving"


def test_the_page_stays_the_same_whatever_happens_to_the_live_data(golden: Golden) -> None:
    view = build(golden)
    client = sign_in(golden.programme)
    before = _frozen_part(client)

    SavingsEntry.objects.update(amount_eur_cents=-1)
    golden.themes["X"].name_fi = "Aivan muu"
    golden.themes["X"].save()
    assert _frozen_part(client) == before

    for model in (Overlap, Confirmation, SavingsEntry, SavingsLine, Measure):
        model.objects.all().delete()
    assert _frozen_part(client) == before
    assert view.sha256 in before


def test_an_old_schema_is_still_rendered(golden: Golden) -> None:
    text = canonical(
        {
            "schema": "status-view/0", "programme": "esimerkki", "month": "2023-12", "as_of": "2023-12-31",
            "order": ["forecast.programme.2025"],
            "figures": {"forecast.programme.2025": {"cents": -28_800_000, "label": {"en": "Forecast"}}},
        }
    )  # fmt: skip
    view = StatusView.objects.create(
        programme=golden.programme, month=date(2023, 12, 1), schema="status-view/0", document=text,
        sha256=sha256_of(text), as_of=date(2023, 12, 31),
    )  # fmt: skip
    StatusView.objects.filter(pk=view.pk).update(state="frozen", frozen_at="2024-01-02T10:00:00Z")

    page = sign_in(golden.programme).get("/en/p/esimerkki/bigroom/2023-12/?unit=eur")

    assert page.status_code == 200
    assert figure_of(page.content, "forecast.programme.2025") == "−288,000.00 saving"


def test_a_month_without_a_view_offers_to_build_it_to_those_who_may(golden: Golden) -> None:
    path = "/en/p/esimerkki/bigroom/2024-07/"

    pmo = sign_in(golden.programme).get(path)
    board = sign_in(golden.programme, "board").get(path)

    assert (pmo.status_code, board.status_code) == (404, 404)
    assert "Build the status view" in text_of(pmo.content)
    assert "Build the status view" not in text_of(board.content)
    assert sign_in(golden.programme).get("/en/p/esimerkki/bigroom/nonsense/").status_code == 404


# --- button, command, schedule -----------------------------------------------------------------------------


def test_the_button_enqueues_one_job_and_shows_its_progress(golden: Golden) -> None:
    client = sign_in(golden.programme)

    first = client.post("/en/p/esimerkki/bigroom/build/", {"month": "2024-08"})
    second = client.post("/en/p/esimerkki/bigroom/build/", {"month": "2024-08"})

    assert first["Location"] == second["Location"] == "/en/p/esimerkki/bigroom/2024-08/progress/"
    job = Job.objects.get()
    progress = client.get(first["Location"])
    assert "You may leave this page" in text_of(progress.content)
    assert b"<html" not in client.get(first["Location"], headers={"HX-Request": "true"}).content
    assert "being made" in text_of(client.get("/en/p/esimerkki/bigroom/").content)

    assert run_job(job.pk) == "done"

    assert client.get(first["Location"])["Location"] == "/en/p/esimerkki/bigroom/2024-08/"
    part = client.get(first["Location"], headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/en/p/esimerkki/bigroom/2024-08/"
    assert "frozen" in text_of(client.get("/en/p/esimerkki/bigroom/").content)
    again = client.post("/en/p/esimerkki/bigroom/build/", {"month": "2024-08"})
    assert again["Location"] == "/en/p/esimerkki/bigroom/2024-08/"


@pytest.mark.parametrize("role", ["board", "measure", "auditor", "controller"])
def test_only_the_office_may_build(golden: Golden, role: str) -> None:
    client = sign_in(golden.programme, role)

    assert client.post("/p/esimerkki/bigroom/build/", {"month": "2024-08"}).status_code == 403
    assert not Job.objects.exists()


def test_a_month_that_has_not_begun_is_refused(golden: Golden) -> None:
    client = sign_in(golden.programme)

    answer = client.post("/en/p/esimerkki/bigroom/build/", {"month": "2024-09"}, follow=True)

    assert "has not begun" in text_of(answer.content)
    assert not Job.objects.exists()


def test_the_command_builds_here_and_now_and_prints_the_hash(golden: Golden) -> None:
    out = StringIO()
    call_command("build_status_view", "esimerkki", "2024-08", stdout=out)
    view = StatusView.objects.get()

    assert view.sha256 in out.getvalue()
    again = StringIO()
    call_command("build_status_view", "esimerkki", "2024-08", stdout=again)
    assert again.getvalue() == out.getvalue()
    assert StatusView.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("naapuri", "2024-08"), "naapuri"),
        (("esimerkki", "elokuu"), "YYYY-MM"),
        (("esimerkki", "2024-09"), "not begun"),
    ],
)
def test_the_command_says_what_is_wrong(golden: Golden, arguments: tuple[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("build_status_view", *arguments)


def test_the_schedule_makes_the_due_month_once(golden: Golden) -> None:
    jobs = request_due_status_views(today=date(2024, 9, 1))

    assert [(job.kind, job.key) for job in jobs] == [("status_view", "2024-08")]
    assert run_job(jobs[0].pk) == "done"
    assert request_due_status_views(today=date(2024, 9, 1)) == []
    assert StatusView.objects.get().month == AUGUST


def test_a_past_month_speaks_of_its_own_last_day(golden: Golden, pmo: Client) -> None:
    view = build(golden, date(2024, 6, 1))

    assert view.as_of == date(2024, 6, 30)
    document = json.loads(view.document)
    assert document["books_closed_through"] is None  # closed only on 15 August
    notices = [block["text"]["fi"] for block in document["blocks"] if block["kind"] == "notice"]
    assert len(notices) == 1
    assert "31.8.2024" in notices[0] and "30.6.2024" in notices[0]
    assert notices[0] in pmo.get("/p/esimerkki/bigroom/2024-06/").content.decode()


def test_a_view_of_today_is_not_called_late(golden: Golden) -> None:
    document = json.loads(build(golden).document)

    assert [block for block in document["blocks"] if block["kind"] == "notice"] == []


def test_a_job_reads_figures_that_nobody_has_read_before(golden: Golden) -> None:
    """The history context of a job must not come between the figures and their SQL."""
    job = request_status_view(programme=golden.programme, month=AUGUST, by=None)
    cache.clear()

    assert run_job(job.pk) == "done"
    figures = json.loads(StatusView.objects.get().document)["figures"]
    assert figures["forecast.programme.2025"]["cents"] == -28_800_000


@pytest.mark.worker
def test_a_real_worker_makes_the_same_document(golden: Golden, worker: object) -> None:
    import time

    expected = sha256_of(canonical(collect(golden.programme.pk, AUGUST)))
    job = request_status_view(programme=golden.programme, month=AUGUST, by=None)
    end = time.monotonic() + 60
    while Job.objects.get(pk=job.pk).state in Job.ACTIVE and time.monotonic() < end:
        time.sleep(0.1)

    assert Job.objects.get(pk=job.pk).state == "done"
    assert StatusView.objects.get().sha256 == expected
