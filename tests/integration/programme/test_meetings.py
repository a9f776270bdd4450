"""A meeting from its calling to its action points, the decision register, and what each role sees of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from core.waiting import waiting_for
from measures.joined import decisions_of
from measures.models import GateDecision
from programme.governance import meetings
from programme.governance.nightly import keep as nightly
from programme.models import (
    ActionPoint,
    AgendaItem,
    Decision,
    Meeting,
    Membership,
    Perspective,
    PerspectiveTask,
    Theme,
)
from tests.factories.accounts import make_programme
from tests.factories.counties import County, make_county, person
from tests.factories.governance import make_body, make_meeting
from tests.integration.programme.forms import sent

pytestmark = pytest.mark.django_db
BASE = "/en/p/own"


@pytest.fixture
def county() -> County:
    """Shown for 31.3.2024."""
    return make_county("own")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def pmo(county: County) -> Client:
    return client_of(person(county, "pmo"))


def page_of(client: Client, address: str) -> str:
    answer = client.get(f"{BASE}/{address}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_meeting_from_its_calling_to_its_action_points(county: County, pmo: Client) -> None:
    """The main path by the pages: call, agenda, paper, decision, presence, minutes, action, next meeting."""
    body = make_body(county.programme, is_steering_group=True)
    director, measure = person(county, "director"), county.measure(code="T-007")
    for fields in ({"user": director, "seat": "chair"}, {"name": "Anna Virtanen"}):
        Membership.objects.create(programme=county.programme, body=body, starts_on=date(2024, 1, 1), **fields)
    Membership.objects.create(
        programme=county.programme, body=body, name="Entinen Jäsen", ends_on=date(2024, 2, 1)
    )

    called = sent(
        pmo, f"{BASE}/meetings/add/?body=johtoryhma", body=body.pk, held_on="18.3.2024", starts_at="9:00"
    )
    meeting = Meeting.objects.get()
    invited = {str(row.user or row.name): row.pk for row in meeting.participants.select_related("user")}
    address = f"{BASE}/meetings/{meeting.pk}"
    assert called["Location"] == f"{address}/" and set(invited) == {str(director), "Anna Virtanen"}

    first = sent(pmo, f"{address}/matters/add/", subject="Tilannekuva", kind="inform")
    second = sent(
        pmo,
        f"{address}/matters/add/",
        subject="Hankinta",
        kind="decide",
        about=f"measures.measure:{measure.pk}",
    )
    item = AgendaItem.objects.get(subject="Hankinta")
    assert (first.status_code, second.status_code, item.about) == (302, 302, measure)
    pmo.post(f"{BASE}/meetings/matters/{item.pk}/move/", {"direction": "up"})
    assert list(meeting.agenda.values_list("subject", flat=True)) == ["Hankinta", "Tilannekuva"]

    paper = SimpleUploadedFile("esitys.txt", b"Esitys 1")
    assert pmo.post(f"{BASE}/meetings/matters/{item.pk}/papers/add/", {"file": paper}).status_code == 302
    decided = sent(pmo, f"{BASE}/meetings/matters/{item.pk}/decide/", section="12", case_number="KYM/1/2024")
    decision = Decision.objects.get()
    assert decided.status_code == 302
    assert (decision.body, decision.decided_on, decision.section, decision.subject, decision.meeting) == (
        body, date(2024, 3, 18), "12", "Hankinta", meeting,
    )  # fmt: skip

    pmo.post(f"{address}/presence/", {"present": [invited["Anna Virtanen"]]})
    assert dict(meeting.participants.values_list("pk", "is_present"))[invited[str(director)]] is False
    sent(pmo, f"{address}/minutes/", minutes="Kirjattiin päätös.")
    pmo.post(f"{address}/hold/")
    sent(pmo, f"{address}/actions/add/", subject="Kilpailutus", owner=director.pk, due_on="28.3.2024")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes) == ("held", "Kirjattiin päätös.")

    page = page_of(pmo, f"meetings/{meeting.pk}/")
    for shown in ("esitys.txt", "§ 12", "KYM/1/2024", "Kirjattiin päätös.", "Kilpailutus", "T-007"):
        assert shown in page, shown
    following = make_meeting(body, held_on=date(2024, 4, 15))
    assert 'data-list="carried"' in page_of(pmo, f"meetings/{following.pk}/")
    assert Notification.objects.filter(user=director, code="action.given").count() == 1
    # The decision is joined to the measure, and the measure's card shows it.
    part = reverse("measures:card_part", args=["own", "T-007", "decisions"])
    assert f'data-decision="{decision.pk}"' in pmo.get(part).content.decode()
    assert "T-007" in page_of(pmo, f"decisions/{decision.pk}/")


def test_a_day_that_may_not_be_and_a_matter_with_a_decision_are_refused(county: County, pmo: Client) -> None:
    meeting = make_meeting(make_body(county.programme), held_on=date(2024, 4, 15))
    item = AgendaItem.objects.create(programme=county.programme, meeting=meeting, subject="Asia")

    pmo.post(f"{BASE}/meetings/{meeting.pk}/hold/")
    ended = sent(pmo, f"{BASE}/meetings/{meeting.pk}/edit/", starts_at="11:00", ends_at="9:00")
    Decision.objects.create(
        programme=county.programme, agenda_item=item, decided_on="2024-03-01", subject="x"
    )
    kept = pmo.post(f"{BASE}/meetings/matters/{item.pk}/remove/")
    code = sent(pmo, f"{BASE}/meetings/{meeting.pk}/minutes/", minutes="Asiakas 131052-308T")

    meeting.refresh_from_db()
    assert (meeting.state, ended.status_code, kept.status_code, code.status_code) == (
        "planned",
        422,
        422,
        422,
    )
    pmo.post(f"{BASE}/meetings/{meeting.pk}/cancel/")
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_the_register_finds_flags_and_joins(county: County, pmo: Client) -> None:
    council = make_body(county.programme, "aluevaltuusto", kind="county_council", name_fi="Aluevaltuusto")
    late = Decision.objects.create(
        programme=county.programme, body=council, decided_on=date(2023, 6, 14), section="35", case_number="KYM/9",
        subject="Ohjelman hyväksyminen", carried_out_by=date(2024, 1, 31),
    )  # fmt: skip
    plain = Decision.objects.create(
        programme=county.programme, decided_on=date(2024, 2, 1), subject="Muu asia"
    )
    measure = county.measure(code="T-001")
    GateDecision.objects.create(
        programme=county.programme, measure=measure, from_stage="planned", to_stage="decided", state="approved",
        decided_on=date(2023, 6, 14), decision=late,
    )  # fmt: skip

    def listed(query: str) -> set[int]:
        page = page_of(pmo, f"decisions/?{query}")
        return {row.pk for row in (late, plain) if f'data-decision="{row.pk}"' in page}

    assert listed("") == {late.pk, plain.pk}
    for query in ("q=hyväksyminen", "q=§35", "q=kym/9", "year=2023", f"body={council.pk}", "state=late"):
        assert listed(query) == {late.pk}, query
    assert 'data-late="1"' in page_of(pmo, "decisions/")
    joined = sent(pmo, f"{BASE}/decisions/{plain.pk}/links/add/", about=f"programme.goal:{county.goal.pk}")
    foreign = make_county("foreign")
    refused = sent(pmo, f"{BASE}/decisions/{plain.pk}/links/add/", about=f"programme.goal:{foreign.goal.pk}")
    assert (joined.status_code, refused.status_code, plain.links.count()) == (302, 422, 1)
    assert "T-001" in page_of(pmo, f"decisions/{late.pk}/")
    assert decisions_of(county.programme, measure, person(county, "pmo")) == [late]
    pmo.post(f"{BASE}/decisions/links/{plain.links.get().pk}/remove/")
    pmo.post(f"{BASE}/decisions/{late.pk}/done/")
    late.refresh_from_db()
    assert (plain.links.count(), late.carried_out_on) == (0, date(2024, 3, 31))


def test_council_and_board_see_decisions_and_change_nothing(county: County) -> None:
    """Demand 70: what council and board decided is theirs to read; meetings and the group's decisions are not."""
    bodies = {
        kind: make_body(county.programme, kind.replace("_", "-"), kind=kind, name_fi=kind)
        for kind in ("county_council", "county_board", "management_group")
    }
    rows = {
        kind: Decision.objects.create(
            programme=county.programme, body=body, decided_on=date(2024, 3, 1), section="35", subject=kind
        )
        for kind, body in bodies.items()
    }  # fmt: skip
    coming = Decision.objects.create(
        programme=county.programme,
        body=bodies["county_council"],
        decided_on=date(2024, 5, 1),
        subject="Tuleva",
    )
    meeting = make_meeting(bodies["county_board"])
    council, board = client_of(person(county, "council")), client_of(person(county, "board"))

    seen = page_of(council, "decisions/")
    assert [f'data-decision="{row.pk}"' in seen for row in rows.values()] == [True, True, False]
    hidden = [rows["management_group"], coming]
    assert {council.get(f"{BASE}/decisions/{row.pk}/").status_code for row in hidden} == {404}
    assert "§ 35" in page_of(council, f"decisions/{rows['county_council'].pk}/")
    assert "1.3.2024" in council.get(f"/p/own/decisions/{rows['county_council'].pk}/").content.decode()
    assert 'id="members-title"' not in page_of(council, "governance/bodies/county-board/")
    assert 'id="members-title"' in page_of(board, "governance/bodies/county-board/")
    assert council.get(f"{BASE}/meetings/{meeting.pk}/").status_code == 403
    project = county.programme
    for client in (council, board):
        for address in (
            f"decisions/{rows['county_board'].pk}/edit/",
            "meetings/add/",
            "decisions/add/",
            "projects/add/",
        ):
            assert client.get(f"{BASE}/{address}").status_code == 403, (project, address)
    assert board.get(f"{BASE}/meetings/{meeting.pk}/").status_code == 200


def test_action_points_are_done_late_and_waiting(county: County) -> None:
    owner, other = person(county, "measure"), person(county, "measure")
    row = ActionPoint.objects.create(
        programme=county.programme, subject="Selvitys", owner=owner, due_on=date(2024, 3, 20)
    )

    nightly(date(2024, 3, 31))
    nightly(date(2024, 4, 1))
    assert list(Notification.objects.filter(code="action.late").values_list("user", flat=True)) == [owner.pk]
    waits = {kind.key: rows for kind, rows in waiting_for(owner, [county.programme])}
    assert [one.text for one in waits["actions"]] == ["Selvitys"]
    assert client_of(other).post(f"{BASE}/actions/{row.pk}/done/").status_code == 403
    assert client_of(owner).post(f"{BASE}/actions/{row.pk}/done/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.done_on) == ("done", date(2024, 3, 31))
    assert not Notification.objects.filter(code="action.late", read_at=None).exists()
    client_of(owner).post(f"{BASE}/actions/{row.pk}/reopen/")
    client_of(owner).post(f"{BASE}/actions/{row.pk}/drop/")
    row.refresh_from_db()
    assert (row.state, row.done_on) == ("dropped", None)


def test_people_tasks_and_seats_are_shown_and_missing_ones_named(county: County, pmo: Client) -> None:
    """Demands 71, 74 and 77: both hats of the management group, who answers, and tasks that are given away."""
    programme = county.programme
    body = make_body(programme, is_steering_group=True, acts_as_fi="ohjausryhmä")
    side = Perspective.objects.create(programme=programme, key="sisalto", name_fi="Sisältö")
    task = PerspectiveTask.objects.create(
        programme=programme, perspective=side, key="t1", name_fi="Tuetaan päätöksiä"
    )
    somebody = person(county, "theme", theme=county.theme)

    page = page_of(pmo, "governance/")
    assert 'data-roles="sectors" data-missing-count="1"' in page
    assert 'data-roles="themes" data-missing-count="0"' in page
    Theme.objects.filter(pk=county.theme.pk).update(owner=None)
    answer = sent(pmo, f"{BASE}/governance/tasks/{task.pk}/", assignee=somebody.pk)
    task.refresh_from_db()
    assert (answer.status_code, task.assignee) == (302, somebody)

    assert sent(pmo, f"{BASE}/governance/bodies/{body.key}/seats/add/", name="").status_code == 422
    added = sent(pmo, f"{BASE}/governance/bodies/{body.key}/seats/add/", name="Anna Virtanen", seat="chair")
    seat = Membership.objects.get()
    page = page_of(pmo, f"governance/bodies/{body.key}/")
    assert (added.status_code, seat.starts_on) == (302, date(2024, 3, 31))
    assert "data-hats" in page and "ohjausryhmä" in page and 'data-seat="chair"' in page
    pmo.post(f"{BASE}/governance/seats/{seat.pk}/end/")
    seat.refresh_from_db()
    assert seat.ends_on == date(2024, 3, 31)
    assert meetings.seats(body, date(2024, 4, 1)) == ([], [seat])


def test_rows_of_another_county_are_never_there(county: County, pmo: Client) -> None:
    other = make_programme("other")
    meeting = make_meeting(make_body(other), title="Salainen kokous")

    assert pmo.get(f"{BASE}/meetings/{meeting.pk}/").status_code == 404
    assert "Salainen" not in page_of(pmo, "meetings/")


def test_lists_ask_as_often_with_more_rows(
    county: County, pmo: Client, django_assert_max_num_queries: Any
) -> None:
    body = make_body(county.programme)
    for number in range(12):
        meeting = make_meeting(body, held_on=date(2024, 3, 1 + number))
        AgendaItem.objects.create(programme=county.programme, meeting=meeting, subject=f"Asia {number}")
        Decision.objects.create(
            programme=county.programme, body=body, decided_on=date(2024, 3, 1), subject=f"Päätös {number}"
        )
        ActionPoint.objects.create(programme=county.programme, subject=f"Teko {number}", meeting=meeting)

    for address, most in (
        ("meetings/", 16),
        ("decisions/", 16),
        ("actions/", 14),
        ("calendar/?month=2024-03", 16),
    ):
        with django_assert_max_num_queries(most):
            page_of(pmo, address)
