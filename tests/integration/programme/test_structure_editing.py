"""Themes, goals, sectors and the rest are added, edited, ordered and deleted in the browser."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programme.models import (
    Allocation,
    CostType,
    FundingSource,
    Goal,
    OrganisationUnit,
    Sector,
    Segment,
    Statement,
    Theme,
)
from tests.factories.counties import County, make_county, person
from tests.integration.programme.forms import opened, sent

pytestmark = pytest.mark.django_db
BASE = "/en/p/own/settings"


@pytest.fixture
def county() -> County:
    return make_county("own")


def client_of(county: County, role: str = "pmo", **scope: object) -> Client:
    client = Client()
    client.force_login(person(county, role, **scope))
    return client


@pytest.fixture
def pmo(county: County) -> Client:
    return client_of(county)


def test_a_theme_is_added_with_a_key_and_the_next_number(county: County, pmo: Client) -> None:
    answer = sent(pmo, f"{BASE}/themes/add/", name_fi="Ikäihmisten palvelut", number="2")
    theme = Theme.objects.get(programme=county.programme, number=2)

    assert answer.status_code == 302 and answer["Location"] == f"{BASE}/themes/"
    assert (theme.key, theme.created_by.username[:3]) == ("ikaihmisten-palvelut", "pmo")


def test_a_row_without_a_name_comes_back_with_the_field_named(pmo: Client) -> None:
    answer = sent(pmo, f"{BASE}/sectors/add/")

    assert answer.status_code == 422
    assert b'href="#id_name_fi"' in answer.content


def test_a_form_sent_twice_adds_one_row(county: County, pmo: Client) -> None:
    fields = opened(pmo, f"{BASE}/segments/add/") | {"name_fi": "Lapset"}
    first, second = (pmo.post(f"{BASE}/segments/add/", fields) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert Segment.objects.filter(programme=county.programme).count() == 1


def test_names_that_are_alike_get_keys_of_their_own(county: County, pmo: Client) -> None:
    for _ in range(2):
        sent(pmo, f"{BASE}/units/add/", name_fi="Yksikkö")

    rows = OrganisationUnit.objects.filter(programme=county.programme).order_by("pk")
    assert list(rows.values_list("key", flat=True)) == ["yksikko", "yksikko-2"]


def test_a_theme_owner_edits_the_texts_of_the_own_theme_only(county: County) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=2, name_fi="Muu")
    client = client_of(county, "theme", theme=county.theme)
    fields = opened(client, f"{BASE}/themes/{county.theme.pk}/")
    answer = client.post(f"{BASE}/themes/{county.theme.pk}/", fields | {"name_sv": "Digitalt", "number": "9"})
    county.theme.refresh_from_db()

    assert answer.status_code == 302
    assert (county.theme.name_sv, county.theme.number) == ("Digitalt", 1)
    assert "owner" not in fields
    assert client.get(f"{BASE}/themes/{other.pk}/").status_code == 403
    assert client.get(f"{BASE}/themes/add/").status_code == 403
    page = client.get(f"{BASE}/themes/").content.decode()
    assert f'href="{BASE}/themes/{county.theme.pk}/"' in page
    assert f'href="{BASE}/themes/{other.pk}/"' not in page


def test_a_theme_owner_adds_goals_to_the_own_theme_only(county: County) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=2, name_fi="Muu")
    client = client_of(county, "theme", theme=county.theme)
    refused = sent(client, f"{BASE}/goals/add/", name_fi="Uusi", theme=str(other.pk))
    added = sent(client, f"{BASE}/goals/add/", name_fi="Uusi", theme=str(county.theme.pk))

    assert (refused.status_code, added.status_code) == (422, 302)
    assert Goal.objects.get(programme=county.programme, key="uusi").number == 2


def test_sub_goals_follow_their_goal_to_another_theme(county: County, pmo: Client) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=2, name_fi="Muu")
    answer = sent(pmo, f"{BASE}/goals/{county.goal.pk}/", theme=str(other.pk))

    assert answer.status_code == 302
    assert set(Goal.objects.filter(programme=county.programme).values_list("theme__key", flat=True)) == {
        "muu"
    }


def test_a_goal_with_sub_goals_cannot_stand_below_another(county: County, pmo: Client) -> None:
    above = Goal.objects.create(
        programme=county.programme, theme=county.theme, key="g9", number=9, name_fi="Ylempi"
    )
    answer = sent(pmo, f"{BASE}/goals/{county.goal.pk}/", parent=str(above.pk))

    assert answer.status_code == 422 and b'href="#id_parent"' in answer.content


def test_rows_move_one_place_without_scripts(county: County, pmo: Client) -> None:
    second = Sector.objects.create(programme=county.programme, key="muut", name_fi="Muut")
    third = Sector.objects.create(programme=county.programme, key="tuki", name_fi="Tuki")
    answer = pmo.post(f"{BASE}/sectors/{third.pk}/move/", {"direction": "up"})

    assert answer["Location"] == f"{BASE}/sectors/?moved={third.pk}#row-{third.pk}"
    names = list(Sector.objects.filter(programme=county.programme).values_list("key", flat=True))
    assert names == ["tespa", "tuki", "muut"]
    pmo.post(f"{BASE}/sectors/{county.sector.pk}/move/", {"direction": "up"})  # the first stays the first
    pmo.post(f"{BASE}/sectors/{second.pk}/move/", {"direction": "down"})  # the last stays the last
    assert list(Sector.objects.filter(programme=county.programme).values_list("key", flat=True)) == names


def test_moving_a_theme_changes_numbers_with_its_neighbour(county: County, pmo: Client) -> None:
    other = Theme.objects.create(programme=county.programme, key="muu", number=4, name_fi="Muu")
    pmo.post(f"{BASE}/themes/{other.pk}/move/", {"direction": "up"})

    rows = Theme.objects.filter(programme=county.programme).values_list("key", "number")
    assert list(rows) == [("muu", 1), ("digi", 4)]


def test_only_what_nothing_refers_to_is_deleted(county: County, pmo: Client) -> None:
    county.measure()
    kept = pmo.post(f"{BASE}/cost-types/{county.cost_type.pk}/delete/")
    unused = CostType.objects.create(programme=county.programme, key="x", name_fi="X")
    shown = pmo.get(f"{BASE}/goals/{county.goal.pk}/delete/").content.decode()
    gone = pmo.post(f"{BASE}/cost-types/{unused.pk}/delete/", {"reason": "Turha."})

    assert kept.status_code == 409 and b"savings lines: 1" in kept.content
    assert "measures: 1" in shown and "goals: 1" in shown
    assert gone.status_code == 302
    assert list(CostType.objects.filter(programme=county.programme)) == [county.cost_type]


def test_the_list_finds_by_name_and_stays_at_one_number_of_queries(county: County, pmo: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert pmo.get(f"{BASE}/goals/").status_code == 200
        return len(found)

    queries()
    before = queries()
    for number in range(2, 12):
        Goal.objects.create(
            programme=county.programme,
            theme=county.theme,
            key=f"g{number}",
            number=number,
            name_fi=f"T{number}",
        )
    assert queries() == before
    page = pmo.get(f"{BASE}/goals/?q=t11").content.decode()
    assert "T11" in page and "T10" not in page


def test_funding_is_added_and_its_shares_are_told(county: County, pmo: Client) -> None:
    sent(pmo, f"{BASE}/sources/add/", name_fi="Vakautus", total_eur_cents="12 500 000")
    source = FundingSource.objects.get(programme=county.programme)
    for low, high in (("30", "40,5"), ("60", "70")):
        sent(
            pmo, f"{BASE}/allocations/add/", name_fi="Digi", source=str(source.pk), share_low=low, share_high=high,
            goals=[str(county.goal.pk)],
        )  # fmt: skip
    page = pmo.get(f"{BASE}/allocations/").content.decode()

    assert source.total_eur_cents == 12_500_000_00
    assert "90…110.5" in page
    row = Allocation.objects.filter(programme=county.programme).first()
    assert row is not None and list(row.goals.all()) == [county.goal]


def test_a_share_over_a_hundred_and_a_negative_sum_are_refused(county: County, pmo: Client) -> None:
    source = FundingSource.objects.create(programme=county.programme, key="v", name_fi="V")
    share = sent(pmo, f"{BASE}/allocations/add/", name_fi="Digi", source=str(source.pk), share_high="120")
    total = sent(pmo, f"{BASE}/sources/{source.pk}/", total_eur_cents="-5")

    assert share.status_code == 422 and b'href="#id_share_high"' in share.content
    assert total.status_code == 422 and b'href="#id_total_eur_cents"' in total.content


def test_the_controller_edits_funding_but_no_other_settings(county: County) -> None:
    client = client_of(county, "controller")

    assert client.get(f"{BASE}/sources/").status_code == 200
    assert client.get(f"{BASE}/").status_code == client.get(f"{BASE}/sectors/").status_code == 403


def test_disjoint_edits_of_a_text_merge_and_equal_fields_conflict(county: County, pmo: Client) -> None:
    row = Statement.objects.create(
        programme=county.programme, kind="principle", key="linja", name_fi="Linja", detail_fi="Lisää"
    )
    address, other = f"{BASE}/statements/{row.pk}/", client_of(county)
    mine, theirs = opened(pmo, address), opened(other, address)
    assert other.post(address, theirs | {"detail_fi": "Muuta"}).status_code == 302
    assert pmo.post(address, mine | {"name_sv": "Linje"}).status_code == 302
    refused = pmo.post(address, mine | {"detail_fi": "Kolmatta"})
    row.refresh_from_db()

    assert (row.name_sv, row.detail_fi) == ("Linje", "Muuta")
    assert refused.status_code == 409 and b"Kolmatta" in refused.content and b"Muuta" in refused.content


def test_going_back_leads_only_within_the_portal(county: County, pmo: Client) -> None:
    address = f"{BASE}/themes/{county.theme.pk}/"
    inside = pmo.get(f"{address}?back=/en/p/own/themes/digi/").content.decode()
    outside = pmo.get(f"{address}?back=//evil.example/").content.decode()

    assert 'href="/en/p/own/themes/digi/"' in inside
    assert 'evil.example/"' not in outside.split("row-form")[1].split("</form>")[0].split("form__actions")[1]


def test_a_theme_gets_its_owner(county: County, pmo: Client) -> None:
    owner = person(county, "theme", theme=county.theme)
    type(owner).objects.filter(pk=owner.pk).update(first_name="Teemu", last_name="Digi")
    stranger = person(make_county("foreign"), "theme")
    refused = sent(pmo, f"{BASE}/themes/{county.theme.pk}/", owner=str(stranger.pk))
    named = sent(pmo, f"{BASE}/themes/{county.theme.pk}/", owner=str(owner.pk))
    county.theme.refresh_from_db()

    assert (refused.status_code, named.status_code) == (422, 302)
    assert county.theme.owner == owner
    assert "Teemu Digi" in pmo.get("/en/p/own/themes/").content.decode()


@pytest.mark.parametrize("noun", ["sector", "segment"])
def test_a_sector_lead_and_a_segment_manager_edit_their_own_only(county: County, noun: str) -> None:
    Segment.objects.create(programme=county.programme, key="lapset", name_fi="Lapset")
    model = {"sector": Sector, "segment": Segment}[noun]
    own = model.objects.get(programme=county.programme)
    other = model.objects.create(programme=county.programme, key="muu", name_fi="Muu")
    client = client_of(county, noun, **{noun: own})
    answer = sent(client, f"{BASE}/{noun}s/{own.pk}/", name_sv="Egen")
    own.refresh_from_db()

    assert answer.status_code == 302 and own.name_sv == "Egen"
    assert client.get(f"{BASE}/{noun}s/{other.pk}/").status_code == 403
    assert client.post(f"{BASE}/{noun}s/{own.pk}/delete/").status_code == 403
    page = client.get(f"/en/p/own/{noun}s/").content.decode()
    assert f"{BASE}/{noun}s/{own.pk}/?back" in page and f"{BASE}/{noun}s/{other.pk}/?back" not in page


def test_a_rows_own_links_go_with_it(county: County, pmo: Client) -> None:
    source = FundingSource.objects.create(programme=county.programme, key="v", name_fi="V")
    sent(pmo, f"{BASE}/allocations/add/", name_fi="Digi", source=str(source.pk), goals=[str(county.goal.pk)])
    row = Allocation.objects.get(programme=county.programme)

    assert pmo.post(f"{BASE}/sources/{source.pk}/delete/").status_code == 409
    assert pmo.post(f"{BASE}/allocations/{row.pk}/delete/").status_code == 302
    assert pmo.post(f"{BASE}/sources/{source.pk}/delete/").status_code == 302


def test_a_reason_with_an_identity_code_is_not_kept(county: County, pmo: Client) -> None:
    unused = Segment.objects.create(programme=county.programme, key="x", name_fi="X")
    refused = pmo.post(f"{BASE}/segments/{unused.pk}/delete/", {"reason": "Pyysi 131052-308T."})

    assert refused.status_code == 422 and Segment.objects.filter(pk=unused.pk).exists()
