"""What `manage.py check --deploy` asks beyond Django's own questions: each has a sentence that says what to set."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, connection

OLDEST_POSTGRESQL = 150000
COOKIES = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "MESSAGE_COOKIE_NAME")


def policy_is_strict() -> bool:
    """No inline code anywhere in the content security policy."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return directives.get("default-src") == ["'none'"] and "unsafe-" not in str(directives)


def database_is_new_enough() -> bool:
    """Whether the server is PostgreSQL 15 or newer; one that is away is asked when it is back."""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return True
    return connection.connection.info.server_version >= OLDEST_POSTGRESQL


CHECKS: dict[str, tuple[Callable[[], Any], str]] = {
    "portal.W001": (policy_is_strict, "The content security policy allows inline code."),
    "portal.W002": (
        lambda: all(str(getattr(settings, name)).startswith("__Host-") for name in COOKIES),
        "A cookie's name lacks the prefix __Host-, which binds it to this host and to TLS.",
    ),
    "portal.W003": (
        lambda: "console" not in settings.EMAIL_BACKEND and "locmem" not in settings.EMAIL_BACKEND,
        "Mail is written to the console: set EMAIL_URL, or none for no mail.",
    ),
    "portal.W004": (lambda: settings.TIME_ZONE == "Europe/Helsinki", "Days and months are those of Europe/Helsinki."),
    "portal.W005": (
        lambda: settings.AUTHENTICATION_BACKENDS[0].startswith("axes."),
        "Wrong passwords are not counted: axes must be the first of AUTHENTICATION_BACKENDS.",
    ),
    "portal.W006": (lambda: not settings.DEMO, "Demo accounts have a known password: unset PORTAL_DEMO."),
    "portal.W007": (
        lambda: "Argon2" in settings.PASSWORD_HASHERS[0], "Passwords are to be hashed by Argon2 first."
    ),
    "portal.W008": (database_is_new_enough, "PostgreSQL is older than 15."),
}  # fmt: skip


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A warning for each answer that is no."""
    return [Warning(sentence, id=name) for name, (holds, sentence) in CHECKS.items() if not holds()]
