"""The money targets of a programme, version by version."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from core.text import translated
from programme.access import programme_view
from programme.forms.targets import NewTargetForm, NewValueForm
from programme.models import Programme, Target
from programme.reasons import asked_why
from programme.targets_editing import (
    ALREADY_HOLDS,
    begin_target,
    cancel_future,
    correct_future,
    figures_of,
    holds_on,
    identity_of,
    is_future,
    set_value,
    version_on,
    versions_of,
)
from programme.words import word

READ_AND_SEND = ("GET", "HEAD", "POST")
RELATED = ("cost_type", "sector", "theme", "goal")


@dataclass
class TargetLine:
    """One target with the version that holds and how many came before and are to come."""

    target: Target
    name: str
    column: str
    now: Target | None
    past: int = 0
    coming: list[Target] = field(default_factory=list)


def name_of(target: Target, programme: Programme) -> str:
    """What the target is about, in words."""
    about = target.cost_type or target.sector or target.theme or target.goal
    if about is not None:
        return about.name
    if target.kind == Target.Kind.ANNUAL:
        return str(target.year or target.key)
    label = translated(target, "label").text
    return label or str(target.get_kind_display()).capitalize()


@require_safe
@programme_view("savings.view")
def target_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    rows = Target.objects.filter(programme=programme).select_related(*RELATED)
    lines = _lines(programme, list(rows.order_by("valid_from")), programme.today())
    groups = [
        (str(kind.label).capitalize(), [line for line in lines if line.target.kind == kind])
        for kind in Target.Kind
    ]
    return TemplateResponse(
        request,
        "programme/target_list.html",
        {
            "groups": [(label, found) for label, found in groups if found],
            "may_edit": can(request.user, "target.edit", programme),
        },
    )


def _lines(programme: Programme, rows: list[Target], today: dt.date) -> list[TargetLine]:
    """One line for each target, in the order of the table: by what it is about, then by column."""
    lines: dict[tuple[Any, ...], TargetLine] = {}
    for row in rows:
        same = identity_of(row)
        column = word(programme, f"column.{row.column}")
        line = lines.setdefault(same, TargetLine(row, name_of(row, programme), column, None))
        if holds_on(row, today):
            line.target = line.now = row
        elif is_future(row, today):
            line.coming.append(row)
        else:
            line.past += 1
    return sorted(lines.values(), key=_place)


def _place(line: TargetLine) -> tuple[Any, ...]:
    row = line.target
    about = row.cost_type or row.sector or row.theme or row.goal
    place = getattr(about, "position", getattr(about, "number", 0)) or 0
    return (place, row.year or 0, line.name, list(Target.Column.values).index(row.column))


@require_safe
@programme_view("savings.view")
def target_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = get_object_or_404(Target.objects.select_related(*RELATED), programme=programme, pk=pk)
    today = programme.today()
    versions = [
        {"row": version, "holds": holds_on(version, today), "is_future": is_future(version, today)}
        for version in versions_of(row).select_related("created_by")
    ]
    return TemplateResponse(
        request,
        "programme/target_detail.html",
        {
            "target": row,
            "name": name_of(row, programme),
            "column": word(programme, f"column.{row.column}"),
            "versions": versions,
            "may_edit": can(request.user, "target.edit", row),
        },
    )


@require_http_methods(READ_AND_SEND)
@programme_view("target.edit")
def target_set(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    row = _editable(request, programme, pk)
    now = version_on(row, programme.today()) or row
    before = figures_of(now)
    form = type("OwnValueForm", (NewValueForm,), {"before": before})
    back = _page(programme, row)

    def make(sent: Any, by: Any) -> Target:
        return set_value(row, sent.new_value(), by=by)

    return add_page(
        request, form, programme, title=_title(row, programme), back=back, done=lambda made: _page(programme, made),
        initial={**before, "valid_from": programme.today()},
        make=make, submit=_("Set the value"), told=_("The value was set."),
        template="programme/target_edit.html", context={"target": row, "now": now, "list_url": back},
    )  # fmt: skip


@require_http_methods(READ_AND_SEND)
@programme_view("target.edit")
def target_correct(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Only a version to come is corrected; one that has begun is kept, and the person is told."""
    row = _editable(request, programme, pk)
    today, back = programme.today(), _page(programme, row)
    if not is_future(row, today):
        messages.warning(
            request, _("This value already holds and is kept as it is. Give a new value from a later day.")
        )
        return redirect(back)
    form = type("OwnValueForm", (NewValueForm,), {"before": figures_of(row)})

    def save(sent: Any, by: Any) -> Target:
        return correct_future(row, sent.new_value(), by=by, today=today, seen=sent.shown["version"])

    return edit_page(
        request, form, row, title=_("Correct a value to come: %(name)s") % {"name": _title(row, programme)}, back=back,
        save=save,
        template="programme/target_edit.html", context={"target": row, "list_url": back},
    )  # fmt: skip


@require_http_methods(READ_AND_SEND)
@programme_view("target.edit")
def target_cancel(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks why and takes away a value that has not begun."""
    row = _editable(request, programme, pk)
    today, back = programme.today(), _page(programme, row)
    if not is_future(row, today):
        messages.warning(request, ALREADY_HOLDS)
        return redirect(back)
    others = versions_of(row).exclude(pk=row.pk).first()
    listed = reverse("programme:target_list", args=[programme.slug])
    return asked_why(
        request,
        "programme/target_cancel.html",
        {"target": row, "name": _title(row, programme), "back": back},
        act=lambda told: cancel_future(
            row, reason=told["reason"], by=request.user, today=today, seen=told["version"]
        ),
        told=_("The value to come was cancelled."),
        done=lambda: _page(programme, others) if others else listed,
        version=row.version,
    )


@require_http_methods(READ_AND_SEND)
@programme_view("target.edit")
def target_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    back = reverse("programme:target_list", args=[programme.slug])

    def make(sent: Any, by: Any) -> Target:
        return begin_target(sent.new_target(), sent.new_value(), by=by)

    return add_page(
        request, NewTargetForm, programme, title=_("Add a target"), back=back,
        done=lambda made: _page(programme, made), initial={"valid_from": programme.today()},
        make=make,
        template="programme/target_edit.html", context={"list_url": back},
    )  # fmt: skip


def _editable(request: HttpRequest, programme: Programme, pk: int) -> Target:
    rows = Target.objects.filter(programme=programme).select_related(*RELATED)
    row: Target = get_editable(rows, request.user, "target.edit", pk=pk)
    return row


def _page(programme: Programme, row: Target) -> str:
    return reverse("programme:target_detail", args=[programme.slug, row.pk])


def _title(row: Target, programme: Programme) -> str:
    """The target with its column: the same name stands in several columns."""
    return f"{name_of(row, programme)}: {word(programme, f'column.{row.column}')}"
