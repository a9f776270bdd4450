"""Changing objectives and metrics: texts, rules, years; what is fixed takes another decision of the council."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.db import retrying
from core.editing import RowForm, Saved, save_edit, save_new
from core.editing.pages import CHANGED
from core.history import own_context
from kpis.models import TargetRule
from programme.decisions import DECISION_FIELDS
from programme.models import Programme
from strategy.models import AnnualObjective, MetricYear, ObjectiveMetric
from strategy.objectives.answering import follow_numbers
from strategy.objectives.fixing import fix_again

#: What of a rule the form of a metric sets.
RULE_FIELDS = ("kind", "compare", "value", "direction", "versus_year", "versus_value", "unit")


def next_number(programme: Programme) -> int:
    """The number of the next objective."""
    numbers = AnnualObjective.objects.filter(programme=programme).values_list("number", flat=True)
    return max(numbers, default=0) + 1


def free_key(taken: set[str], wanted: str) -> str:
    """The wanted key, or with the first number that makes it free."""
    key, at = wanted, 2
    while key in taken:
        key, at = f"{wanted}-{at}", at + 1
    return key


@retrying
def add_objective(form: RowForm, by: Any) -> AnnualObjective:
    """A new objective: a draft until a year of it is fixed."""
    row: AnnualObjective = form.instance
    keys = set(AnnualObjective.objects.filter(programme=row.programme).values_list("key", flat=True))
    row.key = free_key(keys, f"o{row.number}")
    made: AnnualObjective = save_new(form, by)
    return made


@retrying
def change_objective(form: RowForm, by: Any) -> Saved:
    """Saves the objective; the fixed years that it changes are fixed again by the decision of the form."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        saved = save_edit(form, by)
        _fix_again(form, by)
        return saved


@retrying
def add_metric(form: RowForm, by: Any) -> ObjectiveMetric:
    """A new metric with its rule and years."""
    row: ObjectiveMetric = form.instance
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        keys = set(ObjectiveMetric.objects.filter(programme=row.programme).values_list("key", flat=True))
        count = row.objective.metrics.count()
        row.key = free_key(keys, f"{row.objective.key}-{chr(ord('a') + min(count, 25))}")
        row.position = count + 1
        row.rule = _new_rule(row, form, by)
        made: ObjectiveMetric = save_new(form, by)
        _set_years(made, form, by)
        _fix_again(form, by)
        return made


@retrying
def change_metric(form: RowForm, by: Any) -> Saved:
    """Saves the metric, a new version of its rule when that changed, and the years that came and went."""
    row: ObjectiveMetric = form.instance
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=form.reason):
        current = (
            ObjectiveMetric.objects.select_for_update(of=("self",)).select_related("rule").get(pk=row.pk)
        )
        if form.cleaned_data["seen"] != seen_of(current):
            raise ValidationError(
                _("Somebody changed the rule or the years meanwhile. Look at them and save again."), code=CHANGED
            )  # fmt: skip
        saved = save_edit(form, by)
        changed = [*saved.changed]
        if form.changes_rule:  # type: ignore[attr-defined]
            ObjectiveMetric.objects.filter(pk=row.pk).update(
                rule=_new_version(current, form, by), updated_by=by
            )
            changed.append(_("the rule"))
        if _set_years(current, form, by):
            changed.append(_("years"))
        fresh = ObjectiveMetric.objects.select_related("rule").prefetch_related("years").get(pk=row.pk)
        follow_numbers(fresh, by)
        _fix_again(form, by)
        return Saved(fresh, changed, saved.merged)


def seen_of(metric: ObjectiveMetric) -> str:
    """What the form of a metric shows beside its own columns: the version of the rule and the years."""
    years = sorted(MetricYear.objects.filter(metric_id=metric.pk).values_list("year", flat=True))
    return f"{metric.rule_id}:{','.join(map(str, years))}"


@retrying
def remove_metric(metric: ObjectiveMetric, *, by: Any) -> None:
    """Takes away a metric that nobody has answered and no decision holds; else its years are taken off."""
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        if metric.years.exclude(answer=MetricYear.Answer.OPEN).exists() or metric.fixed.exists():
            raise ValidationError(
                _(
                    "The metric has answers or was fixed by the council: it stays. Take coming years off it instead."
                )
            )
        metric.delete()


# --- inside --------------------------------------------------------------------------------------------------


def _fix_again(form: RowForm, by: Any) -> None:
    years: set[int] = getattr(form, "decided_years", set())
    if years:
        values = {name: form.cleaned_data.get(name) for name in DECISION_FIELDS}
        fix_again(programme=form.programme, years=years, decision=values, reason=form.reason, by=by)


def _rule_values(form: RowForm) -> dict[str, Any]:
    values = {name: form.cleaned_data.get(name) for name in RULE_FIELDS}
    return {
        name: ("" if value is None and name in ("compare", "direction", "unit") else value)
        for name, value in values.items()
    }


def _new_rule(metric: ObjectiveMetric, form: RowForm, by: Any) -> TargetRule:
    rule = TargetRule(
        programme_id=metric.programme_id, key=f"metric/{metric.key}", position=metric.position,
        valid_from=form.programme.today(), reason=form.reason, **_rule_values(form),
    ).stamp(by)  # fmt: skip
    rule.full_clean()
    rule.save()
    return rule


def _new_version(metric: ObjectiveMetric, form: RowForm, by: Any) -> TargetRule:
    """The next version of the metric's rule; the one before stays readable, to the day."""
    before = metric.rule
    if before is None:
        return _new_rule(metric, form, by)
    # A version lasts a day at least: the next one changed on the same day begins tomorrow.
    start = max(form.programme.today(), before.valid_from + timedelta(days=1))
    TargetRule.objects.filter(pk=before.pk).update(valid_to=start, updated_by=by)
    # What the form does not ask (the rule's words in the source) goes over to the next version.
    kept = {"key": before.key, "position": before.position, "rule_text": before.rule_text}
    if form.cleaned_data.get("kind") != before.kind:
        kept["rule_text"] = ""
    rule = TargetRule(
        programme_id=metric.programme_id, valid_from=start, reason=form.reason, **kept, **_rule_values(form)
    ).stamp(by)
    rule.full_clean()
    rule.save()
    return rule


def _set_years(metric: ObjectiveMetric, form: RowForm, by: Any) -> bool:
    """Adds the years that are new and takes off those that went; True when any did."""
    wanted: list[int] = form.cleaned_data["asked_years"]
    stated = form.cleaned_data["years_stated"]
    present = {row.year: row for row in MetricYear.objects.filter(metric=metric)}
    gone = [row for year, row in present.items() if year not in wanted]
    answered = [row.year for row in gone if row.answer != MetricYear.Answer.OPEN]
    if answered:
        raise ValidationError(
            {
                "asked_years": _("%(years)s is answered already and stays.")
                % {"years": ", ".join(map(str, answered))}
            }
        )
    MetricYear.objects.filter(pk__in=[row.pk for row in gone]).delete()
    new = [year for year in wanted if year not in present]
    MetricYear.objects.bulk_create(
        [
            MetricYear(programme_id=metric.programme_id, metric=metric, year=year, year_stated=stated).stamp(
                by
            )
            for year in new
        ]
    )
    MetricYear.objects.filter(metric=metric).exclude(year_stated=stated).update(
        year_stated=stated, updated_by=by
    )
    return bool(gone or new)
