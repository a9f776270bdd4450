"""Addresses of risks pages."""

from django.urls import path

from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes
from risks import views

app_name = "risks"
urlpatterns = [
    path("p/<slug:programme>/risks/", views.risk_list, name="risk_list"),
    path("p/<slug:programme>/risks/<int:pk>/", views.risk_detail, name="risk_detail"),
    path("p/<slug:programme>/obstacles/", views.obstacle_list, name="obstacle_list"),
    path("p/<slug:programme>/obstacles/add/", views.obstacle_add, name="obstacle_add"),
    path("p/<slug:programme>/impact/", views.impact_list, name="impact_list"),
    path("p/<slug:programme>/promises/", views.promise_list, name="promise_list"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/", views.measure_checks, name="measure_checks"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/<slug:part>/",
        views.measure_checks_edit,
        name="measure_checks_edit",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/<slug:part>/<int:pk>/sign/",
        views.measure_check_sign,
        name="measure_check_sign",
    ),
]
