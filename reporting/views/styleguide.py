"""The design system shown whole, with live components in every state: in demo mode only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.charts.spec import Annotation, ChartSpec, Series
from core.colours import contrast
from core.editing.forms import LanguageGroup
from core.editing.saving import Difference
from core.fields import ColourField, DateField, EurCentsField, MonthField
from core.look import DEFAULT_ACCENT
from core.units import unit_choices

TOKENS = Path(settings.BASE_DIR, "static/css/tokens.css")
M = 100_000_000


class SampleForm(forms.Form):
    """One field of each kind."""

    name_fi = forms.CharField(label=_("Name"))
    name_sv = forms.CharField(label=_("Name"), required=False)
    name_en = forms.CharField(label=_("Name"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[("", "–"), ("planned", _("planned"))])
    target = EurCentsField(
        label=_("Savings target"), unit="meur", help_text=_("in M€, a saving with a minus")
    )
    month = MonthField(label=_("First month"), help_text=_("like 3/2024"))
    day = DateField(label=_("Day of the decision"), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea, required=False)
    accent = ColourField(label=_("Colour of the programme"))
    sure = forms.BooleanField(label=_("The controller has agreed"), required=False)

    @cached_property
    def name(self) -> LanguageGroup:
        return LanguageGroup(_("Name"), [self["name_fi"], self["name_sv"], self["name_en"]])

    @cached_property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in ("stage", "target", "month", "day", "reason", "accent", "sure")]


GOOD = {
    "name_fi": "Digitaalinen asiakasohjaus", "name_sv": "Digital klienthandledning", "stage": "planned",
    "target": "-1,2", "month": "3/2024", "accent": DEFAULT_ACCENT,
}  # fmt: skip
BAD = GOOD | {"name_fi": "", "target": "paljon", "month": "13/2024", "day": "31.2.2024", "accent": "#7fc4d3"}


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    return TemplateResponse(
        request,
        "reporting/styleguide.html",
        {
            "colours": colours(),
            "sizes": tokens_named("text-"),
            "spaces": tokens_named("s"),
            "empty_form": SampleForm(initial=GOOD, auto_id="plain_%s"),
            "form": SampleForm(BAD),
            "conflict": {
                "differences": [Difference("name", _("Name"), "Etävastaanotto", "Digivastaanotto", "Etäklinikka")]
            },
            "page": Paginator(range(240), 20).page(4),
            "units": unit_choices("meur"),
            "tabs": [(_("Figures"), "#tabs", True), (_("Months"), "#tabs", False), (_("History"), "#tabs", False)],
            "up": [(_("Measures"), "#up"), (_("Digital services"), "#up")],
            "charts": charts(),
            "stages": [(str(name), count) for name, count in STAGES],
            "spark": [3, 5, 4, 7, 9, 11],
        },
    )  # fmt: skip


STAGES = (
    (_("identified"), 14),
    (_("planned"), 45),
    (_("decided"), 22),
    (_("in delivery"), 27),
    (_("closed"), 10),
)


def tokens() -> dict[str, str]:
    """The tokens of the light scheme as tokens.css states them."""
    light = TOKENS.read_text(encoding="utf-8").split("@media", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", light))


def tokens_named(beginning: str) -> list[tuple[str, str]]:
    """Tokens whose name begins so and goes on with a digit or a size."""
    pattern = re.compile(rf"{beginning}(\d|xs|s|m|l|xl|figure|answer)$")
    return [(name, value) for name, value in tokens().items() if pattern.match(name)]


def colours() -> list[dict[str, Any]]:
    """Each colour with its contrast against the surface, in the light scheme."""
    surface = tokens()["surface"]
    return [
        {"name": name, "fill": f"var(--{name})", "value": value, "ratio": f"{contrast(value, surface):.1f}"}
        for name, value in tokens().items()
        if value.startswith("#")
    ]


def charts() -> list[ChartSpec]:
    """One chart of each kind, small."""
    months = tuple(f"2024-{month:02d}-01" for month in range(1, 13))
    falls = tuple(-M * step for step in range(1, 13))
    target = ChartSpec(
        "target",
        str(_("Effect against the target")),
        str(_("An example.")),
        (
            Series(str(_("Confirmed")), ("2025",), (-3 * M,), "confirmed", start=-15 * M, note="1/2024"),
            Series(str(_("Forecast")), ("2025",), (-39 * M,), "forecast", start=-15 * M),
            Series(str(_("Plan")), ("2025",), (-56 * M,), "plan", start=-15 * M),
        ),
        (Annotation("band", str(_("cautious target")), -17 * M, -78 * M, upto_label=str(_("full target"))),),
    )
    line = ChartSpec(
        "line",
        str(_("Run rate month by month")),
        str(_("An example.")),
        (
            Series(str(_("Confirmed")), months[:5], falls[:5], "confirmed"),
            Series(str(_("Forecast")), months[4:], falls[4:], "forecast"),
            Series(str(_("Plan")), months, tuple(round(1.3 * cents) for cents in falls), "plan"),
        ),
    )
    bridge = ChartSpec(
        "bridge",
        str(_("Where the forecast comes from")),
        str(_("An example.")),
        (
            Series(
                str(_("Forecast")),
                (str(_("In the base")), "Digi", str(_("Services")), str(_("Staff")), str(_("Forecast"))),
                (-15 * M, -9 * M, -31 * M, 10 * M, -45 * M),
                "step",
                roles=("base", "step", "step", "investment", "total"),
            ),
        ),
    )
    return [target, line, bridge]
