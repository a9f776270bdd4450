"""Addresses of the API under /api/v1/."""

from django.urls import path

from strategy import api

app_name = "api_strategy"
urlpatterns = [
    path("objectives/", api.ObjectiveList.as_view(), name="objectives"),
    path("seasons/", api.SeasonList.as_view(), name="seasons"),
]
