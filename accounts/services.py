"""Writes about people: accounts, tokens, the language they chose."""

import secrets
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.authentication import digest
from accounts.models import ApiToken, User


def make_token(*, user: User) -> str:
    """A new token of the person. It is returned this once; only its SHA-256 is stored."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, digest=digest(token))
    return token


def choose_language(*, user: Any, language: str) -> None:
    """The language the person reads from now on; raises ValueError for one the portal does not speak."""
    if language not in User.Language.values:
        raise ValueError(language)
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def demo_accounts_present() -> bool:
    """Whether accounts with the well-known demonstration password exist."""
    return User.objects.filter(is_demo=True).exists()


def make_person(*, username: str, email: str, first_name: str, last_name: str, language: str = "fi") -> User:
    """A person without a password: they set one by a link in their mail. Raises ValidationError by field."""
    person = User(
        username=username.strip().lower(), email=email.strip().lower(), first_name=first_name.strip(),
        last_name=last_name.strip(), language=language,
    )  # fmt: skip
    person.set_unusable_password()
    person.full_clean()
    person.save()
    return person


def switch_off(*, user: User) -> None:
    """Ends the person's use of the portal at once: no sign-in, no session, no token."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user=user)


def switch_on(*, user: User) -> None:
    """Lets the person sign in again."""
    user.is_active = True
    user.save(update_fields=["is_active"])


def end_sessions(*, user: User) -> int:
    """Ends every sign-in of the person; the number ended. Sessions name nobody, so all living ones are read."""
    ended = 0
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()
            ended += 1
    return ended
