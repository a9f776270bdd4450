"""Reads of the pages that join several apps: each is asked when a page needs it and at most once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from measures import selectors as savings
from measures.achieved import achieved
from measures.calculations import Difference, Figures, Levels, SavingsFigures
from measures.models import Stage
from programme.models import Goal, Programme, Sector, Segment, Theme
from programme.words import stages
from reporting.attention import Waiting
from reporting.calculations import base_part


@dataclass
class Overview:
    """The programme on a day. Properties read the database when first used."""

    programme: Programme
    on: date | None = None

    @property
    def as_of(self) -> date:
        return self.on or self.programme.today()

    @property
    def year(self) -> int:
        return self.programme.final_year

    @cached_property
    def figures(self) -> SavingsFigures:
        return savings.savings_figures(self.programme, on=self.on)

    @cached_property
    def themes(self) -> list[Theme]:
        return list(Theme.objects.filter(programme=self.programme).select_related("owner").order_by("number"))

    @cached_property
    def matrix(self) -> savings.Matrix:
        return savings.matrix(self.programme, self.on)

    @cached_property
    def differences(self) -> list[Difference]:
        return savings.differences(self.programme, self.on)

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting(self.programme, self.as_of)

    @property
    def stage_order(self) -> list[str]:
        """Stages in the programme's own order, those it does not name last."""
        return list(dict.fromkeys([*stages(self.programme), *Stage.values]))

    @property
    def illustrative_measures(self) -> int:
        return self.figures.illustrative

    @property
    def has_target(self) -> bool:
        """Whether any euro target was stated: a programme without one shows what it has instead."""
        target = self.figures.target
        return any(end is not None for end in (target.stated, target.cautious, target.full))

    # --- the answer -------------------------------------------------------------------------------

    def main_levels(self, figures: Figures) -> Levels:
        """The levels that the target speaks of: level change of the final year, or the whole period's sum."""
        return (
            figures.level_change if self.programme.basis == Programme.Basis.LEVEL_CHANGE else figures.period
        )

    @cached_property
    def main(self) -> Levels:
        return self.main_levels(self.figures.total)

    def base_of(self, level: str) -> int | None:
        """The part already in the base as it stands beside a level of certainty, in cents (R2)."""
        return base_part(getattr(self.figures.total.in_base, level), self.figures.target.in_base)

    def achieved(self, level: str, figures: Figures | None = None) -> tuple[int | None, date | None]:
        """What a level has reached so far and, when it is a run rate, its month (R8)."""
        of = self.figures.total if figures is None else figures
        if self.programme.basis != Programme.Basis.LEVEL_CHANGE:
            return getattr(of.cumulative, level), None
        return achieved(of, level, closed=self.figures.closed_through, final_year=self.year)


@dataclass
class Slice:
    """A part of the programme: its row, where its rows are listed, and its figures."""

    kind: str
    row: Theme | Goal | Sector | Segment
    query: str
    figures: Figures | None

    @property
    def ref(self) -> str:
        return f"{self.kind}-{self.row.key}"
