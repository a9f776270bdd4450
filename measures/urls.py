"""Addresses of measures pages."""

from django.urls import path, register_converter

from measures.grid import views as grid
from measures.views import cards, lists, matrix, words


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
    path("p/<slug:programme>/measures/<measure_code:code>/", cards.measure_detail, name="measure_detail"),
    path("p/<slug:programme>/measures/<measure_code:code>/months/", grid.month_grid, name="month_grid"),
    path("p/<slug:programme>/measures/<measure_code:code>/months/save/", grid.months_write, name="months_write"),
    path("p/<slug:programme>/months/", grid.months_many, name="months_many"),
    path("p/<slug:programme>/months/save/", grid.months_save, name="months_save"),
    path("p/<slug:programme>/months/draft/", grid.months_draft, name="months_draft"),
    path("p/<slug:programme>/months/spread/", grid.months_spread, name="months_spread"),
    path("p/<slug:programme>/savings/", matrix.savings_matrix, name="savings_matrix"),
    path("p/<slug:programme>/terms/", words.term_list, name="term_list"),
]
