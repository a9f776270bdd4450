"""Addresses of kpis pages."""

from django.urls import path

from kpis.views import following, page, wall
from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes

app_name = "kpis"
urlpatterns = [
    path("p/<slug:programme>/kpis/", wall.indicator_list, name="indicator_list"),
    path("p/<slug:programme>/kpis/<int:pk>/", page.indicator_detail, name="indicator_detail"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/indicators/",
        following.measure_indicators,
        name="measure_indicators",
    ),
]
