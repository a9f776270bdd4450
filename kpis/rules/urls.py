"""Addresses of target rules."""

from django.urls import path

from kpis.rules import views

KPIS = "p/<slug:programme>/kpis/"
urlpatterns = [
    path(f"{KPIS}<int:pk>/rules/", views.rule_list, name="rule_list"),
    path(f"{KPIS}<int:pk>/rules/add/", views.rule_add, name="rule_add"),
    path(f"{KPIS}goals/<int:pk>/rules/", views.goal_rule_list, name="goal_rule_list"),
    path(f"{KPIS}goals/<int:pk>/rules/add/", views.goal_rule_add, name="goal_rule_add"),
    path(f"{KPIS}rules/<int:pk>/change/", views.rule_change, name="rule_change"),
    path(f"{KPIS}rules/<int:pk>/end/", views.rule_end, name="rule_end"),
    path(f"{KPIS}rules/<int:pk>/use/", views.rule_take_up, name="rule_take_up"),
]
