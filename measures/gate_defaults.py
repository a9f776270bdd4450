"""What the gates ask for until a programme says otherwise, and who decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.history import own_context
from measures.models import GateDefinition, Stage
from measures.selectors.stages import order_of
from programme.models import Programme, Role


@dataclass(frozen=True)
class Default:
    """A gate as the portal begins it."""

    deciding_role: str
    checks: tuple[str, ...]
    needs_body: bool = False


_PLANNED = ("described", "owner", "dates", "goal", "lines")
#: Stage behind the gate -> what it asks for. Checks of apps that are not installed are left out when they are asked.
DEFAULTS: dict[str, Default] = {
    str(Stage.PLANNED): Default(Role.THEME.value, _PLANNED),
    str(Stage.DECIDED): Default(
        Role.STEERING.value,
        (*_PLANNED, "target", "plan", "basis", "confidence", "resources", "kpi_link", "risks", "promises",
         "impacts", "negatives", "groups", "heard"),
        needs_body=True,
    ),
    str(Stage.IN_DELIVERY): Default(Role.DIRECTOR.value, ("owner", "dates", "plan", "resources")),
    str(Stage.CLOSED): Default(Role.OWNER.value, ("last_word", "negatives")),
}  # fmt: skip


def _default(programme: Programme, stage: str) -> GateDefinition:
    default = DEFAULTS[stage]
    return GateDefinition(
        programme=programme, to_stage=stage, deciding_role=default.deciding_role, checks=list(default.checks),
        needs_body=default.needs_body,
    )  # fmt: skip


def gates_of(programmes: Iterable[Programme]) -> dict[tuple[int, str], GateDefinition]:
    """The gates of the programmes by (programme, stage behind it), in the order of delivery.

    A gate that a programme has not written down is the portal's own, unsaved. One statement.
    """
    programmes = list(programmes)
    rows = {
        (row.programme_id, row.to_stage): row
        for row in GateDefinition.objects.filter(programme__in=programmes)
    }
    found = {}
    for programme in programmes:
        for stage in order_of(programme)[1:]:
            row = rows.get((programme.pk, stage)) or _default(programme, stage)
            row.programme = programme
            found[programme.pk, stage] = row
    return found


def default_gates(programme: Programme, by: Any = None) -> int:
    """Writes down the portal's gates where the programme has none yet; how many. Safe to repeat."""
    there = set(GateDefinition.objects.filter(programme=programme).values_list("to_stage", flat=True))
    missing = [_default(programme, stage) for stage in order_of(programme)[1:] if stage not in there]
    if missing:
        with own_context(user=getattr(by, "pk", None), reason="the portal's own gates"):
            GateDefinition.objects.bulk_create([row.stamp(by) for row in missing], ignore_conflicts=True)
    return len(missing)
