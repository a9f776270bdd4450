"""Tokens of the API: `Authorization: Bearer <token>`; only the SHA-256 of a token is stored."""

import hashlib

import pghistory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.models import ApiToken, User
from core.rates import TOKENS, address_of, refuse_if_spent, spend

KEYWORD = "bearer"


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class BearerAuthentication(BaseAuthentication):
    """The person whose token the request carries; nobody when it carries none."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].decode("latin-1").lower() != KEYWORD:
            return None
        if len(words) != 2:
            raise exceptions.AuthenticationFailed(
                _("The Authorization header must be: Bearer, space, token.")
            )
        refuse_if_spent(TOKENS, address_of(request))
        token = self._find(words[1].decode("latin-1"), request)
        self._note_use(token)
        pghistory.context(
            user=token.user_id, token=token.pk
        )  # joins the context of an unsafe request, if any
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _find(self, text: str, request: Request) -> ApiToken:
        token = ApiToken.objects.select_related("user").filter(digest=digest(text)).first()
        if token is None or not token.user.is_active:
            spend(TOKENS, address_of(request))
            raise exceptions.AuthenticationFailed(_("The token is not valid."))
        return token

    def _note_use(self, token: ApiToken) -> None:
        """At most one write a day: reading by token should not write each time."""
        today = timezone.localdate()
        if token.last_used_on != today:
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
