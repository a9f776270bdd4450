"""Addresses of the set-up list and of the texts in three languages."""

from django.urls import path

from reporting.views import setup, texts

patterns = [
    path("p/<slug:programme>/set-up/", setup.set_up, name="set_up"),
    path("p/<slug:programme>/set-up/line/", setup.set_up_line, name="set_up_line"),
    path("p/<slug:programme>/texts/", texts.text_list, name="text_list"),
    path("p/<slug:programme>/texts/<str:kind>/", texts.text_kind, name="text_kind"),
    path("p/<slug:programme>/texts/<str:kind>/<int:pk>/", texts.text_edit, name="text_edit"),
]
