"""Signing in, and the language a person chose."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.demo import PASSWORD
from accounts.models import User
from accounts.services import choose_language
from core.access import ask_to_sign_in
from core.rates import SPRAY, address_of, refuse_if_spent, spend


class SignInView(LoginView):
    """allauth's sign-in; afterwards the page is shown in the person's language."""

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"login": self.request.GET.get("user", "")[:150]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = {"demo_accounts": demo_accounts(), "demo_password": PASSWORD} if settings.DEMO else {}
        return super().get_context_data(**kwargs) | demo

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        if user.is_authenticated and response.status_code == 302:
            response["Location"] = in_language(response["Location"], user.language)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_if_spent(SPRAY, address_of(request))
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("password"):
            spend(SPRAY, address_of(self.request))
        response = super().form_invalid(form)
        response.status_code = 422
        return response


def demo_accounts() -> list[User]:
    """The accounts to choose from in demo mode, each with its roles."""
    people = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
    return list(
        people.prefetch_related(
            "grants__programme__organisation", "grants__theme", "grants__sector", "grants__segment"
        )
    )


@require_POST
def language_choose(request: HttpRequest) -> HttpResponse:
    """Keeps the language and goes on to `next` in it, without `next` to the front page."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    language = request.POST.get("language", "")
    try:
        choose_language(user=request.user, language=language)
    except ValueError:
        return HttpResponseBadRequest()
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = reverse("reporting:home")
    return redirect(in_language(after, language))


def in_language(url: str, language: str) -> str:
    """The same page's address in the language; the address itself where it has none."""
    with translation.override(translation.get_language_from_path(url) or settings.LANGUAGE_CODE):
        return translate_url(url, language)
