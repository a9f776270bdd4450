"""My work: my programmes and the measures in my name."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from measures.models import Measure
from tests.golden import Golden
from tests.integration.reporting.conftest import sign_in
from tests.integration.reporting.test_pages import text_of


def test_the_empty_state_teaches(golden: Golden, pmo: Client) -> None:
    text = text_of(pmo.get("/en/").content)

    assert "Esimerkkiohjelma" in text
    assert "2024–2025" in text
    assert "No measures in your name" in text


def test_somebody_without_a_programme_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("uusi"))

    assert "You have no programme yet" in text_of(client.get("/en/").content)


def test_my_measures_show_the_last_month_claimed_and_the_next_step(golden: Golden) -> None:
    client = sign_in(golden.programme, "measure")
    me = User.objects.get(username="measure-esimerkki")
    Measure.objects.filter(programme=golden.programme).update(owner=me)

    text = text_of(client.get("/en/").content)

    assert "E1 Toimenpide E1" in text
    assert "7/2024" in text
    assert "Up to date." in text  # July is claimed, August is the running month
    assert "Enter what was realised from 6/2024 on." in text  # E2 was last claimed for May
    assert "E4" not in text  # withdrawn


def test_queries_of_my_work_do_not_grow_with_my_measures(golden: Golden) -> None:
    client = sign_in(golden.programme, "measure")
    me = User.objects.get(username="measure-esimerkki")

    def asked() -> int:
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    none = asked()
    Measure.objects.filter(programme=golden.programme).update(owner=me)
    assert asked() == none <= 10
