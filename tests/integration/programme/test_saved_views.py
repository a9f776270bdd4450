"""Saved views of lists: made from the address, shared by right, changed and deleted by their maker only."""

from typing import Any

import pytest
from django.db.models.signals import pre_save
from django.test import Client

from core.models import SavedView
from tests.factories.accounts import make_member, make_programme

pytestmark = pytest.mark.django_db
PAGE = "measures:measure_list"


@pytest.fixture
def programme() -> Any:
    return make_programme("koe")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def save(client: Client, **values: str) -> Any:
    return client.post(
        "/p/koe/views/add/", {"page": PAGE, "name": "Myöhässä", "query": "stage=planned"} | values
    )


def test_saving_keeps_the_filters_and_goes_back_to_them(programme: Any) -> None:
    me = make_member(programme)

    answer = save(signed_in(me), query="stage=planned&page=3&q=&view=9&sort=-plan")

    view = SavedView.objects.get()
    assert (view.user, view.programme, view.page) == (me, programme, PAGE)
    assert view.query == "sort=-plan&stage=planned"
    assert answer["Location"] == f"/p/koe/measures/?sort=-plan&stage=planned&view={view.pk}"


def test_the_same_name_twice_is_refused_by_name(programme: Any) -> None:
    client = signed_in(make_member(programme))
    save(client)

    answer = save(client)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"name"}
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(("role", "shared"), [("pmo", True), ("measure", False)])
def test_only_those_who_may_offer_a_view_to_all(programme: Any, role: str, shared: bool) -> None:
    save(signed_in(make_member(programme, role)), is_shared="on")

    assert SavedView.objects.get().is_shared is shared


def stored_first(instance: SavedView, **told: Any) -> None:
    """Somebody's other sending is stored after this one was checked."""
    row = SavedView(name=instance.name, user=instance.user, programme=instance.programme, page=instance.page)
    SavedView.objects.bulk_create([row])


def test_of_two_sent_at_once_the_second_is_refused_by_name(programme: Any) -> None:
    client = signed_in(make_member(programme))
    save(client, name="Toinen")
    view = SavedView.objects.get()

    pre_save.connect(stored_first, sender=SavedView)
    try:
        added = save(client)
        renamed = client.post(f"/p/koe/views/{view.pk}/", {"name": "Myöhässä"})
    finally:
        pre_save.disconnect(stored_first, sender=SavedView)

    assert [answer.status_code for answer in (added, renamed)] == [422, 422]
    assert [list(answer.context["form"].errors) for answer in (added, renamed)] == [["name"], ["name"]]


@pytest.mark.parametrize("lost", ["right", "roles", "account"])
def test_who_may_not_share_any_more_offers_nothing(programme: Any, lost: str) -> None:
    maker = make_member(programme)
    save(signed_in(maker), is_shared="on")
    reader = signed_in(make_member(programme, "controller"))

    def offered() -> list[str]:
        return [link.view.name for link in reader.get("/p/koe/measures/").context["listing"].views]

    assert offered() == ["Myöhässä"]
    if lost == "right":
        maker.grants.update(role="auditor")
    elif lost == "roles":
        maker.grants.all().delete()
    else:
        type(maker).objects.filter(pk=maker.pk).update(is_active=False)

    assert offered() == []
    if lost == "right":
        again = signed_in(type(maker).objects.get(pk=maker.pk))
        mine = again.get("/p/koe/measures/").context["listing"].views
        assert [link.view.name for link in mine] == ["Myöhässä"]


@pytest.mark.parametrize("page", ["nowhere:list", "measures:measure_detail", "", "healthz"])
def test_a_page_that_is_no_list_has_no_views(programme: Any, page: str) -> None:
    assert save(signed_in(make_member(programme)), page=page).status_code == 404


def test_renaming_keeps_what_the_view_shows(programme: Any) -> None:
    client = signed_in(make_member(programme))
    save(client)
    view = SavedView.objects.get()

    answer = client.post(f"/p/koe/views/{view.pk}/", {"name": "Uusi nimi", "is_shared": "on"})

    view.refresh_from_db()
    assert answer.status_code == 302
    assert (view.name, view.query, view.is_shared) == ("Uusi nimi", "stage=planned", True)


def test_a_view_takes_the_filters_of_the_list_as_they_are_now(programme: Any) -> None:
    client = signed_in(make_member(programme))
    save(client)
    view = SavedView.objects.get()

    client.post(f"/p/koe/views/{view.pk}/", {"name": view.name, "query": "stage=decided"})

    view.refresh_from_db()
    assert view.query == "stage=decided"


def test_the_views_of_others_cannot_be_touched(programme: Any) -> None:
    save(signed_in(make_member(programme)), is_shared="on")
    view = SavedView.objects.get()
    other = signed_in(make_member(programme))

    answers = [
        other.get(f"/p/koe/views/{view.pk}/"),
        other.post(f"/p/koe/views/{view.pk}/", {"name": "Kaapattu"}),
        other.post(f"/p/koe/views/{view.pk}/delete/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert SavedView.objects.get().name == "Myöhässä"


def test_deleting_leaves_the_list_without_the_view(programme: Any) -> None:
    client = signed_in(make_member(programme))
    save(client)
    view = SavedView.objects.get()

    answer = client.post(f"/p/koe/views/{view.pk}/delete/")

    assert answer["Location"] == "/p/koe/measures/"
    assert not SavedView.objects.exists()
