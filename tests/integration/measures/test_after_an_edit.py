"""Pages right after one cell was changed: every total is worked out anew, with few statements."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from measures.models import SavingsEntry, Series
from measures.selectors.crossfooting import known_open_differences, open_differences
from measures.services.months import Cell, record_entries
from tests.factories.accounts import make_member
from tests.golden import Golden, build_golden

#: Statements of a page whose totals nobody has asked for since the edit, read inside the transaction of the test:
#: outside of one the kept arrays answer some of them (docs/adr/0067-kept-cube.md).
MOST = {
    "reporting:dashboard": 20,
    "measures:savings_matrix": 15,
    "measures:confirmation_list": 16,
    "measures:reconciliation": 20,
}


@pytest.fixture
def golden(db: None) -> Golden:
    return build_golden()


@pytest.fixture
def office(golden: Golden, client: Client) -> Client:
    client.force_login(make_member(golden.programme, "pmo"))
    return client


def change_one_cell(golden: Golden) -> None:
    entry = SavingsEntry.objects.filter(
        programme=golden.programme, series=Series.FORECAST, line=golden.lines["E3/OST"]
    ).latest("month")
    record_entries(cells=[Cell(entry.line, entry.series, entry.month, entry.amount_eur_cents - 100)], by=None)


@pytest.mark.parametrize("page", MOST)
def test_a_page_right_after_an_edit_takes_few_statements(golden: Golden, office: Client, page: str) -> None:
    address = reverse(page, args=[golden.programme.slug])
    office.get(address)
    change_one_cell(golden)
    with CaptureQueriesContext(connection) as asked:
        assert office.get(address).status_code == 200
    assert len(asked) <= MOST[page]


def test_the_tab_tells_the_differences_once_they_are_counted(golden: Golden, office: Client) -> None:
    matrix = reverse("measures:savings_matrix", args=[golden.programme.slug])
    crossfooting = reverse("measures:crossfooting", args=[golden.programme.slug])
    assert known_open_differences(golden.programme) is None

    page = office.get(crossfooting)
    count = page.context["open"]
    assert known_open_differences(golden.programme) == count == open_differences(golden.programme)
    change_one_cell(golden)
    assert known_open_differences(golden.programme) is None
    assert office.get(matrix).status_code == 200
    assert known_open_differences(golden.programme) is None
