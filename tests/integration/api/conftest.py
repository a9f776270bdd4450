"""The two counties of the API's tests and a client that sends a token."""

import pytest

from tests.factories.counties import Api, County, make_county, person


@pytest.fixture
def kymi(db: None) -> County:
    return make_county("kymi")


@pytest.fixture
def saimaa(db: None) -> County:
    return make_county("saimaa")


@pytest.fixture
def api(kymi: County) -> Api:
    """The programme office of kymi."""
    return Api(person(kymi))
