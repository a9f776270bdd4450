"""A change of many measures is kept as one row and undone once; what was changed since is left and named."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from measures.bulk import Changes, Plan, carry_out
from measures.bulk_undo import undo_change
from measures.models import BulkChange, Measure, MeasureSegment
from programme.models import Segment
from tests.factories.accounts import make_member
from tests.factories.measures import make_ground, make_measure


@pytest.fixture
def ground(db):
    return make_ground("joukko")


@pytest.fixture
def office(ground):
    return make_member(ground.programme, "pmo")


@pytest.fixture
def changed(ground, office):
    """Three measures given an owner and a start at once; M-3 had that owner already."""
    rows = [make_measure(ground, f"M-{at}", starts_on=date(2024, at, 1)) for at in (1, 2, 3)]
    Measure.objects.filter(pk=rows[2].pk).update(owner=office)
    segment = Segment.objects.create(programme=ground.programme, key="lapset", name_fi="Lapset")
    changes = Changes({"owner_id": office.pk, "starts_on": date(2025, 1, 1)}, [segment.pk], (), "Yhdessä")
    versions = dict(Measure.objects.filter(programme=ground.programme).values_list("pk", "version"))
    assert carry_out(Plan(versions, changes), programme=ground.programme, by=office).changed == 3
    return rows


def now(rows):
    return [Measure.objects.get(pk=row.pk) for row in rows]


def test_undoing_sets_back_exactly_what_the_change_wrote(ground, office, changed):
    change = BulkChange.objects.get(programme=ground.programme)
    assert (change.count, change.reason) == (3, "Yhdessä")
    Measure.objects.filter(pk=changed[1].pk).update(starts_on=date(2025, 6, 1))
    before = [row.version for row in now(changed)]

    found = undo_change(change=change, by=office, reason="Väärä rajaus")

    first, second, third = now(changed)
    assert (first.owner_id, first.starts_on) == (None, date(2024, 1, 1))
    assert (second.owner_id, second.starts_on) == (None, date(2025, 6, 1))  # somebody chose another day since
    assert (third.owner_id, third.starts_on) == (office.pk, date(2024, 3, 1))  # was the owner already
    assert not MeasureSegment.objects.filter(measure__in=changed).exists()
    assert [one.measure.code for one in found if one.left] == ["M-2"]
    assert [row.version for row in now(changed)] == [version + 1 for version in before]


def test_a_change_is_undone_once_and_with_a_reason(ground, office, changed):
    change = BulkChange.objects.get(programme=ground.programme)
    with pytest.raises(ValidationError):
        undo_change(change=change, by=office, reason=" ")
    undo_change(change=change, by=office, reason="Väärin")
    with pytest.raises(ValidationError) as refused:
        undo_change(change=change, by=office, reason="Taas")
    assert refused.value.code == "changed"


def test_a_change_that_changes_nothing_is_not_kept(ground, office):
    row = make_measure(ground, "M-9", owner=office)
    plan = Plan({row.pk: row.version}, Changes({"owner_id": office.pk}))
    assert carry_out(plan, programme=ground.programme, by=office).changed == 0
    assert not BulkChange.objects.exists()


def test_the_pages_list_the_change_and_undo_it(ground, office, changed, client):
    client.force_login(office)
    change = BulkChange.objects.get(programme=ground.programme)
    page = f"/en/p/{ground.programme.slug}/measures/bulk/changes/"
    assert f'data-bulk-change="{change.pk}"' in client.get(page).content.decode()
    undo = f"{page}{change.pk}/undo/"
    assert 'data-back="M-1"' in client.get(undo).content.decode()
    for _time in range(2):
        assert client.post(undo, {"reason": "Ei näin"}).status_code == 302
    assert now(changed)[0].owner_id is None
    assert "was undone already" in client.get(undo).content.decode()
