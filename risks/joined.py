"""Risks and obstacles in the register of decisions (programme.governance.joined)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.templatetags.ui import plain_text
from programme.governance.joined import linkable, register
from risks.models import Obstacle, Risk


def _risk_url(risk: Risk) -> str:
    return reverse("risks:risk_detail", args=[risk.programme.slug, risk.pk])


def _obstacle_url(obstacle: Obstacle) -> str:
    return reverse("risks:obstacle_detail", args=[obstacle.programme.slug, obstacle.pk])


linkable(
    "risks.Risk", title=gettext_lazy("Risks"), action="risk.view", words=plain_text, url=_risk_url,
    order=("name_fi", "pk"),
)  # fmt: skip
register(
    "risks.Obstacle", title=gettext_lazy("Obstacles"), action="risk.view", words=plain_text, url=_obstacle_url,
    related=("programme",),
)  # fmt: skip
