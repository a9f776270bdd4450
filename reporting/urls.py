"""Addresses of reporting pages."""

from django.urls import path

from reporting import readiness_urls
from reporting.views import bigroom, dashboard, history, home, slices, styleguide, theme, update

app_name = "reporting"
urlpatterns = [
    path("", home.home, name="home"),
    path("waiting/", home.waiting_list, name="waiting_list"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("p/<slug:programme>/theme.css", theme.theme_css, name="theme_css"),
    path("p/<slug:programme>/", dashboard.dashboard, name="dashboard"),
    path("p/<slug:programme>/panels/<slug:name>/", dashboard.dashboard_panel, name="dashboard_panel"),
    path("p/<slug:programme>/themes/<slug:key>/", slices.theme_detail, name="theme_detail"),
    path("p/<slug:programme>/sectors/<slug:key>/", slices.sector_detail, name="sector_detail"),
    path("p/<slug:programme>/segments/<slug:key>/", slices.segment_detail, name="segment_detail"),
    path("p/<slug:programme>/goals/<slug:key>/figures/", slices.goal, name="goal"),
    path("p/<slug:programme>/coverage/", slices.coverage, name="coverage"),
    path("p/<slug:programme>/bigroom/", bigroom.bigroom_list, name="bigroom_list"),
    path("p/<slug:programme>/bigroom/build/", bigroom.bigroom_build, name="bigroom_build"),
    path("p/<slug:programme>/bigroom/<slug:month>/", bigroom.bigroom_detail, name="bigroom_detail"),
    path(
        "p/<slug:programme>/bigroom/<slug:month>/progress/", bigroom.bigroom_progress, name="bigroom_progress"
    ),
    path("p/<slug:programme>/history/", history.history, name="history"),
    path("p/<slug:programme>/history/<str:kind>/<int:pk>/", history.history_row, name="history_row"),
    path(
        "p/<slug:programme>/history/<str:kind>/<int:pk>/restore/<int:event>/",
        history.history_restore,
        name="history_restore",
    ),
    path("p/<slug:programme>/measures/<str:code>/update/", update.measure_update, name="measure_update"),
    *readiness_urls.patterns,
]
