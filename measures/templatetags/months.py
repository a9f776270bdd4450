"""Cells of the month grid: a page has thousands of them, so they are written here in one piece."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import DASH, Unit
from core.periods import format_month
from measures.grid.rows import Grid, GridCell, GridRow
from measures.grid.texts import cell_text

register = template.Library()

_INPUT = (
    '<td class="{}" data-label="{}"><input name="{}" value="{}" aria-labelledby="l{} r{} m{}-{}"'
    ' inputmode="text"{}></td>'
)
_FIXED = '<td class="{}" data-label="{}" tabindex="-1" data-fixed="{}">{}{}</td>'


#: The sentences of the grid's script, in the page's language.
SENTENCES = {
    "saving": gettext_lazy("Saving…"),
    "saved": gettext_lazy("Saved"),
    "unsaved": gettext_lazy("Not saved"),
    "offline": gettext_lazy(
        "No connection. What you typed is on the page; it is saved when the connection is back."
    ),
    "failed": gettext_lazy("The server could not answer. Trying again."),
    "signed-out": gettext_lazy(
        "You have been signed out. Sign in again: what you typed is on the page and is saved then."
    ),
    "forbidden": gettext_lazy("Your role does not include this."),
    "outside": gettext_lazy("The block is larger than the table from here on. Nothing was pasted."),
    "refused": gettext_lazy("Nothing was stored. Mend these or put back what is saved:"),
    "earlier": gettext_lazy("Typed earlier and not saved:"),
    "changed": gettext_lazy("Somebody else changed this month meanwhile."),
    "conflicts": gettext_lazy("Somebody else changed these meanwhile. Choose which stays:"),
    "mine": gettext_lazy("Keep mine"),
    "theirs": gettext_lazy("Take theirs"),
    "original": gettext_lazy("Put the original back"),
    "selected": gettext_lazy("months selected"),
    "filled": gettext_lazy("months filled"),
    "nothing": gettext_lazy("There is nothing to fill here."),
}


@register.simple_tag
def grid_attributes(grid: Grid, urls: Mapping[str, str]) -> SafeString:
    """Attributes of the element that the grid's script starts on: year, unit, addresses and sentences."""
    told: dict[str, Any] = {"month-grid": "", "unit": grid.unit, "year": grid.year} | dict(urls)
    told |= {f"t-{name}": text for name, text in SENTENCES.items()}
    return format_html_join(" ", 'data-{}="{}"', told.items())


@register.simple_tag
def month_cells(row: GridRow, measure: int) -> SafeString:
    """The twelve cells of a row: an input where the month can be written, else its text and why it cannot."""
    return mark_safe("".join(_cells(row, measure)))


def _cells(row: GridRow, measure: int) -> Iterator[str]:
    decided = format_html(
        '<span class="months-mark" aria-hidden="true">●</span><span class="visually-hidden"> ({})</span>',
        _("decided by the controller"),
    )
    for at, cell in enumerate(row.cells, 1):
        label = format_month(cell.month)
        if cell.lock:
            mark = decided if cell.lock == "decided" else ""
            yield format_html(_FIXED, _classes(cell), label, cell.lock, cell.text or DASH, mark)
        else:
            text = cell.typed.text if cell.typed else cell.text
            yield format_html(
                _INPUT, _classes(cell), label, cell.key, text, row.line, row.key, measure, at, _extras(cell)
            )


def _classes(cell: GridCell) -> str:
    words = ["num"]
    if cell.is_closed:
        words.append("is-closed")
    if cell.is_withdrawn:
        words.append("is-withdrawn")
    if cell.typed:
        words.append("is-unsaved")
    return " ".join(words)


def _extras(cell: GridCell) -> SafeString | str:
    """What a cell that was typed and not saved carries: what is saved, and where the reason stands."""
    if not cell.typed:
        return ""
    extras = [("data-saved", cell.text), ("id", f"c-{cell.key}")]
    if cell.typed.message or cell.typed.theirs:
        extras += [("aria-invalid", "true"), ("aria-describedby", f"t-{cell.key}")]
    return format_html_join("", ' {}="{}"', extras)


@register.filter
def in_unit(cents: int | None, unit: Unit) -> str:
    """The amount as a cell shows it; a dash for an empty cell."""
    return cell_text(cents, unit) or DASH
