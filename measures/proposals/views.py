"""Pages without money: measures as staff read and talk about them, and proposals with their answers."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.limits import PAGE_ROWS
from core.access import get_editable
from core.editing import RowForm, add_page, edit_page
from core.editing.drafts import storable
from core.permissions import can, may_somewhere
from core.talk.topics import topic_named
from core.talk.views import context_of
from measures.models import Measure, Proposal, Stage
from measures.proposals import services
from measures.proposals.forms import DeclineForm, ProposalForm, TakeUpForm
from measures.proposals.selectors import decidable, open_measures
from measures.services import next_code
from measures.views.edits import add_measure
from programme.access import programme_view
from programme.models import Programme
from programme.words import word

both_ways = require_http_methods(["GET", "HEAD", "POST"])


# --- measures in words --------------------------------------------------------------------------------------


@require_safe
@programme_view("talk.view")
def idea_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Measures by goal: what changes and how far it is, without money."""
    search = storable(request.GET.get("q", ""))[:100].strip()
    page = Paginator(open_measures(programme, search), PAGE_ROWS).get_page(request.GET.get("page"))
    groups = [
        (goal, [(row, word(programme, f"stage.{row.stage}")) for row in rows])
        for goal, rows in groupby(page.object_list, key=lambda row: row.goal.parent or row.goal)
    ]
    context = {
        "search": search, "page": page, "groups": groups,
        "may_propose": can(request.user, "proposal.add", programme),
    }  # fmt: skip
    return TemplateResponse(request, "measures/idea_list.html", context)


@require_safe
@programme_view("talk.view")
def idea_detail(request: HttpRequest, programme: Programme, code: str) -> HttpResponse:
    """One measure in words, and what is said about it."""
    rows = Measure.objects.select_related("goal__theme").filter(programme=programme)
    measure = get_object_or_404(rows, code=code)
    measure.programme = programme
    topic = topic_named("measure")
    assert topic is not None
    context = context_of(request, measure, topic) | {
        "measure": measure, "stage": word(programme, f"stage.{measure.stage}"),
        "is_withdrawn": measure.stage == Stage.WITHDRAWN,
        "may_propose": can(request.user, "proposal.add", programme),
        "may_see_card": can(request.user, "measure.view", measure),
    }  # fmt: skip
    return TemplateResponse(request, "measures/idea_detail.html", context)


# --- proposals ------------------------------------------------------------------------------------------------


@require_safe
@programme_view("talk.view")
def proposal_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Proposals of the programme, the newest first: one's own and others', with what came of them."""
    rows = Proposal.objects.filter(programme=programme).select_related(
        "proposed_by", "measure", "goal", "sector"
    )
    show = request.GET.get("show", "")
    narrowed = {
        "mine": Q(proposed_by=request.user.pk),
        "open": Q(state__in=services.OPEN),
        "for-me": decidable(request.user, [programme]) & Q(state__in=services.OPEN),
    }
    page = Paginator(rows.filter(narrowed.get(show, Q())), PAGE_ROWS).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.programme = programme
    choices = [("", _("all")), ("mine", _("my own")), ("open", _("not answered"))]
    if may_somewhere(request.user, "proposal.decide", programme):
        choices.append(("for-me", _("waiting for my answer")))
    context = {
        "page": page, "show": show, "choices": choices, "may_propose": can(request.user, "proposal.add", programme)
    }  # fmt: skip
    return TemplateResponse(request, "measures/proposal_list.html", context)


@both_ways
@programme_view("proposal.add")
def proposal_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new proposal."""
    return add_page(
        request, ProposalForm, programme, title=_("Propose a measure"), make=services.propose, submit=_("Send"),
        instance=Proposal(programme=programme, proposed_on=programme.today()),
        back=reverse("measures:proposal_list", args=[programme.slug]), done=_page_of,
        told=_("Thank you. Those who answer for this were told; the answer comes to your notices."),
    )  # fmt: skip


def _page_of(row: Proposal) -> str:
    return reverse("measures:proposal_detail", args=[row.programme.slug, row.pk])


@require_safe
@programme_view("talk.view")
def proposal_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """One proposal, its answer, and what is said about it."""
    row = _proposal(request, programme, pk, "talk.view")
    topic = topic_named("proposal")
    assert topic is not None
    may_decide = can(request.user, "proposal.decide", row)
    is_open = row.state in services.OPEN
    context = context_of(request, row, topic) | {
        "may_decide": may_decide and is_open, "may_look": may_decide and row.state == Proposal.State.NEW,
        "may_add": may_decide and is_open and may_somewhere(request.user, "measure.add", programme),
        "measure_page": _measure_page(request, programme, row.measure),
    }  # fmt: skip
    return TemplateResponse(request, "measures/proposal_detail.html", context)


def _measure_page(request: HttpRequest, programme: Programme, measure: Measure | None) -> str:
    if measure is None:
        return ""
    name = "measure_detail" if can(request.user, "measure.view", programme) else "idea_detail"
    return reverse(f"measures:{name}", args=[programme.slug, measure.code])


@require_POST
@programme_view("proposal.decide")
def proposal_look(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Says that somebody is looking into the proposal."""
    row = _proposal(request, programme, pk, "proposal.decide")
    services.look_at(proposal=row, by=request.user)
    messages.success(request, _("The proposal is being looked into."))
    return redirect(_page_of(row))


@both_ways
@programme_view("proposal.decide")
def proposal_take_up(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Makes the proposal a measure; the form of a new measure with what the proposal says."""
    row = _proposal(request, programme, pk, "proposal.decide")
    if row.state not in services.OPEN and request.method != "POST":
        messages.info(request, services.ANSWERED)
        return redirect(_page_of(row))
    if not may_somewhere(request.user, "measure.add", programme):
        raise Http404

    def make(form: RowForm, by: Any) -> Measure:
        with transaction.atomic():
            measure = add_measure(form, by)
            services.take_up(proposal=row, measure=measure, by=by, answer=form.cleaned_data["answer"])
            return measure

    return add_page(
        request, TakeUpForm, programme, title=_("Take up as a measure"), make=make, back=_page_of(row),
        initial={
            "code": next_code(programme), "name_fi": row.subject, "description_fi": row.text, "goal": row.goal_id,
            "line_sector": row.sector_id,
        },
        context={"proposal": row}, template="measures/proposal_take_up.html",
    )  # fmt: skip


@both_ways
@programme_view("proposal.decide")
def proposal_decline(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Answers that the proposal is not taken up, and why."""
    row = _proposal(request, programme, pk, "proposal.decide")
    if row.state not in services.OPEN and request.method != "POST":
        messages.info(request, services.ANSWERED)
        return redirect(_page_of(row))
    return edit_page(
        request, DeclineForm, row, title=_("Decline the proposal"), back=_page_of(row), submit=_("Decline"),
        save=_decline,
    )  # fmt: skip


def _decline(form: RowForm, by: Any) -> Proposal:
    return services.decline(proposal=form.instance, by=by, answer=form.cleaned_data["answer"])


def _proposal(request: HttpRequest, programme: Programme, pk: int, action: str) -> Proposal:
    rows = Proposal.objects.filter(programme=programme)
    related = ("goal__theme", "sector", "proposed_by", "answered_by", "measure", "updated_by")
    row: Proposal = get_editable(rows.select_related(*related), request.user, action, pk=pk)
    row.programme = programme
    return row
