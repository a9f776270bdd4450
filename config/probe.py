"""Health checks of the containers: `python -m config.probe web|worker|beat`, exit code 0 when well."""

import os
import sys
import urllib.error
import urllib.request

from config import env


def web() -> bool:
    """Whether the web process in this container is up; not whether the database is, that is not its illness."""
    request = urllib.request.Request(f"http://127.0.0.1:{env.port()}/healthz")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=4) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def worker() -> bool:
    """Whether the worker of this container answers."""
    import socket

    import django

    django.setup()
    from config.celery import app

    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=5))


def beat() -> bool:
    """Whether beat rang for the sweep of the last five minutes."""
    import django

    django.setup()
    from datetime import timedelta

    from django.utils import timezone
    from django_celery_beat.models import PeriodicTask

    since = timezone.now() - timedelta(minutes=5)
    return PeriodicTask.objects.filter(name="sweep jobs", last_run_at__gte=since).exists()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["PORTAL_ROLE"] = "probe"
    checks = {"web": web, "worker": worker, "beat": beat}
    if len(sys.argv) != 2 or sys.argv[1] not in checks:
        env.stop(f"Say what to look at: {', '.join(checks)}.")
    sys.exit(0 if checks[sys.argv[1]]() else 1)
