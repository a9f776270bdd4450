"""Pages do without Redis: look-ups miss, writes are lost, nothing is raised and nobody waits."""

import time

import pytest

from core.cache import ForgivingRedisCache


@pytest.fixture
def away():
    return ForgivingRedisCache("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.5}})


def test_everything_is_a_miss_without_redis(away):
    started = time.monotonic()
    assert away.get("a") is None
    assert away.get("a", "fallback") == "fallback"
    assert away.set("a", 1) is None
    assert away.add("a", 1) is False
    assert away.touch("a") is False
    assert away.delete("a") is False
    assert away.get_many(["a"]) == {}
    assert away.set_many({"a": 1}) == ["a"]
    assert away.delete_many(["a"]) is None
    assert away.has_key("a") is False
    assert away.incr("a") == 1
    assert away.get_or_set("a", 7) == 7
    assert away.clear() is False
    assert time.monotonic() - started < 10


def test_with_redis_it_is_a_cache():
    from django.core.cache import cache

    cache.set("a", {"b": 1}, 10)
    assert cache.get("a") == {"b": 1}
    assert cache.incr_version("a") == 2
    cache.clear()


@pytest.mark.django_db
def test_session_survives_without_redis(settings, client):
    settings.CACHES = settings.CACHES | {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    from django.contrib.sessions.backends.cached_db import SessionStore

    session = SessionStore()
    session["a"] = 1
    session.save()
    assert SessionStore(session.session_key)["a"] == 1
