"""The calendar that a person's own calendar program reads: an address with a secret, and the file it answers with.

The secret is shown once; the database keeps its SHA-256. Rights are asked anew at each reading, so that a feed shows
what the person may see today and nothing at all once the account is off, the role is gone or the feed is revoked.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.permissions import can
from core.templatetags.ui import plain_text
from programme.governance.calendar import Event, events, kinds_for
from programme.models import CalendarFeed, Programme

if TYPE_CHECKING:
    from icalendar import Event as Entry

#: What a feed holds around the programme's day.
BEHIND, AHEAD = timedelta(days=62), timedelta(days=400)
#: Who may have a feed.
ACTION = "governance.view"


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_feed(*, programme: Programme, user: Any) -> str:
    """A new secret of the person for this programme; one that was there before stops working."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        revoke_feeds(programme=programme, user=user)
        CalendarFeed.objects.create(programme=programme, user=user, digest=digest_of(secret))
    return secret


def revoke_feeds(*, programme: Programme, user: Any) -> int:
    """Stops the person's address of this programme; how many there were."""
    return CalendarFeed.objects.filter(programme=programme, user=user, revoked_at=None).update(
        revoked_at=timezone.now()
    )


def feed_of(programme: Programme, user: Any) -> CalendarFeed | None:
    """The person's feed that works, with the day it was last read."""
    return (
        CalendarFeed.objects.filter(programme=programme, user=user, revoked_at=None).order_by("-pk").first()
    )


def open_feed(secret: str) -> CalendarFeed | None:
    """The feed of a secret when it may be read now: not revoked, its person active and still allowed."""
    feed = (
        CalendarFeed.objects.select_related("user", "programme__organisation")
        .filter(digest=digest_of(secret), revoked_at=None, user__is_active=True)
        .first()
    )
    if feed is None or not can(feed.user, ACTION, feed.programme):
        return None
    today = timezone.localdate()
    if feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_on=today)
    return feed


def written(programme: Programme, user: Any, *, host: str, site: str) -> bytes:
    """The calendar of what the person may see, as RFC 5545 asks, in the active language.

    `host` makes the names of events unique in the world, `site` begins their links.
    """
    day = programme.today()
    found = events(programme, day - BEHIND, day + AHEAD, user=user)
    return as_ical(
        found, name=plain_text(programme), host=f"{programme.slug}.{host}", site=site,
        kinds={key: str(word) for key, word in kinds_for(user, programme).items()}, stamp=datetime.now(UTC),
    )  # fmt: skip


def as_ical(
    found: Iterable[Event], *, name: str, host: str, site: str, kinds: dict[str, str], stamp: datetime
) -> bytes:
    """Events as an iCalendar file: days without a time as VALUE=DATE, others in UTC; UIDs stay as they are."""
    from icalendar import Calendar  # 0.2 s to import, and few processes write calendars

    calendar = Calendar()
    calendar.add("prodid", "-//Programme portal//calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT4H")
    for event in found:
        calendar.add_component(_entry(event, host=host, site=site, kinds=kinds, stamp=stamp))
    return bytes(calendar.to_ical())


def _entry(event: Event, *, host: str, site: str, kinds: dict[str, str], stamp: datetime) -> Entry:
    from icalendar import Event as Entry

    entry = Entry()
    entry.add("uid", f"{event.uid or f'{event.kind}-{event.day}-{event.title}'}@{host}")
    entry.add("dtstamp", stamp)
    said = str(kinds.get(event.kind, ""))
    entry.add("summary", f"{said[:1].upper()}{said[1:]}: {event.title}" if said else event.title)
    if event.begins is None:
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    else:
        entry.add("dtstart", _moment(event.day, event.begins))
        if event.ends is not None and event.ends > event.begins:
            entry.add("dtend", _moment(event.day, event.ends))
    if event.place:
        entry.add("location", event.place)
    told = [str(event.word)] if event.word else []
    if event.is_illustrative:
        told.append(_("Illustrative example."))
    if told:
        entry.add("description", "\n".join(told))
    if event.url and site:
        entry.add("url", f"{site}{event.url}")
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    return entry


def _moment(day: date, at: time) -> datetime:
    """A local time of the county in UTC: readers need no table of time zones."""
    return timezone.make_aware(datetime.combine(day, at)).astimezone(UTC)
