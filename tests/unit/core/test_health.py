"""Decision 35: only the database and missing migrations make the portal unready."""

import json

import pytest
from django.db import OperationalError

from core import health


@pytest.fixture(autouse=True)
def _forget_migrations():
    health._applied.clear()
    yield
    health._applied.clear()


def test_healthz_needs_no_database(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"


def test_healthz_answers_whatever_name_it_is_asked_by(client):
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.django_db
def test_readyz_names_each_part(client):
    answer = client.get("/readyz")
    body = json.loads(answer.content)
    assert answer.status_code == 200
    assert set(body) == {"status", "database", "migrations", "redis", "worker"}
    assert body["database"] == body["migrations"] == body["redis"] == "ok"


@pytest.mark.django_db
def test_no_worker_is_degraded_not_unready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert json.loads(answer.content)["worker"] == "missing"
    assert json.loads(answer.content)["status"] == "degraded"


@pytest.mark.django_db
def test_no_redis_is_degraded_not_unready(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    body = json.loads(answer.content)
    assert answer.status_code == 200
    assert (body["redis"], body["worker"], body["status"]) == ("unavailable", "unknown", "degraded")


@pytest.mark.django_db
def test_missing_migration_is_unready(client):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reporting'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["migrations"] == "missing"


def test_database_away_is_unready(client, monkeypatch):
    """The connection itself is replaced: stopping the server would stop it for every other test."""

    class Away:
        def cursor(self):
            raise OperationalError("away")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content) | {"redis": "", "worker": ""} == {
        "status": "unavailable", "database": "unavailable", "redis": "", "worker": "",
    }  # fmt: skip


def test_health_answers_are_never_kept(client):
    assert "no-store" in client.get("/healthz")["Cache-Control"]


@pytest.mark.parametrize("given", ["abcdef12", "7f9c-2ba4.e88f_827d"])
def test_sane_request_id_is_kept_and_answered(client, given):
    assert client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space", "new\nline", "<script>", "ääkkösiä!"])
def test_other_request_id_is_replaced(client, given):
    answered = client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"]
    assert answered != given
    assert len(answered) == 32


def test_log_line_is_json_with_the_request_id_and_cannot_be_forged(client, settings, capsys):
    import logging
    import logging.config

    import structlog

    from config.logs import logging_settings

    dictionary = logging_settings(json_lines=True)
    dictionary["handlers"]["stderr"]["stream"] = "ext://sys.stderr"
    logging.config.dictConfig(dictionary)
    structlog.contextvars.bind_contextvars(request_id="abcdef12")
    structlog.get_logger("portal").info("signed_in", name='x\n{"event": "forged"}')
    structlog.contextvars.clear_contextvars()
    lines = capsys.readouterr().err.strip().splitlines()
    logging.config.dictConfig(settings.LOGGING)
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line["request_id"] == "abcdef12"
    assert line["event"] == "signed_in"
    assert line["level"] == "info"
