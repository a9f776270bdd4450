"""The cube that a process keeps is the sum of the totals as committed, after any edit and while others write."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections, transaction

from measures.amounts import amounts_of_all
from measures.models import BooksClosed, Measure, MeasureTarget, Overlap, SavingsEntry, SavingsLine, Stage
from measures.selectors import clock_of, fresh_figures, kept_cube
from measures.selectors.cube import summed_cells
from measures.selectors.kept_cube import forget_kept, kept_cells
from measures.services import Cell, close_month, confirm_claim, record_entries
from measures.totals import differing, rebuild
from programme.models import CostType, FundingSource, Sector
from tests.factories.measures import Ground, make_entry, make_ground, make_line, make_measure

pytestmark = pytest.mark.django_db(transaction=True)

SERIES = ("plan", "plan_approved", "forecast", "claimed")


@pytest.fixture
def ground() -> Ground:
    forget_kept()
    return make_ground()


@pytest.fixture
def lines(ground: Ground) -> list[SavingsLine]:
    """Lines of four measures, each with a few months."""
    made = []
    for number in range(4):
        measure = make_measure(ground, f"M-{number}", stage="planned")
        for cost_type in ground.cost_types[:2]:
            line = make_line(measure, ground, cost_type=cost_type)
            make_entry(line, date(2024, 1 + number, 1), -1000 - number)
            made.append(line)
    return made


def by_group(cells: list[Any]) -> dict[tuple[Any, ...], tuple[int, tuple[int, ...]]]:
    found = {tuple(cell[:7]): (cell.known, tuple(cell.months)) for cell in cells}
    assert len(found) == len(cells), "each group comes once"
    return found


def kept(ground: Ground) -> Any:
    return by_group(kept_cells(ground.programme.pk))


def summed(ground: Ground) -> Any:
    return by_group(summed_cells(ground.programme))


def write(line: SavingsLine, cents: int, month: int = 1, series: str = "forecast") -> None:
    record_entries(cells=[Cell(line, series, date(2024, month, 1), cents)], by=None)


class Acts:
    """Everything that changes what a line adds to the figures, by chance."""

    def __init__(self, ground: Ground, chance: random.Random) -> None:
        self.ground, self.chance = ground, chance

    def any(self) -> None:
        name = self.chance.choice([
            "months", "months", "months", "empty", "stage", "withdraw", "attributes", "new_line", "drop", "decide",
            "undone", "rebuild",
        ])  # fmt: skip
        getattr(self, name)()

    def line(self) -> SavingsLine:
        return self.chance.choice(list(SavingsLine.objects.filter(programme=self.ground.programme)))

    def months(self) -> None:
        for _number in range(self.chance.randint(1, 6)):
            SavingsEntry.objects.update_or_create(
                programme=self.ground.programme, line=self.line(), series=self.chance.choice(SERIES),
                month=date(self.chance.choice((2023, 2024, 2025)), self.chance.randint(1, 12), 1),
                defaults={"amount_eur_cents": self.chance.randint(-9999, 9999)},
            )  # fmt: skip

    def empty(self) -> None:
        entry = SavingsEntry.objects.filter(decided_eur_cents=None).order_by("?").first()
        if entry is not None and not entry.confirmations.exists():
            entry.delete()

    def stage(self) -> None:
        measure = self.line().measure
        Measure.objects.filter(pk=measure.pk, withdrawn_from=None).update(
            stage=self.chance.choice((Stage.IDENTIFIED, Stage.PLANNED, Stage.DECIDED))
        )

    def withdraw(self) -> None:
        month = self.chance.choice([date(2024, 5, 1), date(2023, 12, 1), None])
        stage = Stage.PLANNED if month is None else Stage.WITHDRAWN
        Measure.objects.filter(pk=self.line().measure_id).update(
            withdrawn_from=month, withdrawn_on=month, stage=stage
        )

    def attributes(self) -> None:
        changed: dict[str, Any] = self.chance.choice([
            {"in_base": True}, {"in_base": False}, {"permanence": "seasonal"}, {"line_class": "avoided"},
            {"sector": self.chance.choice(self.ground.sectors)},
        ])  # fmt: skip
        line = self.line()
        others = SavingsLine.objects.filter(measure=line.measure_id).exclude(pk=line.pk)
        for name, value in changed.items():
            setattr(line, name, value)
        same = ("sector_id", "cost_type_id", "permanence", "line_class", "in_base")
        if not others.filter(**{name: getattr(line, name) for name in same}).exists():
            line.save()

    def new_line(self) -> None:
        measure = make_measure(self.ground, f"N-{self.chance.randrange(10**9)}", stage="planned")
        make_entry(make_line(measure, self.ground), date(2024, 3, 1), -77)

    def drop(self) -> None:
        line = self.line()
        if not line.entries.filter(confirmations__isnull=False).exists():
            line.delete()

    def decide(self) -> None:
        claim = SavingsEntry.objects.filter(series="claimed", decided_eur_cents=None).first()
        if claim is not None:
            confirm_claim(entry=claim, part_eur_cents=-5, by=None, on=date(2024, 3, 1), reason="osa")

    def undone(self) -> None:
        with transaction.atomic():
            self.months()
            transaction.set_rollback(True)

    def rebuild(self) -> None:
        rebuild()


@pytest.mark.parametrize("seed", range(3))
def test_after_every_act_the_kept_cube_is_the_sum(
    ground: Ground, lines: list[SavingsLine], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    if seed:  # one walk as in earnest, the others by differences alone, however many
        monkeypatch.setattr(kept_cube, "REBUILT_FROM", 0)
    acts = Acts(ground, random.Random(seed))
    for number in range(40):
        acts.any()
        if number % 3 != 1:  # sometimes several acts lie between two readings
            assert kept(ground) == summed(ground), number
    assert kept(ground) == summed(ground)
    assert not differing()


def test_the_figures_are_the_same_inside_and_outside_a_transaction(
    ground: Ground, lines: list[SavingsLine]
) -> None:
    day = date(2024, 2, 1)
    Measure.objects.filter(code="M-1").update(withdrawn_from=day, withdrawn_on=day, stage=Stage.WITHDRAWN)
    outside = fresh_figures(ground.programme, date(2024, 6, 30))
    with transaction.atomic():
        inside = fresh_figures(ground.programme, date(2024, 6, 30))

    assert outside == inside
    assert outside.total.period.plan == -6010


def test_figures_follow_whatever_they_hang_on(ground: Ground, lines: list[SavingsLine]) -> None:
    """Each kind of row beside the months, changed alone, between two readings of one process."""
    programme, day = ground.programme, date(2024, 6, 30)
    overlap = {"programme": programme, "yielding_line": lines[0], "other_line": lines[1]}
    source = FundingSource.objects.create(programme=programme, kind="stabilisation", name_fi="Vakautus")

    def decide_target() -> None:
        MeasureTarget.objects.create(
            programme=programme, measure=lines[0].measure, value_eur_cents=-5_000, valid_from=date(2024, 1, 1)
        )

    acts = [
        lambda: write(lines[0], -500),
        lambda: Overlap.objects.create(**overlap, amount_eur_cents=-400, first_month=date(2024, 1, 1)),
        lambda: Overlap.objects.update(amount_eur_cents=-300),
        lambda: Overlap.objects.all().delete(),
        decide_target,
        lambda: MeasureTarget.objects.update(value_eur_cents=-6_000),
        lambda: close_month(programme=programme, month=date(2024, 1, 1), by=None, on=date(2024, 2, 20)),
        lambda: type(ground.goals[0]).objects.filter(pk=ground.goals[0].pk).update(theme=ground.goals[1].theme),
        lambda: SavingsLine.objects.filter(pk=lines[2].pk).update(permanence="one_off", paid_from=source),
        lambda: FundingSource.objects.update(kind="own"),
        lambda: CostType.objects.filter(pk=lines[1].cost_type_id).update(kind="income"),
        lambda: Sector.objects.create(programme=programme, key="uusi", position=9, name_fi="uusi"),
        lambda: Measure.objects.filter(pk=lines[6].measure_id).delete(),
    ]  # fmt: skip
    before = fresh_figures(programme, day)
    for number, act in enumerate(acts):
        act()
        outside = fresh_figures(programme, day)
        with transaction.atomic():
            assert fresh_figures(programme, day) == outside, number
        assert outside != before, number
        before = outside


# ---------------------------------------------------------------------------- others write meanwhile
class Other:
    """Another connection that writes and commits when it is told to."""

    def __init__(self, line: SavingsLine, cents: int) -> None:
        self.line, self.cents = line, cents
        self.wrote, self.may_end = threading.Event(), threading.Event()
        self.is_kept = True
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        assert self.wrote.wait(60)

    def _run(self) -> None:
        try:
            with transaction.atomic():
                write(self.line, self.cents)
                self.wrote.set()
                self.may_end.wait(60)
                transaction.set_rollback(not self.is_kept)
        finally:
            self.wrote.set()
            connections.close_all()

    def end(self, *, is_kept: bool = True) -> None:
        self.is_kept = is_kept
        self.may_end.set()
        self.thread.join(60)


def late_commit(ground: Ground, lines: list[SavingsLine]) -> tuple[Any, Any]:
    """What is kept and what is right after one who began early ends late, with others and readings in between."""
    kept(ground)
    early = Other(lines[0], -111)
    kept(ground)
    write(lines[2], -222)  # a later transaction ends first
    kept(ground)
    write(lines[4], -333)
    kept(ground)
    early.end()
    return kept(ground), summed(ground)


def test_who_began_early_and_ended_late_is_counted(ground: Ground, lines: list[SavingsLine]) -> None:
    found, right = late_commit(ground, lines)

    assert found == right
    assert SavingsEntry.objects.filter(amount_eur_cents=-111).exists()


def test_reading_from_the_newest_transaction_only_would_be_found(
    ground: Ground, lines: list[SavingsLine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test itself is tried: with the wrong end of the snapshot the late one is missed."""
    monkeypatch.setattr(kept_cube, "_READ", kept_cube._READ.replace("pg_snapshot_xmin", "pg_snapshot_xmax"))

    found, right = late_commit(ground, lines)

    assert found != right


def test_what_is_rolled_back_is_never_seen(ground: Ground, lines: list[SavingsLine]) -> None:
    before = kept(ground)
    other = Other(lines[0], -111)
    meanwhile = kept(ground)
    other.end(is_kept=False)

    assert meanwhile == before == kept(ground) == summed(ground)


def test_emptied_tables_are_noticed(ground: Ground, lines: list[SavingsLine]) -> None:
    assert kept(ground)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE measures_savingsentry, measures_measuretotal CASCADE")

    assert kept(ground) == {}


def test_readers_and_writers_at_once_end_at_the_same_sums(ground: Ground, lines: list[SavingsLine]) -> None:
    """Four write, some undo it, two read all the time: every reading is whole, the last one is right."""
    done = threading.Event()

    def edit(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _number in range(20):
                with transaction.atomic():
                    write(chance.choice(lines), chance.randint(-999, 999), chance.randint(1, 12))
                    transaction.set_rollback(chance.random() < 0.2)
        finally:
            connections.close_all()

    def read(_seed: int) -> list[Any]:
        torn: list[Any] = []
        try:
            while not done.is_set():
                sums = dict.fromkeys(kept_cube.DIMENSIONS, 0)
                for cell in kept_cells(ground.programme.pk):
                    sums[cell.slice[0]] += sum(cell.months)
                torn += [sums] if len(set(sums.values())) > 1 else []
        finally:
            connections.close_all()
        return torn

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read, seed) for seed in range(2)]
        writers = [pool.submit(edit, seed) for seed in range(4)]
        for writer in writers:
            writer.result(60)
        done.set()
        assert [reader.result(60) for reader in readers] == [[], []]
    assert kept(ground) == summed(ground)


# ---------------------------------------------------------------------------- levels of every measure
@pytest.mark.parametrize("seed", range(2))
def test_levels_of_every_measure_are_those_of_the_database(
    ground: Ground, lines: list[SavingsLine], seed: int
) -> None:
    """Closed months in the final year, withdrawals, one-off lines, an overlap: both ways give the same cents."""
    programme = ground.programme
    programme.status_date = date(2025, 6, 30)
    programme.save()
    for month in range(1, 4):
        BooksClosed.objects.create(
            programme=programme, month=date(2025, month, 1), closed_on=date(2025, 6, 1)
        )
    Overlap.objects.create(
        programme=programme, yielding_line=lines[0], other_line=lines[2], amount_eur_cents=-900,
        first_month=date(2024, 1, 1),
    )  # fmt: skip
    SavingsLine.objects.filter(pk=lines[5].pk).update(permanence="one_off")
    acts = Acts(ground, random.Random(seed))
    for _number in range(60):
        acts.months()
    for name in ("decide", "decide", "withdraw", "attributes", "new_line", "decide"):
        getattr(acts, name)()

    clock = clock_of(programme)
    outside = amounts_of_all(programme, clock)
    with transaction.atomic():
        inside = amounts_of_all(programme, clock)

    assert outside == inside
    assert all(any(amounts[at] is not None for amounts in outside.values()) for at in range(7))
