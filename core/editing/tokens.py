"""A form that is sent twice does what it asks once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.models import Submission


@dataclass
class Sending:
    """One sending: whether the form did its work before, and the page that shows what came of it."""

    is_repeat: bool
    url: str


@contextmanager
def submitted_once(token: str, by: Any) -> Iterator[Sending]:
    """One transaction around the work of a form; `is_repeat` says that it is done already.

    Of two that come at once the later waits for the earlier; when that one fails, this one does the work.
    Set `url` inside the block to the page that shows what came of it. A form without a token is never a repeat.
    """
    with transaction.atomic():
        if not token:
            yield Sending(False, "")
            return
        row, is_new = Submission.objects.get_or_create(token=token[:64], defaults={"user": by})
        sending = Sending(not is_new, row.url)
        yield sending
        if is_new and sending.url:
            row.url = sending.url[:500]
            row.save(update_fields=["url"])
