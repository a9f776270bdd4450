"""An illustrative way out of the deficit: the programme file gives the budget of 2023, the rest is invented."""

from __future__ import annotations

from core.bulk import BulkWriter
from measures.demo.rows import insert
from programme.models import DeficitPath, Programme, YearResult

#: Marks the rows as ours, for eyes and for taking them away.
NOTE = "Havainnollistava luku"
MEUR = 100_000_000
#: Year, kind, result in M€ and when it was stated; none of them counts on the programme's measures.
RESULTS = (
    (2023, "budget", -50, (2022, 12, 14)),
    (2024, "budget", -36, (2023, 12, 13)),
    (2024, "forecast", -31, (2024, 3, 20)),
    (2025, "forecast", -4, (2024, 3, 20)),
    (2026, "forecast", 16, (2024, 3, 20)),
)


def write_deficit(writer: BulkWriter, programme: Programme) -> int:
    """The path and its results, where the programme has none of its own; the rows written."""
    if programme.start_year != 2023 or DeficitPath.objects.filter(programme=programme).exists():
        return 0
    insert(writer, DeficitPath, [{
        "programme": programme.pk, "opening_year": 2023, "opening_deficit_eur_cents": 50 * MEUR,
        "cover_year_by_law": 2026, "own_target_year": 2025, "source_note": NOTE,
    }])  # fmt: skip
    rows = [
        {
            "programme": programme.pk, "year": year, "kind": kind, "result_eur_cents": result * MEUR,
            "includes_programme": False, "stated_on": "{:04d}-{:02d}-{:02d}".format(*day), "source_note": NOTE,
        }
        for year, kind, result, day in RESULTS
    ]  # fmt: skip
    insert(writer, YearResult, rows)
    return 1 + len(rows)


def remove_deficit(programme: Programme) -> None:
    """Takes the illustrative rows away."""
    for model in (DeficitPath, YearResult):
        model.objects.filter(programme=programme, source_note=NOTE).delete()
