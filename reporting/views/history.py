"""History: the programme's feed, one row with two days compared, and bringing a version back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.changes import Kind, Values, read_cursor
from core.editing import submitted_once
from programme.access import programme_view
from programme.models import Programme
from reporting.history.forms import CompareForm, FeedFilter, RestoreForm
from reporting.history.kinds import visible_kinds
from reporting.history.labels import kind_word
from reporting.history.places import place_of
from reporting.history.restoring import Restoring, may_restore, prepared, restore, row_of, why_refused
from reporting.history.selectors import RowHistory, compare_days, programme_feed, row_history
from reporting.history.wording import ActTold, Names, fields_told, local_time, row_url


@require_safe
@programme_view("history.view")
def history(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What was changed in the programme, newest first, a page at a time."""
    kinds = visible_kinds(request.user, programme)
    form = FeedFilter(request.GET, programme=programme, kinds=kinds)
    acts: list[ActTold] = []
    following = ""
    if form.is_valid():
        before = read_cursor(request.GET.get("before", ""))
        acts, following = programme_feed(programme, kinds, form.asked, before=before)
    context = {
        "form": form,
        "acts": acts,
        "next": following,
        "is_first": "before" not in request.GET,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return TemplateResponse(request, "reporting/history.html", context)


@require_safe
@programme_view("history.view")
def history_row(request: HttpRequest, programme: Programme, kind: str, pk: int) -> HttpResponse:
    """One row, as far back as it goes; with two days in the address, how it stood at the end of each."""
    kinds = visible_kinds(request.user, programme)
    found_kind = _visible(kinds, kind)
    before = read_cursor(request.GET.get("before", ""))
    found = row_history(programme, found_kind, pk, kinds, before=before[0] if before else None)
    if found is None:
        raise Http404
    asks = "first" in request.GET
    form = CompareForm(request.GET if asks else None, today=timezone.localdate())
    compared = None
    if asks and form.is_valid():
        days = form.cleaned_data["first"], form.cleaned_data["second"]
        compared = compare_days(programme, found_kind, pk, kinds, min(days), max(days))
    context = _row_context(request, programme, found) | {
        "history": found,
        "form": form,
        "compared": compared,
        "is_first": before is None,
    }
    return TemplateResponse(request, "reporting/history_row.html", context)


def _row_context(request: HttpRequest, programme: Programme, found: RowHistory) -> dict[str, Any]:
    """What may be done with the row and where it lives."""
    row, _is_gone = row_of(found.kind, found.pk, found.values)
    newest = max((one.change.pgh_id for act in found.acts for one in act.rows if one.is_own), default=0)
    return {
        "kind_word": kind_word(found.kind),
        "place": place_of(programme, found.kind, row) if found.still_is else "",
        "may_restore": may_restore(request.user, found.kind, row),
        "newest": newest,
    }


def _visible(kinds: dict[str, Kind], label: str) -> Kind:
    """The kind; rows that may not be seen are answered like kinds that do not exist."""
    if label not in kinds:
        raise Http404
    return kinds[label]


@require_http_methods(["GET", "HEAD", "POST"])
@programme_view("history.view")
def history_restore(
    request: HttpRequest, programme: Programme, kind: str, pk: int, event: int
) -> HttpResponse:
    """What bringing the version back would change; with a reason it is done."""
    kinds = visible_kinds(request.user, programme)
    wanted = prepared(programme, _visible(kinds, kind), pk, event, by=request.user)
    if wanted is None:
        raise Http404
    if why_refused(wanted.kind):
        raise PermissionDenied(why_refused(wanted.kind))
    if not may_restore(request.user, wanted.kind, wanted.last):
        raise PermissionDenied(_("Your role does not include this."))
    if request.method != "POST":
        return _restore_page(request, programme, kinds, wanted, RestoreForm(version=wanted.version))
    return _restore(request, programme, kinds, wanted)


def _restore(
    request: HttpRequest, programme: Programme, kinds: dict[str, Kind], wanted: Restoring
) -> HttpResponse:
    form = RestoreForm(request.POST, version=wanted.version)
    if not form.is_valid():
        return _restore_page(request, programme, kinds, wanted, form, status=422)
    given = form.cleaned_data
    back = row_url(programme, wanted.kind.label, wanted.change.row_id)
    try:
        with submitted_once(given["token"], request.user) as sending:
            if not sending.is_repeat:
                restore(wanted=wanted, version=given["version"], by=request.user, reason=given["reason"])
                sending.url = back
    except ValidationError as refused:
        is_changed = getattr(refused, "code", "") == "changed"
        form.add_error(None, refused)
        return _restore_page(request, programme, kinds, wanted, form, status=409 if is_changed else 422)
    if not sending.is_repeat:
        messages.success(request, _("The earlier version is back, as a new version."))
    return redirect(sending.url or back)


def _restore_page(
    request: HttpRequest, programme: Programme, kinds: dict[str, Kind], wanted: Restoring, form: RestoreForm,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = Names(programme, kinds)
    states = [one for one in (wanted.change.before, wanted.change.after) if one is not None]
    now: Values = {field.column: old for field, old, _new in wanted.found}
    names.learn([(wanted.kind, state) for state in [*states, now]])
    if status == 409:
        again: Any = form.data.copy()  # type: ignore[attr-defined]
        again["version"] = str(wanted.version)
        form.data = again
    context = {
        "form": form,
        "wanted": wanted,
        "kind_word": kind_word(wanted.kind),
        "title": names.title(wanted.kind, wanted.change.row_id, wanted.change.values),
        "when": local_time(wanted.change.at),
        "fields": fields_told(names, wanted.found),
        "back": row_url(programme, wanted.kind.label, wanted.change.row_id),
    }
    return TemplateResponse(request, "reporting/history_restore.html", context, status=status)
