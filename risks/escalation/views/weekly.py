"""Pages of the weekly lists: the archive, one list as it was given, and the mark that it was handled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.permissions import can
from core.workdays import holiday_name
from programme.access import programme_view
from programme.models import Programme
from risks.escalation.levels import ladder_of
from risks.escalation.selectors import shown
from risks.escalation.weekly import lists_of, mark_handled, raised_after, read_list
from risks.models import Obstacle, WeeklyList


@require_safe
@programme_view("risk.view")
def weekly_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Every list that was given, the latest first."""
    lists = list(WeeklyList.objects.filter(programme=programme).order_by("-monday"))
    rows = [(row, _counts(read_list(row))) for row in lists]
    return TemplateResponse(request, "risks/weekly_list.html", {"rows": rows})


def _counts(document: dict[str, Any]) -> dict[str, int]:
    waiting = document["open"]
    return {
        "waiting": len(waiting),
        "new": sum(line["is_new"] for line in waiting),
        "over": sum((line["days_left"] or 0) < 0 for line in waiting),
        "settled": len(document["settled"]),
    }


@require_safe
@programme_view("risk.view")
def weekly_detail(request: HttpRequest, programme: Programme, monday: str) -> HttpResponse:
    """One list as it was given; what was raised later in its week stands apart."""
    row = get_object_or_404(WeeklyList, programme=programme, monday=_day(monday))
    row.programme = programme
    document, ladder, today = read_list(row), ladder_of(programme), programme.today()
    lines = [_line(programme, line, document) for line in document["open"]]
    settled = [_line(programme, line, document) for line in document["settled"]]
    _link(programme, [*lines, *settled])
    others = lists_of(programme)
    context = {
        "list": row,
        "lines": lines,
        "settled": settled,
        "counts": _counts(document),
        "after": [shown(one, ladder, today) for one in raised_after(programme, row)],
        "holiday": holiday_name(row.monday, get_language() or "fi"),
        "before": others.filter(monday__lt=row.monday).first(),
        "next": others.filter(monday__gt=row.monday).last(),
        "may_handle": can(request.user, "governance.edit", programme),
        "today": today,
    }
    return TemplateResponse(request, "risks/weekly_detail.html", context)


def _line(programme: Programme, line: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A line of the document with what its page needs: days as days, the name of the level, addresses."""
    names = {row["level"]: row["name"] for row in document["levels"]}
    about, url = line["about"], ""
    if about["kind"] == "measure":
        url = reverse("measures:measure_detail", args=[programme.slug, about["key"]])
    elif about["kind"] == "project":
        url = reverse("programme:project_detail", args=[programme.slug, about["key"]])
    days = {name: date.fromisoformat(line[name]) for name in ("raised_on", "due_on", "on") if line.get(name)}
    level = names.get(line["level"]) or str(Obstacle.Level(line["level"]).label)
    late = -line["days_left"] if (line.get("days_left") or 0) < 0 else 0
    return line | days | {"about_url": url, "level_name": level, "late": late}


def _link(programme: Programme, lines: list[dict[str, Any]]) -> None:
    """Names of those who raised, as they are called today, and pages of the obstacles that are still there."""
    there = set(
        Obstacle.objects.filter(programme=programme, pk__in=[line["id"] for line in lines]).values_list("pk", flat=True)
    )  # fmt: skip
    people = get_user_model().objects.in_bulk({line["raised_by"] for line in lines} - {None})
    for line in lines:
        line["who"] = people.get(line["raised_by"])
        line["url"] = (
            reverse("risks:obstacle_detail", args=[programme.slug, line["id"]]) if line["id"] in there else ""
        )


@require_POST
@programme_view("governance.edit")
def weekly_handled(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Notes that the management group went through the list today."""
    row = get_editable(WeeklyList.objects.filter(programme=programme), request.user, "governance.edit", pk=pk)
    mark_handled(row=row, on=max(programme.today(), row.monday), by=request.user)
    messages.success(request, _("The list is marked as handled."))
    return redirect(reverse("risks:weekly_detail", args=[programme.slug, row.monday.isoformat()]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
