"""Texts without Swedish or English are counted by kind and written row by row."""

import re

import pytest
from django.test import Client

from core.editing.forms import read_was
from programme.models import Statement
from reporting import texts
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db
KIND = "programme.statement.name"


@pytest.fixture
def county() -> County:
    return make_county("own")


@pytest.fixture
def pmo(county: County) -> Client:
    client = Client()
    client.force_login(person(county, "pmo"))
    return client


def say(county: County, key: str, **words: str) -> Statement:
    return Statement.objects.create(programme=county.programme, kind="principle", key=key, **words)


def fields_of(page: str, row: Statement) -> dict[str, str]:
    """What the row's form on the page would send: its hidden fields and its texts."""
    part = page.split(f'id="text-{row.pk}"')[1].split("</article>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part))
    areas = dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n?([^<]*)</textarea>', part))
    return hidden | areas


def test_kinds_are_found_by_their_columns() -> None:
    keys = {kind.key for kind in texts.kinds()}

    assert {"programme.theme.name", "programme.theme.slogan", "measures.measure.description", KIND} <= keys
    assert "programme.programme.purpose" in keys
    assert not any("event" in key for key in keys)


def test_empty_texts_do_not_count_and_written_ones_do(county: County) -> None:
    say(county, "a", name_fi="Linja")
    say(county, "b", name_fi="Linja", name_sv="Linje")
    found = {count.kind.key: count for count in texts.counts(county.programme)}

    assert (found[KIND].total, found[KIND].missing("sv"), found[KIND].missing("en")) == (2, 1, 2)
    assert "programme.statement.detail" not in found
    assert found["programme.programme.name"].total == 1


def test_the_list_counts_and_the_kind_shows_only_what_lacks_the_language(county: County, pmo: Client) -> None:
    lacking, written = say(county, "a", name_fi="Linja"), say(county, "b", name_fi="Toinen", name_sv="Linje")
    listed = pmo.get("/en/p/own/texts/").content.decode()
    shown = pmo.get(f"/en/p/own/texts/{KIND}/?language=sv").content.decode()

    assert f'data-kind="{KIND}"' in listed
    assert f'id="text-{lacking.pk}"' in shown and f'id="text-{written.pk}"' not in shown
    assert f'id="text-{written.pk}"' in pmo.get(f"/en/p/own/texts/{KIND}/?language=en").content.decode()


def test_a_text_is_written_in_its_row(county: County, pmo: Client) -> None:
    row = say(county, "a", name_fi="Linja")
    sent = fields_of(pmo.get(f"/en/p/own/texts/{KIND}/").content.decode(), row) | {"name_sv": "Linje"}
    answer = pmo.post(f"/en/p/own/texts/{KIND}/{row.pk}/", sent, headers={"HX-Request": "true"})
    row.refresh_from_db()

    assert answer.status_code == 200 and b"data-announce" in answer.content
    assert (row.name_sv, row.name_fi, row.version) == ("Linje", "Linja", 2)


def test_without_scripts_it_leads_back_to_the_list(county: County, pmo: Client) -> None:
    row = say(county, "a", name_fi="Linja")
    sent = fields_of(pmo.get(f"/en/p/own/texts/{KIND}/").content.decode(), row) | {"name_sv": "Linje"}
    answer = pmo.post(f"/en/p/own/texts/{KIND}/{row.pk}/", sent)

    assert answer.status_code == 302 and answer["Location"] == f"/en/p/own/texts/{KIND}/#text-{row.pk}"


def test_two_translators_of_one_text_are_both_heard(county: County, pmo: Client) -> None:
    row = say(county, "a", name_fi="Linja")
    first = fields_of(pmo.get(f"/en/p/own/texts/{KIND}/").content.decode(), row)
    address, part = f"/en/p/own/texts/{KIND}/{row.pk}/", {"HX-Request": "true"}
    assert pmo.post(address, first | {"name_sv": "Linje"}, headers=part).status_code == 200
    assert pmo.post(address, first | {"name_en": "Line"}, headers=part).status_code == 200
    refused = pmo.post(address, first | {"name_sv": "Riktlinje"}, headers=part)
    row.refresh_from_db()

    assert (row.name_sv, row.name_en) == ("Linje", "Line")
    assert refused.status_code == 409
    assert read_was(first["was"])["values"]["name_sv"] == ""


def test_a_kind_that_is_not_there_and_a_row_of_another_county_are_404(county: County, pmo: Client) -> None:
    foreign = say(make_county("foreign"), "a", name_fi="Linja")

    assert pmo.get("/p/own/texts/programme.nothing.name/").status_code == 404
    assert pmo.get(f"/p/own/texts/{KIND}/{foreign.pk}/").status_code == 404


def test_a_text_in_another_language_is_marked_where_it_is_read(county: County, pmo: Client) -> None:
    say(county, "a", name_fi="Suomenkielinen linja")
    page = pmo.get("/sv/p/own/about/").content.decode()

    assert '<span lang="fi" class="fallback">Suomenkielinen linja</span>' in page
