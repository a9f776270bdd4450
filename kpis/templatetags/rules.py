"""Target rules on pages of any app. `{% load rules %}`"""

from typing import Any

from django import template

from kpis.models import TargetRule
from kpis.selectors import rules_of_goals, rules_of_statements
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
def statement_rules(programme: Any) -> dict[int, list[TargetRule]]:
    """Rules that hang on the programme's statements, by the statement's id."""
    return rules_of_statements(programme)
