"""Every address of the portal.

Each app writes its whole paths in `<app>/urls.py` (pages, in the three languages: Finnish unprefixed, /sv/, /en/),
and, where it has any, `<app>/api_urls.py` (under /api/v1/) and `<app>/plain_urls.py` (outside the languages).
"""

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from core.health import healthz, readyz

APPS = ("core", "accounts", "programme", "measures", "kpis", "risks", "strategy", "reporting")


def of_apps(module: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    """The addresses of every app that has the module."""
    return [path(prefix, include(f"{app}.{module}")) for app in APPS if find_spec(f"{app}.{module}")]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
    *of_apps("api_urls", "api/v1/"),
    *of_apps("plain_urls"),
]
urlpatterns += i18n_patterns(
    *of_apps("urls"),
    path("accounts/", include("accounts.sign_in_urls")),
    prefix_default_language=False,
)
