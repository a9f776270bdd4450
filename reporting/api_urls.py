"""Addresses of the API under /api/v1/; the last app also answers what leads nowhere."""

from django.urls import path, re_path

from core.api import UnknownAddress
from reporting import api

app_name = "api_reporting"
urlpatterns = [
    path("programmes/<slug:programme>/summary/", api.ProgrammeSummary.as_view(), name="summary"),
    re_path(r"^.*/$", UnknownAddress.as_view(), name="unknown"),
]
