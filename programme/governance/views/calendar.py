"""The calendar as a month and as a list, and the address from which other calendars read it."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.periods import format_month, month_key
from core.rates import Rate, address_of, refuse_if_spent, spend
from core.workdays import holiday_name
from programme.access import programme_view
from programme.governance import feed
from programme.governance.calendar import Event, events, kinds_for
from programme.models import Programme

#: Readings of one feed, and secrets that nobody has from one address.
READS = Rate("calendar", "CALENDAR_READS", "CALENDAR_SECONDS")
GUESSES = Rate("calendar-guess", "CALENDAR_GUESSES", "CALENDAR_SECONDS")
SHOWN_ONCE = "calendar_secret"


@dataclass(frozen=True)
class Day:
    """One day of the month's table."""

    day: date
    is_outside: bool
    is_today: bool
    holiday: str
    events: list[Event]


def month_of(text: str, today: date) -> date:
    """The first day of the month that the address names, else of today's."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def weeks_of(month: date, today: date, found: list[Event]) -> list[list[Day]]:
    """The month by weeks from Monday, with the days of other months that fill them."""
    by_day: dict[date, list[Event]] = {}
    for event in found:
        by_day.setdefault(event.day, []).append(event)
    language = get_language() or "fi"
    return [
        [
            Day(day, day.month != month.month, day == today, holiday_name(day, language), by_day.get(day, []))
            for day in week
        ]
        for week in Calendar().monthdatescalendar(month.year, month.month)
    ]


@require_safe
@programme_view("governance.view")
def calendar(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A month of the programme: its days in a table and as a list; `?kind=` narrows to one kind."""
    today = programme.today()
    month = month_of(request.GET.get("month", ""), today)
    if not 2000 <= month.year <= 2100:
        raise Http404
    days = [day for week in Calendar().monthdatescalendar(month.year, month.month) for day in week]
    kinds = kinds_for(request.user, programme)
    kind = request.GET.get("kind", "")
    found = events(programme, days[0], days[-1], user=request.user)
    if kind in kinds:
        found = [event for event in found if event.kind == kind]
    before, after = month - timedelta(days=1), (month + timedelta(days=31)).replace(day=1)
    context = {
        "month": month, "title": format_month(month), "weeks": weeks_of(month, today, found), "kind": kind,
        "listed": [event for event in found if event.day.month == month.month], "kinds": kinds,
        "before": month_key(before), "after": month_key(after), "now": month_key(today), "here": month_key(month),
        "feed": feed.feed_of(programme, request.user),
        "secret": _take_secret(request, programme),
        "has_illustrative": any(event.is_illustrative for event in found),
    }  # fmt: skip
    response = TemplateResponse(request, "programme/calendar.html", context)
    if context["secret"]:
        response["Cache-Control"] = "no-store"
    return response


def _take_secret(request: HttpRequest, programme: Programme) -> str:
    """The address of a feed that was made just now, once."""
    kept = request.session.get(SHOWN_ONCE)
    if not kept or kept[0] != programme.pk:
        return ""
    del request.session[SHOWN_ONCE]
    return request.build_absolute_uri(reverse("calendar_feed", args=[kept[1]]))


@require_POST
@programme_view("governance.view")
def calendar_feed_make(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Makes the person's address; one that was there before stops working."""
    request.session[SHOWN_ONCE] = [programme.pk, feed.make_feed(programme=programme, user=request.user)]
    return redirect(f"{reverse('programme:calendar', args=[programme.slug])}#feed")


@require_POST
@programme_view("governance.view")
def calendar_feed_revoke(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Stops the person's address."""
    feed.revoke_feeds(programme=programme, user=request.user)
    messages.success(request, _("The address of your calendar does not work any more."))
    return redirect(f"{reverse('programme:calendar', args=[programme.slug])}#feed")


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of a secret, without a session; 404 alike for unknown, revoked and no longer allowed ones."""
    address = address_of(request)
    refuse_if_spent(GUESSES, address)
    found = feed.open_feed(secret)
    if found is None:
        spend(GUESSES, address)
        raise Http404
    spend(READS, found.pk)
    site = request.build_absolute_uri("/").rstrip("/")
    with override(found.user.language or "fi"):
        content = feed.written(
            found.programme, found.user, host=request.get_host().partition(":")[0], site=site
        )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'inline; filename="{found.programme.slug}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response
