"""The read of all totals is planned for sums, wherever it happens, and leaves nothing of that behind."""

from collections.abc import Iterator
from datetime import date

import pghistory
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.db import planned_for_sums
from measures import selectors
from reporting.documents import one_moment
from tests.golden import STATUS_DATE, Golden, build_golden, eur

LEVEL = {"plan": eur(-252_000), "forecast": eur(-288_000)}


@pytest.fixture
def golden(transactional_db: None) -> Iterator[Golden]:
    """Committed, so that the outermost transaction is the one under test."""
    yield build_golden()


def level(golden: Golden) -> dict[str, int | None]:
    change = selectors.fresh_figures(golden.programme, STATUS_DATE).total.level_change
    return {"plan": change.plan, "forecast": change.forecast}


def settings() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('enable_nestloop'), current_setting('work_mem'), current_setting('jit')"
        )
        return cursor.fetchone()


def test_figures_on_their_own(golden: Golden) -> None:
    before = settings()
    assert level(golden) == LEVEL
    assert settings() == before


def test_figures_within_a_history_context(golden: Golden) -> None:
    before = settings()
    with pghistory.context(user=1):
        assert level(golden) == LEVEL
        with transaction.atomic():
            assert level(golden) == LEVEL
            assert settings() == before
    assert settings() == before


def test_figures_within_a_transaction_give_its_settings_back(golden: Golden) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '7MB'")
        before = settings()
        assert level(golden) == LEVEL
        assert before[1] == "7MB"
        assert settings() == before


def test_figures_within_one_moment(golden: Golden) -> None:
    with one_moment():
        before = settings()
        assert level(golden) == LEVEL
        assert settings() == before


def test_the_settings_hold_inside_and_only_there(golden: Golden) -> None:
    before = settings()
    with planned_for_sums():
        assert settings() == ("off", "64MB", "off")
    assert settings() == before


def test_settings_come_back_after_an_error_of_our_own(golden: Golden) -> None:
    with transaction.atomic():
        before = settings()
        with pytest.raises(ZeroDivisionError), planned_for_sums():
            raise ZeroDivisionError
        assert settings() == before


def test_an_error_of_the_database_is_told_as_it_is(golden: Golden) -> None:
    with transaction.atomic():
        before = settings()
        with (
            pytest.raises(DatabaseError, match="division by zero"),
            transaction.atomic(),
            planned_for_sums() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert settings() == before


def test_kept_figures_are_found_with_one_statement(golden: Golden) -> None:
    on = date(2024, 6, 30)
    selectors.savings_figures(golden.programme, on=on)
    with CaptureQueriesContext(connection) as asked:
        selectors.savings_figures(golden.programme, on=on)
    assert len(asked) == 1
