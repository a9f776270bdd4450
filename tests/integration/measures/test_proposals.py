"""Measures in words for everybody at work, proposals, and the answers that go back (demand 76)."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notification, User
from core.models import Comment
from measures.models import Measure, Proposal, Series
from measures.proposals.selectors import proposals_for
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("own")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def propose(user: User, **fields: Any) -> Any:
    told = {"subject": "Yhteinen varasto", "text": "Kaksi varastoa yhteen", "token": f"t-{user.pk}"} | fields
    return client_of(user).post("/en/p/own/proposals/add/", told)


def codes(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("code", flat=True))


def test_somebody_at_work_comments_on_and_proposes_a_measure(county: County) -> None:
    """Demand 76: a frontline user through the pages, and the answer that comes back."""
    staff, pmo = person(county, "staff"), person(county, "pmo")
    measure = county.measure(code="T-1", owner=pmo, description_fi="Toimitilat yhteen")
    client = client_of(staff)

    page = client.get("/en/p/own/ideas/T-1/").content.decode()
    assert "Toimitilat yhteen" in page
    said = client.post(f"/en/p/own/talk/measure/{measure.pk}/add/", {"text": "Entä varasto?", "token": "a"})
    assert said["Location"] == "/en/p/own/ideas/T-1/#talk"
    assert "Entä varasto?" in client.get("/en/p/own/ideas/T-1/").content.decode()
    assert propose(staff).status_code == propose(staff).status_code == 302

    proposal = Proposal.objects.get()
    assert codes(pmo) == ["talk.commented", "proposal.new"]
    assert [row.text for row in proposals_for(pmo, [county.programme])] == ["Yhteinen varasto"]
    form = client_of(pmo).get(f"/en/p/own/proposals/{proposal.pk}/take-up/").context["form"]
    assert form.initial["name_fi"] == "Yhteinen varasto"
    taken = client_of(pmo).post(
        f"/en/p/own/proposals/{proposal.pk}/take-up/",
        {
            "code": "T-77",
            "name_fi": "Varastot yhteen",
            "goal": county.goal.pk,
            "token": "b",
            "answer": "Kiitos",
        },
    )
    made = Measure.objects.get(code="T-77")
    proposal.refresh_from_db()
    assert (taken.status_code, proposal.state, proposal.measure) == (302, "accepted", made)
    assert codes(staff) == ["proposal.accepted"]
    assert proposals_for(pmo, [county.programme]) == []
    card = client_of(pmo).get("/en/p/own/measures/T-77/more/talk/").content.decode()
    assert "Yhteinen varasto" in card
    answer = client.get(f"/en/p/own/proposals/{proposal.pk}/").content.decode()
    assert "/en/p/own/ideas/T-77/" in answer and "Kiitos" in answer


def test_a_proposal_is_declined_with_words_and_answered_once(county: County) -> None:
    staff, pmo = person(county, "staff"), person(county, "pmo")
    propose(staff)
    row = Proposal.objects.get()
    client, url = client_of(pmo), f"/en/p/own/proposals/{row.pk}/"
    was = client.get(f"{url}decline/").context["form"].initial["was"]

    assert client.post(f"{url}look/").status_code == 302
    assert client.post(f"{url}decline/", {"answer": " ", "was": was}).status_code == 422
    assert client.post(f"{url}decline/", {"answer": "On jo tekeillä", "was": was}).status_code == 302
    late = client.post(
        f"{url}take-up/", {"code": "T-78", "name_fi": "Myöhään", "goal": county.goal.pk, "token": "c"}
    )

    row.refresh_from_db()
    assert (row.state, row.answer, row.answered_by) == ("declined", "On jo tekeillä", pmo)
    assert (late.status_code, Measure.objects.filter(code="T-78").exists()) == (409, False)
    assert codes(staff) == ["proposal.declined"]
    assert "On jo tekeillä" in client_of(staff).get("/en/notices/").content.decode()


def test_leads_answer_what_is_about_theirs(county: County) -> None:
    theme, sector = (
        person(county, "theme", theme=county.theme),
        person(county, "sector", sector=county.sector),
    )
    stranger = person(make_county("other"), "pmo")
    staff = person(county, "staff")
    propose(staff, goal=county.goal.pk)
    row = Proposal.objects.get()
    url = f"/p/own/proposals/{row.pk}/decline/"

    assert (codes(theme), codes(sector)) == (["proposal.new"], [])
    assert [client_of(one).get(url).status_code for one in (theme, sector, staff, stranger)] == [
        200,
        403,
        403,
        404,
    ]
    assert proposals_for(sector, [county.programme]) == []
    assert len(proposals_for(theme, [county.programme])) == 1


def test_staff_see_words_and_no_figures(county: County) -> None:
    staff = person(county, "staff")
    measure = county.measure(code="T-1")
    county.entry(measure, dt.date(2024, 3, 1), -987_654_300, Series.PLAN)
    Comment.objects.all().delete()
    client = client_of(staff)

    pages = [client.get(path) for path in ("/p/own/ideas/", "/p/own/ideas/T-1/", "/p/own/proposals/", "/")]
    shut = [
        client.get(path).status_code
        for path in (
            "/p/own/", "/p/own/measures/", "/p/own/measures/T-1/", "/p/own/measures/T-1/more/talk/",
            "/p/own/savings/", "/p/own/risks/", "/p/own/projects/",
        )
    ]  # fmt: skip

    assert [page.status_code for page in pages] == [200] * 4
    assert all(word not in page.content.decode() for page in pages for word in ("9 876", "9,9", "9876", "€"))
    assert set(shut) == {403}


def test_measures_in_words_are_searched_and_withdrawn_ones_left_out(county: County) -> None:
    county.measure(code="T-1", name_fi="Varastot yhteen")
    county.measure(code="T-2", description_fi="Kotihoidon reitit")
    county.measure(
        code="T-3", stage="withdrawn", withdrawn_from=dt.date(2024, 1, 1), withdrawn_on=dt.date(2024, 1, 1)
    )
    make_county("other").measure(code="T-4", name_fi="Vieras varasto")
    client = client_of(person(county, "staff"))

    def found(query: str) -> list[str]:
        page = client.get(f"/p/own/ideas/?q={query}").content.decode()
        return [code for code in ("T-1", "T-2", "T-3", "T-4") if f'data-idea="{code}"' in page]

    assert (found(""), found("VARASTO"), found("reitit"), found("x%00y")) == (
        ["T-1", "T-2"],
        ["T-1"],
        ["T-2"],
        [],
    )


def test_who_only_reads_proposes_nothing(county: County) -> None:
    for role, status in (("auditor", 403), ("council", 403), ("board", 200)):
        assert client_of(person(county, role)).get("/p/own/proposals/add/").status_code == status
