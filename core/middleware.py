"""What happens around every request: its id, its headers, the health questions, the style exception, limits."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import structlog
from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from core.health import healthz
from core.rates import TooOften
from core.reading import one_reading

SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Takes the caller's X-Request-ID when it is sane, else makes one; answers it and puts it in every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if SANE_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response


class HealthMiddleware:
    """Answers /healthz before anything that could fail: host names, sessions, the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return healthz(request)
        return self.get_response(request)


class StyleExceptionMiddleware:
    """Lets the administration and the API's documentation style themselves; no page of ours may."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(settings.CSP_STYLE_EXCEPTIONS):
            response._csp_update = {"style-src": [SELF, UNSAFE_INLINE]}  # type: ignore[attr-defined]
        return response


class HeadersMiddleware:
    """Headers of every answer, and what caches may do with those whose view did not say."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.BROWSER_HEADERS.items():
            response.setdefault(name, value)
        if response.get("Content-Disposition", "").startswith("attachment"):
            response["Cache-Control"] = "no-store"
        else:
            response.setdefault("Cache-Control", "private, no-cache")
        return response


class OneReadingMiddleware:
    """A page that only reads asks for the same thing once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with one_reading():
            return self.get_response(request)


class TooOftenMiddleware:
    """Answers 429, and when to come back, where a view raises core.rates.TooOften."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return too_often(request, error) if isinstance(error, TooOften) else None


def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """The page that says when to try again."""
    again_at = timezone.localtime() + timedelta(seconds=error.wait)
    response = render(request, "429.html", {"again_at": again_at, "wait": error.wait}, status=429)
    response["Retry-After"] = str(error.wait)
    return response
