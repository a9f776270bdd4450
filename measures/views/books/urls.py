"""Addresses of the books."""

from django.urls import path

from measures.views.books import drivers, imports, months, rows, transfers

_BOOKS = "p/<slug:programme>/savings/books"
_FILE = f"{_BOOKS}/import/<int:pk>"
_DRIVERS, _TRANSFERS = "p/<slug:programme>/savings/drivers", "p/<slug:programme>/savings/transfers"

books_pages = [
    path(f"{_BOOKS}/", months.books, name="books"),
    path(f"{_BOOKS}/close/", months.books_close, name="books_close"),
    path(f"{_BOOKS}/<int:year>/<int:month>/reopen/", months.books_reopen, name="books_reopen"),
    path(f"{_BOOKS}/<int:year>/lock/", months.books_lock, name="books_lock"),
    path(f"{_BOOKS}/<int:year>/unlock/", months.books_unlock, name="books_unlock"),
    path(f"{_BOOKS}/sectors/", rows.books_sectors, name="books_sectors"),
    path(f"{_BOOKS}/rows/", rows.books_rows, name="books_rows"),
    path(f"{_BOOKS}/import/", imports.books_import, name="books_import"),
    path(f"{_FILE}/", imports.books_run, name="books_run"),
    path(f"{_FILE}/columns/", imports.books_columns, name="books_columns"),
    path(f"{_FILE}/names/", imports.books_names, name="books_names"),
    path(f"{_FILE}/store/", imports.books_store, name="books_store"),
    path(f"{_FILE}/discard/", imports.books_discard, name="books_discard"),
    path(f"{_DRIVERS}/", drivers.driver_list, name="books_drivers"),
    path(f"{_DRIVERS}/add/", drivers.driver_add, name="books_driver_add"),
    path(f"{_DRIVERS}/<int:pk>/", drivers.driver_edit, name="books_driver_edit"),
    path(f"{_DRIVERS}/<int:pk>/remove/", drivers.driver_remove, name="books_driver_remove"),
    path(f"{_TRANSFERS}/", transfers.transfer_list, name="books_transfers"),
    path(f"{_TRANSFERS}/add/", transfers.transfer_add, name="books_transfer_add"),
    path(f"{_TRANSFERS}/<int:pk>/", transfers.transfer_edit, name="books_transfer_edit"),
    path(f"{_TRANSFERS}/<int:pk>/remove/", transfers.transfer_remove, name="books_transfer_remove"),
]
