"""The calendar as a page and as a file for other calendars: right, revocable, and only what one may see."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from accounts.models import User
from config import limits
from programme.governance import feed
from programme.governance.calendar import Event, events
from programme.governance.nightly import keep as nightly
from programme.models import CalendarFeed, Programme, RoleGrant
from tests.factories.accounts import make_member, make_programme
from tests.factories.governance import make_body, make_duty, make_meeting

TODAY = date(2024, 3, 31)
STAMP = datetime(2024, 3, 31, 9, 0, tzinfo=UTC)


@pytest.fixture
def programme() -> Programme:
    return make_programme("own", status_date=TODAY)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made(client: Client) -> str:
    """The path of a new feed, as the page shows it once."""
    client.post("/en/p/own/calendar/feed/")
    page = client.get("/en/p/own/calendar/").content.decode()
    return "/calendar/" + page.split("<code data-feed>")[1].split("</code>")[0].rpartition("/")[2]


def read(path: str) -> Calendar:
    answer = Client().get(path)
    assert answer.status_code == 200, answer.status_code
    return Calendar.from_ical(answer.content)


# --- the file ---------------------------------------------------------------------------------------------------


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=200)


@given(TEXTS, TEXTS)
def test_any_title_comes_back_from_a_folded_line(title: str, place: str) -> None:
    told = Event(TODAY, "meeting", title.strip() or "x", place=place.strip(), uid="meeting-1")
    written = feed.as_ical([told], name="Ohjelma", host="own.example", site="", kinds={}, stamp=STAMP)

    lines = written.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines) and b"\n" not in written.replace(b"\r\n", b"")
    entry = Calendar.from_ical(written).walk("VEVENT")[0]
    assert (str(entry["SUMMARY"]), str(entry.get("LOCATION", ""))) == (told.title, told.place)


def test_days_are_dates_and_times_are_utc_on_both_sides_of_summer_time() -> None:
    found = [
        Event(date(2024, 3, 29), "meeting", "a", begins=time(9), ends=time(11), uid="meeting-1"),
        Event(date(2024, 4, 2), "meeting", "b", begins=time(9), uid="meeting-2", is_cancelled=True),
        Event(date(2024, 12, 31), "duty", "c; d, e\\f", uid="duty-1-2024-12"),
    ]
    written = feed.as_ical(
        found, name="Ohjelma", host="own.example", site="https://p", kinds={"duty": "velvoite"}, stamp=STAMP
    )
    text = written.decode()
    winter, summer, day = Calendar.from_ical(written).walk("VEVENT")

    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART:20240329T070000Z" in text and "DTSTART:20240402T060000Z" in text
    assert "DTSTART;VALUE=DATE:20241231" in text and "DTEND;VALUE=DATE:20250101" in text
    assert "SUMMARY:Velvoite: c\\; d\\, e\\\\f" in text
    assert [str(entry["STATUS"]) for entry in (winter, summer, day)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert [str(entry["UID"]) for entry in (winter, day)] == [
        "meeting-1@own.example",
        "duty-1-2024-12@own.example",
    ]
    assert all(entry["DTSTAMP"].dt == STAMP for entry in (winter, summer, day))


# --- the address ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_address_is_shown_once_kept_as_a_digest_and_read_without_signing_in(programme: Programme) -> None:
    make_duty(programme, followed_from=TODAY)
    meeting = make_meeting(make_body(programme), held_on=date(2024, 4, 9), starts_at=time(9))
    nightly(TODAY)
    client = client_of(make_member(programme, "steering"))

    path = made(client)
    answer = Client().get(path)
    names = {
        str(entry["UID"]).partition("@")[0] for entry in Calendar.from_ical(answer.content).walk("VEVENT")
    }

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert f"meeting-{meeting.pk}" in names and any(name.endswith("2024-04") for name in names)
    assert "<code data-feed>" not in client.get("/en/p/own/calendar/").content.decode()
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert list(CalendarFeed.objects.values_list("digest", flat=True)) == [feed.digest_of(secret)]
    assert CalendarFeed.objects.get().last_used_on is not None
    uids = {str(entry["UID"]) for entry in read(path).walk("VEVENT")}
    assert uids == {str(entry["UID"]) for entry in read(path).walk("VEVENT")}


@pytest.mark.django_db
def test_revoked_replaced_or_no_longer_allowed_is_404_like_unknown(programme: Programme) -> None:
    person = make_member(programme, "steering")
    client = client_of(person)
    first = made(client)
    second = made(client)
    status = [Client().get(path).status_code for path in (first, second)]
    client.post("/en/p/own/calendar/feed/revoke/")
    third_client_status = Client().get(second).status_code
    third = made(client)
    RoleGrant.objects.filter(user=person).update(role="council")
    as_council = Client().get(third).status_code
    RoleGrant.objects.filter(user=person).update(role="staff")
    as_staff = Client().get(third).status_code
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert status == [404, 200]
    assert (third_client_status, as_council, as_staff) == (404, 404, 200)
    assert Client().get(third).status_code == Client().get("/calendar/nobody.ics").status_code == 404


@pytest.mark.django_db
def test_a_feed_holds_its_own_programme_and_only_what_the_person_may_see(programme: Programme) -> None:
    foreign = make_programme("other", status_date=TODAY)
    make_meeting(make_body(foreign), held_on=date(2024, 4, 9), title="Salainen")
    make_meeting(make_body(programme), held_on=date(2024, 4, 9), title="Oma")
    client = client_of(make_member(programme, "steering"))

    told = [str(entry["SUMMARY"]) for entry in read(made(client)).walk("VEVENT")]
    assert [text for text in told if text.endswith(("Oma", "Salainen"))] == [
        text for text in told if "Oma" in text
    ]
    assert any(text.endswith("Oma") for text in told)
    staff = client_of(make_member(programme, "staff"))
    assert [
        str(entry["SUMMARY"]) for entry in read(made(staff)).walk("VEVENT")
    ] == []  # meetings are not for all
    found = events(programme, TODAY, date(2024, 12, 31))
    assert [event.title for event in found if event.kind == "meeting"] == ["Oma"]
    assert "Salainen" not in {event.title for event in found}


@pytest.mark.django_db
def test_guessing_is_slowed_down(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CALENDAR_GUESSES", 2)
    monkeypatch.setattr(limits, "CALENDAR_SECONDS", 60)

    answers = [Client(REMOTE_ADDR="192.0.2.7").get(f"/calendar/guess-{n}.ics").status_code for n in range(4)]

    assert answers == [404, 404, 429, 429]


# --- the page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_month_is_a_table_and_a_list_with_holidays_and_one_kind_at_a_time(programme: Programme) -> None:
    make_duty(programme, followed_from=TODAY)
    make_meeting(make_body(programme), held_on=date(2024, 4, 9), starts_at=time(9), place="Kouvola")
    client = client_of(make_member(programme, "pmo"))

    page = client.get("/p/own/calendar/?month=2024-04").content.decode()
    alone = client.get("/en/p/own/calendar/?month=2024-04&kind=meeting").content.decode()

    assert 'data-day="2024-04-30"' in page and "pääsiäispäivä" in page
    assert (
        'data-event="duty" data-on="2024-04-02"' in page
        and 'data-event="meeting" data-on="2024-04-09"' in page
    )
    assert 'data-event="duty"' not in alone and 'data-event="meeting"' in alone and "Kouvola" in alone
    # Times that no row stands for yet are reckoned.
    later = client.get("/en/p/own/calendar/?month=2025-01").content.decode()
    assert 'data-event="duty" data-on="2025-01-02"' in later
    assert client.get("/en/p/own/calendar/?month=abc").status_code == 200
    assert client.get("/en/p/own/calendar/?month=9999-01").status_code == 404
