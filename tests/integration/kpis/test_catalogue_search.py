"""Finding an indicator of Sotkanet by words of three languages, parts of words and ids."""

import pytest
from django.utils import timezone, translation

from kpis.catalogue.search import Question, ended_year, found, freshness
from kpis.models import CatalogueIndicator

pytestmark = pytest.mark.django_db


def row(pk, fi, sv="", en="", **fields):
    own = {"title_fi": fi, "title_sv": sv, "title_en": en, "organisation_id": 2, "organisation_fi": "THL"}
    return CatalogueIndicator.objects.create(pk=pk, **own | fields)


@pytest.fixture(autouse=True)
def catalogue():
    CatalogueIndicator.objects.all().delete()
    row(
        181,
        "Työttömät, % työvoimasta",
        "Arbetslösa, % av arbetskraften",
        "Unemployed people, as % of labour force",
    )
    row(
        306, "Mielenterveyden häiriöiden vuoksi työkyvyttömyyseläkettä saavat",
        "Mottagare av sjukpension på grund av psykisk störning", "Disability pension due to mental disorders",
        organisation_id=5, organisation_fi="Eläketurvakeskus", organisation_sv="Pensionsskyddscentralen",
    )  # fmt: skip
    row(
        186,
        "Kuolleisuus / 100 000 asukasta",
        "Dödlighet / 100 000 invånare",
        "Mortality per 100 000 inhabitants",
    )
    row(3064, "THL:n sairastavuusindeksi, ikävakioitu (-2019)", "THL:s sjuklighetsindex (-2019)")
    row(244, "THL:n sairastavuusindeksi", "THL:s sjuklighetsindex", words_fi="työttömät eivät ole mukana")
    row(99, "Vanha sairastavuusindeksi", retired_at=timezone.now())


def ids(text, language="fi", **asked):
    with translation.override(language):
        return list(found(Question(text, **asked)).values_list("pk", flat=True))


def test_words_are_found_in_the_readers_language_in_other_forms():
    assert ids("työttömien")[0] == 181
    assert ids("kuolleisuuden") == [186]
    assert ids("arbetslös", "sv") == [181]
    assert ids("mortality", "en") == [186]


def test_words_of_the_other_languages_are_found_after_those_of_the_readers():
    assert ids("unemployed") == [181]
    assert ids("dödlighet", "en") == [186]


def test_a_title_goes_before_a_description():
    assert ids("työttömät") == [181, 244]


@pytest.mark.parametrize("typed", ["kuoll", "Kuolleisuu", "KUOLLEISUUS 100"])
def test_the_beginning_of_a_word_is_enough(typed):
    assert ids(typed) == [186]


@pytest.mark.parametrize("typed", ["eläke", "eläkkeet", "kyvyttömyys"])
def test_a_part_of_a_compound_is_found(typed):
    assert ids(typed) == [306]


def test_an_id_is_found_first_and_numbers_in_titles_after_it():
    assert ids("186") == [186]
    assert ids("100")[0] == 186
    assert ids("#306") == [306]
    assert ids("99999") == []


def test_ended_and_retired_series_come_last_and_can_be_left_out():
    assert ids("sairastavuusindeksi") == [244, 3064, 99]
    assert ids("sairastavuusindeksi", only_going=True) == [244]
    assert ended_year(CatalogueIndicator.objects.get(pk=3064)) == 2019
    assert ended_year(CatalogueIndicator.objects.get(pk=244)) is None


def test_a_producer_narrows_and_is_searched():
    assert ids("", producer=5) == [306]
    assert ids("eläketurvakeskus") == [306]
    assert freshness().producers == [(5, "Eläketurvakeskus"), (2, "THL")]


@pytest.mark.parametrize("typed", ["'", "a & | !", "%", "\\", "(:*", "työttömät '); --"])
def test_signs_of_the_query_language_are_only_signs(typed):
    assert isinstance(ids(typed), list)


def test_an_empty_question_lists_all_and_signs_alone_find_nothing():
    assert len(ids("")) == 6
    assert ids("&&&") == []
