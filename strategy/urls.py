"""Addresses of strategy pages."""

from django.urls import path

from strategy.views import answers, fixing, objectives, seasons, vision

app_name = "strategy"
P = "p/<slug:programme>/"
urlpatterns = [
    path(f"{P}strategy/", vision.vision, name="vision"),
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
