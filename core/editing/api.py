"""Editing a row by the API: the same form, rules and merge as on the page, with the version in If-Match."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as RuleError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from core.editing.forms import RowForm
from core.editing.saving import Conflict, Saved, save_edit


class VersionNeeded(APIException):
    """A change without If-Match could overwrite what the caller has not seen."""

    status_code = 428
    default_code = "version_needed"
    default_detail = _('Send If-Match with the version you have read, for example If-Match: "3".')


class VersionStale(APIException):
    """The row has changed since the caller read it; nothing was stored."""

    status_code = 412
    default_code = "version_stale"
    default_detail = _("The row has changed since you read it. Read it again and repeat your change.")


def row_etag(row: Any) -> str:
    """The strong entity tag of a row as it stands: its version."""
    return f'"{row.version}"'


def check_version(request: Request, row: Any) -> None:
    """Raises VersionNeeded without If-Match and VersionStale when it names another version than the row's.

    Proxies that compress make a tag weak or mark it; it is the same version all the same.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        raise VersionNeeded()
    tags = {part.strip().removeprefix("W/").replace('-gzip"', '"') for part in given.split(",")}
    if row_etag(row) not in tags:
        raise VersionStale()


def patch_row(
    request: Request,
    form_class: Callable[..., RowForm],
    row: Any,
    sent: Mapping[str, Any],
    *,
    save: Callable[[RowForm, Any], Saved] = partial(save_edit, merging=False),  # noqa: B008
) -> Saved:
    """Changes the fields that were sent and leaves the others; the form is the one of the page.

    Raises ValidationError (400) with the fields named, VersionStale when somebody was faster meanwhile.
    """
    check_version(request, row)
    options = {"instance": row, "programme": row.programme, "user": request.user}
    fresh = form_class(None, **options)
    unknown = [name for name in sent if name not in fresh.fields]
    if unknown:
        raise ValidationError({name: [_("This field cannot be changed here.")] for name in unknown})
    form = form_class(_typed(fresh, sent), **options)
    if not form.is_valid():
        raise ValidationError(_by_field(form.errors.get_json_data()))
    try:
        return save(form, request.user)
    except Conflict as conflict:
        raise VersionStale() from conflict
    except RuleError as refused:
        form.add_error(None, refused)
        raise ValidationError(_by_field(form.errors.get_json_data())) from refused


def _typed(fresh: RowForm, sent: Mapping[str, Any]) -> QueryDict:
    """The form as a browser would send it: as it stands, with the sent values typed over."""
    data = QueryDict(mutable=True)
    for name in fresh.fields:
        value = sent.get(name, fresh[name].value()) if name != "was" else fresh.initial["was"]
        if isinstance(value, list | tuple):
            data.setlist(name, [str(fresh.fields[name].prepare_value(one)) for one in value])
        elif value is not None and value is not False:
            data[name] = str(value)
    return data


def _by_field(errors: Mapping[str, list[dict[str, str]]]) -> dict[str, list[str]]:
    return {
        ("non_field_errors" if name == NON_FIELD_ERRORS else name): [error["message"] for error in found]
        for name, found in errors.items()
    }
