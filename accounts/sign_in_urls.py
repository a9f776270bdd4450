"""Signing in and out. Nobody signs up: accounts are made by the administrator."""

from allauth.account.views import account_inactive, logout
from django.urls import URLPattern, path

from accounts.views import SignInView

urlpatterns: list[URLPattern] = [
    path("login/", SignInView.as_view(), name="account_login"),
    path("logout/", logout, name="account_logout"),
    path("inactive/", account_inactive, name="account_inactive"),
]
