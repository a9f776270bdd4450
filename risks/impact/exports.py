"""The answers about promises as CSV for Excel."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.periods import format_date
from core.templatetags.ui import plain_text
from programme.models import Programme
from risks.impact.selectors import measures_of
from risks.models import PromiseCheck

#: Excel reads the file as UTF-8 only when it begins with this mark.
BOM = "\ufeff"
#: A text that a spreadsheet would run as a formula begins with an apostrophe.
RUNS = ("=", "+", "-", "@", "\t", "\r")


def _line(cells: Iterable[str]) -> str:
    return ";".join(f'"{_plain(cell)}"' for cell in cells) + "\r\n"


def _plain(cell: str) -> str:
    safe = f"'{cell}" if cell.startswith(RUNS) else cell
    return safe.replace('"', '""')


def promises_csv(programme: Programme) -> bytes:
    """One row for each answer of a measure that is not withdrawn: by promise, then by code."""
    head = (
        _("promise"), _("to whom"), _("code"), _("measure"), _("answer"), _("in words"),
        _("what is done about it"), _("signed off by"), _("signed off on"),
    )  # fmt: skip
    rows = PromiseCheck.objects.filter(programme=programme, measure__in=measures_of(programme))
    lines = [_line(head)]
    for row in rows.select_related("promise", "measure", "signed_off_by").order_by(
        "promise__audience", "promise__position", "measure__code"
    ):
        lines.append(
            _line((
                plain_text(row.promise), row.promise.get_audience_display(), row.measure.code, plain_text(row.measure),
                row.get_answer_display(), row.text, row.mitigation, str(row.signed_off_by or ""),
                format_date(row.signed_off_on) if row.signed_off_on else "",
            ))
        )  # fmt: skip
    return (BOM + "".join(lines)).encode()
