"""Answers of the annual objectives, the council's decisions on them, and the reports to the council."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import Notification, User
from kpis import observing
from kpis.models import Indicator, Observation, RefreshRun, TargetRule
from programme.models import Body, Programme
from strategy.models import (
    AnnualObjective,
    FixedMetric,
    MetricYear,
    ObjectiveMetric,
    ObjectiveSet,
    ReportingPoint,
    StatisticsNews,
    VisionIndicator,
)
from strategy.objectives.answering import said_before
from strategy.objectives.fixing import compared, fix_year
from strategy.objectives.matrix import chains_of, objective_matrix, readable_objectives, wording_missing
from strategy.objectives.points import add_year, contents_of, state_of
from tests.factories.accounts import make_member, make_programme
from tests.factories.loaded import address_of
from tests.factories.strategy import make_metric, make_objective, make_vision_theme, make_year

pytestmark = pytest.mark.django_db
DAY = {"decided_on": dt.date(2023, 12, 13)}


@pytest.fixture
def programme() -> Programme:
    return make_programme("ohjelma")


@pytest.fixture
def office(programme: Programme) -> User:
    return make_member(programme, "pmo")


@pytest.fixture
def client(office: User) -> Client:
    client = Client()
    client.force_login(office)
    return client


@pytest.fixture
def objective(programme: Programme) -> AnnualObjective:
    """An objective with a yes/no question, a limit and a growing series, 2023 and 2024."""
    made = make_objective(programme)
    rules: list[dict[str, Any]] = [
        {"kind": "yes_no"},
        {"kind": "compare", "compare": "below", "value": Decimal("5.5"), "unit": "%"},
        {"kind": "series_increase", "versus_year": 2022, "versus_value": Decimal(900)},
    ]
    for at, fields in enumerate(rules):
        rule = TargetRule.objects.create(
            programme=programme, key=f"metric/{at}", valid_from="2023-01-01", **fields
        )
        metric = make_metric(made, key=f"o1-{at}", position=at, rule=rule, unit=fields.get("unit", ""))
        for year in (2023, 2024):
            make_year(metric, year=year)
    return made


def row_of(objective: AnnualObjective, at: int, year: int) -> MetricYear:
    return MetricYear.objects.get(metric__objective=objective, metric__position=at, year=year)


def send(client: Client, row: MetricYear, **values: Any) -> Any:
    """The answer form as a browser sends it: what it first showed goes along."""
    url = address_of("strategy:answer_edit", row.programme.slug, row.pk)
    form = client.get(url).context["form"]
    hidden = {"was": form.initial["was"], "token": form.initial["token"]}
    return client.post(url, hidden | values)


def test_no_needs_a_reason_and_history_keeps_each_answer(
    client: Client, office: User, objective: AnnualObjective
) -> None:
    row = row_of(objective, 0, 2024)
    refused = send(client, row, answer="no", note="")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["note"])
    assert refused.context["kept"].answer == "open"
    assert send(client, row, answer="no", note="Siirtyi").status_code == 302
    assert send(client, row, answer="yes", note="Valmistui").status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_by, row.is_judged) == ("yes", office, False)
    assert [(one.answer, one.note) for one in said_before(row)] == [("yes", "Valmistui"), ("no", "Siirtyi")]


def test_a_figure_is_judged_exactly_and_a_person_may_judge_otherwise(
    client: Client, objective: AnnualObjective
) -> None:
    limit, grows, later = (row_of(objective, 1, 2024), row_of(objective, 2, 2023), row_of(objective, 2, 2024))
    refused = send(client, limit, answer="", number="5,5", note="")
    assert list(refused.context["form"].errors) == [
        "note"
    ]  # exactly the limit is not below it: a "no" has a reason
    assert send(client, limit, answer="", number="5,4999", note="").status_code == 302
    send(client, grows, answer="", number="1000", note="")
    send(client, later, answer="", number="1100", note="")
    assert [row_of(objective, 2, year).answer for year in (2023, 2024)] == ["yes", "yes"]
    send(client, grows, answer="", number="1200", note="")  # a higher year before turns the later answer
    assert row_of(objective, 2, 2024).answer == "no"
    assert list(send(client, limit, answer="partly", number="5,4", note="").context["form"].errors) == [
        "note"
    ]
    send(client, limit, answer="partly", number="5,4", note="Laskutapa muuttui")
    limit.refresh_from_db()
    assert (limit.answer, limit.is_judged, limit.number) == ("partly", True, Decimal("5.4"))


def test_evidence_stays_beside_the_answer(client: Client, objective: AnnualObjective) -> None:
    row = row_of(objective, 0, 2024)
    url = address_of("strategy:answer_file_add", row.programme.slug, row.pk)
    file = SimpleUploadedFile("perustelu.txt", b"Perustelu")
    assert client.post(url, {"file": file, "note": "Muistio", "token": "t"}).status_code == 302
    page = client.get(
        address_of("strategy:objective_detail", row.programme.slug, objective.key)
    ).content.decode()
    assert "perustelu.txt" in page and "Muistio" in page


def test_a_year_is_answered_at_once_or_not_at_all(client: Client, objective: AnnualObjective) -> None:
    rows = [row_of(objective, at, 2024) for at in range(3)]
    url = address_of("strategy:year_answers", rows[0].programme.slug, 2024)
    sent: dict[str, Any] = {}
    for row in rows:
        sent |= {f"a{row.pk}-seen": row.version, f"a{row.pk}-note": "", f"initial-a{row.pk}-note": ""}
        first = "open" if row == rows[0] else ""
        sent |= {f"a{row.pk}-answer": first, f"initial-a{row.pk}-answer": first}
    wrong = client.post(url, sent | {f"a{rows[0].pk}-answer": "yes", f"a{rows[1].pk}-number": "6"})
    assert wrong.status_code == 422
    assert row_of(objective, 0, 2024).answer == "open"
    right = sent | {f"a{rows[0].pk}-answer": "yes", f"a{rows[1].pk}-number": "5"}
    MetricYear.objects.filter(pk=rows[2].pk).update(
        answer="no", note="Toisen"
    )  # nobody touched that line here
    assert client.post(url, right).status_code == 302
    assert [row_of(objective, at, 2024).answer for at in range(3)] == ["yes", "yes", "no"]
    assert (
        client.post(url, right | {f"a{rows[0].pk}-answer": "no", f"a{rows[0].pk}-note": "Ei"}).status_code
        == 409
    )


def test_only_the_owner_and_the_office_answer(programme: Programme, objective: AnnualObjective) -> None:
    lead = make_member(programme, "measure")
    client = Client()
    client.force_login(lead)
    row = row_of(objective, 0, 2024)
    url = address_of("strategy:answer_edit", programme.slug, row.pk)
    assert client.get(url).status_code == 403
    AnnualObjective.objects.filter(pk=objective.pk).update(owner=lead)
    assert client.get(url).status_code == 200


# --- fixed by the council ------------------------------------------------------------------------------------


def test_what_is_fixed_changes_by_another_decision_only(
    client: Client, programme: Programme, office: User, objective: AnnualObjective
) -> None:
    council = Body.objects.create(
        programme=programme, key="aluevaltuusto", kind="county_council", name_fi="Valtuusto"
    )
    first = fix_year(programme=programme, year=2024, decision=DAY | {"body": council}, reason="", by=office)
    metric = objective.metrics.get(position=0)
    url = address_of("strategy:metric_edit", programme.slug, metric.pk)
    form = client.get(url).context["form"]
    sent = {name: form.initial.get(name) or "" for name in ("was", "token", "seen", "asked_years")}
    sent |= {"name_fi": "Toinen kysymys", "kind": "yes_no", "years_stated": "on"}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"body", "decided_on", "reason"}
    decided = sent | {"body": council.pk, "decided_on": "14.2.2024", "section": "7", "reason": "Tarkennus"}
    assert client.post(url, decided).status_code == 302
    second = ObjectiveSet.objects.get(programme=programme, year=2024, number=2)
    assert (second.reason, second.decision.section) == ("Tarkennus", "7")
    (_set, changes), (_first, none) = compared(programme, 2024)
    assert [(one.what, one.before["fi"], one.after["fi"]) for one in changes] == [
        ("metric_name", "Onko tehty", "Toinen kysymys")
    ]
    assert none == [] and first.metrics.filter(metric_name={"fi": "Onko tehty"}).exists()


def test_a_missing_wording_is_entered_without_a_decision_but_changed_with_one(
    client: Client, programme: Programme, office: User, objective: AnnualObjective
) -> None:
    fix_year(programme=programme, year=2024, decision=DAY, reason="", by=office)
    url = address_of("strategy:objective_edit", programme.slug, objective.key)

    def post(text: str) -> Any:
        form = client.get(url).context["form"]
        return client.post(
            url, {"was": form.initial["was"], "number": 1, "name_fi": "Tavoite", "text_fi": text}
        )

    assert post("Valtuuston sanamuoto").status_code == 302
    assert post("Toinen sanamuoto").status_code == 422


def test_fixed_metrics_are_immutable_and_fixing_twice_needs_a_change(
    programme: Programme, office: User, objective: AnnualObjective
) -> None:
    fix_year(programme=programme, year=2024, decision=DAY, reason="", by=office)
    with pytest.raises(DatabaseError), transaction.atomic():
        FixedMetric.objects.update(position=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        FixedMetric.objects.all().delete()
    with pytest.raises(ValidationError, match=".+"):
        fix_year(programme=programme, year=2024, decision=DAY, reason="Sama", by=office)


def test_a_changed_rule_is_a_new_version(
    client: Client, programme: Programme, objective: AnnualObjective
) -> None:
    metric = objective.metrics.select_related("rule").get(position=1)
    url = address_of("strategy:metric_edit", programme.slug, metric.pk)
    form = client.get(url).context["form"]
    sent = {name: form.initial.get(name) or "" for name in ("was", "token", "seen")}
    sent |= {"name_fi": "Onko tehty", "kind": "compare", "compare": "below", "value": "5,0", "unit": "%"}
    assert client.post(url, sent | {"asked_years": "2024, 2025", "years_stated": "on"}).status_code == 302
    metric.rule.refresh_from_db()
    now = ObjectiveMetric.objects.select_related("rule").get(pk=metric.pk)
    assert (metric.rule.value, now.rule.value, metric.rule.valid_to is not None) == (Decimal("5.5"), 5, True)
    assert sorted(now.years.values_list("year", flat=True)) == [2024, 2025]


def test_chain_warns_when_the_step_before_is_a_no(programme: Programme) -> None:
    objective = make_objective(programme)
    plan, use, effects = (make_metric(objective, key=f"o1-{at}", position=at) for at in range(3))
    ObjectiveMetric.objects.filter(pk=use.pk).update(follows=plan)
    ObjectiveMetric.objects.filter(pk=effects.pk).update(follows=use)
    make_year(plan, year=2023, answer="no", note="Ei")
    make_year(use, year=2024, answer="yes")
    make_year(effects, year=2025)
    (chain,) = chains_of(readable_objectives(programme).get())
    assert [step.pk for step in chain.steps] == [plan.pk, use.pk, effects.pk]
    (row,) = objective_matrix(programme).rows
    warned = [[bool(one.missing_step) for one in cell.answers] for cell in row.cells]  # type: ignore[attr-defined]
    assert warned == [[False], [True], [True]]


# --- reports to the council ----------------------------------------------------------------------------------


def test_a_report_prints_no_objective_without_its_wording(
    client: Client, programme: Programme, objective: AnnualObjective
) -> None:
    add_year(programme=programme, year=2024, by=None)
    assert add_year(programme=programme, year=2024, by=None) == 0
    accounts = ReportingPoint.objects.get(kind="accounts", year=2024)
    AnnualObjective.objects.filter(pk=objective.pk).update(text_fi="Sanamuoto")
    (missing,) = wording_missing(programme, 2024)
    assert (missing.is_own, len(missing.metrics)) == (False, 3)
    assert [told.is_printed for told in contents_of(accounts).objectives] == [False]
    ObjectiveMetric.objects.update(text_fi="Mittarin sanamuoto")
    MetricYear.objects.filter(year=2024).update(answer="no", note="Syyskuun viive")
    page = client.get(address_of("strategy:point_detail", programme.slug, accounts.pk)).content.decode()
    assert wording_missing(programme, 2024) == []
    assert (
        page.count('data-printed="yes"')
        == page.count("Mittarin sanamuoto")
        == page.count("Syyskuun viive")
        == 3
    )


def test_a_point_whose_day_has_passed_is_missed(programme: Programme) -> None:
    point = ReportingPoint(kind="budget", year=2024, due_on=dt.date(2023, 12, 31))
    assert state_of(point, dt.date(2023, 12, 31)) == "coming"
    assert state_of(point, dt.date(2024, 1, 1)) == "missed"
    point.state = "given"
    assert state_of(point, dt.date(2024, 1, 1)) == "given"


def test_new_statistics_make_one_report_that_stays_as_it_was(
    client: Client, programme: Programme, office: User
) -> None:
    theme = make_vision_theme(programme)
    indicator = Indicator.objects.create(
        programme=programme, key="i1", name_fi="Elämänlaatu", scope="vision", unit="%"
    )
    other = Indicator.objects.create(programme=programme, key="i2", name_fi="Muu")
    VisionIndicator.objects.create(programme=programme, theme=theme, indicator=indicator)
    TargetRule.objects.create(
        programme=programme, key="i1", indicator=indicator, kind="compare", compare="above", value=50,
        valid_from="2023-01-01",
    )  # fmt: skip
    run = RefreshRun.objects.create(programme=programme)
    reading = observing.Reading

    def store(about: Indicator, *readings: Any, run: RefreshRun | None = None) -> None:
        observing.store(indicator=about, link=None, readings=readings, source="Sotkanet", run=run)

    store(indicator, reading(2022, Decimal("48.3")))
    store(indicator, reading(2023, Decimal("49.0")), reading(2024, Decimal("51.5")), run=run)
    store(other, reading(2024, Decimal(1)), run=run)
    for _twice in range(2):
        for act in observing.on_new_statistics:
            act(run, Observation.objects.filter(run=run))
    point = ReportingPoint.objects.get(programme=programme, kind="statistics")
    (news,) = contents_of(point).news
    assert (news.observation.value, news.before.value) == (Decimal("51.5"), Decimal("49.0"))
    assert (news.evaluation.outcome, news.evaluation_before.outcome) == ("met", "not_met")
    assert Notification.objects.filter(user=office, code="strategy.statistics").count() == 1
    store(indicator, reading(2024, Decimal("47.0")))
    with pytest.raises(DatabaseError), transaction.atomic():
        StatisticsNews.objects.update(before=None)
    (kept,) = contents_of(point).news
    assert (kept.observation.value, kept.evaluation.outcome) == (Decimal("51.5"), "met")
    page = client.get(address_of("strategy:point_detail", programme.slug, point.pk)).content.decode()
    assert "51,5" in page and 'data-news="new"' in page
