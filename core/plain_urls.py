"""Addresses of core outside the languages."""

from django.urls import URLPattern, URLResolver, path

from core.csp import csp_report

urlpatterns: list[URLPattern | URLResolver] = [
    path("csp-report/", csp_report, name="csp_report"),
]
