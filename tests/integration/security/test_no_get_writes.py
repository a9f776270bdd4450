"""No GET writes: every row of every table is the same before and after all addresses were opened."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from programme.models import Theme
from tests.factories.places import Place
from tests.integration.accounts.every_url import address, addresses
from tests.integration.accounts.test_every_url import GUARDS, NOWHERE

#: Written by reading, and no data: the session says "was here" once a minute, a token on which day it was used.
LIVELY = {"django_session"}
PART = {"HX-Request": "true"}
#: What lists can be asked.
ASKING = "?page=2&q=a&sort=-code&unit=eur&language=sv&next=/"


def state() -> dict[str, tuple[int, str]]:
    """Rows of every table, and a digest of what is in them; history events are tables like any other."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - LIVELY):
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), '') FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()
    return found


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def walk(client: Client, place: Place, *, thorough: bool = False) -> Iterator[tuple[str, int]]:
    """Opens every address; thoroughly also as a part with what lists can be asked, and on the other side."""
    for name, pattern in addresses(get_resolver().url_patterns):
        if name in NOWHERE or name not in GUARDS:
            continue
        url = address(name, pattern, GUARDS[name], place.own)
        first = client.get(url).status_code
        yield name, first
        if thorough and first not in {404, 405}:
            yield name, client.get(f"{url}{ASKING}", headers=PART).status_code
            if GUARDS[name].of:
                yield name, client.get(address(name, pattern, GUARDS[name], place.other)).status_code


@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ["admin", "measure", "council"])
def test_opening_every_address_changes_no_row(
    place: Place, as_role: Callable[[str], Client], role: str
) -> None:
    client = as_role(role)
    before = state()
    asked = list(walk(client, place, thorough=role == "admin"))

    assert changed(before, state()) == []
    assert len(asked) >= len(GUARDS) - 5
    assert [answer for answer in asked if answer[1] >= 500] == []


def test_nobody_changes_a_row_by_opening_addresses(place: Place) -> None:
    before = state()
    asked = list(walk(Client(raise_request_exception=False), place))

    assert changed(before, state()) == []
    assert len(asked) >= len(GUARDS) - 5


def test_history_is_among_the_tables(place: Place) -> None:
    events = {model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model")}

    assert events
    assert events <= set(state())


@pytest.mark.parametrize("write", ["insert", "update", "delete"])
def test_a_view_that_writes_is_found(
    place: Place, as_role: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    """The walk itself is tried: one address writes on GET, and its table and history must be named."""

    def writes(request: HttpRequest, **words: Any) -> HttpResponse:
        rows = Theme.objects.filter(programme=place.programme, key="muu")
        if write == "insert":
            Theme.objects.create(
                programme=place.programme, key=f"t{Theme.objects.count()}", number=50, name_fi="Uusi"
            )
        elif write == "update":
            rows.update(
                name_fi=f"Muutettu {request.path}{len(request.GET)}{request.headers.get('HX-Request')}"
            )
        else:
            place.own.measure.lines.all().delete()
        return HttpResponse("done")

    pattern: URLPattern
    ((pattern),) = [
        found for name, found in addresses(get_resolver().url_patterns) if name == "programme:theme_list"
    ]
    monkeypatch.setattr(pattern, "callback", writes)
    before = state()
    client = as_role("pmo")
    client.get(address("programme:theme_list", pattern, GUARDS["programme:theme_list"], place.own))
    found = changed(before, state())

    tables = {"insert": "programme_theme", "update": "programme_theme", "delete": "measures_savingsline"}
    assert tables[write] in found
    assert any("event" in table for table in found)
