"""Valid rows of measures for tests: a small programme and what stands on it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from measures.models import Confirmation, Measure, SavingsEntry, SavingsLine
from programme.models import CostType, Goal, Organisation, Programme, Sector, Target, Theme


@dataclass
class Ground:
    """A programme of 2023-2025 with two themes of one goal each, two sectors and three cost types."""

    programme: Programme
    goals: list[Goal]
    sectors: list[Sector]
    cost_types: list[CostType]


def make_ground(slug: str = "koe", **fields: Any) -> Ground:
    organisation, _ = Organisation.objects.get_or_create(key=slug, defaults={"name_fi": slug})
    programme = Programme.objects.create(**{
        "slug": slug, "file_key": slug, "organisation": organisation, "kind": Programme.Kind.PRODUCTIVITY,
        "name_fi": slug, "start_year": 2023, "end_year": 2025, "base_year": 2023,
    } | fields)  # fmt: skip
    goals = []
    for number, key in enumerate(("digi", "ostopalvelut"), 1):
        theme = Theme.objects.create(programme=programme, key=key, number=number, name_fi=key)
        goals.append(
            Goal.objects.create(
                programme=programme, theme=theme, key=f"g{number}", number=number, name_fi=key
            )
        )
    sectors = [
        Sector.objects.create(programme=programme, key=key, position=at, name_fi=key)
        for at, key in enumerate(("tespa", "muut"))
    ]
    cost_types = [
        CostType.objects.create(programme=programme, key=key, position=at, name_fi=key)
        for at, key in enumerate(("henkilostokulut", "palvelujen-ostot", "tilavuokrat"))
    ]
    Target.objects.create(
        programme=programme, kind="stated", value_eur_cents=-7_800_000_000, valid_from=date(2023, 1, 1)
    )
    return Ground(programme, goals, sectors, cost_types)


def make_measure(ground: Ground, code: str = "M-1", **fields: Any) -> Measure:
    values = {"programme": ground.programme, "code": code, "name_fi": code, "goal": ground.goals[0]}
    return Measure.objects.create(**values | fields)


def make_line(measure: Measure, ground: Ground, **fields: Any) -> SavingsLine:
    values = {
        "programme": ground.programme, "measure": measure, "sector": ground.sectors[0],
        "cost_type": ground.cost_types[1], "goal": measure.goal,
    }  # fmt: skip
    return SavingsLine.objects.create(**values | fields)


def make_entry(line: SavingsLine, month: date, cents: int, series: str = "plan") -> SavingsEntry:
    return SavingsEntry.objects.create(
        programme_id=line.programme_id, line=line, month=month, series=series, amount_eur_cents=cents
    )


def make_confirmation(entry: SavingsEntry, cents: int, **fields: Any) -> Confirmation:
    values = {
        "programme_id": entry.programme_id, "entry": entry, "part_eur_cents": cents,
        "decided_on": date(2024, 3, 20),
    }  # fmt: skip
    return Confirmation.objects.create(**values | fields)
