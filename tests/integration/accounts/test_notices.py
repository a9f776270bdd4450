"""Notices: told once, read, counted for the header, mailed once a day outside the quiet hours."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Notification, User
from accounts.notices import forget_asked, notify, post_digests, text_of, unread_count
from config.schedule import SCHEDULE
from core.outbox import send_due
from tests.factories.accounts import make_person, make_programme

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")
TOLD = {"code": "T-1", "name": "Toimenpide", "stage": "decided", "who": "Paula"}


def tell(person: User, key: str = "a", **more: object) -> int:
    """Told by somebody who works in English."""
    with translation.override("en"):
        return notify([person], "gate.asked", params=TOLD, url="/en/p/x/gates/", dedupe_key=key, **more)


def at(hour: int, minute: int = 0, day: int = 15) -> datetime:
    return datetime(2024, 4, day, hour, minute, tzinfo=HELSINKI)


def test_a_person_is_told_once(django_capture_on_commit_callbacks: object) -> None:
    me, gone = make_person(), make_person(is_active=False)

    assert (tell(me), tell(me), tell(gone), tell(me, "b")) == (1, 0, 0, 1)
    with pytest.raises(KeyError):
        notify([me], "nobody.knows", dedupe_key="c")


def test_the_words_are_made_when_they_are_read() -> None:
    programme = make_programme("koe", words={"stages": [{"meaning": "decided", "en": "agreed"}]})
    with translation.override("en"):
        assert text_of("gate.asked", TOLD, programme).endswith("to the stage “agreed”.")
        assert text_of("gate.asked", {}, programme) == text_of("gone.code", TOLD, None)


def test_the_page_shows_and_marks_as_read(django_capture_on_commit_callbacks: object) -> None:
    me, other = make_person(), make_person()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell(me), tell(me, "b"), tell(other)
    client = Client()
    client.force_login(me)

    page = client.get("/notices/").content.decode()
    assert (page.count('data-notice="gate.asked"'), 'data-unread="2"' in page) == (2, True)
    mine = Notification.objects.filter(user=me).first()
    theirs = Notification.objects.get(user=other)
    assert mine is not None
    assert client.post(f"/sv/notices/{mine.pk}/open/")["Location"] == "/sv/p/x/gates/"
    assert client.post(f"/notices/{theirs.pk}/open/").status_code == 404
    assert 'data-unread="1"' in client.get("/notices/").content.decode()
    client.post("/notices/read/")

    assert not Notification.objects.filter(user=me, read_at=None).exists()
    assert "data-unread" not in client.get("/notices/").content.decode()
    assert Notification.objects.get(user=other).read_at is None


def test_the_header_asks_the_database_once(django_capture_on_commit_callbacks: object) -> None:
    me = make_person()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell(me)
    with CaptureQueriesContext(connection) as first:
        assert unread_count(me) == 1
    with CaptureQueriesContext(connection) as second:
        assert unread_count(me) == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        forget_asked("a")

    assert (len(first), len(second), unread_count(me)) == (1, 0, 0)


def test_one_mail_a_day_in_the_readers_language() -> None:
    me = make_person(email="me@example.org", language="en", first_name="Mikko")
    silent = make_person(email="")
    tell(me), tell(me, "b"), tell(silent)

    assert post_digests(now=at(6, 59)) == post_digests(now=at(20)) == 0
    assert (post_digests(now=at(7, 5), site="https://portal.example.org"), post_digests(now=at(7, 6))) == (
        1,
        0,
    )
    tell(me, "c")
    assert (post_digests(now=at(12)), post_digests(now=at(7, 5, day=16))) == (0, 1)
    assert send_due() == 2

    first, second = mail.outbox
    assert first.subject == "2 notices from the programme portal"
    assert first.to == ["me@example.org"]
    assert first.body.count("asks you to decide: T-1 Toimenpide") == 2
    assert "https://portal.example.org/en/p/x/gates/" in first.body
    assert second.subject == "1 notice from the programme portal"


def test_what_is_read_is_not_mailed() -> None:
    me = make_person(email="me@example.org")
    tell(me)
    forget_asked("a")

    assert post_digests(now=at(8)) == 0


def test_each_person_has_their_own_quiet_hours_and_may_want_no_mail() -> None:
    early = make_person(email="a@example.org", quiet_from=time(16), quiet_until=time(5))
    late = make_person(email="b@example.org", quiet_from=time(22), quiet_until=time(9, 30))
    at_noon = make_person(email="c@example.org", quiet_from=time(6), quiet_until=time(12))
    never = make_person(email="d@example.org", mail_digest=False)
    always = make_person(email="e@example.org", quiet_from=time(0), quiet_until=time(0))
    for person in (early, late, at_noon, never, always):
        tell(person)

    sent = [post_digests(now=at(hour, 5)) for hour in (5, 7, 9, 10, 12, 16)]

    assert sent == [3, 0, 0, 1, 0, 0]  # early, noon and always; late after half past nine
    tell(at_noon, "b")
    assert [post_digests(now=at(hour, 5, day=16)) for hour in (6, 11, 12)] == [0, 0, 1]


def test_the_settings_page_keeps_what_the_person_wants() -> None:
    me = make_person()
    client = Client()
    client.force_login(me)
    wanted = {"quiet_from": "18:00", "quiet_until": "08:30", "language": "sv"}

    assert client.post("/notices/settings/", {"quiet_from": "x"}).status_code == 422
    assert client.post("/notices/settings/", wanted).status_code == 302
    me.refresh_from_db()

    assert (me.mail_digest, me.quiet_from, me.quiet_until, me.language) == (
        False,
        time(18),
        time(8, 30),
        "sv",
    )


def test_the_schedule_rings_at_every_hour_so_that_each_quiet_time_may_end() -> None:
    rung = SCHEDULE["mail notices"]["schedule"]

    assert (len(rung.hour), rung.minute) == (24, {5})
