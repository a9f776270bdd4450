"""Addresses of people and their roles, part of programme.urls."""

from django.urls import path

from programme.people import views as people

patterns = [
    path("p/<slug:programme>/people/", people.person_list, name="person_list"),
    path("p/<slug:programme>/people/add/", people.person_add, name="person_add"),
    path("p/<slug:programme>/people/invite/", people.person_invite, name="person_invite"),
    path("p/<slug:programme>/people/roles/add/", people.grant_add, name="grant_add"),
    path("p/<slug:programme>/people/roles/<int:pk>/", people.grant_edit, name="grant_edit"),
    path("p/<slug:programme>/people/roles/<int:pk>/remove/", people.grant_remove, name="grant_remove"),
    path("p/<slug:programme>/people/<int:pk>/", people.person_detail, name="person_detail"),
    path("p/<slug:programme>/people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path(
        "p/<slug:programme>/people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"
    ),
    path("p/<slug:programme>/people/<int:pk>/activate/", people.person_activate, name="person_activate"),
    path("p/<slug:programme>/people/<int:pk>/password/", people.person_password, name="person_password"),
]
