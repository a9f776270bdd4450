"""Pages on which the rows that make up a programme are listed, added, edited, ordered and deleted.

One set of views for each kind (programme.kinds), so that each has an address and a right of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.identity_codes import found_in
from core.permissions import can, may_somewhere
from core.templatetags.texts import tr_plain
from core.text import LANGUAGES, finnish_order
from programme.access import programme_view
from programme.kinds import KINDS, Kind, heading_of
from programme.models import Programme
from programme.ordering import move
from programme.referrers import delete_unused, referrers
from programme.words import word

View = Callable[..., HttpResponse]


@dataclass
class ListedRow:
    """One row of a list: how deep it stands, its other columns, and what the person may do with it."""

    row: Any
    depth: int
    facts: list[tuple[str, Any]]
    may_edit: bool
    may_manage: bool
    is_first: bool = False
    is_last: bool = False


@dataclass
class Group:
    """Rows under one heading."""

    heading: str
    note: str = ""
    rows: list[ListedRow] = field(default_factory=list)


def views_of(kind: Kind) -> dict[str, View]:
    """The five views of a kind by verb: rows, add, edit, move, delete."""

    @require_safe
    @programme_view(kind.edit)
    def rows(request: HttpRequest, programme: Programme) -> HttpResponse:
        return TemplateResponse(request, "programme/row_list.html", _list_context(request, kind, programme))

    @require_http_methods(["GET", "HEAD", "POST"])
    @programme_view(kind.manage)
    def add(request: HttpRequest, programme: Programme) -> HttpResponse:
        back = _back(request, _address(kind, "rows", programme))
        return add_page(
            request, kind.form, programme, title=kind.add, back=back, done=lambda row: back,
            initial=_initial(kind, request), template="programme/row_edit.html",
            context={"kind": kind, "action": request.get_full_path(), "list_title": title_of(kind, programme),
                     "list_url": _address(kind, "rows", programme)},
        )  # fmt: skip

    @require_http_methods(["GET", "HEAD", "POST"])
    @programme_view(kind.edit)
    def edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
        row = get_editable(kind.rows(programme), request.user, kind.edit, pk=pk)
        may_manage = can(request.user, kind.manage, row)
        return edit_page(
            request, kind.form_for(request.user, row), row, title=tr_plain(row, kind.text),
            back=_back(request, f"{_address(kind, 'rows', programme)}#row-{row.pk}"), save=kind.save,
            template="programme/row_edit.html",
            context={
                "kind": kind, "action": request.get_full_path(), "list_title": title_of(kind, programme),
                "list_url": _address(kind, "rows", programme),
                "delete_url": _address(kind, "delete", programme, row.pk) if may_manage else "",
            },
        )  # fmt: skip

    @require_POST
    @programme_view(kind.manage)
    def moved(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
        row = get_editable(kind.rows(programme), request.user, kind.manage, pk=pk)
        up = request.POST.get("direction") != "down"
        move(row, up=up, field=kind.order, siblings=kind.siblings, by=request.user)
        return redirect(f"{_address(kind, 'rows', programme)}?moved={row.pk}#row-{row.pk}")

    @require_http_methods(["GET", "HEAD", "POST"])
    @programme_view(kind.manage)
    def delete(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
        row = get_editable(kind.rows(programme), request.user, kind.manage, pk=pk)
        title, status = tr_plain(row, kind.text), 200
        reason = request.POST.get("reason", "")[:1000]
        if found_in(reason):
            found, status = referrers(row), 422
        elif request.method == "POST":
            found = delete_unused(row, by=request.user, reason=reason)
            if not found:
                messages.success(
                    request, _("%(name)s was deleted. It is kept in the history.") % {"name": title}
                )
                return redirect(_address(kind, "rows", programme))
            status = 409
        else:
            found = referrers(row)
        return TemplateResponse(
            request, "programme/row_delete.html",
            {"row": row, "title": title, "referrers": found, "kind": kind, "list_title": title_of(kind, programme),
             "reason": reason, "holds_code": status == 422,
             "list_url": _address(kind, "rows", programme), "edit_url": _address(kind, "edit", programme, pk)},
            status=status,
        )  # fmt: skip

    return {"rows": rows, "add": add, "edit": edit, "move": moved, "delete": delete}


def row_urls() -> list[URLPattern]:
    """The addresses of all kinds: settings/themes/, settings/themes/add/, settings/themes/<id>/, ..."""
    patterns = []
    for kind in KINDS:
        views, base = views_of(kind), f"p/<slug:programme>/settings/{kind.name}/"
        patterns += [
            path(base, views["rows"], name=f"{kind.noun}_rows"),
            path(f"{base}add/", views["add"], name=f"{kind.noun}_add"),
            path(f"{base}<int:pk>/", views["edit"], name=f"{kind.noun}_edit"),
            path(f"{base}<int:pk>/delete/", views["delete"], name=f"{kind.noun}_delete"),
        ]
        if kind.is_movable:
            patterns.append(path(f"{base}<int:pk>/move/", views["move"], name=f"{kind.noun}_move"))
    return patterns


def title_of(kind: Kind, programme: Programme) -> str:
    """The kind's name in the plural: the programme's own word where it has one."""
    title = word(programme, kind.level) if kind.level else str(kind.title)
    return title[:1].upper() + title[1:]


# ---------------------------------------------------------------------------- parts
def _address(kind: Kind, verb: str, programme: Programme, *args: Any) -> str:
    return reverse(f"programme:{kind.noun}_{verb}", args=[programme.slug, *args])


def _back(request: HttpRequest, default: str) -> str:
    """Where the person came from, when the address says a page of this portal."""
    asked = request.GET.get("back", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return default


def _initial(kind: Kind, request: HttpRequest) -> dict[str, Any]:
    """What the address fills in beforehand: the theme or goal or source that the row is added under."""
    names = [name for name in (kind.heading, kind.parent) if name]
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _list_context(request: HttpRequest, kind: Kind, programme: Programme) -> dict[str, Any]:
    query, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    rows = kind.rows(programme)
    if query:
        wanted = Q()
        for code in LANGUAGES:
            wanted |= Q(**{f"{kind.text}_{code}__icontains": query})
        rows = rows.filter(wanted)
    is_plain = bool(query) or sort == "name"
    if sort == "name":
        rows = rows.order_by(finnish_order(f"{kind.text}_fi"), "pk")
    listed = list(rows)
    moved = next((row for row in listed if str(row.pk) == request.GET.get("moved")), None)
    may_manage = may_somewhere(request.user, kind.manage, programme)
    return {
        "kind": kind,
        "title": title_of(kind, programme),
        "groups": _groups(kind, listed, request.user, is_plain=is_plain),
        "count": len(listed),
        "query": query,
        "sort": sort,
        "fact_labels": [fact.label for fact in kind.facts],
        "columns": len(kind.facts) + 3,
        "is_ordered": bool(kind.order) and kind.is_movable and not is_plain and may_manage,
        "add_url": _address(kind, "add", programme) if may_manage else "",
        "moved": moved,
        "moved_name": tr_plain(moved, kind.text) if moved else "",
        "url_names": {verb: f"programme:{kind.noun}_{verb}" for verb in ("edit", "move", "delete")},
    }


def _groups(kind: Kind, rows: list[Any], user: Any, *, is_plain: bool) -> list[Group]:
    """The rows by heading, each followed by those below it; one group without a heading when found or sorted."""
    ordered = [(row, 0) for row in rows] if is_plain else _tree(kind, rows)
    groups: dict[str, Group] = {}
    for row, depth in ordered:
        heading = "" if is_plain else heading_of(kind, row)
        facts = [(str(fact.label), fact.of(row)) for fact in kind.facts]
        listed = ListedRow(
            row, depth, facts, may_edit=can(user, kind.edit, row), may_manage=can(user, kind.manage, row)
        )
        groups.setdefault(heading, Group(heading)).rows.append(listed)
    _mark_ends(kind, [row for group in groups.values() for row in group.rows])
    if kind.heading_note is not None and not is_plain:
        for group in groups.values():
            group.note = str(kind.heading_note([listed.row for listed in group.rows]))
    return list(groups.values())


def _tree(kind: Kind, rows: list[Any]) -> list[tuple[Any, int]]:
    """The rows with their depth, each right before those below it."""
    if not kind.parent:
        return [(row, 0) for row in rows]
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(getattr(row, f"{kind.parent}_id"), []).append(row)
    found: list[tuple[Any, int]] = []

    def walk(row: Any, depth: int) -> None:
        found.append((row, depth))
        for child in below.get(row.pk, []):
            walk(child, depth + 1)

    for row in below.get(None, []):
        walk(row, 0)
    return found


def _mark_ends(kind: Kind, rows: list[ListedRow]) -> None:
    """The first and the last among their siblings cannot move further."""
    families: dict[tuple[Any, ...], list[ListedRow]] = {}
    for listed in rows:
        row = listed.row
        family = tuple(getattr(row, row._meta.get_field(name).attname) for name in kind.siblings)
        families.setdefault(family, []).append(listed)
    for family_rows in families.values():
        family_rows[0].is_first, family_rows[-1].is_last = True, True
