"""What every change of savings shares: refusals in words, the history's who and why, the order of locks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import pghistory
from django.core.exceptions import ValidationError

from measures.models import SavingsLine

#: Code of a refusal because somebody else was faster.
CHANGED = "changed"


class SavingsError(ValidationError):
    """A change that the rules of savings forbid; the message is for people, the code for programs."""


def refuse(code: str, message: Any) -> NoReturn:
    raise SavingsError(message, code=code)


def because(by: Any, reason: str) -> Any:
    """History context that says who and why."""
    return pghistory.context(user=getattr(by, "pk", None), reason=reason)


def lock_lines(programme_id: int, lines: Iterable[int]) -> None:
    """Makes other writers of these lines wait, in one order for all.

    Entries of a line share its totals: who locks the line before touching entries cannot meet another
    writer in a deadlock.
    """
    rows = SavingsLine.objects.filter(programme_id=programme_id, pk__in=set(lines)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk", flat=True))
