"""Answers kept by the state of the data: right until anything in the programme changes, then worked out anew."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import cache

from core import asof
from core.versions import data_state
from measures import calculations
from measures.selectors.kept_cube import forget_kept
from measures.selectors.worked import forget_worked
from programme.models import Programme

#: Cached figures are kept for a day: a change of data asks for another key, so this only tidies up.
KEEP_SECONDS = 24 * 3600

#: The latest answers are kept in the process too: unpacking them from the cache costs more than finding them.
RECENT_SECONDS, RECENT_ANSWERS = 60, 32
#: Large answers of the process: some 5 megabytes each for 10 000 measures.
LARGE_ANSWERS = 3

_RECENT: dict[str, tuple[float, Any]] = {}
_LARGE: dict[str, Any] = {}
#: Answers of other code are not found: a change in any module that shapes figures asks for another key.
_CODE = hashlib.sha256(
    b"".join(
        path.read_bytes()
        for path in (
            *sorted(Path(__file__).parent.glob("*.py")),
            *sorted(Path(calculations.__file__).parent.glob("*.py")),
        )
    )
)
T = TypeVar("T")


def cached(programme: Programme, name: str, work: Callable[[], T]) -> T:
    """The answer for the programme's present data: from the cache, or worked out and put there."""
    key = _key(programme, name)
    found: T | None = _kept(key)
    if found is None:
        asof.prepare()
        found = work()
        cache.set(key, found, KEEP_SECONDS)
        _remember(key, found)
    return found


def remembered(programme: Programme, name: str, work: Callable[[], T]) -> T:
    """As `cached`, in this process only and at most LARGE_ANSWERS: for answers of megabytes."""
    key = _key(programme, name)
    known: T | None = _LARGE.get(key)
    if known is not None:
        return known
    asof.prepare()
    made = work()
    _LARGE[key] = made
    while len(_LARGE) > LARGE_ANSWERS:
        with suppress(KeyError):  # somebody else was quicker
            del _LARGE[next(iter(_LARGE))]
    return made


def kept(programme: Programme, name: str) -> Any | None:
    """The answer for the programme's present data if somebody has asked for it before; None else, at no cost."""
    return _kept(_key(programme, name))


def _key(programme: Programme, name: str) -> str:
    period = f"{programme.start_year}-{programme.end_year}"
    return f"measures:{_CODE.hexdigest()[:16]}:{programme.pk}:{data_state(programme.pk)}:{period}:{name}"


def _kept(key: str) -> Any | None:
    recent = _RECENT.get(key)
    if recent is not None and recent[0] > time.monotonic():
        return recent[1]
    found = cache.get(key)
    if found is not None:
        _remember(key, found)
    return found


def _remember(key: str, found: Any) -> None:
    if len(_RECENT) >= RECENT_ANSWERS:
        _RECENT.clear()
    _RECENT[key] = (time.monotonic() + RECENT_SECONDS, found)


def forget_recent() -> None:
    """Empties this process's memory of answers and totals; the shared cache is emptied by itself."""
    _RECENT.clear()
    _LARGE.clear()
    forget_kept()
    forget_worked()
