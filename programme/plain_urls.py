"""Addresses of programmes outside the languages."""

from django.urls import URLPattern, URLResolver, path

from programme.governance.views.calendar import calendar_feed

urlpatterns: list[URLPattern | URLResolver] = [
    path("calendar/<str:secret>.ics", calendar_feed, name="calendar_feed"),
]
