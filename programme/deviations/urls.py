"""Addresses of deviations."""

from django.urls import path

from programme.views import deviations

BASE = "p/<slug:programme>/deviations"
patterns = [
    path(f"{BASE}/", deviations.deviation_list, name="deviation_list"),
    path(f"{BASE}/find/", deviations.deviation_find, name="deviation_find"),
    path(f"{BASE}/<int:pk>/", deviations.deviation_detail, name="deviation_detail"),
    path(f"{BASE}/<int:pk>/edit/", deviations.deviation_edit, name="deviation_edit"),
    path(f"{BASE}/<int:pk>/close/", deviations.deviation_close, name="deviation_close"),
]
