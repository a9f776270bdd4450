"""Emptying the tables after a test that commits: only those with rows, without the checks that order them.

Django truncates every table there is and makes the permissions anew: most of a second each time, for a few rows.
The embedded server lets its superuser delete them with the triggers and foreign keys at rest; elsewhere Django's
own way is taken.
"""

from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection
from django.test import TransactionTestCase

#: Made with the tables, and the same in every test; Django makes them anew because it has emptied them.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
#: Rows from which on the room of the deleted ones is given back at once.
MANY = 500


class Emptying:
    """Deletes all rows of this process's test database through a connection of its own."""

    def __init__(self, address: str) -> None:
        self.address, self.question = address, ""
        self.connection: psycopg.Connection[Any] | None = None

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def __call__(self, case: TransactionTestCase) -> None:
        if self.connection is None:
            self.connection = psycopg.connect(self.address, autocommit=True)
            self.connection.execute("SET session_replication_role = replica")
            tables = [name for (name,) in self.connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ) if name not in KEPT]  # fmt: skip
            self.question = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables
            )
        connection.close()  # what is left open would hold a lock
        with self.connection.cursor() as cursor:
            filled = [name for (name,) in cursor.execute(self.question)]
            large = []
            for name in filled:
                if cursor.execute(f'DELETE FROM "{name}"').rowcount >= MANY:
                    large.append(f'"{name}"')
            if large:
                cursor.execute(f"VACUUM (SKIP_DATABASE_STATS) {', '.join(large)}")


def empty_by(emptying: Callable[[Any], None]) -> None:
    """Lets tests that commit be cleaned up by `emptying`, but for those that want rows back or only some apps."""
    original = TransactionTestCase._fixture_teardown

    def teardown(case: Any) -> None:
        (original if case.serialized_rollback or case.available_apps else emptying)(case)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[method-assign]
