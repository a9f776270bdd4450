"""Addresses of strategy pages."""

from django.urls import path

from strategy.views import answers, fixing, lines, objectives, points, seasons, vision

app_name = "strategy"
P = "p/<slug:programme>/"
urlpatterns = [
    path(f"{P}strategy/", vision.vision, name="vision"),
    path(f"{P}strategy/themes/add/", lines.theme_add, name="theme_add"),
    path(f"{P}strategy/themes/<slug:key>/edit/", lines.theme_edit, name="theme_edit"),
    path(f"{P}strategy/lines/add/", lines.line_add, name="line_add"),
    path(f"{P}strategy/lines/<int:pk>/", lines.line_detail, name="line_detail"),
    path(f"{P}strategy/lines/<int:pk>/edit/", lines.line_edit, name="line_edit"),
    path(f"{P}strategy/balancing/", lines.balancing, name="balancing"),
    path(f"{P}strategy/balancing/<int:pk>/edit/", lines.balancing_edit, name="balancing_edit"),
    path(f"{P}strategy/balancing/principles/<int:pk>/edit/", lines.principle_edit, name="principle_edit"),
    # when the council is told
    path(f"{P}strategy/points/", points.point_list, name="point_list"),
    path(f"{P}strategy/points/add/", points.point_add, name="point_add"),
    path(f"{P}strategy/points/years/<int:year>/", points.point_year, name="point_year"),
    path(f"{P}strategy/points/<int:pk>/", points.point_detail, name="point_detail"),
    path(f"{P}strategy/points/<int:pk>/edit/", points.point_edit, name="point_edit"),
    # the council's annual objectives
    path(f"{P}objectives/", objectives.objective_list, name="objective_list"),
    path(f"{P}objectives/add/", objectives.objective_add, name="objective_add"),
    path(f"{P}objectives/answers/<int:pk>/", answers.answer_edit, name="answer_edit"),
    path(f"{P}objectives/answers/<int:pk>/file/", answers.answer_file_add, name="answer_file_add"),
    path(f"{P}objectives/files/<int:pk>/remove/", answers.answer_file_remove, name="answer_file_remove"),
    path(f"{P}objectives/metrics/<int:pk>/edit/", objectives.metric_edit, name="metric_edit"),
    path(f"{P}objectives/metrics/<int:pk>/remove/", objectives.metric_remove, name="metric_remove"),
    path(f"{P}objectives/<int:year>/answers/", answers.year_answers, name="year_answers"),
    path(f"{P}objectives/<int:year>/fixed/", fixing.year_fixed, name="year_fixed"),
    path(f"{P}objectives/<int:year>/fix/", fixing.year_fix, name="year_fix"),
    path(f"{P}objectives/<slug:key>/", objectives.objective_detail, name="objective_detail"),
    path(f"{P}objectives/<slug:key>/edit/", objectives.objective_edit, name="objective_edit"),
    path(f"{P}objectives/<slug:key>/metrics/add/", objectives.metric_add, name="metric_add"),
    # seasons
    path(f"{P}seasons/", seasons.season_list, name="season_list"),
]
