"""What pages of the strategy share: addresses, and asking before something is removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from programme.models import Programme


def objective_address(programme: Programme, key: str) -> str:
    return reverse("strategy:objective_detail", args=[programme.slug, key])


def remove_page(
    request: HttpRequest, act: Callable[[], Any], *, title: str, what: str, back: str, told: str
) -> HttpResponse:  # fmt: skip
    """Asks first; POST removes and goes back, or says with 422 why the thing stays."""
    problem = ""
    if request.method == "POST":
        try:
            act()
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, told)
            return redirect(back)
    context = {"title": title, "what": what, "back": back, "problem": problem}
    return TemplateResponse(request, "strategy/row_remove.html", context, status=422 if problem else 200)
