"""Statements of much-read pages, written by the ORM once and run with other values each time.

A queryset that joins four tables takes Django a millisecond to write down, several times what PostgreSQL needs
to answer it, and it comes out the same on every request. A `Statement` keeps what was written:

    LINES = Statement(lambda measure: SavingsLine.objects.filter(measure=measure).select_related("sector"))
    lines = LINES.all(measure=measure.pk)

Only the statement is kept, never an answer: every call asks the database. The values must be single ones, given
by name and compared (`=`, `<`): ids, texts, days. What else the queryset says may not depend on the moment, the
person or the language. It gives whole rows with what `select_related` and `annotate` add; related rows beyond
that are asked for by a statement of their own.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators
from django.http import Http404

from core import asof

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """Where a value goes when the statement runs."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


@dataclass(frozen=True)
class _Written(Generic[M]):
    """The statement, and how Django makes rows of its columns."""

    sql: str
    params: tuple[Any, ...]
    model: type[M]
    names: list[str]
    columns: slice
    related: list[Any]
    annotations: dict[str, int]
    converters: list[tuple[int, list[Any], Any]]


class Statement(Generic[M]):
    """A queryset of model rows; the names of `build`'s parameters are the values that a call gives."""

    def __init__(self, build: Callable[..., QuerySet[M]]) -> None:
        self._build = build
        self._names = tuple(inspect.signature(build).parameters)
        self._written: _Written[M] | None = None

    def all(self, **values: Any) -> list[M]:
        """The rows, in the queryset's order. One query."""
        if asof.past() is not None:  # other features of the database: written anew
            return list(self._build(**values))
        if self._written is None:
            self._written = _write(self._build(**{name: Slot(name) for name in self._names}))
        written = self._written
        params = [values[one.name] if isinstance(one, Slot) else one for one in written.params]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, params)
            return [_row_of(written, row) for row in cursor.fetchall()]

    def one_or_404(self, **values: Any) -> M:
        """The first row; Http404 when there is none."""
        rows = self.all(**values)
        if not rows:
            raise Http404
        return rows[0]


def _write(rows: QuerySet[M]) -> _Written[M]:
    compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
    sql, params = compiler.as_sql()
    select, info = compiler.select, compiler.klass_info
    columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
    converters = compiler.get_converters([column[0] for column in select[: compiler.col_count]])
    return _Written(
        sql=sql,
        params=tuple(params),
        model=info["model"],
        names=[column[0].target.attname for column in select[columns]],
        columns=columns,
        related=get_related_populators(info, select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]  # stubs of a later Django
        annotations=dict(compiler.annotation_col_map),
        converters=[(at, found, column) for at, (found, column) in converters.items()],
    )


def _row_of(written: _Written[M], row: Any) -> M:
    """As django.db.models.query.ModelIterable makes it."""
    values = list(row)
    for at, converters, column in written.converters:
        for convert in converters:
            values[at] = convert(values[at], column, connection)
    found = written.model.from_db(DEFAULT_DB_ALIAS, written.names, values[written.columns])
    for populator in written.related:
        populator.populate(values, found)
    for name, at in written.annotations.items():
        setattr(found, name, values[at])
    return found


def give(row: Model, relation: str, rows: list[Any]) -> None:
    """Hands a row what points to it, as `prefetch_related` does: `row.<relation>.all()` then asks no more."""
    manager: Any = getattr(row, relation)
    for one in rows:
        setattr(one, manager.field.name, row)
    kept = manager.all()
    kept._result_cache, kept._prefetch_done = rows, True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = kept
