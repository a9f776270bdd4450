"""Addresses of the forecast pages and of the deficit path."""

from django.urls import path

from measures.views import deficit, forecast, scenarios

urlpatterns = [
    path("p/<slug:programme>/savings/forecast/", forecast.forecast, name="forecast"),
    path("p/<slug:programme>/savings/forecast/figure/", forecast.forecast_figure, name="forecast_figure"),
    path("p/<slug:programme>/savings/forecast/what-if/", scenarios.whatif_page, name="forecast_whatif"),
    path(
        "p/<slug:programme>/savings/forecast/scenarios/add/",
        scenarios.scenario_add,
        name="forecast_scenario_add",
    ),
    path(
        "p/<slug:programme>/savings/forecast/scenarios/<int:pk>/",
        scenarios.scenario_edit,
        name="forecast_scenario_edit",
    ),
    path(
        "p/<slug:programme>/savings/forecast/scenarios/<int:pk>/remove/",
        scenarios.scenario_remove,
        name="forecast_scenario_remove",
    ),
    path("p/<slug:programme>/savings/deficit/", deficit.path_page, name="deficit_path"),
    path("p/<slug:programme>/savings/deficit/edit/", deficit.path_edit, name="deficit_edit"),
    path("p/<slug:programme>/savings/deficit/results/add/", deficit.result_add, name="deficit_result_add"),
    path(
        "p/<slug:programme>/savings/deficit/results/<int:pk>/",
        deficit.result_edit,
        name="deficit_result_edit",
    ),
    path(
        "p/<slug:programme>/savings/deficit/results/<int:pk>/remove/",
        deficit.result_remove,
        name="deficit_result_remove",
    ),
]
