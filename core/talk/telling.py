"""How the talk reaches people: `accounts` hands in what tells them, because `core` stands left of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Codes of notices about what is said.
ASKED, MENTIONED, ANSWERED, COMMENTED = "talk.asked", "talk.mentioned", "talk.answered", "talk.commented"
#: The monthly word of who answers for a row, told to who follows it.
UPDATED = "talk.updated"

_TELLERS: list[Callable[..., int]] = []


def tell_with(teller: Callable[..., int]) -> None:
    """Says what tells people: `teller(users, code, params=, url=, dedupe_key=, programme=)`."""
    _TELLERS[:] = [teller]


def tell(users: Any, code: str, **what: Any) -> int:
    """Tells the people; how many are told anew, none where nothing tells them."""
    return _TELLERS[0](users, code, **what) if _TELLERS and users else 0
