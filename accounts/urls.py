"""Addresses of what people do with their account."""

from django.urls import URLPattern, URLResolver, path

from accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/language/", views.language_choose, name="language_choose"),
]
