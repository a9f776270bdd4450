"""Following and muting rows, files beside them, and what followers hear of."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Notification, User
from accounts.notices import latest, notify
from core.models import Attachment, Follow
from core.talk import services
from core.talk.topics import kinds, topic_named
from programme.models import Decision, Project
from risks.escalation.notices import DECIDED as OBSTACLE_DECIDED
from risks.escalation.services import tell_concerned
from risks.models import Obstacle
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return make_county("own")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def codes(user: Any) -> list[str]:
    return list(Notification.objects.filter(user=user).order_by("id").values_list("code", flat=True))


def test_the_button_follows_mutes_and_forgets(county: County) -> None:
    me, measure = person(county, "director"), county.measure(code="T-1")
    client, url = client_of(me), f"/p/own/talk/measure/{measure.pk}/follow/"

    for want, kept in (("follow", [False]), ("mute", [True]), ("mute", [True]), ("", [])):
        assert client.post(url, {"want": want}).status_code == 302
        assert list(Follow.objects.filter(user=me).values_list("is_muted", flat=True)) == kept


def test_mute_silences_everything_but_a_question_by_name(county: County) -> None:
    owner, writer = person(county, "measure"), person(county, "pmo")
    measure = county.measure(code="T-1", owner=owner)
    services.follow(about=measure, user=owner, want="mute")

    services.comment(about=measure, text="Tiedoksi", by=writer)
    services.comment(about=measure, text="Huomaa", by=writer, mentioned=[owner])
    notify([owner], "gate.asked", params={"code": "T-1"}, dedupe_key="x", about=measure)
    assert codes(owner) == []
    services.comment(about=measure, text="Vastaa", by=writer, mentioned=[owner], needs_answer=True)

    assert codes(owner) == ["talk.asked"]


def test_followers_hear_of_a_change_once_and_not_who_made_it(county: County) -> None:
    me, by, foreign = person(county, "director"), person(county, "pmo"), person(make_county("x"), "pmo")
    measure = county.measure(code="T-1")
    for user in (me, by, foreign):
        services.follow(about=measure, user=user, want="follow")

    for _turn in range(2):
        services.tell_followers(measure, "gate.approved", {"code": "T-1", "stage": "decided"}, "/p/own/", by)

    assert (codes(me), codes(by), codes(foreign)) == (["gate.approved"], [], [])
    assert set(services.followers(measure)) == {me, by}


def test_followers_hear_of_updates_and_of_decided_obstacles(county: County) -> None:
    me, by = person(county, "owner"), person(county, "pmo")
    project = Project.objects.create(programme=county.programme, slug="hanke", name_fi="Hanke")
    obstacle = Obstacle.objects.create(
        programme=county.programme,
        measure=county.measure(),
        name_fi="Este",
        raised_on="2024-03-01",
        raised_by=by,
    )
    for row in (project, obstacle):
        services.follow(about=row, user=me, want="follow")

    services.tell_updated(project, by=by, key="2024-02-01")
    services.tell_updated(project, by=by, key="2024-02-01")
    tell_concerned(obstacle, OBSTACLE_DECIDED, "decided", by=by)

    assert codes(me) == ["talk.updated", OBSTACLE_DECIDED]
    assert "Hanke" in latest(me)[1].text


def test_every_kind_the_design_names_may_be_talked_about() -> None:
    wanted = {
        "measure", "project", "risk", "obstacle", "indicator", "annualobjective", "deviation", "decision",
        "meeting", "changerequest", "proposal",
    }  # fmt: skip

    assert wanted <= set(kinds())
    assert all(topic_named(kind).model for kind in wanted)  # type: ignore[union-attr]


def test_a_file_stands_beside_a_row_for_who_may_change_it(county: County) -> None:
    project = Project.objects.create(programme=county.programme, slug="hanke", name_fi="Hanke")
    manager, reader = person(county, "project", project=project), person(county, "board")
    url = f"/p/own/talk/project/{project.pk}/file/"

    def send(user: User, content: bytes, token: str = "t") -> int:
        upload = SimpleUploadedFile("muistio.txt", content)
        return int(client_of(user).post(url, {"file": upload, "note": "Muistio", "token": token}).status_code)

    assert (send(reader, b"x"), send(manager, b"<script>"), send(manager, b"Muistio"), send(manager, b"M")) == (
        403, 422, 302, 302,
    )  # fmt: skip
    file = Attachment.objects.get()
    page = client_of(reader).get(f"/p/own/talk/project/{project.pk}/").content.decode()
    assert "muistio.txt" in page
    answer = client_of(reader).get(f"/p/own/files/{file.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(reader).post(f"/p/own/talk/files/{file.pk}/remove/").status_code == 403
    assert client_of(person(county, "staff")).get(f"/p/own/files/{file.pk}/").status_code == 403
    assert client_of(manager).post(f"/p/own/talk/files/{file.pk}/remove/").status_code == 302
    assert not Attachment.objects.exists()


def test_a_row_without_a_page_has_its_talk_as_one(county: County) -> None:
    decision = Decision.objects.create(
        programme=county.programme, subject="Hyväksytään", decided_on="2024-03-01"
    )
    topic = topic_named("decision")
    assert topic is not None

    page = client_of(person(county, "pmo")).get(f"/p/own/talk/decision/{decision.pk}/")

    assert page.status_code == 200
    assert "Hyväksytään" in page.content.decode()
