"""The programme's deficit path with what its measures bring to each year's result."""

from __future__ import annotations

from dataclasses import dataclass

from measures import deficit
from measures.forecasting.results import Known, page_known
from measures.selectors.figures import savings_figures
from programme.models import DeficitPath, Programme, YearResult


@dataclass(frozen=True, slots=True)
class Found:
    """The path's row (None while nobody gave it), all stated results, the path, and the range it rests on."""

    row: DeficitPath | None
    results: list[YearResult]
    path: deficit.Path | None
    known: Known | None
    #: Years after the programme's last, for which the last month's run rate stands.
    carried: list[int]


def deficit_path(programme: Programme) -> Found:
    """Everything the page shows; years run to the last that is stated, to be covered by, or aimed at."""
    row = DeficitPath.objects.filter(programme=programme).first()
    stated = list(YearResult.objects.filter(programme=programme).order_by("year", "kind", "stated_on"))
    known = page_known(programme)
    if row is None:
        return Found(None, stated, None, known, [])
    until = max([row.cover_year_by_law, row.own_target_year or 0, *(one.year for one in stated)])
    effects = _effects(programme, known, until)
    rows = [
        deficit.Stated(one.year, one.kind, one.result_eur_cents, one.includes_programme, one.stated_on)
        for one in stated
    ]
    found = deficit.path(row.opening_year, row.opening_deficit_eur_cents, rows, effects, until=until)
    return Found(row, stated, found, known, [year for year in effects if year > programme.final_year])


def _effects(programme: Programme, known: Known | None, until: int) -> dict[int, dict[str, int]]:
    """Signed effect of new measures on each year's costs; one-off costs that outside money pays left out (R15).

    After the programme's years the lasting effect goes on as its last month runs.
    """
    if known is None:
        return {}
    whole, figures = known.result.outlook, savings_figures(programme).total.years
    found = {}
    for year, row in whole.years.items():
        funded = (figures[year].funded.forecast or 0) if year in figures else 0
        found[year] = {outcome: getattr(row, outcome) - funded for outcome in deficit.OUTCOMES}
    last = whole.months[max(whole.months)]
    for year in range(programme.final_year + 1, until + 1):
        found[year] = {outcome: getattr(last, outcome) for outcome in deficit.OUTCOMES}
    return found
