"""Addresses of indicators as rows, entered values, judgements, own sources and files of values."""

from django.urls import path

from kpis.values import indicator_views, judgement_views, sources, stated, value_views
from kpis.values.files import views as file_views

KPIS = "p/<slug:programme>/kpis/"
ONE = f"{KPIS}<int:pk>/"
urlpatterns = [
    path(f"{KPIS}add/", indicator_views.indicator_add, name="indicator_add"),
    path(f"{KPIS}gaps/", indicator_views.indicator_gaps, name="indicator_gaps"),
    path(f"{ONE}edit/", indicator_views.indicator_edit, name="indicator_edit"),
    path(f"{ONE}move/", indicator_views.indicator_move, name="indicator_move"),
    path(f"{ONE}delete/", indicator_views.indicator_delete, name="indicator_delete"),
    path(f"{ONE}groups/", indicator_views.group_list, name="group_list"),
    path(f"{ONE}groups/add/", indicator_views.group_add, name="group_add"),
    path(f"{KPIS}groups/<int:pk>/", indicator_views.group_edit, name="group_edit"),
    path(f"{KPIS}groups/<int:pk>/move/", indicator_views.group_move, name="group_move"),
    path(f"{KPIS}groups/<int:pk>/delete/", indicator_views.group_delete, name="group_delete"),
    path(f"{ONE}sources/own/add/", sources.own_source_add, name="own_source_add"),
    path(f"{KPIS}sources/own/<int:pk>/", sources.own_source_edit, name="own_source_edit"),
    path(f"{ONE}values/", value_views.value_list, name="value_list"),
    path(f"{ONE}values/add/", value_views.value_add, name="value_add"),
    path(f"{KPIS}values/", value_views.value_queue, name="value_queue"),
    path(f"{KPIS}values/approve/", value_views.values_approve, name="values_approve"),
    path(f"{KPIS}values/<int:pk>/", value_views.value_detail, name="value_detail"),
    path(f"{KPIS}values/<int:pk>/edit/", value_views.value_edit, name="value_edit"),
    path(f"{KPIS}values/<int:pk>/approve/", value_views.value_approve, name="value_approve"),
    path(f"{KPIS}values/<int:pk>/return/", value_views.value_return, name="value_return"),
    path(f"{ONE}judgements/<int:year>/", judgement_views.judgement_edit, name="judgement_edit"),
    path(f"{ONE}judgements/<int:year>/files/", judgement_views.judgement_file_add, name="judgement_file_add"),
    path(
        f"{KPIS}judgements/files/<int:pk>/",
        judgement_views.judgement_file_remove,
        name="judgement_file_remove",
    ),
    path(f"{KPIS}values/files/", file_views.value_files, name="value_files"),
    path(f"{KPIS}values/files/<int:pk>/", file_views.value_file, name="value_file"),
    path(f"{KPIS}values/files/<int:pk>/columns/", file_views.value_file_columns, name="value_file_columns"),
    path(f"{KPIS}values/files/<int:pk>/take/", file_views.value_file_take, name="value_file_take"),
    path(f"{KPIS}values/files/<int:pk>/discard/", file_views.value_file_discard, name="value_file_discard"),
    path(f"{KPIS}stated/", stated.stated_list, name="stated_list"),
    path(f"{KPIS}stated/<int:pk>/follow/", stated.stated_follow, name="stated_follow"),
]
