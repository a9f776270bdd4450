"""Objectives of seasons with their key results: forms, check-ins, ends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_edit, save_new
from core.permissions import can
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.models import Programme
from strategy.models import CheckIn, KeyResult, Objective, Season, Unit
from strategy.okr.calculations import progress_of
from strategy.okr.forms import (
    CheckInForm,
    NewObjectiveForm,
    ObjectiveForm,
    ReasonForm,
    ResultEndForm,
    ResultForm,
)
from strategy.okr.making import make_objective, move_objective, place_of_next, refuse_unit, remove_result
from strategy.okr.parameters import stale_days
from strategy.okr.selectors import ObjectiveRow, next_season, objectives_of, way_up
from strategy.okr.services import (
    can_be_carried,
    carry_over,
    check_in,
    drop_objective,
    refuse,
    start_objective,
)
from strategy.views.objectives import both_ways
from strategy.views.seasons import season_address

LIVE = (Objective.State.DRAFT, Objective.State.STARTED)


def okr_address(programme: Programme, pk: int) -> str:
    return reverse("strategy:okr_detail", args=[programme.slug, pk])


def objectives(programme: Programme) -> Any:
    rows = Objective.objects.filter(programme=programme)
    return rows.select_related(
        "season", "unit", "owner", "annual_objective", "main_line", "spearhead", "programme"
    )


def results(programme: Programme) -> Any:
    rows = KeyResult.objects.filter(programme=programme)
    return rows.select_related("objective__season", "objective__unit", "owner", "programme")


# --- one objective -------------------------------------------------------------------------------------------


@require_safe
@programme_view("strategy.view")
def okr_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One objective: its way to the strategy, its key results with their check-ins."""
    return _page(request, programme, get_object_or_404(objectives(programme), pk=pk))


def _page(
    request: HttpRequest, programme: Programme, objective: Objective, problem: str = ""
) -> HttpResponse:  # fmt: skip
    row = _row(programme, objective)
    said: dict[int, list[CheckIn]] = {}
    for one in CheckIn.objects.filter(key_result__objective=objective).select_related("created_by"):
        said.setdefault(one.key_result_id, []).append(one)
    may_own = can(request.user, "okr.own", objective)
    later = next_season(objective.season) if can_be_carried(objective) else None
    context = {
        "objective": objective, "row": row, "way": way_up(objective), "problem": problem,
        "results": [(result, said.get(result.row.pk, [])) for result in row.results],
        "parts": objective.parts.select_related("unit").order_by("unit__position", "position"),
        "carried_to": objective.carried_to.select_related("season").first(),
        "may_own": may_own, "is_live": objective.state in LIVE, "can_carry": may_own and can_be_carried(objective),
        "later": later,
        "is_running": objective.state == Objective.State.STARTED and objective.season.state == Season.State.OPEN,
    }  # fmt: skip
    return TemplateResponse(request, "strategy/okr_detail.html", context, status=422 if problem else 200)


def _row(programme: Programme, objective: Objective) -> ObjectiveRow:
    found = objectives_of(
        objective.season, timezone.localdate(), after_days=stale_days(programme), pk=objective.pk
    )
    return found[0]


@both_ways
@programme_view("okr.own")
def okr_add(request: HttpRequest, programme: Programme, pk: int, unit: int) -> HttpResponse:
    """A unit's new objective for a season, made by its own people without anybody's approval."""
    season = get_object_or_404(Season.objects.filter(programme=programme), pk=pk)
    of = get_editable(Unit.objects.filter(programme=programme), request.user, "okr.own", pk=unit)
    problem = ""
    try:
        refuse_unit(of, season)
    except ValidationError as refused:
        problem = " ".join(refused.messages)

    def make(form: RowForm, by: Any) -> Objective:
        assert isinstance(form, NewObjectiveForm)
        return make_objective(form, by, results=form.results, starts=bool(form.cleaned_data.get("starts")))

    return add_page(
        request, NewObjectiveForm, programme, title=_("Add an objective"), make=make,
        instance=Objective(programme=programme, season=season, unit=of), initial={"owner": request.user.pk},
        back=season_address(programme, pk), done=lambda row: okr_address(programme, row.pk),
        template="strategy/okr_add.html",
        context={
            "lead": _("%(unit)s, season %(season)s") % {"unit": plain_text(of), "season": season},
            "season": season, "unit": of, "problem": problem,
        },
    )  # fmt: skip


@both_ways
@programme_view("okr.own")
def okr_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Words, owner and links of an objective that has not ended."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    return edit_page(
        request, ObjectiveForm, objective, title=_("Edit the objective"), back=okr_address(programme, pk), save=_save
    )  # fmt: skip


def _save(form: RowForm, by: Any) -> Any:
    if form.instance.season.state not in (Season.State.PLANNED, Season.State.OPEN):
        refuse("season", _("The season has ended."))
    return save_edit(form, by)


@require_POST
@programme_view("okr.own")
def okr_start(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Starts a draft; says what lacks when it cannot."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    try:
        start_objective(objective=objective, by=request.user)
    except ValidationError as refused:
        return _page(request, programme, objective, problem=" ".join(refused.messages))
    messages.success(request, _("The objective is under way."))
    return redirect(okr_address(programme, pk))


@both_ways
@programme_view("okr.own")
def okr_drop(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Gives an objective up, with the reason."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                drop_objective(objective=objective, reason=form.cleaned_data["reason"], by=request.user)
            except ValidationError as refused:
                form.add_error(None, refused)
            else:
                messages.success(request, _("The objective is dropped."))
                return redirect(okr_address(programme, pk))
    context = {"objective": objective, "form": form}
    return TemplateResponse(request, "strategy/okr_drop.html", context, status=status)


@require_POST
@programme_view("okr.own")
def okr_move(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Puts an objective before or after its neighbour."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    move_objective(objective=objective, up=request.POST.get("to") != "down", by=request.user)
    return redirect(season_address(programme, objective.season_id) + f"#unit-{objective.unit_id}")


@require_POST
@programme_view("okr.own")
def okr_carry(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Carries an objective that closed unfinished over to the next season, once."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    later = next_season(objective.season)
    try:
        if later is None:
            refuse("no_season", _("There is no later season yet: make the seasons of the next year first."))
        assert later is not None
        made = carry_over(objective=objective, to=later, by=request.user)
    except ValidationError as refused:
        return _page(request, programme, objective, problem=" ".join(refused.messages))
    messages.success(request, _("Carried over to season %(season)s as a draft.") % {"season": later})
    return redirect(okr_address(programme, made.pk))


# --- key results ---------------------------------------------------------------------------------------------


@both_ways
@programme_view("okr.own")
def result_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One more key result of an objective."""
    objective = get_editable(objectives(programme), request.user, "okr.own", pk=pk)
    back = okr_address(programme, pk)

    def make(form: RowForm, by: Any) -> Any:
        if objective.state not in LIVE:
            refuse("ended", _("The objective has ended already."))
        form.instance.position = place_of_next(objective)
        return save_new(form, by)

    return add_page(
        request, ResultForm, programme, title=_("Add a key result"), back=back, done=lambda row: back, make=make,
        instance=KeyResult(programme=programme, objective=objective), initial={"owner": objective.owner_id},
        context={"lead": plain_text(objective)},
    )  # fmt: skip


@both_ways
@programme_view("okr.own")
def result_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    result = get_editable(results(programme), request.user, "okr.own", pk=pk)
    objective = result.objective

    def save(form: RowForm, by: Any) -> Any:
        if objective.state not in LIVE:
            refuse("ended", _("The objective has ended already."))
        return save_edit(form, by)

    return edit_page(
        request, ResultForm, result, title=_("Edit a key result"), back=okr_address(programme, objective.pk),
        save=save, context={"lead": plain_text(objective)},
    )  # fmt: skip


@require_POST
@programme_view("okr.own")
def result_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes a key result away that nobody has followed yet."""
    result = get_editable(results(programme), request.user, "okr.own", pk=pk)
    try:
        remove_result(key_result=result, by=request.user)
    except ValidationError as refused:
        objective = objectives(programme).get(pk=result.objective_id)
        return _page(request, programme, objective, problem=" ".join(refused.messages))
    messages.success(request, _("The key result was removed."))
    return redirect(okr_address(programme, result.objective_id))


# --- check-ins -----------------------------------------------------------------------------------------------


def _with_latest(result: KeyResult) -> Any:
    """The key result with its last check-in and how far it is."""
    latest = result.check_ins.first()
    row: Any = result
    row.latest = latest
    row.progress = progress_of(result, latest.value, latest.is_done) if latest else None
    return row


@both_ways
@programme_view("okr.own")
def result_check_in(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A check-in: value or done, how sure, a comment."""
    result = _with_latest(get_editable(results(programme), request.user, "okr.own", pk=pk))

    def make(form: RowForm, by: Any) -> CheckIn:
        assert isinstance(form, CheckInForm)
        given = form.cleaned_data
        return check_in(
            key_result=result, on=timezone.localdate(), confidence=given["confidence"], by=by, value=given.get("value"),
            is_done=form.is_done, comment=given.get("comment") or "",
        )  # fmt: skip

    back = okr_address(programme, result.objective_id)
    return add_page(
        request, CheckInForm, programme, title=_("Check in"), back=back, make=make, done=lambda row: back,
        instance=CheckIn(programme=programme, key_result=result, checked_on=timezone.localdate()),
        template="strategy/okr_check_in.html", submit=_("Check in"), told=_("Checked in."),
        context={"result": result, "lead": plain_text(result)},
    )  # fmt: skip


@both_ways
@programme_view("okr.own")
def result_end(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The final value, score and comment of a key result, before its season closes."""
    result = _with_latest(get_editable(results(programme), request.user, "okr.own", pk=pk))

    def save(form: RowForm, by: Any) -> Any:
        if result.objective.state != Objective.State.STARTED:
            refuse("not_started", _("The objective is not under way."))
        done = form.cleaned_data.get("done")
        return save_edit(form, by, {"final_value": 1 if done == "yes" else 0} if done else {})

    return edit_page(
        request, ResultEndForm, result, title=_("End of a key result"),
        back=okr_address(programme, result.objective_id), save=save, template="strategy/okr_check_in.html",
        context={"result": result, "lead": plain_text(result)},
    )  # fmt: skip
