"""Merging and splitting keep every total to the cent, and the target where it is (R6, R9, R11)."""

from datetime import date
from decimal import Decimal

import pytest

from measures.models import Measure, PlanChange, SavingsEntry, SavingsLine, Succession
from measures.selectors import fresh_figures
from measures.services import SavingsError, withdraw_measure
from measures.services.succession import Act, NewPart, merge_measure, rehearse, split_measure
from programme.models import Decision
from tests.factories.accounts import make_member
from tests.golden import STATUS_DATE, build_golden

FROM = date(2024, 10, 1)


@pytest.fixture
def golden(db):
    return build_golden()


@pytest.fixture
def office(golden):
    return make_member(golden.programme, "pmo")


@pytest.fixture
def open_measure(golden):
    """A measure whose plan no decision has locked, with a one-off line of its own."""
    measure = Measure.objects.create(
        programme=golden.programme, code="E6", name_fi="Avoin", goal=golden.goals["Y"], stage="planned"
    )
    SavingsLine.objects.create(
        programme=golden.programme, measure=measure, sector=golden.sector, goal=measure.goal,
        cost_type=golden.cost_types["OST"], permanence="one_off",
    )  # fmt: skip
    return measure


def totals(golden):
    """Everything that no merge, split or withdrawal of a measure may move."""
    found = fresh_figures(golden.programme, STATUS_DATE)
    years = {
        (book, year, level): getattr(figures.effect, level)
        for book, rows in (("new", found.total.years), ("base", found.total.in_base_years))
        for year, figures in rows.items()
        for level in ("plan", "plan_approved", "forecast", "claimed", "confirmed")
    }
    return years, found.ladder


def act(golden, code, **more):
    measure = Measure.objects.get(programme=golden.programme, code=code)
    values = {
        "measure": measure, "from_month": FROM, "on": STATUS_DATE, "reason": "Yhdistetään",
        "versions": {measure.pk: measure.version},
    }  # fmt: skip
    return Act(**values | more)


def decision(golden):
    return Decision.objects.create(programme=golden.programme, decided_on=STATUS_DATE, subject="Päätös")


def months_of(measure, series):
    rows = SavingsEntry.objects.filter(line__measure=measure, series=series).order_by("month")
    return {
        (row.line.cost_type.key, row.month): row.amount_eur_cents
        for row in rows.select_related("line__cost_type")
    }


def test_a_merge_moves_the_later_months_and_keeps_the_totals(golden, office, open_measure):
    before = totals(golden)
    plan = months_of(golden.measures["E3"], "plan")
    outcome = merge_measure(act(golden, "E1"), into=open_measure, by=office)
    after = totals(golden)

    assert after[0] == before[0]
    assert after[1].stated == before[1].stated == -500_000_00
    old, new = golden.measures["E1"], open_measure
    old.refresh_from_db()
    assert (old.stage, old.withdrawn_from) == ("withdrawn", FROM)
    assert max(day for _key, day in months_of(old, "plan")) == date(2024, 9, 1)
    moved = months_of(new, "plan")
    assert moved["hen", date(2025, 12, 1)] == 5_000_00
    assert months_of(golden.measures["E3"], "plan") == plan  # the overlapping measure keeps what it says
    assert Succession.objects.get().to_measure == new
    assert {row.line.cost_type.key for row in outcome.lines} == {"ost", "hen"}
    # A lasting line lands on a lasting line: the one-off line is another one (R1), and keeps its goal.
    made = SavingsLine.objects.get(measure=new, cost_type__key="ost", permanence="lasting")
    assert made.goal == golden.goals["X"]


def test_the_target_of_a_merged_measure_is_released_until_a_decision_moves_it(golden, office, open_measure):
    before = totals(golden)[1]
    merge_measure(act(golden, "E1"), into=open_measure, by=office)
    after = totals(golden)[1]
    assert after.released == before.released - 180_000_00
    assert after.active == before.active + 180_000_00
    assert after.never_allocated == before.never_allocated


def test_a_decision_given_with_the_merge_moves_the_target(golden, office, open_measure):
    before = totals(golden)[1]
    given = act(golden, "E1", decision=decision(golden), moves_target=True)
    assert merge_measure(given, into=open_measure, by=office).target_moved == -180_000_00
    after = totals(golden)[1]
    assert (after.active, after.released, after.stated) == (before.active, before.released, before.stated)


@pytest.mark.parametrize("code", ["E1", "E3", "E5"])
@pytest.mark.parametrize("weights", [(50_000, 50_000), (33_333, 66_667), (1, 2, 7)])
def test_a_split_by_shares_loses_no_cent(golden, office, code, weights):
    """E3 yields to E1: what the overlap took off goes with the months, whichever of the two is split."""
    before = totals(golden)
    lines = Measure.objects.get(programme=golden.programme, code=code).lines.values_list("pk", flat=True)
    parts = [NewPart(f"{code}-{at}", f"Osa {at}") for at in range(len(weights))]
    outcome = split_measure(
        act(golden, code), parts=parts, weights=dict.fromkeys(lines, weights), shares=weights, by=office
    )
    after = totals(golden)
    assert after[0] == before[0]
    assert after[1].stated == before[1].stated
    assert len(outcome.measures) == len(weights) and {one.stage for one in outcome.measures} == {
        "in_delivery"
    }
    shares = Succession.objects.values_list("share", flat=True)
    assert abs(sum(shares) - 1) < Decimal("0.00001")


def test_a_split_by_lines_sends_each_line_whole(golden, office):
    before = totals(golden)
    one = act(golden, "E1")
    hen = one.measure.lines.get(cost_type__key="hen")
    weights = {line.pk: (0, 1) if line == hen else (1, 0) for line in one.measure.lines.all()}
    outcome = split_measure(
        one, parts=[NewPart("E1-1", "Ostot"), NewPart("E1-2", "Väki")], weights=weights, by=office
    )
    assert totals(golden)[0] == before[0]
    assert [line.cost_type.key for part in outcome.measures for line in part.lines.all()] == ["ost", "hen"]
    assert set(months_of(outcome.measures[1], "plan").values()) == {5_000_00}


def test_a_rehearsal_leaves_nothing_behind(golden, office, open_measure):
    before = totals(golden)
    outcome = rehearse(lambda: merge_measure(act(golden, "E1"), into=open_measure, by=office))
    assert outcome.years and not Succession.objects.exists()
    assert totals(golden) == before


def test_what_moved_meanwhile_closed_or_claimed_is_refused(golden, office, open_measure):
    into = open_measure
    for given, code in (
        (act(golden, "E1", versions={golden.measures["E1"].pk: 99}), "changed"),
        (act(golden, "E1", from_month=date(2024, 7, 1)), "closed_month"),
        (act(golden, "E4"), "withdrawn"),
        (act(golden, "E1", reason=" "), "no_reason"),
    ):
        with pytest.raises(SavingsError) as refused:
            merge_measure(given, into=into, by=office)
        assert refused.value.code == code
    SavingsEntry.objects.create(
        programme=golden.programme,
        line=golden.lines["E1/OST"],
        month=FROM,
        series="claimed",
        amount_eur_cents=-1,
    )
    with pytest.raises(SavingsError) as refused:
        merge_measure(act(golden, "E1"), into=into, by=office)
    assert refused.value.code == "claimed"


def test_a_locked_plan_takes_over_by_a_decision_only_and_keeps_what_was_approved(golden, office):
    approved = months_of(golden.measures["E3"], "plan_approved")
    with pytest.raises(SavingsError) as refused:
        merge_measure(act(golden, "E1"), into=golden.measures["E3"], by=office)
    assert refused.value.code == "plan_locked"
    before = totals(golden)
    merge_measure(act(golden, "E1", decision=decision(golden)), into=golden.measures["E3"], by=office)
    assert totals(golden)[0] == before[0]
    assert months_of(golden.measures["E3"], "plan_approved") == approved
    change = PlanChange.objects.get(measure=golden.measures["E3"])
    cell = change.cells.get(month=date(2025, 1, 1), line__cost_type__key="ost")
    assert (change.state, cell.old_eur_cents) == ("approved", -10_000_00)
    # 20 000 of E1 come over, less the 4 000 that both counted.
    assert cell.new_eur_cents == -26_000_00


def test_withdrawing_never_moves_the_top_of_the_ladder(golden, office):
    before = totals(golden)[1]
    withdraw_measure(
        measure=golden.measures["E1"], by=office, on=STATUS_DATE, from_month=FROM, reason="Ei toteudu"
    )
    after = totals(golden)[1]
    assert (
        after.stated == before.stated == after.in_base + after.active + after.released + after.never_allocated
    )
    assert after.released == before.released - 180_000_00


def test_the_pages_preview_and_do_it_once(golden, office, open_measure, client):
    client.force_login(office)
    page = f"/en/p/{golden.programme.slug}/measures/E1"
    form = client.get(f"{page}/merge/")
    token = form.context["token"]
    sent = {"into": open_measure.pk, "from_month": "10/2024", "reason": "Yhdessä", "token": token}
    preview = client.post(f"{page}/merge/", sent)
    assert preview.status_code == 200 and not Succession.objects.exists()
    for row in preview.context["rows"]:
        assert all(now == then for now, then, _level in row["cells"])
    seen = preview.context["seen"]
    done = sent | {"confirm": "1", "seen": seen}
    for _time in range(2):
        answer = client.post(f"{page}/merge/", done)
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/en/p/{golden.programme.slug}/measures/E6/",
        )
    assert Succession.objects.count() == 1
    card = client.get(f"{page}/").content.decode()
    assert 'data-succession="E6"' in card
    assert (
        'data-succession="E1"' in client.get(f"/en/p/{golden.programme.slug}/measures/E6/").content.decode()
    )


def test_a_split_asks_for_whole_shares(golden, office, client):
    client.force_login(office)
    page = f"/en/p/{golden.programme.slug}/measures/E1/split/"
    sent = {
        "from_month": "10/2024", "reason": "Kahtia", "how": "shares", "code_1": "E1-1", "name_1": "Toinen",
        "share_1": "60", "code_2": "E2", "name_2": "Toinen", "share_2": "39.9", "token": "t",
    }  # fmt: skip
    answer = client.post(page, sent)
    assert answer.status_code == 422
    assert {"code_2", "share_2"} <= set(answer.context["form"].errors)
    assert client.post(page, sent | {"code_2": "E1-2", "share_2": "40"}).status_code == 200
