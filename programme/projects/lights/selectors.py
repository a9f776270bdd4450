"""The lights of projects as they are shown: computed, and what somebody stated against it while that holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from programme.models import LightOverride, Programme, Project
from programme.projects.lights.calculations import Computed
from programme.projects.lights.registry import computed_by, dimensions
from programme.projects.lights.wording import SHAPES, dimension_word, light_word, sentence


@dataclass(frozen=True)
class Shown:
    """One light: `light` is what counts, the stated one while it holds, else the computed one; both are kept."""

    dimension: str
    light: str
    computed: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    stated: str | None = None
    reason: str = ""
    until: dt.date | None = None
    who: str = ""
    override: int | None = None

    @property
    def title(self) -> str:
        return dimension_word(self.dimension)

    @property
    def shape(self) -> str:
        """Shape of the status component."""
        return SHAPES.get(self.light, "none")

    @property
    def word(self) -> str:
        return light_word(self.light)

    @property
    def computed_shape(self) -> str:
        return SHAPES.get(self.computed, "none")

    @property
    def computed_word(self) -> str:
        return light_word(self.computed)

    @property
    def why(self) -> str:
        """Why it is computed so, in the active language."""
        return sentence(self.code, self.params)

    @property
    def as_stored(self) -> dict[str, Any]:
        """What a monthly update keeps of it: computed and stated."""
        return {
            "computed": self.computed, "code": self.code, "params": dict(self.params), "stated": self.stated,
            "reason": self.reason, "until": self.until.isoformat() if self.until else None, "who": self.who,
        }  # fmt: skip


Lights = dict[str, Shown]


def lights_of(projects: Sequence[Project], *, programme: Programme | None = None) -> dict[int, Lights]:
    """{project id: {dimension: Shown}} of projects of one programme, in a number of statements that stays the same."""
    rows = list(projects)
    if not rows:
        return {}
    programme = programme or rows[0].programme
    stated = _stated(programme, rows)
    computed = {name: computed_by(name, programme, rows) for name in dimensions()}
    return {
        row.pk: {
            name: _shown(
                name, found.get(row.pk) or Computed("no_data", "nothing"), stated.get((row.pk, name))
            )
            for name, found in computed.items()
        }
        for row in rows
    }


def _stated(programme: Programme, projects: Sequence[Project]) -> dict[tuple[int, str], LightOverride]:
    """What is stated today: the latest of each light that has begun and has not run out. One statement."""
    today = programme.today()
    rows = LightOverride.objects.filter(
        project__in=[one.pk for one in projects], given_on__lte=today, holds_until__gte=today
    ).select_related("given_by")
    return {(row.project_id, row.dimension): row for row in rows.order_by("given_on", "pk")}


def _shown(dimension: str, computed: Computed, override: LightOverride | None) -> Shown:
    if override is None:
        return Shown(dimension, computed.light, computed.light, computed.code, computed.params)
    by = override.given_by
    return Shown(
        dimension, override.light, computed.light, computed.code, computed.params, stated=override.light,
        reason=override.reason, until=override.holds_until,
        who=(by.get_full_name() or by.get_username()) if by else "", override=override.pk,
    )  # fmt: skip


def frozen(lights: Mapping[str, Mapping[str, Any]]) -> Lights:
    """The lights of a monthly update as they were then; dimensions that are no more are left out."""
    found: Lights = {}
    for name, kept in lights.items():
        until = kept.get("until")
        found[name] = Shown(
            name, kept.get("stated") or kept["computed"], kept["computed"], kept.get("code", ""),
            kept.get("params") or {}, kept.get("stated"), kept.get("reason", ""),
            dt.date.fromisoformat(until) if until else None, kept.get("who", ""),
        )  # fmt: skip
    return found
