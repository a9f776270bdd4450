"""Addresses of measures pages."""

from django.urls import path, register_converter

from measures.forecasting.urls import urlpatterns as forecast_pages
from measures.grid import views as grid
from measures.proposals.urls import proposal_pages
from measures.proving_urls import proving_pages
from measures.views import (
    attachments,
    budget_shares,
    bulk,
    bulk_changes,
    card_parts,
    cards,
    crossfooting,
    edits,
    funding,
    gates,
    lines,
    lists,
    matrix,
    plan_changes,
    production,
    projecting,
    succession,
    targets,
    unallocated,
    words,
)
from measures.views.books import corrections
from measures.views.books.urls import books_pages
from measures.workbooks.urls import workbook_pages


class CodeConverter:
    """A measure's code: capital letters, digits, full stops and hyphens, so that `import` is never one."""

    regex = "[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9.-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "measure_code")

app_name = "measures"
urlpatterns = [
    path("p/<slug:programme>/measures/", lists.measure_list, name="measure_list"),
    *workbook_pages,
    path("p/<slug:programme>/measures/add/", edits.measure_add, name="measure_add"),
    path("p/<slug:programme>/measures/bulk/", bulk.measure_bulk, name="measure_bulk"),
    path("p/<slug:programme>/measures/bulk/changes/", bulk_changes.bulk_changes, name="bulk_changes"),
    path("p/<slug:programme>/measures/bulk/changes/<int:pk>/undo/", bulk_changes.bulk_undo, name="bulk_undo"),
    path("p/<slug:programme>/measures/deleted/<int:pk>/", edits.measure_deleted, name="measure_deleted"),
    path("p/<slug:programme>/measures/project/", projecting.project_make, name="project_make"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/project/",
        projecting.measure_make_project,
        name="measure_make_project",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/measures/",
        projecting.project_measures,
        name="project_measures",
    ),
    path(
        "p/<slug:programme>/projects/<slug:slug>/measures/<measure_code:code>/out/",
        projecting.measure_take_out,
        name="measure_take_out",
    ),
    path(
        "p/<slug:programme>/undertakings/<slug:key>/measures/",
        projecting.initiative_measures,
        name="initiative_measures",
    ),
    path(
        "p/<slug:programme>/undertakings/<slug:key>/measures/change/",
        projecting.initiative_measure,
        name="initiative_measure",
    ),
    path("p/<slug:programme>/measures/<measure_code:code>/", cards.measure_detail, name="measure_detail"),
    path("p/<slug:programme>/measures/<measure_code:code>/edit/", edits.measure_edit, name="measure_edit"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/part/<slug:part>/",
        edits.measure_part,
        name="measure_part",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/withdraw/",
        edits.measure_withdraw,
        name="measure_withdraw",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/merge/",
        succession.measure_merge,
        name="measure_merge",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/split/",
        succession.measure_split,
        name="measure_split",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/delete/", edits.measure_delete, name="measure_delete"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/more/<slug:part>/",
        card_parts.card_part,
        name="card_part",
    ),
    path("p/<slug:programme>/measures/<measure_code:code>/gate/ask/", gates.gate_ask, name="gate_ask"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/gate/decide/", gates.gate_decide, name="gate_decide"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/gate/back/",
        gates.gate_take_back,
        name="gate_take_back",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/gate/return/", gates.gate_return, name="gate_return"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/plan-change/",
        plan_changes.plan_change,
        name="plan_change",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/plan-change/ask/",
        plan_changes.plan_change_ask,
        name="plan_change_ask",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/plan-change/<int:pk>/",
        plan_changes.plan_change_detail,
        name="plan_change_detail",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/plan-change/<int:pk>/decide/",
        plan_changes.plan_change_decide,
        name="plan_change_decide",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/plan-change/<int:pk>/back/",
        plan_changes.plan_change_take_back,
        name="plan_change_take_back",
    ),
    path("p/<slug:programme>/gates/", gates.gate_list, name="gate_list"),
    path("p/<slug:programme>/settings/gates/", gates.gate_settings, name="gate_settings"),
    path("p/<slug:programme>/settings/gates/<slug:stage>/", gates.gate_edit, name="gate_edit"),
    path("p/<slug:programme>/measures/<measure_code:code>/lines/add/", lines.line_add, name="line_add"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/lines/<int:pk>/", lines.line_edit, name="line_edit"
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/lines/<int:pk>/remove/",
        lines.line_remove,
        name="line_remove",
    ),
    path("p/<slug:programme>/measures/<measure_code:code>/target/", targets.target_set, name="target_set"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/target/<int:pk>/cancel/",
        targets.target_cancel,
        name="target_cancel",
    ),
    path("p/<slug:programme>/measures/<measure_code:code>/months/", grid.month_grid, name="month_grid"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/months/save/", grid.months_write, name="months_write"
    ),
    path("p/<slug:programme>/months/", grid.months_many, name="months_many"),
    path("p/<slug:programme>/months/save/", grid.months_save, name="months_save"),
    path("p/<slug:programme>/months/draft/", grid.months_draft, name="months_draft"),
    path("p/<slug:programme>/months/spread/", grid.months_spread, name="months_spread"),
    path("p/<slug:programme>/savings/", matrix.savings_matrix, name="savings_matrix"),
    *forecast_pages,
    *books_pages,
    path(
        "p/<slug:programme>/measures/<measure_code:code>/corrections/add/",
        corrections.correction_add,
        name="correction_add",
    ),
    path("p/<slug:programme>/savings/budgets/", budget_shares.budget_shares, name="budget_shares"),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/budget/add/",
        budget_shares.budget_share_add,
        name="budget_share_add",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/budget/<int:pk>/",
        budget_shares.budget_share_edit,
        name="budget_share_edit",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/budget/<int:pk>/remove/",
        budget_shares.budget_share_remove,
        name="budget_share_remove",
    ),
    path("p/<slug:programme>/savings/unallocated/", unallocated.unallocated, name="unallocated"),
    path(
        "p/<slug:programme>/savings/unallocated/move/", unallocated.unallocated_move, name="unallocated_move"
    ),
    path("p/<slug:programme>/savings/crossfooting/", crossfooting.crossfooting, name="crossfooting"),
    path(
        "p/<slug:programme>/savings/crossfooting/<slug:key>/",
        crossfooting.crossfooting_check,
        name="crossfooting_check",
    ),
    path(
        "p/<slug:programme>/savings/crossfooting/<slug:key>/note/",
        crossfooting.crossfooting_note,
        name="crossfooting_note",
    ),
    path("p/<slug:programme>/funding/", funding.funding, name="funding"),
    path("p/<slug:programme>/funding/<int:pk>/release/", funding.funding_release, name="funding_release"),
    path("p/<slug:programme>/funding/use/", funding.spending_list, name="funding_uses"),
    path("p/<slug:programme>/funding/use/add/", funding.spending_add, name="funding_use_add"),
    path("p/<slug:programme>/funding/use/<int:pk>/", funding.spending_edit, name="funding_use_edit"),
    path("p/<slug:programme>/savings/production/", production.production_list, name="production_list"),
    path("p/<slug:programme>/savings/production/add/", production.service_add, name="production_service_add"),
    path(
        "p/<slug:programme>/savings/production/<int:pk>/",
        production.service_edit,
        name="production_service_edit",
    ),
    path(
        "p/<slug:programme>/savings/production/<int:pk>/add/",
        production.service_year_add,
        name="production_year_add",
    ),
    path(
        "p/<slug:programme>/savings/production/years/<int:pk>/",
        production.service_year_edit,
        name="production_year_edit",
    ),
    path(
        "p/<slug:programme>/measures/<measure_code:code>/files/add/",
        attachments.attachment_add,
        name="attachment_add",
    ),
    *proposal_pages(),
    *proving_pages,
    path("p/<slug:programme>/terms/", words.term_list, name="term_list"),
]
