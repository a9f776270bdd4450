"""A furnished county and its people, built once for a module; what a test writes is taken back."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from tests.factories.places import Place, furnish


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[Place]:
    """The county `own`, inside a transaction that is never committed; nothing is cached meanwhile."""
    nothing_kept = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(CACHES=nothing_kept),
        django_db_blocker.unblock(),
    ):
        # Here a view is built inside the test's own transaction, which the portal refuses.
        patch.setattr("reporting.documents.one_moment", nullcontext)
        with transaction.atomic():
            yield furnish("own")
            transaction.set_rollback(True)


@pytest.fixture
def place(built: Place, django_db_blocker: Any) -> Iterator[Place]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield built
        transaction.set_rollback(True)


@pytest.fixture
def as_role(place: Place) -> Callable[[str], Client]:
    """A browser of the county's person with that role."""

    def open_browser(role: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(place.people[role])
        return client

    return open_browser
