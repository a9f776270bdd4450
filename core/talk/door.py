"""The door of the talk's pages: as programme.access for programme pages, which stands right of core."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.access import ask_to_sign_in, keep_private
from core.permissions import grants_of, may_somewhere
from core.talk.topics import Topic, topic_named, topic_of

View = Callable[..., HttpResponse]


def talk_view(action: str) -> Callable[[View], View]:
    """Decorates `view(request, programme, ...)`: strangers sign in, a foreign programme is 404, no right is 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            person: Any = request.user
            grants_of(person)
            granted = person._portal_granted.values()
            row = next((one for one in granted if one.slug == programme), None)
            if row is None:
                raise Http404
            request.programme = row  # type: ignore[attr-defined]
            if not may_somewhere(request.user, action, row):
                raise PermissionDenied(_("Your role does not include this page."))
            return keep_private(view(request, row, *args, **kwargs))

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def row_of(request: HttpRequest, programme: Any, kind: str, pk: int) -> tuple[Any, Topic]:
    """The row that is talked about and its topic: 404 when it is not there, 403 when its talk is not for them."""
    topic = topic_named(kind)
    row: Any = topic.model._base_manager.filter(programme=programme, pk=pk).first() if topic else None
    if topic is None or row is None:
        raise Http404
    return checked(request, programme, row), topic


def checked(request: HttpRequest, programme: Any, row: Any) -> Any:
    """The row, once the person may read its talk."""
    topic = topic_of(row) if row is not None else None
    if topic is None:
        raise Http404
    row.programme = programme
    if not topic.seen_by(request.user, row):
        raise PermissionDenied(_("Your role does not include this page."))
    return row
