"""Addresses of core pages."""

from django.urls import URLPattern, URLResolver, path

from core import views
from core.accessibility import accessibility
from core.talk import urls as talk_urls

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accessibility/", accessibility, name="accessibility"),
    path("drafts/", views.draft_keep, name="draft_keep"),
    path("drafts/drop/", views.draft_drop, name="draft_drop"),
    path("p/<slug:programme>/files/<int:pk>/", views.attachment_download, name="attachment_download"),
    path("p/<slug:programme>/jobs/<int:pk>/", views.job_detail, name="job_detail"),
    path("p/<slug:programme>/jobs/<int:pk>/cancel/", views.job_cancel, name="job_cancel"),
    *talk_urls.patterns,
]
