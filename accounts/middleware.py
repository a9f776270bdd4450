"""Who asks: the audit context of every change, and the language the person chose."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
GetResponse = Callable[[HttpRequest], HttpResponse]


class AuditContextMiddleware:
    """Gives every change of an unsafe request its who, request id and address name.

    Safe requests change nothing and carry no context. The API adds the person of a token itself
    (accounts.authentication), because it is known only inside the view.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        context = {"request": getattr(request, "request_id", ""), "url": url_name(request)}
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            context["user"] = user.pk
        with pghistory.context(**context):
            return self.get_response(request)


def url_name(request: HttpRequest) -> str:
    """`app:noun_verb` of the request, its path when no name fits."""
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return request.path
