"""Rules of the books hold by every door: signed years, closed months, one's own claims, files brought twice."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client

from core.changes import all_kinds
from measures.forms import LineForm
from measures.models import CostDriver, ImportRun, LedgerEntry, Measure, SavingsEntry, SavingsLine
from measures.reconciliation import Place
from measures.selectors.reconciliation import books_of
from measures.selectors.reconciliation_rows import rows_behind
from measures.services import (
    Cell,
    CellsRefused,
    SavingsError,
    TransferPart,
    close_month,
    lock_year,
    locked_measures,
    make_transfer,
    record_entries,
    record_entry,
    remove_line,
    reopen_month,
)
from measures.services.claims import Part, decide_claim, decide_claims
from measures.services.months import rewrite_plan
from measures.services.succession import Act, NewPart, merge_measure, split_measure
from measures.workbooks.running import stage
from programme.models import CostType, Decision, FundingSource
from reporting.history.restoring import edit_action, why_refused
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

JAN, DEC = date(2024, 1, 1), date(2023, 12, 1)
SIGNED = date(2024, 3, 20)


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground(status_date=date(2024, 4, 30))


def sign(ground: Ground, year: int = 2023) -> None:
    close_month(programme=ground.programme, month=date(year, 12, 1), by=None, on=SIGNED)
    lock_year(programme=ground.programme, year=year, by=None, on=SIGNED)


def refused(code: str) -> Any:
    return pytest.raises(SavingsError, check=lambda error: error.code == code)


# --- signed years -------------------------------------------------------------------------------------------------


def test_an_earlier_month_does_not_open_a_signed_year(ground: Ground) -> None:
    close_month(programme=ground.programme, month=date(2022, 11, 1), by=None, on=SIGNED)
    sign(ground)
    with refused("locked_year"):
        reopen_month(
            programme=ground.programme, month=date(2022, 11, 1), by=None, on=SIGNED, reason="muutetaan"
        )


def test_no_transfer_reaches_into_a_signed_year_from_before(ground: Ground) -> None:
    sign(ground)
    cost_type = ground.cost_types[0]
    parts = [
        TransferPart(ground.sectors[0], cost_type, -100),
        TransferPart(ground.sectors[1], cost_type, 100),
    ]
    with pytest.raises(ValidationError, match="."):
        make_transfer(
            programme=ground.programme, name="Siirto", from_month=date(2022, 6, 1), parts=parts, by=None
        )
    assert make_transfer(programme=ground.programme, name="Siirto", from_month=JAN, parts=parts, by=None).pk


def test_claims_of_a_signed_year_keep_their_line_in_its_place(ground: Ground) -> None:
    pmo = make_member(ground.programme, "pmo")
    line = make_line(make_measure(ground), ground)
    make_entry(line, DEC, -100, "claimed")
    sign(ground)
    with refused("locked_year"):
        remove_line(line=line, by=pmo, reason="poistetaan")
    sent = {
        "sector": ground.sectors[1].pk, "cost_type": line.cost_type_id, "goal": line.goal_id,
        "was": LineForm(instance=line, user=pmo, programme=ground.programme)["was"].value(),
        "permanence": line.permanence, "line_class": line.line_class, "reason": "siirretään",
    }  # fmt: skip
    form = LineForm(sent, instance=line, user=pmo, programme=ground.programme)
    assert not form.is_valid()
    assert "sector" in form.errors
    assert SavingsEntry.objects.filter(line=line).exists()


# --- history ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        "measures.correction", "measures.yearlocked", "measures.basetransfer", "measures.basetransferrow",
        "measures.succession", "measures.targetmove", "measures.bulkchange", "measures.importrun",
        "measures.scenario", "programme.fundingrelease", "programme.deviation", "core.attachment",
        "strategy.annualobjective", "strategy.objectivemetric", "strategy.objectiveset", "strategy.metricyear",
        "kpis.judgement", "kpis.manualvalue", "kpis.quarantinedvalue", "kpis.sourcelink", "kpis.derivedinput",
        "strategy.season", "strategy.objective", "strategy.keyresult", "strategy.checkin",
    ],
)  # fmt: skip
def test_what_has_an_act_of_its_own_is_not_put_back(label: str) -> None:
    kind = all_kinds()[label]
    assert edit_action(kind)
    assert why_refused(kind)


# --- one's own claims ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_handing_a_measure_over_does_not_let_its_owner_decide() -> None:
    ground = make_ground(status_date=date(2024, 4, 30))
    one, other = make_member(ground.programme, "controller"), make_member(ground.programme, "controller")
    measure = make_measure(ground, owner=one)
    claim = make_entry(make_line(measure, ground), JAN, -100, "claimed")
    Measure.objects.filter(pk=measure.pk).update(owner=other)
    with refused("own_measure"):
        decide_claim(entry=claim, parts=[Part(-100)], by=one, on=SIGNED, reason="tarkistettu")
    left = decide_claims(
        programme=ground.programme, versions={claim.pk: claim.version}, confirm=True, by=one, on=SIGNED,
        reason="tarkistettu",
    ).left  # fmt: skip
    assert [code for _claim, code in left] == ["own_measure"]
    third = make_member(ground.programme, "controller")
    assert decide_claim(entry=claim, parts=[Part(-100)], by=third, on=SIGNED, reason="tarkistettu")


def test_a_former_owner_decides_on_claims_made_after_the_time(ground: Ground) -> None:
    former = make_member(ground.programme, "controller")
    measure = make_measure(ground, owner=former)
    line = make_line(measure, ground)
    with transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(owner=None)
    claim = make_entry(line, JAN, -100, "claimed")
    assert decide_claim(entry=claim, parts=[Part(-100)], by=former, on=SIGNED, reason="tarkistettu")


# --- at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_claim_waits_for_the_month_that_is_being_closed() -> None:
    ground = make_ground(status_date=date(2024, 4, 30))
    line = make_line(make_measure(ground), ground)
    told: list[str] = []

    def claim() -> None:
        try:
            record_entry(line=SavingsLine.objects.get(pk=line.pk), month=JAN, series="claimed",
                         amount_eur_cents=-100, by=None)  # fmt: skip
            told.append("written")
        except SavingsError as error:
            told.append(str(error.code))
        finally:
            connection.close()

    other = threading.Thread(target=claim)
    with transaction.atomic():
        close_month(programme=ground.programme, month=JAN, by=None, on=SIGNED)
        other.start()
        other.join(0.3)
        assert told == []
    other.join(60)
    assert told == ["closed_month"]


def test_a_file_taken_over_is_not_staged_again(ground: Ground) -> None:
    run = ImportRun.objects.create(
        programme=ground.programme, kind="measures", file_name="a.xlsx", size=1, sha256=""
    )
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.APPLIED)
    stage(run, [], None, by=None)
    run.refresh_from_db()
    assert run.state == ImportRun.State.APPLIED


def test_who_asked_for_a_workbook_sees_the_work_on_it(ground: Ground, client: Client) -> None:
    lead = make_member(ground.programme, "theme", theme=ground.goals[0].theme)
    client.force_login(lead)
    asked = client.post("/en/p/koe/measures/export.xlsx")
    assert asked.status_code == 302, asked.status_code
    assert client.get(asked["Location"]).status_code == 200
    client.force_login(make_member(ground.programme, "theme", theme=ground.goals[1].theme))
    assert client.get(asked["Location"]).status_code == 403


# --- money --------------------------------------------------------------------------------------------------------


def test_a_driver_of_a_part_counts_with_the_books_of_its_whole(ground: Ground) -> None:
    whole, sector = ground.cost_types[1], ground.sectors[0]
    part = CostType.objects.create(
        programme=ground.programme, key="osa", position=9, name_fi="osa", parent=whole
    )
    for month, kind, cents in (
        (date(2023, 1, 1), "original_budget", 1000_00),
        (JAN, "actual", 1100_00),
    ):
        LedgerEntry.objects.create(
            programme=ground.programme, kind=kind, month=month, sector=sector, cost_type=whole,
            amount_eur_cents=cents, booked_on=SIGNED,
        )  # fmt: skip
    CostDriver.objects.create(
        programme=ground.programme, kind="prices", sector=sector, cost_type=part, first_month=JAN,
        monthly_eur_cents=100_00, source="hinnasto",
    )  # fmt: skip
    books = books_of(ground.programme)
    (row,) = books.places(JAN, JAN).values()
    assert (row.drivers, row.unexplained) == (100_00, 0)
    (behind,) = rows_behind(ground.programme, books, Place(sector.pk, whole.pk), "drivers", JAN, JAN)
    assert behind.eur_cents == 100_00


def test_lines_paid_from_different_money_are_not_merged(ground: Ground) -> None:
    source = FundingSource.objects.create(programme=ground.programme, key="tuki", name_fi="tuki")
    one, other = make_measure(ground, "M-1"), make_measure(ground, "M-2")
    make_entry(make_line(one, ground, permanence="one_off", paid_from=source), JAN, 500)
    make_line(other, ground, permanence="one_off")
    act = Act(one, JAN, SIGNED, "yhdistetään", {})
    with refused("paid_from"):
        merge_measure(act, into=other, by=None)


def test_an_owner_goes_around_no_locked_plan_by_splitting_or_merging(ground: Ground) -> None:
    owner, pmo = make_member(ground.programme, "measure"), make_member(ground.programme, "pmo")
    locked, other = (
        make_measure(ground, "M-1", stage="decided", owner=owner),
        make_measure(ground, "M-2", owner=owner),
    )
    line = make_line(locked, ground)
    make_entry(line, JAN, -100)
    make_entry(line, JAN, -100, "plan_approved")
    make_entry(make_line(other, ground), JAN, -900)
    parts = [NewPart("M-1-1", "yksi"), NewPart("M-1-2", "kaksi")]
    act = Act(locked, JAN, SIGNED, "jaetaan", {})
    with refused("other_role"):
        split_measure(act, parts=parts, weights={line.pk: [1, 1]}, shares=[1, 1], by=owner)
    decision = Decision.objects.create(programme=ground.programme, decided_on=SIGNED, subject="oma")
    with refused("other_role"):
        merge_measure(Act(other, JAN, SIGNED, "yhdistetään", {}, decision), into=locked, by=owner)
    split = split_measure(act, parts=parts, weights={line.pk: [1, 1]}, shares=[1, 1], by=pmo).measures
    # The approved plan lies with the old measure, yet the parts are as locked as it was.
    part = split[0]
    piece = part.lines.get()
    assert locked_measures([one.pk for one in split]) == {one.pk for one in split}
    with pytest.raises(CellsRefused):
        record_entries(cells=[Cell(piece, "plan", JAN, -5_000)], by=owner)
    again = Act(part, JAN, SIGNED, "jaetaan", {})
    with refused("other_role"):
        split_measure(
            again, parts=[NewPart("M-3", "a"), NewPart("M-4", "b")], weights={piece.pk: [1, 1]}, by=owner
        )
    rewrite_plan(measure=part, cells=[(piece, JAN, -50, -70)], by=pmo, reason="muutos")
    held = SavingsEntry.objects.filter(line__measure__in=[locked, *split], month=JAN)
    assert sorted(held.values_list("series", "amount_eur_cents")) == [
        ("plan", -70), ("plan", -50), ("plan_approved", -100),
    ]  # fmt: skip
