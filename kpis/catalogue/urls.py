"""Addresses of Sotkanet's catalogue and of indicators' sources."""

from django.urls import path

from kpis.catalogue import source_views, views

SOTKANET = "p/<slug:programme>/kpis/sotkanet/"
SOURCES = "p/<slug:programme>/kpis/<int:pk>/sources/"
urlpatterns = [
    path(SOTKANET, views.sotkanet_list, name="sotkanet_list"),
    path(f"{SOTKANET}read/", views.sotkanet_read, name="sotkanet_read"),
    path(f"{SOTKANET}<int:number>/", views.sotkanet_detail, name="sotkanet_detail"),
    path(f"{SOTKANET}<int:number>/read/", views.sotkanet_read_one, name="sotkanet_read_one"),
    path(f"{SOTKANET}<int:number>/link/", views.sotkanet_link, name="sotkanet_link"),
    path(f"{SOTKANET}<int:number>/new/", views.sotkanet_new, name="sotkanet_new"),
    path(SOURCES, source_views.source_list, name="source_list"),
    path(f"{SOURCES}<int:link>/", source_views.source_edit, name="source_edit"),
    path(f"{SOURCES}<int:link>/confirm/", source_views.source_confirm, name="source_confirm"),
    path(f"{SOURCES}<int:link>/end/", source_views.source_end, name="source_end"),
]
