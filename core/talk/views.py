"""Pages of the talk beside a row: reading, writing, answering, rewording, removing, following."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from core.editing import RowForm, add_page, edit_page, save_edit
from core.models import Comment
from core.pages import is_part
from core.permissions import can, require
from core.talk import services
from core.talk.door import checked, row_of, talk_view
from core.talk.forms import CommentForm, WithNames
from core.talk.selectors import talk_of, threads_of
from core.talk.topics import Topic, title_of, topic_of

both_ways = require_http_methods(["GET", "HEAD", "POST"])


def context_of(request: HttpRequest, row: Any, topic: Topic) -> dict[str, Any]:
    """What the part about a row shows: its talk, and the row's own page for this person."""
    return {
        "talk": talk_of(row, topic, request.user),
        "row": row,
        "topic": topic,
        "own_page": topic.own_page(row, request.user),
    }


@require_safe
@vary_on_headers("HX-Request", "HX-Boosted")
@talk_view("talk.view")
def talk(request: HttpRequest, programme: Any, kind: str, pk: int) -> HttpResponse:
    """The talk of one row: a part of its page for htmx, a page of its own for a plain link."""
    row, topic = row_of(request, programme, kind, pk)
    template = "core/_talk.html" if is_part(request) else "core/talk_detail.html"
    return TemplateResponse(request, template, context_of(request, row, topic))


@both_ways
@talk_view("comment.add")
def comment_add(request: HttpRequest, programme: Any, kind: str, pk: int) -> HttpResponse:
    """A new comment about the row."""
    row, topic = row_of(request, programme, kind, pk)
    require(request.user, "comment.add", row)
    return _writing(request, programme, row, topic, None)


@both_ways
@talk_view("comment.add")
def comment_answer(request: HttpRequest, programme: Any, pk: int) -> HttpResponse:
    """An answer to a comment; the thread stands above the form."""
    comment, row, topic = _comment(request, programme, pk)
    require(request.user, "comment.add", row)
    if comment.removed_at is not None and request.method != "POST":
        messages.info(request, services.REFUSALS["removed"])
        return redirect(topic.address(row, request.user))
    return _writing(request, programme, row, topic, comment)


def _writing(
    request: HttpRequest, programme: Any, row: Any, topic: Topic, answers: Comment | None
) -> HttpResponse:
    back = topic.address(row, request.user)
    root = (answers.answers_id or answers.pk) if answers is not None else None
    thread = [one for one in threads_of(row, topic, request.user) if one.comment.pk == root]

    def make(form: RowForm, by: Any) -> Comment:
        assert isinstance(form, CommentForm)
        return services.comment(
            about=row, text=form.cleaned_data["text"], by=by, mentioned=form.mentioned,
            needs_answer=form.cleaned_data["needs_answer"], answers=answers,
        )  # fmt: skip

    return add_page(
        request, partial(CommentForm, about=row), programme,
        title=_("Answer a comment") if answers is not None else _("Write a comment"), back=back,
        done=lambda made: back, make=make, template="core/comment_write.html", submit=_("Send"),
        told=_("The comment was added."),
        context={"threads": thread, "about_title": title_of(row), "topic": topic},
    )  # fmt: skip


@both_ways
@talk_view("comment.add")
def comment_edit(request: HttpRequest, programme: Any, pk: int) -> HttpResponse:
    """Rewords a comment of one's own while it is young."""
    comment, row, topic = _comment(request, programme, pk)
    if comment.written_by_id != request.user.pk:
        raise PermissionDenied(_("Only who wrote a comment may change it."))
    back = topic.address(row, request.user)
    if not services.may_reword(comment, request.user):
        messages.error(request, services.REFUSALS["too_late"])
        return redirect(back)

    def save(form: RowForm, by: Any) -> Any:
        assert isinstance(form, WithNames)
        return services.reword(
            row=comment, about=row, by=by, mentioned=form.named, save=lambda: save_edit(form, by)
        )

    return edit_page(
        request, partial(WithNames, about=row), comment, title=_("Change the comment"), back=back, save=save,
        template="core/comment_write.html", context={"about_title": title_of(row), "topic": topic},
    )  # fmt: skip


@both_ways
@talk_view("comment.add")
def comment_remove(request: HttpRequest, programme: Any, pk: int) -> HttpResponse:
    """Asks, then takes the words of a comment away: one's own, or any for the programme office."""
    comment, row, topic = _comment(request, programme, pk)
    if comment.written_by_id != request.user.pk and not can(request.user, "comment.moderate", row):
        raise PermissionDenied(_("Only who wrote a comment, or the programme office, may remove it."))
    back = topic.address(row, request.user)
    if request.method == "POST":
        services.remove(row=comment, by=request.user)
        messages.success(request, _("The comment was removed."))
        return redirect(back)
    context = {"comment": comment, "back": back, "about_title": title_of(row)}
    return TemplateResponse(request, "core/comment_remove.html", context)


@require_POST
@talk_view("comment.add")
def comment_settle(request: HttpRequest, programme: Any, pk: int) -> HttpResponse:
    """Closes a question that was answered elsewhere; who asked and who is asked may."""
    comment, row, topic = _comment(request, programme, pk)
    is_theirs = comment.written_by_id == request.user.pk
    if not is_theirs and not comment.mentions.filter(user=request.user.pk).exists():
        raise PermissionDenied(_("Only who asked or is asked may close a question."))
    services.settle(row=comment, by=request.user)
    messages.success(request, _("The question counts as answered."))
    return redirect(topic.address(row, request.user))


@require_POST
@talk_view("talk.view")
def follow(request: HttpRequest, programme: Any, kind: str, pk: int) -> HttpResponse:
    """Follows the row, mutes it, or neither."""
    row, topic = row_of(request, programme, kind, pk)
    want = request.POST.get("want", "")
    services.follow(about=row, user=request.user, want=want)
    told = {
        "follow": _("You are told of comments and decisions about this."),
        "mute": _("You are told nothing more of this, unless somebody asks you by name."),
    }
    messages.success(request, told.get(want, _("You are told only of what is your task.")))
    return redirect(topic.address(row, request.user))


def _comment(request: HttpRequest, programme: Any, pk: int) -> tuple[Comment, Any, Topic]:
    """The comment, the row it is about and the topic; 404 when it is not there, 403 when the talk is not theirs."""
    rows = Comment.objects.select_related("answers", "written_by", "content_type")
    comment = rows.filter(programme=programme, pk=pk).first()
    if comment is None:
        raise Http404
    row = checked(request, programme, comment.about)
    topic = topic_of(row)
    assert topic is not None
    comment.programme = programme
    return comment, row, topic
