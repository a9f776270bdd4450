"""Addresses of kpis pages."""

from django.urls import include, path

from kpis.refreshing import views as refreshing
from kpis.views import baselines, following, page, wall
from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes

app_name = "kpis"
urlpatterns = [
    path("", include("kpis.catalogue.urls")),
    path("p/<slug:programme>/kpis/", wall.indicator_list, name="indicator_list"),
    path("p/<slug:programme>/kpis/baselines/", baselines.baseline_list, name="baseline_list"),
    path("p/<slug:programme>/kpis/<int:pk>/", page.indicator_detail, name="indicator_detail"),
    path("p/<slug:programme>/kpis/<int:pk>/parts/<slug:part>/", page.indicator_part, name="indicator_part"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/indicators/",
        following.measure_indicators,
        name="measure_indicators",
    ),
    path(
        "p/<slug:programme>/kpis/measure-links/<int:pk>/",
        following.measure_link_edit,
        name="measure_link_edit",
    ),
    path(
        "p/<slug:programme>/goals/<int:pk>/indicators/",
        following.goal_indicator_list,
        name="goal_indicator_list",
    ),
    path(
        "p/<slug:programme>/goals/<int:pk>/indicators/choose/",
        following.goal_indicators,
        name="goal_indicators",
    ),
    path("p/<slug:programme>/kpis/goal-links/<int:pk>/", following.goal_link_edit, name="goal_link_edit"),
    path("p/<slug:programme>/kpis/refresh/", refreshing.refresh_list, name="refresh_list"),
    path("p/<slug:programme>/kpis/refresh/start/", refreshing.refresh_start, name="refresh_start"),
    path("p/<slug:programme>/kpis/refresh/<int:pk>/", refreshing.refresh_detail, name="refresh_detail"),
    path("p/<slug:programme>/kpis/<int:pk>/refresh/", refreshing.indicator_refresh, name="indicator_refresh"),
    path("p/<slug:programme>/kpis/quarantine/", refreshing.quarantine_list, name="quarantine_list"),
    path(
        "p/<slug:programme>/kpis/quarantine/decide/", refreshing.quarantine_decide, name="quarantine_decide"
    ),
    path("", include("kpis.values.urls")),
    path("", include("kpis.rules.urls")),
]
