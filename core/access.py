"""Answers that every guarded page shares."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from core.permissions import require


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back afterwards; what was typed into one of our forms is kept meanwhile.

    A request of a script is answered 401: its page is still there, and asks for the password itself.
    """
    if is_of_script(request):
        return HttpResponse(status=401)
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    from core.editing import kept

    if kept.keep(request):
        return redirect_to_login(request.get_full_path())
    return redirect_to_login(page_of(request))


def is_of_script(request: HttpRequest) -> bool:
    """Whether htmx or one of our scripts asks, on a page that stays open."""
    return request.headers.get("HX-Request") == "true" or request.headers.get("X-Requested-With") == "fetch"


def page_of(request: HttpRequest) -> str:
    """The page of ours on which the button was pressed, the first page when it does not say."""
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    if not came_from or not safe:
        return str(settings.LOGIN_REDIRECT_URL)
    parts = urlsplit(came_from)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or str(settings.LOGIN_REDIRECT_URL)


def keep_private(response: HttpResponse) -> HttpResponse:
    """The browser may keep the page but asks again each time; nobody in between may keep it."""
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_cache=True)
    return response


def get_editable(rows: QuerySet, user: Any, action: str, **lookup: Any) -> Any:
    """The row of `rows` (those the person may see): 404 when it is not there, 403 without the right to `action`."""
    row = get_object_or_404(rows, **lookup)
    require(user, action, row)
    return row


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose secret does not fit: the page is old, or somebody else made the form.

    Signing in changes the secret, so a form that stood open in another tab is old. When it is signed for
    this very person nothing is saved, but it is shown again as it was typed.
    """
    from core.editing import kept
    from core.editing.forms import read_was

    person = read_was(request.POST.get("was", "")).get("user")
    if person is not None and person == request.user.pk and not is_of_script(request) and kept.keep(request):
        return redirect(request.get_full_path())
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
