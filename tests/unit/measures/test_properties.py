"""Rules that hold for any lines: breakdowns foot to the cent, claims split, moving and withdrawing keep totals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import rounded, rounded_parts_differ
from measures import calculations
from measures.calculations import IN_BASE, LEVELS, NEW, WHOLE_YEAR, Cell, Clock, Figures, Track

CLOCK = Clock(date(2025, 8, 31), date(2025, 7, 1), 2024, 2026)


@dataclass(frozen=True)
class Line:
    """A savings line with its months: (series, year) -> twelve amounts; claims with their decisions."""

    measure: int
    goal: int
    sector: int
    cost_type: int
    permanence: str
    line_class: str
    in_base: bool
    withdrawn: int | None  # months before the withdrawal, counted from 1/2024
    plan: tuple[int, ...]
    forecast: tuple[int, ...]
    claimed: tuple[int, ...]
    confirmed: tuple[int | None, ...]


amounts = st.integers(-(10**11), 10**11)
three_years = st.lists(amounts, min_size=36, max_size=36).map(tuple)
lines = st.builds(
    Line, measure=st.integers(0, 5), goal=st.integers(0, 3), sector=st.integers(0, 2), cost_type=st.integers(0, 2),
    permanence=st.sampled_from(["lasting", "one_off", "seasonal", "funded"]),
    line_class=st.sampled_from(["cash", "cash", "cash", "avoided", "income"]), in_base=st.booleans(),
    withdrawn=st.none() | st.integers(0, 36), plan=three_years, forecast=three_years, claimed=three_years,
    confirmed=st.lists(st.none() | amounts, min_size=36, max_size=36).map(tuple),
)  # fmt: skip
portfolios = st.lists(lines, min_size=1, max_size=6)

#: A theme has goals 0 and 1, the other 2 and 3.
SLICES: dict[str, Callable[[int, Line], int]] = {
    "line": lambda at, line: at,
    "measure": lambda _at, line: line.measure,
    "goal": lambda _at, line: line.goal,
    "theme": lambda _at, line: line.goal // 2,
    "sector": lambda _at, line: line.sector,
    "cost_type": lambda _at, line: line.cost_type,
}


def cells_of(line: Line, slice_: object) -> Iterable[Cell]:
    """The line as the database would hand it on: split around its withdrawal, claims split by decision."""
    series: dict[str, list[int | None]] = {
        "plan": [*line.plan],
        "plan_approved": [*line.plan],
        "forecast": [*line.forecast],
    }
    series["claimed"] = [*line.claimed]
    series["confirmed"] = [*line.confirmed]
    series["undecided"] = [
        claim if part is None else None for claim, part in zip(line.claimed, line.confirmed, strict=True)
    ]
    for name, months in series.items():
        for at, year in enumerate((2024, 2025, 2026)):
            twelve = months[12 * at : 12 * at + 12]
            known = sum(1 << month for month, cents in enumerate(twelve) if cents is not None)
            phases = {"standing": WHOLE_YEAR}
            if line.withdrawn is not None and name != "plan_approved":
                before = (1 << min(12, max(0, line.withdrawn - 12 * at))) - 1
                phases = {"before": before, "after": WHOLE_YEAR & ~before}
            for phase, mask in phases.items():
                kept = [cents or 0 if mask >> month & 1 else 0 for month, cents in enumerate(twelve)]
                yield Cell(
                    slice_,
                    line.permanence,
                    line.line_class,
                    line.in_base,
                    phase,
                    name,
                    year,
                    known & mask,
                    kept,
                )


def figures_by(portfolio: list[Line], slice_: Callable[[int, Line], object]) -> dict[object, Figures]:
    cells = [cell for at, line in enumerate(portfolio) for cell in cells_of(line, slice_(at, line))]
    whole = calculations.fold((cell._replace(slice="all") for cell in cells), CLOCK)
    months = calculations.run_rate_months(whole.get(("all", NEW), Track()), CLOCK)
    tracks = calculations.fold(cells, CLOCK)
    return {
        key: calculations.figures(
            tracks.get((key, NEW)), tracks.get((key, IN_BASE)), CLOCK, months,
            avoided=tracks.get((key, "avoided")), income=tracks.get((key, "income")),
        )
        for key, _book in tracks
    }  # fmt: skip


def said(figures: Figures) -> dict[str, int]:
    """Every amount of the figures by name; unknown counts nothing."""
    found = {
        name: getattr(figures, name)
        for name in (
            "level_change",
            "cumulative",
            "period",
            "run_rate",
            "carry_over",
            "in_base",
            "avoided",
            "income",
            "funded",
            "cumulative_net",
        )
    }
    for year, of_year in figures.years.items():
        found |= {
            f"{part}-{year}": getattr(of_year, part) for part in ("lasting", "one_off", "effect", "result")
        }
    return {
        f"{name}.{level}": getattr(levels, level) or 0 for name, levels in found.items() for level in LEVELS
    }


def together(parts: Iterable[Figures]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in parts:
        for name, cents in said(part).items():
            total[name] = total.get(name, 0) + cents
    return {name: cents for name, cents in total.items() if cents}


@settings(max_examples=40, deadline=None)
@given(portfolios)
def test_every_breakdown_of_the_same_lines_agrees_to_the_cent(portfolio: list[Line]) -> None:
    whole = together(figures_by(portfolio, lambda _at, _line: "all").values())

    for name, slice_ in SLICES.items():
        assert together(figures_by(portfolio, slice_).values()) == whole, name


@settings(max_examples=30, deadline=None)
@given(portfolios, st.integers(0, 3))
def test_moving_a_measure_to_another_goal_keeps_every_total(portfolio: list[Line], goal: int) -> None:
    moved = [replace(line, goal=goal) if line.measure == portfolio[0].measure else line for line in portfolio]

    assert together(figures_by(moved, SLICES["theme"]).values()) == together(
        figures_by(portfolio, SLICES["theme"]).values()
    )


@settings(max_examples=30, deadline=None)
@given(portfolios)
def test_claims_are_confirmed_undecided_or_refused_in_every_figure(portfolio: list[Line]) -> None:
    for figures in figures_by(portfolio, SLICES["sector"]).values():
        rows = [figures.cumulative, figures.in_base, figures.avoided, figures.income, figures.funded]
        rows += [
            getattr(year, part)
            for year in figures.years.values()
            for part in ("lasting", "one_off", "effect", "result")
        ]
        for levels in rows:
            known = [getattr(levels, name) for name in ("claimed", "confirmed", "undecided", "refused")]
            assert all(cents is None for cents in known) or known[0] == sum(known[1:])


@given(
    st.none() | amounts, st.none() | amounts,
    st.lists(st.tuples(amounts, st.booleans()), max_size=8), st.integers(0, 7),
)  # fmt: skip
def test_withdrawing_a_measure_never_changes_the_target(
    stated: int | None, in_base: int | None, targets: list[tuple[int, bool]], which: int
) -> None:
    def ladder(rows: list[tuple[int, bool]]) -> calculations.Ladder:
        return calculations.ladder(
            stated=stated, in_base=in_base, active=sum(cents for cents, gone in rows if not gone),
            released=sum(cents for cents, gone in rows if gone),
        )  # fmt: skip

    before = ladder(targets)
    after = ladder([(cents, gone or at == which) for at, (cents, gone) in enumerate(targets)])

    assert (after.stated, after.in_base, after.never_allocated) == (
        before.stated,
        before.in_base,
        before.never_allocated,
    )
    assert (after.active or 0) + (after.released or 0) == (before.active or 0) + (before.released or 0)
    if stated is not None:
        assert stated == (in_base or 0) + sum(
            getattr(after, name) or 0 for name in ("active", "released", "never_allocated")
        )


@given(st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=12))
def test_the_note_on_rounding_stands_exactly_where_shown_parts_miss_the_total(parts: list[int]) -> None:
    shown = sum(rounded(cents, unit="meur", decimals=1) for cents in parts)
    total = rounded(sum(parts), unit="meur", decimals=1)

    assert rounded_parts_differ(parts, sum(parts), unit="meur", decimals=1) == (shown != total)
    assert abs(shown - total) * 20 <= len(parts) + 1


@given(st.lists(st.tuples(st.none() | amounts, st.none() | amounts), min_size=1, max_size=5))
def test_levels_take_nothing_off_where_nothing_is_known(rows: list[tuple[int | None, int | None]]) -> None:
    for first, second in rows:
        left = calculations.less_levels(calculations.Levels(plan=first), calculations.Levels(plan=second))
        assert left.plan == (None if first is None else first - (second or 0))
        assert all(getattr(left, one.name) is None for one in fields(left) if one.name != "plan")
