"""Addresses of the talk; core.urls takes them in."""

from django.urls import path

from core.talk import files, views

patterns = [
    path("p/<slug:programme>/talk/<slug:kind>/<int:pk>/", views.talk, name="talk"),
    path("p/<slug:programme>/talk/<slug:kind>/<int:pk>/add/", views.comment_add, name="comment_add"),
    path("p/<slug:programme>/talk/<slug:kind>/<int:pk>/follow/", views.follow, name="follow"),
    path("p/<slug:programme>/talk/<slug:kind>/<int:pk>/file/", files.file_add, name="file_add"),
    path("p/<slug:programme>/talk/files/<int:pk>/remove/", files.file_remove, name="file_remove"),
    path("p/<slug:programme>/comments/<int:pk>/answer/", views.comment_answer, name="comment_answer"),
    path("p/<slug:programme>/comments/<int:pk>/edit/", views.comment_edit, name="comment_edit"),
    path("p/<slug:programme>/comments/<int:pk>/remove/", views.comment_remove, name="comment_remove"),
    path("p/<slug:programme>/comments/<int:pk>/settle/", views.comment_settle, name="comment_settle"),
]
