"""What is said about a row, as a page shows it, and what waits for somebody's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Attachment, Comment, Mention
from core.permissions import can
from core.talk.people import follow_state
from core.talk.services import may_reword
from core.talk.topics import Topic, title_of, topic_named
from core.waiting import Waiting, register

#: Characters of a question that a list shows.
BEGINNING = 120


@dataclass
class Said:
    """One comment as this person sees it, with the answers to it."""

    comment: Comment
    asked: list[Any]
    may_reword: bool
    may_remove: bool
    may_settle: bool
    replies: list[Said] = field(default_factory=list)

    @property
    def is_removed(self) -> bool:
        return self.comment.removed_at is not None

    @property
    def waits(self) -> bool:
        """A question that nobody has answered."""
        return self.comment.needs_answer and self.comment.answered_at is None and not self.is_removed

    @property
    def was_reworded(self) -> bool:
        return self.comment.version > 1 and not self.comment.needs_answer


@dataclass(frozen=True)
class Talk:
    """What stands beside a row: its threads in the order they began, its files, what this person may do."""

    topic: Topic
    row: Any
    title: str
    threads: list[Said]
    files: list[Attachment]
    follow: str
    may_comment: bool
    may_attach: bool
    may_follow: bool

    @property
    def count(self) -> int:
        return sum(1 + len(one.replies) for one in self.threads)


def about(row: Any) -> dict[str, Any]:
    """Filters of rows that are about this one."""
    return {
        "programme": row.programme_id,
        "content_type": ContentType.objects.get_for_model(row),
        "object_id": row.pk,
    }


def may_comment(user: Any, row: Any, topic: Topic) -> bool:
    return topic.seen_by(user, row) and can(user, "comment.add", row)


def may_attach(user: Any, row: Any, topic: Topic) -> bool:
    """Files: who may add evidence within their scope, or may change the row."""
    may = can(user, "attachment.add", row) or can(user, row.edit_action, row)
    return topic.takes_files and can(user, row.view_action, row) and may


def talk_of(row: Any, topic: Topic, user: Any) -> Talk:
    """The whole talk for this person. Four statements, whatever its length; no files are one less."""
    shows_files = topic.takes_files and can(user, row.view_action, row)
    files = Attachment.objects.filter(**about(row)).select_related("created_by").order_by("id")
    return Talk(
        topic=topic,
        row=row,
        title=title_of(row),
        threads=threads_of(row, topic, user),
        files=list(files) if shows_files else [],
        follow=follow_state(row, user),
        may_comment=may_comment(user, row, topic),
        may_attach=may_attach(user, row, topic),
        may_follow=True,
    )


def threads_of(row: Any, topic: Topic, user: Any) -> list[Said]:
    """Comments that answer nothing, each with its answers; two statements."""
    named = Prefetch("mentions", queryset=Mention.objects.select_related("user").order_by("id"))
    comments = Comment.objects.filter(**about(row)).select_related("written_by").prefetch_related(named)
    may_write = may_comment(user, row, topic)
    moderates = can(user, "comment.moderate", row)
    roots: dict[int, Said] = {}
    for comment in comments.order_by("id"):
        asked = [mention.user for mention in comment.mentions.all()]
        is_own = comment.written_by_id == user.pk
        is_there = comment.removed_at is None
        said = Said(
            comment,
            asked,
            may_write and may_reword(comment, user),
            is_there and (moderates or (is_own and may_write)),
            may_write and (is_own or user.pk in {one.pk for one in asked}),
        )
        if comment.answers_id in roots:
            roots[comment.answers_id].replies.append(said)
        else:
            roots[comment.pk] = said
    return list(roots.values())


def questions_for(user: Any, programmes: Sequence[Any]) -> list[Waiting]:
    """Questions asked of the person that nobody has answered, about rows they may still see.

    One statement, one more for each kind of row asked about.
    """
    by_id = {one.pk: one for one in programmes if can(user, "talk.view", one)}
    if not by_id:
        return []
    rows = list(
        Comment.objects.filter(
            programme__in=by_id, mentions__user=user, needs_answer=True, answered_at=None, removed_at=None
        )
        .exclude(written_by=user)
        .select_related("written_by", "content_type")
        .prefetch_related("about")
        .order_by("id")
    )
    found = []
    for row in rows:
        topic = topic_named(row.content_type.model)
        if topic is None or row.about is None:
            continue
        programme = row.about.programme = by_id[row.programme_id]
        if not topic.seen_by(user, row.about):
            continue
        text = " ".join(row.text.split())
        short = text if len(text) <= BEGINNING else f"{text[: BEGINNING - 1]}…"
        found.append(
            Waiting(
                f"{title_of(row.about)}: {short}",
                topic.address(row.about, user),
                None,
                programme,
                since=timezone.localdate(row.written_at),
                detail=str(row.written_by or ""),
                do=pgettext_lazy("button", "Answer"),
                is_illustrative=row.is_illustrative,
            )
        )
    return found


register("questions", title=_("Comments that need your answer"), function=questions_for, place=20)
