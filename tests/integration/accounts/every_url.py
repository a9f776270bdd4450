"""The walk behind test_every_url.py: rows of its table, addresses, cells and what each must answer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from core.permissions import ACTIONS, OWN, PROGRAMME, ROLES
from tests.factories.places import MONTH, Place, Side

OPEN = "open to all"
SIGNED_IN = "signed in"
API_LIST = "api: a list shows what one may see"
WORDS = (OPEN, SIGNED_IN, API_LIST)

NOT_THERE = 405  # the address does not know this method
#: Of the roles that reach what is their own only, the one that owns the own side's things (tests/factories/places.py).
OWNER = "measure"
#: Whom another county's addresses are all asked for; the others ask one address of each kind there.
STRONGEST = ("admin", "pmo")
#: Each role draws every third page that another role of the same reach has drawn already.
DRAWN_AGAIN = 3
MISSING = {"pk": 987654321, "key": "nowhere", "code": "T-NOWHERE", "slug": "nowhere", "month": "2001-01"}


@dataclass(frozen=True)
class Guard:
    """One row of the table; read the top of test_every_url.py."""

    by: str | tuple[str, ...]
    get: int = 200
    post: int = NOT_THERE
    of: str = ""
    data: dict[str, Any] | Callable[[Side], dict[str, Any]] = field(default_factory=dict)
    stranger: tuple[int, int] | None = None
    words: dict[str, Any] | Callable[[Side], dict[str, Any]] = field(default_factory=dict)
    hidden: int = 403
    unsafe: str = "post"

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that open the address, any of them; none for an address open by a word."""
        given = (self.by,) if isinstance(self.by, str) else self.by
        return () if given[0] in WORDS else given


def shows(by: str | tuple[str, ...], **more: Any) -> Guard:
    """A page to read: GET 200, POST 405."""
    return Guard(by, **more)


def edits(by: str | tuple[str, ...], post: int = 422, **more: Any) -> Guard:
    """A form: GET 200; POST of `data` (nothing unless said) answers `post`."""
    return Guard(by, post=post, **more)


def acts(by: str | tuple[str, ...], post: int = 302, **more: Any) -> Guard:
    """A button: GET 405, POST of `data` answers `post`."""
    return Guard(by, get=NOT_THERE, post=post, **more)


# ---------------------------------------------------------------------------- addresses
def addresses(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Qualified name and pattern of each address below; the administration has its own test."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            if below != "admin:":
                yield from addresses(pattern.url_patterns, below)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


def address(name: str, pattern: URLPattern, guard: Guard, side: Side, **instead: Any) -> str:
    """The address of that name for the side's thing; `instead` replaces words of it."""
    thing = side.things.get(guard.of)
    words = guard.words(side) if callable(guard.words) else guard.words
    told = {"programme": side.programme.slug} | words | instead
    values = {}
    for word in pattern.pattern.converters:
        if word in told:
            values[word] = told[word]
        elif hasattr(thing, word):
            values[word] = getattr(thing, word)
        else:
            raise LookupError(f"{name}: say `of=` or `words=` so that <{word}> is known")
    return reverse(name, kwargs=values)


# ---------------------------------------------------------------------------- what a cell must answer
def allowed(guard: Guard, role: str, *, on_own: bool) -> bool:
    """Whether the table of permissions lets the role in: in the whole programme, or on what is its own."""
    scopes = {ACTIONS[action][role] for action in guard.actions if role in ACTIONS[action]}
    if guard.of and role != OWNER:
        scopes.discard(OWN)
    return PROGRAMME in scopes or bool(scopes) and (on_own or not guard.of)


def is_narrow(guard: Guard) -> bool:
    """The address is of one thing, and somebody may ask it only for their own."""
    scopes = {scope for action in guard.actions for scope in ACTIONS[action].values()}
    return bool(guard.of) and scopes != {PROGRAMME}


def expected(name: str, guard: Guard, method: str, *, role: str | None, where: str) -> set[int]:
    """The statuses a cell may have; role None has not signed in, where is own, other or foreign.

    A method the address does not know may be refused before or after the person is.
    """
    known = guard.get if method == "get" else guard.post
    is_api = name.startswith("api")
    if guard.by == OPEN:
        if role is None and guard.stranger is not None:
            return {guard.stranger[0 if method == "get" else 1]}
        return {known}
    if role is None:
        answer = 401 if is_api else 302
    elif guard.by in WORDS:
        return {known}
    elif where == "foreign" or role == "nobody":
        answer = 404
    elif allowed(guard, role, on_own=where == "own"):
        return {known}
    else:
        answer = guard.hidden
    return {answer, NOT_THERE} if known == NOT_THERE else {answer}


# ---------------------------------------------------------------------------- the walk
Row = tuple[str, URLPattern, Guard]


def is_first_alike(guard: Guard, role: str) -> bool:
    """No role before this one reaches as far in the actions that open the address."""
    reach = [tuple(ACTIONS[action].get(one) for action in guard.actions) for one in ROLES]
    at = ROLES.index(role)
    return reach[at] not in reach[:at]


def one_of_each_kind(rows: list[Row], turn: int) -> list[Row]:
    """One address of each kind of guard, the next one for the next turn."""
    kinds: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        name, _pattern, guard = row
        kinds[guard.by, bool(guard.of), guard.get, guard.post, guard.hidden, name.startswith("api")].append(
            row
        )
    return [alike[turn % len(alike)] for alike in kinds.values()]


@contextmanager
def undrawn() -> Iterator[None]:
    """Views do all that they do, but the templates of their answers are left empty."""
    with patch.object(SimpleTemplateResponse, "rendered_content", ""):
        yield


class Walk:
    """One person asking every address; each question is taken back afterwards.

    Every role is asked for every address of its own county, but the page is not drawn again each time: it is for
    the first role of each reach, and for every role in turns. In another county, where no role has any right, all
    but the strongest ask one address of each kind. A thorough walk asks and draws everything.
    """

    def __init__(
        self, guards: dict[str, Guard], found: list[tuple[str, URLPattern]], *, thorough: bool = False
    ) -> None:
        self.rows = [(name, pattern, guards[name]) for name, pattern in found if name in guards]
        self.thorough = thorough
        self.cells = self.drawn = 0

    def wrong(self, client: Client, side: Side, *, role: str | None, where: str) -> dict[str, Any]:
        """`GET name` -> (status given, statuses expected), where they differ.

        The other side is only asked where somebody's scope is narrow: all else is the same there.
        """
        found = {}
        for at, (name, pattern, guard) in enumerate(self.asked_by(role, where)):
            if where == "other" and not is_narrow(guard):
                continue
            url = address(name, pattern, guard, side)
            draws = self.is_drawn(guard, role, at)
            for method in ("get", guard.unsafe):
                wanted = expected(name, guard, method, role=role, where=where)
                given = self.ask(client, method, url, guard, side, draws=draws)
                if given not in wanted:
                    found[f"{method.upper()} {name} on {where}"] = (given, wanted)
        return found

    def asked_by(self, role: str | None, where: str) -> list[Row]:
        if self.thorough or where != "foreign" or role not in ROLES or role in STRONGEST:
            return self.rows
        return one_of_each_kind(self.rows, ROLES.index(role))

    def is_drawn(self, guard: Guard, role: str | None, at: int) -> bool:
        if self.thorough or role not in ROLES or is_first_alike(guard, role):
            return True
        return (at + ROLES.index(role)) % DRAWN_AGAIN == 0

    def ask(
        self, client: Client, method: str, url: str, guard: Guard, side: Side, *, draws: bool = True
    ) -> int:
        """The status of one cell; what it wrote is rolled back and the client keeps its session."""
        self.cells += 1
        self.drawn += draws
        data = (guard.data(side) if callable(guard.data) else guard.data) if method != "get" else None
        with nullcontext() if draws else undrawn():
            return answer_of(client, method, url, data).status_code


def answer_of(client: Client, method: str, url: str, data: Any = None) -> Any:
    """The answer; whatever the request wrote is taken back, the session's cookie too."""
    kept = client.cookies.copy()
    with transaction.atomic():
        answer = getattr(client, method)(url, data)
        transaction.set_rollback(True)
    client.cookies = kept
    return answer


def as_read(answer: Any, *words: str) -> str:
    """The page without the words that were asked for and without the secret that differs each time."""
    text = re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())
    for word in words:
        text = text.replace(str(word), "")
    return text


__all__ = [
    "API_LIST", "MISSING", "MONTH", "OPEN", "SIGNED_IN", "Guard", "Place", "Walk", "acts", "address", "addresses",
    "answer_of", "as_read", "edits", "expected", "shows",
]  # fmt: skip
