"""Addresses of the API under /api/v1/."""

from django.urls import path

from kpis import api

app_name = "api_kpis"
urlpatterns = [
    path("indicators/", api.IndicatorList.as_view(), name="indicators"),
    path("observations/", api.ObservationList.as_view(), name="observations"),
    path("target-rules/", api.RuleList.as_view(), name="target_rules"),
]
