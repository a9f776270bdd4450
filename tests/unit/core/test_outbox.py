"""Messages: written with their cause, sent afterwards, at least once, none lost."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from core.models import Outbox
from core.outbox import ATTEMPTS, post_mail, send_due

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, settings: Any) -> None:
    subject = "{% load i18n %}{% get_current_language as language %}Hei\n {{ name }} {{ language }}\n"
    (tmp_path / "hello_subject.txt").write_text(subject)
    (tmp_path / "hello.txt").write_text("Hyvää päivää, {{ name|safe }}.")
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path]}]


def post(message_id: str = "m-1") -> bool:
    return post_mail(
        message_id=message_id,
        to=["a@county.example"],
        template="hello",
        params={"name": "Aila"},
        language="sv",
    )


class Failing(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("no server")


def test_a_message_is_rendered_in_the_readers_language_and_carries_its_id() -> None:
    post()

    assert send_due() == 1
    (sent,) = mail.outbox
    assert sent.subject == "Hei Aila sv"
    assert sent.body == "Hyvää päivää, Aila."
    assert sent.extra_headers["Message-ID"] == "<m-1@localhost>"
    assert Outbox.objects.get().sent_at is not None


def test_a_message_is_posted_once_and_sent_once() -> None:
    assert post()
    assert not post()
    assert [send_due(), send_due()] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_message_goes_down_with_its_cause() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post()
        raise ZeroDivisionError

    assert send_due() == 0


def test_a_failed_message_is_put_off_and_tried_again(settings: Any) -> None:
    post("bad")
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    assert send_due() == 0
    message = Outbox.objects.get()
    assert (message.attempts, message.last_error) == (1, "ConnectionRefusedError: no server")
    assert send_due() == 0
    assert Outbox.objects.get().attempts == 1, "it waits before it is tried again"

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Outbox.objects.update(not_before="2024-01-01T00:00:00Z")
    assert send_due() == 1


def test_a_failed_message_does_not_hold_up_the_others() -> None:
    Outbox.objects.create(channel="mail", message_id="broken", payload={"language": "fi"})
    post("whole")

    assert send_due() == 1
    assert len(mail.outbox) == 1


def test_a_message_that_never_goes_stays_to_be_seen() -> None:
    post()
    Outbox.objects.update(attempts=ATTEMPTS)

    assert send_due() == 0
    assert Outbox.objects.get().sent_at is None
