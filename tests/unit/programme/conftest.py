"""Both real programmes, loaded once for a module that only reads them."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.factories.programme import BOTH, load


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker) -> Iterator[dict]:
    """{slug: Programme}; rolled back when the module is done. Tests with it take no `db` fixture."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {name: load(name).programme for name in BOTH}
        transaction.set_rollback(True)
