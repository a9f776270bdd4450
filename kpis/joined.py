"""Indicators and their target rules in the register of decisions (programme.governance.joined)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.periods import format_date
from core.templatetags.ui import plain_text
from kpis.models import Indicator
from programme.governance.joined import linkable, register


def _url(indicator: Indicator) -> str:
    return reverse("kpis:indicator_detail", args=[indicator.programme.slug, indicator.pk])


linkable(
    "kpis.Indicator", title=gettext_lazy("Indicators"), action="kpi.view", words=plain_text, url=_url,
    order=("name_fi", "pk"),
)  # fmt: skip
register(
    "kpis.TargetRule", title=gettext_lazy("Targets of indicators"), action="kpi.view",
    words=lambda row: f"{plain_text(row.indicator)}, {format_date(row.valid_from)}",
    url=lambda row: _url(row.indicator), related=("indicator__programme",),
)  # fmt: skip
