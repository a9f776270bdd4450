"""The levels of a programme: rows that the programme office edits, the portal's own until somebody has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import override

from core.history import own_context
from core.text import LANGUAGES
from programme.models import Body, Programme
from risks.escalation.clocks import Rung
from risks.models import EscalationLevel, Obstacle

Level = Obstacle.Level
#: Level, working days, who decides, kind of the body that the answer is a decision of.
DEFAULTS: tuple[tuple[str, int, str, str], ...] = (
    (Level.THEME_OWNER, 5, "theme", ""),
    (Level.DIRECTOR, 5, "director", ""),
    (Level.MANAGEMENT_GROUP, 5, "steering", Body.Kind.MANAGEMENT_GROUP),
    (Level.BOARD, 15, "board", Body.Kind.COUNTY_BOARD),
)


def default_levels(programme: Programme, bodies: Iterable[Body] = ()) -> list[EscalationLevel]:
    """The portal's own levels as rows that are not saved."""
    by_kind: dict[str, Body] = {}
    for body in bodies:
        by_kind.setdefault("steering" if body.is_steering_group else body.kind, body)
    rows = []
    for at, (level, days, role, kind) in enumerate(DEFAULTS, start=1):
        row = EscalationLevel(
            programme=programme, level=level, position=at, working_days=days, deciding_role=role,
            body=by_kind.get(role) or by_kind.get(kind) if kind else None,
        )  # fmt: skip
        for code in LANGUAGES:
            with override(code):
                setattr(row, f"name_{code}", str(Level(level).label))
        rows.append(row)
    return rows


def make_levels(programme: Programme, by: Any = None) -> int:
    """Writes down the portal's levels where the programme lacks them; how many. Safe to repeat."""
    there = set(EscalationLevel.objects.filter(programme=programme).values_list("level", flat=True))
    if len(there) == len(DEFAULTS):
        return 0
    bodies = Body.objects.filter(programme=programme)
    missing = [row.stamp(by) for row in default_levels(programme, bodies) if row.level not in there]
    with own_context(user=getattr(by, "pk", None), reason="the portal's own levels"):
        EscalationLevel.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


class Ladder:
    """The levels of a programme from the lowest, those that are turned off included."""

    def __init__(self, rows: Sequence[EscalationLevel]) -> None:
        self.rows = list(rows)
        self.by_level = {row.level: row for row in self.rows}
        self.used = [row for row in self.rows if row.is_used] or self.rows[-1:]

    def __getitem__(self, level: str) -> EscalationLevel:
        return self.by_level[level]

    def rungs(self) -> list[Rung]:
        return [Rung(row.level, row.working_days, row.goes_up_by_itself) for row in self.used]

    def first(self, *, has_theme: bool) -> EscalationLevel:
        """Where an obstacle begins; what lies under no theme has no theme owner to answer it."""
        return next((row for row in self.used if has_theme or row.deciding_role != "theme"), self.used[-1])

    def above(self, level: str) -> EscalationLevel | None:
        """The next level in use; None at the top."""
        at = self._place(level)
        return next((row for row in self.used if self._place(row.level) > at), None)

    def below(self, level: str, *, has_theme: bool) -> EscalationLevel | None:
        """The level in use under it; None at the bottom."""
        at, lowest = self._place(level), self._place(self.first(has_theme=has_theme).level)
        found = [row for row in self.used if lowest <= self._place(row.level) < at]
        return found[-1] if found else None

    def settled(self, level: str) -> EscalationLevel:
        """The level itself when it is in use, else the one that answers instead: the next above, or the top."""
        row = self.by_level.get(level)
        if row is not None and row in self.used:
            return row
        return self.above(level) or self.used[-1]

    def _place(self, level: str) -> int:
        return next((at for at, row in enumerate(self.rows) if row.level == level), len(self.rows))


def ladder_of(programme: Programme) -> Ladder:
    """The programme's levels, one statement; the portal's own where it has none yet."""
    rows = list(EscalationLevel.objects.filter(programme=programme).select_related("body"))
    kept = {row.level for row in rows}
    if len(kept) < len(DEFAULTS):
        rows += [row for row in default_levels(programme) if row.level not in kept]
        rows.sort(key=lambda row: row.position)
    return Ladder(rows)
