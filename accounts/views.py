"""Signing in, and the language a person chose."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.demo import PASSWORD
from accounts.models import User
from accounts.services import choose_language
from accounts.sessions import ENDED
from core.access import ask_to_sign_in, is_of_script
from core.editing.kept import SESSION_KEY as KEPT
from core.rates import SPRAY, address_of, refuse_if_spent, spend


class SignInView(LoginView):
    """allauth's sign-in; afterwards the page is shown in the person's language.

    A page whose session ended asks for the form in a dialog (static/js/signin.js): then the answer is the
    dialog's content, and after signing in the new secret of forms.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by_script = is_of_script(request)
        if by_script and request.user.is_authenticated:
            return signed_in(request)
        response = super().dispatch(request, *args, **kwargs)
        return signed_in(request) if by_script and request.user.is_authenticated else response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_if_spent(SPRAY, address_of(request))
        return super().post(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["account/_sign_in_again.html"] if is_of_script(self.request) else super().get_template_names()

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"login": self.request.GET.get("user", "")[:150]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = {"demo_accounts": demo_accounts(), "demo_password": PASSWORD} if settings.DEMO else {}
        session = self.request.session
        told = {"ended": session.get(ENDED, ""), "kept_form": KEPT in session}
        return super().get_context_data(**kwargs) | demo | told

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        if user.is_authenticated and response.status_code == 302:
            response["Location"] = in_language(response["Location"], user.language)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("password"):
            spend(SPRAY, address_of(self.request))
        response = super().form_invalid(form)
        response.status_code = 422
        return response


def signed_in(request: HttpRequest) -> HttpResponse:
    """Who is signed in and the secret that forms need now, for a page that stays open."""
    response = JsonResponse({"person": request.user.pk, "csrf": get_token(request)})
    response["Cache-Control"] = "no-store"
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
