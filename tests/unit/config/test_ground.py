"""The ground the tests themselves stand on."""

import socket

import pytest
from django.conf import settings
from django.db import connection


@pytest.mark.django_db
def test_database_is_a_clone_of_this_run():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("test_portal_run")


@pytest.mark.django_db
def test_database_has_the_triggers_of_the_migrations():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
        assert cursor.fetchone()[0] > 50


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["btree_gist", "pg_trgm", "unaccent"])
def test_database_has_the_extension(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = %s", [name])
        assert cursor.fetchone()[0] == 1


def test_network_outside_is_refused():
    with pytest.raises(RuntimeError, match="this machine only"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_each_process_has_a_redis_database_of_its_own():
    assert not settings.REDIS_URL.endswith(("db=0", "/0"))
