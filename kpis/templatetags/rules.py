"""Target rules on pages of any app. `{% load rules %}`"""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from kpis.models import TargetRule
from kpis.selectors import rules_of_goals
from kpis.wording import BETTER, rule_in_words

register = template.Library()


@register.filter
def in_words(rule: TargetRule | None) -> str:
    """The rule as a sentence; empty for none."""
    return rule_in_words(rule) if rule else ""


@register.filter
def better(direction: str) -> str:
    """Higher is better, lower is better; empty for neither."""
    return str(BETTER.get(direction, ""))


@register.simple_tag
def goal_rules(programme: Any) -> dict[int, TargetRule]:
    """The numeric targets of the programme's goals and sub-goals, by the goal's id. One query, one for parts."""
    return rules_of_goals(programme)


@register.simple_tag
def all_groups() -> str:
    return _("all age groups must meet the rule")
