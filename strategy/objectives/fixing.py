"""What the council fixed: the objectives of a year word for word, and how they change by another decision only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.history import own_context
from core.text import LANGUAGES
from kpis.models import TargetRule
from kpis.wording import rule_in_words
from programme.decisions import make_decision
from programme.models import Decision, Programme
from strategy.models import AnnualObjective, FixedMetric, ObjectiveMetric, ObjectiveSet
from strategy.objectives.matrix import fixed_years, metrics_in, readable_objectives

#: Columns of a fixed metric that are compared, in the order in which a page names them.
TEXTS = ("objective_name", "objective_text", "metric_name", "metric_text")
#: What is part of the decision, beside the rule and the years.
BINDING = tuple(f"{name}_{language}" for name in ("name", "aim", "text") for language in LANGUAGES)


def _texts(row: Any, field: str) -> dict[str, str]:
    """The row's text by language, without the languages that are empty."""
    found = {language: getattr(row, f"{field}_{language}", "") for language in LANGUAGES}
    return {language: text for language, text in found.items() if text}


def as_it_stands(programme: Programme, year: int) -> list[FixedMetric]:
    """What fixing the year now would keep, not stored; an objective without a metric that year has one row."""
    rows: list[FixedMetric] = []
    for objective in readable_objectives(programme):
        for metric in [*metrics_in(objective, year)] or [None]:  # type: ignore[list-item]
            rows.append(_fixed(objective, metric, len(rows)))
    return rows


def _fixed(objective: AnnualObjective, metric: ObjectiveMetric | None, position: int) -> FixedMetric:
    return FixedMetric(
        programme_id=objective.programme_id, objective=objective, metric=metric, position=position,
        rule=metric.rule if metric else None, objective_name=_texts(objective, "name"),
        objective_text=_texts(objective, "text"), metric_name=_texts(metric, "name") if metric else {},
        metric_text=_texts(metric, "text") if metric else {},
    )  # fmt: skip


# --- fixing --------------------------------------------------------------------------------------------------


@retrying
def fix_year(
    *, programme: Programme, year: int, decision: Mapping[str, Any], reason: str, by: Any
) -> ObjectiveSet:  # fmt: skip
    """Keeps the year's objectives as the council decided them; `decision` are the values of its fields.

    Raises ValidationError: at `reason` when the year was fixed before and nobody says what changes, without a
    field when the year has no metric or nothing differs from what is fixed.
    """
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=reason):
        Programme.objects.select_for_update().get(pk=programme.pk)  # numbers follow each other
        before = fixed_years(programme).get(year)
        rows = as_it_stands(programme, year)
        if not any(row.metric for row in rows):
            raise ValidationError(_("No metric concerns this year yet: add them before the year is fixed."))
        if before is not None and not reason.strip():
            raise ValidationError({"reason": _("Write what changes and why.")})
        if before is not None and not differences(list(before.metrics.all()), rows):
            raise ValidationError(_("Nothing differs from what the council fixed for this year."))
        made = _decided(programme, decision, [year], reason, by)
        return _keep(programme, year, made, reason, by, rows)


def fix_again(
    *, programme: Programme, years: Iterable[int], decision: Mapping[str, Any], reason: str, by: Any
) -> list[ObjectiveSet]:  # fmt: skip
    """Keeps the years as they stand now, each under a new number: what was fixed has changed by a decision.

    To be called in the transaction of the change. Raises ValidationError at the decision's fields.
    """
    wanted = sorted(set(years))
    if not wanted:
        return []
    made = _decided(programme, decision, wanted, reason, by)
    return [
        _keep(programme, year, made, reason, by, as_it_stands(programme, year)) for year in wanted
    ]  # fmt: skip


def _decided(
    programme: Programme, values: Mapping[str, Any], years: list[int], reason: str, by: Any
) -> Decision:  # fmt: skip
    subject = _("Annual objectives of %(years)s") % {"years": ", ".join(map(str, years))}
    made = make_decision(programme=programme, values=values, subject=subject, by=by, reason=reason)
    if made is None:
        raise ValidationError({"decided_on": _("Changing what the council fixed takes another decision.")})
    return made


def _keep(
    programme: Programme, year: int, decision: Decision, reason: str, by: Any, rows: list[FixedMetric]
) -> ObjectiveSet:  # fmt: skip
    last = fixed_years(programme).get(year)
    made = ObjectiveSet(
        programme=programme, year=year, number=last.number + 1 if last else 1, decision=decision, reason=reason
    ).stamp(by)  # fmt: skip
    made.full_clean()
    made.save()
    for row in rows:
        row.objective_set = made
        row.stamp(by)
    FixedMetric.objects.bulk_create(rows)
    return made


# --- what is fixed of a row ----------------------------------------------------------------------------------


def fixed_of(programme: Programme, years: Iterable[int]) -> dict[int, ObjectiveSet]:
    """Of these years the ones that are fixed."""
    wanted = set(years)
    return {year: row for year, row in fixed_years(programme).items() if year in wanted}


def years_of_objective(objective: AnnualObjective) -> set[int]:
    """Years that the objective's metrics concern."""
    return set(objective.metrics.values_list("years__year", flat=True)) - {None}


def changes_decision(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether binding texts differ. A wording that nobody had entered yet is entered, not changed."""
    return any(
        before.get(name, "") not in ("", after.get(name, "")) for name in BINDING if name in after
    )  # fmt: skip


# --- comparing -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two decisions: where, of which kind, before and after as people read it."""

    objective: dict[str, str]
    metric: dict[str, str]
    what: str  # objective_name, objective_text, metric_name, metric_text, rule, added, removed
    before: Any
    after: Any


def differences(before: Iterable[FixedMetric], after: Iterable[FixedMetric]) -> list[Difference]:
    """What differs between two fixings of a year, in the order of the later one; removed metrics last."""
    old = {(row.objective_id, row.metric_id): row for row in before}
    new = {(row.objective_id, row.metric_id): row for row in after}
    found: list[Difference] = []
    told: set[int] = set()
    for key, row in new.items():
        then = old.get(key)
        if then is None:
            if row.metric_id is not None or not any(one == row.objective_id for one, _metric in old):
                found.append(Difference(row.objective_name, row.metric_name, "added", {}, row.metric_name))
            continue
        found += _changed(then, row, with_objective=row.objective_id not in told)
        told.add(row.objective_id)
    for key, row in old.items():
        if key not in new and row.metric_id is not None:
            found.append(Difference(row.objective_name, row.metric_name, "removed", row.metric_name, {}))
    return found


def _changed(then: FixedMetric, now: FixedMetric, *, with_objective: bool) -> Iterable[Difference]:
    for name in TEXTS:
        before, after = getattr(then, name), getattr(now, name)
        if before != after and (with_objective or not name.startswith("objective_")):
            yield Difference(now.objective_name, now.metric_name, name, before, after)
    if then.rule_id != now.rule_id:
        yield Difference(now.objective_name, now.metric_name, "rule", _rule(then.rule), _rule(now.rule))


def _rule(rule: TargetRule | None) -> str:
    return rule_in_words(rule) if rule else ""


def compared(programme: Programme, year: int) -> list[tuple[ObjectiveSet, list[Difference]]]:
    """Every decision on the year, the latest first, each with what it changed of the one before."""
    sets = list(
        ObjectiveSet.objects.filter(programme=programme, year=year)
        .select_related("decision__body", "created_by")
        .prefetch_related("metrics__rule")
        .order_by("number")
    )
    found = []
    for at, row in enumerate(sets):
        earlier = list(sets[at - 1].metrics.all()) if at else []
        found.append((row, differences(earlier, list(row.metrics.all())) if at else []))
    return found[::-1]
