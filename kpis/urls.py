"""Addresses of kpis pages."""

from django.urls import path

from kpis import views

app_name = "kpis"
urlpatterns = [
    path("p/<slug:programme>/kpis/", views.indicator_list, name="indicator_list"),
    path("p/<slug:programme>/kpis/<int:pk>/", views.indicator_detail, name="indicator_detail"),
]
