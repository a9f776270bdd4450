"""Why a file is not read, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "empty": _("The file is empty."),
    "file_too_large": _("The file is %(size)s MB; at most %(most)s MB are read."),
    "not_a_table": _("This is neither an Excel workbook (.xlsx) nor a CSV file."),
    "is_xls": _("This is a workbook of an old Excel (.xls). Open it in Excel and save it as .xlsx."),
    "is_ods": _("This is a LibreOffice workbook (.ods). Save it as .xlsx."),
    "is_word": _("This is a Word document, not a workbook."),
    "is_slides": _("This is a PowerPoint presentation, not a workbook."),
    "is_binary_workbook": _("This is a binary workbook (.xlsb). Save it as .xlsx."),
    "is_pdf": _("This is a PDF file, not a workbook."),
    "is_picture": _("This is a picture, not a workbook."),
    "is_html": _("This is a web page with the name of a workbook. Open it in Excel and save it as .xlsx."),
    "is_xml": _("This is an XML file with the name of a workbook. Open it in Excel and save it as .xlsx."),
    "is_text": _(
        "This is a text file with the name of a workbook. Give it the ending .csv, or save it as .xlsx."
    ),
    "is_utf16": _("The file is in UTF-16 (“Unicode text”). Save it in Excel as “CSV UTF-8”."),
    "is_encrypted": _("The workbook is protected with a password for opening. Save it without the password."),
    "broken": _("The workbook is broken and cannot be opened. Open it in Excel and save it again."),
    "broken_part": _("The workbook is broken: its part %(part)s cannot be read. Save it again in Excel."),
    "missing_part": _("The workbook is broken: its part %(part)s is missing. Save it again in Excel."),
    "bad_name": _("The file has a part with a name that a workbook does not have: %(part)s."),
    "double_part": _("The workbook is broken: it has its part %(part)s twice."),
    "nested": _("There is another packed file inside the workbook: %(part)s."),
    "link_part": _("The workbook has a part that points elsewhere on the disk: %(part)s."),
    "too_many_parts": _("The workbook has %(count)s parts; at most %(most)s are read."),
    "too_large_unpacked": _("Unpacked, the workbook is larger than %(most)s MB."),
    "part_too_large": _("Unpacked, the part %(part)s is larger than %(most)s MB."),
    "bomb": _("The part %(part)s is packed unnaturally tightly; such files are not opened."),
    "wrong_sizes": _("The sizes that the workbook gives for its parts are not true: %(part)s."),
    "unknown_part": _("The workbook holds something of a kind that is not read: %(part)s."),
    "macros": _("The workbook has macros. Save it as .xlsx without macros."),
    "external": _(
        "The workbook fetches data from other files or addresses. Break the links and save it again."
    ),
    "embedded": _(
        "Another document is embedded in the workbook: %(part)s. Remove it and save the workbook again."
    ),
    "entities": _("The workbook has definitions that a workbook does not have (%(part)s)."),
    "too_slow": _("Reading the workbook took longer than %(seconds)s seconds and was stopped."),
    "too_much_memory": _(
        "Reading the workbook would need more memory than it may. Remove empty rows and columns."
    ),
    "no_sheets": _("The workbook has no sheet with a table."),
    "too_many_rows": _("Sheet %(sheet)s has %(count)s rows; at most %(most)s are read."),
    "too_many_columns": _("Sheet %(sheet)s has %(count)s columns; at most %(most)s are read."),
    "lost_place": _(
        "Sheet %(sheet)s has cells with an error whose place cannot be told. Save it again in Excel."
    ),
    "nul": _("%(place)s: the cell holds characters that no text has."),
    "cell_too_long": _("%(place)s: the cell has more than %(most)s characters."),
    "unreadable_text": _(
        "The letters of the file cannot be read (row %(row)s). Save it in Excel as “CSV UTF-8”."
    ),
    "open_quote": _("Row %(row)s: a quotation mark is opened and never closed."),
}


class Refused(Exception):
    """A file that is not read. `code` is a key of REASONS, `params` fill its words; `message` is for people."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params

    @property
    def message(self) -> str:
        from core.tables.sheets import place

        told = dict(self.params)
        if "sheet" in told and "row" in told and "column" in told:
            told["place"] = place(told["sheet"], told["row"], told["column"])
        words = REASONS.get(self.code)
        return gettext("The file cannot be read.") if words is None else str(words) % told

    def __str__(self) -> str:
        return self.message
