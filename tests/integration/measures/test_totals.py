"""Totals are kept by the database: they equal the rows they are of, whatever was written and how."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.bulk import bulk_write
from measures import selectors
from measures.calculations import LEVELS
from measures.models import Confirmation, Measure, MeasureTotal, SavingsEntry, SavingsLine
from measures.totals import differing, rebuild
from tests.factories.measures import (
    Ground,
    make_confirmation,
    make_entry,
    make_ground,
    make_line,
    make_measure,
)
from tests.golden import Golden

JAN, FEB = date(2024, 1, 1), date(2024, 2, 1)


@pytest.fixture
def ground(db: None) -> Ground:
    return make_ground()


@pytest.fixture
def line(ground: Ground) -> SavingsLine:
    return make_line(make_measure(ground), ground)


def total(line: SavingsLine, series: str, year: int = 2024) -> MeasureTotal | None:
    return MeasureTotal.objects.filter(line_id=line.pk, series=series, year=year, n__gt=0).first()


def test_insert_update_and_delete_are_followed(line: SavingsLine) -> None:
    entry = make_entry(line, JAN, -500)
    make_entry(line, FEB, -700)
    kept = total(line, "plan")
    assert kept is not None
    assert (kept.total_eur_cents, kept.n, kept.known, kept.m01, kept.m02) == (-1200, 2, 0b11, -500, -700)
    SavingsEntry.objects.filter(pk=entry.pk).update(month=date(2025, 12, 1))
    moved = total(line, "plan", 2025)
    assert moved is not None
    assert (moved.m12, moved.known) == (-500, 1 << 11)
    SavingsEntry.objects.all().delete()
    assert total(line, "plan") is None
    assert not differing()


def test_zero_is_known_and_a_missing_month_is_not(line: SavingsLine) -> None:
    make_entry(line, FEB, 0)
    kept = total(line, "plan")
    assert kept is not None
    assert (kept.n, kept.known, kept.total_eur_cents) == (1, 0b10, 0)


def test_part_confirmation_refuses_the_rest(line: SavingsLine) -> None:
    claim = make_entry(line, JAN, -1000, "claimed")
    undecided = total(line, "undecided")
    assert undecided is not None and undecided.total_eur_cents == -1000
    make_confirmation(claim, -600)
    assert [getattr(total(line, name), "m01", None) for name in ("claimed", "confirmed", "undecided", "refused")] == [
        -1000, -600, None, -400,
    ]  # fmt: skip


def test_withdrawn_confirmation_undecides_the_claim(line: SavingsLine) -> None:
    claim = make_entry(line, JAN, -1000, "claimed")
    confirmation = make_confirmation(claim, -600)
    confirmation.withdrawn_on, confirmation.withdrawn_reason = date(2024, 4, 1), "Väärä vienti"
    confirmation.save()
    assert total(line, "confirmed") is None and total(line, "refused") is None
    undecided = total(line, "undecided")
    assert undecided is not None and undecided.total_eur_cents == -1000


def test_changed_claim_changes_what_is_refused(line: SavingsLine) -> None:
    claim = make_entry(line, JAN, -1000, "claimed")
    make_confirmation(claim, -600)
    SavingsEntry.objects.filter(pk=claim.pk).update(amount_eur_cents=-900)
    refused = total(line, "refused")
    assert refused is not None and refused.total_eur_cents == -300


def test_two_parts_are_summed(line: SavingsLine, ground: Ground) -> None:
    claim = make_entry(line, JAN, -1000, "claimed")
    make_confirmation(claim, -600)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_confirmation(claim, -100)  # the same claim against the same (no) ledger line
    assert not differing()


def test_only_claims_can_be_confirmed(line: SavingsLine) -> None:
    plan = make_entry(line, JAN, -1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_confirmation(plan, -1000)


def test_entry_of_another_programme_is_refused(line: SavingsLine) -> None:
    other = make_ground("toinen")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavingsEntry.objects.create(
            programme=other.programme, line=line, month=JAN, series="plan", amount_eur_cents=1
        )


def test_deleted_line_leaves_no_totals(line: SavingsLine) -> None:
    make_entry(line, JAN, -500)
    line.measure.delete()
    assert not MeasureTotal.objects.exists()


def test_verify_totals_names_the_differing_keys(line: SavingsLine) -> None:
    make_entry(line, JAN, -500)
    call_command("verify_totals", stdout=StringIO())
    MeasureTotal.objects.filter(line_id=line.pk).update(m01=-501)
    errors = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_totals", stderr=errors)
    assert ended.value.code == 1
    assert f"line {line.pk} plan 2024" in errors.getvalue()
    rebuild()
    assert not differing()


def test_moving_a_measure_to_another_theme_keeps_its_totals(line: SavingsLine, ground: Ground) -> None:
    make_entry(line, date(2025, 1, 1), -500)
    before = list(MeasureTotal.objects.values())
    SavingsLine.objects.filter(pk=line.pk).update(goal=ground.goals[1])
    assert list(MeasureTotal.objects.values()) == before
    figures = selectors.savings_figures(ground.programme)
    assert figures.by_theme[ground.goals[1].theme_id].level_change.plan == -500
    assert figures.by_theme[ground.goals[0].theme_id].level_change.plan is None


def test_withdrawing_never_changes_the_target(golden: Golden) -> None:
    before = selectors.savings_figures(golden.programme).ladder
    measure = golden.measures["E1"]
    measure.stage, measure.withdrawn_on, measure.withdrawn_from = (
        "withdrawn",
        date(2024, 8, 1),
        date(2024, 9, 1),
    )
    measure.save()
    after = selectors.savings_figures(golden.programme).ladder
    for rung in ("stated", "in_base", "never_allocated"):
        assert getattr(after, rung) == getattr(before, rung)
    assert after.active + after.released == before.active + before.released  # type: ignore[operator]


def test_every_trigger_of_totals_is_statement_level(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgtype & 1 FROM pg_trigger WHERE NOT tgisinternal AND"
            " (tgname LIKE '%totals%' OR tgname LIKE '%decide%')"
        )
        rows = cursor.fetchall()
    assert len(rows) == 7
    assert all(level == 0 for _, level in rows)


# --- any writes in any order -------------------------------------------------------------------------------

cells = st.tuples(
    st.integers(0, 1), st.sampled_from(["plan", "plan_approved", "forecast", "claimed"]), st.integers(0, 23)
)
cents = st.integers(-(10**9), 10**9)
steps = st.one_of(
    st.tuples(st.just("write"), cells, cents),
    st.tuples(st.just("delete"), cells),
    st.tuples(st.just("bulk"), st.dictionaries(cells, cents, min_size=1, max_size=12)),
    st.tuples(st.just("copy"), st.dictionaries(cells, cents, min_size=1, max_size=12)),
    st.tuples(st.just("scale"), st.integers(-3, 3)),
    st.tuples(st.just("confirm"), st.integers(0, 9), cents),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
)


def _month(at: int) -> date:
    return date(2024 + at // 12, at % 12 + 1, 1)


def _key(cell: tuple[int, str, int], lines: list[SavingsLine]) -> dict:
    return {"line": lines[cell[0]], "series": cell[1], "month": _month(cell[2])}


def _apply(step: tuple, lines: list[SavingsLine]) -> None:
    programme = lines[0].programme
    entries = SavingsEntry.objects.filter(programme=programme)
    match step:
        case ("write", cell, amount):
            entries.update_or_create(
                programme=programme, **_key(cell, lines), defaults={"amount_eur_cents": amount}
            )
        case ("delete", cell):
            entries.filter(**_key(cell, lines), confirmations=None).delete()
        case ("bulk", amounts):
            SavingsEntry.objects.bulk_create(
                [
                    SavingsEntry(programme=programme, **_key(cell, lines), amount_eur_cents=amount)
                    for cell, amount in amounts.items()
                ],
                update_conflicts=True, update_fields=["amount_eur_cents"],
                unique_fields=["programme", "line", "series", "month"],
            )  # fmt: skip
        case ("copy", amounts):
            entries.filter(confirmations=None).delete()
            kept = set(entries.values_list("line", "series", "month"))
            with bulk_write(None, "test") as writer:
                writer.copy_rows(
                    SavingsEntry, ("programme", "line", "series", "month", "amount_eur_cents", "version"),
                    [
                        (programme.pk, lines[cell[0]].pk, cell[1], _month(cell[2]), amount, 1)
                        for cell, amount in amounts.items()
                        if (lines[cell[0]].pk, cell[1], _month(cell[2])) not in kept
                    ],
                )  # fmt: skip
        case ("scale", factor):
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE measures_savingsentry SET amount_eur_cents = amount_eur_cents * %s / 2", [factor]
                )
        case ("confirm", at, amount):
            claims = list(entries.filter(series="claimed", decided_eur_cents=None).order_by("pk"))
            if claims:
                make_confirmation(claims[at % len(claims)], amount)
        case ("withdraw", at):
            valid = list(Confirmation.objects.filter(programme=programme, withdrawn_on=None).order_by("pk"))
            if valid:
                Confirmation.objects.filter(pk=valid[at % len(valid)].pk).update(
                    withdrawn_on=date(2024, 5, 1), withdrawn_reason="koe"
                )


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(steps, max_size=12))
def test_totals_equal_raw_sums_after_any_writes(ground: Ground, work: list[tuple]) -> None:
    with transaction.atomic():
        measure = make_measure(ground)
        lines = [
            make_line(measure, ground),
            make_line(make_measure(ground, "M-2", goal=ground.goals[1]), ground, permanence="one_off"),
        ]
        for step in work:
            _apply(step, lines)
        assert not differing()
        _check_footing(ground)
        transaction.set_rollback(True)


def _check_footing(ground: Ground) -> None:
    """Every breakdown of the same rows agrees to the cent, and the cube with the figures of measures."""
    figures = selectors.fresh_figures(ground.programme, date(2024, 6, 30))
    measures = list(Measure.objects.filter(programme=ground.programme))
    by_measure = selectors.measure_figures(
        [row.pk for row in measures], ground.programme, on=date(2024, 6, 30)
    )
    cards = [selectors.measure_card(row, on=date(2024, 6, 30)) for row in measures]
    by_line = {line.line.pk: line.figures for card in cards for line in card.lines}
    slices = (
        figures.by_theme, figures.by_goal, figures.by_sector, figures.by_cost_type, by_measure, by_line,
    )  # fmt: skip
    for part in ("level_change", "cumulative", "period"):
        for level in LEVELS:
            whole = getattr(getattr(figures.total, part), level) or 0
            for slice_ in slices:
                assert sum(getattr(getattr(row, part), level) or 0 for row in slice_.values()) == whole
