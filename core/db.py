"""Transactions: tried again when they only met another one, and planned for adding up whole tables."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

log = structlog.get_logger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

DEADLOCK = "40P01"
SERIALISATION = "40001"
TRIES = 3
#: Seconds before the next try, times the tries made: whoever won gets what we let go before we ask for it again.
PAUSE = (0.01, 0.05)


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
                time.sleep(random.uniform(*PAUSE) * attempt)
        raise AssertionError("unreachable")

    return tried


def is_retriable(error: BaseException) -> bool:
    """Whether the database says that the same transaction may succeed when tried again."""
    return getattr(error.__cause__, "sqlstate", None) in {DEADLOCK, SERIALISATION}


#: What a statement that reads and groups most of some tables wants: no plan made for few rows, memory to
#: group in, no time spent on compiling.
_FOR_SUMS = {"enable_nestloop": "off", "work_mem": "64MB", "jit": "off"}
# The subquery keeps apart what was and what will be: the planner may not fold it into the list around it.
_CHANGE = "SELECT was.*, {changes} FROM (SELECT {present} OFFSET 0) was".format(
    changes=", ".join(f"set_config('{name}', %s, true)" for name in _FOR_SUMS),
    present=", ".join(f"current_setting('{name}') AS {name}" for name in _FOR_SUMS),
)


@contextmanager
def planned_for_sums() -> Iterator[CursorWrapper]:
    """A cursor whose statements are planned for adding up whole tables, in a transaction.

    The settings hold until the end of the block. A transaction of its own takes them with it; one around
    it gets back what it had, unless it is lost: then its rollback does that.
    """
    is_guest = connection.in_atomic_block
    with nullcontext() if is_guest else transaction.atomic(), connection.cursor() as cursor:
        before = _change_settings(cursor, list(_FOR_SUMS.values()))
        try:
            yield cursor
        finally:
            if is_guest and connection.connection.info.transaction_status != TransactionStatus.INERROR:
                _change_settings(cursor, before)


def _change_settings(cursor: CursorWrapper, values: Sequence[str]) -> Sequence[str]:
    """Sets them until the transaction ends; what they were before."""
    cursor.execute(_CHANGE, values)
    return cursor.fetchone()[: len(_FOR_SUMS)]
