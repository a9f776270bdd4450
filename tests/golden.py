"""Programme `esimerkki` of the golden example: five measures whose figures are worked out by hand.

`build_golden()` writes it; `ids` names its rows. Tests of pages, the API and frozen documents use the
same programme and compare with the figures of the example to the cent.
"""

from dataclasses import dataclass, field
from datetime import date

from core.periods import months, next_month
from measures.models import (
    BooksClosed,
    Confirmation,
    CostDriver,
    LedgerEntry,
    Measure,
    MeasureTarget,
    Overlap,
    SavingsEntry,
    SavingsLine,
)
from programme.models import CostType, Goal, Organisation, Programme, Sector, Target, Theme

STATUS_DATE = date(2024, 8, 31)
CLOSED_THROUGH = date(2024, 7, 1)
DECIDED_ON = date(2024, 8, 20)
Y24, Y25 = date(2024, 12, 1), date(2025, 12, 1)


def month(text: str) -> date:
    """ "3/2024" as the first day of the month."""
    number, year = text.split("/")
    return date(int(year), int(number), 1)


@dataclass
class Golden:
    """The programme and its rows by the names of the example: themes X, Y; cost types HEN, OST, VUO."""

    programme: Programme
    sector: Sector
    themes: dict[str, Theme] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    cost_types: dict[str, CostType] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    lines: dict[str, SavingsLine] = field(default_factory=dict)


def eur(amount: int) -> int:
    return amount * 100


#: line -> series -> [(amount in euros, first month, last month)]
SERIES = {
    "E1/OST": {
        "plan": [(-20_000, "3/2024", "12/2025")],
        "claimed": [(-20_000, "3/2024", "7/2024")],
        "confirmed": [(-18_000, "3/2024", "6/2024")],
        "forecast": [(-18_000, "8/2024", "12/2024"), (-21_000, "1/2025", "12/2025")],
    },
    "E1/HEN": {
        "plan": [(5_000, "3/2024", "12/2025")],
        "claimed": [(5_000, "3/2024", "7/2024")],
        "confirmed": [(5_000, "3/2024", "6/2024")],
        "forecast": [(5_000, "8/2024", "12/2025")],
    },
    "E2/OST": {
        "plan": [(-60_000, "5/2024", "5/2024")],
        "claimed": [(-60_000, "5/2024", "5/2024")],
        "confirmed": [(-45_000, "5/2024", "5/2024")],
    },
    "E3/OST": {
        "plan": [(-10_000, "6/2024", "12/2025")],
        "claimed": [(-10_000, "6/2024", "7/2024")],
        "confirmed": [(-6_000, "6/2024", "6/2024")],
        "forecast": [(-10_000, "8/2024", "12/2024"), (-12_000, "1/2025", "12/2025")],
    },
    "E4/VUO": {"plan": [(-8_000, "9/2024", "12/2025")]},
    "E5/OST": {
        "plan": [(-10_000, "1/2024", "12/2025")],
        "claimed": [(-9_000, "1/2024", "7/2024")],
        "confirmed": [(-8_000, "1/2024", "6/2024")],
        "forecast": [(-9_000, "8/2024", "12/2025")],
    },
}


def build_golden(slug: str = "esimerkki") -> Golden:
    """Writes the golden example and hands back its rows."""
    organisation, _ = Organisation.objects.get_or_create(
        key=slug, defaults={"name_fi": "Esimerkin hyvinvointialue", "name_en": "Example county"}
    )
    programme = Programme.objects.create(
        slug=slug, file_key=slug, organisation=organisation, kind=Programme.Kind.PRODUCTIVITY,
        name_fi="Esimerkkiohjelma", start_year=2024, end_year=2025, base_year=2024,
        comparison_base_fi="vuoden 2024 alkuperäinen talousarvio", status_date=STATUS_DATE,
    )  # fmt: skip
    sector = Sector.objects.create(programme=programme, key="n", name_fi="N")
    golden = Golden(programme, sector)
    for number, key in enumerate("xy", 1):
        theme = Theme.objects.create(programme=programme, key=key, number=number, name_fi=key.upper())
        golden.themes[key.upper()] = theme
        golden.goals[key.upper()] = Goal.objects.create(
            programme=programme, theme=theme, key=f"g{number}", number=number, name_fi=f"Tavoite {number}"
        )
    for position, (key, name) in enumerate(
        {"hen": "Henkilöstökulut", "ost": "Palvelujen ostot", "vuo": "Tilavuokrat"}.items()
    ):
        golden.cost_types[key.upper()] = CostType.objects.create(
            programme=programme, key=key, name_fi=name, position=position
        )
    _targets(golden)
    _measures(golden)
    _months(golden)
    _books(golden)
    return golden


def _targets(golden: Golden) -> None:
    common = {"programme": golden.programme, "valid_from": date(2024, 1, 1)}
    Target.objects.create(
        kind=Target.Kind.STATED, column=Target.Column.TOTAL, value_eur_cents=eur(-500_000), **common
    )
    Target.objects.create(
        kind=Target.Kind.TOTAL, column=Target.Column.BASE, value_eur_cents=eur(-120_000), **common
    )


def _measures(golden: Golden) -> None:
    for code, theme in {"E1": "X", "E2": "Y", "E3": "X", "E4": "Y", "E5": "X"}.items():
        withdrawn = {
            "stage": "withdrawn", "withdrawn_on": date(2024, 7, 15), "withdrawn_from": date(2024, 8, 1),
        }  # fmt: skip
        golden.measures[code] = Measure.objects.create(
            programme=golden.programme, code=code, name_fi=f"Toimenpide {code}", goal=golden.goals[theme],
            **(withdrawn if code == "E4" else {"stage": "in_delivery"}),
        )  # fmt: skip
    for code, amount in {"E1": -180_000, "E3": -72_000, "E4": -96_000}.items():
        MeasureTarget.objects.create(
            programme=golden.programme, measure=golden.measures[code], value_eur_cents=eur(amount),
            valid_from=date(2024, 1, 1), reason="Ohjelman hyväksyminen",
        )  # fmt: skip
    for name in SERIES:
        code, cost_type = name.split("/")
        measure = golden.measures[code]
        golden.lines[name] = SavingsLine.objects.create(
            programme=golden.programme, measure=measure, sector=golden.sector, goal=measure.goal,
            cost_type=golden.cost_types[cost_type], in_base=code == "E5",
            permanence="one_off" if code == "E2" else "lasting",
        )  # fmt: skip
    Overlap.objects.create(
        programme=golden.programme, yielding_line=golden.lines["E3/OST"], other_line=golden.lines["E1/OST"],
        amount_eur_cents=eur(-4_000), first_month=date(2024, 6, 1), reason="Sama sopimus",
    )  # fmt: skip


def _months(golden: Golden) -> None:
    entries, confirmed = [], {}
    for name, series in SERIES.items():
        rows = series | {"plan_approved": series["plan"]}
        confirmed |= {(name, day): cents for day, cents in _each(rows.pop("confirmed", []))}
        entries += [
            SavingsEntry(
                programme=golden.programme, line=golden.lines[name], series=key, month=day,
                amount_eur_cents=cents,
            )
            for key, ranges in rows.items()
            for day, cents in _each(ranges)
        ]  # fmt: skip
    SavingsEntry.objects.bulk_create(entries)
    claims = {
        (name, entry.month): entry
        for name, line in golden.lines.items()
        for entry in SavingsEntry.objects.filter(line=line, series="claimed")
    }
    Confirmation.objects.bulk_create(
        Confirmation(
            programme=golden.programme, entry=claims[key], part_eur_cents=cents, decided_on=DECIDED_ON
        )
        for key, cents in confirmed.items()
    )


def _each(ranges: list[tuple[int, str, str]]) -> list[tuple[date, int]]:
    return [
        (day, eur(amount))
        for amount, first, last in ranges
        for day in months(month(first), next_month(month(last)))
    ]


def _books(golden: Golden) -> None:
    """Base 3 500 000, drivers 60 000 and ledger 3 463 000 of N/OST for 1-7/2024; these months are closed."""
    CostDriver.objects.create(
        programme=golden.programme, kind=CostDriver.Kind.WAGES, sector=golden.sector,
        cost_type=golden.cost_types["OST"], first_month=date(2024, 2, 1), last_month=date(2024, 7, 1),
        monthly_eur_cents=eur(10_000), source="Sopimus 1/2024",
    )  # fmt: skip
    for day in months(date(2024, 1, 1), date(2024, 8, 1)):
        BooksClosed.objects.create(programme=golden.programme, month=day, closed_on=date(2024, 8, 15))
        for kind, cents in (
            (LedgerEntry.Kind.ORIGINAL_BUDGET, eur(500_000)),
            (LedgerEntry.Kind.ACTUAL, eur(495_000 if day.month < 7 else 493_000)),
        ):
            LedgerEntry.objects.create(
                programme=golden.programme, kind=kind, month=day, sector=golden.sector,
                cost_type=golden.cost_types["OST"], amount_eur_cents=cents, booked_on=date(2024, 8, 15),
            )  # fmt: skip
