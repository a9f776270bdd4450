"""From a search to a link in three clicks; confirming, ending, and what is told when Sotkanet changes."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation

from kpis.catalogue.credit import credit
from kpis.catalogue.flags import flags, flags_of
from kpis.catalogue.linking import fingerprint
from kpis.models import CatalogueIndicator, CatalogueRegion, Indicator, IndicatorGroup, LinkState, SourceLink
from tests.factories.counties import County, make_county, person
from tests.factories.kpis import make_indicator, make_observation, make_source_link

pytestmark = pytest.mark.django_db

TITLE = "Työttömät, % työvoimasta"


@pytest.fixture
def row() -> CatalogueIndicator:
    CatalogueIndicator.objects.all().delete()
    CatalogueRegion.objects.all().delete()
    for number, code in ((967, "10"), (957, "11")):
        CatalogueRegion.objects.create(
            pk=number, category="HYVINVOINTIALUE", code=code, name_fi=f"Alue {code}"
        )
    return CatalogueIndicator.objects.create(
        pk=181, title_fi=TITLE, title_en="Unemployed people, as % of labour force", title_sv="Arbetslösa",
        organisation_id=7, organisation_fi="Työ- ja elinkeinoministeriö", value_type="PROS", decimals=1,
        range_start=1991, range_end=timezone.localdate().year - 1, fetched_at=timezone.now(),
        data_updated=dt.date(2026, 5, 1), texts={"description": {"fi": "<p>Ohje <b>näin</b></p>"}},
    )  # fmt: skip


@pytest.fixture
def county() -> County:
    county = make_county("kymi")
    organisation = county.programme.organisation
    organisation.name_fi = "Kymenlaakson hyvinvointialue"
    organisation.save()
    return county


@pytest.fixture
def pmo(county: County) -> Client:
    client = Client()
    client.force_login(person(county))
    return client


def codes(link: SourceLink) -> list[str]:
    return [flag.code for flag in flags(SourceLink.objects.get(pk=link.pk))]


def test_search_link_save_are_three_clicks(pmo: Client, county: County, row: CatalogueIndicator) -> None:
    ours = make_indicator(county.programme, name_fi="Työttömyys")
    found = pmo.get("/en/p/kymi/kpis/sotkanet/", {"q": "työttöm"}).content.decode()
    assert 'href="/en/p/kymi/kpis/sotkanet/181/link/"' in found
    page = pmo.get("/en/p/kymi/kpis/sotkanet/181/link/").content.decode()
    for shown in (
        "Unemployed people",
        "Työ- ja elinkeinoministeriö",
        "terms of the producer",
        "itself: Kymenlaakso",
    ):
        assert shown in page
    said = {"indicator": ours.pk, "gender": "each", "region": "", "seen": fingerprint(row)}
    answer = pmo.post("/en/p/kymi/kpis/sotkanet/181/link/", said)
    assert (answer.status_code, answer["Location"]) == (302, f"/en/p/kymi/kpis/{ours.pk}/sources/")
    link = SourceLink.objects.get(indicator=ours)
    assert (link.sotkanet_id, link.gender, link.key) == (181, "each", "sotkanet-181")
    assert (link.confirmed_title, link.confirmed_unit) == (TITLE, "PROS")
    assert link.confirmed_by is not None
    assert codes(link) == []
    assert pmo.post("/en/p/kymi/kpis/sotkanet/181/link/", said).status_code == 422  # the same again
    other = said | {"region": "HYVINVOINTIALUE:11"}
    assert pmo.post("/en/p/kymi/kpis/sotkanet/181/link/", other).status_code == 302
    second = SourceLink.objects.exclude(pk=link.pk).get()
    assert (second.key, second.region_category, second.region_code) == (
        "sotkanet-181-2",
        "HYVINVOINTIALUE",
        "11",
    )


def test_a_title_that_moved_is_not_confirmed(pmo: Client, county: County, row: CatalogueIndicator) -> None:
    ours = make_indicator(county.programme)
    seen = fingerprint(row)
    CatalogueIndicator.objects.filter(pk=181).update(title_fi="Jotain muuta")
    said = {"indicator": ours.pk, "gender": "total", "region": "", "seen": seen}
    assert pmo.post("/p/kymi/kpis/sotkanet/181/link/", said).status_code == 422
    assert not SourceLink.objects.exists()


def test_a_new_indicator_from_sotkanet_asks_which_way_is_better(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    said = {"name_fi": "Työttömät", "unit": "%", "scope": "monitoring", "gender": "total", "region": ""}
    said["seen"] = fingerprint(row)
    assert pmo.post("/p/kymi/kpis/sotkanet/181/new/", said).status_code == 422
    assert pmo.post("/p/kymi/kpis/sotkanet/181/new/", said | {"better": "down"}).status_code == 302
    made = Indicator.objects.get(programme=county.programme)
    assert (made.name_fi, made.better, made.decimals, made.key) == ("Työttömät", "down", 1, "sotkanet-181")
    assert made.source_links.get().confirmed_title == TITLE


def test_a_group_must_be_the_indicators_own(pmo: Client, county: County, row: CatalogueIndicator) -> None:
    ours, other = make_indicator(county.programme), make_indicator(county.programme, key="i2")
    groups = [
        IndicatorGroup.objects.create(
            programme=county.programme, indicator=one, key="vanhat", name_fi="Vanhat"
        )
        for one in (ours, other)
    ]
    said = {"indicator": ours.pk, "gender": "total", "region": "", "seen": fingerprint(row)}
    assert pmo.post("/p/kymi/kpis/sotkanet/181/link/", said | {"group": groups[1].pk}).status_code == 422
    assert pmo.post("/p/kymi/kpis/sotkanet/181/link/", said | {"group": groups[0].pk}).status_code == 302
    assert SourceLink.objects.get().group == groups[0]


def test_a_link_of_the_programme_file_is_compared_and_confirmed(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    link = make_source_link(make_indicator(county.programme), name_fi="Asiakirjan nimi")
    assert codes(link) == ["not_confirmed"]
    address = f"/p/kymi/kpis/{link.indicator_id}/sources/{link.pk}/confirm/"
    page = pmo.get(address).content.decode()
    assert "Asiakirjan nimi" in page
    assert TITLE in page
    assert pmo.post(address, {"seen": "0" * 32}).status_code == 409
    assert pmo.post(address, {"seen": fingerprint(row)}).status_code == 302
    assert codes(link) == []


def test_a_source_with_values_is_ended_and_one_without_goes(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    indicator = make_indicator(county.programme)
    kept = make_source_link(indicator)
    make_observation(indicator, source_link=kept)
    empty = make_source_link(indicator, key="b", sotkanet_id=182)
    for link in (kept, empty):
        assert pmo.post(f"/p/kymi/kpis/{indicator.pk}/sources/{link.pk}/end/").status_code == 302
    assert [one.is_ended for one in SourceLink.objects.all()] == [True]
    assert codes(kept) == []


def test_order_and_region_of_a_source_are_edited_until_it_has_values(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    link = make_source_link(make_indicator(county.programme), position=1)
    address = f"/p/kymi/kpis/{link.indicator_id}/sources/{link.pk}/"
    form = pmo.get(address).context["form"]
    said = {"was": form.initial["was"], "position": 3, "gender": "male", "region": "HYVINVOINTIALUE:11"}
    assert pmo.post(address, said).status_code == 302
    link.refresh_from_db()
    assert (link.position, link.gender, link.region_category, link.region_code) == (
        3,
        "male",
        "HYVINVOINTIALUE",
        "11",
    )
    make_observation(link.indicator, source_link=link)
    assert set(pmo.get(address).context["form"].fields) & {"region", "gender", "group"} == set()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title_fi": "Työttömät,  %  työvoimasta "}, []),  # spaces only
        ({"title_fi": "Työttömät nuoret"}, ["title_changed"]),
        ({"organisation_fi": "Kela"}, ["producer_changed"]),
        ({"value_type": "INDEKSI"}, ["unit_changed"]),
        ({"retired_at": "2026-01-01T00:00Z"}, ["retired"]),
        ({"title_fi": f"{TITLE} (-2022)"}, ["series_ended", "title_changed"]),
        ({"range_end": 2015}, ["range_lags"]),
    ],
)
def test_what_sotkanet_changes_is_told(county: County, row: CatalogueIndicator, changed, expected) -> None:
    link = make_source_link(
        make_indicator(county.programme), confirmed_title=TITLE, confirmed_producer="Työ- ja elinkeinoministeriö",
        confirmed_unit="PROS", confirmed_on=dt.date(2026, 1, 1),
    )  # fmt: skip
    CatalogueIndicator.objects.filter(pk=181).update(**changed)
    assert codes(link) == expected
    for flag in flags(link):
        assert flag.words
        assert "{" not in flag.words


def test_a_region_that_is_gone_or_had_no_rows_is_told(county: County, row: CatalogueIndicator) -> None:
    link = make_source_link(make_indicator(county.programme), confirmed_on=dt.date(2026, 1, 1))
    assert codes(link) == []
    state = LinkState.objects.create(link=link, has_own_region=False)
    assert codes(link) == ["region_missing"]
    assert "Alue 10" in flags(link)[0].words
    state.delete()
    CatalogueRegion.objects.filter(pk=967).update(retired_at=timezone.now())
    assert codes(link) == ["region_missing"]
    CatalogueRegion.objects.create(pk=1967, category="HYVINVOINTIALUE", code="10")  # renumbered
    assert codes(link) == []


def test_flags_of_many_links_take_the_same_queries(
    county: County, row: CatalogueIndicator, django_assert_max_num_queries
) -> None:
    for number in range(12):
        make_source_link(make_indicator(county.programme, key=f"i{number}"))
    links = SourceLink.objects.select_related("indicator", "programme__organisation")
    with django_assert_max_num_queries(5):
        assert len(flags_of(links)) == 12


def test_the_credit_line_names_producer_terms_and_day(county: County, row: CatalogueIndicator) -> None:
    link = make_source_link(make_indicator(county.programme))
    day = dt.date(2026, 6, 10)
    with translation.override("fi"):
        assert str(credit(link, day)).startswith(
            "Tilasto- ja indikaattoripankki Sotkanet. Terveyden ja hyvinvoinnin laitos. "
            f"{TITLE} (Työ- ja elinkeinoministeriö) (ind. 181). Viitattu 10.6.2026."
        )
    with translation.override("sv"):
        assert "Arbetslösa (Työ- ja elinkeinoministeriö) (ind. 181). Hänvisning 10.6.2026." in str(
            credit(link, day)
        )
    with translation.override("en"):
        said = str(credit(link, day))
        assert "(ind. 181). Referenced on 10 June 2026." in said
        assert "Terms of the producer: Työ- ja elinkeinoministeriö." in said
        CatalogueIndicator.objects.filter(pk=181).update(organisation_id=2)
        assert "CC BY 4.0" in credit(link, day).terms


def test_a_derived_figure_says_that_we_combined_it(county: County, row: CatalogueIndicator) -> None:
    ours = make_indicator(county.programme)
    make_source_link(ours)
    derived = make_source_link(
        make_indicator(county.programme, key="i2"),
        kind="derived",
        formula="change",
        sotkanet_id=None,
        key="d",
    )
    derived.inputs.create(programme=county.programme, indicator=ours)
    with translation.override("en"):
        said = str(credit(derived, dt.date(2026, 6, 10)))
    assert said.startswith("Combined by us")
    assert "(ind. 181)" in said


def test_the_list_shows_terms_and_age_in_few_queries(
    pmo: Client, county: County, row: CatalogueIndicator, django_assert_max_num_queries
) -> None:
    make_source_link(make_indicator(county.programme, name_fi="Meidän mittari"))
    CatalogueIndicator.objects.create(
        pk=5, title_fi="Toimeentulotuki", organisation_id=2, organisation_fi="THL"
    )
    pmo.get("/en/p/kymi/kpis/sotkanet/")
    with django_assert_max_num_queries(12):
        page = pmo.get("/en/p/kymi/kpis/sotkanet/", {"q": "t"}).content.decode()
    for shown in ("CC BY 4.0", "terms of the producer", "Meidän mittari", "1991", "title only"):
        assert shown in page


def test_an_empty_catalogue_teaches_the_next_step(pmo: Client, county: County) -> None:
    CatalogueIndicator.objects.all().delete()
    page = pmo.get("/en/p/kymi/kpis/sotkanet/").content.decode()
    assert "data-empty" in page
    assert "Read the list now" in page
    assert pmo.post("/en/p/kymi/kpis/sotkanet/read/").status_code == 302


def test_an_indicator_shows_its_texts_and_one_without_details_can_be_read(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    page = pmo.get("/en/p/kymi/kpis/sotkanet/181/").content.decode()
    assert '<div lang="fi"><p>Ohje <b>näin</b></p></div>' in page
    assert "https://sotkanet.fi/sotkanet/en/metadata/indicators/181" in page
    unknown = pmo.get("/en/p/kymi/kpis/sotkanet/4837/").content.decode()
    assert "data-unread" in unknown
    assert 'action="/en/p/kymi/kpis/sotkanet/4837/read/"' in unknown


def test_a_likely_title_that_came_with_the_portal_cannot_be_confirmed(
    pmo: Client, county: County, row: CatalogueIndicator
) -> None:
    likely = CatalogueIndicator.objects.create(pk=1080, title_fi="Lääkärikäynnit", is_bundled=True)
    link = make_source_link(make_indicator(county.programme), sotkanet_id=1080)
    assert "not_known" in codes(link)
    address = f"/p/kymi/kpis/{link.indicator_id}/sources/{link.pk}/confirm/"
    assert 'action="/p/kymi/kpis/sotkanet/1080/read/"' in pmo.get(address).content.decode()
    assert pmo.post(address, {"seen": fingerprint(likely)}).status_code == 422
