"""Addresses of risks pages."""

from django.urls import path

from measures import urls as measures_urls  # noqa: F401  it registers the converter of codes
from risks.escalation.views import levels, obstacles, weekly
from risks.impact.views import checks, measures
from risks.impact.views import programme as impact
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
    path(
        "p/<slug:programme>/risks/<int:pk>/<slug:kind>/add/", risk_lines.risk_line_add, name="risk_line_add"
    ),
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
        "p/<slug:programme>/projects/<slug:slug>/risks/add/",
        register.project_risk_add,
        name="project_risk_add",
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
    path("p/<slug:programme>/impact/", impact.impact_list, name="impact_list"),
    path("p/<slug:programme>/impact/groups/add/", impact.impact_group_add, name="impact_group_add"),
    path("p/<slug:programme>/impact/groups/<int:pk>/", impact.impact_group_edit, name="impact_group_edit"),
    path(
        "p/<slug:programme>/impact/groups/<int:pk>/remove/",
        impact.impact_group_remove,
        name="impact_group_remove",
    ),
    path(
        "p/<slug:programme>/impact/statements/<int:pk>/",
        impact.impact_statement_edit,
        name="impact_statement_edit",
    ),
    path(
        "p/<slug:programme>/impact/statements/<int:pk>/remove/",
        impact.impact_statement_remove,
        name="impact_statement_remove",
    ),
    path(
        "p/<slug:programme>/impact/watched/<int:pk>/remove/",
        impact.impact_watch_remove,
        name="impact_watch_remove",
    ),
    path("p/<slug:programme>/impact/areas/<slug:key>/", impact.impact_detail, name="impact_detail"),
    path("p/<slug:programme>/impact/areas/<slug:key>/edit/", impact.impact_edit, name="impact_edit"),
    path(
        "p/<slug:programme>/impact/areas/<slug:key>/statements/add/",
        impact.impact_statement_add,
        name="impact_statement_add",
    ),
    path(
        "p/<slug:programme>/impact/areas/<slug:key>/watch/", impact.impact_watch_add, name="impact_watch_add"
    ),
    path("p/<slug:programme>/promises/", impact.promise_list, name="promise_list"),
    path("p/<slug:programme>/promises/table.csv", impact.promise_export, name="promise_export"),
    path("p/<slug:programme>/promises/<slug:key>/", impact.promise_detail, name="promise_detail"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/",
        checks.measure_checks,
        name="measure_checks",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/closing/", measures.closure_edit, name="closure_edit"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/closing/finish/",
        measures.closure_finish,
        name="closure_finish",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/told/<slug:kind>/add/",
        measures.measure_line_add,
        name="measure_line_add",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/told/<slug:kind>/<int:pk>/",
        measures.measure_line_edit,
        name="measure_line_edit",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/told/<slug:kind>/<int:pk>/remove/",
        measures.measure_line_remove,
        name="measure_line_remove",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/<slug:part>/",
        checks.measure_checks_edit,
        name="measure_checks_edit",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/checks/<slug:part>/<int:pk>/sign/",
        checks.measure_check_sign,
        name="measure_check_sign",
    ),
]
