"""Addresses of risks pages."""

from django.urls import path

from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes
from risks import views
from risks.escalation.views import levels, obstacles, weekly

app_name = "risks"
urlpatterns = [
    path("p/<slug:programme>/risks/", views.risk_list, name="risk_list"),
    path("p/<slug:programme>/risks/<int:pk>/", views.risk_detail, name="risk_detail"),
    path("p/<slug:programme>/obstacles/", obstacles.obstacle_list, name="obstacle_list"),
    path("p/<slug:programme>/obstacles/add/", obstacles.obstacle_add, name="obstacle_add"),
    path("p/<slug:programme>/obstacles/<int:pk>/", obstacles.obstacle_detail, name="obstacle_detail"),
    path("p/<slug:programme>/obstacles/<int:pk>/edit/", obstacles.obstacle_edit, name="obstacle_edit"),
    path("p/<slug:programme>/obstacles/<int:pk>/up/", obstacles.obstacle_up, name="obstacle_up"),
    path("p/<slug:programme>/obstacles/<int:pk>/back/", obstacles.obstacle_back, name="obstacle_back"),
    path("p/<slug:programme>/obstacles/<int:pk>/decide/", obstacles.obstacle_decide, name="obstacle_decide"),
    path("p/<slug:programme>/obstacles/<int:pk>/close/", obstacles.obstacle_close, name="obstacle_close"),
    path("p/<slug:programme>/obstacles/<int:pk>/reopen/", obstacles.obstacle_reopen, name="obstacle_reopen"),
    path("p/<slug:programme>/obstacles/levels/", levels.level_list, name="level_list"),
    path("p/<slug:programme>/obstacles/levels/<slug:level>/", levels.level_edit, name="level_edit"),
    path("p/<slug:programme>/obstacles/weekly/", weekly.weekly_list, name="weekly_list"),
    path("p/<slug:programme>/obstacles/weekly/<str:monday>/", weekly.weekly_detail, name="weekly_detail"),
    path(
        "p/<slug:programme>/obstacles/weekly/<int:pk>/handled/", weekly.weekly_handled, name="weekly_handled"
    ),
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
