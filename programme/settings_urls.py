"""Addresses of the settings: what a programme is made of, edited."""

from django.urls import path

from programme.views import rows, settings, targets

BASE = "p/<slug:programme>/settings"
patterns = [
    path(f"{BASE}/", settings.settings, name="settings"),
    path(f"{BASE}/names/", settings.settings_texts, name="settings_texts"),
    path(f"{BASE}/period/", settings.settings_period, name="settings_period"),
    path(f"{BASE}/basis/", settings.settings_basis, name="settings_basis"),
    path(f"{BASE}/words/", settings.settings_words, name="settings_words"),
    path(f"{BASE}/stages/", settings.settings_stages, name="settings_stages"),
    path(f"{BASE}/parameters/", settings.parameter_list, name="parameter_list"),
    path(f"{BASE}/parameters/<str:key>/", settings.parameter_edit, name="parameter_edit"),
    path(f"{BASE}/parameters/<int:pk>/cancel/", settings.parameter_cancel, name="parameter_cancel"),
    *rows.row_urls(),
    path("p/<slug:programme>/targets/", targets.target_list, name="target_list"),
    path("p/<slug:programme>/targets/add/", targets.target_add, name="target_add"),
    path("p/<slug:programme>/targets/<int:pk>/", targets.target_detail, name="target_detail"),
    path("p/<slug:programme>/targets/<int:pk>/new/", targets.target_set, name="target_set"),
    path("p/<slug:programme>/targets/<int:pk>/correct/", targets.target_correct, name="target_correct"),
    path("p/<slug:programme>/targets/<int:pk>/cancel/", targets.target_cancel, name="target_cancel"),
]
