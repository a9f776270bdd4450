"""Phases of a project: questions answered where they stand, and moving from phase to phase."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from core.editing import edit_part
from programme.access import programme_view
from programme.models import PhaseAnswer, PhaseQuestion, Programme
from programme.projects.parts import part_url
from programme.projects.phases import answer_question, move_phase, phases_of
from programme.projects.planning_forms import AnswerForm
from programme.projects.wording import joined
from programme.views.projects import READ_AND_SEND, card_of, find_project


@READ_AND_SEND
@vary_on_headers("HX-Request", "HX-Boosted")
@programme_view("project.edit")
def phase_answer(request: HttpRequest, programme: Programme, slug: str, pk: int) -> HttpResponse:
    """What the project answers to one question."""
    project = find_project(request, programme, slug, "project.edit")
    question = get_object_or_404(PhaseQuestion, programme=programme, pk=pk)
    row = PhaseAnswer.objects.filter(project=project, question=question).first()
    row = row or PhaseAnswer(programme=programme)
    row.project, row.question, row.programme = project, question, programme
    return edit_part(
        request, AnswerForm, row,
        title=question.name,
        back=f"{part_url(project, 'phases')}#question-{question.pk}",
        form_template="programme/project_part_form.html",
        shown_template="programme/_phase_answer.html",
        context={"project": project, "question": question, "may_edit": True},
        shown_context=lambda found: {"answer": found if found.pk else None},
        save=answer_question,
    )  # fmt: skip


@require_POST
@programme_view("project.edit")
def phase_move(request: HttpRequest, programme: Programme, slug: str) -> HttpResponse:
    """Moves the project to another phase, and names the questions of the one it leaves that have no answer."""
    project = find_project(request, programme, slug, "project.edit")
    phases = phases_of(project)
    asked, seen = request.POST.get("to", ""), request.POST.get("seen", "")
    to = next((line.phase for line in phases.lines if str(line.phase.number) == asked), None)
    if to is None:
        raise Http404
    left = next((line for line in phases.lines if str(line.phase.number) == seen), None)
    if left is None or not move_phase(project=project, to=to.number, seen=left.phase.number, by=request.user):
        messages.error(request, _("Somebody changed it meanwhile."))
    else:
        messages.success(request, _("The project is now in phase %(n)s.") % {"n": to.number})
        if left.unanswered and to.number > left.phase.number:
            told = _("Not answered in phase %(n)s: %(questions)s") % {
                "n": left.phase.number, "questions": joined([row.name for row in left.unanswered]),
            }  # fmt: skip
            messages.warning(request, told)
    return redirect(f"{card_of(project)}#part-phases")
