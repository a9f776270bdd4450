"""The exact headers and cookies of answers of every kind, and that no address leaves one out."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver

from config import env, limits
from tests.factories.accounts import make_person
from tests.factories.places import Place
from tests.integration.accounts.every_url import address, addresses
from tests.integration.accounts.test_every_url import GUARDS, NOWHERE

CSP = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self'; style-src 'self'; "
    "report-to csp; report-uri /csp-report/"
)
FEATURES_OFF = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
COMMON = {
    "Content-Security-Policy": CSP,
    "Permissions-Policy": ", ".join(f"{name}=()" for name in FEATURES_OFF)
    + ", clipboard-write=(self), fullscreen=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Reporting-Endpoints": 'csp="/csp-report/"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: Pages that are not ours and style themselves (decision 40).
STYLED = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
PRIVATE = "private, no-cache"
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


def as_sent(answer: Any, names: Any = COMMON) -> dict[str, str | None]:
    """Headers of the answer; the directives of the policy in one order."""
    return {
        name: in_order(answer.get(name)) if "Security-Policy" in name else answer.get(name) for name in names
    }


def in_order(policy: str | None) -> str:
    found = sorted(part.strip() for part in (policy or "").split(";"))
    return "; ".join(found)


#: What somebody brought is sent as a download that may do nothing at all.
SANDBOX = "default-src 'none'; sandbox"
EXPECTED = COMMON | {"Content-Security-Policy": in_order(CSP)}


def broken(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    raise RuntimeError("on purpose")


def ask(kind: str, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch) -> Any:
    """An answer of each kind a person or a program meets."""
    pmo = as_role("pmo")
    if kind == "200":
        return pmo.get("/p/own/measures/")
    if kind == "200 file":
        return pmo.get("/p/own/measures/?format=csv")
    if kind == "200 sign-in":
        return Client().get("/accounts/login/")
    if kind == "200 api":
        return pmo.get("/api/v1/measures/")
    if kind == "302":
        return Client().get("/p/own/measures/")
    if kind == "400":
        return Client().post("/csp-report/", b"no json", content_type="application/csp-report")
    if kind == "401":
        return Client().get("/p/own/measures/", headers={"HX-Request": "true"})
    if kind == "401 api":
        return Client().get("/api/v1/measures/")
    if kind == "403":
        return as_role("council").get("/p/own/measures/")
    if kind == "403 forged":
        return Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    if kind == "404":
        return pmo.get("/p/nowhere/measures/")
    if kind == "405":
        return pmo.post("/p/own/measures/")
    if kind == "422":
        return Client().post("/accessibility/", {})
    if kind == "429":
        monkeypatch.setattr("core.rates.cache", Spent())
        return Client().post("/accessibility/", {"text": "x"})
    (pattern,) = [
        found for name, found in addresses(get_resolver().url_patterns) if name == "measures:measure_list"
    ]
    monkeypatch.setattr(pattern, "callback", broken)
    return pmo.get("/p/own/measures/")


class Spent:
    """A cache in which everything was asked a thousand times."""

    def get_or_set(self, key: str, value: Any, seconds: float) -> Any:
        return value

    def add(self, *args: Any) -> bool:
        return False

    def incr(self, key: str) -> int:
        return 1000


KINDS = {
    "200": PRIVATE, "200 file": "no-store", "200 sign-in": NEVER, "200 api": PRIVATE, "302": PRIVATE,
    "400": PRIVATE, "401": PRIVATE, "401 api": PRIVATE, "403": PRIVATE, "403 forged": PRIVATE, "404": PRIVATE,
    "405": PRIVATE, "422": PRIVATE, "429": PRIVATE, "500": PRIVATE,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_answer_has_exactly_these_headers(
    kind: str, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = ask(kind, as_role, monkeypatch)

    assert answer.status_code == int(kind[:3])
    assert as_sent(answer) == EXPECTED
    assert answer["Cache-Control"] == KINDS[kind]
    assert "Server" not in answer.headers
    assert ("Retry-After" in answer.headers) == (kind == "429")


def test_no_address_leaves_a_header_out(place: Place, as_role: Callable[[str], Client]) -> None:
    """Every address, by GET and POST, whatever it answers."""
    client, wrong = as_role("pmo"), {}
    for name, pattern in addresses(get_resolver().url_patterns):
        if name in NOWHERE or name not in GUARDS or name == "healthz":  # one word of text, before all else
            continue
        guard = GUARDS[name]
        url = address(name, pattern, guard, place.own)
        own = {("get", "api_docs"): in_order(STYLED), ("post", "api_docs"): in_order(STYLED),
               ("get", "core:attachment_download"): SANDBOX}  # fmt: skip
        for method in ("get", "post") if name != "account_logout" else ("get",):
            answer = getattr(client, method)(url)
            given = as_sent(answer)
            styled = {"Content-Security-Policy": own[method, name]} if (method, name) in own else {}
            if given != EXPECTED | styled or "Cache-Control" not in answer.headers:
                wrong[f"{method} {name}"] = {
                    key: value for key, value in given.items() if value != EXPECTED[key]
                }

    assert wrong == {}


def test_the_health_word_has_what_a_text_needs() -> None:
    answer = Client().get("/healthz")
    own = ("Permissions-Policy", "Cross-Origin-Resource-Policy", "Reporting-Endpoints")

    assert as_sent(answer, own) == {name: EXPECTED[name] for name in own}
    assert answer["Cache-Control"] == NEVER
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_only_two_places_style_themselves(as_role: Callable[[str], Client]) -> None:
    admin = as_role("admin")

    assert in_order(admin.get("/api/docs/")["Content-Security-Policy"]) == in_order(STYLED)
    assert in_order(admin.get("/admin/login/")["Content-Security-Policy"]) == in_order(STYLED)
    assert "unsafe" not in admin.get("/p/own/measures/")["Content-Security-Policy"]


# ---------------------------------------------------------------------------- production
NAMES = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_NAME", "LANGUAGE_COOKIE_SECURE",
    "LANGUAGE_COOKIE_HTTPONLY", "LANGUAGE_COOKIE_SAMESITE", "MESSAGE_COOKIE_NAME", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT",
    "SECURE_PROXY_SSL_HEADER", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES",
)  # fmt: skip
HOST = "portal.example.org"
SECURE = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_HOST": HOST}


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """What the settings of production say, read in a process of their own."""
    made_up = {
        "SECRET_KEY": "k3yQ" * 20 + "zX9w7v5u3t1", "ALLOWED_HOSTS": HOST, "REDIS_URL": "redis://127.0.0.1:6379/0",
        "DATABASE_URL": "postgresql://portal_app@127.0.0.1/portal", "EMAIL_URL": "smtp+tls://127.0.0.1:587",
        "DJANGO_SETTINGS_MODULE": "config.settings.production", "PORTAL_DEMO": "0",
    }  # fmt: skip
    code = (
        "import json; from config.settings import production; "
        f"print(json.dumps({{name: getattr(production, name) for name in {NAMES!r}}}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=env.BASE_DIR, env=os.environ | made_up, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(run.stdout)
    found["SECURE_PROXY_SSL_HEADER"] = tuple(found["SECURE_PROXY_SSL_HEADER"])
    return found


def test_cookies_of_production_are_bound_to_the_host(production: dict[str, Any], place: Place) -> None:
    with override_settings(**production):
        client = Client(**SECURE)
        make_person("aila", password="a password of hers")
        signed_in = client.post("/accounts/login/", {"login": "aila", "password": "a password of hers"})
        client.post("/i18n/setlang/", {"language": "sv"})
        client.post("/accessibility/", {"text": "x"})
    assert signed_in.status_code == 302
    cookies = {
        name: {key: value for key, value in cookie.items() if value not in ("", False)}
        for name, cookie in client.cookies.items()
    }

    for cookie in cookies.values():
        for varying in ("expires", "max-age"):
            cookie.pop(varying, None)
    bound = {"path": "/", "samesite": "Lax", "secure": True}
    assert cookies == {
        "__Host-session": bound | {"httponly": True},
        "__Host-csrf": bound,
        "__Host-language": bound | {"httponly": True},
        "__Host-messages": bound | {"httponly": True},
    }


def test_production_answers_by_tls_only(production: dict[str, Any]) -> None:
    with override_settings(**production):
        plain = Client(HTTP_HOST=HOST).get("/p/own/measures/")
        inside = Client(HTTP_HOST=HOST).get("/healthz")
        secure = Client(**SECURE).get("/accounts/logout/")

    assert (plain.status_code, plain["Location"]) == (301, f"https://{HOST}/p/own/measures/")
    assert as_sent(plain, ["Permissions-Policy", "X-Content-Type-Options", "Referrer-Policy"]) == {
        name: EXPECTED[name] for name in ("Permissions-Policy", "X-Content-Type-Options", "Referrer-Policy")
    }
    assert inside.status_code == 200
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_a_foreign_host_name_is_refused(production: dict[str, Any]) -> None:
    with override_settings(**production):
        answer = Client(HTTP_X_FORWARDED_PROTO="https", HTTP_HOST="evil.example").get("/accounts/logout/")

    assert answer.status_code == 400


def test_the_session_cookie_lives_as_long_as_the_sign_in(settings: Any) -> None:
    assert limits.SESSION_AGE == settings.SESSION_COOKIE_AGE
    assert settings.SESSION_COOKIE_HTTPONLY is True
