"""The door of every programme page: who is asking, which programme, may they."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.access import ask_to_sign_in, keep_private
from core.permissions import may_somewhere, programme_ids
from programme.models import Programme


def visible_programmes(user: Any) -> list[Programme]:
    """Programmes the person has any role in, by slug; read once for each user object."""
    if not hasattr(user, "_portal_programmes"):
        ids = programme_ids(user)
        found = sorted((user._portal_granted[key] for key in ids), key=lambda programme: programme.slug)
        if not user.is_authenticated:
            return found
        user._portal_programmes = found
    return user._portal_programmes


def visible_programme(user: Any, slug: str) -> Programme:
    """The programme of that slug; Http404 alike for one that is unknown and one that is not theirs."""
    for programme in visible_programmes(user):
        if programme.slug == slug:
            return programme
    raise Http404


def programme_view(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorates `view(request, programme: Programme, ...)` of a URL with `<slug:programme>`.

    Anonymous people are sent to sign in and come back (htmx requests get 401). An unknown or foreign
    programme is 404, a visible one without the right to `action` anywhere in it is 403; a view of one
    row asks about that row as well (core.access.get_editable). The page may be kept by the browser but
    is asked for again each time.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, programme: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            row = visible_programme(request.user, programme)
            request.programme = row  # type: ignore[attr-defined]
            if not may_somewhere(request.user, action, row):
                raise PermissionDenied(_("Your role does not include this page."))
            return keep_private(view(request, row, *args, **kwargs))

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate
