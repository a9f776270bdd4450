"""Pages of obstacles: the list, one with its way, raising in a line, and the acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import get_editable
from core.editing import add_page, edit_page
from core.permissions import can, may_somewhere
from measures.models import Measure
from programme.access import programme_view
from programme.models import Programme, Project
from risks.escalation import rules, services
from risks.escalation.charts import time_to_decide
from risks.escalation.filters import ObstacleFilter
from risks.escalation.forms import AnswerForm, NoteForm, ObstacleEditForm, ObstacleForm, OptionalNoteForm
from risks.escalation.levels import ladder_of
from risks.escalation.selectors import ages, answers, readable, shown, way_of
from risks.escalation.weekly import lists_of
from risks.models import Obstacle

EDITED = require_http_methods(["GET", "HEAD", "POST"])
#: Obstacles shown at once; of settled ones there may be many.
SHOWN = 200


@require_safe
@programme_view("risk.view")
def obstacle_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What waits for a decision, oldest first, and how long answers take."""
    today, ladder = programme.today(), ladder_of(programme)
    filters = ObstacleFilter(
        request.GET, programme=programme, ladder=ladder, queryset=readable(programme), today=today
    )
    rows = [shown(row, ladder, today) for row in filters.narrowed[:SHOWN]]
    points = answers(programme, ladder, today)
    context = {
        "rows": rows,
        "filters": filters,
        "bands": ages([one for one in rows if one.is_open]),
        "over": sum(1 for one in rows if one.clock and one.clock.is_over),
        "mine": sum(one.is_open and rules.may_decide(request.user, one.row, ladder) for one in rows),
        "chart": time_to_decide(ladder.rows, points),
        "table": _series_table(ladder.rows, points),
        "levels": ladder.rows,
        "latest": lists_of(programme).first(),
        "may_raise": may_somewhere(request.user, "obstacle.raise", programme),
        "as_of": today,
    }
    return TemplateResponse(request, "risks/obstacle_list.html", context)


def _series_table(levels: Any, points: Any) -> list[tuple[Any, list[Any]]]:
    """Months in which something was answered or ran out, the latest first, with a point for each level."""
    months = [point.month for point in next(iter(points.values()), [])]
    rows = [(month, [points[row.level][at] for row in levels]) for at, month in enumerate(months)]
    return [row for row in reversed(rows) if any(point.ended for point in row[1])]


@require_safe
@programme_view("risk.view")
def obstacle_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One obstacle: where it stands, what is left of its time, the way it went, and what may be done."""
    row = _obstacle(request, programme, pk, "risk.view")
    ladder, user = ladder_of(programme), request.user
    is_open = row.state in services.WAITING
    looks_after = rules.may_look_after(user, row, ladder)
    context = {
        "obstacle": row,
        "shown": shown(row, ladder, programme.today()),
        "way": [(step, ladder.by_level.get(step.to_level)) for step in way_of(row)],
        "level": ladder.settled(row.level),
        "above": ladder.above(row.level) if is_open else None,
        "below": ladder.below(row.level, has_theme=services.has_theme(row)) if is_open else None,
        "may_decide": is_open and rules.may_decide(user, row, ladder),
        "may_send_back": is_open and rules.may_send_back(user, row, ladder),
        "may_look_after": looks_after,
        "is_open": is_open,
        "may_see_governance": can(user, "governance.view", programme),
    }
    return TemplateResponse(request, "risks/obstacle_detail.html", context)


@EDITED
@programme_view("obstacle.raise")
def obstacle_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """One line: what stops. `?measure=` or `?project=` say what it stops."""
    chosen = _asked_for(request, programme)
    back = reverse("risks:obstacle_list", args=[programme.slug])
    if chosen.get("measure"):
        back = reverse("measures:measure_detail", args=[programme.slug, chosen["measure"].code])
    elif chosen.get("project"):
        back = reverse("programme:project_detail", args=[programme.slug, chosen["project"].slug])

    def make(form: ObstacleForm, by: Any) -> Obstacle:
        return services.raise_obstacle(
            programme=programme, name=form.cleaned_data["text"], by=by, measure=form.measure, project=form.project
        )  # fmt: skip

    return add_page(
        request,
        ObstacleForm,
        programme,
        title=_("Raise an obstacle"),
        back=back,
        done=lambda row: back,
        initial={name: row.pk for name, row in chosen.items()},
        make=make,  # type: ignore[arg-type]
        submit=_("Raise"),
        told=_("The obstacle was raised. Whoever answers it was told."),
    )


def _asked_for(request: HttpRequest, programme: Programme) -> dict[str, Any]:
    """The measure or project that the address names, by code or short name."""
    chosen: dict[str, Any] = {}
    if request.GET.get("measure"):
        chosen["measure"] = get_object_or_404(Measure, programme=programme, code=request.GET["measure"])
    if request.GET.get("project"):
        chosen["project"] = get_object_or_404(Project, programme=programme, slug=request.GET["project"])
    return chosen


@EDITED
@programme_view("obstacle.raise")
def obstacle_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Its words, what it stops and who works on it."""
    row = _obstacle(request, programme, pk, "obstacle.raise")
    _require(rules.may_look_after(request.user, row, ladder_of(programme)))
    return edit_page(
        request, ObstacleEditForm, row, title=_("Edit the obstacle"), back=services.page_of(row), programme=programme
    )  # fmt: skip


# --- acts -------------------------------------------------------------------------------------------------------


@require_POST
@programme_view("obstacle.raise")
def obstacle_up(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Takes it up a level. The button says from which, so that two presses go up once."""
    row = _obstacle(request, programme, pk, "obstacle.raise")
    if request.POST.get("from") != row.level:
        messages.warning(request, _("The obstacle has moved already. Look where it stands now."))
        return redirect(services.page_of(row))
    try:
        moved = services.take_up(obstacle=row, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        name = ladder_of(programme).settled(moved.level).name
        messages.success(request, _("The obstacle now waits for: %(level)s.") % {"level": name})
    return redirect(services.page_of(row))


@EDITED
@programme_view("obstacle.decide")
def obstacle_decide(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """The answer, which becomes a decision and goes back to whoever asked."""
    row = _obstacle(request, programme, pk, "obstacle.decide")
    ladder = ladder_of(programme)
    level = ladder.settled(row.level)

    def make(form: AnswerForm, by: Any) -> Obstacle:
        told = form.cleaned_data
        services.decide(
            obstacle=row, body=told["body"], answer=told["answer"], by=by, on=told["decided_on"],
            section=told["section"], case_number=told["case_number"],
        )  # fmt: skip
        return row

    return _act(
        request, row, AnswerForm, make, title=_("Answer the obstacle"), submit=_("Answer"),
        told=_("The answer is kept as a decision. Whoever asked was told."),
        initial={"body": level.body_id, "decided_on": programme.today()},
        refused=None if rules.may_decide(request.user, row, ladder) else level,
    )  # fmt: skip


@EDITED
@programme_view("obstacle.decide")
def obstacle_back(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Sends it to the level below, with the reason."""
    row = _obstacle(request, programme, pk, "obstacle.decide")
    ladder = ladder_of(programme)

    def make(form: NoteForm, by: Any) -> Obstacle:
        return services.send_back(obstacle=row, by=by, note=form.cleaned_data["note"])

    return _act(
        request, row, NoteForm, make, title=_("Send the obstacle back"), submit=_("Send back"),
        told=_("The obstacle was sent back. Whoever answers it was told."),
        refused=None if rules.may_send_back(request.user, row, ladder) else ladder.settled(row.level),
    )  # fmt: skip


@EDITED
@programme_view("obstacle.raise")
def obstacle_close(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Closes it: what was decided is done, or it went away by itself."""
    row = _obstacle(request, programme, pk, "obstacle.raise")

    def make(form: NoteForm, by: Any) -> Obstacle:
        return services.close(obstacle=row, by=by, note=form.cleaned_data["note"])

    return _act(
        request, row, OptionalNoteForm if row.state == Obstacle.State.DECIDED else NoteForm, make,
        title=_("Close the obstacle"), submit=_("Close"), told=_("The obstacle is closed."),
    )  # fmt: skip


@EDITED
@programme_view("obstacle.raise")
def obstacle_reopen(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Opens it again, with a new clock."""
    row = _obstacle(request, programme, pk, "obstacle.raise")

    def make(form: NoteForm, by: Any) -> Obstacle:
        return services.reopen(obstacle=row, by=by, note=form.cleaned_data["note"])

    return _act(
        request, row, NoteForm, make, title=_("Open the obstacle again"), submit=_("Open again"),
        told=_("The obstacle is open again. Whoever answers it was told."),
    )  # fmt: skip


def _act(
    request: HttpRequest, row: Obstacle, form: type, make: Callable[..., Obstacle], *, refused: Any = None, **shown: Any
) -> HttpResponse:  # fmt: skip
    """The page of one act: sent twice it is done once. `refused` is the level whose people may do it instead."""
    back = services.page_of(row)
    return add_page(
        request, form, row.programme, back=back, done=lambda _row: back, make=make,
        template="risks/obstacle_act.html", context={"obstacle": row, "refused": refused}, **shown,
    )  # fmt: skip


def _obstacle(request: HttpRequest, programme: Programme, pk: int, action: str) -> Obstacle:
    row: Obstacle = get_editable(readable(programme), request.user, action, pk=pk)
    row.programme = programme
    return row


def _require(may: bool) -> None:
    if not may:
        raise PermissionDenied(_("Whoever raised it, works on it or answers it may do this."))
