"""What hangs under a risk: mitigations, what moves its level, how it could show. Added, edited, removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_edit
from core.history import own_context
from programme.access import programme_view
from programme.models import Programme
from risks.models import LevelFactor, Mitigation, RiskExample
from risks.register import services
from risks.register.forms import ExampleForm, FactorForm, MitigationForm
from risks.register.selectors import serves
from risks.register.views.risks import READ_AND_SEND, find_risk, page_of


@dataclass(frozen=True)
class Kind:
    """One kind of line: its model, form, titles and how it is saved."""

    model: Any
    form: type[RowForm]
    add: str | Promise
    edit: str | Promise
    remove: str | Promise
    save: Callable[[RowForm, Any], Any] = save_edit


KINDS = {
    "mitigations": Kind(
        Mitigation, MitigationForm, gettext_lazy("Add what is done about it"),
        gettext_lazy("Edit what is done about it"), gettext_lazy("Remove what is done about it"),
        services.edit_mitigation,
    ),
    "factors": Kind(
        LevelFactor, FactorForm, gettext_lazy("Add what moves the level"),
        gettext_lazy("Edit what moves the level"), gettext_lazy("Remove what moves the level"),
    ),
    "examples": Kind(
        RiskExample, ExampleForm, gettext_lazy("Add how it could show"),
        gettext_lazy("Edit how it could show"), gettext_lazy("Remove how it could show"),
    ),
}  # fmt: skip


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _find(request: HttpRequest, programme: Programme, pk: int, kind: Kind, line: int) -> Any:
    rows = kind.model.objects.filter(programme=programme, risk=pk).select_related("risk__project__theme")
    row = get_editable(rows, request.user, "risk.edit", pk=line)
    row.programme = row.risk.programme = programme
    return row


def _about(row: Any) -> dict[str, Any]:
    """What the page says beside the form: the risk, and others that a mitigation serves."""
    return {"risk": row.risk, "serves": serves(row.risk) if isinstance(row, Mitigation) and row.pk else []}


@READ_AND_SEND
@programme_view("risk.edit")
def risk_line_add(request: HttpRequest, programme: Programme, pk: int, kind: str) -> HttpResponse:
    """A new line under the risk."""
    found = _kind(kind)
    risk = find_risk(request, programme, pk)
    row = found.model(programme=programme, risk=risk)
    return add_page(
        request, found.form, programme,
        title=f"{found.add}: {risk.number}. {risk.name}",
        back=f"{page_of(risk)}#{kind}",
        done=lambda _row: f"{page_of(risk)}#{kind}",
        instance=row,
        template="risks/risk_line_edit.html",
        context=_about(row),
        make=services.add_line,
    )  # fmt: skip


@READ_AND_SEND
@programme_view("risk.edit")
def risk_line_edit(request: HttpRequest, programme: Programme, pk: int, kind: str, line: int) -> HttpResponse:
    """A line in the one place where it is edited, whatever risks show it."""
    found = _kind(kind)
    row = _find(request, programme, pk, found, line)
    return edit_page(
        request, found.form, row,
        title=f"{found.edit}: {row.risk.number}. {row.risk.name}",
        back=f"{page_of(row.risk)}#{kind}",
        template="risks/risk_line_edit.html",
        context=_about(row) | {"kind": kind},
        save=found.save,
    )  # fmt: skip


@READ_AND_SEND
@programme_view("risk.edit")
def risk_line_remove(
    request: HttpRequest, programme: Programme, pk: int, kind: str, line: int
) -> HttpResponse:
    """Asks first; the history keeps what it was."""
    found = _kind(kind)
    row = _find(request, programme, pk, found, line)
    back = f"{page_of(row.risk)}#{kind}"
    if request.method == "POST":
        with transaction.atomic(), own_context(user=request.user.pk):
            row.delete()
        messages.success(request, _("Removed: %(name)s.") % {"name": row.name})
        return redirect(back)
    return TemplateResponse(
        request, "risks/risk_line_remove.html",
        {"title": found.remove, "row": row, "back": back, **_about(row)},
    )  # fmt: skip


@require_POST
@programme_view("risk.edit")
def mitigation_done(request: HttpRequest, programme: Programme, pk: int, line: int) -> HttpResponse:
    """Done today, in one click."""
    row = _find(request, programme, pk, KINDS["mitigations"], line)
    if services.mark_done(mitigation=row, by=request.user, on=programme.today()):
        messages.success(request, _("Done: %(name)s.") % {"name": row.name})
    return redirect(f"{page_of(row.risk)}#mitigations")
