"""Meetings: list, page, agenda, people, papers, and what is decided and promised on the spot."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import attachments
from core.access import get_editable
from core.editing import RowForm, add_page, edit_page, save_edit, submitted_once
from core.models import Attachment
from core.permissions import can, require
from core.templatetags.ui import plain_text
from programme.access import programme_view
from programme.governance import joined, meetings
from programme.governance.calendar import MEETING_SHAPES
from programme.governance.forms import (
    ActionForm,
    AgendaItemForm,
    DecisionForm,
    MeetingForm,
    MinutesForm,
    ParticipantForm,
)
from programme.governance.paper_form import PaperForm
from programme.governance.register import decide
from programme.governance.views.shared import act, both_ways, remove_page
from programme.models import (
    ActionPoint,
    AgendaItem,
    Body,
    Decision,
    Meeting,
    MeetingParticipant,
    Programme,
)

LISTED = 30


def meeting_address(programme: Programme, pk: int, anchor: str = "") -> str:
    return reverse("programme:meeting_detail", args=[programme.slug, pk]) + (f"#{anchor}" if anchor else "")


# --- list and page --------------------------------------------------------------------------------------------------


@require_safe
@programme_view("register.view")
def meeting_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Meetings to come, then those of the past; `?body=` narrows to one body."""
    bodies = list(Body.objects.filter(programme=programme, meetings__isnull=False).distinct())
    rows = Meeting.objects.filter(programme=programme).select_related("body")
    key = request.GET.get("body", "")
    chosen = next((body for body in bodies if body.key == key), None)
    if chosen is not None:
        rows = rows.filter(body=chosen)
    today = programme.today()
    coming = list(
        rows.filter(held_on__gte=today, state=Meeting.State.PLANNED)
        .order_by("held_on", "starts_at", "id")
        .annotate(item_count=Count("agenda"))
    )
    past = (
        rows.exclude(pk__in=[row.pk for row in coming])
        .annotate(
            decision_count=Count("decisions", distinct=True),
            action_count=Count("action_points", distinct=True),
        )
        .order_by("-held_on", "-id")
    )
    page = Paginator(past, LISTED).get_page(request.GET.get("page"))
    context = {
        "coming": coming, "page": page, "bodies": bodies, "chosen": chosen, "shapes": MEETING_SHAPES,
        "may_edit": can(request.user, "meeting.edit", programme),
        "has_illustrative": any(row.is_illustrative for row in [*coming, *page.object_list]),
    }  # fmt: skip
    return TemplateResponse(request, "programme/meeting_list.html", context)


@require_safe
@programme_view("register.view")
def meeting_detail(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A meeting to be held, read and printed: people, agenda with papers and decisions, minutes, action points."""
    rows = Meeting.objects.filter(programme=programme).select_related("body", "programme")
    meeting = get_object_or_404(rows, pk=pk)
    items = list(meeting.agenda.select_related("content_type").prefetch_related("decisions__body"))
    files = _papers(programme, meeting, items)
    decisions = list(meeting.decisions.select_related("body").order_by("id"))
    on_items = {row.pk for item in items for row in item.decisions.all()}
    context = {
        "meeting": meeting, "shape": MEETING_SHAPES[meeting.state],
        "items": [_told_item(item, files, request.user) for item in items],
        "files": files.get((Meeting, meeting.pk), []),
        "participants": list(meeting.participants.select_related("user")),
        "other_decisions": [row for row in decisions if row.pk not in on_items],
        "actions": list(meeting.action_points.select_related("owner", "decision")),
        "carried": list(meetings.open_before(meeting)) if meeting.state != Meeting.State.CANCELLED else [],
        "may_edit": can(request.user, "meeting.edit", meeting), "today": programme.today(),
        "may_decide": can(request.user, "decision.add", meeting),
        "may_promise": can(request.user, "decision.add", programme),
        "is_future": meeting.held_on > programme.today(),
    }  # fmt: skip
    return TemplateResponse(request, "programme/meeting_detail.html", context)


def _told_item(item: AgendaItem, files: dict[Any, list[Attachment]], user: Any) -> dict[str, Any]:
    return {
        "row": item, "about": joined.shown(item.about, user), "files": files.get((AgendaItem, item.pk), []),
        "decisions": list(item.decisions.all()),
    }  # fmt: skip


def _papers(programme: Programme, meeting: Meeting, items: list[AgendaItem]) -> dict[Any, list[Attachment]]:
    """Papers of the meeting and of its matters, by model and id. One statement."""
    kinds = ContentType.objects.get_for_models(Meeting, AgendaItem)
    models = {kind.pk: model for model, kind in kinds.items()}
    ids: dict[Any, set[int]] = {Meeting: {meeting.pk}, AgendaItem: {item.pk for item in items}}
    rows = Attachment.objects.filter(
        programme=programme, content_type__in=models, object_id__in=set().union(*ids.values())
    ).select_related("created_by")
    found: dict[Any, list[Attachment]] = {}
    for row in rows:
        model = models[row.content_type_id]
        if row.object_id in ids[model]:
            found.setdefault((model, row.object_id), []).append(row)
    return found


# --- the meeting itself ---------------------------------------------------------------------------------------------


def _meeting(request: HttpRequest, programme: Programme, pk: int, action: str = "meeting.edit") -> Meeting:
    rows = Meeting.objects.filter(programme=programme).select_related("body", "programme")
    meeting: Meeting = get_editable(rows, request.user, action, pk=pk)
    return meeting


@both_ways
@programme_view("meeting.edit")
def meeting_add(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A new meeting; the members of its body are invited with it."""
    require(request.user, "meeting.edit", programme)
    key = request.GET.get("body", "")
    body = Body.objects.filter(programme=programme, key=key).first() if key else None
    return add_page(
        request, MeetingForm, programme, title=_("Call a meeting"),
        back=reverse("programme:meeting_list", args=[programme.slug]), initial={"body": body},
        make=lambda form, by: meetings.call_meeting(meeting=form.instance, by=by),
        done=lambda row: meeting_address(programme, row.pk),
    )  # fmt: skip


@both_ways
@programme_view("meeting.edit")
def meeting_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    return edit_page(
        request, MeetingForm, meeting, title=_("Edit the meeting"), back=meeting_address(programme, pk)
    )


@both_ways
@programme_view("meeting.edit")
def meeting_minutes(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    return edit_page(
        request, MinutesForm, meeting, title=_("Minutes: %(meeting)s") % {"meeting": title_of(meeting)},
        back=meeting_address(programme, pk, "minutes"),
    )  # fmt: skip


def title_of(meeting: Meeting) -> str:
    return meeting.title or plain_text(meeting.body)


@require_POST
@programme_view("meeting.edit")
def meeting_hold(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    return act(
        request, lambda: meetings.hold(meeting=meeting, by=request.user), told=_("The meeting is marked as held."),
        back=meeting_address(programme, pk),
    )  # fmt: skip


@require_POST
@programme_view("meeting.edit")
def meeting_cancel(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    return act(
        request, lambda: meetings.cancel(meeting=meeting, by=request.user), told=_("The meeting was cancelled."),
        back=meeting_address(programme, pk),
    )  # fmt: skip


# --- people ---------------------------------------------------------------------------------------------------------


@both_ways
@programme_view("meeting.edit")
def meeting_participant_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    back = meeting_address(programme, pk, "people")
    return add_page(
        request, ParticipantForm, programme, title=_("Invite somebody"), back=back, done=lambda row: back,
        instance=MeetingParticipant(programme=programme, meeting=meeting),
    )  # fmt: skip


@require_POST
@programme_view("meeting.edit")
def meeting_invite(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Invites members of the body who are not on the list."""
    meeting = _meeting(request, programme, pk)
    count = meetings.invite_members(meeting=meeting, by=request.user)
    told = ngettext("%(n)s member was added.", "%(n)s members were added.", count) % {"n": count}
    messages.success(request, told if count else _("All members are on the list already."))
    return redirect(meeting_address(programme, pk, "people"))


@require_POST
@programme_view("meeting.edit")
def meeting_presence(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Notes who was there: those whose boxes are ticked."""
    meeting = _meeting(request, programme, pk)
    ticked = {int(text) for text in request.POST.getlist("present") if text.isascii() and text.isdigit()}
    return act(
        request, lambda: meetings.note_presence(meeting=meeting, present=ticked, by=request.user),
        told=_("It is noted who was there."), back=meeting_address(programme, pk, "people"),
    )  # fmt: skip


@require_POST
@programme_view("meeting.edit")
def meeting_participant_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    rows = MeetingParticipant.objects.filter(programme=programme).select_related("meeting")
    row = get_editable(rows, request.user, "meeting.edit", pk=pk)
    return act(
        request, row.delete, told=_("The person was taken off the list."),
        back=meeting_address(programme, row.meeting_id, "people"),
    )  # fmt: skip


# --- agenda ---------------------------------------------------------------------------------------------------------


def _item(request: HttpRequest, programme: Programme, pk: int, action: str = "meeting.edit") -> AgendaItem:
    rows = AgendaItem.objects.filter(programme=programme).select_related(
        "meeting__body", "meeting__programme"
    )
    item: AgendaItem = get_editable(rows, request.user, action, pk=pk)
    return item


@both_ways
@programme_view("meeting.edit")
def meeting_item_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    meeting = _meeting(request, programme, pk)
    return add_page(
        request, AgendaItemForm, programme, title=_("Add a matter"), back=meeting_address(programme, pk, "agenda"),
        instance=AgendaItem(programme=programme, meeting=meeting),
        make=lambda form, by: meetings.add_item(item=form.instance, by=by),
        done=lambda row: meeting_address(programme, pk, f"item-{row.pk}"),
    )  # fmt: skip


@both_ways
@programme_view("meeting.edit")
def meeting_item_edit(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    item = _item(request, programme, pk)
    return edit_page(
        request, AgendaItemForm, item, title=_("Edit a matter"),
        back=meeting_address(programme, item.meeting_id, f"item-{pk}"), save=_save_item,
    )  # fmt: skip


def _save_item(form: RowForm, by: Any) -> Any:
    """Saves a matter with the row that it is about."""
    about: dict[str, Any] = form.about_columns  # type: ignore[attr-defined]
    with transaction.atomic():
        saved = save_edit(form, by, about)
        AgendaItem.objects.filter(pk=saved.row.pk).exclude(**about).update(**about, updated_by=by)
        return saved


@require_POST
@programme_view("meeting.edit")
def meeting_item_move(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    item = _item(request, programme, pk)
    meetings.move_item(item=item, up=request.POST.get("direction") != "down", by=request.user)
    return redirect(meeting_address(programme, item.meeting_id, f"item-{pk}"))


@both_ways
@programme_view("meeting.edit")
def meeting_item_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    item = _item(request, programme, pk)
    return remove_page(
        request, lambda: meetings.drop_item(item=item, by=request.user), title=_("Take a matter off the agenda"),
        what=item.subject, back=meeting_address(programme, item.meeting_id, "agenda"),
        told=_("The matter was taken off the agenda."),
    )  # fmt: skip


# --- what comes of it -----------------------------------------------------------------------------------------------


@both_ways
@programme_view("decision.add")
def meeting_item_decide(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A decision made on a matter: the body and the day are those of the meeting."""
    item = _item(request, programme, pk, "decision.add")
    meeting = item.meeting
    if meeting.state == Meeting.State.CANCELLED:
        raise Http404
    return add_page(
        request, DecisionForm, programme, title=_("Decision: %(matter)s") % {"matter": item.subject},
        back=meeting_address(programme, meeting.pk, f"item-{pk}"),
        initial={"subject": item.subject, "body": meeting.body_id, "decided_on": meeting.held_on},
        make=lambda form, by: decide(item=item, decision=form.instance, by=by),
        done=lambda row: meeting_address(programme, meeting.pk, f"item-{pk}"), instance=Decision(programme=programme),
    )  # fmt: skip


@both_ways
@programme_view("decision.add")
def meeting_action_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """An action point promised in the meeting; who writes down decisions writes these down too."""
    meeting = _meeting(request, programme, pk, "decision.add")
    back = meeting_address(programme, pk, "actions")
    return add_page(
        request, ActionForm, programme, title=_("Add an action point"), back=back,
        instance=ActionPoint(programme=programme, meeting=meeting),
        make=lambda form, by: meetings.promise(action=form.instance, by=by), done=lambda row: back,
    )  # fmt: skip


# --- papers ---------------------------------------------------------------------------------------------------------


@both_ways
@programme_view("meeting.edit")
def meeting_paper_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A paper of the meeting."""
    meeting = _meeting(request, programme, pk)
    return _paper_page(request, meeting, meeting_address(programme, pk, "papers"))


@both_ways
@programme_view("meeting.edit")
def meeting_item_paper_add(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """A paper of one matter."""
    item = _item(request, programme, pk)
    return _paper_page(request, item, meeting_address(programme, item.meeting_id, f"item-{pk}"))


def _paper_page(request: HttpRequest, about: Any, back: str) -> HttpResponse:
    form, status = PaperForm(initial={"token": token_urlsafe(24)}), 200
    if request.method == "POST":
        form, status = PaperForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                with submitted_once(form.cleaned_data["token"], request.user) as sending:
                    if not sending.is_repeat:
                        attachments.attach(
                            about=about, upload=form.cleaned_data["file"], by=request.user,
                            note=form.cleaned_data["note"],
                        )  # fmt: skip
                        sending.url = back
            except ValidationError as refused:
                form.add_error("file", refused)
            else:
                messages.success(request, _("The file was added."))
                return redirect(back)
    context = {"form": form, "back": back, "about": about}
    return TemplateResponse(request, "programme/meeting_paper_add.html", context, status=status)


@both_ways
@programme_view("meeting.edit")
def meeting_paper_remove(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Asks first, then takes a paper of one's own away."""
    kinds = ContentType.objects.get_for_models(Meeting, AgendaItem).values()
    row = get_object_or_404(Attachment.objects.filter(programme=programme, content_type__in=kinds), pk=pk)
    meeting = attachments.owner_of(row.about)
    if meeting is None:
        raise Http404
    require(request.user, "meeting.edit", meeting)
    if row.created_by_id != request.user.pk:
        raise PermissionDenied(_("Only who added the file may remove it."))
    return remove_page(
        request, lambda: attachments.drop(attachment=row, by=request.user), title=_("Remove a paper"), what=row.name,
        back=meeting_address(programme, meeting.pk, "papers"), told=_("The file was removed."),
    )  # fmt: skip
