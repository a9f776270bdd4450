"""Gates: what they ask for, who decides, what is locked, the way back; services, pages, notices."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Notification
from accounts.notices import latest
from core.talk.services import follow
from measures import gates
from measures.gate_defaults import DEFAULTS, default_gates, gates_of
from measures.gate_forms import DecideForm
from measures.models import GateDecision, GateDefinition, Measure, MeasureTarget, SavingsEntry, SavingsLine
from measures.services import (
    Cell,
    CellsRefused,
    SavingsError,
    change_stage,
    locked_measures,
    record_entries,
)
from measures.services.gates import NotReady, ask_gate, decide_gate, take_back
from programme.models import Decision, RoleGrant, Theme
from risks.checking import PARTS, sign_off
from risks.models import ImpactArea, ImpactAssessment, Promise, PromiseCheck, Risk
from tests.factories.accounts import make_member
from tests.factories.gates import DAY, Gated, make_gated
from tests.factories.measures import make_confirmation, make_entry, make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db
CARD = "/p/koe/measures/M-1/"


@pytest.fixture
def gated() -> Gated:
    return make_gated()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def decide(gated: Gated, by: Any = None, **options: Any) -> GateDecision:
    wanted = {"approve": True, "on": DAY, "values": gated.values} | options
    return decide_gate(measure=gated.measure, by=by or gated.steering, **wanted)


def missing(gated: Gated, *keys: str) -> list[str]:
    gated.measure.refresh_from_db()
    return gates.unmet_names(gated.ground.programme, gated.measure, keys or gates.REGISTRY)


def test_staff_who_follow_the_talk_are_not_told_why_a_gate_was_decided(gated: Gated) -> None:
    """A measure's talk is open to staff; its gates are not (core.talk, measure.view)."""
    people = {role: make_member(gated.ground.programme, role) for role in ("staff", "controller")}
    for person in people.values():
        follow(about=gated.measure, user=person, want="follow")

    decide(gated, reason="Säästö on 12 000 euroa")

    told = {row.user_id for row in Notification.objects.filter(code="gate.approved")}
    assert people["controller"].pk in told and people["staff"].pk not in told


# --- the registry ---------------------------------------------------------------------------------------------


def test_the_registry_holds_every_check_and_the_default_gates_know_no_other() -> None:
    assert set(gates.REGISTRY) == {
        "described", "owner", "dates", "goal", "lines", "target", "plan", "basis", "confidence", "resources",
        "last_word", "kpi_link", "risks", "promises", "impacts", "negatives", "groups", "heard", "closure",
    }  # fmt: skip
    assert {key for default in DEFAULTS.values() for key in default.checks} <= set(gates.REGISTRY)
    for check in gates.REGISTRY.values():
        assert str(check.label) and str(check.missing)


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match="owner"):
        gates.register(gates.REGISTRY["owner"])


def test_a_measure_with_everything_lacks_nothing(gated: Gated) -> None:
    assert missing(gated) == []


@pytest.mark.parametrize(
    ("check", "lacking"),
    [
        ("described", {"description_fi": ""}), ("owner", {"owner": None}), ("dates", {"ends_on": None}),
        ("confidence", {"confidence_of_owner": ""}), ("resources", {"resources": " "}),
    ],
)  # fmt: skip
def test_a_field_that_is_empty_is_missing_by_name(gated: Gated, check: str, lacking: dict[str, Any]) -> None:
    Measure.objects.update(**lacking)

    assert missing(gated) == [check]


def test_lines_target_and_basis_are_asked_for(gated: Gated) -> None:
    MeasureTarget.objects.all().delete()
    SavingsLine.objects.update(basis_note="")
    assert missing(gated) == ["target", "basis"]

    SavingsLine.objects.update(basis_quantity=2, basis_unit_price_eur_cents=5_000, basis_months=12)
    assert missing(gated, "basis") == ["basis"]  # the source is missing

    SavingsLine.objects.update(basis_source="Palkkatilasto 2023")
    assert missing(gated, "basis") == []
    SavingsEntry.objects.all().delete()
    SavingsLine.objects.all().delete()
    assert missing(gated, "lines", "plan", "basis") == ["lines", "plan", "basis"]


def test_the_months_that_a_plan_leaves_open_are_told(gated: Gated) -> None:
    SavingsEntry.objects.filter(month__in=[date(2025, 4, 1), date(2025, 5, 1)]).delete()
    (answer,) = gates.answers(gated.ground.programme, [gated.measure], ["plan"])[gated.measure.pk]

    assert not answer.is_met
    assert "4/2025, 5/2025" in answer.details[0]
    assert answer.url == f"{CARD}months/"

    SavingsLine.objects.update(permanence="one_off")
    assert missing(gated, "plan") == []


def test_the_controllers_last_word_is_asked_of_every_closed_month(gated: Gated) -> None:
    from measures.models import BooksClosed

    BooksClosed.objects.bulk_create(
        BooksClosed(programme=gated.ground.programme, month=date(2024, month, 1), closed_on=DAY)
        for month in (1, 2)
    )
    claim = make_entry(gated.line, date(2024, 1, 1), -100_000, "claimed")
    (answer,) = gates.answers(gated.ground.programme, [gated.measure], ["last_word"])[gated.measure.pk]
    assert [("1/2024" in text, "2/2024" in text) for text in answer.details] == [(True, False), (False, True)]

    make_confirmation(claim, -100_000)
    make_confirmation(make_entry(gated.line, date(2024, 2, 1), -100_000, "claimed"), 0)
    assert missing(gated, "last_word") == []


def test_risks_promises_and_impacts_have_to_be_answered(gated: Gated) -> None:
    programme = gated.ground.programme
    Risk.objects.create(programme=programme, key="r", number=1, name_fi="Riski")
    promise = Promise.objects.create(programme=programme, key="p", audience="clients", name_fi="Emme sulje")
    area = ImpactArea.objects.create(programme=programme, key="a", name_fi="Asiakkaat")
    assert missing(gated) == ["risks", "promises", "impacts"]

    own = {"programme": programme, "measure": gated.measure}
    PromiseCheck.objects.create(**own, promise=promise, answer="negative", text="Matka pitenee")
    ImpactAssessment.objects.create(**own, area=area, answer="positive")
    assert missing(gated) == ["risks", "negatives"]


def test_a_negative_effect_is_signed_by_somebody_outside_finance(gated: Gated) -> None:
    programme = gated.ground.programme
    promise = Promise.objects.create(programme=programme, key="p", audience="clients", name_fi="Emme sulje")
    check = PromiseCheck.objects.create(
        programme=programme, measure=gated.measure, promise=promise, answer="negative"
    )
    controller = make_member(programme, "controller")
    with pytest.raises(ValidationError):
        sign_off(measure=gated.measure, check=check, by=gated.steering, on=DAY)  # no mitigation yet
    PromiseCheck.objects.update(mitigation="Kuljetus järjestetään")
    with pytest.raises(ValidationError) as refused:
        sign_off(measure=gated.measure, check=check, by=controller, on=DAY)
    assert refused.value.code == "finance"
    assert missing(gated, "negatives") == ["negatives"]

    sign_off(measure=gated.measure, check=check, by=gated.steering, on=DAY)

    assert missing(gated, "negatives") == []


def test_a_changed_answer_loses_its_signature(gated: Gated) -> None:
    programme, part = gated.ground.programme, PARTS["promises"]
    promise = Promise.objects.create(programme=programme, key="p", audience="clients", name_fi="Emme sulje")
    check = PromiseCheck.objects.create(
        programme=programme, measure=gated.measure, promise=promise, answer="negative", text="Pitenee",
        mitigation="Kuljetus", signed_off_by=gated.steering, signed_off_on=DAY,
    )  # fmt: skip
    client, url = signed_in(gated.pmo), f"{CARD}checks/{part.name}/"
    sent = {
        f"answer-{promise.pk}": "negative", f"text-{promise.pk}": "Pitenee", f"mitigation-{promise.pk}": "Taksi",
    }  # fmt: skip

    assert client.post(url, sent | {f"version-{promise.pk}": "7"}).status_code == 409
    assert client.post(url, sent | {f"version-{promise.pk}": check.version}).status_code == 302

    check.refresh_from_db()
    assert (check.mitigation, check.signed_off_by, check.is_settled) == ("Taksi", None, False)


def test_checks_of_many_measures_take_no_more_statements(gated: Gated) -> None:
    programme = gated.ground.programme

    def statements() -> int:
        rows = list(Measure.objects.filter(programme=programme))
        with CaptureQueriesContext(connection) as asked:
            gates.answers(programme, rows, gates.REGISTRY)
        return len(asked)

    make_line(make_measure(gated.ground, "M-2"), gated.ground)
    statements()
    few = statements()
    for number in range(3, 9):
        make_line(make_measure(gated.ground, f"M-{number}"), gated.ground)
    assert statements() <= few


# --- definitions ----------------------------------------------------------------------------------------------


def test_the_portals_gates_are_written_once_and_kept_as_people_change_them() -> None:
    programme = make_ground().programme
    assert [gate.pk for gate in gates_of([programme]).values()] == [None] * 4

    assert (default_gates(programme), default_gates(programme)) == (4, 0)
    GateDefinition.objects.filter(to_stage="decided").update(checks=["owner"])
    default_gates(programme)

    assert gates_of([programme])[programme.pk, "decided"].checks == ["owner"]


def test_a_programme_without_some_stages_has_fewer_gates() -> None:
    programme = make_ground().programme
    programme.words = {"stages": [{"meaning": "identified"}, {"meaning": "decided"}, {"meaning": "closed"}]}
    programme.save()

    assert [stage for _programme, stage in gates_of([programme])] == ["decided", "closed"]


def test_a_gate_is_set_on_its_page(gated: Gated) -> None:
    client, url = signed_in(gated.pmo), "/p/koe/settings/gates/planned/"
    values = {bound.html_name: bound.value() for bound in client.get(url).context["form"]}

    done = client.post(
        url, values | {"deciding_role": "director", "checks": ["owner", "lines"], "reason": "Kevyempi"}
    )

    assert done.status_code == 302
    gate = gates_of([gated.ground.programme])[gated.ground.programme.pk, "planned"]
    assert (gate.deciding_role, gate.checks, gate.pk is not None) == ("director", ["owner", "lines"], True)
    assert GateDefinition.objects.count() == 4


# --- asking and deciding --------------------------------------------------------------------------------------


def test_asking_waits_until_nothing_is_missing(gated: Gated) -> None:
    Measure.objects.update(confidence_of_owner="")

    with pytest.raises(NotReady) as refused:
        ask_gate(measure=gated.measure, by=gated.pmo)
    assert refused.value.missing == ["confidence"]
    assert not GateDecision.objects.exists()


def test_asked_and_approved_the_plan_is_locked_and_everybody_is_told(gated: Gated) -> None:
    asked = ask_gate(measure=gated.measure, by=gated.owner, note="Valmis")
    assert [row.code for row in Notification.objects.filter(user=gated.steering)] == ["gate.asked"]
    with translation.override("en"):
        assert "M-1" in latest(gated.steering)[0].text

    done = decide(gated, reason="Hyvä")

    gated.measure.refresh_from_db()
    assert (done.pk, done.state, done.missing, gated.measure.stage) == (asked.pk, "approved", [], "decided")
    body = Decision.objects.get()
    assert (body.section, body.case_number, body.decided_on, done.decision) == (
        "§ 14",
        "KYM/12/2024",
        DAY,
        body,
    )
    assert SavingsEntry.objects.filter(series="plan_approved").count() == 24
    assert locked_measures([gated.measure.pk]) == {gated.measure.pk}
    assert [row.code for row in Notification.objects.filter(user=gated.owner)] == ["gate.approved"]
    assert Notification.objects.get(user=gated.steering).read_at is not None
    event = GateDecision.events.rel.related_model.objects.order_by("-pgh_id").first()  # type: ignore[attr-defined]
    assert (event.state, event.pgh_context.metadata["reason"]) == ("approved", "Hyvä")


def test_one_asks_once_and_takes_it_back(gated: Gated) -> None:
    first = ask_gate(measure=gated.measure, by=gated.pmo)
    with pytest.raises(SavingsError):
        ask_gate(measure=gated.measure, by=gated.owner)

    take_back(decision=first, by=gated.pmo)
    second = ask_gate(measure=gated.measure, by=gated.owner)

    first.refresh_from_db()
    assert (first.state, second.state) == ("taken_back", "asked")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"approve": False}, "reason"), ({"values": {}}, "body"),
        ({"values": {"body": 1}}, "section"),
    ],
)  # fmt: skip
def test_a_decision_says_what_the_gate_wants_to_know(
    gated: Gated, options: dict[str, Any], field: str
) -> None:
    ask_gate(measure=gated.measure, by=gated.pmo)

    with pytest.raises(ValidationError) as refused:
        decide(gated, **options)
    assert field in refused.value.message_dict


def test_the_day_of_a_decision_is_offered_as_that_of_the_programme(gated: Gated) -> None:
    programme = gated.ground.programme
    programme.status_date = date(2024, 3, 31)
    assert DecideForm(programme=programme)["decided_on"].initial == date(2024, 3, 31)


def test_a_refusal_keeps_the_stage_and_its_reason(gated: Gated) -> None:
    ask_gate(measure=gated.measure, by=gated.pmo)

    done = decide(gated, approve=False, reason="Luvut puuttuvat", values={})

    gated.measure.refresh_from_db()
    assert (done.state, done.reason, gated.measure.stage) == ("refused", "Luvut puuttuvat", "planned")
    assert Notification.objects.get(user=gated.pmo).code == "gate.refused"


def test_who_decides_may_pass_over_what_is_missing_with_a_reason(gated: Gated) -> None:
    Measure.objects.update(confidence_of_owner="", resources="")
    with pytest.raises(ValidationError):
        decide(gated)

    done = decide(gated, reason="Kiire, täydennetään toukokuussa")

    assert (done.missing, done.state) == (["confidence", "resources"], "approved")


def test_no_reason_passes_over_the_basis_of_the_figure(gated: Gated) -> None:
    SavingsLine.objects.update(basis_note="")

    with pytest.raises(SavingsError) as refused:
        decide(gated, reason="Kiire")

    assert refused.value.code == "hard"
    assert Measure.objects.get().stage == "planned"


def test_only_the_named_role_decides_within_its_scope(gated: Gated) -> None:
    programme, theme = gated.ground.programme, gated.ground.goals[0].theme
    other = Theme.objects.create(programme=programme, key="muu", number=9, name_fi="Muu")
    mine, theirs = (make_member(programme, "theme", theme=one) for one in (theme, other))
    GateDefinition.objects.create(programme=programme, to_stage="decided", deciding_role="theme", checks=[])
    for person in (theirs, gated.steering, gated.pmo):
        with pytest.raises(SavingsError) as refused:
            decide(gated, by=person)
        assert refused.value.code == "other_role"

    assert decide(gated, by=mine).state == "approved"


def test_the_owner_never_approves_their_own_measure(gated: Gated) -> None:
    RoleGrant.objects.create(programme=gated.ground.programme, user=gated.owner, role="steering")
    ask_gate(measure=gated.measure, by=gated.owner)

    with pytest.raises(SavingsError) as refused:
        decide(gated, by=gated.owner)
    assert refused.value.code == "own_measure"


def test_a_page_that_is_old_decides_nothing(gated: Gated) -> None:
    asked = ask_gate(measure=gated.measure, by=gated.pmo)
    take_back(decision=asked, by=gated.pmo)

    with pytest.raises(SavingsError) as refused:
        decide(gated, seen_stage="planned", seen=asked.pk)
    assert refused.value.code == "changed"


# --- other ways forward, and the way back ---------------------------------------------------------------------


@pytest.mark.parametrize("to", ["decided", "in_delivery", "closed"])
def test_no_other_way_leads_forward(gated: Gated, to: str) -> None:
    with pytest.raises(SavingsError) as refused:
        change_stage(measure=gated.measure, to=to, by=gated.pmo, on=DAY, reason="ohi")
    assert refused.value.code == "through_gate"

    client, url = signed_in(gated.pmo), f"{CARD}part/stage/"
    values = {bound.html_name: bound.value() or "" for bound in client.get(url).context["form"]}
    assert client.post(url, values | {"stage": to, "reason": "ohi"}).status_code == 422
    assert Measure.objects.get().stage == "planned"


def test_a_measure_on_hold_comes_back_to_where_it_was_and_no_further(gated: Gated) -> None:
    change_stage(measure=gated.measure, to="on_hold", by=gated.pmo, on=DAY, reason="Odottaa")
    with pytest.raises(SavingsError):
        change_stage(measure=gated.measure, to="decided", by=gated.pmo, on=DAY, reason="Nyt")

    change_stage(measure=gated.measure, to="planned", by=gated.pmo, on=DAY, reason="Jatkuu")

    assert Measure.objects.get().stage == "planned"
    assert not GateDecision.objects.exists()  # coming back is no return


def test_no_owner_undoes_the_decision_alone(gated: Gated) -> None:
    decide(gated)
    gated.measure.refresh_from_db()
    for by in (gated.owner, make_member(gated.ground.programme, "theme", theme=gated.measure.goal.theme)):
        with pytest.raises(SavingsError) as refused:
            change_stage(measure=gated.measure, to="planned", by=by, on=DAY, reason="Hinta muuttui")
        assert refused.value.code == "other_role"
    client, url = signed_in(gated.owner), f"{CARD}gate/return/"
    answer = client.post(url, {"to": "planned", "reason": "Hinta muuttui", "seen_stage": "decided"})
    assert answer.status_code == 422
    change_stage(measure=gated.measure, to="on_hold", by=gated.owner, on=DAY, reason="Odottaa")
    with pytest.raises(SavingsError):
        change_stage(measure=gated.measure, to="planned", by=gated.owner, on=DAY, reason="Kierto")
    assert Measure.objects.get().stage == "on_hold"

    change_stage(measure=gated.measure, to="planned", by=gated.steering, on=DAY, reason="Hinta muuttui")

    assert Measure.objects.get().stage == "planned"


def test_a_return_opens_the_plan_and_is_kept_among_the_decisions(gated: Gated) -> None:
    decide(gated)
    gated.measure.refresh_from_db()

    change_stage(measure=gated.measure, to="planned", by=gated.pmo, on=DAY, reason="Hinta muuttui")

    back = GateDecision.objects.order_by("-pk").first()
    assert back is not None
    assert (back.from_stage, back.to_stage, back.reason) == ("decided", "planned", "Hinta muuttui")
    assert locked_measures([gated.measure.pk]) == set()
    record_entries(cells=[Cell(gated.line, "plan", date(2025, 1, 1), -90_000)], by=gated.owner)
    decide(gated, reason="Uudestaan")
    approved = SavingsEntry.objects.get(series="plan_approved", month=date(2025, 1, 1))
    assert approved.amount_eur_cents == -90_000


# --- the lock -------------------------------------------------------------------------------------------------


def test_a_locked_plan_is_written_by_nobody_while_forecasts_go_on(gated: Gated) -> None:
    decide(gated)

    with pytest.raises(CellsRefused) as refused:
        record_entries(
            cells=[
                Cell(gated.line, "plan", date(2025, 1, 1), -1), Cell(gated.line, "plan", date(2025, 2, 1), None),
                Cell(gated.line, "plan", date(2025, 3, 1), -100_000),
            ],
            by=gated.pmo, reason="ohi",
        )  # fmt: skip
    assert [(one.code, one.cell.month.month) for one in refused.value.problems] == [
        ("plan_locked", 1), ("plan_locked", 2),
    ]  # fmt: skip

    record_entries(cells=[Cell(gated.line, "forecast", date(2025, 1, 1), -1)], by=gated.owner)
    assert SavingsEntry.objects.get(series="forecast").amount_eur_cents == -1


def test_a_measure_that_was_loaded_in_delivery_without_an_approved_plan_is_open() -> None:
    gated = make_gated("in_delivery")

    record_entries(cells=[Cell(gated.line, "plan", date(2025, 1, 1), -5)], by=gated.pmo)

    assert SavingsEntry.objects.get(month=date(2025, 1, 1)).amount_eur_cents == -5


def test_the_month_grid_shows_the_lock_and_the_way_to_a_change(gated: Gated) -> None:
    decide(gated)

    html = signed_in(gated.owner).get(f"{CARD}months/?year=2025").content.decode()

    assert html.count('data-fixed="plan_locked"') == 12
    assert f'href="{CARD}plan-change/"' in html


# --- pages ----------------------------------------------------------------------------------------------------


def test_the_card_names_what_is_missing_and_links_to_where_it_is_mended(gated: Gated) -> None:
    Measure.objects.update(confidence_of_owner="")

    html = signed_in(gated.owner).get(f"{CARD}more/gate/").content.decode()

    assert 'data-check="confidence"' in html
    assert f'href="{CARD}part/confidence/"' in html
    assert f'href="{CARD}gate/ask/"' not in html


def test_asked_and_decided_on_pages(gated: Gated) -> None:
    owner, steering = signed_in(gated.owner), signed_in(gated.steering)
    ask = {bound.html_name: bound.value() or "" for bound in owner.get(f"{CARD}gate/ask/").context["form"]}
    assert owner.post(f"{CARD}gate/ask/", ask).status_code == 302
    assert owner.post(f"{CARD}gate/ask/", ask).status_code == 302  # sent twice, asked once

    waiting = steering.get("/p/koe/gates/").content.decode()
    assert f'href="{CARD}gate/decide/"' in waiting
    assert f'href="{CARD}gate/decide/"' in steering.get("/").content.decode()
    page = steering.get(f"{CARD}gate/decide/")
    values = {bound.html_name: bound.value() for bound in page.context["form"] if bound.value() is not None}
    given = values | {
        "answer": "approve",
        "decided_on": "15.4.2024",
        "body": gated.body.pk,
        "section": "§ 14",
    }
    assert steering.post(f"{CARD}gate/decide/", values).status_code == 422
    done = steering.post(f"{CARD}gate/decide/", given)

    assert done.status_code == 302
    assert Measure.objects.get().stage == "decided"
    assert steering.post(f"{CARD}gate/decide/", given | {"token": ""}).status_code == 409


def test_who_does_not_decide_sees_who_does(gated: Gated) -> None:
    director = signed_in(make_member(gated.ground.programme, "director"))

    page = director.get(f"{CARD}gate/decide/").content.decode()

    assert "data-other-role" in page
    assert "<form" not in page.partition("data-other-role")[2].partition("</main>")[0]


def test_the_list_asks_no_more_when_more_waits(gated: Gated) -> None:
    client = signed_in(gated.steering)
    ask_gate(measure=gated.measure, by=gated.pmo)
    client.get("/p/koe/gates/")
    with CaptureQueriesContext(connection) as one:
        client.get("/p/koe/gates/")
    GateDefinition.objects.filter(to_stage="decided").delete()
    GateDefinition.objects.create(
        programme=gated.ground.programme, to_stage="decided", deciding_role="steering", checks=[]
    )
    for number in range(2, 7):
        ask_gate(measure=make_measure(gated.ground, f"M-{number}", stage="planned"), by=gated.pmo)
    with CaptureQueriesContext(connection) as many:
        html = client.get("/p/koe/gates/").content.decode()

    assert html.count("data-code=") == 6
    assert len(many) <= len(one)


def test_the_basis_in_figures_is_given_whole(gated: Gated) -> None:
    client, url = signed_in(gated.owner), f"{CARD}lines/{gated.line.pk}/"
    values = {
        bound.html_name: bound.value() for bound in client.get(url).context["form"]
        if bound.value() not in (None, False)
    }  # fmt: skip
    figures = {
        "basis_quantity": "2,5", "basis_unit": "vakanssia", "basis_unit_price_eur_cents": "4 500",
        "basis_months": "12", "basis_source": "Palkkatilasto",
    }  # fmt: skip

    half = client.post(url, values | figures | {"basis_source": ""})
    done = client.post(url, values | figures)

    assert (half.status_code, list(half.context["form"].errors)) == (422, ["basis_source"])
    line = SavingsLine.objects.get()
    assert done.status_code == 302
    assert (str(line.basis_quantity), line.basis_unit_price_eur_cents, line.basis_months) == (
        "2.500",
        450_000,
        12,
    )


def test_money_of_a_locked_plan_stays_where_it_is(gated: Gated) -> None:
    decide(gated)
    client, url = signed_in(gated.owner), f"{CARD}lines/{gated.line.pk}/"
    values = {
        bound.html_name: bound.value() for bound in client.get(url).context["form"]
        if bound.value() not in (None, False)
    }  # fmt: skip

    moved = client.post(url, values | {"permanence": "one_off", "reason": "siirto"})
    removed = client.post(f"{url}remove/", {"reason": "pois"})

    assert (moved.status_code, removed.status_code) == (422, 422)
    assert client.post(url, values | {"basis_note": "Tarkennettu"}).status_code == 302
    assert SavingsLine.objects.get().permanence == "lasting"
