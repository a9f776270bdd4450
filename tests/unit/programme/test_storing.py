"""A later file changes what it says differently, and nothing that people wrote."""

import datetime as dt

import pytest

from kpis.models import TargetRule
from programme.loading.problems import ProgrammeFileError
from programme.models import Goal, Programme, Sector, Target, Theme
from programme.services import load_programme
from strategy.models import ObjectiveMetric
from tests.factories.accounts import make_person
from tests.factories.programme import file_of, load

pytestmark = pytest.mark.django_db

TEXT = file_of("third-programme").read_text()


def reload(*changes: tuple[str, str], text: str = TEXT):
    """Loads the third programme with texts in its file replaced."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load_programme(data=text.encode(), file_name="uusi.yaml")


def test_a_changed_text_changes_one_row():
    load("third-programme")

    result = reload(("fi: Arjen tuki kotona", "fi: Arki kotona"))

    assert (result.created, result.changed, result.removed) == (0, 1, 0)
    assert Theme.objects.get(key="arjen-tuki").name_fi == "Arki kotona"
    assert Theme.objects.get(key="arjen-tuki").version == 2


def test_what_people_wrote_stays():
    load("third-programme")
    Theme.objects.filter(key="arjen-tuki").update(name_sv="Stöd i vardagen", name_fi="Arjen tuki")

    result = reload(("fi: Sujuva hoidon ketju", "fi: Hoidon ketju"))

    theme = Theme.objects.get(key="arjen-tuki")
    assert (theme.name_fi, theme.name_sv) == ("Arjen tuki", "Stöd i vardagen")
    assert result.changed == 1


def test_a_row_made_by_people_is_taken_over_and_never_removed():
    programme = load("third-programme").programme
    Sector.objects.create(programme=programme, key="kuljetus", name_fi="Kuljetukset")

    result = reload(
        (
            "    - {key: arki, number: 1, fi: Arjen palvelut, total: -25000}",
            "    - {key: kuljetus, number: 3, fi: Kuljetukset, total: 0}\n"
            "    - {key: arki, number: 1, fi: Arjen palvelut, total: -25000}",
        ),
    )
    again = load("third-programme")

    assert result.created == 1  # its target; the sector itself was there
    assert again.removed == 2  # the target and the sector, which the file had taken over
    Sector.objects.create(programme=programme, key="ruoka", name_fi="Ruoka")
    assert load("third-programme").nothing_happened


def test_a_new_target_closes_the_old_version():
    load("third-programme")

    reload(("deficit_target: {value: 42.5", "deficit_target: {value: 44"))

    old, new = Target.objects.filter(kind="stated", column="total").order_by("valid_from")
    assert (old.value_eur_cents, new.value_eur_cents) == (-4_250_000_000, -4_400_000_000)
    assert old.valid_to == new.valid_from == dt.date.today() and new.valid_to is None
    assert load("third-programme").changed == 1  # and back again, on the same day: no third version
    assert Target.objects.filter(kind="stated", column="total").count() == 2


def test_a_target_that_people_decided_anew_is_left_alone():
    load("third-programme")
    row = Target.objects.get(kind="stated", column="total")
    Target.objects.filter(pk=row.pk).update(valid_to=dt.date(2025, 1, 1))
    Target.objects.create(
        programme=row.programme,
        kind="stated",
        value_eur_cents=-1,
        valid_from=dt.date(2025, 1, 1),
        reason="§ 12",
    )

    result = reload(("deficit_target: {value: 42.5", "deficit_target: {value: 44"))

    assert result.kept == 1
    assert set(Target.objects.filter(kind="stated", column="total").values_list("value_eur_cents", flat=True)) == {
        -4_250_000_000, -1,
    }  # fmt: skip


def test_parts_of_a_combined_rule_follow_its_new_version():
    load("etela-karjala")
    text = file_of("etela-karjala").read_text()

    reload(
        (
            "target: {type: qualitative, word_in_source: valtaosin",
            "target: {type: qualitative, word_in_source: enin osa",
        ),
        ("compare: below, value: 5.5", "compare: below, value: 5"),
        text=text,
    )

    new = TargetRule.objects.get(indicator__key="tarpeenmukainen-palvelu", valid_to=None)
    metric = ObjectiveMetric.objects.get(key="o6-c")
    assert new.word_in_source == "enin osa" and new.parts.get(valid_to=None).is_suggestion
    assert metric.rule.value == 5 and metric.rule.valid_to is None


def test_a_row_that_left_the_file_is_removed_when_nothing_refers_to_it():
    load("third-programme")

    result = reload(
        ("  - {key: p2, number: 2, theme: arjen-tuki, fi: Tiloja on tarpeen mukaan}\n", ""),
        ("goals: [p1, p2]", "goals: [p1]"),
        ("goals: 3", "goals: 2"),
    )

    assert result.removed == 1
    assert not Goal.objects.filter(key="p2").exists()


def test_a_row_that_something_refers_to_is_not_removed():
    from measures.models import Measure

    programme = load("third-programme").programme
    Measure.objects.create(
        programme=programme, code="T-1", name_fi="Toimi", goal=Goal.objects.get(programme=programme, key="p2")
    )

    with pytest.raises(ProgrammeFileError) as refused:
        reload(
            ("  - {key: p2, number: 2, theme: arjen-tuki, fi: Tiloja on tarpeen mukaan}\n", ""),
            ("goals: [p1, p2]", "goals: [p1]"), ("goals: 3", "goals: 2"), ("fi: Arjen tuki kotona", "fi: Muuttunut"),
        )  # fmt: skip

    assert "'p2' left the file" in refused.value.problems[0].reason
    assert Theme.objects.get(key="arjen-tuki").name_fi == "Arjen tuki kotona"


def test_a_row_that_somebody_deleted_comes_back():
    load("third-programme")
    Goal.objects.filter(key="p2").delete()

    assert load("third-programme").created == 1
    assert load("third-programme").nothing_happened


def test_two_programmes_of_one_county_share_it():
    first = load("third-programme").programme
    second = reload(
        ("key: jarviseudun-sopeutusohjelma-2024-2027", "key: toinen"), ("slug: jarviseutu", "slug: toinen")
    ).programme

    assert first.organisation_id == second.organisation_id
    assert Programme.objects.count() == 2


def test_who_loaded_is_on_the_rows():
    person = make_person("lataaja")

    load("third-programme", by=person)

    theme = Theme.objects.get(key="arjen-tuki")
    assert theme.created_by == person
    assert theme.events.get().pgh_context.metadata["user"] == person.pk


def test_rows_may_point_to_later_ones():
    text = file_of("kymenlaakso").read_text()
    text = text.replace("    - key: esh-costs\n", "    - key: esh-costs\n      derived_from: sick-leave\n")

    load_programme(data=text.encode(), file_name="uusi.yaml")


def test_rows_that_point_in_a_circle_are_refused():
    text = file_of("kymenlaakso").read_text()
    text = text.replace("    - key: esh-costs\n", "    - key: esh-costs\n      derived_from: esh-use\n")

    with pytest.raises(ProgrammeFileError) as refused:
        load_programme(data=text.encode(), file_name="uusi.yaml")

    assert "circle" in refused.value.problems[0].reason
