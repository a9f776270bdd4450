"""The page of a job: what is told while it runs, what when it has ended, who may stop it."""

from typing import Any

import pytest
from django.test import Client

from core import jobs
from core.models import Job
from programme.models import Programme
from tests.factories.accounts import make_member, make_programme
from tests.factories.core import make_job

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def own() -> Programme:
    return make_programme("own")


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    told = jobs.Handler(
        lambda job, report: {},
        title="Tilannekuva {key}",
        steps={"a": "Luvut"},
        errors={"no_data": "Ei lukuja."},
    )
    monkeypatch.setitem(jobs.HANDLERS, "test", told)


def signed_in(programme: Programme, role: str = "pmo") -> Client:
    client = Client()
    client.force_login(make_member(programme, role))
    return client


def page(client: Client, job: Job, **headers: Any) -> str:
    answer = client.get(f"/p/own/jobs/{job.pk}/", headers=headers.get("headers"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_running_job_tells_its_step_and_asks_again(own: Programme) -> None:
    job = make_job(
        key="3/2024", programme=own, state="running", progress_step="a", progress_done=1, progress_total=3
    )
    text = page(signed_in(own), job)

    assert "Tilannekuva 3/2024" in text
    assert "Luvut" in text
    assert '<progress max="3" value="1"' in text
    assert 'hx-trigger="every 1s"' in text
    assert f'<a href="/p/own/jobs/{job.pk}/">' in text, "without scripts one looks again by a link"


def test_the_part_is_the_progress_alone(own: Programme) -> None:
    text = page(signed_in(own), make_job(programme=own), headers=PART)

    assert text.lstrip().startswith('<section id="job-progress"')
    assert "<html" not in text


def test_an_ended_job_asks_no_more_and_leads_to_what_it_made(own: Programme) -> None:
    result = {"page": ["reporting:bigroom_detail", "own", "2024-03"]}
    text = page(signed_in(own), make_job(programme=own, state="done", result=result))

    assert "hx-trigger" not in text
    assert 'href="/p/own/bigroom/2024-03/"' in text


def test_a_page_that_is_gone_is_not_linked(own: Programme) -> None:
    text = page(signed_in(own), make_job(programme=own, state="done", result={"page": ["reporting:gone"]}))

    assert 'class="button" href' not in text


def test_a_failed_job_says_why(own: Programme) -> None:
    assert "Ei lukuja." in page(signed_in(own), make_job(programme=own, state="failed", error_code="no_data"))


def test_stopping_ends_the_job(own: Programme) -> None:
    job = make_job(programme=own)
    answer = signed_in(own).post(f"/p/own/jobs/{job.pk}/cancel/")

    job.refresh_from_db()
    assert (answer.status_code, answer["Location"], job.state) == (302, f"/p/own/jobs/{job.pk}/", "cancelled")


def test_who_may_look_but_not_stop_has_no_button_and_is_refused(own: Programme) -> None:
    job, client = make_job(programme=own), signed_in(own, "auditor")

    assert "/cancel/" not in page(client, job)
    assert client.post(f"/p/own/jobs/{job.pk}/cancel/").status_code == 403
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_job_has_its_address_in_its_own_programme_only(own: Programme) -> None:
    other = make_programme("other")
    job, client = make_job(programme=other), signed_in(own)

    assert client.get(f"/p/own/jobs/{job.pk}/").status_code == 404
    assert client.get(f"/p/other/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/p/other/jobs/{job.pk}/cancel/").status_code == 404


def test_the_page_takes_few_questions_to_the_database(
    own: Programme, django_assert_max_num_queries: Any
) -> None:
    job, client = make_job(programme=own), signed_in(own)

    with django_assert_max_num_queries(6):
        page(client, job)
