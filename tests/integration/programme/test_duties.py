"""Reporting duties as the programme runs: opened, kept, missed, and who is told (demands 65, 67, 68)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Notification
from core.waiting import waiting_for
from programme.governance import duties
from programme.governance.nightly import keep as nightly
from programme.models import DutyOccurrence, Programme, ReportingDuty
from programme.tasks import keep_duties
from reporting.models import StatusView
from reporting.services import keep_duty
from tests.factories.accounts import make_member, make_programme
from tests.factories.governance import make_body, make_duty
from tests.integration.programme.forms import sent

pytestmark = pytest.mark.django_db
TODAY = date(2024, 3, 31)


@pytest.fixture
def programme() -> Programme:
    return make_programme("own", status_date=TODAY)


@pytest.fixture
def pmo(programme: Programme) -> Client:
    client = Client()
    client.force_login(make_member(programme, "pmo"))
    return client


def states(duty: ReportingDuty) -> dict[str, str]:
    return dict(duty.occurrences.values_list("period_key", "state"))


def test_the_job_opens_and_misses_once_however_often_it_rings(programme: Programme) -> None:
    duty = make_duty(programme, followed_from=date(2024, 3, 1))

    first, second = nightly(TODAY), nightly(TODAY)

    assert states(duty) == {"2024-03": "missed", "2024-04": "due", "2024-05": "due"}
    assert (first["opened"], first["missed"], second["opened"], second["missed"]) == (3, 1, 0, 0)


def test_the_scheduled_task_works_once_a_day(programme: Programme) -> None:
    make_duty(programme)

    assert keep_duties()["opened"] > 0
    assert keep_duties() == {}


def test_a_missed_report_is_told_once_to_the_office_and_the_steering_group(programme: Programme) -> None:
    people = {role: make_member(programme, role) for role in ("pmo", "steering", "staff", "director")}
    duty = make_duty(programme, followed_from=date(2024, 3, 1), owner=people["director"])

    nightly(TODAY)
    nightly(TODAY)

    told = {row.user.username for row in Notification.objects.filter(code="duty.missed")}
    assert told == {people[role].username for role in ("pmo", "steering", "director")}
    assert Notification.objects.filter(code="duty.missed").count() == 3
    assert duties.mark_kept(programme, "", TODAY) == []  # a duty without a code is nobody's to keep by itself
    row = duty.occurrences.get(period_key="2024-03")
    duties.keep(occurrence=row, on=date(2024, 3, 20), told="Johtoryhmä", by=people["pmo"])
    assert states(duty)["2024-03"] == "kept_late"
    assert not Notification.objects.filter(code="duty.missed", read_at=None).exists()


def test_what_is_made_in_time_keeps_its_duty_and_twice_changes_nothing(programme: Programme) -> None:
    duty = make_duty(programme, kept_by_code="status_view", followed_from=date(2024, 3, 1))

    kept = duties.mark_kept(
        programme, "status_view", date(2024, 4, 1), evidence=programme, told="ohjausryhmä"
    )
    again = duties.mark_kept(programme, "status_view", date(2024, 4, 3))

    assert [row.period_key for row in kept] == ["2024-04"] and again == []
    row = duty.occurrences.get(period_key="2024-04")
    assert (row.state, row.kept_on, row.evidence, row.told) == (
        "kept", date(2024, 4, 1), programme, "ohjausryhmä",
    )  # fmt: skip
    assert duties.mark_kept(programme, "status_view", date(2024, 2, 1)) == []  # before it was followed


def test_the_status_view_of_the_month_keeps_the_directors_duty(programme: Programme) -> None:
    duty = make_duty(programme, kept_by_code="status_view", followed_from=date(2024, 3, 1))

    for month in (date(2023, 12, 1), date(2024, 3, 1)):
        keep_duty(
            StatusView.objects.create(
                programme=programme,
                month=month,
                schema="status-view/1",
                document="{}",
                sha256="0" * 64,
                as_of=TODAY,
            )
        )

    row = duty.occurrences.get()
    assert (row.period_key, row.state, row.evidence.month) == ("2024-04", "kept", date(2024, 3, 1))


def test_a_change_of_cadence_makes_coming_times_anew_and_leaves_the_past(
    programme: Programme, pmo: Client
) -> None:
    duty = make_duty(programme, followed_from=date(2024, 3, 1))
    nightly(TODAY)

    answer = sent(pmo, f"/en/p/own/settings/duties/{duty.pk}/", due_day="10")

    assert answer.status_code == 302
    assert states(duty) == {"2024-03": "missed", "2024-04": "due", "2024-05": "due"}
    assert list(duty.occurrences.values_list("due_on", flat=True)) == [
        date(2024, 3, 1), date(2024, 4, 10), date(2024, 5, 10),
    ]  # fmt: skip


def test_a_new_rhythm_is_followed_from_the_day_it_is_given_and_misses_nothing_before(
    programme: Programme, pmo: Client
) -> None:
    duty = make_duty(programme, followed_from=date(2024, 1, 1))
    nightly(TODAY)
    before = dict(duty.occurrences.filter(due_on__lt=TODAY).values_list("period_key", "state"))
    assert len(before) == 3

    assert sent(pmo, f"/en/p/own/settings/duties/{duty.pk}/", frequency="weekly").status_code == 302
    nightly(TODAY)

    duty.refresh_from_db()
    assert duty.followed_from == TODAY
    assert dict(duty.occurrences.filter(due_on__lt=TODAY).values_list("period_key", "state")) == before
    assert duty.occurrences.filter(due_on__gte=TODAY, period_key__contains="W").exists()
    start = {"followed_from": "1.3.2024", "frequency": "monthly"}  # who moves the first day means it
    assert sent(pmo, f"/en/p/own/settings/duties/{duty.pk}/", **start).status_code == 302
    duty.refresh_from_db()
    assert duty.followed_from == date(2024, 3, 1)


def test_a_day_that_no_week_or_month_has_is_refused(programme: Programme, pmo: Client) -> None:
    weekly = make_duty(programme, "rep2", frequency="weekly")
    other = make_duty(programme, "rep6", frequency="other")

    eighth = sent(pmo, f"/en/p/own/settings/duties/{weekly.pk}/", due_day="8")
    nowhere = sent(pmo, f"/en/p/own/settings/duties/{other.pk}/", due_day="15")

    assert (eighth.status_code, nowhere.status_code) == (422, 422)
    assert 'id="id_due_day_error"' in eighth.content.decode()
    assert 'id="id_due_months_error"' in nowhere.content.decode()


def test_the_page_tells_kept_late_and_missed_apart_and_both_cadences(
    programme: Programme, pmo: Client
) -> None:
    monthly = make_duty(programme, followed_from=date(2024, 1, 1))
    make_duty(programme, "rep3", frequency="interim", due_day=15, due_months=[2, 5, 9], what_fi="Osavuosi")
    nightly(TODAY)
    early, late = monthly.occurrences.filter(period_key__in=["2024-01", "2024-02"])
    duties.keep(occurrence=early, on=date(2024, 1, 2))

    answer = sent(pmo, f"/en/p/own/governance/duties/{late.pk}/keep/", kept_on="5.2.2024", told="Johtoryhmä")
    page = pmo.get("/en/p/own/governance/duties/").content.decode()

    assert answer.status_code == 302
    assert states(monthly) == {
        "2024-01": "kept", "2024-02": "kept_late", "2024-03": "missed", "2024-04": "due", "2024-05": "due",
    }  # fmt: skip
    for state in ("kept", "kept_late", "missed", "due"):
        assert f'data-state="{state}"' in page
    assert 'data-cadence="interim"' in page and 'data-cadence="inside"' in page
    assert page.index("Osavuosi") < page.index('data-cadence="inside"') < page.index("Tilannekuva")


def test_done_in_the_future_or_twice_is_refused(programme: Programme, pmo: Client) -> None:
    make_duty(programme, followed_from=date(2024, 3, 1))
    nightly(TODAY)
    row = DutyOccurrence.objects.get(period_key="2024-03")
    address = f"/en/p/own/governance/duties/{row.pk}/keep/"

    assert sent(pmo, address, kept_on="1.4.2024").status_code == 422
    assert sent(pmo, address, kept_on="28.3.2024").status_code == 302
    assert sent(pmo, address, kept_on="29.3.2024").status_code == 422
    row.refresh_from_db()
    assert row.kept_on == date(2024, 3, 28)


def test_not_needed_asks_why_and_can_be_taken_back(programme: Programme, pmo: Client) -> None:
    make_duty(programme, followed_from=date(2024, 3, 1))
    nightly(TODAY)
    row = DutyOccurrence.objects.get(period_key="2024-03")
    base = f"/en/p/own/governance/duties/{row.pk}"

    assert sent(pmo, f"{base}/skip/", note="").status_code == 422
    assert sent(pmo, f"{base}/skip/", note="Kesätauko").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == ("not_needed", "Kesätauko")
    pmo.post(f"{base}/undo/")
    row.refresh_from_db()
    assert row.state == "missed"


def test_whoever_sees_to_a_duty_may_keep_it_and_finds_it_waiting(programme: Programme) -> None:
    lead, other = make_member(programme, "measure"), make_member(programme, "measure")
    make_duty(programme, owner=lead, followed_from=date(2024, 3, 1))
    nightly(TODAY)
    row = DutyOccurrence.objects.get(period_key="2024-03")

    def of(person: object) -> list[object]:
        found = waiting_for(person, [programme])
        return [one.due_on for kind, rows in found if kind.key == "duties" for one in rows]

    assert of(lead) == [date(2024, 3, 1), date(2024, 4, 2)] and of(other) == []
    client = Client()
    client.force_login(other)
    assert client.get(f"/en/p/own/governance/duties/{row.pk}/keep/").status_code == 403
    client.force_login(lead)
    assert client.get(f"/en/p/own/governance/duties/{row.pk}/keep/").status_code == 200


def test_set_up_gives_days_once_and_no_history_of_missed_ones(programme: Programme) -> None:
    projects = make_body(programme, "projektit", kind="other")
    plain = {"due_day": None, "followed_from": None}
    kinds = {
        "rep1": {"frequency": "monthly", "kind": "report"},
        "rep2": {"frequency": "weekly", "kind": "escalation"},
        "rep3": {"frequency": "interim", "kind": "report"},
        "rep4": {"frequency": "monthly", "kind": "communication"},
        "rep5": {"frequency": "other", "kind": "report"},
        "rep6": {"frequency": "other", "kind": "review"},
        "rep7": {"frequency": "other", "kind": "report", "from_body": projects},
    }
    for key, fields in kinds.items():
        make_duty(programme, key, **(plain | fields))

    assert (duties.set_up(programme), duties.set_up(programme)) == (6, 0)
    rows = {row.key: row for row in ReportingDuty.objects.filter(programme=programme)}
    assert {key: (row.due_day, row.due_months, row.kept_by_code) for key, row in rows.items()} == {
        "rep1": (1, [], "status_view"), "rep2": (1, [], "weekly_list"), "rep3": (15, [2, 5, 9], ""),
        "rep4": (15, [], "bulletin"), "rep5": (None, [], ""), "rep6": (15, [10, 12], ""),
        "rep7": (10, list(range(1, 13)), "project_status"),
    }  # fmt: skip
    assert nightly(TODAY)["missed"] == 0
    # Easter Monday, 1.4., is no working day: the weekly list and the report are due on Tuesday.
    assert nightly(TODAY + timedelta(days=2))["missed"] == 0
    assert nightly(TODAY + timedelta(days=3))["missed"] == 2
