"""Answers that every guarded page shares."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control

from core.permissions import require


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back afterwards; a part of a page asked by htmx is answered 401 instead."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


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
    """The answer to a form whose secret does not fit: the page is old, or somebody else made the form."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
