"""Trying again what the database refused only because two transactions met."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

DEADLOCK = "40P01"
SERIALISATION = "40001"
TRIES = 3


def retrying(work: Callable[P, T]) -> Callable[P, T]:
    """Decorates a function that is one whole transaction: a deadlock or failed serialisation runs it again.

    Three tries in all. Inside somebody else's transaction the error goes up at once, because that
    transaction is lost and only its owner can start over.
    """

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if attempt == TRIES or connection.in_atomic_block or not is_retriable(error):
                    raise
                log.warning("transaction_tried_again", work=work.__qualname__, attempt=attempt)
        raise AssertionError("unreachable")

    return tried


def is_retriable(error: BaseException) -> bool:
    """Whether the database says that the same transaction may succeed when tried again."""
    return getattr(error.__cause__, "sqlstate", None) in {DEADLOCK, SERIALISATION}
