"""Parameters: typed defaults in code, values from a day on in rows."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from core import parameters
from core.models import Setting
from core.parameters import BadParameter, Parameter, choice, parameters_of, read_parameters, share, whole
from tests.factories.accounts import make_programme

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 31)


@pytest.fixture
def days() -> Iterator[Parameter[int]]:
    yield whole("test.days", 14, "days")
    parameters.REGISTRY.pop("test.days")


def setting(value: Any, *, scope: str = "", key: str = "test.days", since: str = "2024-01-01") -> Setting:
    return Setting.objects.create(scope=scope, key=key, value=value, valid_from=since)


def test_the_default_holds_where_nobody_set_another(days: Parameter[int]) -> None:
    assert read_parameters("own", DAY)[days] == 14


def test_a_value_holds_from_its_day_on(days: Parameter[int]) -> None:
    setting(7, since="2024-03-31")
    setting(3, since="2024-05-01")

    assert read_parameters("own", DAY - dt.timedelta(days=1))[days] == 14
    assert read_parameters("own", DAY)[days] == 7
    assert read_parameters("own", dt.date(2024, 5, 1))[days] == 3


def test_a_programmes_own_value_goes_before_a_later_common_one(days: Parameter[int]) -> None:
    setting(7, scope="own", since="2023-01-01")
    setting(3, since="2024-01-01")

    assert read_parameters("own", DAY)[days] == 7
    assert read_parameters("other", DAY)[days] == 3


@pytest.mark.parametrize("value", ["7", 7.5, True, {}, [7]])
def test_a_value_of_another_type_is_an_error(days: Parameter[int], value: Any) -> None:
    setting(value)

    with pytest.raises(BadParameter):
        read_parameters("own", DAY)[days]


def test_shares_are_exact_and_words_are_chosen_from_a_few() -> None:
    half, mode = share("test.share", "0.5", ""), choice("test.mode", "a", "", of=("a", "b"))
    try:
        setting("0.1", key="test.share")
        setting("c", key="test.mode")
        held = read_parameters("own", DAY)

        assert held[half] == Decimal("0.1")
        with pytest.raises(BadParameter, match="a, b"):
            held[mode]
    finally:
        parameters.REGISTRY.pop("test.share")
        parameters.REGISTRY.pop("test.mode")


def test_a_share_that_is_no_number_is_an_error() -> None:
    half = share("test.share", "0.5", "")
    try:
        setting("half", key="test.share")
        with pytest.raises(BadParameter):
            read_parameters("own", DAY)[half]
    finally:
        parameters.REGISTRY.pop("test.share")


def test_a_key_is_defined_once(days: Parameter[int]) -> None:
    with pytest.raises(ValueError, match="twice"):
        whole("test.days", 1, "")


def test_a_programmes_parameters_are_read_once(days: Parameter[int], django_assert_num_queries: Any) -> None:
    programme = make_programme("own", status_date=DAY)

    with django_assert_num_queries(1):
        assert parameters_of(programme)[days] == parameters_of(programme, DAY)[days] == 14
