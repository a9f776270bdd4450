"""Notices: what a person is told once, kept as a code and what its words are made of (decision 19).

An app registers the words of its codes in `AppConfig.ready()` and tells people with `notify` in the
transaction of the cause. The header shows how many are unread; one mail a day tells those nobody has read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import translate_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import Notification, User
from core.outbox import post_mail
from core.permissions import programme_ids
from core.talk.people import muted_by

#: Mail is not sent from 20 to 7, local time, to who has said nothing else.
QUIET_FROM, QUIET_UNTIL = time(20), time(7)
#: Notices that one mail names; the rest are on the page.
NAMED = 20
#: Seconds that a number of unread notices is believed without asking the database: it is forgotten when it changes.
COUNTED_FOR = 12 * 3600
MAIL = "accounts/mail/digest"

Words = Callable[[Mapping[str, Any], Any], str | Promise]
Hears = Callable[[Any, int | None, Mapping[str, Any]], bool]
WORDS: dict[str, Words] = {}
HEARS: dict[str, Hears] = {}


def register(code: str, words: Words, hears: Hears | None = None) -> None:
    """The words of a code: `words(params, programme)` says the sentence in the active language.

    `programme` is None where the notice belongs to none. `hears(user, programme_id, params)` says whether the
    person may still read it when it is shown or mailed; without it everybody who was told may.
    """
    WORDS[code] = words
    if hears is not None:
        HEARS[code] = hears


def who_may(action: str) -> Hears:
    """For `hears`: who may do the action in the programme of the notice, where it has one, on the day of reading."""
    return lambda user, programme_id, _params: (
        programme_id is None or programme_id in programme_ids(user, action)
    )


def may_hear(user: Any, row: Notification) -> bool:
    """Whether the words of the notice may be shown to its person today."""
    hears = HEARS.get(row.code)
    return hears is None or hears(user, row.programme_id, row.params)


def notify(
    users: Iterable[User], code: str, *, params: Mapping[str, Any] | None = None, url: str = "",
    dedupe_key: str, programme: Any = None, about: Any = None,
) -> int:  # fmt: skip
    """Tells each of the people once, whatever happens twice; how many are told anew.

    `about` is the row that it is about: who muted that row is told nothing (core.talk).
    """
    if code not in WORDS:
        raise KeyError(code)
    people = {user.pk: user for user in users if user.is_active}
    if about is not None and people:
        people = {pk: user for pk, user in people.items() if pk not in muted_by(about)}
    told = set(
        Notification.objects.filter(user__in=people, dedupe_key=dedupe_key).values_list("user", flat=True)
    )
    fresh = [
        Notification(
            user_id=pk,
            programme=programme,
            code=code,
            params=dict(params or {}),
            url=translate_url(url, settings.LANGUAGE_CODE) if url else "",
            dedupe_key=dedupe_key,
        )
        for pk in people
        if pk not in told
    ]
    if fresh:
        Notification.objects.bulk_create(fresh, ignore_conflicts=True)
        transaction.on_commit(lambda: cache.delete_many([_counted(row.user_id) for row in fresh]))
    return len(fresh)


def forget_asked(dedupe_key: str) -> None:
    """Marks as read what nobody needs to do any more: the request was decided or taken back."""
    rows = Notification.objects.filter(dedupe_key=dedupe_key, read_at=None)
    people = list(rows.values_list("user", flat=True))
    if people:
        rows.update(read_at=timezone.now())
        transaction.on_commit(lambda: cache.delete_many([_counted(pk) for pk in people]))


# --- reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A notice in words."""

    row: Notification
    text: str


def text_of(code: str, params: Mapping[str, Any], programme: Any) -> str:
    """The sentence of a notice; a plain one for a code that no app knows any more."""
    words = WORDS.get(code)
    try:
        return str(words(params, programme)) if words else _("Something was decided or asked for.")
    except (KeyError, TypeError, ValueError):
        return _("Something was decided or asked for.")


def url_of(url: str) -> str:
    """The address of a notice in the active language; it is stored without one."""
    wanted = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):  # the language in which it is stored
        return translate_url(url, wanted) if url else ""


def latest(user: User, *, unread: bool = False, limit: int = 200) -> list[Told]:
    """The person's notices, the newest first. One statement."""
    rows = Notification.objects.filter(user=user).select_related("programme").order_by("-id")
    if unread:
        rows = rows.filter(read_at=None)
    heard = [row for row in rows[:limit] if may_hear(user, row)]
    return [Told(row, text_of(row.code, row.params, row.programme)) for row in heard]


def mark_read(user: User, rows: QuerySet[Notification]) -> int:
    """Marks the person's unread ones among `rows`; how many there were."""
    done = rows.filter(user=user, read_at=None).update(read_at=timezone.now())
    cache.delete(_counted(user.pk))
    return done


def unread_count(user: Any) -> int:
    """How many notices the person has not read, kept for a while so that pages need not ask."""
    if not getattr(user, "is_authenticated", False):
        return 0
    kept = cache.get(_counted(user.pk))
    if kept is None:
        kept = Notification.objects.filter(user=user, read_at=None).count()
        cache.set(_counted(user.pk), kept, COUNTED_FOR)
    return int(kept)


@receiver(user_logged_in)
def count_at_sign_in(sender: Any, user: Any, **_more: Any) -> None:
    """Counts once for the pages that follow."""
    cache.delete(_counted(user.pk))
    unread_count(user)


def _counted(user_id: int) -> str:
    return f"notices:{user_id}"


# --- the daily mail -------------------------------------------------------------------------------------------


def is_quiet(now: datetime, quiet_from: time = QUIET_FROM, quiet_until: time = QUIET_UNTIL) -> bool:
    """Whether nobody is mailed at this local time; hours that begin when they end are none."""
    at = timezone.localtime(now).time()
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until


def post_digests(*, now: datetime, site: str = "") -> int:
    """One mail for each person with unread notices that no mail told yet; how many.

    Nobody is mailed in their own quiet hours, nor who wants no mail. Rung often it sends once a day: the mail's
    id is the person and the day.
    """
    day = timezone.localdate(now)
    waiting = Notification.objects.filter(read_at=None, mailed_at=None, user__is_active=True)
    people = User.objects.filter(pk__in=waiting.values("user"), mail_digest=True).exclude(email="")
    due = [
        person for person in people.order_by("pk") if not is_quiet(now, person.quiet_from, person.quiet_until)
    ]
    return sum(_post_digest(person, day, now, site) for person in due)


def _post_digest(person: User, day: date, now: datetime, site: str) -> bool:
    with transaction.atomic():
        found = list(
            Notification.objects.select_for_update(of=("self",))
            .filter(user=person, read_at=None, mailed_at=None)
            .order_by("-id")
        )
        rows = [row for row in found if may_hear(person, row)]
        if not rows:
            return False
        lines = [
            {"code": row.code, "params": row.params, "programme": row.programme_id, "url": row.url}
            for row in rows[:NAMED]
        ]
        is_new = post_mail(
            message_id=f"digest-{person.pk}-{day.isoformat()}", to=[person.email], template=MAIL,
            params={
                "name": person.get_full_name(), "lines": lines, "count": len(rows),
                "more": max(0, len(rows) - NAMED), "site": site,
            },
            language=person.language,
        )  # fmt: skip
        if is_new:
            Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)
        return is_new


def programme_of(pk: int | None) -> Any:
    """The programme of a line of the mail; None where there is none."""
    model = apps.get_model("programme", "Programme")
    return model.objects.filter(pk=pk).first() if pk else None


def site_address() -> str:
    """Address that links of mails begin with, from the hosts the portal answers to; empty where none is named."""
    named = [host for host in settings.ALLOWED_HOSTS if host and "*" not in host and not host.startswith(".")]
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    return f"{scheme}://{named[0]}" if named else ""
