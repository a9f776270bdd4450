"""The door that shuts after wrong passwords: five for one name from one address, a hundred from one address.

Names are counted as they were typed, whether there is such an account or not: a shut door tells nobody
which names exist.
"""

from datetime import timedelta
from typing import Any

import structlog
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models import Max
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.rates import address_of

log = structlog.get_logger(__name__)


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """One line of the security log; the password is not in it."""
    if request is not None:
        log.warning("sign_in_failed", name=username_of(request, credentials), address=address_of(request))


@receiver(user_logged_in)
def note_success(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """One line of the security log."""
    log.info("signed_in", user=user.pk, address=address_of(request) if request else "")


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name that is counted. Signing in does not look at capitals, so neither does the counter."""
    given = (
        (credentials or {}).get("username") or request.POST.get("login") or request.POST.get("username") or ""
    )
    return str(given).strip().casefold()[:150]


def locked_out(
    request: HttpRequest, answer: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page that says until when the door is shut. It looks the same for names nobody has."""
    until = shut_until(username_of(request, credentials), address_of(request))
    wait = max(1, int((until - timezone.now()).total_seconds()) + 1)
    again_at = timezone.localtime(until)
    response = render(request, "account/locked_out.html", {"again_at": again_at}, status=429)
    response["Retry-After"] = str(wait)
    return response


def shut_until(username: str, address: str) -> Any:
    """When the last wrong password of that name from that address stops to count."""
    tries = AccessAttempt.objects.filter(username=username, ip_address=address)
    last = tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    pause: timedelta = settings.AXES_COOLOFF_TIME
    return last + pause
