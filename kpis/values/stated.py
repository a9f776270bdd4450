"""Targets that a programme states without an indicator, followed by one when somebody says so (docs/adr/0074).

The 360-degree measurements are such: what is followed is how many of the supervisors were measured, a number and
out of how many. What came out for a person has no place in the portal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import get_editable
from core.db import retrying
from core.history import own_context
from core.text import LANGUAGES
from kpis.evaluating import evaluate
from kpis.models import Indicator, SourceLink, TargetRule
from kpis.selectors import rules_of_statements
from kpis.values.entering import MANUAL
from programme.access import programme_view
from programme.models import Programme, Statement

#: What a copied rule does not take along.
_OWN_FIELDS = {
    "id",
    "statement",
    "indicator",
    "parent",
    "key",
    "version",
    "created_at",
    "updated_at",
    "created_by",
    "updated_by",
}


@dataclass(frozen=True)
class Followed:
    """A statement with numeric targets, its rules, and the indicator that follows it."""

    statement: Statement
    rules: list[TargetRule]
    indicator: Indicator | None


def key_of(statement: Statement) -> str:
    """The key of the indicator that follows the statement."""
    return f"stated-{statement.key}"[:60]


def stated_targets(programme: Programme) -> list[Followed]:
    """Every statement of the programme that has targets. Three queries."""
    rules = rules_of_statements(programme)
    rows = Statement.objects.filter(programme=programme, pk__in=rules)
    indicators = {
        row.key: row for row in Indicator.objects.filter(programme=programme, key__startswith="stated-")
    }
    return [Followed(row, rules[row.pk], indicators.get(key_of(row))) for row in rows]


@retrying
def follow_statement(*, statement: Statement, by: Any) -> Indicator:
    """The indicator that follows the statement's targets, made with copies of its rules; the one there is already."""
    rules = list(
        TargetRule.objects.filter(statement=statement, valid_to=None, parent=None).order_by("position", "pk")
    )
    with transaction.atomic(), own_context(user=getattr(by, "pk", None), reason=""):
        there = Indicator.objects.filter(programme=statement.programme_id)
        defaults = {f"name_{code}": getattr(statement, f"name_{code}") for code in LANGUAGES} | {
            "unit": next((rule.unit for rule in rules if rule.unit), ""), "better": "up", "cycle_months": 12,
            "lag_months": 2, "low": 0, "high": 100, "position": there.count() + 1, "created_by": by, "updated_by": by,
            "source_page": statement.source_page, "source_note": statement.source_note,
        }  # fmt: skip
        indicator, is_new = Indicator.objects.get_or_create(
            programme_id=statement.programme_id, key=key_of(statement), defaults=defaults
        )
        if is_new:
            for rule in rules:
                _copied(rule, indicator, by).save()
            SourceLink(
                programme_id=statement.programme_id, indicator=indicator, key=MANUAL, kind=SourceLink.Kind.MANUAL,
                position=1,
            ).stamp(by).save()  # fmt: skip
            evaluate([indicator])
        return indicator


def _copied(rule: TargetRule, indicator: Indicator, by: Any) -> TargetRule:
    said = {
        field.name: getattr(rule, field.name)
        for field in TargetRule._meta.fields
        if field.name not in _OWN_FIELDS
    }
    return TargetRule(indicator=indicator, key=f"{rule.key}/indicator"[:150], **said).stamp(by)


# --- pages --------------------------------------------------------------------------------------------------------


@require_safe
@programme_view("kpi.view")
def stated_list(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Targets that the programme states in words, and the indicator that follows each."""
    return TemplateResponse(request, "kpis/value_stated.html", {"rows": stated_targets(programme)})


@require_POST
@programme_view("kpi.edit")
def stated_follow(request: HttpRequest, programme: Programme, pk: int) -> HttpResponse:
    """Makes the indicator that follows a statement's targets."""
    statement: Statement = get_editable(
        Statement.objects.filter(programme=programme), request.user, "kpi.edit", pk=pk
    )
    if pk not in rules_of_statements(programme):
        messages.error(request, _("The text states no target."))
        return redirect("kpis:stated_list", programme.slug)
    indicator = follow_statement(statement=statement, by=request.user)
    messages.success(request, _("The target is followed. Enter the number and out of how many."))
    return redirect("kpis:value_list", programme.slug, indicator.pk)
