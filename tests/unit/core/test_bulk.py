"""COPY is written in one place; colliding transactions are tried again."""

import ast
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from core.bulk import bulk_write, copy_out
from core.db import TRIES, is_retriable, retrying
from programme.models import Programme, Theme
from tests.factories.accounts import make_programme

APPS = ("core", "accounts", "programme", "measures", "kpis", "risks", "strategy", "reporting")


def copies_by_cursor(source: str) -> list[int]:
    """Lines on which something called cursor, or an attribute of that name, is told to copy."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "copy"
        and "cursor" in ast.unparse(node.func.value).lower()
    ]


def test_only_the_bulk_module_copies() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in APPS
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if copies_by_cursor(path.read_text())
    }

    assert found == {"core/bulk.py"}


@pytest.mark.parametrize(
    "line", ["with cursor.copy(sql): pass", "self.cursor.copy(sql)", "my_cursor.copy(x)"]
)
def test_the_search_finds_a_copy(line: str) -> None:
    assert copies_by_cursor(line) == [1]


@pytest.mark.parametrize("line", ["values.copy()", "shutil.copy(a, b)", "writer.copy(sql, rows)"])
def test_the_search_lets_other_copies_pass(line: str) -> None:
    assert copies_by_cursor(line) == []


@pytest.mark.django_db
def test_nothing_of_a_failed_bulk_write_stays() -> None:
    programme = make_programme("own")
    with pytest.raises(ZeroDivisionError), bulk_write(None, "fails") as writer:
        writer.copy("COPY core_setting (scope, key, value, valid_from, reason) FROM STDIN",
                    [("", "a", "1", "2024-01-01", "")])  # fmt: skip
        Theme.objects.create(programme=programme, key="x", number=1, name_fi="X")
        raise ZeroDivisionError

    assert not Theme.objects.exists()


@pytest.mark.django_db
def test_copy_out_gives_whole_rows_in_chunks() -> None:
    chunks = list(copy_out("COPY (SELECT generate_series(1, 1000)) TO STDOUT", size=100))

    assert len(chunks) > 10
    assert b"".join(chunks).split() == [str(n).encode() for n in range(1, 1001)]
    assert all(chunk.endswith(b"\n") for chunk in chunks)


@pytest.mark.django_db(transaction=True)
def test_two_opposite_updates_that_deadlock_both_succeed() -> None:
    first, second = make_programme("first"), make_programme("second")
    met = threading.Barrier(2, timeout=60)
    tries = {"a": 0, "b": 0}

    @retrying
    def update(name: str, one: Programme, other: Programme) -> None:
        tries[name] += 1
        with transaction.atomic():
            Programme.objects.filter(pk=one.pk).update(name_sv=name)
            if tries[name] == 1:
                met.wait()
            Programme.objects.filter(pk=other.pk).update(name_sv=name)

    def in_thread() -> None:
        try:
            update("b", second, first)
        finally:
            connection.close()

    other = threading.Thread(target=in_thread)
    other.start()
    update("a", first, second)
    other.join(60)

    assert sorted(tries.values()) == [1, 2]
    assert len(set(Programme.objects.values_list("name_sv", flat=True))) == 1


class Refused(OperationalError):
    """As the driver gives it: the reason hangs behind."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.__cause__ = type("Cause", (Exception,), {"sqlstate": sqlstate})()


def calls_before_giving_up(sqlstate: str) -> int:
    calls = []

    @retrying
    def work() -> None:
        calls.append(1)
        raise Refused(sqlstate)

    with pytest.raises(OperationalError):
        work()
    return len(calls)


@pytest.mark.django_db(transaction=True)
def test_it_gives_up_after_three_tries_and_at_once_for_other_errors() -> None:
    assert calls_before_giving_up("40P01") == calls_before_giving_up("40001") == TRIES == 3
    assert calls_before_giving_up("57014") == 1


@pytest.mark.django_db
def test_inside_another_transaction_it_does_not_try_again() -> None:
    assert calls_before_giving_up("40P01") == 1


def test_an_error_without_a_state_is_not_retriable() -> None:
    assert not is_retriable(OperationalError("gone"))
