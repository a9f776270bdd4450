"""Addresses of risks pages."""

from django.urls import path

from risks import views

app_name = "risks"
urlpatterns = [
    path("p/<slug:programme>/risks/", views.risk_list, name="risk_list"),
    path("p/<slug:programme>/risks/<int:pk>/", views.risk_detail, name="risk_detail"),
    path("p/<slug:programme>/obstacles/", views.obstacle_list, name="obstacle_list"),
    path("p/<slug:programme>/obstacles/add/", views.obstacle_add, name="obstacle_add"),
    path("p/<slug:programme>/impact/", views.impact_list, name="impact_list"),
    path("p/<slug:programme>/promises/", views.promise_list, name="promise_list"),
]
