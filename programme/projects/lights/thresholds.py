"""From when on a light changes, and when a deviation is worth somebody's time; parameters of the programme."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.parameters import choice, share, whole

Words = str | Promise


def _days(key: str, default: int, label: Words, about: Words, highest: int = 730) -> Any:
    return whole(
        f"lights.{key}",
        default,
        about,
        label=label,
        section="lights",
        unit=_("days"),
        lowest=1,
        highest=highest,
    )


def _count(key: str, default: int, label: Words, about: Words, highest: int) -> Any:
    return whole(f"lights.{key}", default, about, label=label, section="lights", lowest=1, highest=highest)


def _part(key: str, default: str, label: Words, about: Words, highest: int, unit: Words = "") -> Any:
    return share(
        f"lights.{key}", default, about, label=label, section="lights", unit=unit,
        lowest=Decimal(0), highest=Decimal(highest),
    )  # fmt: skip


SLIP_YELLOW = _days(
    "slip_yellow", 15, _("Milestone moved: yellow from"),
    _("Days that an open milestone is expected after its first plan, from which the schedule is yellow."),
)  # fmt: skip
SLIP_RED = _days(
    "slip_red", 60, _("Milestone moved: red from"),
    _("Days that an open milestone is expected after its first plan, from which the schedule is red."),
)  # fmt: skip
OVERDUE_YELLOW = _days(
    "overdue_yellow", 1, _("Milestone past its day: yellow from"),
    _("Days that have gone by since a milestone was expected, from which the schedule is yellow."),
)  # fmt: skip
OVERDUE_RED = _days(
    "overdue_red", 15, _("Milestone past its day: red from"),
    _("Days that have gone by since a milestone was expected, from which the schedule is red."),
)  # fmt: skip
MONEY_YELLOW = _part(
    "money_yellow", "5", _("Project money: yellow from"),
    _("Per cent that the expected cost is above the budget, from which the light of money is yellow."), 100, "%",
)  # fmt: skip
MONEY_RED = _part(
    "money_red", "10", _("Project money: red from"),
    _("Per cent that the expected cost is above the budget, from which the light of money is red."), 200, "%",
)  # fmt: skip
LACKING_YELLOW = _count(
    "substitutes_yellow", 1, _("Missing substitutes: yellow from"),
    _("How many people of a project may lack a substitute before resources are yellow."), 100,
)  # fmt: skip
LACKING_RED = _count(
    "substitutes_red", 3, _("Missing substitutes: red from"),
    _("How many people of a project may lack a substitute before resources are red."), 100,
)  # fmt: skip
LOAD_YELLOW = _part(
    "load_yellow", "1", _("Load: yellow above"),
    _("Share of working time over all projects above which a person is overloaded; 1 is full time."), 5,
)  # fmt: skip
LOAD_RED = _part(
    "load_red", "1.2", _("Load: red above"),
    _("Share of working time over all projects above which resources are red."), 5,
)  # fmt: skip
NOBODY = choice(
    "lights.nobody",
    "yellow",
    _("What resources are while no people are named in a project."),
    of=("yellow", "red", "no_data"),
    labels=(_("needs attention"), _("off course"), _("no data")),
    label=_("A project without people"),
    section="lights",
)
SAVINGS_YELLOW = _part(
    "savings_yellow", "0.95", _("Savings: yellow below"),
    _("Share of the planned saving below which the forecast makes the light of savings yellow."), 2,
)  # fmt: skip
SAVINGS_RED = _part(
    "savings_red", "0.8", _("Savings: red below"),
    _("Share of the planned saving below which the forecast makes the light of savings red."), 2,
)  # fmt: skip
KPIS_RED = _part(
    "kpis_red", "0.5", _("Indicators: red from"),
    _("Share of the judged indicators that miss their target from which the light is red; fewer make it yellow."), 1,
)  # fmt: skip
RISK_RED = _count(
    "risk_red", 15, _("Risks: red from"),
    _("Level (likelihood times impact) of an open risk from which the light is red."), 25,
)  # fmt: skip
OVERRIDE_DAYS = _days(
    "override_days", 92, _("A stated light holds at most"),
    _("For how many days a light may be stated against the computed one before it is looked at again."), 366,
)  # fmt: skip
MILESTONE_DAYS = _days(
    "deviation_milestone_days", 30, _("Deviation: milestone slipped by"),
    _("Days after the first plan from which a milestone that is not done becomes a deviation."),
)  # fmt: skip
FORECAST_SHARE = _part(
    "deviation_forecast_share", "0.8", _("Deviation: forecast below"),
    _("Share of the planned saving below which the forecast of a measure or project becomes a deviation."), 1,
)  # fmt: skip
FORECAST_EUROS = whole(
    "lights.deviation_forecast_eur",
    50_000,
    _(
        "A measure or project becomes a deviation only when its forecast misses its plan by at least this much."
    ),
    label=_("Deviation: forecast misses by"),
    section="lights",
    unit=_("€"),
    lowest=0,
)
DEVIATION_DAYS = whole(
    "lights.deviation_due_days",
    10,
    _("Working days that the owner of a deviation has."),
    label=_("Deviation: time to act"),
    section="lights",
    unit=_("working days"),
    lowest=1,
    highest=260,
)
