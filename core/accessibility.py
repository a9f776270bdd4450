"""The accessibility statement that Finnish law asks for, and the form by which anybody may write about it."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.identity_codes import WithoutCodes
from core.models import Feedback
from core.outbox import post_mail
from core.rates import FEEDBACK, address_of, spend

#: When the portal was last assessed by its makers; move it with each assessment.
ASSESSED_ON = date(2026, 11, 22)
ANSWERED_IN = 14  # days, by law
LONGEST = 5000  # characters


class FeedbackForm(WithoutCodes):
    """What somebody found hard; `website` is seen by machines only, and whoever fills it is one."""

    text = forms.CharField(
        label=_("What was hard to use, or what should be better?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    page = forms.CharField(
        label=_("On which page?"), max_length=500, required=False, help_text=_("Its name or its address.")
    )
    reply_to = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you want an answer. It is used for nothing else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.cleaned_data.get("website"))


@require_http_methods(["GET", "HEAD", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement with its form; a form that was sent leads back here with thanks."""
    form = FeedbackForm(request.POST or None)
    if request.method == "POST":
        spend(FEEDBACK, address_of(request))
        form = FeedbackForm(request.POST)
        if form.is_valid():
            if not form.is_from_a_machine:
                take_feedback(form.cleaned_data, by=request.user)
            messages.success(request, gettext("Thank you. Your feedback was received."))
            return redirect("core:accessibility")
    told = {"form": form, "assessed_on": ASSESSED_ON, "answered_in": ANSWERED_IN}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "core/accessibility.html", told, status=status)


def take_feedback(given: dict[str, Any], *, by: Any) -> Feedback:
    """Stores the feedback and tells the people who answer for the portal."""
    row = Feedback.objects.create(
        text=given["text"], page=given["page"], reply_to=given["reply_to"],
        user=by if by.is_authenticated else None,
    )  # fmt: skip
    post_mail(
        message_id=f"feedback-{row.pk}",
        to=[settings.FEEDBACK_EMAIL],
        template="core/feedback_mail",
        params={"text": row.text, "page": row.page, "reply_to": row.reply_to, "answered_in": ANSWERED_IN},
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return row
