"""What pages of governance share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def act(request: HttpRequest, work: Callable[[], Any], *, told: str, back: str) -> HttpResponse:
    """Does the work of a button and goes back; what a service refuses is said there instead."""
    try:
        work()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, told)
    return redirect(back)


def remove_page(
    request: HttpRequest, work: Callable[[], Any], *, title: str, what: str, back: str, told: str
) -> HttpResponse:  # fmt: skip
    """Asks first; POST removes and goes back, or says with 422 why the thing stays."""
    problem = ""
    if request.method == "POST":
        try:
            work()
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, told)
            return redirect(back)
    context = {"title": title, "what": what, "back": back, "problem": problem}
    return TemplateResponse(
        request, "programme/meeting_part_remove.html", context, status=422 if problem else 200
    )
