"""Themes of the vision, main lines of the service strategy and the balancing programme as pages and forms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can
from programme.access import programme_view
from programme.models import Programme
from strategy.models import BalancingPrinciple, BalancingProgramme, MainLine, Objective, VisionTheme
from strategy.views.objectives import both_ways
from strategy.vision.forms import BalancingForm, LineForm, PrincipleForm, ThemeForm
from strategy.vision.services import add_theme, save_principle


def _vision(programme: Programme) -> str:
    return reverse("strategy:vision", args=[programme.slug])


@both_ways
@programme_view("strategy.edit")
def theme_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new theme of the vision, or a sub-theme."""
    back = _vision(programme)
    return add_page(
        request, ThemeForm, programme, title=_("Add a theme of the vision"), make=add_theme, back=back,
        done=lambda row: back,
    )  # fmt: skip


@both_ways
@programme_view("strategy.edit")
def theme_edit(request: HttpRequest, programme: Programme, key: str) -> HttpResponse:
    """A theme's words and the indicators that follow it."""
    theme = get_editable(
        VisionTheme.objects.filter(programme=programme), request.user, "strategy.edit", key=key
    )
    return edit_page(
        request, ThemeForm, theme, title=_("Edit a theme of the vision"), back=_vision(programme)
    )


# --- main lines ----------------------------------------------------------------------------------------------


def line_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:line_detail", args=[programme.slug, pk])


@require_safe
@programme_view("strategy.view")
def line_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A main line word for word, and what serves it: objectives of the seasons with their key results."""
    rows = MainLine.objects.filter(programme=programme).select_related("spearhead", "document__approved_by")
    line = get_object_or_404(rows, pk=pk)
    serving = (
        Objective.objects.filter(programme=programme, main_line=line)
        .select_related("season", "unit")
        .prefetch_related("key_results")
        .order_by("-season__starts_on", "pk")
    )
    context = {"line": line, "serving": serving, "may_edit": can(request.user, "strategy.edit", line)}
    return TemplateResponse(request, "strategy/line_detail.html", context)


@both_ways
@programme_view("strategy.edit")
def line_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A main line that the strategy states and nobody has entered yet."""
    numbers = MainLine.objects.filter(programme=programme).values_list("number", flat=True)
    free = next(number for number in range(1, len(numbers) + 2) if number not in numbers)
    return add_page(
        request, LineForm, programme, title=_("Add a main line"), initial={"number": free}, back=_vision(programme),
        done=lambda row: line_address(programme, row.pk),
    )  # fmt: skip


@both_ways
@programme_view("strategy.edit")
def line_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    line = get_editable(MainLine.objects.filter(programme=programme), request.user, "strategy.edit", pk=pk)
    return edit_page(request, LineForm, line, title=_("Edit a main line"), back=line_address(programme, pk))


# --- balancing -----------------------------------------------------------------------------------------------


def _balancing(programme: Programme) -> str:
    return reverse("strategy:balancing", args=[programme.slug])


@require_safe
@programme_view("strategy.view")
def balancing(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Programmes for balancing the finances with their principles in order."""
    rows = BalancingProgramme.objects.filter(programme=programme).prefetch_related(
        "principles__turned_by__body"
    )
    context: dict[str, Any] = {"rows": rows, "may_edit": can(request.user, "strategy.edit", programme)}
    return TemplateResponse(request, "strategy/balancing.html", context)


@both_ways
@programme_view("strategy.edit")
def balancing_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    rows = BalancingProgramme.objects.filter(programme=programme)
    row = get_editable(rows, request.user, "strategy.edit", pk=pk)
    return edit_page(
        request, BalancingForm, row, title=_("Edit the balancing programme"), back=_balancing(programme)
    )


@both_ways
@programme_view("strategy.edit")
def principle_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A principle's words and state; a conditional one is turned to by a decision only."""
    rows = BalancingPrinciple.objects.filter(programme=programme)
    row = get_editable(rows, request.user, "strategy.edit", pk=pk)
    return edit_page(
        request, PrincipleForm, row, title=_("Edit principle %(number)s") % {"number": row.number},
        back=_balancing(programme), save=save_principle,
    )  # fmt: skip
