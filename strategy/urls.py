"""Addresses of strategy pages."""

from django.urls import path

from strategy import views

app_name = "strategy"
urlpatterns = [
    path("p/<slug:programme>/strategy/", views.vision, name="vision"),
    path("p/<slug:programme>/objectives/", views.objective_list, name="objective_list"),
    path("p/<slug:programme>/seasons/", views.season_list, name="season_list"),
]
