"""What people do in the talk beside a row; the caller has asked for the right.

Who may not see the row at this moment is told nothing, whatever they follow or answer for.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import identity_codes
from core.db import retrying
from core.history import own_context
from core.models import Comment, Follow, Mention
from core.permissions import can
from core.talk.people import follows_of, readers_of
from core.talk.telling import ANSWERED, ASKED, COMMENTED, MENTIONED, UPDATED, tell
from core.talk.topics import Topic, told_of, topic_of

#: How long a comment may be reworded by who wrote it.
EDIT_FOR = timedelta(minutes=30)

REFUSALS = {
    "nobody": _("Nobody answers for this. Say with @name, or by choosing, who should answer."),
    "removed": _("The comment was removed, so it is not answered any more."),
    "too_late": _("A comment can be changed for 30 minutes. Write another one instead."),
    "not_here": _("Nothing is said about rows of this kind."),
}


def refused(code: str, field: str = "") -> ValidationError:
    error = ValidationError(REFUSALS[code], code=code)
    return ValidationError({field: error}) if field else error


@retrying
def comment(
    *, about: Any, text: str, by: Any, mentioned: Iterable[Any] = (), needs_answer: bool = False,
    answers: Comment | None = None, is_illustrative: bool = False,
) -> Comment:  # fmt: skip
    """Writes a comment about the row; one that answers another closes the open questions of its thread.

    A question without a name is asked of who answers for the row. Raises ValidationError when that is nobody.
    """
    topic = topic_of(about)
    if topic is None:
        raise refused("not_here")
    identity_codes.refuse(text)
    if answers is not None and answers.removed_at is not None:
        raise refused("removed")
    root = answers.answers or answers if answers is not None else None
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        names = {person.pk: person for person in mentioned}
        if needs_answer and not set(names) - {by.pk}:
            names |= {
                one.pk: one for one in readers_of(about, topic, topic.owner_ids(about)) if one.pk != by.pk
            }
            if not set(names) - {by.pk}:
                raise refused("nobody", "needs_answer")
        row = Comment(
            programme_id=about.programme_id, content_type=ContentType.objects.get_for_model(about),
            object_id=about.pk, text=text.strip(), answers=root, written_by=by, needs_answer=needs_answer,
            is_illustrative=is_illustrative,
        ).stamp(by)  # fmt: skip
        row.full_clean(exclude=["written_at"])
        row.save()
        _mention(row, names.values(), by)
        if root is not None:
            _close_questions(root, by)
        _tell_of(row, about, topic, names, root)
        return row


def _mention(row: Comment, people: Iterable[Any], by: Any) -> None:
    Mention.objects.bulk_create(
        [Mention(programme_id=row.programme_id, comment=row, user=one).stamp(by) for one in people],
        ignore_conflicts=True,
    )


def _close_questions(root: Comment, by: Any) -> None:
    """Questions of the thread that somebody else asked are answered."""
    thread = Comment.objects.filter(programme=root.programme_id)
    asked = (thread.filter(pk=root.pk) | thread.filter(answers=root)).filter(
        needs_answer=True, answered_at=None
    )
    asked.exclude(written_by=by).update(answered_at=timezone.now(), updated_by=by)


def _tell_of(row: Comment, about: Any, topic: Topic, names: Mapping[int, Any], root: Comment | None) -> None:
    """One notice for each person: what concerns them most. A muted row is silent unless they are asked by name."""
    said = follows_of(about)
    codes: dict[int, str] = {}
    for pk, is_muted in said.items():
        if not is_muted:
            codes[pk] = COMMENTED
    codes |= dict.fromkeys(topic.owner_ids(about), COMMENTED)
    if root is not None and root.written_by_id is not None:
        codes[root.written_by_id] = ANSWERED
    codes |= dict.fromkeys(names, MENTIONED)
    codes = {pk: code for pk, code in codes.items() if not said.get(pk)}
    if row.needs_answer:
        codes |= dict.fromkeys(names, ASKED)
    codes.pop(row.written_by_id or 0, None)
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for person in readers_of(about, topic, codes):
        groups[codes[person.pk], topic.address(about, person)].append(person)
    params = told_of(about) | {"who": str(row.written_by or ""), "comment": row.pk}
    for (code, url), people in groups.items():
        tell(
            people,
            code,
            params=params,
            url=url,
            dedupe_key=f"comment-{row.pk}",
            programme=about.programme,
        )


@retrying
def reword(
    *, row: Comment, about: Any, by: Any, mentioned: Iterable[Any] = (), save: Any = lambda: None
) -> Any:
    """Saves a reworded comment with `save` and tells those it now names and did not name before."""
    topic = topic_of(about)
    assert topic is not None
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        saved = save()
        before = set(Mention.objects.filter(comment=row).values_list("user", flat=True))
        fresh = {person.pk: person for person in mentioned if person.pk not in before}
        _mention(row, fresh.values(), by)
        muted = {pk for pk, is_muted in follows_of(about).items() if is_muted}
        if not row.needs_answer:
            fresh = {pk: one for pk, one in fresh.items() if pk not in muted}
        for person in readers_of(about, topic, set(fresh) - {by.pk}):
            tell(
                [person], ASKED if row.needs_answer else MENTIONED, url=topic.address(about, person),
                params=told_of(about) | {"who": str(by), "comment": row.pk}, dedupe_key=f"comment-{row.pk}",
                programme=about.programme,
            )  # fmt: skip
        return saved


@retrying
def remove(*, row: Comment, by: Any) -> None:
    """Takes the words of a comment away; its place stays, and so does its history. A question of it is closed."""
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        Comment.objects.filter(pk=row.pk, removed_at=None).update(removed_at=timezone.now(), updated_by=by)


@retrying
def settle(*, row: Comment, by: Any) -> None:
    """Closes a question that was answered elsewhere."""
    with transaction.atomic(), own_context(user=by.pk, reason=""):
        Comment.objects.filter(pk=row.pk, needs_answer=True, answered_at=None).update(
            answered_at=timezone.now(), updated_by=by
        )


def may_reword(row: Comment, user: Any) -> bool:
    """Whether it is the person's own and still young."""
    is_own = row.written_by_id == user.pk and row.removed_at is None
    return is_own and row.written_at is not None and timezone.now() - row.written_at <= EDIT_FOR


# --- following --------------------------------------------------------------------------------------------


def follow(*, about: Any, user: Any, want: str) -> None:
    """Keeps what the person wants to hear of the row: "follow", "mute", or "" for neither."""
    rows = Follow.objects.filter(
        programme=about.programme_id, content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk, user=user,
    )  # fmt: skip
    if want not in ("follow", "mute"):
        rows.delete()
        return
    Follow.objects.update_or_create(
        programme_id=about.programme_id, content_type=ContentType.objects.get_for_model(about),
        object_id=about.pk, user=user, defaults={"is_muted": want == "mute"},
    )  # fmt: skip


def followers(row: Any) -> list[Any]:
    """People who follow the row and may still see it."""
    topic = topic_of(row)
    following = [pk for pk, is_muted in follows_of(row).items() if not is_muted]
    return readers_of(row, topic, following) if topic is not None and following else []


def insiders_following(row: Any) -> list[Any]:
    """Followers who may see the row itself, not its talk alone: who hears what was decided about it, with reasons."""
    return [person for person in followers(row) if can(person, row.view_action, row)]


def tell_followers(
    row: Any, code: str, params: Mapping[str, Any] | None = None, url: str = "", by: Any = None, *, key: str = ""
) -> int:  # fmt: skip
    """Tells who follows the row of a change of it, except who made it; how many are told.

    `code` is one that accounts.notices knows. `key` names the change so that it is told once; without it the
    parameters and the day do. Call it in the transaction of the change.
    """
    told = json.dumps(dict(params or {}), sort_keys=True, default=str)
    named = key or f"{timezone.localdate()}-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
    people = [person for person in followers(row) if person.pk != getattr(by, "pk", None)]
    return tell(
        people,
        code,
        params=params,
        url=url,
        dedupe_key=f"{code}-{row._meta.model_name}-{row.pk}-{named}"[:200],
        programme=row.programme,
    )


def tell_updated(row: Any, *, by: Any, key: str) -> int:
    """Tells who follows the row that its monthly update was given; `key` names the month."""
    topic = topic_of(row)
    url = topic.own_page(row, by) if topic is not None and by is not None else ""
    return tell_followers(row, UPDATED, told_of(row) | {"who": str(by or "")}, url, by, key=key)
