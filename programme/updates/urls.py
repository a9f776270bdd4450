"""Addresses of monthly updates and lights."""

from django.urls import path

from programme.views import status

PROJECT = "p/<slug:programme>/projects/<slug:slug>"
patterns = [
    path("p/<slug:programme>/status/", status.status_list, name="status_list"),
    path(f"{PROJECT}/status/<str:month>/", status.status_give, name="status_give"),
    path(f"{PROJECT}/lights/<slug:dimension>/", status.light_state, name="light_state"),
    path(f"{PROJECT}/lights/<slug:dimension>/back/", status.light_take_back, name="light_take_back"),
]
