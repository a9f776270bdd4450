"""Addresses of risks pages."""

from django.urls import path

from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes
from risks import views
from risks.escalation.views import levels, obstacles, weekly
from risks.register.views import lines as risk_lines
from risks.register.views import risks as register

app_name = "risks"
urlpatterns = [
    path("p/<slug:programme>/risks/", register.risk_list, name="risk_list"),
    path("p/<slug:programme>/risks/add/", register.risk_add, name="risk_add"),
    path("p/<slug:programme>/risks/<int:pk>/", register.risk_detail, name="risk_detail"),
    path("p/<slug:programme>/risks/<int:pk>/edit/", register.risk_edit, name="risk_edit"),
    path("p/<slug:programme>/risks/<int:pk>/assess/", register.risk_assess, name="risk_assess"),
    path(
        "p/<slug:programme>/risks/<int:pk>/assessments/<int:assessment>/",
        register.assessment_edit,
        name="risk_assessment_edit",
    ),
    path("p/<slug:programme>/risks/<int:pk>/reviewed/", register.risk_reviewed, name="risk_reviewed"),
    path("p/<slug:programme>/risks/<int:pk>/raise/", register.risk_raise, name="risk_raise"),
    path("p/<slug:programme>/risks/<int:pk>/take-back/", register.risk_take_back, name="risk_take_back"),
    path("p/<slug:programme>/risks/<int:pk>/came-true/", register.risk_came_true, name="risk_came_true"),
    path(
        "p/<slug:programme>/risks/<int:pk>/mitigations/<int:line>/done/",
        risk_lines.mitigation_done,
        name="mitigation_done",
    ),
    path("p/<slug:programme>/risks/<int:pk>/<slug:kind>/add/", risk_lines.risk_line_add, name="risk_line_add"),
    path(
        "p/<slug:programme>/risks/<int:pk>/<slug:kind>/<int:line>/",
        risk_lines.risk_line_edit,
        name="risk_line_edit",
    ),
    path(
        "p/<slug:programme>/risks/<int:pk>/<slug:kind>/<int:line>/remove/",
        risk_lines.risk_line_remove,
        name="risk_line_remove",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/risks/add/", register.project_risk_add, name="project_risk_add"
    ),
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
