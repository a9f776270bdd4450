"""What one page asks the database more than once is asked once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from core import asof

T = TypeVar("T")

_KNOWN: ContextVar[dict[Any, Any] | None] = ContextVar("portal_reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Until the block ends `once` remembers. Only for what reads: nothing in it may change the data."""
    token = _KNOWN.set({})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def once(key: tuple[Any, ...], work: Callable[[], T]) -> T:
    """The answer of `work`, remembered under the key for the rest of this reading; outside of one always anew."""
    known = _KNOWN.get()
    if known is None:
        return work()
    past = asof.past()
    whole = (key, None if past is None else past.state)
    if whole not in known:
        known[whole] = work()
    found: T = known[whole]
    return found
