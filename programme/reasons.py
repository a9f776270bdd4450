"""Pages that ask why before something is taken away or switched off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from core.editing.pages import CHANGED
from core.identity_codes import WithoutCodes


class ReasonForm(WithoutCodes):
    """Why, kept in the history; and the version of the row that the page showed."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The reason is kept in the history."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """A form that tells no version has seen none."""
        return self.cleaned_data["version"] or 0


def asked_why(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    act: Callable[[dict[str, Any]], None],
    told: str,
    done: Callable[[], str],
    version: int | None = None,
) -> HttpResponse:
    """A page that asks for the reason of an act and does it; `act` gets the reason and the version seen.

    422 when the reason is missing or the act is refused; 409 when the row moved since it was shown: the form
    then carries `version`, which is what the page shows now.
    """
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"version": version})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
            if getattr(refused, "code", None) == CHANGED:
                status, form.data = 409, {"reason": request.POST["reason"], "version": version}
        else:
            messages.success(request, told)
            return redirect(done())
    return TemplateResponse(request, template, {**context, "form": form}, status=status)
