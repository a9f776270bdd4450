"""Figures of the dashboard and the status view: rows in, chart specification out. No queries.

Names are written in the active language; `Content.charts` asks once for each language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.charts.spec import Annotation, ChartSpec, Series
from core.money import Unit, format_eur


def _said(cents: int | None, unit: Unit) -> str:
    return format_eur(cents, language=get_language(), unit=unit, with_unit=cents is not None)


@dataclass(frozen=True)
class TargetRow:
    """One level of certainty beside the target: what the base holds and what is new, in cents."""

    name: str
    role: str
    base_cents: int | None
    new_cents: int | None
    link: str = ""
    note: str = ""


def target_chart(
    *,
    rows: Sequence[TargetRow],
    cautious: int | None,
    full: int | None,
    stated: int | None,
    year: int,
    unit: Unit,
    ref: str,
) -> ChartSpec:
    """How far each level of certainty reaches towards the target band."""
    notes: list[Annotation] = []
    if cautious is not None and full is not None and cautious != full:
        notes.append(
            Annotation(
                kind="band",
                label=_("cautious target"),
                value=cautious,
                upto=full,
                upto_label=_("full target"),
            )
        )
    if stated is not None and (stated != full or cautious == full):
        notes.append(Annotation(kind="line", label=_("stated target"), value=stated))
    series = [
        Series(
            name=row.name,
            x=(row.name,),
            y=(row.new_cents,),
            role=row.role,
            start=row.base_cents,
            note=row.note,
            links=(row.link,) if row.link else (),
        )
        for row in rows
    ]
    told = "; ".join(
        f"{row.name} {_said(row.new_cents + (row.base_cents or 0), unit)}"
        for row in rows
        if row.new_cents is not None
    )
    goal = _said(full if full is not None else stated, unit)
    return ChartSpec(
        kind="target",
        title=_("Effect against the target"),
        alt=_("Cost level %(year)s with the part in the base: %(told)s; target %(goal)s.")
        % {"year": year, "told": told or _("no figures yet"), "goal": goal},
        series=tuple(series),
        annotations=tuple(notes),
        display=unit,
        x_heading=_("Level of certainty"),
        ref=ref,
    )


def run_rate_chart(
    *,
    months: dict[str, list[tuple[date, int | None]]],
    names: dict[str, str],
    target_cents: int | None,
    status: date,
    unit: Unit,
    ref: str,
) -> ChartSpec:
    """Lasting effect of each month times twelve, by level of certainty (money.md R8)."""
    series = tuple(
        Series(
            name=names[role],
            x=tuple(month.isoformat() for month, _cents in points),
            y=tuple(cents for _month, cents in points),
            role=role,
        )
        for role, points in months.items()
        if points
    )
    ends = [
        f"{one.name} {_said(known[-1][1], unit)}"  # type: ignore[arg-type]
        for one in series
        if (known := one.points())
    ]
    notes = [
        Annotation(kind="mark", label=_("status"), x=status.replace(day=1).isoformat(), role="reference")
    ]
    if target_cents is not None:
        notes.append(Annotation(kind="line", label=_("target of new measures"), value=target_cents))
    return ChartSpec(
        kind="line",
        title=_("Run rate: lasting effect of a month times twelve"),
        alt=_("Latest figures: %(ends)s.") % {"ends": "; ".join(ends) or _("no figures yet")},
        series=series,
        annotations=tuple(notes),
        display=unit,
        x_heading=_("Month"),
        ref=ref,
    )


def bridge_chart(
    *,
    base_cents: int | None,
    steps: Sequence[tuple[str, int | None, str]],
    total_cents: int | None,
    year: int,
    unit: Unit,
    ref: str,
) -> ChartSpec:
    """From the part in the base through each theme to the forecast; steps are (name, cents, link)."""
    names: list[str] = []
    values: list[int | None] = []
    roles: list[str] = []
    links: list[str] = []
    if base_cents is not None:
        names.append(_("In the base"))
        values.append(base_cents)
        roles.append("base")
        links.append("")
    for name, cents, link in steps:
        names.append(name)
        values.append(cents)
        roles.append("investment" if cents is not None and cents > 0 else "step")
        links.append(link)
    names.append(_("Forecast"))
    values.append(total_cents)
    roles.append("total")
    links.append("")
    told = "; ".join(
        f"{name} {_said(cents, unit)}" for name, cents in zip(names, values, strict=True) if cents is not None
    )
    return ChartSpec(
        kind="bridge",
        title=_("Where the forecast comes from"),
        alt=_("Steps to the forecast of %(year)s: %(told)s.")
        % {"year": year, "told": told or _("no figures yet")},
        series=(
            Series(
                name=_("Forecast"),
                x=tuple(names),
                y=tuple(values),
                role="step",
                roles=tuple(roles),
                links=tuple(links),
            ),
        ),
        display=unit,
        x_heading=_("Theme"),
        ref=ref,
    )


def stages_chart(*, rows: Sequence[tuple[str, int, str]], ref: str) -> ChartSpec:
    """How many measures stand at each stage; rows are (name, count, link)."""
    told = "; ".join(f"{name} {count}" for name, count, _link in rows)
    return ChartSpec(
        kind="bar",
        title=_("Measures by stage"),
        alt=_("Number of measures: %(told)s.") % {"told": told or _("no measures yet")},
        series=(
            Series(
                name=_("Measures"),
                x=tuple(name for name, _count, _link in rows),
                y=tuple(count for _name, count, _link in rows),
                role="step",
                links=tuple(link for _name, _count, link in rows),
            ),
        ),
        unit="count",
        x_heading=_("Stage"),
        ref=ref,
    )
