"""Two counties with a little of everything, people with roles, and a client that speaks JSON with a token."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.authentication import digest
from accounts.models import ApiToken, User
from measures.models import Measure, SavingsEntry, SavingsLine, Series, Stage
from programme.models import CostType, Goal, Organisation, Programme, RoleGrant, Sector, Theme

_numbers = itertools.count(1)


@dataclass
class County:
    """One programme with one theme, goal, sector and cost type."""

    programme: Programme
    theme: Theme
    goal: Goal
    sector: Sector
    cost_type: CostType

    def measure(self, **fields: Any) -> Measure:
        """A measure with one line; its code is the next free one."""
        code = fields.pop("code", f"T-{next(_numbers):04d}")
        row = Measure.objects.create(
            programme=self.programme, code=code, goal=self.goal,
            **({"name_fi": f"Toimenpide {code}", "stage": Stage.PLANNED} | fields),
        )  # fmt: skip
        self.line(row)
        return row

    def line(self, measure: Measure, **fields: Any) -> SavingsLine:
        """A lasting cash line of the county's one sector and cost type."""
        own = {"sector": self.sector, "cost_type": self.cost_type, "goal": self.goal} | fields
        return SavingsLine.objects.create(programme=self.programme, measure=measure, **own)

    def entry(self, measure: Measure, month: dt.date, cents: int, series: str = Series.PLAN) -> SavingsEntry:
        """One month of the measure's first line."""
        line = measure.lines.first()
        return SavingsEntry.objects.create(
            programme=self.programme, line=line, month=month, series=series, amount_eur_cents=cents
        )


def make_county(key: str) -> County:
    """A county of that key, 2023-2025, shown for 31.3.2024."""
    organisation = Organisation.objects.create(key=f"{key}-county", name_fi=f"{key} hyvinvointialue")
    programme = Programme.objects.create(
        slug=key, file_key=key, organisation=organisation, kind=Programme.Kind.PRODUCTIVITY, name_fi=f"{key} ohjelma",
        start_year=2023, end_year=2025, base_year=2023, status_date=dt.date(2024, 3, 31),
    )  # fmt: skip
    theme = Theme.objects.create(programme=programme, key="digi", number=1, name_fi="Digi")
    goal = Goal.objects.create(programme=programme, theme=theme, key="g1", number=1, name_fi="Tavoite")
    Goal.objects.create(
        programme=programme, theme=theme, parent=goal, key="g1-1", number=1, name_fi="Alatavoite"
    )
    sector = Sector.objects.create(programme=programme, key="tespa", name_fi="Terveys")
    cost_type = CostType.objects.create(programme=programme, key="ostot", name_fi="Ostot")
    return County(programme, theme, goal, sector, cost_type)


def person(county: County, role: str = "pmo", **scope: Any) -> User:
    """Somebody with one role in the county's programme."""
    user = User.objects.create_user(f"{role}-{next(_numbers)}")
    RoleGrant.objects.create(programme=county.programme, user=user, role=role, **scope)
    return user


class Api:
    """A program that sends a token with each request."""

    def __init__(self, user: User) -> None:
        token = f"token-of-{user.username}"
        ApiToken.objects.get_or_create(user=user, digest=digest(token))
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str, **headers: str) -> Any:
        """The answer to GET /api/v1/<path>."""
        return self.client.get(f"/api/v1/{path}", headers=headers or None)

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of the first page."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]
