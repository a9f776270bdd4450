"""Two furnished counties for the tests that walk every address."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import transaction
from django.test.utils import override_settings

from tests.factories.places import Place, furnish


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Place, Place]]:
    """Two furnished counties with equal keys, built once; the transaction around all tests is never committed.

    Nothing is cached: a number of the data's version comes again when a cell's writes are taken back.
    """
    nothing_kept = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(CACHES=nothing_kept),
        django_db_blocker.unblock(),
    ):
        # Here a view is built inside the test's own transaction, which the portal refuses.
        patch.setattr("reporting.documents.one_moment", nullcontext)
        with transaction.atomic():
            yield furnish("own"), furnish("foreign")
            transaction.set_rollback(True)


@pytest.fixture
def taken_back(places: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own(places: tuple[Place, Place]) -> Place:
    return places[0]


@pytest.fixture
def foreign(places: tuple[Place, Place]) -> Place:
    return places[1]
