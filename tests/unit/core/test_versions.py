"""The data version moves with every committed change of a programme and with nothing else."""

import pytest
from django.db import transaction

from core.models import ChangeSlot, Setting
from core.versions import data_state, data_version
from programme.models import Theme
from tests.factories.accounts import make_person, make_programme

pytestmark = pytest.mark.django_db


def make_theme(programme: object, key: str = "digi") -> Theme:
    return Theme.objects.create(programme=programme, key=key, number=1, name_fi="Digi")


def test_it_is_zero_where_nothing_was_written() -> None:
    assert data_version(12345) == 0


def test_every_writing_statement_moves_it_once() -> None:
    programme = make_programme("own")
    seen = [data_version(programme.pk)]
    theme = make_theme(programme)
    seen.append(data_version(programme.pk))
    make_theme(programme, "other")
    Theme.objects.update(slogan_fi="S")
    seen.append(data_version(programme.pk))
    theme.delete()
    seen.append(data_version(programme.pk))
    programme.status_date = "2024-03-31"
    programme.save()
    seen.append(data_version(programme.pk))

    steps = [after - before for before, after in zip(seen, seen[1:], strict=False)]
    assert steps[0] == 1
    assert steps[1] == 2, "one insert, one update of two rows"
    assert all(step >= 1 for step in steps)


def test_another_programme_and_people_do_not_move_it() -> None:
    own, other = make_programme("own"), make_programme("other")
    before = data_version(own.pk)
    make_theme(other)
    make_person()

    assert data_version(own.pk) == before


def test_a_parameter_moves_every_programme() -> None:
    own, other = make_programme("own"), make_programme("other")
    before = data_version(own.pk), data_version(other.pk)
    Setting.objects.create(scope="own", key="k", value=1, valid_from="2024-01-01")

    assert data_version(own.pk) > before[0]
    assert data_version(other.pk) > before[1]


def test_moving_a_row_moves_both_programmes() -> None:
    own, other = make_programme("own"), make_programme("other")
    theme = make_theme(own)
    before = data_version(own.pk), data_version(other.pk)
    Theme.objects.filter(pk=theme.pk).update(programme=other)

    assert (data_version(own.pk), data_version(other.pk)) > before
    assert data_version(other.pk) > before[1]


def test_a_change_taken_back_moves_nothing() -> None:
    programme = make_programme("own")
    before = data_version(programme.pk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_theme(programme)
        raise ZeroDivisionError

    assert data_version(programme.pk) == before


def test_a_connection_counts_on_one_slot() -> None:
    programme = make_programme("own")
    for n in range(5):
        make_theme(programme, f"t{n}")

    assert ChangeSlot.objects.filter(programme_id=programme.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_saw_before_it_was_rolled_back_is_never_seen_again() -> None:
    programme = make_programme("own")
    committed = data_state(programme.pk)
    with pytest.raises(RuntimeError), transaction.atomic():
        make_theme(programme)
        unseen = data_state(programme.pk)
        assert data_state(programme.pk) == unseen, "the same data has the same name"
        raise RuntimeError("rolled back")

    assert data_state(programme.pk) == committed
    make_theme(programme, "other")

    assert data_state(programme.pk) not in {committed, unseen}
