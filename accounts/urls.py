"""Addresses of what people do with their account."""

from django.urls import URLPattern, URLResolver, path

from accounts import notice_views, views
from accounts.passwords import SetPasswordView

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/language/", views.language_choose, name="language_choose"),
    path("notices/", notice_views.notice_list, name="notice_list"),
    path("notices/settings/", notice_views.notice_settings, name="notice_settings"),
    path("notices/read/", notice_views.notice_read, name="notice_read"),
    path("notices/<int:pk>/open/", notice_views.notice_open, name="notice_open"),
    path("accounts/password/<uidb64>/<token>/", SetPasswordView.as_view(), name="password_set"),
]
