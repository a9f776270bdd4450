"""The accessibility statement in three languages, and the feedback anybody may give."""

from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from config import limits
from core.models import Feedback, Outbox
from core.outbox import send_due
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
PAGE = "/accessibility/"
GIVEN = {
    "text": "The chart cannot be read aloud.",
    "page": "/p/x/",
    "reply_to": "reader@example.org",
    "website": "",
}


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear()


@pytest.mark.parametrize("prefix", ["", "/sv", "/en"])
def test_everybody_reads_the_statement_in_three_languages(prefix: str) -> None:
    answer = Client().get(f"{prefix}{PAGE}")
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "data-statement" in text
    for word in ("WCAG 2.2", "306/2019", "Traficom", "saavutettavuus@traficom.fi", "029 534 5000", "14"):
        assert word in text, word
    assert "22.11.2026" in text or prefix == "/en"


def test_every_page_leads_to_it() -> None:
    assert f'href="{PAGE}"' in Client().get("/accounts/login/").content.decode()
    assert f'href="/sv{PAGE}"' in Client().get("/sv/accounts/login/").content.decode()


def test_feedback_is_stored_and_mailed() -> None:
    client = Client()
    answer = client.post(PAGE, GIVEN)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    row = Feedback.objects.get()
    assert (row.text, row.page, row.reply_to, row.user) == (
        GIVEN["text"],
        "/p/x/",
        "reader@example.org",
        None,
    )
    assert Outbox.objects.get().message_id == f"feedback-{row.pk}"
    assert send_due() == 1

    assert GIVEN["text"] in mail.outbox[0].body
    assert "reader@example.org" in mail.outbox[0].body
    assert 'role="status"' in client.get(PAGE).content.decode()


def test_who_is_signed_in_is_noted() -> None:
    client, person = Client(), make_person("aila")
    client.force_login(person)
    client.post(PAGE, GIVEN | {"reply_to": ""})

    assert Feedback.objects.get().user == person


def test_a_machine_is_thanked_and_nothing_is_kept() -> None:
    answer = Client().post(PAGE, GIVEN | {"website": "https://spam.example"})

    assert answer.status_code == 302
    assert Feedback.objects.count() == Outbox.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""), ("text", "x" * 5001), ("reply_to", "nobody"), ("text", "Potilas 131052-308T ei pääse sisään"),
        ("page", "131052-308T"),
    ],
)  # fmt: skip
def test_a_refused_form_names_the_field_and_keeps_the_text(field: str, value: str) -> None:
    answer = Client().post(PAGE, GIVEN | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'href="#id_{field}"' in answer.content.decode()
    assert Feedback.objects.count() == 0


def test_it_is_given_so_often_only() -> None:
    client = Client()
    statuses = [client.post(PAGE, GIVEN).status_code for _unused in range(limits.FEEDBACK + 1)]

    assert statuses == [302] * limits.FEEDBACK + [429]
    assert Feedback.objects.count() == limits.FEEDBACK
    assert Client(REMOTE_ADDR="10.0.0.2").post(PAGE, GIVEN).status_code == 302


def test_a_forged_form_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post(PAGE, GIVEN)

    assert answer.status_code == 403
    assert "data-forged" in answer.content.decode()
    assert Feedback.objects.count() == 0


def test_the_mail_is_plain_text_as_it_was_written(settings: Any) -> None:
    settings.FEEDBACK_EMAIL = "office@example.org"
    Client().post(PAGE, GIVEN | {"text": "<b>Kaavio & teksti</b>", "reply_to": ""})
    send_due()

    assert mail.outbox[0].to == ["office@example.org"]
    assert "<b>Kaavio & teksti</b>" in mail.outbox[0].body
