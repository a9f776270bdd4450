"""Addresses of what people do with their account."""

from django.urls import URLPattern, URLResolver, path

from accounts import views
from accounts.passwords import SetPasswordView

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/language/", views.language_choose, name="language_choose"),
    path("accounts/password/<uidb64>/<token>/", SetPasswordView.as_view(), name="password_set"),
]
