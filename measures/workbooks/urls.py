"""Addresses of bringing and taking workbooks."""

from django.urls import path

from measures.views import exports, imports

_BASE = "p/<slug:programme>/measures"

workbook_pages = [
    path(f"{_BASE}/export.xlsx", exports.export_workbook, name="export_workbook"),
    path(f"{_BASE}/export.csv", exports.export_csv, name="export_csv"),
    path(f"{_BASE}/export/<int:pk>/", exports.export_download, name="export_download"),
    path(f"{_BASE}/import/", imports.import_list, name="import_list"),
    path(f"{_BASE}/import/<int:pk>/", imports.import_detail, name="import_detail"),
    path(f"{_BASE}/import/<int:pk>/mapping/", imports.import_mapping, name="import_mapping"),
    path(f"{_BASE}/import/<int:pk>/choose/", imports.import_choose, name="import_choose"),
    path(f"{_BASE}/import/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path(f"{_BASE}/import/<int:pk>/again/", imports.import_again, name="import_again"),
    path(f"{_BASE}/import/<int:pk>/discard/", imports.import_discard, name="import_discard"),
]
