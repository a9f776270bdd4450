"""Pages of target rules: versions with their reasons, new versions, suggestions taken up, rules ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import get_editable
from core.editing import add_page
from core.permissions import can
from core.templatetags.ui import plain_text
from kpis.models import Indicator, TargetRule
from kpis.rules.forms import EndForm, KindForm, RuleForm, initial_of, initial_unit, rule_form
from kpis.rules.kinds import FIELDS, MEANING, MOST_PARTS, PARTS
from kpis.rules.reading import lineages
from kpis.rules.services import begin_rule, end_rule, set_rule, take_up
from programme.access import programme_view
from programme.models import Goal, Programme

both_ways = require_http_methods(["GET", "HEAD", "POST"])
Owner = Indicator | Goal


# ---------------------------------------------------------------------------- reading
@require_safe
@programme_view("kpi.view")
def rule_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The rules of an indicator with all their versions."""
    return _listed(request, programme, get_object_or_404(Indicator, programme=programme, pk=pk))


@require_safe
@programme_view("kpi.view")
def goal_rule_list(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The rules of a goal or sub-goal with all their versions."""
    return _listed(request, programme, get_object_or_404(Goal, programme=programme, pk=pk))


def _listed(request: HttpRequest, programme: Programme, owner: Owner) -> HttpResponse:
    is_goal = isinstance(owner, Goal)
    rules = TargetRule.objects.filter(programme=programme, **{"goal" if is_goal else "indicator": owner})
    context = {
        "owner": owner,
        "lineages": lineages(rules, programme.today()),
        "up": _crumbs(programme, owner)[:-1],
        "add_url": reverse(f"kpis:{'goal_' if is_goal else ''}rule_add", args=[programme.slug, owner.pk]),
        "may_edit": can(request.user, "kpi.edit", owner),
    }
    return TemplateResponse(request, "kpis/rule_list.html", context)


# ---------------------------------------------------------------------------- writing
@both_ways
@programme_view("kpi.edit")
def rule_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A further rule of an indicator: its kind is chosen first."""
    owner = get_editable(Indicator.objects.filter(programme=programme), request.user, "kpi.edit", pk=pk)
    return _begun(request, programme, owner)


@both_ways
@programme_view("kpi.edit")
def goal_rule_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    owner = get_editable(Goal.objects.filter(programme=programme), request.user, "kpi.edit", pk=pk)
    return _begun(request, programme, owner)


def _begun(request: HttpRequest, programme: Programme, owner: Owner) -> HttpResponse:
    title = _("Add a target rule")
    form = _form_of(request)
    if form is None:
        return _choose(request, programme, owner, title)
    back = _page(programme, owner)
    initial = {"valid_from": programme.today()} | initial_unit(getattr(owner, "unit", ""), form)

    def make(sent: Any, by: Any) -> TargetRule:
        return begin_rule(owner, sent.new_rule(), by=by)

    return add_page(
        request, form, programme, title=title, back=back, done=lambda made: back, initial=initial, make=make,
        template="kpis/rule_edit.html", told=_("The rule was added."),
        context={"up": _crumbs(programme, owner), "meanings": _meanings(form), "again": request.path},
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def rule_change(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A new version of a rule. Its kind stays unless another is chosen; the version before is kept."""
    rule = _editable(request, programme, pk)
    owner, title = _owner(rule), _("Change the target rule")
    if "choose" in request.GET and "kind" not in request.GET:
        return _choose(request, programme, owner, title)
    parts = [part for part in rule.parts.all() if not part.is_suggestion]
    form = _form_of(request)
    if form is None:
        if "kind" in request.GET:
            return _choose(request, programme, owner, title)
        form = rule_form(rule.kind, [part.kind for part in parts])
    back = _page(programme, owner)

    def make(sent: Any, by: Any) -> TargetRule:
        return set_rule(rule, sent.new_rule(), by=by)

    return add_page(
        request, form, programme, title=title, back=back, done=lambda made: back,
        initial=initial_of(rule, parts, form) | {"valid_from": programme.today()}, make=make,
        template="kpis/rule_edit.html", submit=_("Save as a new version"), told=_("The new version was saved."),
        context={
            "up": _crumbs(programme, owner), "meanings": _meanings(form), "rule": rule,
            "again": f"{request.path}?choose",
        },
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def rule_take_up(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A suggestion becomes the rule, from a day on and with the reason."""
    rows = TargetRule.objects.filter(programme=programme, is_suggestion=True).select_related(
        "parent__indicator", "parent__goal"
    )
    suggestion = get_editable(rows, request.user, "kpi.edit", pk=pk)
    owner = _owner(suggestion.parent)
    back = _page(programme, owner)

    def make(sent: Any, by: Any) -> TargetRule:
        said = sent.cleaned_data
        return take_up(
            suggestion, valid_from=said["valid_from"], reason=said["reason"], by=by, decision=said.get("decision"),
            decision_reference=said.get("decision_reference") or "",
        )  # fmt: skip

    return add_page(
        request, rule_form(""), programme, title=_("Use the suggested rule"), back=back, done=lambda made: back,
        initial={"valid_from": programme.today()}, make=make, template="kpis/rule_edit.html",
        submit=_("Use the suggested rule"), told=_("The suggested rule holds now."),
        context={"up": _crumbs(programme, owner), "suggestion": suggestion, "rule": suggestion.parent},
    )  # fmt: skip


@both_ways
@programme_view("kpi.edit")
def rule_end(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks from when and why, and ends the version that holds; it stays with its answers."""
    rule = _editable(request, programme, pk)
    owner = _owner(rule)
    back = _page(programme, owner)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": programme.today()})
    if form.is_valid():
        try:
            end_rule(rule, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("The rule was ended."))
            return redirect(back)
    context = {"rule": rule, "form": form, "back": back, "up": _crumbs(programme, owner)}
    return TemplateResponse(request, "kpis/rule_end.html", context, status=422 if form.is_bound else 200)


# ---------------------------------------------------------------------------- parts
def _form_of(request: HttpRequest) -> type[RuleForm] | None:
    """The form of the kind in the address; None while no kind, or no such kind, is chosen."""
    kind = request.GET.get("kind", "")
    parts = [part for part in request.GET.getlist("part") if part in PARTS][:MOST_PARTS]
    if kind == TargetRule.Kind.ALL_OF:
        return rule_form(kind, parts) if len(parts) >= 2 else None
    return rule_form(kind) if kind in FIELDS else None


def _choose(request: HttpRequest, programme: Programme, owner: Owner, title: str) -> HttpResponse:
    """The first step; what is chosen goes into the address of the second."""
    sent = request.POST if request.method == "POST" else request.GET if "kind" in request.GET else None
    form = KindForm(sent)
    if form.is_valid():
        query = "&".join([f"kind={form.cleaned_data['kind']}", *(f"part={part}" for part in form.parts)])
        return redirect(f"{request.path}?{query}")
    context = {
        "form": form,
        "title": title,
        "up": _crumbs(programme, owner),
        "back": _page(programme, owner),
        "kinds": [
            {"kind": kind, "label": label, "meaning": MEANING[kind]}
            for kind, label in form.fields["kind"].choices  # type: ignore[attr-defined]
        ],
    }
    return TemplateResponse(request, "kpis/rule_kind.html", context, status=422 if form.is_bound else 200)


def _editable(request: HttpRequest, programme: Programme, pk: int) -> TargetRule:
    """A rule of an indicator or a goal; parts and suggestions have no pages of their own."""
    rows = (
        TargetRule.objects.filter(programme=programme, parent=None, is_suggestion=False)
        .exclude(indicator=None, goal=None)
        .select_related("indicator", "goal")
        .prefetch_related("parts")
    )
    rule: TargetRule = get_editable(rows, request.user, "kpi.edit", pk=pk)
    return rule


def _owner(rule: Any) -> Owner:
    owner: Owner = rule.indicator or rule.goal
    return owner


def _page(programme: Programme, owner: Owner) -> str:
    name = "goal_rule_list" if isinstance(owner, Goal) else "rule_list"
    return reverse(f"kpis:{name}", args=[programme.slug, owner.pk])


def _crumbs(programme: Programme, owner: Owner) -> list[tuple[str, str]]:
    """The way up from a page about a rule of the owner; the last step is the list of its rules."""
    slug = programme.slug
    if isinstance(owner, Goal):
        above = [
            (_("Goals"), reverse("programme:goal_list", args=[slug])),
            (plain_text(owner), reverse("programme:goal_detail", args=[slug, owner.pk])),
        ]
    else:
        above = [
            (_("Indicators"), reverse("kpis:indicator_list", args=[slug])),
            (plain_text(owner), reverse("kpis:indicator_detail", args=[slug, owner.pk])),
        ]
    return [*above, (_("Target rules"), _page(programme, owner))]


def _meanings(form: type[RuleForm]) -> list[Any]:
    return [MEANING[kind] for kind in dict.fromkeys([form.kind, *form.part_kinds]) if kind in MEANING]
