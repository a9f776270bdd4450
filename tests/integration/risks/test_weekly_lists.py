"""The weekly list: made once whoever rings, frozen, mailed once to each member, carrying over what nobody settled."""

import datetime as dt
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import Outbox, ScheduledRun
from core.outbox import send_due
from programme.models import Body, Membership, Programme, ReportingDuty
from risks.escalation import services
from risks.escalation.weekly import make_due_lists, make_list, read_list, sha256_of
from risks.models import Obstacle, WeeklyList
from tests.factories.counties import County, make_county, person

MONDAY = dt.date(2024, 3, 25)
#: Easter Monday: the list is made all the same.
HOLIDAY = dt.date(2024, 4, 1)


def furnished() -> County:
    county = make_county("own")
    Programme.objects.filter(pk=county.programme.pk).update(status_date=None)
    county.programme.refresh_from_db()
    return county


@pytest.fixture
def county(db: None) -> County:
    return furnished()


def seated(county: County, name: str, *, role: str = "sector", **seat: Any) -> User:
    user = person(county, role)
    User.objects.filter(pk=user.pk).update(email=f"{name}@example.fi", first_name=name)
    user.refresh_from_db()
    body, _new = Body.objects.get_or_create(
        programme=county.programme, key="jory", defaults={"name_fi": "Johtoryhmä", "is_steering_group": True}
    )
    Membership.objects.create(programme=county.programme, body=body, user=user, **seat)
    return user


def raised(county: County, on: dt.date, name: str = "Este") -> Obstacle:
    measure = county.measure()
    return services.raise_obstacle(
        measure=measure, name=name, by=person(county, "measure"), on=on, language="fi"
    )


def addresses() -> list[str]:
    return sorted(row.payload["to"][0] for row in Outbox.objects.all())


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_raised_on_monday_it_is_on_the_weeks_list_and_carries_over_with_its_age(county: County) -> None:
    """Demand 66."""
    row = raised(county, MONDAY)
    settled = raised(county, dt.date(2024, 3, 20), "Ratkeaa")
    first = make_list(county.programme, today=MONDAY)
    theme = person(county, "theme", theme=county.theme)
    services.decide(obstacle=settled, body=None, answer="Tehdään näin", by=theme, on=dt.date(2024, 3, 26))
    fresh = raised(county, dt.date(2024, 3, 27), "Uusi")
    second = make_list(county.programme, today=HOLIDAY)
    assert first is not None and second is not None

    def lines(given: WeeklyList) -> list[tuple[int, int, int, bool]]:
        return [
            (line["id"], line["age_days"], line["lists"], line["is_new"]) for line in read_list(given)["open"]
        ]

    assert lines(first) == [(settled.pk, 5, 1, True), (row.pk, 0, 1, True)]
    assert lines(second) == [(row.pk, 7, 2, False), (fresh.pk, 5, 1, True)]
    assert [(line["id"], line["answer"]) for line in read_list(second)["settled"]] == [
        (settled.pk, "Tehdään näin")
    ]
    assert read_list(second)["before"] == "2024-03-25"


def test_what_is_raised_after_the_list_stands_apart_on_its_page(county: County) -> None:
    make_list(county.programme, today=MONDAY)
    row = raised(county, MONDAY)

    page = client_of(person(county, "steering")).get("/en/p/own/obstacles/weekly/2024-03-25/")

    assert page.context["lines"] == []
    assert [one.row.pk for one in page.context["after"]] == [row.pk]


def test_a_list_is_frozen(county: County) -> None:
    raised(county, MONDAY)
    given = make_list(county.programme, today=MONDAY)
    assert given is not None
    assert given.sha256 == sha256_of(given.document)
    assert json.dumps(
        json.loads(given.document), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ) == (given.document)
    lists = WeeklyList.objects.filter(pk=given.pk)
    for change in (lambda: lists.update(document="{}"), lambda: lists.update(as_of=HOLIDAY), lists.delete):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()

    page = client_of(person(county, "pmo"))
    assert page.post(f"/en/p/own/obstacles/weekly/{given.pk}/handled/").status_code == 302
    given.refresh_from_db()
    assert given.handled_on is not None and given.sha256 == sha256_of(given.document)


def test_the_page_shows_what_was_given_not_what_came_after(county: County) -> None:
    row = raised(county, MONDAY, "Sopimus odottaa")
    make_list(county.programme, today=MONDAY)
    Obstacle.objects.filter(pk=row.pk).update(name_fi="Muuttunut", level="board")

    page = (
        client_of(person(county, "steering")).get("/en/p/own/obstacles/weekly/2024-03-25/").content.decode()
    )

    assert "Sopimus odottaa" in page and "Muuttunut" not in page


def test_a_holiday_monday_has_its_list_and_says_so(county: County) -> None:
    row = raised(county, MONDAY)
    given = make_list(county.programme, today=HOLIDAY)
    assert given is not None and given.monday == HOLIDAY

    page = (
        client_of(person(county, "steering")).get("/en/p/own/obstacles/weekly/2024-04-01/").content.decode()
    )

    assert "Easter Monday" in page
    assert row.due_on == dt.date(2024, 4, 3)  # the deadline moved, the list did not


def test_each_member_is_mailed_once_after_the_quiet_hours(county: County) -> None:
    """A member with the role too, one whose seat ended, one who may not read obstacles, one without a role here."""
    seated(county, "both", role="steering")
    seated(county, "former", ends_on=dt.date(2024, 3, 1))
    seated(county, "secretary", starts_on=dt.date(2024, 1, 1), seat="secretary")
    seated(county, "clerk", role="staff")
    outsider = seated(county, "outsider")
    outsider.grants.all().delete()
    raised(county, MONDAY, "Sopimus odottaa")

    for day in (MONDAY, MONDAY, dt.date(2024, 3, 27)):  # fired, fired again, fired late
        make_list(county.programme, today=day)

    assert addresses() == ["both@example.fi", "secretary@example.fi"]
    assert all(not 0 <= timezone.localtime(row.not_before).hour < 7 for row in Outbox.objects.all())
    Outbox.objects.update(not_before=timezone.now() - dt.timedelta(hours=1))
    send_due()
    assert (
        "Sopimus odottaa" in mail.outbox[0].body
        and "/obstacles/weekly/2024-03-25/" not in mail.outbox[0].subject
    )


def test_rung_late_it_is_the_list_of_its_monday_and_missed_weeks_get_none(county: County) -> None:
    make_list(county.programme, today=MONDAY)
    row = raised(county, dt.date(2024, 4, 2))

    (given,) = make_due_lists(
        today=dt.date(2024, 4, 17)
    )  # three weeks without the portal, back on a Wednesday

    assert (given.monday, given.as_of) == (dt.date(2024, 4, 15), dt.date(2024, 4, 17))
    assert [line["id"] for line in read_list(given)["open"]] == [row.pk]
    assert read_list(given)["open"][0]["level"] == "director"  # the clocks were run first
    assert make_due_lists(today=dt.date(2024, 4, 18)) == []


def test_the_duty_to_give_the_list_is_kept(county: County) -> None:
    duty = ReportingDuty.objects.create(
        programme=county.programme, key="este", what_fi="Esteet", frequency="weekly", due_day=1,
        kept_by_code="weekly_list", followed_from=dt.date(2024, 1, 1),
    )  # fmt: skip

    given = make_list(county.programme, today=MONDAY)

    (time,) = duty.occurrences.all()
    assert (time.state, time.kept_on, time.evidence) == ("kept", MONDAY, given)


def test_the_three_flows_stay_apart(county: County) -> None:
    """The weekly list holds obstacles and nothing of the monthly status or the monthly message."""
    given = make_list(county.programme, today=MONDAY)
    assert given is not None

    assert set(read_list(given)) == {
        "schema", "programme", "monday", "as_of", "before", "levels", "open", "settled",
    }  # fmt: skip


@pytest.fixture
def committed(transactional_db: None) -> Iterator[County]:
    """A county that other connections see; lists refuse to be deleted, so their trigger is put aside afterwards."""
    yield furnished()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE risks_weeklylist")


def test_two_beats_at_once_give_one_list_and_one_mail(committed: County) -> None:
    seated(committed, "member")
    raised(committed, MONDAY)
    start = Barrier(4)

    def ring(_turn: int) -> int:
        try:
            start.wait(timeout=30)
            return len(make_due_lists(today=MONDAY))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(ring, range(4)))

    assert sorted(made) == [0, 0, 0, 1]
    assert WeeklyList.objects.count() == Outbox.objects.count() == 1
    assert ScheduledRun.objects.filter(schedule__startswith="weekly obstacles").count() == 1


def test_two_clocks_at_once_take_an_obstacle_up_once(committed: County) -> None:
    row = raised(committed, MONDAY)
    start = Barrier(3)

    def ring(_turn: int) -> int:
        from risks.escalation.ticking import tick

        try:
            start.wait(timeout=30)
            return tick(today=dt.date(2024, 4, 5)).went_up
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(ring, range(3))) == 1
    assert list(row.steps.order_by("id").values_list("kind", flat=True)) == ["raised", "went_up"]
