"""Writes about people: tokens, the language they chose."""

import secrets
from typing import Any

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
