"""The frozen document: canonical text, its hash, and the readers of every schema that was ever written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.periods import month_end, month_key, month_of
from measures.selectors import books_closed_through
from programme.models import Programme
from reporting.content import Content
from reporting.layout import status_view_blocks
from reporting.selectors import Overview

SCHEMA = "status-view/1"

Document = dict[str, Any]


class NotCanonical(TypeError):
    """The document holds something that is not kept: a float, a date object, an odd key."""


class UnknownSchema(ValueError):
    """No reader for the schema of a stored document."""

    message = _("This status view was written by a version of the portal that this one cannot read.")


class FutureMonth(ValueError):
    """A status view was asked for a month that has not begun."""

    code = "future_month"
    message = _("The month has not begun yet.")


# --- canonical text -----------------------------------------------------------------------------------


def canonical(document: Document) -> str:
    """The one text of a document: sorted keys, no spaces, characters as they are, whole numbers only."""
    _refuse_inexact(document, path="document")
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(text: str) -> str:
    """Hash of the UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_inexact(value: Any, *, path: str) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"{path}: key {key!r}")
            _refuse_inexact(part, path=f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, part in enumerate(value):
            _refuse_inexact(part, path=f"{path}[{index}]")
    elif value is not None and not isinstance(value, str | int | bool):
        raise NotCanonical(f"{path}: {value!r}")


# --- building -----------------------------------------------------------------------------------------


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction of its own that sees one committed state of the database and writes nothing.

    Must be the outermost transaction: the isolation level is its first statement.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a frozen document needs a transaction of its own")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def status_day(programme: Programme, month: date) -> date:
    """The day that a month's status view speaks of: its last, or today while the month runs."""
    today = programme.today()
    if month_of(month) > month_of(today):
        raise FutureMonth(month_key(month))
    return min(month_end(month), today)


def collect(programme_id: int, month: date) -> Document:
    """The content of a month's status view from one committed state. Same data, same document."""
    with one_moment():
        programme = Programme.objects.select_related("organisation").get(pk=programme_id)
        on = status_day(programme, month)
        overview = Overview(programme, on=on)
        content = Content()
        for add in status_view_blocks(overview):
            add(content, overview)
        closed = books_closed_through(programme, on)
    return {
        "schema": SCHEMA,
        "programme": {
            "key": programme.slug,
            "name": content.name(programme),
            "organisation": content.name(programme.organisation),
        },
        "period": month_key(month),
        "as_of": on.isoformat(),
        "books_closed_through": month_key(closed) if closed else None,
        "basis": programme.basis,
        "comparison_base": content.name(programme, "comparison_base"),
        "final_year": programme.final_year,
        "illustrative_measures": overview.illustrative_measures,
        "figures": content.figures,
        "blocks": content.blocks,
    }


# --- reading ------------------------------------------------------------------------------------------

Reader = Callable[[Document], Document]
READERS: dict[str, Reader] = {}


def reader(schema: str) -> Callable[[Reader], Reader]:
    """Registers how documents of a schema are turned into the shape that pages show today.

    A reader stays for as long as a document of its schema may exist: frozen documents never change.
    """

    def register(read: Reader) -> Reader:
        READERS[schema] = read
        return read

    return register


def read_document(text: str) -> Document:
    """The stored text as a document of the present schema; raises UnknownSchema."""
    document = json.loads(text)
    schema = document.get("schema", "")
    if schema not in READERS:
        raise UnknownSchema(schema)
    return READERS[schema](document)


@reader(SCHEMA)
def _read_1(document: Document) -> Document:
    return document


@reader("status-view/0")
def _read_0(document: Document) -> Document:
    """The trial schema: figures only, as {ref: {"cents", "label": {...}}}, in the order of `order`."""
    figures = {
        ref: {"cents": figure["cents"], "unit": "eur_cents", "label": figure["label"], "source": ""}
        for ref, figure in document["figures"].items()
    }
    rows = [
        {
            "cells": [{"text": figures[ref]["label"]}, {"figure": ref}],
            "total": False,
            "apart": False,
        }
        for ref in document.get("order", sorted(figures))
    ]
    money_heading = {"fi": "Määrä", "sv": "Belopp", "en": "Amount"}
    figure_heading = {"fi": "Luku", "sv": "Siffra", "en": "Figure"}
    return {
        "schema": SCHEMA,
        "programme": {"key": document["programme"], "name": {}, "organisation": {}},
        "period": document["month"],
        "as_of": document["as_of"],
        "books_closed_through": document.get("books_closed_through"),
        "basis": document.get("basis", "level_change"),
        "comparison_base": {},
        "final_year": document.get("final_year"),
        "illustrative_measures": document.get("illustrative_measures", 0),
        "figures": figures,
        "blocks": [
            {
                "kind": "table",
                "key": "figures",
                "heading": {"fi": "Luvut", "sv": "Siffror", "en": "Figures"},
                "span": 12,
                "columns": [
                    {"label": figure_heading, "kind": "text", "small": {}},
                    {"label": money_heading, "kind": "money", "small": {}},
                ],
                "rows": rows,
                "notes": [],
            }
        ],
    }
