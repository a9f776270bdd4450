"""Addresses of the API under /api/v1/."""

from django.urls import path

from programme import api

app_name = "api_programme"
urlpatterns = [
    path("programmes/", api.ProgrammeCollection.as_view(), name="programmes"),
    path("programmes/<slug:programme>/", api.ProgrammeDetail.as_view(), name="programme"),
    path("themes/", api.ThemeList.as_view(), name="themes"),
    path("goals/", api.GoalList.as_view(), name="goals"),
    path("sectors/", api.SectorList.as_view(), name="sectors"),
    path("decisions/", api.DecisionList.as_view(), name="decisions"),
    path("cost-types/", api.CostTypeList.as_view(), name="cost_types"),
]
