"""Addresses of the pages without money; measures.urls takes them in once it knows codes."""

from django.urls import URLPattern, path

from measures.proposals import views


def proposal_pages() -> list[URLPattern]:
    """They are made when the converter of codes is registered."""
    return [
        path("p/<slug:programme>/ideas/", views.idea_list, name="idea_list"),
        path("p/<slug:programme>/ideas/<measure_code:code>/", views.idea_detail, name="idea_detail"),
        path("p/<slug:programme>/proposals/", views.proposal_list, name="proposal_list"),
        path("p/<slug:programme>/proposals/add/", views.proposal_add, name="proposal_add"),
        path("p/<slug:programme>/proposals/<int:pk>/", views.proposal_detail, name="proposal_detail"),
        path("p/<slug:programme>/proposals/<int:pk>/look/", views.proposal_look, name="proposal_look"),
        path(
            "p/<slug:programme>/proposals/<int:pk>/take-up/", views.proposal_take_up, name="proposal_take_up"
        ),
        path(
            "p/<slug:programme>/proposals/<int:pk>/decline/", views.proposal_decline, name="proposal_decline"
        ),
    ]
