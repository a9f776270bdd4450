"""Addresses of the pages that prove savings: reconciliation, confirmation, overlaps, evidence, income."""

from django.urls import path

from measures.views import attachments, confirmations, income, overlaps, reconciliation

S = "p/<slug:programme>/savings"

proving_pages = [
    path(f"{S}/reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path(f"{S}/reconciliation/open/", reconciliation.reconciliation_open, name="reconciliation_open"),
    path(
        f"{S}/reconciliation/<int:sector>/<int:cost_type>/",
        reconciliation.reconciliation_place,
        name="reconciliation_place",
    ),
    path(f"{S}/findings/", reconciliation.reconciliation_findings, name="reconciliation_findings"),
    path(f"{S}/findings/<int:pk>/", reconciliation.reconciliation_finding, name="reconciliation_finding"),
    path(
        f"{S}/findings/<int:pk>/close/",
        reconciliation.reconciliation_finding_close,
        name="reconciliation_finding_close",
    ),
    path(f"{S}/confirmation/", confirmations.confirmation_list, name="confirmation_list"),
    path(f"{S}/confirmation/decide/", confirmations.confirmation_bulk, name="confirmation_bulk"),
    path(f"{S}/confirmation/<int:pk>/", confirmations.confirmation_detail, name="confirmation_detail"),
    path(f"{S}/confirmation/<int:pk>/decide/", confirmations.confirmation_decide, name="confirmation_decide"),
    path(
        f"{S}/confirmation/<int:pk>/withdraw/",
        confirmations.confirmation_withdraw,
        name="confirmation_withdraw",
    ),
    path(f"{S}/overlaps/", overlaps.overlap_list, name="overlap_list"),
    path(f"{S}/overlaps/add/", overlaps.overlap_add, name="overlap_add"),
    path(f"{S}/overlaps/none/", overlaps.overlap_dismiss, name="overlap_dismiss"),
    path(f"{S}/overlaps/none/<int:pk>/", overlaps.overlap_suspect, name="overlap_suspect"),
    path(f"{S}/overlaps/<int:pk>/", overlaps.overlap_edit, name="overlap_edit"),
    path(f"{S}/overlaps/<int:pk>/remove/", overlaps.overlap_remove, name="overlap_remove"),
    path(f"{S}/income/", income.income, name="income"),
    path(
        "p/<slug:programme>/files/<int:pk>/remove/", attachments.attachment_remove, name="attachment_remove"
    ),
]
