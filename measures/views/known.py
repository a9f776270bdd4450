"""Pages as known at the end of a day: `?day=YYYY-MM-DD` (docs/adr/0066-as-known-on-a-day.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from html import unescape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from measures.selectors.asof import as_known, record_starts
from programme.models import Programme

View = Callable[..., HttpResponse]

_ADDRESS = re.compile(rb'\b(href|hx-get)="(/[^"#]*)(#[^"]*)?"')


def shows_known_day(view: View) -> View:
    """Decorates `view(request, programme, ...)`, inside `programme_view`: the page can be asked for of a past day.

    Then the programme handed in and everything read is as it was known at the end of that day, nothing can be
    changed, the page says so, and its links to pages of this kind keep the day.
    """

    @wraps(view)
    def shown(request: HttpRequest, programme: Programme, *args: Any, **kwargs: Any) -> HttpResponse:
        request.may_look_back = True  # type: ignore[attr-defined]
        asked = request.GET.get("day", "")
        if not asked:
            return view(request, programme, *args, **kwargs)
        day, starts = _day(asked), record_starts(programme)
        if day == timezone.localdate():
            return view(request, programme, *args, **kwargs)
        if day is None or not starts <= day < timezone.localdate():
            return _unknown(request, programme, day, starts)
        request.known_on = day  # type: ignore[attr-defined]
        try:
            with as_known(programme, day) as found:
                request.programme = found  # type: ignore[attr-defined]
                return _whole(view(request, found, *args, **kwargs), day)
        except Http404:
            return _unknown(request, programme, day, starts, was_missing=True)
        finally:
            request.programme = programme  # type: ignore[attr-defined]

    shown.keeps_day = True  # type: ignore[attr-defined]
    return shown


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unknown(
    request: HttpRequest, programme: Programme, day: date | None, starts: date, *, was_missing: bool = False
) -> HttpResponse:
    """The page that says which days can be shown, and why not this one."""
    if was_missing:
        why = _("This was not in the portal yet, or not any more, at the end of that day.")
    elif day is None:
        why = _("Give the day as year-month-day, for example 2026-08-31.")
    elif day < starts:
        why = _("The portal knows nothing of that day.")
    else:
        why = _("That day has not ended yet.")
    context = {"why": why, "starts": starts, "day": day}
    return render(request, "measures/known_unknown.html", context, status=404)


def _whole(response: HttpResponse, day: date) -> HttpResponse:
    """The finished answer, read while the past is open."""
    if isinstance(response, StreamingHttpResponse):
        whole = HttpResponse(b"".join(response.streaming_content), status=response.status_code)  # type: ignore[arg-type]
        whole.headers = response.headers
        name = response.headers.get("Content-Disposition", "")
        whole["Content-Disposition"] = re.sub(r'(\.[a-z]+")$', rf"-{day}\1", name)
        return whole
    if hasattr(response, "render"):
        response.render()
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = _ADDRESS.sub(lambda found: _with_day(found, day), response.content)
    return response


def _with_day(found: re.Match[bytes], day: date) -> bytes:
    """An address of a page that can show the day, with it; any other address as it was."""
    name, address, fragment = (part.decode() if part else "" for part in found.groups())
    path, _mark, query = unescape(address).partition("?")
    if re.search(r"(^|&)day=", query) or not _keeps_day(path):
        return found[0]
    query = f"{query}&day={day}" if query else f"day={day}"
    return f'{name}="{escape(f"{path}?{query}")}{fragment}"'.encode()


def _keeps_day(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "keeps_day", False)
    except Resolver404:
        return False
