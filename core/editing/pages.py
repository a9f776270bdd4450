"""Answers of the pages and parts on which rows are edited: 200, 302, 409 and 422.

Views stay thin: they find the row, ask whether the person may, and return what these functions answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.db import is_retriable
from core.editing import drafts, kept
from core.editing.forms import RowForm
from core.editing.saving import Conflict, Saved, save_edit, save_new
from core.editing.tokens import submitted_once
from core.models import Submission
from core.pages import is_part

PAGE = "core/edit_page.html"
TAKEN = gettext_lazy("Somebody stored the same just now. Look at what is there and save again.")
#: Code of the ValidationError of a service that would write over what somebody stored meanwhile: answered with 409.
CHANGED = "changed"
GONE = gettext_lazy("Somebody removed this meanwhile. What you wrote is below; copy what you need.")


def edit_page(
    request: HttpRequest,
    form_class: Callable[..., RowForm],
    row: Any,
    *,
    title: Any,
    back: str,
    done: str = "",
    template: str = PAGE,
    context: Mapping[str, Any] | None = None,
    save: Callable[[RowForm, Any], Any] = save_edit,
    submit: Any = None,
    programme: Any = None,
) -> HttpResponse:
    """The page that edits `row`, and what saving it answers.

    GET: the form, with a kept draft or what was typed before the session ended. POST: 302 to `done` (or
    `back`), 422 with the fields named, 409 with mine, theirs and the original beside each other.
    `programme` is needed for rows that have none of their own.
    """
    options = {"programme": programme or getattr(row, "programme", row), "user": request.user}
    extra = {"title": title, "back": back, "submit": submit, "row": row} | dict(context or {})
    if request.method != "POST":
        form, told = _opened(request, lambda data=None: form_class(data, instance=row, **options))
        return _page(request, template, form, extra | told)
    form = form_class(request.POST, instance=row, **options)
    if not form.is_valid():
        return _page(request, template, form, extra, status=422)
    try:
        saved = save(form, request.user)
    except Conflict as conflict:
        return _conflict(request, form_class, form, conflict, template, extra, options)
    except ValidationError as refused:
        return _page(request, template, form, extra, status=_refuse(form, refused))
    except ObjectDoesNotExist:
        form.add_error(None, GONE)
        return _page(request, template, form, extra, status=409)
    except (
        IntegrityError,
        OperationalError,
    ) as met:  # two at once passed the same check, or waited for each other
        _require_met(met)
        form.add_error(None, TAKEN)
        return _page(request, template, form, extra, status=409)
    drafts.drop_draft(request.user, request.path)
    messages.success(request, told_of(saved))
    return redirect(done or back)


def add_page(
    request: HttpRequest,
    form_class: Callable[..., RowForm],
    programme: Any,
    *,
    title: Any,
    back: str,
    done: Callable[[Any], str] | None = None,
    instance: Any = None,
    initial: Mapping[str, Any] | None = None,
    template: str = PAGE,
    context: Mapping[str, Any] | None = None,
    make: Callable[[RowForm, Any], Any] = save_new,
    submit: Any = None,
    told: str = "",
) -> HttpResponse:
    """The page that adds a row: as `edit_page`; sent twice it adds one row and goes to it both times.

    Afterwards to `done(row)`, else the row's own page, else `back`. `instance` is an unsaved row that holds
    what the form does not ask (its parent). `told` is said instead of "Added.".
    """
    options = {"programme": programme, "user": request.user, "instance": instance, "initial": initial}
    extra = {"title": title, "back": back, "submit": submit, "is_new": True} | dict(context or {})
    if request.method != "POST":
        form, opened = _opened(request, lambda data=None: form_class(data, **options))
        return _page(request, template, form, extra | opened)
    form = form_class(request.POST, **options)
    # A sent form is answered before it is judged again: the second of two would find its own row in the way.
    if form.is_valid() or _sent_before(form):
        try:
            with submitted_once(form.data.get("token", ""), request.user) as sending:
                if not sending.is_repeat:
                    row = make(form, request.user)
                    sending.url = done(row) if done else _address(row) or back
        except ValidationError as refused:
            return _page(request, template, form, extra, status=_refuse(form, refused))
        except (IntegrityError, OperationalError) as met:
            _require_met(met)
            form.add_error(None, TAKEN)
            return _page(request, template, form, extra, status=409)
        else:
            drafts.drop_draft(request.user, request.path)
            if not sending.is_repeat:
                messages.success(request, told or _("Added."))
            return redirect(sending.url or back)
    return _page(request, template, form, extra, status=422)


def edit_part(
    request: HttpRequest,
    form_class: Callable[..., RowForm],
    row: Any,
    *,
    form_template: str,
    shown_template: str,
    back: str,
    title: Any = "",
    context: Mapping[str, Any] | None = None,
    shown_context: Callable[[Any], Mapping[str, Any]] | None = None,
    save: Callable[[RowForm, Any], Any] = save_edit,
) -> HttpResponse:
    """A small form in the place of what it edits, by htmx; the whole page without it.

    GET answers the form, `?cancel` the part as it stands; POST the part as saved, or the form again with
    422 or 409. `shown_context(row)` gives what the shown part needs of the row.
    """
    if not is_part(request):
        return edit_page(request, form_class, row, title=title, back=back, context=context, save=save)
    options = {"programme": getattr(row, "programme", row), "user": request.user}
    extra = {"row": row, "back": back} | dict(context or {})

    def shown(found: Any, **more: Any) -> HttpResponse:
        told = (
            {"row": found} | dict(context or {}) | dict(shown_context(found) if shown_context else {}) | more
        )
        return TemplateResponse(request, shown_template, told)

    if request.method != "POST":
        if "cancel" in request.GET:
            return shown(row)
        return _page(request, form_template, form_class(None, instance=row, **options), extra)
    form = form_class(request.POST, instance=row, **options)
    if not form.is_valid():
        return _page(request, form_template, form, extra, status=422)
    try:
        saved = save(form, request.user)
    except Conflict as conflict:
        return _conflict(request, form_class, form, conflict, form_template, extra, options)
    except ValidationError as refused:
        _tell(form, refused)
        return _page(request, form_template, form, extra, status=422)
    except (ObjectDoesNotExist, IntegrityError) as faster:
        form.add_error(None, GONE if isinstance(faster, ObjectDoesNotExist) else TAKEN)
        return _page(request, form_template, form, extra, status=409)
    return shown(saved.row if isinstance(saved, Saved) else saved, saved=True)


def told_of(saved: Any) -> str:
    """What a save did, in a sentence; changes of others that were kept beside are named."""
    if not isinstance(saved, Saved):
        return _("Saved.")
    if not saved.changed and not saved.merged:
        return _("Nothing was changed.")
    if not saved.merged:
        return _("Saved.")
    return ngettext(
        "Saved. Somebody changed %(fields)s while you were writing; both changes are kept.",
        "Saved. Somebody changed these while you were writing: %(fields)s. All changes are kept.",
        len(saved.merged),
    ) % {"fields": ", ".join(str(label) for label in saved.merged)}


def _require_met(error: Exception) -> None:
    """Lets pass what comes of meeting another transaction: the words stay in the form. Anything else goes up.

    The work of a form is one transaction with its sending, so that a deadlock in it is not tried again inside.
    """
    if not isinstance(error, IntegrityError) and not is_retriable(error):
        raise error


# --- inside ---------------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, make: Callable[..., RowForm]) -> tuple[RowForm, dict[str, Any]]:
    """The form as it is opened: fresh, from a draft, or as sent when the session had ended."""
    after_sign_in = kept.take(request, request.user)
    if after_sign_in is not None:
        return make(_with_token(make, after_sign_in)).quiet(), {"kept_after_sign_in": True}
    draft = drafts.draft_of(request.user, request.path)
    if draft is None:
        return make(), {}
    return make(_with_token(make, drafts.as_query(draft.values))).quiet(), {"draft": draft}


def _with_token(make: Callable[..., RowForm], data: QueryDict) -> QueryDict:
    """Typed values with what a form must carry: a new token, and `was` where none was kept."""
    fresh = make()
    data["token"] = fresh.initial["token"]
    if not data.get("was"):
        data["was"] = fresh.initial["was"]
    return data


def _sent_before(form: RowForm) -> bool:
    token = form.data.get("token", "")
    return bool(token) and Submission.objects.filter(token=token, user=form.user).exists()


def _conflict(
    request: HttpRequest,
    form_class: Callable[..., RowForm],
    sent: RowForm,
    conflict: Conflict,
    template: str,
    extra: Mapping[str, Any],
    options: Mapping[str, Any],
) -> HttpResponse:
    """The form again, on top of how the row stands now: my values where I changed something, theirs elsewhere."""
    mine = [*conflict.found.mine, *conflict.found.conflicts, *sent.links, "reason"]
    typed = {name: sent[name].value() for name in dict.fromkeys(mine) if name in sent.fields}
    form = form_class(None, instance=conflict.row, initial=typed, **options)
    told = {
        "conflict": conflict,
        "conflict_by": getattr(conflict.row, "updated_by", None),
        "conflict_at": getattr(conflict.row, "updated_at", None),
        "row": conflict.row,
    }
    return _page(request, template, form, dict(extra) | told, status=409)


def _page(
    request: HttpRequest, template: str, form: RowForm, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    found = {"form": form, "draft_key": drafts.key_of(request.path)} | dict(context)
    response = TemplateResponse(request, template, found, status=status)
    response["Cache-Control"] = "no-store"  # a form from the browser's memory would carry old versions
    return response


def _refuse(form: RowForm, refused: ValidationError) -> int:
    """Tells what a service refused; the status of the answer.

    409 when somebody was faster: the form then counts what it tells as shown, so that sending it again is meant.
    """
    _tell(form, refused)
    if getattr(refused, "code", None) != CHANGED:
        return 422
    sent: Any = form.data
    seen = sent.copy()  # what is sent cannot be written to
    seen["was"] = form.initial["was"]
    form.data = seen
    return 409


def _tell(form: RowForm, refused: ValidationError) -> None:
    """Puts what a service refused to the field it names, or over the form."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _address(row: Any) -> str:
    return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""
