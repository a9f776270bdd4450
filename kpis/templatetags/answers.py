"""Answers of target rules on pages of any app. `{% load answers %}`"""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.templatetags.ui import status
from kpis.models import Evaluation
from kpis.sentences import explanation, outcome_badge
from programme.loading.rows.names import REASON

register = template.Library()


@register.filter
def explained(evaluation: Evaluation | None) -> str:
    """What an answer rests on, for a place beside its light: figures, years and source; empty for none."""
    return explanation(evaluation) if evaluation else ""


@register.simple_tag
def outcome_status(outcome: Any) -> SafeString | str:
    """Shape and word of an outcome; nothing where there is no rule, for then there is no light."""
    badge = outcome_badge(str(outcome or ""))
    return status(badge.kind, badge.word) if badge.word else ""


@register.filter
def reason_in_words(reason: str) -> str:
    """Why a version of a rule was made, as people wrote it; those of a programme file say so."""
    return _("it is in the programme document") if reason == REASON else reason
