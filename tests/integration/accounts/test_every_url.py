"""Every address of the portal, asked by every role, by people of another county and by nobody.

The table says what guards each address. An address without a row fails the test, and so does a row
whose address is gone.
"""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from core.jobs import run_job
from core.permissions import ACTIONS, ROLES
from kpis.models import Indicator
from programme.models import Project, Segment
from risks.models import Risk
from tests.factories.accounts import make_person
from tests.factories.core import make_job
from tests.factories.counties import County, make_county, person

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Guard:
    """What guards an address: an action, or one of the words below; `ok` answers whom it lets in."""

    by: str
    ok: int = 200
    method: str = "get"


OPEN = "open to all"
SIGNED_IN = "signed in"
API_LIST = "api: a list shows what one may see"

GUARDS: dict[str, Guard] = {
    "healthz": Guard(OPEN),
    "readyz": Guard(OPEN),
    "set_language": Guard(OPEN, 302),
    "account_login": Guard(OPEN),
    "account_logout": Guard(OPEN),
    "account_inactive": Guard(OPEN),
    "accounts:language_choose": Guard(SIGNED_IN, 302, "post"),
    "core:job_detail": Guard("job.view"),
    "core:job_cancel": Guard("job.cancel", 302, "post"),
    "programme:programme_facts": Guard("programme.view"),
    "programme:theme_list": Guard("theme.view"),
    "programme:goal_list": Guard("theme.view"),
    "programme:goal_detail": Guard("theme.view"),
    "programme:sector_list": Guard("sector.view"),
    "programme:segment_list": Guard("sector.view"),
    "programme:funding": Guard("funding.view"),
    "programme:project_list": Guard("project.view"),
    "programme:project_detail": Guard("project.view"),
    "programme:roadmap": Guard("project.view"),
    "programme:governance": Guard("governance.view"),
    "measures:measure_list": Guard("measure.view"),
    "measures:measure_detail": Guard("measure.view"),
    "measures:savings_matrix": Guard("savings.view"),
    "kpis:indicator_list": Guard("kpi.view"),
    "kpis:indicator_detail": Guard("kpi.view"),
    "risks:risk_list": Guard("risk.view"),
    "risks:risk_detail": Guard("risk.view"),
    "risks:impact_list": Guard("risk.view"),
    "risks:promise_list": Guard("risk.view"),
    "strategy:vision": Guard("strategy.view"),
    "strategy:objective_list": Guard("strategy.view"),
    "strategy:season_list": Guard("strategy.view"),
    "reporting:home": Guard(SIGNED_IN),
    "reporting:dashboard": Guard("dashboard.view"),
    "reporting:dashboard_panel": Guard("dashboard.view"),
    "reporting:theme_detail": Guard("theme.view"),
    "reporting:sector_detail": Guard("sector.view"),
    "reporting:segment_detail": Guard("sector.view"),
    "reporting:goal": Guard("theme.view"),
    "reporting:coverage": Guard("theme.view"),
    "reporting:bigroom_list": Guard("bigroom.view"),
    "reporting:bigroom_detail": Guard("bigroom.view"),
    "reporting:bigroom_progress": Guard("bigroom.view", 302),
    "reporting:bigroom_build": Guard("bigroom.build", 302, "post"),
    "api_schema": Guard(OPEN),
    "api_docs": Guard(OPEN),
    "api_programme:programmes": Guard(API_LIST),
    "api_programme:programme": Guard("programme.view"),
    "api_programme:themes": Guard(API_LIST),
    "api_programme:goals": Guard(API_LIST),
    "api_programme:sectors": Guard(API_LIST),
    "api_programme:cost_types": Guard(API_LIST),
    "api_measures:measures": Guard(API_LIST),
    "api_measures:measure": Guard("measure.view"),
    "api_measures:savings": Guard(API_LIST),
    "api_reporting:summary": Guard("dashboard.view"),
}
#: Answered alike to everybody: nothing is there.
NOWHERE = {"api_reporting:unknown"}
MONTH = "2024-03"


def addresses(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Qualified name and pattern of each address below; the administration has its own test."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            if below != "admin:":
                yield from addresses(pattern.url_patterns, below)
        else:
            yield f"{space}{pattern.name or pattern.pattern}", pattern


@dataclass
class Place:
    """One county with something on each of its pages."""

    county: County
    words: dict[str, Any]

    def url(self, name: str, pattern: URLPattern) -> str:
        """The address of that name in this county."""
        own = {"goals": self.words["goal"], "kpis": self.words["indicator"], "risks": self.words["risk"]}
        values = self.words | {
            "pk": own.get(self._part(pattern), self.words["job"]),
            "key": self.words.get(f"{name.partition(':')[2].removesuffix('_detail')}_key", ""),
        }
        if name == "api_measures:measure":
            values["pk"] = self.words["measure"]
        return reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters})

    @staticmethod
    def _part(pattern: URLPattern) -> str:
        """The word of the path in front of the id: goals, kpis, risks or jobs."""
        return str(pattern.pattern).rpartition("/<int:pk>")[0].rpartition("/")[2]


def furnish(slug: str) -> Place:
    county = make_county(slug)
    programme = county.programme
    measure = county.measure(code="T-1")
    project = Project.objects.create(programme=programme, slug="hanke", name_fi="Hanke")
    segment = Segment.objects.create(programme=programme, key="lapset", name_fi="Lapset")
    indicator = Indicator.objects.create(programme=programme, key="i", name_fi="Mittari")
    risk = Risk.objects.create(programme=programme, key="r", number=1, name_fi="Riski")
    assert (
        run_job(make_job(kind="status_view", key=MONTH, params={"month": MONTH}, programme=programme).pk)
        == "done"
    )
    job = make_job(programme=programme)
    return Place(
        county,
        {
            "programme": slug, "goal": county.goal.pk, "indicator": indicator.pk, "risk": risk.pk, "job": job.pk,
            "measure": measure.pk, "code": "T-1", "slug": project.slug, "month": MONTH, "name": "stages",
            "theme_key": county.theme.key, "sector_key": county.sector.key, "segment_key": segment.key,
            "goal_key": county.goal.key,
        },
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the view is built inside the test's own transaction, which the portal refuses."""
    monkeypatch.setattr("reporting.documents.one_moment", nullcontext)


@pytest.fixture
def own(db: None) -> Place:
    return furnish("own")


@pytest.fixture
def foreign(db: None) -> Place:
    return furnish("foreign")


def ask(client: Client, guard: Guard, url: str) -> int:
    data = {"language": "fi", "month": MONTH} if guard.method == "post" else None
    return getattr(client, guard.method)(url, data).status_code


def expected(guard: Guard, name: str, *, role: str | None, is_foreign: bool) -> int:
    """The status; role None is somebody who has not signed in."""
    is_api, of_programme = name.startswith("api"), guard.by in ACTIONS
    if guard.by == OPEN:
        return guard.ok
    if role is None:
        return 401 if is_api else 302
    if of_programme and is_foreign:
        return 404
    if of_programme and role not in ACTIONS[guard.by]:
        return 404 if name == "api_measures:measure" else 403
    return guard.ok


def wrong_answers(
    client: Client, place: Place, *, role: str | None, is_foreign: bool
) -> dict[str, tuple[int, int]]:
    """name -> (status given, status expected), where they differ."""
    found = {}
    for name, pattern in addresses(get_resolver().url_patterns):
        if name in NOWHERE or name not in GUARDS:
            continue
        guard = GUARDS[name]
        wanted = expected(guard, name, role=role, is_foreign=is_foreign)
        if name == "account_login" and role is not None or name == "account_logout" and role is None:
            wanted = 302
        given = ask(client, guard, place.url(name, pattern))
        if given != wanted:
            found[name] = (given, wanted)
    return found


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {name for name, _pattern in addresses(get_resolver().url_patterns)}

    assert names - NOWHERE == set(GUARDS)


def test_an_address_without_a_row_would_be_found() -> None:
    extra = [*get_resolver().url_patterns, path("left/open/", partial(ask), name="left_open")]

    assert {name for name, _pattern in addresses(extra)} - NOWHERE - set(GUARDS) == {"left_open"}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others(role: str, own: Place, foreign: Place) -> None:
    client = Client()
    client.force_login(person(own.county, role))

    assert wrong_answers(client, own, role=role, is_foreign=False) == {}
    assert wrong_answers(client, foreign, role=role, is_foreign=True) == {}


def test_nobody_opens_nothing(own: Place) -> None:
    assert wrong_answers(Client(), own, role=None, is_foreign=False) == {}


def test_somebody_without_a_role_sees_no_programme(own: Place) -> None:
    client = Client()
    client.force_login(make_person())

    assert wrong_answers(client, own, role="none", is_foreign=True) == {}


def test_a_guard_that_lets_everybody_in_would_be_found(own: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk itself is tried: with one right too many it must name the address."""
    monkeypatch.setitem(ACTIONS, "savings.view", dict.fromkeys(ROLES, "programme"))
    client = Client()
    client.force_login(person(own.county, "council"))
    given = wrong_answers(client, own, role="council", is_foreign=False)
    assert given == {}, "the table is the rule, so a wider table widens both"
    monkeypatch.setitem(GUARDS, "measures:savings_matrix", Guard("risk.view"))

    assert wrong_answers(client, own, role="council", is_foreign=False) == {
        "measures:savings_matrix": (200, 403)
    }


def test_a_hidden_programme_and_a_missing_one_get_the_same_page(own: Place, foreign: Place) -> None:
    client = Client()
    client.force_login(person(own.county, "pmo"))
    hidden, missing = client.get("/p/foreign/measures/"), client.get("/p/nowhere/measures/")

    assert hidden.status_code == missing.status_code == 404
    assert _as_read(hidden, "foreign") == _as_read(missing, "nowhere")


def _as_read(answer: Any, slug: str) -> str:
    """The page without what was asked and without the secret that differs each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode()).replace(slug, "")


def test_nobody_is_sent_to_sign_in_and_back() -> None:
    answer = Client().get("/p/own/measures/?theme=digi")

    assert answer["Location"] == "/accounts/login/?next=/p/own/measures/%3Ftheme%3Ddigi"


def test_a_part_asked_without_signing_in_is_401() -> None:
    answer = Client().get("/p/own/measures/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.content) == (401, b"")
