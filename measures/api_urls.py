"""Addresses of the API under /api/v1/."""

from django.urls import path

from measures import api
from measures.ledger.api import LedgerList

app_name = "api_measures"
urlpatterns = [
    path("measures/", api.MeasureList.as_view(), name="measures"),
    path("measures/<int:pk>/", api.MeasureDetail.as_view(), name="measure"),
    path("ledger/", LedgerList.as_view(), name="ledger"),
    path("savings/", api.SavingsList.as_view(), name="savings"),
]
