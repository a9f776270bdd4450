"""Values that people enter: approved by another person, returned, corrected, derived, judged, reminded of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from accounts.models import Notification, User
from core.models import Attachment
from kpis.evaluating import evaluate
from kpis.models import (
    Evaluation,
    Indicator,
    IndicatorSummary,
    Judgement,
    ManualValue,
    Observation,
    SourceLink,
    TargetRule,
)
from kpis.services import follow_goal, save_and_judge
from kpis.values import derived, entering, indicators, judging, stated
from kpis.values.forms import IndicatorForm
from kpis.values.reminding import remind
from kpis.values.sources import OwnSourceForm
from measures.models import ImportMapping, ImportRun
from programme.models import Programme
from tests.factories.accounts import make_member, make_programme
from tests.factories.kpis import make_indicator, make_observation, make_rule, make_source_link
from tests.factories.loaded import ETELA_KARJALA, load
from tests.factories.programme import make_goal, make_theme

pytestmark = pytest.mark.django_db
DAY = dt.date(2025, 3, 1)


@pytest.fixture
def programme() -> Programme:
    return make_programme("koe", status_date=dt.date(2025, 3, 31))


@pytest.fixture
def enterer(programme: Programme) -> User:
    return make_member(programme, "controller")


@pytest.fixture
def approver(programme: Programme) -> User:
    return make_member(programme, "director")


@pytest.fixture
def indicator(programme: Programme, enterer: User) -> Indicator:
    return make_indicator(programme, unit="%", owner=enterer)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def entered(indicator: Indicator, by: User, **fields: Any) -> ManualValue:
    own = {"year": 2024, "value": Decimal(10)} | fields
    return entering.enter(value=ManualValue(programme=indicator.programme, indicator=indicator, **own), by=by)


def codes(person: User) -> list[str]:
    return list(Notification.objects.filter(user=person, read_at=None).values_list("code", flat=True))


# --- entering and approving ---------------------------------------------------------------------------------------


def test_a_share_is_worked_out_and_counts_when_another_person_approves(
    indicator: Indicator, enterer: User, approver: User
) -> None:
    pages = f"/en/p/koe/kpis/{indicator.pk}/values/"
    sent = {"year": "2024", "region_role": "own", "count": "1 075", "base_count": "4 300,0", "source": "HR"}
    answer = signed_in(enterer).post(f"{pages}add/", sent)
    assert answer.status_code == 302
    value = ManualValue.objects.get()
    assert (value.state, value.value, value.entered_by) == ("entered", Decimal("25"), enterer)
    assert codes(approver) == ["kpi.entered"]
    assert not Observation.objects.exists()

    approve = f"/en/p/koe/kpis/values/{value.pk}/approve/"
    assert signed_in(enterer).post(approve).status_code == 403
    assert signed_in(approver).post(approve).status_code == 302

    row = Observation.objects.get()
    value.refresh_from_db()
    assert (row.value, row.count, row.base_count, row.source) == (25, 1075, 4300, "HR")
    assert (value.state, value.observation, value.decided_by) == ("approved", row, approver)
    assert (codes(approver), codes(enterer)) == ([], ["kpi.approved"])
    assert IndicatorSummary.objects.get(indicator=indicator).own == 25


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"value": "26", "count": "75", "base_count": "300"}, "value"),
        ({"count": "301", "base_count": "300"}, "base_count"),
        ({"value": "120"}, "value"),
        ({"value": "1", "term": "1", "month": "2"}, "month"),
        ({"value": "1", "year": "2031"}, "year"),
        ({"value": "1", "note": "Kysyi 131052-308T"}, "note"),
        ({}, "value"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_its_field(
    indicator: Indicator, enterer: User, sent: dict[str, str], field: str
) -> None:
    Indicator.objects.update(high=100)
    address = f"/en/p/koe/kpis/{indicator.pk}/values/add/"
    answer = signed_in(enterer).post(address, {"year": "2024", "region_role": "own"} | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not ManualValue.objects.exists()


def test_the_database_lets_nobody_approve_their_own_or_rewrite_what_was_approved(
    indicator: Indicator, enterer: User, approver: User
) -> None:
    value = entered(indicator, enterer)
    with pytest.raises(ValidationError, match=str(entering.NOT_OWN)):
        entering.approve(value=value, by=enterer, on=DAY)
    row = make_observation(indicator, year=2020)
    rows = ManualValue.objects.filter(pk=value.pk)
    with pytest.raises(IntegrityError, match="not_own"), transaction.atomic():
        rows.update(state="approved", decided_by=enterer, decided_on=DAY, observation=row)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(entered_by=approver)
    entering.approve(value=value, by=approver, on=DAY)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        rows.update(value=99)


def test_a_returned_value_is_corrected_and_a_correction_of_an_approved_one_is_a_new_vintage(
    indicator: Indicator, enterer: User, approver: User
) -> None:
    value = entered(indicator, enterer)
    page = f"/en/p/koe/kpis/values/{value.pk}/"
    assert signed_in(approver).post(f"{page}return/", {"reason": ""}).status_code == 422
    assert signed_in(approver).post(f"{page}return/", {"reason": "Väärä vuosi"}).status_code == 302
    value.refresh_from_db()
    assert (value.state, value.reason, codes(enterer)) == ("returned", "Väärä vuosi", ["kpi.returned"])

    form = signed_in(enterer).get(f"{page}edit/").context["form"]
    sent = {"was": form.initial["was"], "year": "2024", "region_role": "own", "value": "11,5"}
    assert signed_in(enterer).post(f"{page}edit/", sent).status_code == 302
    assert codes(approver) == ["kpi.entered"]  # asked anew
    value.refresh_from_db()
    entering.approve(value=value, by=approver, on=DAY)
    assert signed_in(enterer).get(f"{page}edit/").status_code == 302  # to a new value

    again = entered(indicator, enterer, value=Decimal("11.6"))
    entering.approve(value=again, by=approver, on=DAY)
    found = Observation.objects.order_by("vintage").values_list("vintage", "value")
    assert list(found) == [(1, Decimal("11.5")), (2, Decimal("11.6"))]
    same = entered(indicator, enterer, value=Decimal("11.6"))
    with pytest.raises(ValidationError, match=str(entering.SAME)):
        entering.approve(value=same, by=approver, on=DAY)


def test_many_are_approved_at_once_without_own_ones_and_those_that_moved(
    programme: Programme, indicator: Indicator, enterer: User, approver: User
) -> None:
    mine = entered(indicator, approver, year=2020)
    first, moved = entered(indicator, enterer, year=2021), entered(indicator, enterer, year=2022)
    rows = [f"{mine.pk}:1", f"{first.pk}:1", f"{moved.pk}:7", "x", "9" * 40]
    client = signed_in(approver)
    page = client.get("/en/p/koe/kpis/values/")
    assert page.content.decode().count('name="row"') == 2  # one's own cannot be ticked
    assert client.post("/en/p/koe/kpis/values/approve/", {"row": rows}).status_code == 302
    states = dict(ManualValue.objects.values_list("year", "state"))
    assert states == {2020: "entered", 2021: "approved", 2022: "entered"}


def test_a_baseline_that_is_entered_ends_the_search_for_one(
    programme: Programme, indicator: Indicator, enterer: User, approver: User
) -> None:
    Indicator.objects.update(needs_baseline=True)
    assert list(indicators.without_baseline(programme)) == [indicator]
    page = signed_in(enterer).get("/en/p/koe/kpis/gaps/").content.decode()
    assert f"/kpis/{indicator.pk}/values/add/?baseline=1" in page
    value = entered(indicator, enterer, is_baseline=True)
    entering.approve(value=value, by=approver, on=DAY)
    assert Observation.objects.get().is_baseline
    assert not indicators.without_baseline(programme).exists()


# --- indicators -----------------------------------------------------------------------------------------------------


def test_a_metric_is_saved_as_a_draft_with_what_it_could_measure(programme: Programme) -> None:
    office = signed_in(make_member(programme))
    sent = {
        "name_fi": "Paine",
        "state": "draft",
        "scope": "monitoring",
        "to_be_specified_fi": "Jono tai peittävyys",
    }
    assert office.post("/en/p/koe/kpis/add/", sent).status_code == 302
    row = Indicator.objects.get(key="paine")
    assert (row.state, row.to_be_specified_fi) == ("draft", "Jono tai peittävyys")
    sent = {"name_fi": "Miehet", "dimension": "gender"}
    assert office.post(f"/en/p/koe/kpis/{row.pk}/groups/add/", sent).status_code == 302
    assert row.groups.get().key == "male"  # as Sotkanet's rows name it

    make_observation(row)
    address = f"/en/p/koe/kpis/{row.pk}/delete/"
    assert office.post(address, {"reason": "Turha"}).status_code == 422
    empty = make_indicator(programme, key="i9", state="draft")
    assert office.post(f"/en/p/koe/kpis/{empty.pk}/delete/", {"reason": "Turha"}).status_code == 302
    assert Indicator.objects.filter(key="i9").count() == 0


# --- derived --------------------------------------------------------------------------------------------------------


def make_derived(
    indicator: Indicator, formula: str, top: list[Indicator], bottom: list[Indicator]
) -> SourceLink:
    link = SourceLink(programme=indicator.programme, indicator=indicator, formula=formula, key=f"d-{formula}")
    return derived.add_derived(link=link, top=top, bottom=bottom, by=None)


def test_a_derived_indicator_follows_its_inputs_where_all_are_known(
    programme: Programme, indicator: Indicator, enterer: User, approver: User
) -> None:
    done, base = make_indicator(programme, key="done"), make_indicator(programme, key="base")
    change = make_indicator(programme, key="change")
    make_observation(base, year=2024, value=300)
    make_derived(indicator, "share", [done], [base])
    make_derived(change, "change", [indicator], [])
    for year, value in ((2023, 60), (2024, 75)):
        entering.approve(value=entered(done, enterer, year=year, value=Decimal(value)), by=approver, on=DAY)
    found = Observation.objects.filter(indicator=indicator).values_list("year", "value", "source")
    assert list(found) == [(2024, Decimal(25), "derived")]  # the base of 2023 is unknown, not zero

    entering.approve(value=entered(base, enterer, year=2023, value=Decimal(240)), by=approver, on=DAY)
    entering.approve(value=entered(done, enterer, year=2024, value=Decimal(90)), by=approver, on=DAY)
    rows = Observation.objects.filter(indicator=indicator).order_by("year", "vintage")
    assert list(rows.values_list("year", "vintage", "value")) == [(2023, 1, 25), (2024, 1, 25), (2024, 2, 30)]
    assert Observation.objects.filter(indicator=change).latest("vintage").value == 5  # over two steps

    (told,) = derived.stated_inputs(indicator)
    assert (str(told.period), told.value, [value for _one, value in told.rows]) == ("2024", 30, [90, 300])
    with pytest.raises(ValidationError, match=str(derived.CYCLE)):
        make_derived(done, "sum", [change], [])


# --- judgements -----------------------------------------------------------------------------------------------------


def test_a_person_answers_with_a_reason_and_evidence_and_may_take_it_back(
    programme: Programme, indicator: Indicator, approver: User
) -> None:
    make_rule(indicator, kind="yes_no")
    client, address = signed_in(approver), f"/en/p/koe/kpis/{indicator.pk}/judgements/2024/"
    assert client.post(address, {"answer": "yes", "reason": ""}).status_code == 422
    assert client.post(address, {"answer": "partly", "reason": "Osin"}).status_code == 422  # a yes or no
    assert client.post(address, {"answer": "yes", "reason": "Sopimus on tehty"}).status_code == 302
    assert IndicatorSummary.objects.get(indicator=indicator).outcome == "met"
    file = SimpleUploadedFile("sopimus.txt", b"Sopimus 1")
    assert client.post(f"{address}files/", {"file": file, "note": "Sopimus"}).status_code == 302
    kept = Attachment.objects.get()
    reader = make_member(programme, "staff")
    assert signed_in(reader).get(f"/en/p/koe/files/{kept.pk}/").status_code in (200, 404)

    form = client.get(address).context["form"]
    sent = {"was": form.initial["was"], "answer": "not_yet", "reason": "Sopimus purettiin"}
    assert client.post(address, sent).status_code == 302
    assert not Judgement.objects.exists()
    assert IndicatorSummary.objects.get(indicator=indicator).outcome != "met"


def test_what_waits_for_a_judgement_is_asked_of_the_owner(
    programme: Programme, indicator: Indicator, enterer: User
) -> None:
    make_rule(indicator, kind="qualitative")
    make_observation(indicator, year=2024, value=5)
    evaluate([indicator], today=DAY)
    asked = judging.asked_of(enterer, [programme])
    assert 2024 in [one.year for one in asked]


# --- late values ----------------------------------------------------------------------------------------------------


def test_a_late_value_is_told_once_in_a_cycle(
    programme: Programme, indicator: Indicator, enterer: User
) -> None:
    Indicator.objects.update(cycle_months=12, lag_months=6)
    make_observation(indicator, year=2023)
    assert remind(today=dt.date(2025, 6, 30)) == 0
    assert remind(today=dt.date(2025, 7, 1)) == 1
    assert remind(today=dt.date(2025, 7, 2)) == 0
    assert remind(today=dt.date(2026, 6, 30)) == 0
    assert remind(today=dt.date(2026, 7, 1)) == 1
    assert codes(enterer) == ["kpi.late", "kpi.late"]


def test_an_ended_source_that_would_close_a_circle_stays_ended(
    programme: Programme, indicator: Indicator, enterer: User
) -> None:
    other, third = make_indicator(programme, key="other"), make_indicator(programme, key="third")
    first = make_derived(indicator, "sum", [other, third], [])
    SourceLink.objects.filter(pk=first.pk).update(is_ended=True)
    make_derived(other, "sum", [indicator, third], [])
    first.refresh_from_db()
    form = OwnSourceForm(None, instance=first, programme=programme, user=enterer)
    sent = {"name_fi": "Summa", "was": form.initial["was"], "version": "1"}
    form = OwnSourceForm(sent, instance=first, programme=programme, user=enterer)
    assert list(form.errors) == ["is_ended"]
    assert not OwnSourceForm(
        sent | {"is_ended": "on"}, instance=first, programme=programme, user=enterer
    ).errors


def test_what_a_rule_reads_of_its_indicator_is_judged_anew_when_it_is_edited(
    programme: Programme, indicator: Indicator, enterer: User
) -> None:
    make_rule(indicator, kind="compare", compare="above", value=50)
    link = make_source_link(indicator)
    make_observation(indicator, year=2024, value=60, source_link=link)
    evaluate([indicator])

    def said() -> str:
        row = Evaluation.objects.get(indicator=indicator, year=2024, superseded_at=None)
        return f"{row.outcome} {row.params.get('decimals')}"

    def save(form_class: Any, row: Any, **sent: Any) -> None:
        shown = form_class(None, instance=row, programme=programme, user=enterer)
        values = {one.html_name: one.value() for one in shown if one.value() not in (None, False)}
        form = form_class(values | shown.initial | sent, instance=row, programme=programme, user=enterer)
        assert form.is_valid(), form.errors
        save_and_judge(form, enterer)

    assert said() == "met None"
    save(IndicatorForm, Indicator.objects.get(pk=indicator.pk), decimals="2", breakdown_rule="all")
    assert said() == "cannot_judge None"  # the groups are not known
    save(IndicatorForm, Indicator.objects.get(pk=indicator.pk), breakdown_rule="")
    assert said() == "met 2"
    goal = make_goal(make_theme(programme))
    of_goal = make_rule(indicator, key="g", kind="compare", compare="below", value=50)
    TargetRule.objects.filter(pk=of_goal.pk).update(indicator=None, goal=goal)
    follow_goal(goal=goal, add={indicator.pk}, remove=set(), by=enterer)
    assert Evaluation.objects.get(rule=of_goal, year=2024).outcome == "not_met"
    follow_goal(goal=goal, add=set(), remove={indicator.pk}, by=enterer)
    assert not Evaluation.objects.filter(rule=of_goal, superseded_at=None).exists()


# --- files ----------------------------------------------------------------------------------------------------------

FILE = "Mittari;Vuosi;Arvo;Määrä;Yhteensä\nMittari;2023;48,3;;\ni1;2024;;75;300\n"


def bring(client: Client, text: str) -> ImportRun:
    file = SimpleUploadedFile("arvot.csv", text.encode())
    assert client.post("/en/p/koe/kpis/values/files/", {"file": file}).status_code == 302
    return ImportRun.objects.latest("pk")


def columns(client: Client, run: ImportRun) -> Any:
    form = client.get(f"/en/p/koe/kpis/values/files/{run.pk}/columns/").context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"name": "Kysely"}
    return client.post(f"/en/p/koe/kpis/values/files/{run.pk}/columns/", sent)


def test_a_file_is_taken_over_whole_by_another_person_and_again_only_what_differs(
    indicator: Indicator, enterer: User, approver: User
) -> None:
    bringer, taker = signed_in(enterer), signed_in(approver)
    run = bring(bringer, FILE)
    assert columns(bringer, run).status_code == 302
    page = taker.get(f"/en/p/koe/kpis/values/files/{run.pk}/")
    seen = page.context["preview"].print
    assert 'data-counts="2 0 0"' in page.content.decode()
    take = f"/en/p/koe/kpis/values/files/{run.pk}/take/"
    assert bringer.post(take, {"seen": seen}).status_code == 403
    assert taker.post(take, {"seen": "another"}).status_code == 302
    assert not Observation.objects.exists()
    taker.post(take, {"seen": seen})
    assert list(Observation.objects.values_list("year", "value")) == [(2023, Decimal("48.3")), (2024, 25)]

    again = bring(bringer, FILE.replace("48,3", "48,5"))  # the kept columns are used by themselves
    assert (again.state, again.mapping) == ("read", ImportMapping.objects.get())
    seen = taker.get(f"/en/p/koe/kpis/values/files/{again.pk}/").context["preview"].print
    taker.post(f"/en/p/koe/kpis/values/files/{again.pk}/take/", {"seen": seen})
    again.refresh_from_db()
    assert {kind: again.counts[kind] for kind in ("new", "revised", "same")} == {
        "new": 0,
        "revised": 1,
        "same": 1,
    }


def test_problems_of_a_file_name_their_row_and_column_and_nothing_is_stored(
    indicator: Indicator, enterer: User, approver: User
) -> None:
    bringer, taker = signed_in(enterer), signed_in(approver)
    run = bring(bringer, FILE + "Tuntematon;2024;1;;\ni1;vuosi;1;;\ni1;2022;x;;\ni1;2024;3;;\n")
    columns(bringer, run)
    run.refresh_from_db()
    places = [(one["row"], one["column"], one["code"]) for one in run.problems]
    assert places == [
        (4, 0, "unknown_indicator"), (5, 1, "not_a_period"), (6, 2, "not_a_number"), (7, 2, "twice"),
    ]  # fmt: skip
    page = taker.get(f"/en/p/koe/kpis/values/files/{run.pk}/")
    assert "row 6, column C" in page.content.decode()
    taker.post(f"/en/p/koe/kpis/values/files/{run.pk}/take/", {"seen": page.context["preview"].print})
    assert not Observation.objects.exists()


# --- 360-degree measurements ----------------------------------------------------------------------------------------


def test_coverage_of_the_360_measurements_is_a_number_out_of_all_supervisors() -> None:
    programme = load(ETELA_KARJALA)
    Programme.objects.filter(pk=programme.pk).update(status_date=dt.date(2026, 3, 31))
    programme.refresh_from_db()
    (target,) = stated.stated_targets(programme)
    office, other = make_member(programme), make_member(programme, "director")
    indicator = stated.follow_statement(statement=target.statement, by=office)
    assert stated.follow_statement(statement=target.statement, by=office) == indicator
    address = f"/en/p/{ETELA_KARJALA}/kpis/{indicator.pk}/values/"
    for year, count in ((2024, 75), (2025, 299)):
        sent = {"year": str(year), "region_role": "own", "count": str(count), "base_count": "300"}
        assert signed_in(office).post(f"{address}add/", sent).status_code == 302
        entering.approve(value=ManualValue.objects.get(year=year), by=other, on=DAY)
    page = signed_in(office).get(address).content.decode()
    assert ['data-needed="75"' in page, 'data-needed="300"' in page] == [True, True]
    outcomes = TargetRule.objects.filter(indicator=indicator, evaluations__superseded_at=None)
    found = set(outcomes.values_list("year", "evaluations__year", "evaluations__outcome"))
    assert {(2024, 2024, "met"), (2025, 2025, "not_met")} <= found


#: The people that a row of the kpis tables may name: who did something to it, never whom it tells of.
DOERS = {
    "owner", "created_by", "updated_by", "entered_by", "decided_by", "judged_by", "confirmed_by", "asked_by",
    "requested_by",
}  # fmt: skip


def test_no_table_of_indicators_can_hold_a_persons_result() -> None:
    from django.apps import apps

    for model in apps.get_app_config("kpis").get_models():
        if model.__name__.endswith("Event"):
            continue
        people = {f.name for f in model._meta.fields if f.related_model is User}
        assert people <= DOERS, model
        words = {"person", "employee", "supervisor", "respondent", "answerer", "ssn", "hetu"}
        assert not {f.name for f in model._meta.fields if words & set(f.name.split("_"))}, model
