"""The page of notices: what the person is told, and marking it as read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Notification
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
