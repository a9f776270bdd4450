"""The months of the books: closing one, opening it again, locking the year whose accounts are signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.periods import MonthError, format_month, parse_month
from measures.forms import ReasonForm
from measures.models import BooksClosed, YearLocked
from measures.selectors import books_closed_through
from measures.selectors.books import book_month, book_years, has_illustrative
from measures.selectors.reconciliation import awaited_names
from measures.services import close_month, lock_year, reopen_month, unlock_year
from measures.views.shared import unit_context
from programme.access import programme_view
from programme.models import Programme

#: Awaited pairs that are named after closing a month.
AWAITED_SHOWN = 6

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def books_address(programme: Programme) -> str:
    return reverse("measures:books", args=[programme.slug])


@require_safe
@programme_view("savings.view")
def books(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every month up to today with who closed it and where its actuals came from; budgets and locks by year."""
    context = unit_context(request, "keur")
    context |= {
        "years": book_years(programme),
        "closed_through": books_closed_through(programme),
        "as_of": programme.today(),
        "is_illustrative": has_illustrative(programme),
    }
    return TemplateResponse(request, "measures/books.html", context)


@require_POST
@programme_view("ledger.edit")
def books_close(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Closes the month that is named; says what was still open in it."""
    try:
        month = parse_month(request.POST.get("month", ""))
    except MonthError as unreadable:
        messages.error(request, unreadable.message)
        return redirect(books_address(programme))
    found = book_month(programme, month) if month <= programme.today() else None
    try:
        close_month(programme=programme, month=month, by=request.user, on=programme.today())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(books_address(programme))
    messages.success(request, _("The books of %(month)s are closed.") % {"month": format_month(month)})
    if found is not None and not found.has_ledger:
        messages.warning(request, _("No actuals have been read in for the month: it waits for the books."))
    elif found is not None and (names := awaited_names(programme, month)):
        told = _("No rows of the month are in the books yet, so these wait for them: %(names)s.")
        more = f"; +{len(names) - AWAITED_SHOWN}" if len(names) > AWAITED_SHOWN else ""
        messages.warning(request, told % {"names": "; ".join(names[:AWAITED_SHOWN]) + more})
    if found is not None and found.undecided:
        told = ngettext(
            "%(count)s claim of the month is still undecided.",
            "%(count)s claims of the month are still undecided.",
            found.undecided,
        )
        messages.info(request, told % {"count": found.undecided})
    return redirect(f"{books_address(programme)}#year-{month.year}")


@both_ways
@programme_view("ledger.edit")
def books_reopen(request: HttpRequest, programme: Programme, year: int, month: int) -> HttpResponse:
    """Asks why, then opens the month again."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        raise Http404
    day = date(year, month, 1)
    row = get_editable(
        BooksClosed.objects.filter(programme=programme, reopened_on=None),
        request.user,
        "ledger.edit",
        month=day,
    )

    def act(reason: str) -> str:
        reopen_month(programme=programme, month=day, by=request.user, on=programme.today(), reason=reason)
        return _("The books of %(month)s are open again.") % {"month": format_month(day)}

    later = BooksClosed.objects.filter(programme=programme, reopened_on=None, month__gt=row.month).count()
    context = {
        "title": _("Open the books of %(month)s again") % {"month": format_month(day)}, "submit": _("Open the month"),
        "explained": _(
            "Claims and ledger rows of the month can be changed without a correction. Figures then treat it and every"
            " later month as open; the later ones count as closed again as soon as this one is closed."
        ),
        "later": later,
    }  # fmt: skip
    return _with_reason(request, programme, act, context)


@both_ways
@programme_view("ledger.edit")
def books_lock(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Asks for a note, then locks the year."""

    def act(reason: str) -> str:
        lock_year(programme=programme, year=year, by=request.user, on=programme.today(), note=reason)
        return _("The year %(year)s is locked.") % {"year": year}

    context = {
        "title": _("Lock the year %(year)s") % {"year": year}, "submit": _("Lock the year"),
        "explained": _(
            "The accounts are signed. Claims, decisions and ledger rows of the year no longer change. What turns out"
            " later is recorded as a correction: it appears in the open year as one-off, outside its level change, and"
            " says which month it belongs to."
        ),
        "label": _("When and where were the accounts signed?"),
    }  # fmt: skip
    return _with_reason(request, programme, act, context)


@both_ways
@programme_view("ledger.edit")
def books_unlock(request: HttpRequest, programme: Programme, year: int) -> HttpResponse:
    """Asks why, then takes away a lock that was set by mistake."""
    get_editable(YearLocked.objects.filter(programme=programme), request.user, "ledger.edit", year=year)

    def act(reason: str) -> str:
        unlock_year(programme=programme, year=year, by=request.user, reason=reason)
        return _("The lock of the year %(year)s was taken away.") % {"year": year}

    context = {
        "title": _("Take the lock of %(year)s away") % {"year": year}, "submit": _("Take the lock away"),
        "explained": _("Only for a lock that was set by mistake: signed accounts are not changed."),
    }  # fmt: skip
    return _with_reason(request, programme, act, context)


def _with_reason(
    request: HttpRequest, programme: Programme, act: Callable[[str], str], context: dict[str, Any]
) -> HttpResponse:
    """A page that asks why; 422 when the answer or the act is refused."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if "label" in context:
        form.fields["reason"].label = context["label"]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                told = act(form.cleaned_data["reason"])
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, told)
                return redirect(books_address(programme))
    context |= {"form": form, "back": books_address(programme)}
    return TemplateResponse(request, "measures/books_reason.html", context, status=status)
