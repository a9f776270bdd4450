"""A measure that lacks nothing at its gates, and the people who decide."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from measures.models import Measure, MeasureTarget, SavingsEntry, SavingsLine, Series
from programme.models import Body
from tests.factories.accounts import make_member
from tests.factories.measures import Ground, make_ground, make_line, make_measure

DAY = date(2024, 4, 15)


@dataclass
class Gated:
    """A programme whose measure M-1 has everything that the default gates ask for (no risks or promises are named)."""

    ground: Ground
    measure: Measure
    line: SavingsLine
    owner: User
    pmo: User
    steering: User
    body: Body

    @property
    def values(self) -> dict[str, object]:
        """A body's decision, as the form gives it."""
        return {"body": self.body, "section": "§ 14", "case_number": "KYM/12/2024"}


def make_gated(stage: str = "planned") -> Gated:
    """Lasting plan of -1 000 € a month from 1/2024 to the end of 2025."""
    ground = make_ground(status_date=date(2024, 4, 15))
    owner = make_member(ground.programme, "measure")
    measure = make_measure(
        ground, "M-1", stage=stage, owner=owner, description_fi="Kuvaus", starts_on=date(2024, 1, 1),
        ends_on=date(2025, 12, 31), confidence_of_owner="high", resources="Kaksi henkilöä",
    )  # fmt: skip
    measure.programme = ground.programme
    line = make_line(measure, ground, basis_note="Kaksi vakanssia")
    MeasureTarget.objects.create(
        programme=ground.programme, measure=measure, value_eur_cents=-1_200_000, valid_from=date(2024, 1, 1)
    )
    SavingsEntry.objects.bulk_create(
        SavingsEntry(
            programme=ground.programme, line=line, month=date(year, month, 1), series=Series.PLAN,
            amount_eur_cents=-100_000,
        )
        for year in (2024, 2025)
        for month in range(1, 13)
    )  # fmt: skip
    body = Body.objects.create(programme=ground.programme, key="johtoryhma", name_fi="Johtoryhmä")
    follow(measure)
    return Gated(
        ground,
        measure,
        line,
        owner,
        make_member(ground.programme),
        make_member(ground.programme, "steering"),
        body,
    )


def follow(measure: Measure) -> None:
    """An indicator that follows the measure."""
    from kpis.models import Indicator, MeasureIndicator

    indicator = Indicator.objects.create(programme=measure.programme, key="mittari", name_fi="Mittari")
    MeasureIndicator.objects.create(programme=measure.programme, measure=measure, indicator=indicator)
