"""Writing many rows at once, with who and why.

`COPY` goes past the hook that gives history its context, so it is allowed in this module only
(a test reads the code). The context is set here, in the transaction that does the writing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from core.history import own_context

SET_CONTEXT = """
    SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)
"""


class BulkWriter:
    """A cursor inside the transaction of `bulk_write`."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        """Runs one statement; its rows are read from `cursor`."""
        return self.cursor.execute(sql, params)

    def copy(self, statement: str, rows: Iterable[Sequence[Any]]) -> int:
        """Feeds rows to a `COPY ... FROM STDIN` statement; the number of rows fed."""
        fed = 0
        with self.cursor.copy(statement) as stream:
            for row in rows:
                stream.write_row(row)
                fed += 1
        return fed

    def copy_rows(self, model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Inserts rows of the model given as tuples in the order of `fields`; the number of rows."""
        quote = connection.ops.quote_name
        by_name = {field.name: str(field.column) for field in model._meta.concrete_fields}
        columns = ", ".join(quote(by_name[name]) for name in fields)
        return self.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN", rows)


@contextmanager
def bulk_write(by: Any, reason: str, **metadata: Any) -> Iterator[BulkWriter]:
    """One transaction whose every change carries `by` and `reason`, the ORM's changes too.

    Without `by` the person of the request or job around it stays. Further `metadata` (a file's hash, a
    job's id) joins them.
    """
    told = metadata | {"reason": reason} | ({} if by is None else {"user": by.pk})
    with transaction.atomic(), own_context(**told) as context, connection.cursor() as cursor:
        cursor.execute(SET_CONTEXT, [str(context.id), json.dumps(context.metadata, default=str)])
        yield BulkWriter(cursor)


def copy_out(
    statement: str, params: Sequence[Any] | None = None, *, size: int = 64 * 1024
) -> Iterator[bytes]:
    """The output of a `COPY (SELECT ...) TO STDOUT` in chunks of about `size` bytes; memory stays flat.

    The database sends row by row; whole rows are gathered so that a response is not written in crumbs.
    """
    yield from gathered(copied_rows(statement, params), size=size)


def copied_rows(statement: str, params: Sequence[Any] | None = None) -> Iterator[bytes]:
    """The output of a `COPY (SELECT ...) TO STDOUT`, one row with its end of line at a time."""
    with connection.cursor() as cursor, cursor.copy(statement, params) as stream:
        for row in stream:
            yield bytes(row)


def gathered(rows: Iterable[bytes], *, size: int = 64 * 1024) -> Iterator[bytes]:
    """The rows in chunks of about `size` bytes."""
    waiting, length = [], 0
    for row in rows:
        waiting.append(row)
        length += len(row)
        if length >= size:
            yield b"".join(waiting)
            waiting, length = [], 0
    if waiting:
        yield b"".join(waiting)
