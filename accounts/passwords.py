"""Setting one's password by a link that works once: invitations and lost passwords.

The link is made when its mail is sent, so that no stored message holds one. It dies when it is used, when the
person signs in, when their address changes, and of age (PASSWORD_RESET_TIMEOUT).
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User

#: What stands in the address instead of the token once it has been looked at.
IN_SESSION = "set"


def link_path(person: User) -> str:
    """The path of a fresh link for the person, in the active language."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("accounts:password_set", args=[uid, default_token_generator.make_token(person)])


class SetPasswordView(PasswordResetConfirmView):
    """Django's own; a link that does not work any more is told so, alike for every reason."""

    template_name = "accounts/password_set.html"
    success_url = reverse_lazy("account_login")
    reset_url_token = IN_SESSION

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        if not getattr(self, "validlink", False):
            options["status"] = 410
        return super().render_to_response(context, **options)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: Any) -> HttpResponse:
        request: HttpRequest = self.request
        response = super().form_valid(form)
        request.session.pop(INTERNAL_RESET_SESSION_TOKEN, None)
        told = _("Your password is set. Sign in as %(username)s.") % {"username": form.user.get_username()}
        messages.success(request, told)
        response["Location"] = f"{response['Location']}?user={form.user.get_username()}"
        return response
