"""Is the process up, and can it serve?

`/healthz` knows nothing but itself. `/readyz` is 503 only when the database is away or migrations are missing;
without Redis or a worker pages still work, so these are told as degraded with 200.
"""

from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

log = structlog.get_logger(__name__)
WORKER_WAIT = 0.5  # s for a worker's answer


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The state of each part as JSON."""
    parts: dict[str, str] = {"database": database_state()}
    ready = parts["database"] == "ok"
    if ready:
        parts["migrations"] = migrations_state()
        ready = parts["migrations"] == "ok"
    parts["redis"] = redis_state()
    parts["worker"] = worker_state() if parts["redis"] == "ok" else "unknown"
    whole = all(state == "ok" for state in parts.values())
    body: dict[str, Any] = {"status": "ok" if whole else "degraded" if ready else "unavailable", **parts}
    return JsonResponse(body, status=200 if ready else 503)


def database_state() -> str:
    """ok, or unavailable."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.warning("readyz_database_unavailable")
        return "unavailable"
    return "ok"


_applied: list[bool] = []


def migrations_state() -> str:
    """ok, or missing. Once they are all there the answer is kept: none can go missing while this process lives."""
    if _applied:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unavailable"
    if missing:
        return "missing"
    _applied.append(True)
    return "ok"


def redis_state() -> str:
    """ok, or unavailable."""
    import redis
    from redis.exceptions import RedisError

    timeouts = settings.CACHES["default"].get("OPTIONS", {})
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **timeouts) as client:
            client.ping()
    except (RedisError, OSError):
        return "unavailable"
    return "ok"


def worker_state() -> str:
    """ok when a worker answers within half a second, else missing."""
    from celery import current_app

    try:
        answers = current_app.control.ping(timeout=WORKER_WAIT, limit=1)
    except Exception as error:  # noqa: BLE001  the broker's client raises what its transport raises
        log.warning("readyz_worker_unknown", error=type(error).__name__)
        return "unknown"
    return "ok" if answers else "missing"
