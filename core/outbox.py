"""Messages to the outside: written in the transaction of their cause, sent afterwards, at least once.

A crash between sending and marking may repeat a message; its id lets the reader's program fold the two.
No sentence is stored: a message is a template's name and its parameters, rendered in the reader's
language when it is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from core.models import Outbox

log = structlog.get_logger(__name__)

MAIL = "mail"
ATTEMPTS = 10  # count; afterwards the message stays, unsent, for the administrator to see
FIRST_PAUSE = 60  # s after the first failure, doubled after each further one


def post_mail(
    *, message_id: str, to: Sequence[str], template: str, params: Mapping[str, Any], language: str
) -> bool:
    """Puts a mail in the outbox; False when one of that id is there already.

    `template` names two files: `<template>_subject.txt` and `<template>.txt`.
    """
    payload = {"to": list(to), "template": template, "params": dict(params), "language": language}
    return Outbox.objects.get_or_create(
        message_id=message_id, defaults={"channel": MAIL, "payload": payload}
    )[1]


def send_due(limit: int = 100) -> int:
    """Sends what is due, at most `limit` messages; the number sent. Two senders never take the same one."""
    sent = 0
    for _unused in range(limit):
        outcome = _send_next()
        if outcome is None:
            break
        sent += outcome
    return sent


def _send_next() -> bool | None:
    """True when a message went out, False when it failed and was put off, None when none is due."""
    with transaction.atomic():
        due = Outbox.objects.filter(sent_at=None, not_before__lte=Now(), attempts__lt=ATTEMPTS)
        message = due.select_for_update(skip_locked=True).order_by("not_before", "pk").first()
        if message is None:
            return None
        try:
            _send(message)
        except Exception as error:  # noqa: BLE001  whatever the server says, the message is tried again
            _put_off(message, error)
            return False
        message.sent_at = Now()
        message.attempts += 1
        message.save(update_fields=["sent_at", "attempts"])
        return True


def _send(message: Outbox) -> None:
    payload = message.payload
    with translation.override(payload["language"]):
        subject = render_to_string(f"{payload['template']}_subject.txt", payload["params"])
        text = render_to_string(f"{payload['template']}.txt", payload["params"])
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    EmailMessage(
        " ".join(subject.split()),
        text,
        to=payload["to"],
        headers={"Message-ID": f"<{message.message_id}@{host}>"},
    ).send()


def _put_off(message: Outbox, error: Exception) -> None:
    pause = timedelta(seconds=FIRST_PAUSE * 2**message.attempts)
    log.warning("message_put_off", message=message.message_id, reason=type(error).__name__)
    message.attempts += 1
    message.not_before = Now() + Value(pause)
    message.last_error = f"{type(error).__name__}: {error}"[:500]
    message.save(update_fields=["attempts", "not_before", "last_error"])
