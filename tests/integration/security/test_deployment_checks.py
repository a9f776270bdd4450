"""`check --deploy` says what is wrong with a deployment, and nothing when nothing is."""

from typing import Any

import pytest
from django.test import override_settings

from core.checks import CHECKS, check_deployment

GOOD: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LANGUAGE_COOKIE_NAME": "__Host-language",
    "MESSAGE_COOKIE_NAME": "__Host-messages",
    "EMAIL_BACKEND": "core.mail.NoMailBackend",
    "DEMO": False,
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
}
BAD: dict[str, dict[str, Any]] = {
    "portal.W001": {
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]}
        }
    },
    "portal.W002": {"LANGUAGE_COOKIE_NAME": "django_language"},
    "portal.W003": {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
    "portal.W004": {"TIME_ZONE": "UTC"},
    "portal.W005": {"AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.ModelBackend"]},
    "portal.W006": {"DEMO": True},
    "portal.W007": {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]},
}


def said(**settings: Any) -> list[str]:
    with override_settings(**(GOOD | settings)):
        return [str(warning.id) for warning in check_deployment(None)]


@pytest.mark.django_db
def test_a_good_deployment_is_not_warned_of() -> None:
    assert said() == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", BAD)
def test_each_fault_has_its_warning(name: str) -> None:
    assert said(**BAD[name]) == [name]


@pytest.mark.django_db
def test_an_old_database_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.checks.OLDEST_POSTGRESQL", 990000)

    assert said() == ["portal.W008"]
    assert set(CHECKS) == {*BAD, "portal.W008"}
