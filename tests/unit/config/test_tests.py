"""The ground the tests stand on."""

import socket

import pytest
from django.db import connection


@pytest.mark.django_db
def test_database_is_a_clone_of_this_run():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("test_portal_run")


def test_network_outside_is_refused():
    with pytest.raises(RuntimeError, match="this machine only"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
