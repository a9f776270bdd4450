"""Comments beside rows: mentions, questions that wait for an answer, rights asked anew, nothing told twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notification, User
from accounts.notices import latest
from core.models import Comment, Mention
from core.talk import services
from core.talk.people import named_in
from core.talk.selectors import questions_for
from measures.models import Measure
from programme.models import Project, RoleGrant
from risks.models import Risk
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def owner(county: County) -> User:
    return named(person(county, "measure"), "Mikko", "Toimi")


@pytest.fixture
def measure(county: County, owner: User) -> Measure:
    return county.measure(code="T-1", owner=owner)


def named(user: User, first: str, last: str) -> User:
    user.first_name, user.last_name = first, last
    user.save()
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def write(user: User, measure: Measure, text: str, **more: Any) -> Any:
    """Sends the form as a browser does; the answer."""
    address = f"/en/p/{measure.programme.slug}/talk/measure/{measure.pk}/add/"
    return client_of(user).post(address, {"text": text, "token": f"{user.pk}-{text[:20]}"} | more)


def told(user: User) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("code", flat=True))


# ---------------------------------------------------------------------------- writing
def test_a_comment_is_written_shown_and_told_once(county: County, measure: Measure, owner: User) -> None:
    pmo = named(person(county, "pmo"), "Paula", "Muutos")
    writer = person(county, "sector", sector=county.sector)

    first = write(writer, measure, "Miten <b>käy</b>? @Paula Muutos http://x.example")
    again = write(writer, measure, "Miten <b>käy</b>? @Paula Muutos http://x.example")

    assert (first.status_code, again.status_code, Comment.objects.count()) == (302, 302, 1)
    assert first["Location"] == "/en/p/own/measures/T-1/#part-talk"
    assert (told(pmo), told(owner), told(writer)) == (["talk.mentioned"], ["talk.commented"], [])
    page = client_of(pmo).get("/en/p/own/measures/T-1/more/talk/").content.decode()
    assert "Miten &lt;b&gt;käy&lt;/b&gt;? @Paula Muutos http://x.example" in page
    assert 'href="http://x.example' not in page


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("@Nobody Known, look", "“@Nobody” may read this"),
        ("Henkilö 131052-308T soitti", "personal identity code"),
        ("", "required"),
    ],
)
def test_what_may_not_stand_is_refused_at_the_field(
    county: County, measure: Measure, text: str, field: str
) -> None:
    answer = write(person(county, "pmo"), measure, text)

    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not Comment.objects.exists()


def test_names_outside_the_county_and_outside_the_right_fit_nobody(county: County, measure: Measure) -> None:
    named(person(make_county("other"), "pmo"), "Vieras", "Vierula")
    named(person(county, "council"), "Vuokko", "Valtuusto")

    answers = [write(person(county, "pmo"), measure, f"@{name} katso") for name in ("Vieras", "Vuokko")]

    assert [one.status_code for one in answers] == [422, 422]


def test_names_are_found_in_texts() -> None:
    people = [
        User(pk=n, username=username, first_name=first, last_name=last)
        for n, (username, first, last) in enumerate(
            [("pmo", "Matti", "Meri"), ("m2", "Matti", "Meri-Aho"), ("kk", "Kaisa", "Koski"), ("k2", "Kaisa", "Kivi")]
        )
    ]  # fmt: skip

    def found(text: str) -> tuple[list[str], list[str], list[str]]:
        people_found, unknown, several = named_in(text, people)
        return [one.username for one in people_found], unknown, several

    assert found("@Matti Meri, katso") == (["pmo"], [], [])
    assert found("@matti.meri-aho ja @PMO.") == (["m2", "pmo"], [], [])
    assert found("@Kaisa Kivi; x@example.org") == (["k2"], [], [])
    assert found("@Kaisa")[2] == ["Kaisa"]
    assert found("@Matias Meri")[1] == ["Matias"]


# ---------------------------------------------------------------------------- questions
def test_a_question_waits_until_somebody_answers(county: County, measure: Measure, owner: User) -> None:
    asker, other = person(county, "pmo"), person(county, "director")

    write(asker, measure, "Milloin alkaa?", needs_answer="on")

    assert told(owner) == ["talk.asked"]
    (waiting,) = questions_for(owner, [county.programme])
    assert "Milloin alkaa?" in waiting.text and waiting.url.endswith("/measures/T-1/#part-talk")
    assert "Milloin alkaa?" in client_of(owner).get("/en/").content.decode()
    question = Comment.objects.get()
    answer = client_of(other).post(
        f"/p/own/comments/{question.pk}/answer/", {"text": "Maaliskuussa", "token": "t"}
    )
    question.refresh_from_db()
    assert (answer.status_code, question.answered_at is not None) == (302, True)
    assert questions_for(owner, [county.programme]) == []
    assert told(asker) == ["talk.answered"]


def test_an_answer_to_an_answer_stays_in_the_thread(county: County, measure: Measure) -> None:
    pmo, director = person(county, "pmo"), person(county, "director")
    root = services.comment(about=measure, text="a", by=pmo)
    reply = services.comment(about=measure, text="b", by=director, answers=root)
    third = services.comment(about=measure, text="c", by=pmo, answers=reply)

    assert third.answers == root
    assert told(pmo) == ["talk.answered"]


def test_a_question_to_nobody_is_refused(county: County) -> None:
    orphan = county.measure(code="T-9")

    answer = write(person(county, "pmo"), orphan, "Kuka tietää?", needs_answer="on")

    assert answer.status_code == 422
    assert "Nobody answers for this" in answer.content.decode()


def test_who_asks_or_is_asked_closes_a_question(county: County, measure: Measure, owner: User) -> None:
    asker = person(county, "pmo")
    question = services.comment(about=measure, text="Onko?", by=asker, needs_answer=True)
    url = f"/p/own/comments/{question.pk}/settle/"

    assert client_of(person(county, "director")).post(url).status_code == 403
    assert client_of(owner).post(url).status_code == 302
    assert questions_for(owner, [county.programme]) == []


# ---------------------------------------------------------------------------- changing and removing
def test_own_words_are_changed_for_a_while(county: County, measure: Measure, owner: User) -> None:
    writer = person(county, "pmo")
    row = services.comment(about=measure, text="Ensin", by=writer)
    client, url = client_of(writer), f"/en/p/own/comments/{row.pk}/edit/"
    was = client.get(url).context["form"].initial["was"]

    saved = client.post(url, {"text": "Sitten @Mikko Toimi", "was": was})

    row.refresh_from_db()
    assert (saved.status_code, row.text) == (302, "Sitten @Mikko Toimi")
    assert Mention.objects.get().user == owner
    assert client_of(owner).get(url).status_code == 403
    Comment.objects.filter(pk=row.pk).update(written_at=timezone.now() - timedelta(minutes=31))
    assert client.get(url).status_code == 302
    assert client.post(url, {"text": "Myöhään", "was": was}).status_code == 302
    row.refresh_from_db()
    assert row.text == "Sitten @Mikko Toimi"


def test_a_removed_comment_keeps_its_place(county: County, measure: Measure) -> None:
    writer, pmo = person(county, "director"), person(county, "pmo")
    root = services.comment(
        about=measure, text="Poistuva sana", by=writer, mentioned=[pmo], needs_answer=True
    )
    services.comment(about=measure, text="Vastaus", by=writer, answers=root)
    url = f"/en/p/own/comments/{root.pk}/remove/"

    assert client_of(person(county, "sector", sector=county.sector)).post(url).status_code == 403
    assert client_of(pmo).post(url).status_code == 302
    page = client_of(writer).get("/en/p/own/measures/T-1/more/talk/").content.decode()

    assert "Poistuva sana" not in page
    assert "This comment was removed." in page and "Vastaus" in page
    assert questions_for(pmo, [county.programme]) == []
    assert Comment.objects.get(pk=root.pk).text == "Poistuva sana"


# ---------------------------------------------------------------------------- rights
def test_two_counties_never_mix(county: County, measure: Measure) -> None:
    other = make_county("other")
    stranger = person(other, "pmo")
    row = services.comment(about=measure, text="Oma asia", by=person(county, "pmo"))

    for path in (
        f"/p/own/talk/measure/{measure.pk}/",
        f"/p/other/talk/measure/{measure.pk}/",
        f"/p/other/comments/{row.pk}/answer/",
        f"/p/other/comments/{row.pk}/remove/",
    ):
        assert client_of(stranger).get(path).status_code == 404
    assert (
        client_of(stranger)
        .post(f"/p/other/talk/measure/{measure.pk}/follow/", {"want": "follow"})
        .status_code
        == 404
    )


def test_who_lost_the_right_reads_no_words(county: County, measure: Measure, owner: User) -> None:
    writer, gone = person(county, "pmo"), named(person(county, "director"), "Gunnar", "Gone")
    services.follow(about=measure, user=gone, want="follow")
    services.comment(about=measure, text="Ennen", by=writer)
    services.comment(about=measure, text="Kysymys", by=writer, mentioned=[gone], needs_answer=True)
    assert len(latest(gone)) == 2

    RoleGrant.objects.filter(user=gone).delete()
    again = User.objects.get(pk=gone.pk)
    services.comment(about=measure, text="Jälkeen", by=writer)

    assert latest(again) == []
    assert Notification.objects.filter(user=gone).count() == 2
    assert questions_for(again, [county.programme]) == []


def test_staff_talk_about_measures_and_about_nothing_else(county: County, measure: Measure) -> None:
    staff = person(county, "staff")
    project = Project.objects.create(programme=county.programme, slug="hanke", name_fi="Hanke")
    risk = Risk.objects.create(programme=county.programme, key="r", number=1, name_fi="Riski")
    client = client_of(staff)

    statuses = [
        client.get(f"/p/own/talk/{kind}/{pk}/").status_code
        for kind, pk in (("measure", measure.pk), ("project", project.pk), ("risk", risk.pk), ("theme", 1))
    ]

    assert statuses == [200, 403, 403, 404]


# ---------------------------------------------------------------------------- what it costs
def test_the_card_pays_nothing_and_the_talk_a_fixed_number(county: County, measure: Measure) -> None:
    pmo = person(county, "pmo")
    client = client_of(pmo)
    card, part = "/p/own/measures/T-1/", "/p/own/measures/T-1/more/talk/"

    def statements(url: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    def read() -> tuple[int, int]:
        client.get(card)  # a change has made the kept figures old; now they are kept again
        client.get(part)
        return statements(card), statements(part)

    before = read()
    for n in range(5):
        root = services.comment(about=measure, text=f"Asia {n}", by=pmo, mentioned=[pmo])
        services.comment(about=measure, text="Vastaus", by=pmo, answers=root)

    after = read()
    assert after[0] == before[0]
    assert after[1] <= before[1] + 1  # the mentions of the comments, once there are any
