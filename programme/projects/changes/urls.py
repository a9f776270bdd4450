"""Addresses of change requests."""

from django.urls import path

from programme.projects.changes import views

PROJECT = "p/<slug:programme>/projects/<slug:slug>"
patterns = [
    path("p/<slug:programme>/changes/", views.change_list, name="change_list"),
    path(f"{PROJECT}/changes/ask/", views.change_ask, name="change_ask"),
    path(f"{PROJECT}/changes/<int:number>/", views.change_detail, name="change_detail"),
    path(f"{PROJECT}/changes/<int:number>/decide/", views.change_decide, name="change_decide"),
    path(f"{PROJECT}/changes/<int:number>/take-back/", views.change_take_back, name="change_take_back"),
]
