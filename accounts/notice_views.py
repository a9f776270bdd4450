"""The pages of notices: what the person is told, marking it as read, and when mail about it may come."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Notification, User
from accounts.notices import latest, mark_read, url_of
from core.access import ask_to_sign_in, keep_private


@require_safe
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """Everything the person was told, the newest first; unread ones stand out by word."""
    told = latest(request.user)  # type: ignore[arg-type]
    context = {"notices": told, "unread": sum(1 for one in told if one.row.read_at is None)}
    return keep_private(TemplateResponse(request, "accounts/notice_list.html", context))


@require_POST
def notice_read(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    done = mark_read(request.user, Notification.objects.all())
    told = ngettext("%(n)s notice marked as read.", "%(n)s notices marked as read.", done) % {"n": done}
    messages.success(request, told if done else _("Nothing was unread."))
    return redirect("accounts:notice_list")


@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one as read and goes to what it is about."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    row = get_object_or_404(Notification, pk=pk, user=request.user)
    mark_read(request.user, Notification.objects.filter(pk=pk))
    is_ours = row.url.startswith("/") and url_has_allowed_host_and_scheme(row.url, allowed_hosts=None)
    return redirect(url_of(row.url) if is_ours else "accounts:notice_list")


class NoticeSettingsForm(forms.ModelForm):
    """Whether one mail a day may come, at which hours none does, and in which language it speaks."""

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["mail_digest", "quiet_from", "quiet_until", "language"]
        labels: ClassVar[dict[str, Any]] = {
            "mail_digest": gettext_lazy("One mail a day about what is new"),
            "quiet_from": gettext_lazy("No mail from"),
            "quiet_until": gettext_lazy("No mail until"),
            "language": gettext_lazy("Language of mail"),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "mail_digest": gettext_lazy(
                "Only when there is something unread. The portal shows it in any case."
            ),
            "quiet_from": gettext_lazy("Hours and minutes, for example 20:00."),
            "quiet_until": gettext_lazy("The mail comes soon after this; equal times mean no quiet hours."),
        }
        widgets: ClassVar[dict[str, Any]] = {
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_until": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }


@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """The person's own settings of mail."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    person = User.objects.get(pk=request.user.pk)
    form, status = NoticeSettingsForm(instance=person), 200
    if request.method == "POST":
        form, status = NoticeSettingsForm(request.POST, instance=person), 422
        if form.is_valid():
            if form.changed_data:
                person.save(update_fields=form.changed_data)
            messages.success(request, _("Saved."))
            return redirect("accounts:notice_settings")
    response = TemplateResponse(request, "accounts/notice_settings.html", {"form": form}, status=status)
    return keep_private(response)
