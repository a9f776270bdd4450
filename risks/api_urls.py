"""Addresses of the API under /api/v1/."""

from django.urls import path

from risks import api

app_name = "api_risks"
urlpatterns = [path("risks/", api.RiskList.as_view(), name="risks")]
