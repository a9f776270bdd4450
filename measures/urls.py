"""Addresses of measures pages."""

from django.urls import path, register_converter

from measures import views


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
    path("p/<slug:programme>/measures/", views.measure_list, name="measure_list"),
    path("p/<slug:programme>/measures/<measure_code:code>/", views.measure_detail, name="measure_detail"),
    path("p/<slug:programme>/savings/", views.savings_matrix, name="savings_matrix"),
]
