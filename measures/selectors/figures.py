"""The savings figures of a programme, kept by data version."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from measures import calculations
from measures.calculations import IN_BASE, INCOME, LEVELS, NEW, Figures, SavingsFigures, StageFigures, Track
from measures.models import Stage
from measures.selectors.cached import cached
from measures.selectors.source import MeasureCount, source_of
from measures.selectors.targets import target_figures
from measures.selectors.worked import work_out
from programme.models import Programme


def savings_figures(programme: Programme, *, on: date | None = None) -> SavingsFigures:
    """All figures of the programme on a day (default: its own clock), kept until anything in it changes.

    Every slice of the programme is in the answer. A goal holds its sub-goals, a cost type its parts.
    """
    day = on or programme.today()
    return cached(programme, f"figures:{day}", lambda: fresh_figures(programme, day))


def fresh_figures(programme: Programme, day: date) -> SavingsFigures:
    """The same figures worked out from the database, past what is kept."""
    source = source_of(programme, day)
    clock, tree, counts = source.clock, source.tree, source.counts
    worked = work_out(source.cells, tree, clock, programme_id=programme.pk if source.is_committed else None)

    def of(kind: str, ids: Iterable[Any]) -> dict[Any, Figures]:
        return {key: worked.of((kind, key)) for key in ids}

    books = worked.tracks.get("total", {})
    total = books.get(NEW, Track())
    target = target_figures(programme, day)
    return SavingsFigures(
        as_of=day,
        closed_through=clock.closed_through,
        start_year=clock.start_year,
        final_year=clock.final_year,
        total=worked.of("total"),
        by_theme=of("theme", tree.themes),
        by_goal=of("goal", tree.goals),
        by_sector=of("sector", tree.sectors),
        by_cost_type=of("cost_type", [key for key in tree.cost_types if key not in tree.income_types]),
        by_income_type={key: worked.alone(INCOME, ("cost_type", key)) for key in tree.income_types},
        beside={book: worked.alone(book) for book in books if book not in (NEW, IN_BASE)},
        ladder=calculations.ladder(
            stated=target.stated, in_base=target.in_base,
            active=sum(row.target for row in counts if row.stage != Stage.WITHDRAWN),
            released=sum(row.target for row in counts if row.stage == Stage.WITHDRAWN),
        ),
        target=target,
        months={level: calculations.month_points(total, level, clock) for level in LEVELS},
        stages=_stages(counts, of("stage", Stage.values)),
        stage_counts_by_theme=_stage_counts(counts),
        measures=sum(row.count for row in counts),
        illustrative=sum(row.illustrative for row in counts),
    )  # fmt: skip


def _stages(counts: list[MeasureCount], by_stage: Mapping[str, Figures]) -> dict[str, StageFigures]:
    return {
        stage: StageFigures(
            sum(row.count for row in counts if row.stage == stage),
            figures.level_change.plan, figures.level_change.forecast,
        )
        for stage, figures in by_stage.items()
    }  # fmt: skip


def _stage_counts(counts: list[MeasureCount]) -> dict[int, dict[str, int]]:
    by_theme: dict[int, dict[str, int]] = defaultdict(dict)
    for row in counts:
        by_theme[row.theme][row.stage] = row.count
    return dict(by_theme)
