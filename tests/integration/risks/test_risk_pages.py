"""Risks of a real programme as pages: four parts, shared mitigations, levels that start empty, counted factors."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from programme.models import Programme, Project
from risks.models import LevelFactor, Mitigation, Risk, RiskAssessment
from tests.factories.loaded import KYMENLAAKSO, client_of, load, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return load(KYMENLAAKSO)


def send(client: Client, path: str, **data: Any) -> Any:
    """The form of the address as it was shown, with some fields typed."""
    form = client.get(path).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value not in (None, "", [])}
    return client.post(path, kept | data)


def test_risks_without_assessment_are_never_shown_as_good(programme: Programme) -> None:
    client = client_of(programme)
    answer = client.get("/p/kymenlaakso/risks/")
    page = answer.content.decode()

    assert [line.level for line in answer.context["lines"]] == [None] * 6
    assert page.count('data-level=""') == 6
    assert 'data-unplaced="6"' in page
    assert 'class="status status--ok"' not in page


def test_a_risk_shows_mitigations_it_borrows_and_an_edit_is_seen_at_each(programme: Programme) -> None:
    client = client_of(programme)
    last = Risk.objects.get(programme=programme, key="r6")
    shared = Mitigation.objects.get(programme=programme, risk__key="r2")
    page = f"/p/kymenlaakso/risks/{last.pk}/"
    borrowed = client.get(page)
    assert [group.risk.number for group in borrowed.context["served"]] == [2, 3, 5]

    edit = f"/p/kymenlaakso/risks/{shared.risk_id}/mitigations/{shared.pk}/"
    assert {row.number for row in client.get(edit).context["serves"]} == {3, 4, 6}
    assert send(client, edit, name_fi="Viikkoseuranta", effect="Todennäköisyys laskee").status_code == 302

    for key in ("r2", "r3", "r4", "r6"):
        risk = Risk.objects.get(programme=programme, key=key)
        text = text_of(client, "risks:risk_detail", KYMENLAAKSO, risk.pk)
        assert "Viikkoseuranta" in text and "Todennäköisyys laskee" in text


def test_a_level_is_set_by_assessing_and_its_course_is_shown(programme: Programme) -> None:
    client = client_of(programme)
    programme.status_date = dt.date(2024, 3, 31)
    programme.save()
    risk = Risk.objects.get(programme=programme, key="r2")
    base = f"/p/kymenlaakso/risks/{risk.pk}/"
    assert client.get(base).context["history"] == []

    first = send(
        client, f"{base}assess/", assessed_on="15.2.2024", likelihood_now="3", impact_now="3", note="Alku"
    )
    second = send(
        client, f"{base}assess/", assessed_on="15.3.2024", likelihood_now="4", impact_now="4",
        likelihood_after="2", impact_after="3",
    )  # fmt: skip
    assert (first.status_code, second.status_code) == (302, 302)

    answer = client.get(base)
    assert [row.level_now for row in answer.context["history"]] == [16, 9]
    assert answer.context["chart"].series[0].points() == [
        ("2024-02-15", 9),
        ("2024-03-15", 16),
    ]
    moved = answer.context["line"].moved
    assert (moved.kind, moved.before.text, moved.now.level) == ("up", "3 × 3", 16)
    register = client.get("/p/kymenlaakso/risks/?moment=now").content.decode()
    assert 'data-cell="4-4" data-count="1"' in register
    after = client.get("/p/kymenlaakso/risks/?moment=after").content.decode()
    assert 'data-cell="2-3" data-count="1"' in after


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"likelihood_now": "", "impact_now": "3"}, "likelihood_now"),
        ({"likelihood_now": "3", "impact_now": "6"}, "impact_now"),
        ({"likelihood_now": "3", "impact_now": "3", "likelihood_after": "2"}, "impact_after"),
        ({"likelihood_now": "3", "impact_now": "3", "assessed_on": "1.1.2199"}, "assessed_on"),
    ],
)
def test_half_an_assessment_is_refused(programme: Programme, typed: dict[str, str], field: str) -> None:
    risk = Risk.objects.get(programme=programme, key="r1")
    answer = send(client_of(programme), f"/p/kymenlaakso/risks/{risk.pk}/assess/", **typed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not RiskAssessment.objects.exists()


def test_factors_are_counted_from_the_portals_own_rows(programme: Programme) -> None:
    known = dict(
        LevelFactor.objects.filter(programme=programme)
        .exclude(counted="")
        .values_list("risk__key", "counted")
    )
    assert known == {
        "r1": "goals", "r2": "projects", "r3": "financial_indicators", "r4": "substitutes", "r5": "stakeholders",
    }  # fmt: skip
    client = client_of(programme)
    for slug in ("eka", "toka"):
        Project.objects.create(programme=programme, slug=slug, name_fi=slug)
    risk = Risk.objects.get(programme=programme, key="r2")
    base = f"/p/kymenlaakso/risks/{risk.pk}/"
    send(client, f"{base}assess/", likelihood_now="3", impact_now="3")
    Project.objects.create(programme=programme, slug="kolmas", name_fi="Kolmas")
    Project.objects.create(programme=programme, slug="ohi", name_fi="Ohi", state="done")

    [factor] = client.get(base).context["factors"]

    assert (factor.now, factor.before, factor.change) == (3, 2, 1)
    assert RiskAssessment.objects.get().counts == {"projects": 2}
    goals = Risk.objects.get(programme=programme, key="r1")
    assert client.get(f"/p/kymenlaakso/risks/{goals.pk}/").context["factors"][0].now > 0


def test_impact_areas_say_what_is_not_answered(programme: Programme) -> None:
    page = text_of(client_of(programme), "risks:impact_list", KYMENLAAKSO, language="en")
    assert page.count("◇ not yet answered") == 7


def test_promises_say_what_is_done_instead(programme: Programme) -> None:
    page = text_of(client_of(programme), "risks:promise_list", KYMENLAAKSO, language="en")
    assert page.count("Instead:") == 6
    assert "We do not dismiss own staff" in page
