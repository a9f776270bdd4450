"""Starts one part of the portal in this process: `python -m config.serve web|worker|beat|migrate`.

The same entries serve `make run` and the containers. Each checks the environment first, so a bad one stops the
start with one sentence instead of a traceback out of a library.
"""

import os
import sys

from config import env, limits

PARTS = ("web", "worker", "beat", "migrate")


def web_command(host: str, port: int) -> list[str]:
    """granian with blocking threads: each thread keeps one database connection, so it is kept alive itself."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port),
        "--workers", str(limits.WEB_WORKERS), "--blocking-threads", str(limits.WEB_THREADS),
        "--blocking-threads-idle-timeout", "600", "--respawn-failed-workers", "--workers-kill-timeout", "10",
        "--log-level", "warning", "config.wsgi:application",
    ]  # fmt: skip


def worker_command(*, with_beat: bool) -> list[str]:
    """The job worker; with_beat only where exactly one worker runs."""
    command = [
        sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency", str(limits.JOB_PROCESSES),
        "--loglevel", "INFO", "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    return [*command, "-B", "--schedule", os.devnull] if with_beat else command


def beat_command() -> list[str]:
    """The one process that rings when something of the schedule is due."""
    return [sys.executable, "-m", "celery", "-A", "config.celery", "beat", "--loglevel", "INFO", "--pidfile="]


def migrate_command() -> list[str]:
    """Brings the database to the shape of the code, as its owner."""
    return [sys.executable, str(env.BASE_DIR / "manage.py"), "migrate", "--noinput"]


def refuse_demo_accounts() -> None:
    """Stops the start when the production database has accounts with a known password.

    An unreachable or empty database is no reason to stop: it answers later, and then has no accounts either.
    """
    import django
    from django.db import DatabaseError

    django.setup()
    try:
        from accounts.services import demo_accounts_present

        present = demo_accounts_present()
    except DatabaseError:
        return
    if present:
        env.stop(
            "The database holds demo accounts with a known password: remove them before production starts."
        )


def main(arguments: list[str]) -> None:
    """Replaces this process by the asked part; exit code 2 and one sentence when it cannot start."""
    part = arguments[0] if arguments else ""
    if part not in PARTS:
        env.stop(f"Say which part to start: {', '.join(PARTS)}.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    os.environ["PORTAL_ROLE"] = part
    from django.conf import settings

    _ = settings.SECRET_KEY  # reads and checks the whole environment
    if os.environ["DJANGO_SETTINGS_MODULE"].endswith("production") and part != "migrate":
        refuse_demo_accounts()
    command = {
        "web": lambda: web_command(env.host(), env.port()),
        "worker": lambda: worker_command(with_beat=False),
        "beat": beat_command,
        "migrate": migrate_command,
    }[part]()
    os.chdir(env.BASE_DIR)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
